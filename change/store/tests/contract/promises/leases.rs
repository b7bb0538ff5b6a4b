//! Promises about leases: one holder at a time, and an epoch that fences the others.
//! Instantiated for every backend.
//! Must never accept two holders, or an epoch that stands still.

use crate::backend::Backend;
use crate::samples::{entry, moved, movement, standing_at};
use chopmark_domain::ids::Epoch;
use chopmark_domain::lifecycle::State;
use chopmark_domain::ports::{Commit, Journal as _, Leases, Records as _};
use chopmark_domain::problem::Code;

async fn take<S: Leases>(store: &S, holder: &str, seconds: Option<u64>, gone: bool) -> Option<i64> {
    let row = store.acquire("worker", holder, seconds, &|_| gone).await.unwrap()?;
    assert_eq!((row.name.as_str(), row.holder.as_str()), ("worker", holder));
    assert_eq!(store.read("worker").await.unwrap(), Some(row.clone()));
    Some(row.epoch.0)
}

pub(crate) async fn a_lease_has_one_holder_and_its_epoch_grows_with_every_other_one<B: Backend>() {
    let backend = B::fresh().await;
    let store = backend.open().await;
    assert_eq!(store.read("worker").await.unwrap(), None);
    assert_eq!(take(&store, "a", Some(30), false).await, Some(1));
    assert_eq!(take(&store, "b", Some(30), false).await, None);
    assert_eq!(take(&store, "a", Some(30), false).await, Some(1), "renewing keeps the epoch");
    store.release("worker", "b").await.unwrap();
    assert_eq!(take(&store, "b", Some(30), false).await, None, "who has it not cannot free it");
    store.release("worker", "a").await.unwrap();
    assert_eq!(store.read("worker").await.unwrap(), None);
    assert_eq!(take(&store, "b", Some(30), false).await, Some(2));
    store.release("worker", "b").await.unwrap();
    assert_eq!(take(&store, "b", Some(30), false).await, Some(3), "taken anew is held anew");
}

pub(crate) async fn a_lease_that_is_over_can_be_taken<B: Backend>() {
    let backend = B::fresh().await;
    let (store, other) = (backend.open().await, backend.open().await);
    assert_eq!(take(&store, "a", Some(30), false).await, Some(1));
    backend.clock().turn(29);
    assert_eq!(take(&other, "b", Some(30), false).await, None);
    assert_eq!(take(&store, "a", Some(30), false).await, Some(1));
    backend.clock().turn(29);
    assert_eq!(take(&other, "b", Some(30), false).await, None, "renewed in time");
    backend.clock().turn(1);
    assert_eq!(take(&other, "b", Some(30), false).await, Some(2));
    assert_eq!(take(&store, "a", Some(30), false).await, None);
}

pub(crate) async fn a_lease_without_end_is_taken_only_from_a_holder_that_is_gone<B: Backend>() {
    let backend = B::fresh().await;
    let store = backend.open().await;
    assert_eq!(take(&store, "a", None, false).await, Some(1));
    backend.clock().turn(1_000_000_000);
    assert_eq!(take(&store, "b", None, false).await, None);
    let asked = std::sync::Mutex::new(vec![]);
    let gone = |holder: &str| {
        asked.lock().unwrap().push(holder.to_owned());
        true
    };
    let row = store.acquire("worker", "b", None, &gone).await.unwrap().unwrap();
    assert_eq!((row.epoch, row.expires_at), (Epoch(2), None));
    assert_eq!(*asked.lock().unwrap(), ["a"]);
}

