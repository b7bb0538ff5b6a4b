//! What a platform does with what it is sent: limits, cut answers, deleted messages, closed places, revoked tokens.
//! Every story is played on both platforms.
//! Must never find a message lost or doubled, a card that stays behind, or a change that does not stand.

use super::DEPLOY;
use crate::kit::chat::{ADA, BO, BOTH, Platform, Sends, Which, connected, count};
use crate::kit::wait_for;
use serde_json::json;

/// Messages that hold a word.
fn with(chat: &Platform, word: &str) -> usize {
    chat.messages().iter().filter(|message| message.text.contains(word)).count()
}

#[test]
fn limits_are_waited_for_and_the_last_state_arrives() {
    for which in BOTH {
        let Some((scene, chat, _served)) = connected(which) else { return };
        chat.meets(Sends::Post, &json!({"status": 429, "retry_after": 1, "times": 3}));
        let thread = chat.mentions(ADA, DEPLOY);
        let card = chat.waits(&thread, &["cart"]);
        chat.meets(Sends::Edit, &json!({"status": 429, "retry_after": 1, "times": 3}));
        chat.press(BO, &card, "approve");
        chat.card(&thread, &card.change(), "done and checked");
        assert_eq!(chat.cards_of(&card.change()).len(), 1, "{which:?}");
        // A limit that is answered without saying how long, and an outage.
        chat.meets(Sends::Post, &json!({"status": 503, "times": 2}));
        chat.goes_on(ADA, &thread, "delete cart in shop");
        let card = chat.waits(&thread, &["Delete"]);
        chat.meets(Sends::Edit, &json!({"status": 502, "times": 2}));
        chat.goes_on(BO, &thread, &format!("reject {} not today", card.change()));
        chat.card(&thread, &card.change(), "rejected");
        assert_eq!(chat.cards_of(&card.change()).len(), 1, "{which:?}");
        assert_eq!(count(&scene, "changes"), 2);
        chat.has_no_complaints();
    }
}

#[test]
fn an_answer_that_is_cut_off_after_the_message_was_stored_doubles_nothing() {
    for which in BOTH {
        let Some((_scene, chat, _served)) = connected(which) else { return };
        for cut in ["after", "before"] {
            let component = format!("cart-{cut}");
            chat.meets(Sends::Post, &json!({"cut": cut, "times": 4}));
            let thread = chat.mentions(ADA, &format!("deploy image nginx:1.27 as {component} in shop"));
            let card = chat.waits(&thread, &[&component]);
            chat.meets(Sends::Edit, &json!({"cut": cut, "times": 2}));
            chat.press(BO, &card, "approve");
            chat.card(&thread, &card.change(), "done and checked");
            assert_eq!(chat.cards_of(&card.change()).len(), 1, "{which:?} {cut}");
            chat.meets(Sends::Post, &json!({"cut": cut, "times": 2}));
            chat.goes_on(ADA, &thread, &format!("changes of {component} please"));
            chat.goes_on(ADA, &thread, "explain CM-1003");
            chat.shows(&thread, &["CM-1003"]);
        }
        let mut told: Vec<_> = chat.messages().into_iter().map(|message| (message.stands(), message.text)).collect();
        // What people wrote themselves stands twice where they said it twice.
        told.retain(|(_, text)| !text.starts_with("explain") && !text.contains("please"));
        let all = told.len();
        told.sort();
        told.dedup();
        let again = told.iter().filter(|(_, text)| text.contains("CM-1003")).count();
        assert!(all - told.len() == 0 && again >= 1, "{which:?}: {told:#?}");
        chat.has_no_complaints();
    }
}

#[test]
fn answers_that_come_late_double_nothing() {
    for which in BOTH {
        let Some((scene, chat, _served)) = connected(which) else { return };
        chat.meets(Sends::Post, &json!({"delay_ms": 3500, "times": 2}));
        let thread = chat.mentions(ADA, DEPLOY);
        let card = chat.waits(&thread, &["cart"]);
        if which == Which::Discord {
            // The answer to the press itself: later than Discord takes it.
            chat.control("fault", &json!({"path": "/callback$", "delay_ms": 3200, "times": 1}));
        }
        chat.meets(Sends::Edit, &json!({"delay_ms": 3500, "times": 1}));
        chat.press(BO, &card, "approve");
        chat.card(&thread, &card.change(), "done and checked");
        assert_eq!(chat.cards_of(&card.change()).len(), 1, "{which:?}");
        assert_eq!((count(&scene, "changes"), count(&scene, "decisions")), (1, 1));
    }
}

