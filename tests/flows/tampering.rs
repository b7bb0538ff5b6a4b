//! Tampering: rows written by hand count for nothing.
//! Writes into the database behind the program's back.
//! Must never lead to an effect.

use super::DEPLOY;
use crate::kit::scene::Scene;
use crate::kit::world::Repository;

/// Takes away the database's own guards of a table, as somebody with the file could.
fn unguard(scene: &Scene, table: &str) {
    let triggers = format!("select name from sqlite_master where type = 'trigger' and tbl_name = '{table}'");
    for row in scene.sql(&triggers).unwrap() {
        scene.sql(&format!("drop trigger \"{}\"", row[0])).unwrap();
    }
}

/// Starts the worker once: a conversation that says nothing of consequence.
fn let_the_worker_work(scene: &Scene, change: &str) {
    let mut talk = scene.talk();
    talk.say(&format!("show {change}"));
    talk.until("the card", |event| event["kind"] == "card");
    talk.say("list components");
    talk.until("an answer", |event| event["kind"] == "answer");
    talk.end();
}

#[test]
fn a_state_set_to_approved_by_hand_starts_nothing() {
    let scene = Scene::new();
    let change = scene.propose(DEPLOY);
    unguard(&scene, "changes");
    scene.sql(&format!("update changes set state = 'approved' where id = '{change}'")).unwrap();
    let columns = scene.sql("select group_concat(name) from pragma_table_info('wakeups')").unwrap();
    assert!(columns[0][0].contains("effect"), "{columns:?}");
    scene.sql(&format!("update wakeups set effect = 'start', due_at = 0 where change_id = '{change}'")).unwrap();
    let_the_worker_work(&scene, &change);
    assert_eq!(Repository::at(&scene.repository()).commits_of(&change), 0);
    assert_ne!(scene.state(&change), "succeeded");
}

#[test]
fn a_decision_row_written_by_hand_counts_for_nothing() {
    let scene = Scene::with_config(&crate::kit::people::rule(
        &[crate::kit::people::Person::Me, crate::kit::people::BOB],
        2,
        true,
        "1h",
    ));
    let change = scene.propose(DEPLOY);
    scene.run(&["approve", &change]).ended(4);
    unguard(&scene, "decisions");
    let columns = scene.sql("select group_concat(name) from pragma_table_info('decisions')").unwrap()[0][0].clone();
    let me = format!("terminal:{}", rustix::process::getuid().as_raw());
    // Bob's decision, copied from mine with his name: the seal is not over these bytes.
    let values: Vec<_> = columns
        .split(',')
        .map(|column| match column {
            "number" => "null".to_owned(),
            name => format!("replace({name}, '{me}', 'terminal:4301')"),
        })
        .collect();
    scene.sql(&format!("insert into decisions ({columns}) select {} from decisions", values.join(", "))).unwrap();
    let_the_worker_work(&scene, &change);
    assert_eq!(scene.state(&change), "awaiting_approval");
    assert_eq!(Repository::at(&scene.repository()).commits_of(&change), 0);
}

#[test]
fn a_draft_that_was_changed_in_the_database_is_not_applied() {
    let scene = Scene::new();
    let change = scene.propose(DEPLOY);
    unguard(&scene, "revisions");
    let columns = scene.sql("select group_concat(name) from pragma_table_info('revisions')").unwrap()[0][0].clone();
    for column in columns.split(',') {
        scene.sql(&format!("update revisions set {column} = replace({column}, 'nginx:1.27', 'evil:6.66')")).unwrap();
    }
    let finished = scene.run(&["approve", &change, "--json"]);
    assert_ne!(finished.code, Some(0), "{}", finished.words());
    let repository = Repository::at(&scene.repository());
    assert_eq!(repository.commits_of(&change), 0);
    assert!(!repository.git(&["log", "--all", "--patch"]).contains("evil:6.66"));
}

#[test]
fn the_database_refuses_to_change_or_forget_a_ledger_entry() {
    let scene = Scene::new();
    scene.carry_out(DEPLOY);
    for statement in ["update ledger set bytes = '{}' where sequence = 2", "delete from ledger where sequence = 2"] {
        let refused = scene.sql(statement);
        assert!(refused.is_err(), "{statement} was let through");
    }
    scene.ledger_verifies();
}

#[test]
fn whoever_gets_past_the_guards_is_named_by_the_entry_and_the_kind_of_break() {
    let breaks = [
        ("update ledger set bytes = replace(bytes, 'cart', 'bart') where sequence = 2", "2"),
        ("delete from ledger where sequence = 3", "3"),
    ];
    let mut said = Vec::new();
    for (statement, entry) in breaks {
        let scene = Scene::new();
        scene.carry_out(DEPLOY);
        unguard(&scene, "ledger");
        scene.sql(statement).unwrap();
        let finished = scene.run(&["audit", "verify"]);
        assert_ne!(finished.code, Some(0), "{statement}: {}", finished.words());
        assert!(finished.words().contains(entry), "{}", finished.words());
        said.push(finished.words());
    }
    assert_ne!(said[0], said[1], "each kind of break has its own words");
}
