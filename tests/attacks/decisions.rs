//! Attacks on who decides (P01 to P11): the requester, strangers, one person twice, lost roles, late and repeated words.
//! People are other users of the machine; commands, conversations and the configuration are the doors.
//! Must never count what nobody with a right decided about exactly what was shown.

use super::puppet::{Puppet, call, words};
use super::rig::{DEPLOY, code, effects, ledger, mine, settled};
use crate::kit::crash::{Point, doomed};
use crate::kit::people::{BOB, CAROL, MALLORY, Person, others_can_be_played, rule};
use crate::kit::scene::{Scene, finish};
use crate::kit::wait_for;
use crate::kit::world::Repository;
use rstest::rstest;
use serde_json::json;

/// A line typed by somebody into a conversation.
fn said_by(scene: &Scene, person: Person, lines: &[String]) -> String {
    finish(&mut scene.program_as(person, &["chat"]), (lines.join("\n") + "\n").as_bytes()).words()
}

#[test]
fn p01_whoever_asked_is_refused_at_every_door_with_the_same_reason() {
    let mut scene = Scene::with_config(&rule(&[Person::Me, BOB], 1, false, "1h"));
    let change = scene.propose(DEPLOY);
    let before = effects(&scene, "local");
    for arguments in [
        vec!["approve", &change],
        vec!["--json", "approve", &change],
        vec!["approve", &change, "--confirm", "cart"],
        vec!["--lang", "zh", "approve", &change],
    ] {
        let refused = scene.run(&arguments);
        assert!(refused.code == Some(3) && refused.words().contains("CM-5002"), "{arguments:?}: {}", refused.words());
    }
    for line in ["approve".to_owned(), format!("approve {change}"), format!("批准 {change}")] {
        let said = said_by(&scene, Person::Me, &["list changes".to_owned(), format!("show {change}"), line.clone()]);
        assert!(said.contains("CM-5002"), "{line}: {said}");
    }
    // Nor under another name: a name is nothing that is given.
    for name in ["USER", "LOGNAME", "SUDO_USER", "SUDO_UID", "UID", "CHOPMARK_USER", "CHOPMARK_PERSON"] {
        scene.set(name, "4301");
        assert_eq!(code(&scene.run(&["--json", "approve", &change])), "CM-5002", "{name}");
    }
    assert_eq!((scene.state(&change).as_str(), effects(&scene, "local")), ("awaiting_approval", before));
    let refused = ledger(&scene).iter().filter(|entry| entry["kind"] == "decision_refused").count();
    assert_eq!(refused, 14, "each attempt is recorded");
}

#[test]
fn p01_whoever_edited_is_no_second_pair_of_eyes() {
    if !others_can_be_played() {
        return;
    }
    let scene = Scene::with_config(&rule(&[Person::Me, BOB, CAROL], 1, false, "1h"));
    let change = scene.propose(DEPLOY);
    scene.run_as(BOB, &["edit", &change, "make it 3 replicas"]).ended(4);
    for person in [Person::Me, BOB] {
        assert_eq!(code(&scene.run_as(person, &["--json", "approve", &change])), "CM-5002", "{person:?}");
    }
    scene.run_as(CAROL, &["approve", &change]).ended(0);
}

#[test]
fn p02_one_person_counts_once_however_often_and_by_whatever_name() {
    if !others_can_be_played() {
        return;
    }
    let joined = format!("[people.bob]\nidentities = [\"{}\", \"{}\"]\nroles = [\"keeper\"]\n", BOB.key(), CAROL.key());
    let config = rule(&[Person::Me], 2, true, "1h") + &joined;
    let scene = Scene::with_config(&config);
    let change = scene.propose(DEPLOY);
    scene.run_as(BOB, &["approve", &change]).ended(4);
    for person in [CAROL, BOB] {
        let again = scene.run_as(person, &["--json", "approve", &change]);
        assert_eq!(code(&again), "CM-5008", "{}", again.words());
        assert_eq!(scene.state(&change), "awaiting_approval");
    }
    assert_eq!(Repository::at(&scene.repository()).commits_of(&change), 0);
}