pub(crate) async fn a_clock_set_back_revives_no_lease<B: Backend>() {
    let backend = B::fresh().await;
    let store = backend.open().await;
    let now = standing_at(&store, 1, State::Claimed).await;
    assert_eq!(take(&store, "a", Some(30), false).await, Some(1));
    let fenced = || Commit {
        fence: Some(("worker".to_owned(), "a".to_owned(), Epoch(1))),
        ..movement(&now, &moved(&now, State::Executing))
    };
    backend.clock().turn(31);
    // A write of anybody's is enough for the moment to have been seen.
    store.record(vec![entry(&now, "seen")]).await.unwrap();
    backend.clock().turn(-86_400);
    assert_eq!(store.commit(fenced()).await.unwrap_err().code, Code::Conflict);
    // Also for a process that starts only now.
    let later = backend.open().await;
    assert_eq!(later.commit(fenced()).await.unwrap_err().code, Code::Conflict);
    assert_eq!(take(&later, "b", Some(30), false).await, Some(2));
}

pub(crate) async fn of_many_who_ask_at_once_one_gets_the_lease<B: Backend>() {
    let backend = B::fresh().await;
    let stores = [backend.open().await, backend.open().await];
    for round in 1..=50 {
        let askers: Vec<_> = (0..8)
            .map(|asker| {
                let store = stores[asker % 2].clone();
                tokio::spawn(async move {
                    store.acquire("worker", &format!("{round}-{asker}"), Some(30), &|_| false).await.unwrap()
                })
            })
            .collect();
        let mut given = vec![];
        for asker in askers {
            given.extend(asker.await.unwrap());
        }
        let [row] = &given[..] else { unreachable!("{given:?}") };
        assert_eq!(row.epoch, Epoch(round));
        stores[0].release("worker", &row.holder).await.unwrap();
    }
}

pub(crate) async fn a_fence_holds_only_for_the_holder_and_epoch_of_now<B: Backend>() {
    let backend = B::fresh().await;
    let store = backend.open().await;
    let now = standing_at(&store, 1, State::Claimed).await;
    assert_eq!(take(&store, "a", Some(30), false).await, Some(1));
    store.release("worker", "a").await.unwrap();
    assert_eq!(take(&store, "b", Some(30), false).await, Some(2));
    let fenced = |name: &str, holder: &str, epoch: i64| Commit {
        fence: Some((name.to_owned(), holder.to_owned(), Epoch(epoch))),
        ..movement(&now, &moved(&now, State::Executing))
    };
    for (name, holder, epoch) in [("worker", "a", 1), ("worker", "a", 2), ("worker", "b", 1), ("other", "b", 2)] {
        assert_eq!(store.commit(fenced(name, holder, epoch)).await.unwrap_err().code, Code::Conflict);
    }
    backend.clock().turn(30);
    assert_eq!(store.commit(fenced("worker", "b", 2)).await.unwrap_err().code, Code::Conflict, "it is over");
    assert_eq!(take(&store, "b", Some(30), false).await, Some(2));
    store.commit(fenced("worker", "b", 2)).await.unwrap();
}

pub(crate) async fn a_transition_frees_the_lease_it_names_and_no_other<B: Backend>() {
    let backend = B::fresh().await;
    let store = backend.open().await;
    let mut now = standing_at(&store, 1, State::Executing).await;
    for name in ["one", "two"] {
        store.acquire(name, "a", None, &|_| false).await.unwrap().unwrap();
    }
    for (holder, left) in [("b", true), ("a", false)] {
        let next = moved(&now, State::Executing);
        let release = Some(("one".to_owned(), holder.to_owned()));
        store.commit(Commit { release, ..movement(&now, &next) }).await.unwrap();
        now = next;
        assert_eq!(store.read("one").await.unwrap().is_some(), left);
        assert!(store.read("two").await.unwrap().is_some());
    }
    // A refused transition frees nothing.
    let release = Some(("two".to_owned(), "a".to_owned()));
    let stale = moved(&now, State::Executing);
    assert!(store.commit(Commit { release, ..movement(&stale, &moved(&stale, State::Failed)) }).await.is_err());
    assert!(store.read("two").await.unwrap().is_some());
    assert_eq!(store.ledger_head().await.unwrap().0, 1);
}
