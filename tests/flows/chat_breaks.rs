//! Breaks: the connection to a platform cut, half closed, invalid, moved, late, and events out of order, while people
//! write and press.
//! Every story is played on both platforms with the platform's own kinds of breaks.
//! Must never find a word unheard that the platform kept, nor anything done twice.

use super::DEPLOY;
use crate::kit::chat::{ADA, BO, BOTH, Message, Platform, Which, connected, count};
use crate::kit::crash::{go_on, stop};
use crate::kit::scene::Scene;
use crate::kit::wait_for;
use serde_json::{Value, json};

/// What becomes of words that are said during a break.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meanwhile {
    /// The platform keeps them.
    Kept,
    /// The platform drops them: it says so beforehand, and what is said afterwards is heard.
    Dropped,
}

/// A platform's breaks: the control door's name, its options, and what becomes of words.
fn breaks(which: Which) -> Vec<(&'static str, Value, Meanwhile)> {
    let discord = |options| ("gateway", options);
    let slack = |options| ("socket", options);
    match which {
        Which::Discord => vec![
            (discord(json!({"op": "cut"})), Meanwhile::Kept),
            (discord(json!({"op": "reconnect"})), Meanwhile::Kept),
            (discord(json!({"op": "close", "code": 4000})), Meanwhile::Kept),
            (discord(json!({"op": "close", "code": 1001})), Meanwhile::Kept),
            (discord(json!({"op": "invalid", "resumable": true})), Meanwhile::Kept),
            (discord(json!({"op": "invalid", "resumable": false})), Meanwhile::Dropped),
            (discord(json!({"op": "close", "code": 4009})), Meanwhile::Dropped),
            // Half closed: it is open and nobody answers.
            (("set", json!({"no_ack": true})), Meanwhile::Kept),
        ],
        Which::Slack => vec![
            (slack(json!({"cut": true})), Meanwhile::Kept),
            (slack(json!({"reason": "warning", "close": true})), Meanwhile::Kept),
            (slack(json!({"reason": "refresh_requested"})), Meanwhile::Kept),
            (slack(json!({"close": true})), Meanwhile::Kept),
            // Half closed: longer than Slack tries, so that only what is said afterwards is heard.
            (slack(json!({"deaf": true})), Meanwhile::Dropped),
        ],
    }
    .into_iter()
    .map(|((name, options), meanwhile)| (name, options, meanwhile))
    .collect()
}

