//! Promises about runs: one ticket for a revision, used once, for ever.
//! Instantiated for every backend.
//! Must never accept a second run of a revision.

use crate::backend::Backend;
use crate::samples::{entry, moved, movement, run, standing_at};
use chopmark_domain::ids::Epoch;
use chopmark_domain::lifecycle::State;
use chopmark_domain::ports::{Commit, Journal as _, Leases as _, Records as _, RunWrite};
use chopmark_domain::problem::Code;
use chopmark_domain::run::{Outcome, Record, Run};
use chopmark_domain::time::Timestamp;

/// Rounds with eight workers each; the soak run repeats the whole test.
const ROUNDS: usize = 100;

pub(crate) async fn a_ticket_is_used_once_however_many_try_at_once<B: Backend>() {
    let backend = B::fresh().await;
    let stores = [backend.open().await, backend.open().await];
    let lease = stores[0].acquire("target:x", "worker", None, &|_| false).await.unwrap().unwrap();
    for number in 0..ROUNDS {
        let now = standing_at(&stores[0], number, State::Claimed).await;
        let workers: Vec<_> = (0..8)
            .map(|worker| {
                let (store, now) = (stores[worker % 2].clone(), now.clone());
                let fence = Some((lease.name.clone(), lease.holder.clone(), lease.epoch));
                tokio::spawn(async move {
                    let one = run(&now, &format!("{number:04}{worker}"));
                    let commit = Commit {
                        run: Some(RunWrite::Begin(one.clone())),
                        entries: vec![entry(&now, "intent")],
                        fence,
                        ..movement(&now, &moved(&now, State::Executing))
                    };
                    store.commit(commit).await.map(|()| one)
                })
            })
            .collect();
        let mut used = vec![];
        for worker in workers {
            match worker.await.unwrap() {
                Ok(run) => used.push(run),
                Err(problem) => assert_eq!(problem.code, Code::Conflict),
            }
        }
        assert_eq!(used.len(), 1);
        assert_eq!(stores[1].change(&now.id).await.unwrap().unwrap().run, used.pop());
    }
    let entries = i64::try_from(2 * ROUNDS).unwrap();
    assert_eq!(stores[0].ledger_head().await.unwrap().0, entries, "one intention for every ticket");
}

pub(crate) async fn a_used_ticket_is_used_for_ever<B: Backend>() {
    let backend = B::fresh().await;
    let store = backend.open().await;
    let now = standing_at(&store, 1, State::Claimed).await;
    let executing = moved(&now, State::Executing);
    let begin = |name: &str| Some(RunWrite::Begin(run(&now, name)));
    store.commit(Commit { run: begin("aaaa"), ..movement(&now, &executing) }).await.unwrap();
    // Even a writer that has row, state and epoch right gets no second run of this revision.
    let again = moved(&executing, State::Executing);
    for name in ["bbbb", "aaaa"] {
        let refused = store.commit(Commit { run: begin(name), ..movement(&executing, &again) }).await;
        assert_eq!(refused.unwrap_err().code, Code::Conflict);
    }
    let file = store.change(&now.id).await.unwrap().unwrap();
    assert_eq!((file.change.epoch, file.run), (executing.epoch, Some(run(&now, "aaaa"))));
}

pub(crate) async fn a_run_ends_once_its_outcome_is_known<B: Backend>() {
    let backend = B::fresh().await;
    let store = backend.open().await;
    let mut now = standing_at(&store, 1, State::Executing).await;
    let begun = run(&now, "aaaa");
    let over = Run { ended_at: Some(Timestamp(9)), ..begun.clone() };
    let known = Run { outcome: Some(Outcome::Applied { record: Record::default() }), ..over.clone() };
    let other = Run { epoch: Epoch(9), ..known.clone() };
    let stranger = Run { id: run(&now, "bbbb").id, ..known.clone() };
    let steps = [
        (RunWrite::Begin(begun), true),
        (RunWrite::End(over), true),
        (RunWrite::End(stranger), false),
        (RunWrite::End(known.clone()), true),
        (RunWrite::End(other), false),
    ];
    for (write, fits) in steps {
        let next = moved(&now, State::Executing);
        match store.commit(Commit { run: Some(write), ..movement(&now, &next) }).await {
            Ok(()) => {
                assert!(fits);
                now = next;
            }
            Err(problem) => assert_eq!((problem.code, fits), (Code::Conflict, false)),
        }
    }
    assert_eq!(store.run(&known.id).await.unwrap(), Some(known));
}
