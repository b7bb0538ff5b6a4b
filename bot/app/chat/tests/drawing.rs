//! Promises about cards: the last state always arrives, at a civil rate, whole before it can be approved.
//! Run with the crate's tests.
//! Must never look at how long something took, only at how far apart two pictures are.

use super::scene::{ALICE, BOB, Scene, code, paces};
use super::scripted::{Did, On, card, later};
use crate::fixture::thread;
use chopmark_domain::approval::Verdict;
use chopmark_domain::ids::ChangeId;
use chopmark_domain::lifecycle::State;
use chopmark_domain::ports::{ChatRecords as _, Records as _};
use chopmark_protocol::chat::{Act, Audience, Fault, PostBody};
use serde_json::Value;
use std::sync::atomic::Ordering;
use std::time::Duration;

fn shown(did: &[Did], message: &str) -> Option<Value> {
    did.iter().rev().find_map(|did| match did {
        Did::Card { message: of, body, .. } | Did::Edited { message: of, body } if of == message => Some(body.clone()),
        _ => None,
    })
}

impl Scene {
    /// The change's card is here.
    async fn shows_card(&self, id: &ChangeId) -> String {
        self.says(&format!("show-{id}"), ALICE, &self.place, &format!("show {id}")).await;
        self.chat.until("the card", card).await
    }

    async fn shows_state(&self, message: &str, state: &str) -> Value {
        let found = |did: &[Did]| shown(did, message).filter(|body| body["state"] == state);
        self.chat.until(&format!("{message} shows {state}"), found).await
    }

    async fn served(&self) {
        while !self.records().unserved("discord", 1).await.unwrap().is_empty() {
            tokio::task::yield_now().await;
        }
    }
}

