//! Promises about chat: an event is taken once, a message sent once and in order, a card shows what is wanted.
//! Instantiated for every backend.
//! Must never know how a platform calls things.

use crate::backend::Backend;
use crate::samples::{change, place};
use chopmark_domain::change::{Language, Place};
use chopmark_domain::digest::Digest;
use chopmark_domain::ids::Identity;
use chopmark_domain::ports::{
    CardSlot, ChatRecords, Delivery, NewMessage, NewsKind, Outcome, Speaks, Subscription, WaitingMessage,
};
use chopmark_domain::time::Timestamp;

/// A surface of these promises.
const HERE: &str = "terminal";
const DAY: i64 = 24 * 60 * 60 * 1000;

fn event(surface: &str, id: &str, at: i64) -> Delivery {
    Delivery { surface: surface.to_owned(), id: id.to_owned(), raw: format!("{{\"验\":\"{id}\"}}"), at: Timestamp(at) }
}

fn message(key: &str, thread: &str, due_at: i64) -> NewMessage {
    NewMessage { key: key.to_owned(), place: place(thread), body: format!("body of {key}"), due_at: Timestamp(due_at) }
}

async fn due(store: &impl ChatRecords, now: i64) -> Vec<String> {
    let found = store.due_messages(HERE, Timestamp(now), 100).await.unwrap();
    found.into_iter().map(|waiting| waiting.message.key).collect()
}

async fn number(store: &impl ChatRecords, key: &str) -> i64 {
    let found: Vec<WaitingMessage> = store.due_messages(HERE, Timestamp(i64::MAX), 100).await.unwrap();
    found.into_iter().find(|waiting| waiting.message.key == key).unwrap().number
}

async fn wanted(store: &impl ChatRecords, now: i64) -> Vec<CardSlot> {
    store.due_cards(HERE, Timestamp(now), 100).await.unwrap()
}

pub(crate) async fn events_that_come_together_are_all_kept_also_when_some_who_wait_give_up<B: Backend>() {
    let backend = B::fresh().await;
    let store = backend.open().await;
    let asked: Vec<_> = (0..200)
        .map(|nth| {
            let store = store.clone();
            tokio::spawn(async move { store.take(&event(HERE, &format!("e{nth}"), nth)).await.unwrap() })
        })
        .collect();
    for (nth, asked) in asked.into_iter().enumerate() {
        // Every seventh caller goes away: what was kept for the others stays.
        if nth % 7 == 3 {
            asked.abort();
        } else {
            assert!(asked.await.unwrap(), "event {nth} is new");
        }
    }
    let again = (0..200).filter(|nth| nth % 7 != 3);
    for nth in again {
        assert!(!store.take(&event(HERE, &format!("e{nth}"), nth)).await.unwrap(), "event {nth} was taken");
    }
    let kept = store.unserved(HERE, 500).await.unwrap().len();
    assert!((171..=200).contains(&kept), "{kept}");
}

pub(crate) async fn an_event_is_taken_once_and_waits_until_it_is_served<B: Backend>() {
    let backend = B::fresh().await;
    let stores = [backend.open().await, backend.open().await];
    let asked: Vec<_> = (0..40)
        .map(|nth| {
            let store = stores[nth % 2].clone();
            tokio::spawn(async move { store.take(&event(HERE, "same", 5)).await.unwrap() })
        })
        .collect();
    let mut taken = 0;
    for one in asked {
        taken += usize::from(one.await.unwrap());
    }
    assert_eq!(taken, 1);
    let store = &stores[0];
    assert!(store.take(&event("slack", "same", 5)).await.unwrap(), "another platform's ids are its own");
    assert!(store.take(&event(HERE, "later", 7)).await.unwrap());
    assert!(store.take(&event(HERE, "earlier", 3)).await.unwrap());
    let waiting = [event(HERE, "earlier", 3), event(HERE, "same", 5), event(HERE, "later", 7)];
    assert_eq!(stores[1].unserved(HERE, 10).await.unwrap(), waiting);
    assert_eq!(stores[1].unserved(HERE, 1).await.unwrap(), waiting[..1]);
    store.finish(HERE, "same", Timestamp(10)).await.unwrap();
    assert_eq!(backend.open().await.unserved(HERE, 10).await.unwrap(), [waiting[0].clone(), waiting[2].clone()]);
    assert!(!store.take(&event(HERE, "same", 11)).await.unwrap(), "the platform says it again within the day");
    // A day later its id is forgotten with the next one that ends; what nobody served stays.
    store.finish(HERE, "later", Timestamp(11 + DAY)).await.unwrap();
    assert!(store.take(&event(HERE, "same", 12 + DAY)).await.unwrap());
    assert_eq!(store.unserved(HERE, 10).await.unwrap()[0], waiting[0]);
}

