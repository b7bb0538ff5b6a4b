//! Access: who may do what in two terminals and two languages, why, and what is lost between an approval and a start.
//! People are other users of the machine, tokens in files, and identities joined by a code.
//! Must never let a name, a flag or a variable say who somebody is.

use super::DEPLOY;
use crate::kit::crash::{Point, doomed};
use crate::kit::people::{BOB, CAROL, MALLORY, Person, others_can_be_played};
use crate::kit::scene::{Finished, Scene};
use crate::kit::wait_for;
use crate::kit::world::Repository;
use std::os::unix::fs::PermissionsExt;

/// Alice proposes, Bob and Carol decide, Olga administers; nobody else is anybody.
fn team(more: &str) -> String {
    let me = Person::Me.key();
    format!(
        "[people.alice]\nname = \"Alice\"\nidentities = [\"{me}\"]\nroles = [\"developer\"]\n\
         [people.bob]\nname = \"Bob\"\nidentities = [\"terminal:4301\"]\nroles = [\"keeper\"]\n\
         [people.carol]\nname = \"Carol\"\nidentities = [\"terminal:4302\"]\nroles = [\"keeper\", \"owner\"]\n\
         [[grants]]\nroles = [\"developer\"]\nmay = [\"ask\", \"propose\"]\ncomponents = [\"local/shop/*\"]\n\
         [[grants]]\nroles = [\"keeper\"]\nmay = [\"ask\", \"propose\", \"approve\", \"cancel\"]\n\
         [[grants]]\nroles = [\"owner\"]\nmay = [\"administer\"]\n\
         [environments.local]\nmode = \"gitops\"\n\
         [environments.local.approval]\napprovers = [\"keeper\"]\nexpires_after = \"1h\"\n{more}"
    )
}

fn code(finished: &Finished) -> String {
    let events = finished.events();
    let last = events.iter().rev().find_map(|event| event["code"].as_str());
    last.unwrap_or_else(|| panic!("no code in {}", finished.words())).to_owned()
}

#[test]
fn a_grant_is_for_these_components_and_actions_and_nothing_else() {
    if !others_can_be_played() {
        return;
    }
    let scene = Scene::with_config(&team(""));
    let change = scene.propose(DEPLOY);
    let elsewhere = scene.run(&["--json", "ask", "deploy image nginx:1.27 as cart in office"]);
    assert_eq!(code(&elsewhere), "CM-5010");
    scene.run(&["ask", "deploy image nginx:1.27 as cart in office"]).says(&["local/shop/*"]);
    scene.run(&["--lang", "zh", "approve", &change]).says(&["CM-5001", "keeper"]);
    for arguments in [&["approve", &change][..], &["cancel", &change], &["ask", DEPLOY]] {
        let refused = scene.run_as(MALLORY, &[arguments, &["--json"]].concat());
        assert_ne!(refused.code, Some(0), "{arguments:?}: {}", refused.words());
    }
    // A name in a variable or a flag makes nobody of anybody.
    let mut scene = scene;
    for name in ["USER", "LOGNAME", "CHOPMARK_USER", "CHOPMARK_PERSON", "SUDO_USER"] {
        scene.set(name, "bob");
    }
    scene.run_as(MALLORY, &["approve", &change]).ended(3);
    assert_eq!(scene.state(&change), "awaiting_approval");
    scene.run_as(BOB, &["--lang", "zh", "approve", &change]).ended(0);
    assert_eq!(scene.state(&change), "succeeded");
    scene.ledger_verifies();
}

#[test]
fn access_explain_says_yes_or_no_and_why_in_both_languages() {
    if !others_can_be_played() {
        return;
    }
    let scene = Scene::with_config(&team(""));
    let change = scene.propose(DEPLOY);
    let place = "config.toml:";
    scene.run(&["access", "explain", "me", "approve", &change]).ended(3).says(&["No: Alice", "keeper", "Bob", "Carol"]);
    scene.run(&["access", "explain", "me", "propose", "local/shop/cart"]).ended(0).says(&["Yes: Alice", place]);
    scene.run(&["access", "explain", "me", "propose", "local/office/cart"]).ended(3).says(&["local/shop/*"]);
    scene.run_as(CAROL, &["access", "explain", "bob", "approve", &change]).ended(0).says(&["Yes: Bob", place]);
    let zh = scene.run_as(CAROL, &["--lang", "zh", "access", "explain", "alice", "approve", &change]).ended(3);
    zh.says(&["不可以：Alice", "Bob", "Carol"]);
    let stranger = scene.run_as(CAROL, &["access", "explain", "terminal:4303", "ask", "local"]).ended(3);
    stranger.says(&["no role"]);
    // About others only with the right to administer; about oneself always.
    let others = scene.run_as(BOB, &["--json", "access", "explain", "carol", "approve", &change]);
    assert_eq!((others.code, code(&others).as_str()), (Some(3), "CM-5010"));
    scene.run_as(MALLORY, &["access", "explain"]).ended(0).says(&["No role"]);
    // The same as sentences.
    scene.run_as(CAROL, &["ask", &format!("may bob approve {change}?")]).ended(0).says(&["Yes: Bob"]);
    scene.run_as(CAROL, &["ask", &format!("Alice 能批准 {change} 吗？")]).ended(3).says(&["不可以：Alice"]);
    let json = scene.run(&["--json", "access", "explain", "me", "approve", &change]).events();
    let facts = &json.iter().find(|event| event["kind"] == "answer").unwrap()["facts"];
    assert_eq!((&facts["person"], &facts["answers"][0]["allowed"]), (&"person:alice".into(), &false.into()));
}

