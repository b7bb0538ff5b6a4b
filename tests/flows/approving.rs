//! Approving: what an approval is about, and what it never is.
//! One person and the embedded default, unless a flow says otherwise.
//! Must never approve by words that are no command.

use super::DEPLOY;
use crate::kit::scene::Scene;
use crate::kit::world::Repository;

#[test]
fn kind_words_are_no_decision() {
    let scene = Scene::new();
    let change = scene.propose(DEPLOY);
    scene.chat(&["yes, looks good, go ahead", "approved ✅", "LGTM", "好的，可以"]);
    assert_eq!(scene.state(&change), "awaiting_approval");
}

#[test]
fn an_approval_of_a_card_that_was_edited_since_is_refused() {
    let scene = Scene::new();
    let mut bob = scene.talk();
    bob.say(DEPLOY);
    let card = bob.until_state("awaiting_approval");
    let change = card["change"].as_str().unwrap().to_owned();
    // Somewhere else the same change gets its second revision.
    scene.run(&["edit", &change, "make it 3 replicas"]).ended(4);
    bob.say(&format!("approve {change}"));
    let refused = bob.until("the refusal", |event| event["kind"] == "refusal");
    assert_eq!(refused["code"], "CM-5004");
    assert_eq!(scene.state(&change), "awaiting_approval");
    assert_eq!(scene.card(&change)["decisions"].as_array().map(Vec::len), Some(0));
}

#[test]
fn the_same_approval_many_times_at_once_is_one_decision_and_one_effect() {
    let scene = Scene::new();
    let change = scene.propose(DEPLOY);
    std::thread::scope(|threads| {
        for _ in 0..8 {
            threads.spawn(|| scene.run(&["approve", &change]));
        }
    });
    assert_eq!(scene.state(&change), "succeeded");
    assert_eq!(scene.card(&change)["decisions"].as_array().map(Vec::len), Some(1));
    assert_eq!(Repository::at(&scene.repository()).commits_of(&change), 1);
    scene.ledger_verifies();
}

#[test]
fn approvals_and_a_rejection_at_once_leave_one_legal_history() {
    let scene = Scene::new();
    let change = scene.propose(DEPLOY);
    std::thread::scope(|threads| {
        for number in 0..9 {
            let verdict = if number == 4 { "reject" } else { "approve" };
            let change = change.as_str();
            let scene = &scene;
            threads.spawn(move || scene.run(&[verdict, change]));
        }
    });
    let (state, commits) = (scene.state(&change), Repository::at(&scene.repository()).commits_of(&change));
    assert!(matches!((state.as_str(), commits), ("succeeded", 1) | ("rejected", 0)), "{state} with {commits} commits");
    scene.ledger_verifies();
}

#[test]
fn a_rejected_change_has_no_effect_and_keeps_the_reason() {
    let scene = Scene::new();
    let change = scene.propose(DEPLOY);
    scene.run(&["reject", &change, "not", "on", "a", "Friday"]);
    assert_eq!(scene.state(&change), "rejected");
    assert!(scene.card(&change).to_string().contains("not on a Friday"));
    assert_eq!(scene.run(&["approve", &change, "--json"]).events().last().unwrap()["code"], "CM-5005");
    assert_eq!(Repository::at(&scene.repository()).commits_of(&change), 0);
}

#[test]
fn a_cancelled_change_has_no_effect() {
    let scene = Scene::new();
    let change = scene.propose(DEPLOY);
    scene.run(&["cancel", &change]).ended(0);
    assert_eq!(scene.state(&change), "cancelled");
    assert_eq!(Repository::at(&scene.repository()).commits_of(&change), 0);
}

#[test]
fn everything_that_runs_is_on_the_card_before_the_decision() {
    let scene = Scene::new();
    let change = scene.propose(DEPLOY);
    let card = scene.card(&change);
    let shown: Vec<_> = card["files"].as_array().unwrap().clone();
    scene.run(&["approve", &change]).ended(0);
    let repository = Repository::at(&scene.repository());
    for file in &shown {
        let name = file["name"].as_str().unwrap();
        assert_eq!(repository.file(&format!("shop/cart/{name}")).trim_end(), file["text"].as_str().unwrap().trim_end());
    }
    let committed = repository.files().iter().filter(|name| name.starts_with("shop/cart/")).count();
    assert_eq!(committed, shown.len());
}

#[test]
fn values_that_nobody_said_are_listed_with_their_origin() {
    let scene = Scene::new();
    let card = scene.card(&scene.propose(DEPLOY));
    let assumptions = card["assumptions"].as_array().unwrap();
    let of = |name: &str| assumptions.iter().find(|assumption| assumption["name"] == name);
    assert_eq!(of("environment").unwrap()["value"], "local");
    assert_eq!(of("replicas").unwrap()["origin"]["from"], "default");
    assert!(of("image").is_none(), "what was said is no assumption");
}
