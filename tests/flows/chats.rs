//! Chats: the same conversation on Discord and on Slack, with the real program between platforms that others described.
//! Each story is told once and played on both.
//! Must never look behind what people see there, but for the ledger and git.

use super::DEPLOY;
use crate::kit::chat::{ADA, BO, BOTH, MALLORY, Platform, Served, Which, connected, rules};
use crate::kit::model::Thinking;
use crate::kit::scene::Scene;
use serde_json::json;

/// How a card says that everything went well.
const DONE: &str = "done and checked";

#[test]
fn a_change_is_asked_for_approved_and_done_in_a_thread() {
    for which in BOTH {
        let Some((scene, chat, served)) = connected(which) else { return };
        let thread = chat.mentions(ADA, DEPLOY);
        let card = chat.waits(&thread, &["cart"]);
        let change = card.change();
        chat.press(ADA, &card, "approve");
        chat.whispers_of(&["CM-5001"]);
        assert_eq!(scene.state(&change), "awaiting_approval");
        chat.press(MALLORY, &card, "approve");
        chat.whispers_of(&["CM-5010"]);
        chat.press(BO, &card, "approve");
        chat.card(&thread, &change, DONE);
        assert_eq!(scene.state(&change), "succeeded");
        chat.goes_on(ADA, &thread, "undo");
        let undo = chat.waits(&thread, &["Return", "SEVERE"]);
        assert_ne!(undo.change(), change);
        chat.has_no_complaints();
        assert!(served.ends().success());
        scene.ledger_verifies();
    }
}

#[test]
fn severe_risk_asks_for_the_name_and_a_reason_goes_with_a_rejection() {
    for which in BOTH {
        let Some((scene, chat, _served)) = connected(which) else { return };
        let thread = chat.mentions(ADA, DEPLOY);
        let card = chat.waits(&thread, &["cart"]);
        let change = card.change();
        chat.press(BO, &card, "approve");
        chat.card(&thread, &change, DONE);
        chat.goes_on(ADA, &thread, "delete cart in shop");
        let card = chat.waits(&thread, &["Delete", "SEVERE"]);
        let change = card.change();
        chat.press(BO, &card, "approve");
        chat.fills(BO, &card, "approve", &[("name", "shop")]);
        chat.whispers_of(&["CM-5006"]);
        assert_eq!(scene.state(&change), "awaiting_approval");
        chat.press(BO, &card, "reject");
        chat.fills(BO, &card, "reject", &[("why", "the shop is still open")]);
        chat.card(&thread, &change, "rejected");
        chat.shows(&thread, &["the shop is still open"]);
        chat.has_no_complaints();
    }
}

#[test]
fn one_event_that_comes_three_times_makes_one_change_and_one_decision() {
    for which in BOTH {
        let Some((scene, chat, _served)) = connected(which) else { return };
        let thread = chat.mentions_with(ADA, DEPLOY, &json!({"copies": 3}));
        let card = chat.waits(&thread, &["cart"]);
        let change = card.change();
        chat.press_with(BO, &card, "approve", &json!({"copies": 3}));
        chat.card(&thread, &change, DONE);
        assert_eq!(scene.sql("select count(*) from changes").unwrap()[0][0], "1");
        assert_eq!(scene.sql("select count(*) from decisions").unwrap()[0][0], "1");
        chat.has_no_complaints();
    }
}

#[test]
fn what_was_asked_on_discord_is_approved_on_slack_and_every_card_shows_the_same() {
    let (Some(discord), Some(slack)) = (Platform::start(Which::Discord), Platform::start(Which::Slack)) else { return };
    let scene = Scene::with_config(&rules(&[&discord, &slack]));
    let served = Served::start(&scene, &[&discord, &slack]);
    let mut terminal = scene.talk();
    let asked = discord.mentions(ADA, DEPLOY);
    let change = discord.waits(&asked, &["cart"]).change();
    terminal.say(&format!("show {change}"));
    terminal.until_state("awaiting_approval");
    let shown = slack.mentions(BO, &format!("show {change}"));
    let card = slack.waits(&shown, &[&change]);
    slack.press(BO, &card, "approve");
    discord.card(&asked, &change, DONE);
    slack.card(&shown, &change, "已完成并通过检查");
    terminal.until("the result", |event| event["kind"] == "result" && event["state"] == "succeeded");
    terminal.end();
    discord.has_no_complaints();
    slack.has_no_complaints();
    drop(served);
    scene.ledger_verifies();
}

#[test]
fn what_is_asked_for_alone_is_told_to_whoever_may_approve_alone() {
    for which in BOTH {
        let Some((scene, chat, _served)) = connected(which) else { return };
        let place = chat.writes(ADA, DEPLOY);
        let change = chat.waits(&place, &["cart"]).change();
        // Bo never wrote to the program: it finds where the two of them are alone.
        let told = chat.told_alone(BO, &[&change]);
        chat.press(BO, &told, "show");
        let card = chat.waits(&told.spot(), &[&change]);
        chat.press(BO, &card, "approve");
        chat.card(&place, &change, DONE);
        assert_eq!(scene.state(&change), "succeeded");
        chat.has_no_complaints();
    }
}

#[test]
fn what_a_model_says_is_seen_while_it_thinks_and_stop_ends_the_thought_alone() {
    for which in BOTH {
        let Some(chat) = Platform::start(which) else { return };
        let mut scene = Scene::new();
        let model = Thinking::serve_beside(&mut scene, &rules(&[&chat]));
        let _served = Served::start(&scene, &[&chat]);
        let thread = chat.mentions(ADA, "is everything as it should be?");
        model.thinks();
        // Half a word is never shown.
        chat.shows(&thread, &["Let me"]);
        chat.goes_on(ADA, &thread, "stop");
        model.is_left();
        chat.shows(&thread, &["Stopped: nothing was proposed and nothing changed."]);
        assert!(!chat.messages().iter().any(|message| message.text.contains("CM-")), "{:#?}", chat.messages());
        chat.has_no_complaints();
    }
}