pub(crate) async fn a_message_is_kept_once_by_its_key_and_in_the_order_of_its_place<B: Backend>() {
    let backend = B::fresh().await;
    let store = backend.open().await;
    store.send(&[message("a1", "a", 5), message("b1", "b", 5), message("a2", "a", 5)]).await.unwrap();
    store.send(&[message("a1", "other", 1), message("a3", "a", 50)]).await.unwrap();
    store.send(&[]).await.unwrap();
    assert_eq!(due(&store, 4).await, [""; 0]);
    assert_eq!(due(&store, 5).await, ["a1", "b1", "a2"]);
    let first = store.due_messages(HERE, Timestamp(5), 1).await.unwrap();
    assert_eq!((first[0].message.clone(), first[0].tries), (message("a1", "a", 5), 0));
    // One that is put off is not overtaken in its place, and nobody else waits for it.
    store.put_off(first[0].number, Timestamp(20)).await.unwrap();
    assert_eq!(due(&store, 6).await, ["b1"]);
    assert_eq!(due(&store, 20).await, ["a1", "b1", "a2"]);
    assert_eq!(backend.open().await.due_messages(HERE, Timestamp(20), 1).await.unwrap()[0].tries, 1);
    // One that was meant for later from the start holds nobody back.
    store.send(&[message("a4", "a", 5)]).await.unwrap();
    assert_eq!(due(&store, 20).await, ["a1", "b1", "a2", "a4"]);
    assert_eq!(due(&store, 50).await, ["a1", "b1", "a2", "a3", "a4"]);
    assert_eq!(store.due_messages("slack", Timestamp(50), 10).await.unwrap(), []);
}

pub(crate) async fn what_became_of_a_message_is_final_and_its_key_stays_for_a_day<B: Backend>() {
    let backend = B::fresh().await;
    let store = backend.open().await;
    store.send(&[message("sent", "a", 1), message("gone", "b", 1), message("waits", "c", 1)]).await.unwrap();
    let (sent, gone) = (number(&store, "sent").await, number(&store, "gone").await);
    store.settle(sent, &Outcome::Sent("m1".to_owned()), Timestamp(5)).await.unwrap();
    store.settle(gone, &Outcome::GivenUp("archived".to_owned()), Timestamp(5)).await.unwrap();
    store.put_off(sent, Timestamp(1)).await.unwrap();
    assert_eq!(due(&store, 100).await, ["waits"]);
    store.send(&[message("sent", "a", 1)]).await.unwrap();
    assert_eq!(due(&store, 100).await, ["waits"], "the same key is the same message");
    let waits = number(&store, "waits").await;
    store.settle(waits, &Outcome::Sent("m2".to_owned()), Timestamp(6 + DAY)).await.unwrap();
    store.send(&[message("sent", "a", 1)]).await.unwrap();
    assert_eq!(due(&store, 100).await, ["sent"]);
}

pub(crate) async fn a_card_is_due_until_it_shows_what_is_wanted<B: Backend>() {
    let backend = B::fresh().await;
    let store = backend.open().await;
    let (first, second) = (change(1).id, change(2).id);
    store.want_card(&place("a"), &first, Language::En, 4).await.unwrap();
    store.want_card(&place("b"), &first, Language::Zh, 5).await.unwrap();
    store.want_card(&place("a"), &second, Language::En, 6).await.unwrap();
    let slot = store.card_at(&place("a"), &first).await.unwrap().unwrap();
    let fresh = CardSlot {
        place: place("a"),
        change: first.clone(),
        language: Language::En,
        message: None,
        wanted: 4,
        shown: 0,
        content: None,
        tries: 0,
    };
    assert_eq!(slot, fresh);
    assert_eq!(wanted(&store, 0).await.len(), 3);
    let content = Some(Digest::of(b"plan"));
    let drawn = CardSlot { message: Some("m1".to_owned()), shown: 4, content, tries: 2, ..slot };
    store.drew(&drawn, Timestamp(100)).await.unwrap();
    assert_eq!(store.card_of(HERE, "m1").await.unwrap(), Some(drawn.clone()));
    assert_eq!(store.card_of("slack", "m1").await.unwrap(), None);
    assert_eq!(wanted(&store, 1000).await.len(), 2);
    // What happens meanwhile raises it, and a picture of before doesn't lower it; it is drawn when its time has come.
    store.raise_cards(&first, 9).await.unwrap();
    store.raise_cards(&first, 8).await.unwrap();
    store.drew(&drawn, Timestamp(200)).await.unwrap();
    let raised = CardSlot { wanted: 9, ..drawn.clone() };
    assert!(!wanted(&store, 199).await.contains(&raised));
    assert!(wanted(&store, 200).await.contains(&raised));
    store.want_card(&place("a"), &first, Language::Zh, 3).await.unwrap();
    let there = backend.open().await.card_at(&place("a"), &first).await.unwrap();
    assert_eq!(there, Some(raised), "a message that is there keeps its language");
    store.want_card(&place("b"), &first, Language::En, 3).await.unwrap();
    let waits = store.card_at(&place("b"), &first).await.unwrap().map(|slot| (slot.message, slot.language));
    assert_eq!(waits, Some((None, Language::En)), "one that waits to be posted is posted as last asked for");
    let others = store.cards_of(&first).await.unwrap();
    assert_eq!(
        others.iter().map(|slot| (slot.place.thread.as_str(), slot.wanted)).collect::<Vec<_>>(),
        [("a", 9), ("b", 9)]
    );
    // The longest unshown first.
    let order: Vec<_> = wanted(&store, 1000).await.into_iter().map(|slot| slot.message).collect();
    assert_eq!(order, [None, None, Some("m1".to_owned())]);
}

