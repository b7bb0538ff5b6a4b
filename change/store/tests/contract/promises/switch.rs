//! Promises about the stop switch: it is one row, it stays until a person lifts it, and no ticket gets past it.
//! Instantiated for every backend.
//! Must never see a run begin between a pull and its lift.

use crate::backend::Backend;
use crate::samples::{entry, moved, movement, person, run, standing_at};
use chopmark_domain::halt::Halt;
use chopmark_domain::ids::PersonId;
use chopmark_domain::ledger::{EntryDraft, EntryKind};
use chopmark_domain::lifecycle::State;
use chopmark_domain::person::Actor;
use chopmark_domain::ports::{Commit, Journal as _, LedgerFilter, Records as _, RunWrite};
use chopmark_domain::problem::Code;
use chopmark_domain::time::Timestamp;
use serde_json::json;

/// Rounds in which eight workers claim while the switch is pulled.
const ROUNDS: usize = 1000;

fn halt(by: &str, why: &str) -> Halt {
    Halt { by: person(by), why: Some(why.to_owned()), at: Timestamp(5) }
}

fn said(kind: EntryKind, by: PersonId) -> EntryDraft {
    EntryDraft { kind, actor: Actor::Person(by), change: None, digest: None, payload: json!({}) }
}

pub(crate) async fn the_first_pull_holds_until_somebody_lifts_it<B: Backend>() {
    let backend = B::fresh().await;
    let store = backend.open().await;
    assert_eq!(store.halt().await.unwrap(), None);
    assert!(!store.lift(said(EntryKind::Lifted, person("ann"))).await.unwrap());
    let (first, second) = (halt("ann", "the disk"), halt("bob", "something else"));
    assert_eq!(store.pull(first.clone(), said(EntryKind::Halted, person("ann"))).await.unwrap(), None);
    let again = store.pull(second, said(EntryKind::Halted, person("bob"))).await.unwrap();
    assert_eq!(again, Some(first.clone()));
    // Another process sees the same, and what did nothing wrote nothing.
    let other = backend.open().await;
    assert_eq!(other.halt().await.unwrap(), Some(first));
    assert_eq!(other.ledger_head().await.unwrap().0, 1);
    assert!(other.lift(said(EntryKind::Lifted, person("ann"))).await.unwrap());
    assert_eq!((store.halt().await.unwrap(), store.ledger_head().await.unwrap().0), (None, 2));
}

pub(crate) async fn no_ticket_is_used_after_the_pull_however_many_try<B: Backend>() {
    let backend = B::fresh().await;
    let stores = [backend.open().await, backend.open().await];
    let (mut before, mut after) = (0, 0);
    for number in 0..ROUNDS {
        let now = standing_at(&stores[0], number, State::Claimed).await;
        let (start, _) = stores[0].ledger_head().await.unwrap();
        let workers: Vec<_> = (0..8)
            .map(|worker| {
                let (store, now) = (stores[worker % 2].clone(), now.clone());
                tokio::spawn(async move {
                    let commit = Commit {
                        run: Some(RunWrite::Begin(run(&now, &format!("{number:04}{worker}")))),
                        entries: vec![EntryDraft { kind: EntryKind::ExecIntent, ..entry(&now, "intent") }],
                        ..movement(&now, &moved(&now, State::Executing))
                    };
                    store.commit(commit).await
                })
            })
            .collect();
        let puller = stores[1].clone();
        let pulled = tokio::spawn(async move {
            // Sometimes first, sometimes in between, sometimes last.
            for _ in 0..number % 40 {
                tokio::task::yield_now().await;
            }
            puller.pull(halt("ann", "race"), said(EntryKind::Halted, person("ann"))).await
        });
        let mut begun = 0;
        for worker in workers {
            match worker.await.unwrap() {
                Ok(()) => begun += 1,
                Err(problem) => assert!(matches!(problem.code, Code::Conflict | Code::Halted), "{problem}"),
            }
        }
        assert_eq!(pulled.await.unwrap().unwrap(), None);
        assert!(begun <= 1);
        let filter = LedgerFilter { after: start, limit: 100, ..LedgerFilter::default() };
        let entries = stores[0].ledger(&filter).await.unwrap();
        let kinds: Vec<_> = entries.iter().map(|entry| entry.content().unwrap().kind).collect();
        match (begun, kinds.as_slice()) {
            (1, [EntryKind::ExecIntent, EntryKind::Halted]) => before += 1,
            (0, [EntryKind::Halted]) => after += 1,
            other => panic!("round {number}: {other:?}"),
        }
        let file = stores[0].change(&now.id).await.unwrap().unwrap();
        assert_eq!(file.run.is_some(), begun == 1);
        assert!(stores[0].lift(said(EntryKind::Lifted, person("ann"))).await.unwrap());
    }
    assert_eq!(before + after, ROUNDS);
}
