//! Attacks on the record (P52, P53, P58 to P60): by hand in the database, the notes and the repository.
//! Uses the store's own file; a verifier that shares no code with us is the witness.
//! Must never find a second effect, an effect without a quorum, or a break that is not named.

use super::rig::{DEPLOY, effects, ledger, mine, settled, unguard};
use crate::kit::people::{BOB, Person, rule};
use crate::kit::scene::{Finished, Scene, finish};
use crate::kit::world::Repository;
use rstest::rstest;
use std::path::Path;
use std::process::Command;

/// The files of the database, to be brought back after each attack.
fn files_of(scene: &Scene) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    let folder = std::fs::read_dir(scene.data()).unwrap().map(|entry| entry.unwrap().path());
    let ours = folder.filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with("chopmark.db"));
    ours.map(|path| (path.clone(), std::fs::read(&path).unwrap())).collect()
}

fn bring_back(scene: &Scene, files: &[(std::path::PathBuf, Vec<u8>)]) {
    for ending in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(scene.data().join(format!("chopmark.db{ending}")));
    }
    for (path, bytes) in files {
        std::fs::write(path, bytes).unwrap();
    }
}

#[test]
fn p52_every_break_of_the_chain_is_named_by_entry_and_kind() {
    let scene = Scene::new();
    scene.carry_out(DEPLOY);
    let whole = files_of(&scene);
    let swap = "update ledger set sequence = -1 where sequence = 4; update ledger set sequence = 4 where sequence = 5; \
        update ledger set sequence = 5 where sequence = -1";
    let copy = "insert into ledger (sequence, bytes, previous, hash) select 8, bytes, previous, hash from ledger where sequence = 4; \
        update ledger_head set sequence = 8, hash = (select hash from ledger where sequence = 4)";
    let breaks = [
        (
            "a byte",
            "update ledger set bytes = substr(bytes, 1, 30) || char(unicode(substr(bytes, 31, 1)) + 1) || substr(bytes, 32) where sequence = 4",
            4,
        ),
        ("a hash", "update ledger set hash = replace(hash, substr(hash, 1, 4), '0000') where sequence = 4", 4),
        ("one is gone", "delete from ledger where sequence = 4", 4),
        ("two are swapped", swap, 4),
        ("a copy", copy, 8),
    ];
    let mut said = Vec::new();
    for (what, statements, entry) in breaks {
        bring_back(&scene, &whole);
        for table in ["ledger", "ledger_head"] {
            unguard(&scene, table);
        }
        for statement in statements.split("; ") {
            scene.sql(statement).unwrap_or_else(|error| panic!("{what}: {error}"));
        }
        let finished = scene.run(&["--json", "audit", "verify"]);
        assert_ne!(finished.code, Some(0), "{what}: {}", finished.words());
        let event = finished.events().pop().unwrap();
        let facts = if event["facts"].is_object() { event["facts"].clone() } else { event["problem"]["facts"].clone() };
        assert!(event.to_string().contains(&entry.to_string()), "{what}: {event}");
        said.push(facts["reason"].to_string());
    }
    said.dedup();
    assert_eq!(said.len(), 4, "a byte or a hash, a gap, an order, a copy: {said:?}");
}

