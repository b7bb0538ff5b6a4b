//! Limits: a flood slows the flooder only, tokens have a day, and no input is too large to be refused in words.
//! Other people are other users of the machine.
//! Must never keep anybody from stopping, deciding or seeing how things stand.

use super::DEPLOY;
use crate::kit::model::Model;
use crate::kit::people::{BOB, Person, others_can_be_played};
use crate::kit::scene::{Finished, Scene, finish};
use std::process::Stdio;
use std::time::{Duration, Instant};

fn config(limits: &str) -> String {
    format!(
        "[people.\"{}\"]\nroles = [\"owner\"]\n[people.\"{}\"]\nroles = [\"owner\"]\n[limits]\n{limits}\n",
        Person::Me.key(),
        BOB.key()
    )
}

fn codes(finished: &Finished) -> Vec<String> {
    finished.events().iter().filter_map(|event| event["code"].as_str().map(str::to_owned)).collect()
}

#[test]
fn who_asks_too_often_waits_and_nobody_else_and_can_still_stop_and_decide() {
    let scene = Scene::with_config(
        &(config("person_per_minute = 4")
            + "[environments.local]\nmode = \"gitops\"\n\
        [environments.local.approval]\napprovers = [\"owner\"]\nself_approval = true\n"),
    );
    let change = scene.propose(DEPLOY);
    for _ in 0..3 {
        scene.run(&["changes"]).ended(0);
    }
    let refused = scene.run(&["--json", "changes"]);
    assert_eq!(codes(&refused), ["CM-5020"], "{}", refused.words());
    scene.run(&["--lang", "zh", "components"]).says(&["CM-5020"]);
    // What stops, decides or says how things stand is not refused.
    for _ in 0..6 {
        scene.run(&["status"]).ended(0);
    }
    scene.run(&["approve", &change]).ended(0);
    scene.run(&["stop"]).ended(0);
    scene.run(&["resume"]).ended(0);
    if others_can_be_played() {
        scene.run_as(BOB, &["changes"]).ended(0);
    }
}

#[test]
fn a_flood_from_twenty_sessions_slows_the_flooder_only() {
    if !others_can_be_played() {
        return;
    }
    let scene = Scene::with_config(&config(""));
    let begun = Instant::now();
    scene.run_as(BOB, &["changes"]).ended(0);
    let usual = begun.elapsed();
    let lines = "list components\n".repeat(200);
    let floods: Vec<_> = (0..20)
        .map(|_| {
            let mut command = scene.program(&["--json", "chat"]);
            let lines = lines.clone();
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
            std::thread::spawn(move || finish(&mut command, lines.as_bytes()))
        })
        .collect();
    let mut slowest = Duration::ZERO;
    for _ in 0..5 {
        let begun = Instant::now();
        scene.run_as(BOB, &["changes"]).ended(0);
        slowest = slowest.max(begun.elapsed());
    }
    // Twenty processes share this machine's processors with Bob's; the store and its locks must not add to that.
    assert!(slowest < usual * 40 + Duration::from_secs(10), "{slowest:?} instead of {usual:?}");
    let (mut served, mut refused) = (0, 0);
    for flood in floods {
        let events = flood.join().unwrap().events();
        refused += events.iter().filter(|event| event["code"] == "CM-5020").count();
        served += events.iter().filter(|event| event["kind"] == "answer").count();
    }
    assert_eq!(served + refused, 20 * 200);
    // A minute may pass in between, and another one.
    assert!((60..=600).contains(&served), "{served}");
}

#[test]
fn as_many_changes_of_one_person_wait_as_the_limit_says() {
    let scene = Scene::with_config(&config("waiting_per_person = 2"));
    let first = scene.propose(DEPLOY);
    scene.propose("deploy image nginx:1.27 as pay in shop");
    let third = scene.run(&["--json", "ask", "deploy image nginx:1.27 as web in shop"]);
    assert_eq!(codes(&third), ["CM-5022"], "{}", third.words());
    scene.run(&["cancel", &first]).ended(0);
    scene.propose("deploy image nginx:1.27 as web in shop");
}