#[test]
fn a_card_that_somebody_deleted_is_posted_anew_and_works() {
    for which in BOTH {
        let Some((scene, chat, _served)) = connected(which) else { return };
        let thread = chat.mentions(ADA, DEPLOY);
        let card = chat.waits(&thread, &["cart"]);
        let change = card.change();
        chat.deletes(&card);
        chat.goes_on(ADA, &thread, &format!("edit {change} make it 2 replicas"));
        let anew = wait_for("a card in its place", || {
            let cards = chat.cards_of(&change);
            cards.into_iter().find(|one| one.id != card.id && one.text.contains("revision 2"))
        });
        let anew = chat.waits(&thread, &[&anew.change(), "revision 2"]);
        chat.press(BO, &anew, "approve");
        chat.card(&thread, &change, "done and checked");
        assert_eq!(chat.cards_of(&change).len(), 1, "{which:?}");
        assert_eq!(scene.state(&change), "succeeded");
        chat.has_no_complaints();
    }
}

#[test]
fn where_nothing_can_be_written_any_more_the_change_stands_and_people_are_told_alone() {
    for which in BOTH {
        let Some((scene, chat, _served)) = connected(which) else { return };
        let thread = chat.mentions(ADA, DEPLOY);
        let change = chat.waits(&thread, &["cart"]).change();
        let alone = chat.writes(BO, &format!("show {change}"));
        let card = chat.waits(&alone, &[&change]);
        chat.shuts(&thread);
        chat.press(BO, &card, "approve");
        chat.card(&alone, &change, "done and checked");
        assert_eq!(scene.state(&change), "succeeded");
        let told = chat.shows(&chat.alone(ADA), &[&change]);
        assert!(told.text.contains("done and checked"), "{told:#?}");
        chat.has_no_complaints();
    }
}

#[test]
fn whoever_cannot_be_told_alone_either_is_told_where_failures_are_told() {
    for which in BOTH {
        let Some((scene, chat, served)) = connected(which) else { return };
        let other = match which {
            Which::Discord => "301",
            Which::Slack => "C0002",
        };
        let (surface, columns) = (chat.surface(), "surface, channel, kind, at");
        let subscribes =
            format!("insert into subscriptions ({columns}) values ('{surface}', '{other}', 'failures', 1)");
        scene.sql(&subscribes).unwrap();
        let thread = chat.mentions(ADA, DEPLOY);
        let change = chat.waits(&thread, &["cart"]).change();
        let alone = chat.writes(BO, &format!("show {change}"));
        let card = chat.waits(&alone, &[&change]);
        match which {
            Which::Discord => chat.control("set", &json!({"closed": ["400"]})),
            Which::Slack => {
                let refusal = json!({"method": "conversations.open", "error": "cannot_dm_bot", "times": 100});
                chat.control("fault", &refusal)
            }
        };
        chat.shuts(&thread);
        chat.press(BO, &card, "approve");
        chat.card(&alone, &change, "done and checked");
        wait_for("somebody to be told", || (with(&chat, "CM-8025") > 0).then_some(()));
        assert_eq!(scene.state(&change), "succeeded");
        assert!(!served.log().contains("panicked"));
    }
}

#[test]
fn a_revoked_token_is_said_by_the_doctor_and_the_log_and_what_was_decided_stands() {
    for which in BOTH {
        let Some((mut scene, chat, served)) = connected(which) else { return };
        let thread = chat.mentions(ADA, DEPLOY);
        let card = chat.waits(&thread, &["cart"]);
        scene.run(&["doctor"]).says(&[match which {
            Which::Discord => "Discord",
            Which::Slack => "Slack",
        }]);
        chat.press(BO, &card, "approve");
        wait_for("the decision", || (count(&scene, "decisions") > 0).then_some(()));
        chat.control("set", &json!({"revoked": true}));
        wait_for("the change to stand", || (scene.state(&card.change()) == "succeeded").then_some(()));
        let doctor = scene.run(&["doctor"]);
        assert_ne!(doctor.code, Some(0), "{}", doctor.words());
        assert!(doctor.words().contains("token"), "{}", doctor.words());
        let thread = chat.mentions(ADA, "deploy image nginx:1.27 as basket in shop");
        wait_for("the log to say so", || served.log().contains("CM-8021").then_some(()));
        drop(served);
        // With a token that works the last state arrives.
        chat.control("set", &json!({"revoked": false}));
        scene.set("TEST_WAKES", "1");
        let _served = crate::kit::chat::Served::start(&scene, &[&chat]);
        wait_for("the last state", || {
            let cards = chat.cards_of(&card.change());
            cards.into_iter().find(|card| card.text.contains("done and checked"))
        });
        drop(thread);
    }
}
