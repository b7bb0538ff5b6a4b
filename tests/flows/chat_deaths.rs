//! Deaths in a chat: the program killed between hearing and telling, and started again.
//! Every story is played on both platforms; a death is at a named point or at whatever moment it happens to be.
//! Must never find a request lost, a change or a decision doubled, or a card that stays behind.

use super::DEPLOY;
use crate::kit::chat::{ADA, BO, BOTH, MALLORY, Platform, Served, Which, connected, count, rules, rules_for, set_up};
use crate::kit::crash::Point;
use crate::kit::scene::Scene;
use crate::kit::wait_for;
use crate::kit::world::Repository;
use serde_json::json;
use std::time::Duration;

/// Every step between hearing of a request and having told what became of it.
const POINTS: [&str; 5] =
    ["chat-before-serve", "chat-before-finish", "chat-after-card", "chat-before-post", "chat-after-post"];

/// The steps between a decision and its effect, besides.
const DECIDED: [&str; 6] = [
    "chat-before-serve",
    "before-ticket",
    "after-ticket",
    "after-spawn",
    "before-outcome-stored",
    "chat-before-finish",
];

/// Nobody was told the same thing twice in a place.
#[track_caller]
fn nothing_is_doubled(chat: &Platform, change: &str) {
    let cards = chat.cards_of(change);
    assert_eq!(cards.len(), 1, "{:?}: {cards:#?}", chat.which);
    let mut told: Vec<_> = chat.messages().into_iter().map(|message| (message.stands(), message.text)).collect();
    let all = told.len();
    told.sort();
    told.dedup();
    assert_eq!(told.len(), all, "{:?}: {:#?}", chat.which, chat.messages());
}

/// Waits until the card tells how it ended. A run that began and whose end nobody saw is looked at by a person: it had no
/// effect, or one.
#[track_caller]
fn ends(scene: &Scene, chat: &Platform, change: &str) {
    let card = wait_for("the card to tell of the end", || {
        let cards = chat.cards_of(change);
        let ended = |text: &str| text.contains("done and checked") || text.contains("needs attention");
        cards.into_iter().find(|card| ended(&card.text))
    });
    let commits = Repository::at(&scene.repository()).commits_of(change);
    assert!(commits == 1 || (commits == 0 && card.text.contains("needs attention")), "{commits}: {card:#?}");
}

#[test]
fn killed_between_hearing_and_telling_it_makes_one_change_and_one_card() {
    for (which, point) in BOTH.into_iter().flat_map(|which| POINTS.map(|point| (which, point))) {
        let Some(chat) = Platform::start(which) else { return };
        let mut scene = set_up(&[&chat], &rules(&[&chat]));
        let armed = Point::arm(&mut scene, point);
        let served = Served::start(&scene, &[&chat]);
        let thread = chat.mentions(ADA, DEPLOY);
        armed.reached();
        served.dies();
        let _served = Served::start(&scene, &[&chat]);
        let card = chat.waits(&thread, &["cart"]);
        assert_eq!(count(&scene, "changes"), 1, "{which:?} {point}");
        chat.press(BO, &card, "approve");
        chat.card(&thread, &card.change(), "done and checked");
        wait_for("everything to be told", || (count(&scene, "outbox where settled_at is null") == 0).then_some(()));
        nothing_is_doubled(&chat, &card.change());
        chat.has_no_complaints();
    }
}

#[test]
fn killed_between_a_decision_and_its_effect_it_does_it_once_and_old_buttons_work() {
    for (which, point) in BOTH.into_iter().flat_map(|which| DECIDED.map(|point| (which, point))) {
        let Some((mut scene, chat, served)) = connected(which) else { return };
        let thread = chat.mentions(ADA, DEPLOY);
        let card = chat.waits(&thread, &["cart"]);
        let change = card.change();
        assert!(served.ends().success());
        let armed = Point::arm(&mut scene, point);
        let served = Served::start(&scene, &[&chat]);
        chat.press(BO, &card, "approve");
        armed.reached();
        served.dies();
        let served = Served::start(&scene, &[&chat]);
        ends(&scene, &chat, &change);
        assert_eq!(count(&scene, "decisions"), 1, "{which:?} {point}");
        assert_eq!(count(&scene, "runs"), 1, "{which:?} {point}");
        // Whoever decided is not told that it was decided already.
        assert!(served.ends().success());
        let told = chat.whispers();
        assert!(told.iter().all(|whisper| !whisper.text.contains("CM-5")), "{which:?} {point}: {told:#?}");
        nothing_is_doubled(&chat, &change);
        scene.ledger_verifies();
    }
}

#[test]
fn killed_at_any_moment_in_a_crowd_it_loses_and_doubles_nothing() {
    for which in BOTH {
        let Some((scene, chat, mut served)) = connected(which) else { return };
        let mut threads = Vec::new();
        // Moments that no two runs share: what matters is that there is none at which it may not die.
        for number in 0..8 {
            let moment = u64::from(served.id()) * (number + 7) % 900;
            threads.push(chat.mentions(ADA, &format!("deploy image nginx:1.27 as cart{number} in shop")));
            let number = usize::try_from(number).unwrap();
            wait_for("it to be heard", || (count(&scene, "inbox") > number).then_some(()));
            std::thread::sleep(Duration::from_millis(moment));
            served.dies();
            served = Served::start(&scene, &[&chat]);
        }
        let cards: Vec<_> = threads.iter().map(|thread| chat.waits(thread, &["cart"])).collect();
        assert_eq!(count(&scene, "changes"), 8, "{which:?}");
        for card in &cards {
            chat.press(BO, card, "approve");
            let decided = format!("decisions where change_id = '{}'", card.change());
            wait_for("it to be decided", || (count(&scene, &decided) > 0).then_some(()));
            served.dies();
            served = Served::start(&scene, &[&chat]);
            ends(&scene, &chat, &card.change());
        }
        assert_eq!((count(&scene, "decisions"), count(&scene, "runs")), (8, 8), "{which:?}");
        for card in &cards {
            nothing_is_doubled(&chat, &card.change());
        }
        chat.has_no_complaints();
        drop(served);
        scene.ledger_verifies();
    }
}