#[test]
fn p53_a_shorter_ledger_is_found_by_the_checkpoint_and_nothing_starts_on_it() {
    let scene = Scene::new();
    let change = scene.carry_out(DEPLOY);
    let waiting = scene.propose("scale cart to 3");
    let entries = ledger(&scene).len();
    for table in ["ledger", "ledger_head"] {
        unguard(&scene, table);
    }
    let kept = entries - 5;
    scene.sql(&format!("delete from ledger where sequence > {kept}")).unwrap();
    scene
        .sql(&format!(
            "update ledger_head set sequence = {kept}, hash = (select hash from ledger where sequence = {kept})"
        ))
        .unwrap();
    let finished = scene.run(&["audit", "verify"]);
    assert_ne!(finished.code, Some(0), "{}", finished.words());
    assert!(finished.words().contains(&(kept + 1).to_string()), "{}", finished.words());
    let before = effects(&scene, "local");
    let refused = scene.run(&["--json", "approve", &waiting]);
    assert_ne!(refused.code, Some(0), "nothing starts on a shorter ledger: {}", refused.words());
    assert_eq!(effects(&scene, "local"), before);
    // Without the checkpoint it holds together, and says that this is all it says.
    let note = scene.data().join("ledger.checkpoint");
    let signed = std::fs::read_to_string(&note).unwrap();
    std::fs::remove_file(&note).unwrap();
    let alone = scene.run(&["audit", "verify"]);
    assert_ne!(alone.words(), scene.run(&["audit", "show", &change]).words());
    let with = alone.ended(0).words();
    // A note that somebody else signed, or that says less, is none.
    for forged in [
        signed.replacen(&entries.to_string(), &kept.to_string(), 1),
        signed.replace("chopmark", "elsewhere"),
        "x".to_owned(),
    ] {
        std::fs::write(&note, forged).unwrap();
        assert_ne!(scene.run(&["audit", "verify"]).code, Some(0));
    }
    assert!(!with.contains("checkpoint") || with.contains("no checkpoint") || with.contains("without"), "{with}");
}

fn verifier(export: &Path) -> Finished {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/verify_ledger.py");
    finish(Command::new("python3").arg(script).arg(export), b"")
}

#[test]
fn p58_a_thousand_entries_verify_without_us_and_one_byte_is_named() {
    let scene = Scene::with_config(&mine());
    scene.carry_out(DEPLOY);
    // Entries as docs/ledger.md describes them, so many that nobody types them.
    let script = "import sqlite3, sys, json, hashlib\n\
        c = sqlite3.connect(sys.argv[1], timeout=20)\n\
        n, previous = c.execute('select sequence, hash from ledger_head').fetchone()\n\
        for i in range(n + 1, n + 1001):\n\
        \x20   e = {'version': 1, 'sequence': i, 'at': 1, 'kind': 'alarm', 'actor': {'id': 'worker', 'kind': 'system'}, 'change': None, 'digest': None, 'payload': {}}\n\
        \x20   text = json.dumps(e, sort_keys=True, separators=(',', ':'))\n\
        \x20   h = hashlib.sha256()\n\
        \x20   for field in (b'chopmark/ledger/v1', previous.encode(), text.encode()): h.update(len(field).to_bytes(8, 'little') + field)\n\
        \x20   c.execute('insert into ledger (sequence, bytes, previous, hash) values (?, ?, ?, ?)', (i, text, previous, h.hexdigest()))\n\
        \x20   previous = h.hexdigest()\n\
        c.commit()";
    let done = Command::new("python3").args(["-c", script]).arg(scene.database()).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    scene.ledger_verifies();
    let export = scene.path("export.jsonl");
    scene.run(&["audit", "export", "--output", export.to_str().unwrap()]).ended(0);
    let text = std::fs::read_to_string(&export).unwrap();
    let count = text.lines().count();
    assert!(count > 1000, "{count}");
    verifier(&export).ended(0).says(&[&count.to_string()]);
    for entry in [1, 500, count] {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines[entry - 1] = lines[entry - 1].replacen("\\\"version\\\":1", "\\\"version\\\":2", 1);
        std::fs::write(&export, lines.join("\n") + "\n").unwrap();
        let broken = verifier(&export);
        assert_ne!(broken.code, Some(0));
        assert!(broken.words().contains(&format!("entry {entry} ")), "{}", broken.words());
    }
}

