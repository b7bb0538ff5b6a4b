//! Promises about what surfaces and worker read: deliveries, memories, notes, wake-ups, prompts.
//! Instantiated for every backend.
//! Must never lose, double or reorder one.

use crate::backend::Backend;
use crate::samples::{change, insertion, moved, movement, place};
use chopmark_domain::lifecycle::{Effect, State};
use chopmark_domain::note::NoteBody;
use chopmark_domain::ports::{Clock as _, Commit, Conversations as _, Journal as _, Records as _, SentPrompt, Wakeup};
use chopmark_domain::time::Timestamp;

pub(crate) async fn a_delivery_is_new_once_however_many_ask_at_once<B: Backend>() {
    let backend = B::fresh().await;
    let stores = [backend.open().await, backend.open().await];
    for round in 0..50 {
        let askers: Vec<_> = (0..8)
            .map(|asker| {
                let store = stores[asker % 2].clone();
                tokio::spawn(async move { store.claim("discord", &format!("event-{round}")).await.unwrap() })
            })
            .collect();
        let mut new = 0;
        for asker in askers {
            new += usize::from(asker.await.unwrap());
        }
        assert_eq!(new, 1);
    }
    assert!(stores[0].claim("slack", "event-0").await.unwrap(), "another surface has its own deliveries");
    assert!(!backend.open().await.claim("slack", "event-0").await.unwrap(), "claimed for ever");
}

pub(crate) async fn what_is_remembered_for_a_place_is_recalled_there_alone<B: Backend>() {
    let backend = B::fresh().await;
    let store = backend.open().await;
    assert_eq!(store.recall(&place("here")).await.unwrap(), None);
    store.remember(&place("here"), r#"{"environment":"dev"}"#).await.unwrap();
    store.remember(&place("here"), r#"{"environment":"验"}"#).await.unwrap();
    let later = backend.open().await;
    assert_eq!(later.recall(&place("here")).await.unwrap().as_deref(), Some(r#"{"environment":"验"}"#));
    assert_eq!(later.recall(&place("there")).await.unwrap(), None);
}

pub(crate) async fn notes_come_in_the_order_they_were_written_without_gaps<B: Backend>() {
    let backend = B::fresh().await;
    let stores = [backend.open().await, backend.open().await];
    assert_eq!(stores[0].last_note().await.unwrap(), 0);
    let first = change(1);
    stores[0].commit(insertion(&first)).await.unwrap();
    let next = moved(&first, State::AwaitingApproval);
    let note = |about: usize| NoteBody::Progress { about: about.to_string(), key: "progress-applying".to_owned() };
    stores[0].commit(Commit { notes: vec![note(0), note(1)], ..movement(&first, &next) }).await.unwrap();
    assert!(stores[0].commit(Commit { notes: vec![note(9)], ..movement(&first, &next) }).await.is_err());
    stores[1].tell(&first.id, note(2)).await.unwrap();
    let tellers: Vec<_> = (3..20)
        .map(|about| {
            let (store, id) = (stores[about % 2].clone(), first.id.clone());
            let body = note(about);
            tokio::spawn(async move { store.tell(&id, body).await.unwrap() })
        })
        .collect();
    for teller in tellers {
        teller.await.unwrap();
    }
    let notes = stores[1].notes_after(0, 100).await.unwrap();
    let numbers: Vec<_> = notes.iter().map(|note| note.sequence).collect();
    assert_eq!(numbers, (1..=21).collect::<Vec<_>>());
    let bodies: Vec<_> = notes.iter().take(4).map(|note| note.body.clone()).collect();
    assert_eq!(bodies, [NoteBody::Moved { state: State::Planning }, note(0), note(1), note(2)]);
    assert!(notes.iter().all(|note| note.change == first.id && note.at == backend.clock().now()));
    assert_eq!(stores[0].notes_after(19, 100).await.unwrap(), notes[19..]);
    assert_eq!(stores[0].notes_after(0, 2).await.unwrap(), notes[..2]);
    assert_eq!(stores[0].last_note().await.unwrap(), 21);
}

pub(crate) async fn wakeups_are_due_in_order_and_survive_reopening<B: Backend>() {
    let backend = B::fresh().await;
    let store = backend.open().await;
    let first = change(1);
    let wake = |effect, due| Wakeup { id: 0, change: first.id.clone(), effect, due_at: Timestamp(due) };
    let wakeups = vec![
        wake(Effect::AwaitExpiry, 300),
        wake(Effect::Start, 100),
        wake(Effect::Check, 100),
        wake(Effect::DraftAgain, 200),
    ];
    store.commit(Commit { wakeups, ..insertion(&first) }).await.unwrap();
    drop(store);
    let store = backend.open().await;
    let due = async |now, limit| -> Vec<(i64, Effect)> {
        let due = store.due(Timestamp(now), limit).await.unwrap();
        due.into_iter().map(|wakeup| (wakeup.id, wakeup.effect)).collect()
    };
    let effects = |due: Vec<(i64, Effect)>| due.into_iter().map(|(_, effect)| effect).collect::<Vec<_>>();
    assert_eq!(effects(due(99, 10).await), []);
    let now = due(200, 10).await;
    assert_eq!(effects(now.clone()), [Effect::Start, Effect::Check, Effect::DraftAgain]);
    assert_eq!(due(200, 10).await, now, "a wake-up stays until it is served");
    assert_eq!(effects(due(300, 1).await), [Effect::Start]);
    store.served(now[0].0).await.unwrap();
    store.served(now[0].0).await.unwrap();
    store.postpone(now[1].0, Timestamp(400)).await.unwrap();
    assert_eq!(effects(due(300, 10).await), [Effect::DraftAgain, Effect::AwaitExpiry]);
    assert_eq!(effects(due(400, 10).await), [Effect::DraftAgain, Effect::AwaitExpiry, Effect::Check]);
}

fn prompt(model: &str, at: i64, body: &str) -> SentPrompt {
    SentPrompt { model: model.to_owned(), at: Timestamp(at), body: body.to_owned() }
}

pub(crate) async fn prompts_are_kept_in_their_order_and_for_their_change_alone<B: Backend>() {
    let backend = B::fresh().await;
    let store = backend.open().await;
    let (first, second) = (change(1), change(2));
    for change in [&first, &second] {
        store.commit(insertion(change)).await.unwrap();
    }
    let sent = [prompt("main", 9, "{\"a\":\"验\\n\"}"), prompt("main", 3, "{}"), prompt("spare", 9, "no json")];
    store.keep_prompts(&first.id, sent[..2].to_vec()).await.unwrap();
    store.keep_prompts(&second.id, vec![prompt("main", 1, "other")]).await.unwrap();
    store.keep_prompts(&first.id, vec![]).await.unwrap();
    store.keep_prompts(&first.id, sent[2..].to_vec()).await.unwrap();
    drop(store);
    let store = backend.open().await;
    assert_eq!(store.prompts(&first.id).await.unwrap(), sent);
    assert_eq!(store.prompts(&second.id).await.unwrap(), [prompt("main", 1, "other")]);
    assert_eq!(store.prompts(&change(3).id).await.unwrap(), []);
    assert_eq!(store.ledger_head().await.unwrap().0, 2, "keeping them is no entry of its own");
}

pub(crate) async fn a_prompt_needs_a_change_that_is_there<B: Backend>() {
    let backend = B::fresh().await;
    let store = backend.open().await;
    assert!(store.keep_prompts(&change(1).id, vec![prompt("main", 1, "{}")]).await.is_err());
    assert_eq!(store.prompts(&change(1).id).await.unwrap(), []);
}