#[test]
fn whose_tokens_are_spent_is_answered_by_the_planner_inside_and_told_so() {
    // It breaks its answers off: they cost, and the planner inside answers.
    let mut scene = Scene::new();
    let Some(model) = Model::odd(&scene) else { return };
    model.serve(&mut scene, "/cut/v1", &config("tokens_per_day = 100"));
    scene.run(&["ask", DEPLOY]).ended(4).says(&["peer"]);
    let spent = |scene: &Scene| scene.sql("select coalesce(sum(tokens), 0) from tokens_spent").unwrap()[0][0].clone();
    assert_ne!(spent(&scene), "0", "an answer that broke off was begun");
    let before = spent(&scene);
    let told = scene.run(&["ask", "deploy image nginx:1.27 as pay in shop"]).ended(4);
    let words = told.says(&["CM-5021", "shop/pay"]).words();
    assert!(!words.contains("CM-8011"), "the model is not asked any more: {words}");
    scene.run(&["--lang", "zh", "ask", "deploy image nginx:1.27 as web in shop"]).says(&["CM-5021"]);
    assert_eq!(spent(&scene), before);
    if others_can_be_played() {
        let other = scene.run_as(BOB, &["ask", "list components"]).words();
        assert!(!other.contains("CM-5021"), "{other}");
    }
}

#[test]
fn an_input_that_is_too_large_is_refused_in_words_and_nothing_is_lost() {
    let scene = Scene::new();
    let change = scene.propose(DEPLOY);
    let begun = Instant::now();
    // A sentence.
    let long = "deploy ".repeat(4000);
    let refused = finish(&mut scene.program(&["--json", "chat"]), (long.clone() + "\nlist components\n").as_bytes());
    assert!(refused.words().contains("CM-"), "{}", refused.words());
    assert!(refused.events().iter().any(|event| event["kind"] == "answer"), "the next line is served");
    // A reason.
    let reason = format!("reject {change} {}", "because ".repeat(4000));
    finish(&mut scene.program(&["--json", "chat"]), (reason + "\n").as_bytes());
    assert_eq!(scene.state(&change), "awaiting_approval", "half a reason is no reason");
    scene.run(&["stop", "--reason", &"x".repeat(100_000)]).ended(0);
    let kept = scene.sql("select max(length(bytes)) from ledger where bytes like '%\"halted\"%'").unwrap();
    assert!(kept[0][0].parse::<usize>().unwrap() < 4000, "{kept:?}");
    scene.run(&["resume"]).ended(0);
    // Names and values.
    let name = "a".repeat(64);
    for words in
        [format!("deploy image nginx:1.27 as {name} in shop"), format!("components {name}"), format!("show chg-{name}")]
    {
        let refused = scene.run(&["--json", "ask", &words]);
        assert!(!refused.words().contains("\"state\":\"awaiting_approval\""), "{words}: {}", refused.words());
    }
    let value = format!("deploy image {} as pay in shop", "n".repeat(5000));
    assert_ne!(scene.run(&["ask", &value]).code, Some(4));
    // HCL.
    let folder = scene.path("big");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("main.tf"), format!("locals {{\n  a = \"{}\"\n}}\n", "x".repeat(5 << 20))).unwrap();
    let refused = scene.run(&["--json", "plan", folder.to_str().unwrap()]);
    assert_ne!(refused.code, Some(4), "{}", refused.words());
    assert!(refused.words().contains("CM-"), "{}", refused.words());
    // CONVENTIONS.md is cut, and a template's YAML is bounded where it is rendered: see docs/limits.md.
    // A token file.
    let token = scene.path("token");
    std::fs::write(&token, "t".repeat(1 << 20)).unwrap();
    scene.permit(&token, 0o600);
    scene.run(&["--approver-token-file", token.to_str().unwrap(), "changes"]).says(&["CM-5019"]);
    // A configuration.
    scene.write_config(&format!("# {}\n", "x".repeat(2 << 20)));
    let refused = scene.run(&["changes"]);
    assert_ne!(refused.code, Some(0));
    assert!(refused.words().contains("CM-2001"), "{}", refused.words());
    assert!(begun.elapsed() < Duration::from_secs(240), "{:?}", begun.elapsed());
    scene.write_config("[chat]\n");
    assert_eq!(scene.state(&change), "awaiting_approval", "nothing is lost");
}
