//! People: who may decide, how many must, and until when.
//! Other people are other users of the machine.
//! Must never count a person twice, or anybody under an empty rule.

use super::DEPLOY;
use crate::kit::people::{BOB, CAROL, MALLORY, Person, others_can_be_played, rule};
use crate::kit::scene::{Finished, Scene};
use crate::kit::world::Repository;

/// The code of the last event.
fn code(finished: &Finished) -> String {
    let events = finished.events();
    let last = events.iter().rev().find_map(|event| event["code"].as_str());
    last.unwrap_or_else(|| panic!("no code in {}", finished.words())).to_owned()
}

#[test]
fn whoever_asked_may_not_approve_where_that_is_forbidden() {
    let scene = Scene::with_config(&rule(&[Person::Me, BOB], 1, false, "1h"));
    let change = scene.propose(DEPLOY);
    let refused = scene.run(&["approve", &change, "--json"]);
    assert_eq!((refused.code, code(&refused).as_str()), (Some(3), "CM-5002"));
    assert_eq!(scene.state(&change), "awaiting_approval");
    if others_can_be_played() {
        scene.run_as(BOB, &["approve", &change]).ended(0);
        assert_eq!(scene.state(&change), "succeeded");
    }
    scene.ledger_verifies();
}

#[test]
fn whoever_has_no_role_may_not_decide_and_the_ledger_says_who_tried() {
    if !others_can_be_played() {
        return;
    }
    let scene = Scene::with_config(&rule(&[Person::Me], 1, true, "1h"));
    let change = scene.propose(DEPLOY);
    for verdict in ["approve", "reject"] {
        let refused = scene.run_as(MALLORY, &[verdict, &change, "--json"]);
        assert_eq!((refused.code, code(&refused).as_str()), (Some(3), "CM-5010"));
    }
    assert_eq!(scene.state(&change), "awaiting_approval");
    let refusals = scene.sql("select count(*) from ledger where bytes like '%access_refused%4303%'").unwrap();
    assert_eq!(refusals[0][0], "2");
}

#[test]
fn two_people_are_two_people() {
    if !others_can_be_played() {
        return;
    }
    let scene = Scene::with_config(&rule(&[BOB, CAROL], 2, false, "1h"));
    let change = scene.propose(DEPLOY);
    scene.run_as(BOB, &["approve", &change]).ended(4);
    let again = scene.run_as(BOB, &["approve", &change, "--json"]);
    assert_eq!(code(&again), "CM-5008");
    assert_eq!(scene.state(&change), "awaiting_approval");
    scene.run_as(CAROL, &["approve", &change]).ended(0);
    assert_eq!(scene.state(&change), "succeeded");
}

#[test]
fn without_a_rule_nobody_can_approve() {
    let scene = Scene::with_config("[environments.local]\nmode = \"gitops\"\n");
    let change = scene.propose(DEPLOY);
    let refused = scene.run(&["approve", &change, "--json"]);
    assert_eq!(code(&refused), "CM-5001");
    assert_eq!(Repository::at(&scene.repository()).commits_of(&change), 0);
}

#[test]
fn an_approval_after_the_expiry_comes_too_late() {
    let scene = Scene::with_config(&rule(&[Person::Me], 1, true, "1s"));
    let change = scene.propose(DEPLOY);
    let expires = scene.card(&change)["expires_at"].as_i64().unwrap();
    crate::kit::wait_for("the expiry", || {
        let touched = std::fs::File::create(scene.path("now")).unwrap().metadata().unwrap().modified().unwrap();
        let now = touched.duration_since(std::time::UNIX_EPOCH).unwrap().as_millis();
        (i64::try_from(now).unwrap() > expires).then_some(())
    });
    let late = scene.run(&["approve", &change, "--json"]);
    assert!(["CM-5003", "CM-5005"].contains(&code(&late).as_str()), "{}", late.stdout);
    assert_eq!(Repository::at(&scene.repository()).commits_of(&change), 0);
}

#[test]
fn a_rule_that_is_tightened_after_the_plan_is_not_passed_by() {
    let scene = Scene::with_config(&rule(&[Person::Me], 1, true, "1h"));
    let change = scene.propose(DEPLOY);
    scene.write_config(&rule(&[Person::Me, BOB], 1, false, "1h"));
    let refused = scene.run(&["approve", &change]);
    assert_ne!(refused.code, Some(0), "{}", refused.words());
    assert_eq!(Repository::at(&scene.repository()).commits_of(&change), 0);
}

#[test]
fn while_the_configuration_does_not_parse_nobody_decides() {
    let scene = Scene::with_config(&rule(&[Person::Me], 1, true, "1h"));
    let change = scene.propose(DEPLOY);
    let mut talk = scene.talk();
    talk.say(&format!("show {change}"));
    talk.until_state("awaiting_approval");
    scene.write_config("[environments.local\nmode = ");
    talk.say(&format!("approve {change}"));
    let refused = talk.until("a code", |event| event["code"].is_string());
    assert_eq!(refused["code"], "CM-2001");
    assert_eq!(Repository::at(&scene.repository()).commits_of(&change), 0);
}

#[test]
fn who_may_approve_is_said_when_asked() {
    let scene = Scene::with_config(&rule(&[Person::Me, BOB], 1, false, "1h"));
    scene.chat(&[DEPLOY, "who may approve this?"]).ended(0).says(&["keeper"]);
}