#[tokio::test]
async fn the_last_state_arrives_whatever_the_platform_refuses_and_pictures_keep_their_distance() {
    let scene = Scene::new().await;
    let id = scene.waiting("chg-7f3k").await;
    let running = scene.hears("p").await;
    let message = scene.shows_card(&id).await;
    for state in [State::Approved, State::Claimed, State::Executing] {
        scene.moves(&id, state).await;
    }
    for step in 0..40 {
        scene.reports(&id, &format!("step {step}")).await;
        if step % 10 == 0 {
            scene.chat.fails(On::EditCard, later());
            scene
                .chat
                .fails(On::EditCard, Fault::Later { after: Some(Duration::from_millis(60)), why: "429".to_owned() });
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    }
    let latest = |did: &[Did]| {
        let body = shown(did, &message)?;
        body["progress"].as_str().is_some_and(|text| text.contains("step 39")).then_some(())
    };
    scene.chat.until("the last progress", latest).await;
    for state in [State::Applied, State::Verifying, State::Succeeded] {
        scene.moves(&id, state).await;
    }
    scene.chat.fails(On::EditCard, later());
    let last = scene.shows_state(&message, "succeeded").await;
    assert_eq!(last["progress"], Value::Null);
    running.stopped().await;
    let moments = scene.chat.moments(&message);
    for pair in moments.windows(2) {
        // A timer of the store is in whole milliseconds.
        assert!(pair[1] - pair[0] + Duration::from_millis(2) >= paces().edit, "{:?}", pair[1] - pair[0]);
    }
    assert_eq!(scene.chat.shows(&message)["state"], "succeeded");
    let slot = scene.records().card_of("discord", &message).await.unwrap().unwrap();
    assert!(slot.shown >= slot.wanted, "{slot:?}");
    let ends = scene.chat.posts().into_iter().filter(|(_, post)| !post.mentions.is_empty()).collect::<Vec<_>>();
    assert_eq!(ends.len(), 1, "its end is told once, to whoever asked: {ends:?}");
    assert_eq!(ends[0].1.mentions, [ALICE.parse().unwrap()]);
}

#[tokio::test]
async fn the_whole_content_stands_there_before_approve_can_be_pressed() {
    let scene = Scene::new().await;
    scene.chat.whole.store(false, Ordering::Relaxed);
    // The file can't be posted at first: people see the card, and can't approve it.
    for _ in 0..3 {
        scene.chat.fails(On::File, later());
    }
    let id = scene.waiting("chg-7f3k").await;
    let running = scene.hears("p").await;
    let message = scene.shows_card(&id).await;
    let first = scene.chat.did().into_iter().find_map(|did| match did {
        Did::Card { body, .. } => Some(body),
        _ => None,
    });
    assert_eq!(first.unwrap()["approve"], false);
    let open = |did: &[Did]| shown(did, &message).filter(|body| body["approve"] == true).map(|_| ());
    scene.chat.until("approve can be pressed", open).await;
    let did = scene.chat.did();
    let file = did.iter().position(|did| match did {
        Did::Posted { post, .. } => matches!(&post.body, PostBody::File { file, .. } if file.name == "chg-7f3k-1.txt"),
        _ => false,
    });
    let enabled = did.iter().position(|did| matches!(did, Did::Edited { body, .. } if body["approve"] == true));
    assert!(file.unwrap() < enabled.unwrap(), "{did:#?}");
    let files =
        did.iter().filter(|did| matches!(did, Did::Posted { post, .. } if matches!(post.body, PostBody::File { .. })));
    assert_eq!(files.count(), 1);
    let content = scene.records().card_of("discord", &message).await.unwrap().unwrap().content;
    assert_eq!(content, scene.fixture.house.file(&id).await.unwrap().record.planned.map(|planned| planned.digest));
    scene.presses("press", BOB, Act::Approve, &id, &message).await;
    scene.served().await;
    assert_eq!(scene.fixture.house.file(&id).await.unwrap().decisions.len(), 1);
    running.stopped().await;
}

#[tokio::test]
async fn approve_is_refused_while_the_content_is_missing_by_press_and_by_words() {
    let scene = Scene::new().await;
    scene.chat.whole.store(false, Ordering::Relaxed);
    for _ in 0..10_000 {
        scene.chat.fails(On::File, later());
    }
    let id = scene.waiting("chg-7f3k").await;
    let running = scene.hears("p").await;
    let message = scene.shows_card(&id).await;
    scene.presses("press", BOB, Act::Approve, &id, &message).await;
    scene.says("words", BOB, &scene.place, "approve chg-7f3k").await;
    let refusals = |did: &[Did]| {
        let told = did.iter().filter_map(|did| match did {
            Did::Posted { post, .. } => Some(post),
            _ => None,
        });
        let refused =
            told.filter(|post| matches!(&post.body, PostBody::Event { event } if code(event) == Some("CM-5004")));
        let audiences: Vec<_> = refused.map(|post| post.audience.clone()).collect();
        (audiences.len() == 2).then_some(audiences)
    };
    let audiences = scene.chat.until("both are refused", refusals).await;
    assert!(matches!(&audiences[0], Audience::Only { identity, reply: Some(_) } if identity.as_str() == BOB));
    assert_eq!(scene.fixture.house.file(&id).await.unwrap().decisions, []);
    // What needs no whole content works: who rejects need not have read everything.
    scene.says("reject", BOB, &scene.place, "reject chg-7f3k not today").await;
    scene.shows_state(&message, "rejected").await;
    let file = scene.fixture.house.file(&id).await.unwrap();
    assert_eq!(file.decisions[0].decision.verdict, Verdict::Reject);
    running.stopped().await;
}

#[tokio::test]
async fn a_card_that_was_deleted_comes_again_and_one_that_is_asked_for_comes_below() {
    let scene = Scene::new().await;
    let id = scene.waiting("chg-7f3k").await;
    let running = scene.hears("p").await;
    let first = scene.shows_card(&id).await;
    scene.chat.delete(&first);
    scene.moves(&id, State::Approved).await;
    let another = |did: &[Did]| card(did).filter(|message| *message != first);
    let second = scene.chat.until("the card comes again", another).await;
    scene.shows_state(&second, "approved").await;
    // Asked for again, it stands below, and the old message says so without a button.
    scene.says("again", BOB, &scene.place, "show chg-7f3k").await;
    let below = |did: &[Did]| card(did).filter(|message| *message != second);
    let third = scene.chat.until("the card comes below", below).await;
    assert_eq!(scene.chat.shows(&second)["buttons"], false);
    assert_eq!(scene.chat.shows(&third)["buttons"], true);
    // A button of the old one is a card's no more.
    assert_eq!(scene.records().card_of("discord", &second).await.unwrap(), None);
    scene.moves(&id, State::Cancelled).await;
    scene.shows_state(&third, "cancelled").await;
    running.stopped().await;
    assert_eq!(scene.chat.shows(&second)["state"], "approved", "what moved on stays a line");
}

#[tokio::test]
async fn a_restart_with_a_thousand_open_cards_draws_none_and_answers_the_first_press() {
    let scene = Scene::new().await;
    let mut last = None;
    for number in 0..1000 {
        let place = thread(&number.to_string());
        let id = scene.fixture.waiting(&format!("chg-{number:04}"), &place, chopmark_domain::risk::Risk::Low).await;
        let note = scene.fixture.house.store.last_note().await.unwrap();
        let records = &scene.fixture.house.store;
        records.want_card(&place, &id, chopmark_domain::change::Language::En, note).await.unwrap();
        let slot = records.card_at(&place, &id).await.unwrap().unwrap();
        let digest = scene.fixture.house.file(&id).await.unwrap().record.planned.map(|planned| planned.digest);
        let message = format!("old-{number}");
        let slot =
            chopmark_domain::ports::CardSlot { message: Some(message.clone()), shown: note, content: digest, ..slot };
        records.drew(&slot, scene.fixture.house.now()).await.unwrap();
        last = Some((id, message));
    }
    let (id, message) = last.unwrap();
    let running = scene.hears("p").await;
    scene.presses("press", BOB, Act::Reject, &id, &message).await;
    scene.shows_state(&message, "rejected").await;
    running.stopped().await;
    let drawn: Vec<_> =
        scene.chat.did().into_iter().filter(|did| matches!(did, Did::Card { .. } | Did::Edited { .. })).collect();
    assert_eq!(drawn.len(), 1, "{drawn:?}");
}

#[tokio::test]
async fn a_place_that_takes_no_cards_does_not_hold_up_the_others() {
    let scene = Scene::new().await;
    let id = scene.waiting("chg-7f3k").await;
    let elsewhere = chopmark_domain::change::Place { channel: "6000".to_owned(), ..thread("1") };
    scene.chat.close("5000");
    let running = scene.hears("p").await;
    scene.says("closed", ALICE, &scene.place, "show chg-7f3k").await;
    scene.says("open", ALICE, &elsewhere, "show chg-7f3k").await;
    let message = scene.chat.until("the card elsewhere", card).await;
    scene.moves(&id, State::Cancelled).await;
    scene.shows_state(&message, "cancelled").await;
    // Whoever asked is told where it stands, once for each rest, since its own place is closed.
    let told = |did: &[Did]| {
        let alone = did.iter().filter(|did| matches!(did, Did::Posted { place, .. } if place.channel == "dm-100"));
        (alone.count() >= 2).then_some(())
    };
    scene.chat.until("Alice is told alone", told).await;
    running.stopped().await;
}
