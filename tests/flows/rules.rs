//! Rules of approval as people meet them: by kind of plan, by the rule itself, with people named, and voided by edits.
//! Other people are other users of the machine; one of them reads Chinese.
//! Must never take a rule for a person, nor a row written by hand for a rule.

use super::DEPLOY;
use crate::kit::people::{BOB, CAROL, Person, others_can_be_played};
use crate::kit::scene::{Scene, change_of};
use crate::kit::world::Repository;

/// Who asks, and two who approve; small changes approve themselves, and others need two.
fn config(rules: &str) -> String {
    let mut text = String::new();
    for (person, name, role) in [(Person::Me, "Ada", "dev"), (BOB, "Bob", "ops"), (CAROL, "卡萝", "ops")] {
        text += &format!("[people.\"{}\"]\nname = \"{name}\"\nroles = [\"{role}\"]\n", person.key());
    }
    text + "[environments.local]\nmode = \"gitops\"\n[environments.local.approval]\napprovers = [\"ops\"]\n" + rules
}

const SMALL: &str = "[[environments.local.approval.rules]]\nname = \"small\"\napprove = \"rule\"\nrisk = [\"low\"]\n\
                     at_most_deletes = 0\n";

#[test]
fn a_rule_approves_a_small_change_and_is_named_everywhere() {
    let scene = Scene::with_config(&config(SMALL));
    let asked = scene.run(&["--json", "ask", DEPLOY]).ended(0);
    let change = change_of(&asked.events());
    assert_eq!(scene.state(&change), "succeeded");
    let card = scene.card(&change);
    assert_eq!((card["approved_by_rule"].as_bool(), card["rule"]["name"].as_str()), (Some(true), Some("small")));
    assert_eq!(card["decisions"].as_array().map(Vec::len), Some(0));
    let follows = |sentence: &str, language: &str, wanted: &str| {
        let words = scene.run(&["ask", sentence, "--lang", language]).ended(0).words();
        let said =
            words.lines().any(|line| line.contains(wanted) && line.contains("small") && line.contains("config.toml:"));
        assert!(said, "whoever follows is told which rule approved, when it does:\n{words}");
    };
    follows("deploy image nginx:1.27 as desk in shop", "en", "· approved by rule");
    follows("deploy image nginx:1.27 as lamp in shop", "zh", "· 已由规则批准");
    scene.run(&["show", &change]).says(&["Approved by rule small, config.toml:"]);
    scene.run(&["show", &change, "--lang", "zh"]).says(&["由规则批准：small，config.toml:"]);
    scene.run(&["audit", "show", &change]).says(&["rule:local/small@"]);
    let log = Repository::at(&scene.repository()).git(&["log", "--all", "--format=%B"]);
    assert!(log.contains("Approved-by: rule:small@"), "{log}");
    scene.ledger_verifies();
}

#[test]
fn what_a_rule_is_not_for_waits_for_people_who_are_named() {
    let strict =
        "[[environments.local.approval.rules]]\nname = \"shop\"\ncomponents = [\"local/shop/*\"]\nneeded = 2\n";
    let scene = Scene::with_config(&config(&format!("{strict}{SMALL}")));
    let change = scene.propose(DEPLOY);
    let shown = scene.run(&["show", &change]);
    shown.says(&["2 different people", "shop, config.toml:", "2 approvals are missing", "Bob", "卡萝"]);
    scene.run(&["show", &change, "--lang", "zh"]).says(&["还差 2 个批准", "Bob，卡萝"]);
    scene.run(&["approve", &change]).ended(3);
    if !others_can_be_played() {
        return;
    }
    scene.run_as(BOB, &["approve", &change]).ended(4);
    let half = scene.run(&["show", &change]);
    half.says(&["1 approval is missing; it can come from 卡萝."]);
    scene.run_as(CAROL, &["approve", &change, "--lang", "zh"]).ended(0);
    assert_eq!(scene.state(&change), "succeeded");
}

/// Creates, edits and deletes under a rule that asks two people for what meets the condition.
fn two_for_deletes(condition: &str) {
    if !others_can_be_played() {
        return;
    }
    let strict = format!("[[environments.local.approval.rules]]\nname = \"careful\"\n{condition}\nneeded = 2\n");
    let scene = Scene::with_config(&config(&strict));
    let create = scene.propose(DEPLOY);
    scene.run_as(BOB, &["approve", &create]).ended(0);
    assert_eq!(scene.state(&create), "succeeded", "{condition}: creating takes one");
    let edit = scene.propose("scale cart in shop to 3 replicas");
    assert_eq!(scene.card(&edit)["rule"]["name"].as_str(), None, "{condition}");
    scene.run_as(CAROL, &["approve", &edit]).ended(0);
    assert_eq!(scene.state(&edit), "succeeded", "{condition}: editing takes one");
    let delete = scene.propose("delete cart in shop");
    let card = scene.card(&delete);
    assert_eq!((card["rule"]["name"].as_str(), card["risk"].as_str()), (Some("careful"), Some("severe")));
    scene.run(&["show", &delete]).says(&["2 different people", "careful, config.toml:", "2 approvals are missing"]);
    let before = Repository::at(&scene.repository()).files();
    for once_or_twice in [4, 3] {
        let pressed = scene.run_as(BOB, &["approve", &delete, "--confirm", "cart"]);
        assert_eq!(pressed.code, Some(once_or_twice), "{condition}: {}", pressed.words());
        assert_eq!(scene.state(&delete), "awaiting_approval", "{condition}: one of two is not enough");
    }
    assert_eq!(Repository::at(&scene.repository()).files(), before);
    scene.run_as(CAROL, &["approve", &delete, "--confirm", "cart"]).ended(0);
    assert_eq!(scene.state(&delete), "succeeded");
    let files = Repository::at(&scene.repository()).files();
    assert!(!files.iter().any(|file| file.starts_with("shop/cart/")), "{files:?}");
    scene.ledger_verifies();
}