/// Breaks the connection; returns when words that are said now are heard.
fn disturbed(chat: &Platform, (name, options, meanwhile): &(&'static str, Value, Meanwhile)) {
    let before = chat.beginnings();
    chat.control(name, options);
    if *meanwhile == Meanwhile::Dropped {
        wait_for("a new connection", || (chat.beginnings() > before).then_some(()));
        chat.is_heard();
    }
}

/// Somebody presses until it is heard: Slack sends words again, but tells whoever presses a button that nobody listens.
fn presses(scene: &Scene, chat: &Platform, card: &Message, decisions: usize) {
    chat.press(BO, card, "approve");
    let mut asked = 0;
    wait_for("the decision", || {
        asked += 1;
        if chat.which == Which::Slack && asked % 50 == 0 {
            chat.is_heard();
            chat.press(BO, card, "approve");
        }
        (count(scene, "decisions") == decisions).then_some(())
    });
}

#[test]
fn whatever_breaks_while_people_write_and_press_each_is_heard_once() {
    for which in BOTH {
        let Some((scene, chat, served)) = connected(which) else { return };
        let all = breaks(which);
        for (number, broken) in all.iter().enumerate() {
            disturbed(&chat, broken);
            let thread = chat.mentions(ADA, &format!("deploy image nginx:1.27 as cart{number} in shop"));
            let card = chat.waits(&thread, &[&format!("cart{number}")]);
            chat.control("set", &json!({"no_ack": false}));
            disturbed(&chat, broken);
            presses(&scene, &chat, &card, number + 1);
            chat.card(&thread, &card.change(), "done and checked");
            chat.control("set", &json!({"no_ack": false}));
            assert_eq!(chat.cards_of(&card.change()).len(), 1, "{which:?} {broken:?}");
            assert_eq!(count(&scene, "changes"), number + 1, "{which:?} {broken:?}");
            assert_eq!(count(&scene, "decisions"), number + 1, "{which:?} {broken:?}");
        }
        chat.has_no_complaints();
        assert!(served.ends().success());
        scene.ledger_verifies();
    }
}

#[test]
fn a_process_that_was_slow_to_acknowledge_does_once_what_comes_again() {
    for which in BOTH {
        let Some((scene, chat, served)) = connected(which) else { return };
        let thread = chat.mentions(ADA, DEPLOY);
        let card = chat.waits(&thread, &["cart"]);
        // So long that Slack sends again, and Discord takes no answer any more.
        stop(served.id());
        let late = chat.mentions(ADA, "deploy image nginx:1.27 as basket in shop");
        chat.press(BO, &card, "approve");
        std::thread::sleep(std::time::Duration::from_millis(4_500));
        go_on(served.id());
        chat.card(&thread, &card.change(), "done and checked");
        let basket = chat.waits(&late, &["basket"]);
        assert_eq!((count(&scene, "changes"), count(&scene, "decisions")), (2, 1), "{which:?}");
        assert_eq!(chat.cards_of(&basket.change()).len(), 1, "{which:?}");
    }
}

#[test]
fn events_that_come_again_or_late_or_in_another_order_change_nothing_twice() {
    for which in BOTH {
        let Some((scene, chat, _served)) = connected(which) else { return };
        let thread = chat.mentions_with(ADA, DEPLOY, &json!({"copies": 3}));
        let card = chat.waits(&thread, &["cart"]);
        let change = card.change();
        chat.press_with(BO, &card, "approve", &json!({"copies": 3}));
        chat.card(&thread, &change, "done and checked");
        chat.says_again(&thread, ADA, &format!("<@bot> {DEPLOY}"));
        // What is said after it shows that it was heard, and passed over.
        chat.goes_on(ADA, &thread, &format!("cancel {change}"));
        chat.shows(&thread, &["CM-5"]);
        assert_eq!((count(&scene, "changes"), count(&scene, "decisions"), count(&scene, "runs")), (1, 1, 1));
        // The later of two words may come first: each is served as it came, and none is lost.
        let one = chat.mentions(ADA, "deploy image nginx:1.27 as alpha in shop");
        let two = chat.mentions(ADA, "deploy image nginx:1.27 as beta in shop");
        chat.waits(&two, &["beta"]);
        chat.waits(&one, &["alpha"]);
        assert_eq!(count(&scene, "changes"), 3);
        chat.has_no_complaints();
    }
}

#[test]
fn what_no_platform_says_is_passed_over() {
    for which in BOTH {
        let Some((scene, chat, served)) = connected(which) else { return };
        let long = "a".repeat(3_000_000);
        let frames = match which {
            Which::Discord => ["gateway", "gateway", "gateway", "event", "event", "event"],
            Which::Slack => ["frame", "frame", "frame", "event", "event", "event"],
        };
        let raw = |text: &str| match which {
            Which::Discord => json!({"op": "raw", "text": text}),
            Which::Slack => json!({"text": text}),
        };
        let event = |kind: &str, inside: Value| match which {
            Which::Discord => json!({"t": kind, "d": inside}),
            Which::Slack => json!({"event": inside}),
        };
        let all = [
            raw("no JSON at all {{{"),
            raw("{\"op\": 4711, \"type\": 9, \"d\": [null], \"envelope_id\": 7}"),
            raw("[]"),
            event("MESSAGE_CREATE", json!({"type": "app_mention", "text": long, "content": long})),
            event("INTERACTION_CREATE", json!({"type": "message", "channel": 17, "ts": {}, "user": null})),
            event("NOBODY_KNOWS_THIS", json!({"type": "nobody_knows_this", "user": "U0ADA"})),
        ];
        for (door, options) in frames.into_iter().zip(&all) {
            chat.control(door, options);
        }
        // A platform that spoke nonsense may be asked anew.
        chat.is_heard();
        let thread = wait_for("it to listen again", || {
            let thread = chat.mentions(ADA, "deploy image nginx:1.27 as cart in shop");
            let heard = || (count(&scene, "inbox") > 0).then_some(());
            (0..40).find_map(|_| heard().or_else(pause)).map(|()| thread)
        });
        chat.waits(&thread, &["cart"]);
        assert!(count(&scene, "changes") >= 1);
        assert!(!served.log().contains("panicked"), "{}", served.log());
    }
}

fn pause() -> Option<()> {
    std::thread::sleep(std::time::Duration::from_millis(50));
    None
}