pub(crate) async fn a_feed_moves_on_once_with_what_its_notes_led_to<B: Backend>() {
    let backend = B::fresh().await;
    let stores = [backend.open().await, backend.open().await];
    assert_eq!(stores[0].fed(HERE).await.unwrap(), None);
    stores[0].feed(HERE, 3, &[message("n3", "a", 1)]).await.unwrap();
    // A process that was late writes nothing, and moves nothing back.
    stores[1].feed(HERE, 3, &[message("late", "a", 1)]).await.unwrap();
    stores[1].feed(HERE, 2, &[message("older", "a", 1)]).await.unwrap();
    assert_eq!((stores[1].fed(HERE).await.unwrap(), stores[0].fed("slack").await.unwrap()), (Some(3), None));
    assert_eq!(due(&stores[0], 10).await, ["n3"]);
    stores[1].feed(HERE, 7, &[message("n3", "a", 1), message("n7", "a", 1)]).await.unwrap();
    assert_eq!(backend.open().await.fed(HERE).await.unwrap(), Some(7));
    assert_eq!(due(&stores[0], 10).await, ["n3", "n7"]);
}

pub(crate) async fn channels_languages_and_threads_are_kept_and_let_go<B: Backend>() {
    let backend = B::fresh().await;
    let store = backend.open().await;
    let channel = Place { thread: String::new(), ..place("") };
    let failures = Subscription { place: channel.clone(), kind: NewsKind::Failures };
    let budget = Subscription { place: channel, kind: NewsKind::Budget };
    assert!(store.subscribe(&failures, Timestamp(1)).await.unwrap());
    assert!(!store.subscribe(&failures, Timestamp(2)).await.unwrap());
    assert!(store.subscribe(&budget, Timestamp(2)).await.unwrap());
    assert_eq!(store.subscriptions(HERE).await.unwrap(), [budget.clone(), failures.clone()]);
    assert_eq!(store.subscriptions("slack").await.unwrap(), []);
    assert!(store.unsubscribe(&budget).await.unwrap());
    assert!(!store.unsubscribe(&budget).await.unwrap());
    assert_eq!(backend.open().await.subscriptions(HERE).await.unwrap(), [failures]);

    let ann = Speaks::Identity(Identity::parse("slack:T1.U2").unwrap());
    let channel = Speaks::Channel { surface: "slack".to_owned(), channel: "C1".to_owned() };
    store.pin_language(&ann, Some(Language::En)).await.unwrap();
    store.pin_language(&ann, Some(Language::Zh)).await.unwrap();
    assert_eq!(store.pinned_language(&ann).await.unwrap(), Some(Language::Zh));
    assert_eq!(store.pinned_language(&channel).await.unwrap(), None);
    store.pin_language(&ann, None).await.unwrap();
    assert_eq!(store.pinned_language(&ann).await.unwrap(), None);

    assert_eq!(store.thread(&place("a")).await.unwrap(), None);
    store.keep_thread(&place("a"), "t1").await.unwrap();
    store.keep_thread(&place("a"), "t2").await.unwrap();
    assert_eq!(store.thread(&place("a")).await.unwrap(), Some("t2".to_owned()));
    assert_eq!(store.place_of_thread(HERE, "t2").await.unwrap(), Some(place("a")));
    assert_eq!(store.place_of_thread(HERE, "t1").await.unwrap(), None);
    assert_eq!(store.place_of_thread("slack", "t2").await.unwrap(), None);
}