#[test]
fn p59_a_manifest_with_aliases_is_refused_wherever_it_comes_from() {
    let scene = Scene::new();
    let first = scene.carry_out(DEPLOY);
    let repository = Repository::at(&scene.repository());
    let text = repository.file("shop/cart/deployment.yaml");
    let evil = text.replacen("metadata:", "metadata: &a", 1) + "\nstatus: *a\n";
    std::fs::write(scene.repository().join("shop/cart/deployment.yaml"), evil).unwrap();
    repository.git(&["commit", "--quiet", "--all", "--message=Aliases"]);
    let edit = scene.run(&["--json", "ask", "scale cart to 3"]);
    if edit.code == Some(4) {
        // Rendered anew from the template: nothing of theirs is left in what would be applied.
        let card = scene.card(&crate::kit::scene::change_of(&edit.events()));
        assert!(!card["files"].to_string().contains("*a"), "{card}");
    }
    let change = scene.sql("select id from changes where state = 'awaiting_approval'").unwrap();
    for row in &change {
        scene.run(&["approve", &row[0]]);
    }
    // Undo brings versions back; never one with aliases.
    let last =
        scene.sql("select id from changes where state = 'succeeded' order by number desc").unwrap()[0][0].clone();
    if last != first {
        let finished = scene.run(&["--json", "undo", &last]);
        if finished.code == Some(4) {
            let change = crate::kit::scene::change_of(&finished.events());
            scene.run(&["approve", &change]);
            assert!(!repository.file("shop/cart/deployment.yaml").contains("*a"), "aliases were brought back");
        }
    }
}

#[test]
fn p59_a_plan_made_by_another_template_does_not_start() {
    let scene = Scene::with_config(&mine());
    let change = scene.propose(DEPLOY);
    let before = effects(&scene, "local");
    unguard(&scene, "revisions");
    let body = scene.sql("select body from revisions").unwrap()[0][0].clone();
    assert!(body.contains("\"template\""), "the plan names its template: {body}");
    scene.sql("update revisions set body = replace(body, 'web-service', 'static-site')").unwrap();
    scene.run(&["approve", &change]);
    assert_ne!(settled(&scene, &change), "succeeded");
    assert_eq!(effects(&scene, "local"), before);
}

/// Ways to make the database say that a change is approved.
#[rstest]
#[case::the_state(&["changes"], &["update changes set state = 'approved'"])]
#[case::claimed(&["changes"], &["update changes set state = 'claimed'"])]
#[case::a_decision_for_another(&["changes", "decisions"], &[
    "insert into decisions (change_id, revision, person, verdict, digest, decided_at, body) \
     select c.id, 1, d.person, d.verdict, d.digest, d.decided_at, replace(d.body, d.change_id, c.id) from decisions d, changes c \
     where c.state = 'awaiting_approval'",
    "update changes set state = 'approved' where state = 'awaiting_approval'",
])]
#[case::a_rejection_turned_round(&["changes", "decisions"], &[
    "update decisions set verdict = 'approve', body = replace(body, 'reject', 'approve')",
    "update changes set state = 'approved' where state = 'awaiting_approval'",
])]
fn p60_what_the_database_says_is_no_quorum(#[case] tables: &[&str], #[case] statements: &[&str]) {
    // Two are needed, so that one real decision of mine may be there to copy.
    let scene = Scene::with_config(&rule(&[Person::Me, BOB], 2, true, "1h"));
    let other = scene.propose("deploy image nginx:1.27 as basket in shop");
    scene.run(&["approve", &other]).ended(4);
    scene.run(&["cancel", &other]);
    let change = scene.propose(DEPLOY);
    let before = effects(&scene, "local");
    for table in tables {
        unguard(&scene, table);
    }
    for statement in statements {
        let statement = if statement.contains("where") {
            (*statement).to_owned()
        } else {
            format!("{statement} where {} = '{change}'", if statement.contains("decisions") { "'x'" } else { "id" })
        };
        scene.sql(&statement).unwrap();
    }
    scene.sql(&format!("insert into wakeups (change_id, effect, due_at) values ('{change}', 'start', 0)")).unwrap();
    let state = settled(&scene, &change);
    assert_eq!((state.as_str(), effects(&scene, "local")), ("awaiting_approval", before));
    assert!(
        ledger(&scene).iter().any(|entry| entry["kind"] == "alarm" && entry["change"] == change.as_str()),
        "an alarm is raised"
    );
    scene.ledger_verifies();
}