#[test]
fn of_two_processes_one_hears_and_the_other_takes_over_when_it_dies() {
    for which in BOTH {
        let Some((scene, chat, first)) = connected(which) else { return };
        let connections = match which {
            Which::Discord => 1,
            Which::Slack => 2,
        };
        wait_for("its connections", || (chat.connections() == connections).then_some(()));
        let second = Served::begin(&scene, &[]);
        wait_for("the second to wait for its turn", || second.log().contains("waits for its turn").then_some(()));
        let before = chat.mentions(ADA, DEPLOY);
        let card = chat.waits(&before, &["cart"]);
        assert_eq!(chat.connections(), connections, "one holds the connection: {}", second.log());
        let beginnings = chat.beginnings();
        first.dies();
        wait_for("the second to take over", || (chat.beginnings() > beginnings).then_some(()));
        wait_for("its connection", || (chat.connections() == connections).then_some(()));
        chat.press(BO, &card, "approve");
        chat.card(&before, &card.change(), "done and checked");
        let after = chat.mentions(ADA, "deploy image nginx:1.27 as basket in shop");
        chat.waits(&after, &["basket"]);
        assert_eq!((count(&scene, "changes"), count(&scene, "decisions")), (2, 1));
        nothing_is_doubled(&chat, &card.change());
        chat.has_no_complaints();
        assert!(second.ends().success());
    }
}

#[test]
fn what_was_decided_while_it_was_down_stands_on_the_card_when_it_is_back() {
    for which in BOTH {
        let Some(chat) = Platform::start(which) else { return };
        let rules = rules(&[&chat])
            .replace("[people.\"terminal:me\"]\nroles = [\"asker\"]", "[people.\"terminal:me\"]\nroles = [\"keeper\"]");
        let scene = set_up(&[&chat], &rules);
        let served = Served::start(&scene, &[&chat]);
        let thread = chat.mentions(ADA, DEPLOY);
        let card = chat.waits(&thread, &["cart"]);
        served.dies();
        scene.run(&["approve", &card.change()]).ended(0);
        let _served = Served::start(&scene, &[&chat]);
        let done = chat.card(&thread, &card.change(), "done and checked");
        assert_eq!(done.id, card.id, "the same message shows it");
        nothing_is_doubled(&chat, &card.change());
    }
}

#[test]
fn a_button_that_is_too_old_says_so_after_a_restart_too() {
    for which in BOTH {
        let Some(chat) = Platform::start(which) else { return };
        let scene = set_up(&[&chat], &rules_for(&[&chat], "expires_after = \"4s\""));
        let served = Served::start(&scene, &[&chat]);
        let thread = chat.mentions(ADA, DEPLOY);
        let card = chat.waits(&thread, &["cart"]);
        served.dies();
        let expires = scene.card(&card.change())["expires_at"].as_i64().unwrap();
        wait_until_past(&scene, expires);
        let _served = Served::start(&scene, &[&chat]);
        chat.press(BO, &card, "approve");
        let told = chat.whispers_of(&["CM-5"]);
        assert!(told.text.contains("CM-5003") || told.text.contains("CM-5005"), "{told:#?}");
        // A stranger learns no more than that they may not.
        chat.press(MALLORY, &card, "approve");
        chat.card(&thread, &card.change(), "expired");
        assert_eq!(count(&scene, "decisions"), 0);
        assert_eq!(Repository::at(&scene.repository()).commits_of(&card.change()), 0);
    }
}

/// Waits until the machine's clock is past a moment.
fn wait_until_past(scene: &Scene, moment: i64) {
    wait_for("the expiry", || {
        let touched = std::fs::File::create(scene.path("now")).unwrap().metadata().unwrap().modified().unwrap();
        let now = touched.duration_since(std::time::UNIX_EPOCH).unwrap().as_millis();
        (i64::try_from(now).unwrap() > moment).then_some(())
    });
}

#[test]
fn several_presses_at_once_and_again_are_one_decision() {
    for which in BOTH {
        let Some((scene, chat, _served)) = connected(which) else { return };
        let thread = chat.mentions(ADA, DEPLOY);
        let card = chat.waits(&thread, &["cart"]);
        for _ in 0..3 {
            chat.press_with(BO, &card, "approve", &json!({"copies": 2}));
        }
        chat.card(&thread, &card.change(), "done and checked");
        // What comes after the end is answered, and decides nothing.
        chat.press(BO, &card, "approve");
        chat.whispers_of(&["CM-5"]);
        assert_eq!((count(&scene, "decisions"), count(&scene, "runs")), (1, 1));
        nothing_is_doubled(&chat, &card.change());
    }
}