/// Approves as somebody, kills the worker before it uses the ticket, changes the configuration, and lets the next one
/// look at it.
fn lost_before_start(scene: &mut Scene, change: &str, approve: &[&str], by: Person, then: impl FnOnce(&Scene)) {
    let point = Point::arm(scene, "before-ticket");
    let mut worker = match by {
        Person::Me => doomed(scene, approve),
        other => scene
            .program_as(other, approve)
            .stdin(std::process::Stdio::null())
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap(),
    };
    point.reached();
    worker.kill().unwrap();
    wait_for("the worker's end", || worker.try_wait().unwrap());
    scene.set("CHOPMARK_CRASH_AT", "");
    then(scene);
    let talk = scene.talk();
    wait_for("the way back", || (scene.state(change) == "awaiting_approval").then_some(()));
    talk.end();
    let card = scene.card(change);
    assert_eq!(card["problem"]["code"], "CM-6006", "{card}");
    assert_eq!(card["decisions"][0]["void"], true, "kept, and marked: {card}");
    assert_eq!(Repository::at(&scene.repository()).commits_of(change), 0);
}

#[test]
fn a_role_a_grant_a_person_or_a_token_lost_before_the_start_voids_the_decision() {
    if !others_can_be_played() {
        return;
    }
    let whole = team("");
    let lost = [
        (
            "role",
            whole.replace(
                "identities = [\"terminal:4301\"]\nroles = [\"keeper\"]",
                "identities = [\"terminal:4301\"]\nroles = [\"developer\"]",
            ),
        ),
        (
            "right",
            whole
                .replace("\"approve\", \"cancel\"]\n", "\"approve\", \"cancel\"]\ncomponents = [\"local/office/*\"]\n"),
        ),
        ("identity", whole.replace("identities = [\"terminal:4301\"]\n", "")),
    ];
    for (reason, config) in lost {
        assert_ne!(config, whole, "{reason}");
        let mut scene = Scene::with_config(&whole);
        let change = scene.propose(DEPLOY);
        lost_before_start(&mut scene, &change, &["approve", &change], BOB, |scene| scene.write_config(&config));
        let card = scene.card(&change);
        assert_eq!(card["problem"]["facts"]["reason"], reason, "{card}");
        scene.run(&["show", &change]).says(&["person:bob", "void"]);
        scene.run(&["--lang", "zh", "show", &change]).says(&["person:bob", "无效"]);
        // Given back, what was voided counts only when Bob decides again.
        scene.write_config(&whole);
        assert_eq!(scene.state(&change), "awaiting_approval");
        scene.run_as(BOB, &["approve", &change]).ended(0);
        assert_eq!(scene.state(&change), "succeeded");
        scene.ledger_verifies();
    }
}

#[test]
fn a_token_is_a_person_until_it_is_over_and_only_from_a_file_of_its_owner() {
    let mut scene = Scene::with_config(&team(""));
    let change = scene.propose(DEPLOY);
    let made = scene.json(&["access", "token", "desk"]);
    let file = made[0]["file"].as_str().unwrap().to_owned();
    let line = |name: &str, expires: &str| {
        format!("[tokens.{name}]\nperson = \"bob\"\nsha256 = {}\nexpires = \"{expires}\"\n", made[0]["sha256"])
    };
    let with = ["--approver-token-file", &file, "approve", &change];
    let refused = |scene: &Scene| scene.run(&[&with[..], &["--json"]].concat());
    assert_eq!(code(&refused(&scene)), "CM-5019", "nobody has written it down");
    scene.write_config(&team(&line("desk", "2020-01-01")));
    assert_eq!(code(&refused(&scene)), "CM-5019", "it is over");
    scene.write_config(&team(&line("desk", "2999-01-01")));
    scene.permit(std::path::Path::new(&file), 0o644);
    let readable = scene.run(&with).ended(1);
    assert!(readable.words().contains("CM-5019"), "{}", readable.words());
    scene.permit(std::path::Path::new(&file), 0o600);
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let token = std::fs::read_to_string(&file).unwrap();
    // The token that is over at the start takes its decision with it.
    lost_before_start(&mut scene, &change, &with, Person::Me, |scene| {
        scene.write_config(&team(&line("desk", "2020-01-01")));
    });
    assert_eq!(scene.card(&change)["problem"]["facts"]["reason"], "identity");
    scene.write_config(&team(&line("desk", "2999-01-01")));
    scene.run(&with).ended(0);
    assert_eq!(scene.state(&change), "succeeded");
    let entries = scene.sql("select bytes from ledger where bytes like '%token:desk%'").unwrap();
    assert_eq!(entries.len(), 2, "both decisions name what they were made through");
    for table in ["select bytes from ledger", "select body from decisions"] {
        let rows = scene.sql(table).unwrap();
        assert!(!rows.iter().flatten().any(|text| text.contains(token.trim())), "a token is kept nowhere");
    }
    scene.ledger_verifies();
}

