//! Waiting: reminders, an end that says so, planning again, and questions that cancel nothing.
//! One or two people at terminals of their own.
//! Must never take a question for a decision.

use super::DEPLOY;
use crate::kit::people::{BOB, Person, others_can_be_played, rule};
use crate::kit::scene::Scene;
use crate::kit::talk::Talk;
use crate::kit::wait_for;

#[test]
fn questions_about_a_change_do_not_cancel_it() {
    let scene = Scene::with_config(&rule(&[Person::Me], 1, true, "1h"));
    let change = scene.propose(DEPLOY);
    let revision = scene.card(&change)["revision"].clone();
    scene.chat(&["why is it moderate?", "what would it change?", "who may approve this?", "explain this change"]);
    scene.chat(&["为什么需要批准？", "谁可以批准？", "status", "details", "show"]);
    let card = scene.card(&change);
    assert_eq!((card["state"].as_str(), &card["revision"]), (Some("awaiting_approval"), &revision));
    scene.run(&["approve", &change]).ended(0);
}

#[test]
fn what_expired_says_so_and_is_planned_again_when_asked() {
    let scene = Scene::with_config(&rule(&[Person::Me], 1, true, "2s"));
    let mut talk = scene.talk();
    talk.say(DEPLOY);
    let change = talk.until_state("awaiting_approval")["change"].as_str().unwrap().to_owned();
    let ended = talk.until("the expiry", |event| event["kind"] == "result");
    assert_eq!((ended["state"].as_str(), ended["problem"]["code"].as_str()), (Some("expired"), Some("CM-5003")));
    assert!(ended["problem"]["next"].as_str().unwrap().contains(&format!("plan again {change}")), "{ended}");
    assert!(scene.run(&["show", &change, "--lang", "zh"]).words().contains(&format!("重新计划 {change}")));
    scene.write_config(&rule(&[Person::Me], 1, true, "1h"));
    talk.say("plan again");
    let next = talk.until_state("awaiting_approval");
    assert_eq!(next["replaces"], change.as_str());
    talk.say("approve");
    talk.until("the end", |event| event["kind"] == "result" && event["state"] == "succeeded");
    assert_eq!(scene.state(&change), "expired");
    let again = scene.run(&["plan-again", next["change"].as_str().unwrap(), "--json"]);
    assert_eq!(again.events().last().unwrap()["code"], "CM-5005");
}

#[test]
fn who_may_approve_is_reminded_at_their_own_terminal() {
    if !others_can_be_played() {
        return;
    }
    let text = rule(&[Person::Me, BOB], 1, false, "1h") + "remind_after = \"1s\"\n";
    let scene = Scene::with_config(&text);
    let mut bob = Talk::start(scene.program_as(BOB, &["--json", "--lang", "zh", "chat"]));
    bob.say("帮助");
    bob.until("an answer", |event| event["kind"] == "answer");
    let change = scene.propose(DEPLOY);
    let told = bob.until("the reminder", |event| event["kind"] == "notice" && event["change"] == change.as_str());
    assert!(told["text"].as_str().unwrap().contains("仍在等待决定"), "{told}");
    bob.say(&format!("批准 {change}"));
    wait_for("the end", || (scene.state(&change) == "succeeded").then_some(()));
}