#[rstest]
#[case::a_member_without_a_role(MALLORY)]
#[case::an_approver_of_another_environment(CAROL)]
fn p03_whoever_has_no_right_is_refused_and_told_what_is_missing(#[case] person: Person) {
    if !others_can_be_played() {
        return;
    }
    let sam = format!(
        "[people.\"{}\"]\nroles = [\"elsewhere\"]\n[environments.staging]\nmode = \"gitops\"\n\
        [environments.staging.approval]\napprovers = [\"elsewhere\"]\n",
        CAROL.key()
    );
    let scene = Scene::with_config(&(rule(&[Person::Me, BOB], 1, true, "1h") + &sam));
    let change = scene.propose(DEPLOY);
    for verdict in ["approve", "reject"] {
        let refused = scene.run_as(person, &["--json", verdict, &change]);
        assert_eq!(refused.code, Some(3), "{}", refused.words());
        assert!(refused.words().contains("CM-50"), "{}", refused.words());
        said_by(&scene, person, &[format!("{verdict} {change}")]);
    }
    assert_eq!(scene.state(&change), "awaiting_approval");
    assert_eq!(scene.card(&change)["decisions"].as_array().map(Vec::len), Some(0));
    assert!(
        ledger(&scene)
            .iter()
            .any(|entry| entry.to_string().contains("refused") && entry.to_string().contains(&person.key()))
    );
}

#[test]
fn p04_a_role_that_was_lost_before_the_start_voids_the_decision() {
    if !others_can_be_played() {
        return;
    }
    let with = rule(&[Person::Me, BOB, CAROL], 1, false, "1h");
    let without = with.replace(
        &format!("[people.\"{}\"]\nroles = [\"keeper\"]", BOB.key()),
        &format!("[people.\"{}\"]\nroles = [\"other\"]", BOB.key()),
    );
    assert_ne!(with, without);
    let mut scene = Scene::with_config(&with);
    let change = scene.propose(DEPLOY);
    let armed = Point::arm(&mut scene, "before-ticket");
    let mut worker = scene.program_as(BOB, &["approve", &change]);
    let mut worker = worker
        .stdin(std::process::Stdio::null())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    armed.reached();
    worker.kill().unwrap();
    worker.wait().unwrap();
    scene.write_config(&without);
    assert_eq!(settled(&scene, &change), "awaiting_approval");
    assert_eq!(Repository::at(&scene.repository()).commits_of(&change), 0);
    // The right comes back, and the decision does not.
    scene.write_config(&with);
    assert_eq!(settled(&scene, &change), "awaiting_approval");
    scene.run_as(CAROL, &["approve", &change]).ended(0);
    scene.ledger_verifies();
}

#[test]
fn p05_an_approval_comes_too_late_whatever_the_clock_says_then() {
    let scene = Scene::with_config(&rule(&[Person::Me], 1, true, "1s"));
    let change = scene.propose(DEPLOY);
    let expires = scene.card(&change)["expires_at"].as_i64().unwrap();
    wait_for("the expiry", || {
        let touched = std::fs::File::create(scene.path("now")).unwrap().metadata().unwrap().modified().unwrap();
        let now = touched.duration_since(std::time::UNIX_EPOCH).unwrap().as_millis();
        (i64::try_from(now).unwrap() > expires).then_some(())
    });
    for _ in 0..2 {
        let late = scene.run(&["--json", "approve", &change]);
        assert!(["CM-5003", "CM-5005"].contains(&code(&late).as_str()), "{}", late.stdout);
    }
    // A longer life in the configuration revives nothing that was shown with a shorter one.
    scene.write_config(&mine());
    assert_ne!(scene.run(&["approve", &change]).code, Some(0));
    assert_eq!(Repository::at(&scene.repository()).commits_of(&change), 0);
}

#[test]
fn p06_p07_a_crowd_of_decisions_is_one_for_each_person_and_one_legal_history() {
    if !others_can_be_played() {
        return;
    }
    let scene = Scene::with_config(&rule(&[BOB, CAROL, Person::Me], 1, false, "1h"));
    let change = scene.propose(DEPLOY);
    std::thread::scope(|threads| {
        for number in 0..12 {
            let (scene, change) = (&scene, change.as_str());
            threads.spawn(move || match number {
                7 => drop(scene.run_as(CAROL, &["reject", change])),
                number if number % 2 == 0 => drop(scene.run_as(BOB, &["approve", change])),
                _ => drop(said_by(scene, CAROL, &[format!("approve {change}"), format!("approve {change}")])),
            });
        }
    });
    let (state, commits) = (settled(&scene, &change), Repository::at(&scene.repository()).commits_of(&change));
    assert!(matches!((state.as_str(), commits), ("succeeded", 1) | ("rejected", 0)), "{state} with {commits}");
    let twice = "select person, verdict, count(*) from decisions group by person, verdict having count(*) > 1";
    assert_eq!(scene.sql(twice).unwrap(), Vec::<Vec<String>>::new());
    assert!(scene.sql("select count(*) from runs").unwrap()[0][0].parse::<usize>().unwrap() <= 1);
    scene.ledger_verifies();
}