/// The code that `link` tells, where it says what to type.
fn offered(finished: &Finished) -> String {
    let words = finished.words();
    let is_code =
        |word: &&str| word.len() == 8 && word.bytes().all(|b| b"23456789abcdefghjkmnpqrstuvwxyz".contains(&b));
    let mut typed =
        words.split("link ").skip(1).filter_map(|rest| rest.split(|c: char| !c.is_ascii_alphanumeric()).next());
    typed.find(is_code).unwrap_or_else(|| panic!("no code in {words}")).to_owned()
}

#[test]
fn identities_joined_by_a_code_are_one_person_and_parted_they_are_two() {
    if !others_can_be_played() {
        return;
    }
    let config = team("").replace("approvers = [\"keeper\"]\n", "approvers = [\"keeper\"]\nneeded = 2\n");
    let scene = Scene::with_config(&config);
    let change = scene.propose(DEPLOY);
    // Mallory has no role: no code. What configuration says of Carol no code changes.
    let nobody = scene.run_as(MALLORY, &["--json", "link"]);
    assert_eq!(code(&nobody), "CM-5010");
    let spoken = offered(&scene.run_as(BOB, &["link"]).ended(0));
    let settled = scene.run_as(CAROL, &["--json", "link", &spoken]);
    assert_eq!(code(&settled), "CM-5023");
    // Another terminal of Bob's joins him with the code, once.
    scene.run_as(MALLORY, &["--lang", "zh", "link", &spoken]).ended(0).says(&["terminal:4303", "person:bob"]);
    assert_eq!(code(&scene.run_as(Person::User(4304), &["--json", "link", &spoken])), "CM-5018");
    scene.run_as(MALLORY, &["approve", &change]).ended(4);
    assert_eq!(code(&scene.run_as(BOB, &["--json", "approve", &change])), "CM-5008", "one person, one mark");
    assert_eq!(scene.state(&change), "awaiting_approval");
    // Parted, what was approved through it counts no more.
    scene.run_as(BOB, &["unlink", "terminal:4303"]).ended(0);
    scene.run_as(CAROL, &["approve", &change]).ended(4);
    assert_eq!(scene.state(&change), "awaiting_approval");
    scene.run_as(BOB, &["approve", &change]).ended(0);
    assert_eq!(scene.state(&change), "succeeded");
    // A link written by hand has no seal of ours.
    let forged = "insert into links (identity, person, body, seal) values ('terminal:4303', 'person:carol', \
                  '{\"identity\":\"terminal:4303\",\"person\":\"person:carol\",\"at\":1}', '00')";
    scene.sql(forged).unwrap();
    scene.run_as(MALLORY, &["access", "explain"]).ended(0).says(&["terminal:4303", "No role"]);
    let kept = scene.sql("select digest from link_codes").unwrap();
    assert!(!kept.iter().flatten().any(|digest| digest.contains(&spoken)));
    let entries = scene.sql("select count(*) from ledger where bytes like '%\"linked\"%'").unwrap();
    assert!(entries[0][0].parse::<u32>().unwrap() >= 4, "offered, joined, refused, parted: {entries:?}");
    scene.ledger_verifies();
}

#[test]
fn five_wrong_codes_close_every_code_for_whoever_guesses() {
    if !others_can_be_played() {
        return;
    }
    let scene = Scene::with_config(&team(""));
    let mut spoken = offered(&scene.run_as(BOB, &["link"]).ended(0));
    for _ in 0..5 {
        assert_eq!(code(&scene.run_as(MALLORY, &["--json", "link", "22222222"])), "CM-5018");
    }
    assert_eq!(code(&scene.run_as(MALLORY, &["--json", "link", &spoken])), "CM-5018");
    spoken.make_ascii_uppercase();
    scene.run_as(Person::User(4304), &["link", &format!("{}-{}", &spoken[..4], &spoken[4..])]).ended(0);
}

#[test]
fn an_identity_that_belongs_to_two_people_is_an_error_at_load() {
    let twice = "[people.bob]\nidentities = [\"terminal:4301\"]\n[people.carol]\nidentities = [\"terminal:4301\"]\n";
    let scene = Scene::with_config(twice);
    scene.run(&["changes"]).ended(1).says(&["CM-2003", "line 4", "people.bob"]);
    scene.run(&["--lang", "zh", "changes"]).ended(1).says(&["第 4 行", "people.bob"]);
    scene.write_config("[people.bob]\nroles = [\"keeper\"]\n[[grants]]\nroles = [\"keper\"]\nmay = [\"ask\"]\n");
    scene.run(&["changes"]).ended(1).says(&["CM-2007", "line 4", "keper", "keeper"]);
}