#[test]
fn a_rule_for_deletes_takes_two_people_where_an_edit_takes_one() {
    two_for_deletes("at_least_deletes = 1");
}

#[test]
fn a_rule_for_severe_risk_takes_two_people_where_an_edit_takes_one() {
    two_for_deletes("risk = [\"severe\"]");
}

#[test]
fn who_may_approve_is_answered_by_the_very_guard() {
    let grants = "[[grants]]\nroles = [\"dev\", \"ops\"]\nmay = [\"ask\", \"propose\"]\n";
    let narrow = "[[grants]]\nroles = [\"ops\"]\nmay = [\"approve\"]\ncomponents = [\"local/shop/*\"]\n";
    let scene = Scene::with_config(&(config("") + grants + narrow));
    scene.chat(&[DEPLOY, "who may approve this?"]).ended(0).says(&["Bob", "卡萝", "ops"]);
    scene.chat(&["deploy image nginx:1.27 as cart in elsewhere", "who may approve this?"]).ended(0).says(&["Nobody"]);
}

#[test]
fn a_rule_that_changes_after_an_approval_voids_it_and_the_card_says_what_changed() {
    if !others_can_be_played() {
        return;
    }
    let scene = Scene::with_config(&config("needed = 2\n"));
    let change = scene.propose(DEPLOY);
    scene.run_as(BOB, &["approve", &change]).ended(4);
    scene.write_config(&config("needed = 2\nexpires_after = \"2h\"\n"));
    scene.run_as(CAROL, &["approve", &change]).says(&["CM-6001", "expires_after: 86400s → 7200s"]);
    assert_eq!(scene.state(&change), "superseded");
    assert_eq!(Repository::at(&scene.repository()).commits_of(&change), 0);
    let next = scene.sql("select id from changes order by number desc limit 1").unwrap()[0][0].clone();
    crate::kit::wait_for("the fresh plan", || (scene.state(&next) == "awaiting_approval").then_some(()));
    scene.run(&["show", &next]).says(&["the rule of approval (expires_after)", "86400s", "7200s"]);
    scene.run(&["show", &next, "--lang", "zh"]).says(&["（expires_after）"]);
}

#[test]
fn a_rule_does_not_approve_what_was_written_into_the_database() {
    let scene = Scene::with_config(&config(""));
    let change = scene.propose(DEPLOY);
    for table in ["changes", "revisions"] {
        let triggers = format!("select name from sqlite_master where type = 'trigger' and tbl_name = '{table}'");
        for row in scene.sql(&triggers).unwrap() {
            scene.sql(&format!("drop trigger \"{}\"", row[0])).unwrap();
        }
    }
    scene.write_config(&config(SMALL));
    // Unplanned again, with another image: the worker plans it under the rule that approves small changes.
    scene
        .sql("update revisions set planned = 0, body = replace(json_set(body, '$.planned', null), 'nginx:1.27', 'evil:6.66')")
        .unwrap();
    scene.sql(&format!("update changes set state = 'planning' where id = '{change}'")).unwrap();
    scene.sql("update changes set body = json_set(body, '$.state', 'planning')").ok();
    scene.sql(&format!("update wakeups set effect = 'plan', due_at = 0 where change_id = '{change}'")).unwrap();
    let mut talk = scene.talk();
    talk.say(&format!("show {change}"));
    talk.until("the card", |event| event["kind"] == "card");
    talk.say("list components");
    talk.until("an answer", |event| event["kind"] == "answer");
    talk.end();
    assert_ne!(scene.state(&change), "succeeded");
    let repository = Repository::at(&scene.repository());
    assert_eq!(repository.commits_of(&change), 0);
    assert!(!repository.git(&["log", "--all", "--patch"]).contains("evil:6.66"));
}

#[test]
fn a_rule_that_nobody_can_meet_stops_the_program_with_its_place() {
    let scene = Scene::with_config(&config("needed = 3\n"));
    let refused = scene.run(&["show", "chg-7f3k"]);
    refused.says(&["CM-2009", "local/approval", "line 12", "needs 3 people, but only 2"]);
}