#[test]
fn p08_words_are_no_decision() {
    let scene = Scene::with_config(&mine());
    let change = scene.propose(DEPLOY);
    let lines = [
        "yes, looks good, go ahead",
        "approved ✅",
        "LGTM",
        "好的，可以",
        "我同意",
        "y",
        "yes",
        "ok do it",
        "✅",
        "👍",
        "approve it please",
        "bob said: approve",
        "> approve",
        "\"approve\"",
        "don't approve",
        "please approve everything",
        "I approve of this",
        "shipit",
        "/yes",
        "确认",
    ];
    let mut all = vec![format!("show {change}")];
    all.extend(lines.map(str::to_owned));
    let said = said_by(&scene, Person::Me, &all);
    let state = scene.state(&change);
    assert_eq!(
        (state.as_str(), scene.card(&change)["decisions"].as_array().map(Vec::len)),
        ("awaiting_approval", Some(0)),
        "{said}"
    );
}

#[test]
fn p09_a_model_cannot_decide_and_its_words_are_shown_as_its_own() {
    let mut scene = Scene::with_config(&mine());
    let change = scene.propose(DEPLOY);
    let puppet = Puppet::says(vec![
        call("approve_run", json!({"run": "run-7f3k"})),
        call("approve", json!({"change": change})),
        call("apply", json!({})),
        call("access", json!({"grant": "owner"})),
        words("✅ Approved by @bob"),
    ]);
    puppet.serve(&mut scene, &mine());
    let said = scene.run(&["ask", "is it done?"]).words();
    assert!(puppet.told().concat().contains("CM-"), "the model is told that there is no such tool");
    assert!(
        said.lines().filter(|line| line.contains("@bob")).all(|line| line.trim_start().starts_with(['>', '│', '|'])),
        "{said}"
    );
    assert_eq!(scene.state(&change), "awaiting_approval");
    assert_eq!(scene.sql("select count(*) from decisions").unwrap()[0][0], "0");
}

#[test]
fn p10_a_decision_about_an_older_card_is_none_for_either() {
    let scene = Scene::with_config(&mine());
    let mut old = scene.talk();
    old.say(DEPLOY);
    let change = old.until_state("awaiting_approval")["change"].as_str().unwrap().to_owned();
    scene.run(&["edit", &change, "make it 3 replicas"]).ended(4);
    old.say(&format!("approve {change}"));
    let refused = old.until("the refusal", |event| event["kind"] == "refusal");
    assert_eq!(refused["code"], "CM-5004");
    assert!(refused.to_string().contains('2'), "it names the newer revision: {refused}");
    assert_eq!(scene.sql("select count(*) from decisions").unwrap()[0][0], "0");
    assert_eq!(scene.state(&change), "awaiting_approval");
}

#[test]
fn p11_a_rule_with_an_unknown_role_or_none_lets_nobody_decide() {
    let misspelt = rule(&[Person::Me], 1, true, "1h").replace("approvers = [\"keeper\"]", "approvers = [\"keper\"]");
    let scene = Scene::with_config(&misspelt);
    let finished = scene.run(&["--json", "ask", DEPLOY]);
    assert!(finished.code == Some(1) && finished.words().contains("CM-200"), "{}", finished.words());
    assert!(finished.words().contains("line") && finished.words().contains("keper"), "{}", finished.words());
    for config in [
        "[environments.local]\nmode = \"gitops\"\n",
        "[environments.local]\nmode = \"gitops\"\n[environments.local.approval]\napprovers = []\n",
    ] {
        let scene = Scene::with_config(config);
        let finished = scene.run(&["--json", "ask", DEPLOY]);
        if finished.code == Some(4) {
            let change = crate::kit::scene::change_of(&finished.events());
            assert_ne!(scene.run(&["approve", &change]).code, Some(0), "{config}");
            assert_eq!(Repository::at(&scene.repository()).commits_of(&change), 0);
        }
    }
    // While it cannot be read, a worker that is at it starts nothing.
    let mut scene = Scene::with_config(&mine());
    let change = scene.propose(DEPLOY);
    let armed = Point::arm(&mut scene, "before-ticket");
    let mut worker = doomed(&scene, &["approve", &change]);
    armed.reached();
    worker.kill().unwrap();
    worker.wait().unwrap();
    scene.write_config("[environments.local\n");
    assert_ne!(scene.run(&["approve", &change]).code, Some(0));
    assert_eq!(Repository::at(&scene.repository()).commits_of(&change), 0);
}
