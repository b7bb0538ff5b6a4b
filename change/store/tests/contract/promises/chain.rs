//! Promises about the ledger's chain: one, without gaps, whoever writes.
//! Instantiated for every backend.
//! Must never be checked by anything but the domain's own verifier.

use crate::backend::Backend;
use crate::samples::{change, entry, insertion, standing_at};
use chopmark_domain::ledger::{EntryContent, Verifier};
use chopmark_domain::lifecycle::State;
use chopmark_domain::ports::{Clock as _, Journal as _, LedgerFilter, Records};

/// Reads the whole chain in small pieces, verifies it and returns what its entries hold.
async fn verified<S: Records>(store: &S) -> Vec<EntryContent> {
    let mut verifier = Verifier::default();
    let mut contents = vec![];
    loop {
        let filter = LedgerFilter { after: verifier.count(), limit: 97, ..LedgerFilter::default() };
        let entries = store.ledger(&filter).await.unwrap();
        if entries.is_empty() {
            break;
        }
        for entry in entries {
            verifier.check(&entry).unwrap();
            contents.push(entry.content().unwrap());
        }
    }
    assert_eq!(store.ledger_head().await.unwrap(), (verifier.count(), verifier.head()));
    contents
}

pub(crate) async fn fifty_writers_at_once_leave_one_chain_without_gaps<B: Backend>() {
    let backend = B::fresh().await;
    let stores = [backend.open().await, backend.open().await];
    let writers: Vec<_> = (0..50)
        .map(|writer| {
            let store = stores[writer % 2].clone();
            tokio::spawn(async move {
                for round in 0..5 {
                    let one = change(writer * 10 + round);
                    store.commit(insertion(&one)).await.unwrap();
                    store.record(vec![entry(&one, "a"), entry(&one, "b")]).await.unwrap();
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    let contents = verified(&stores[0]).await;
    assert_eq!(contents.len(), 50 * 5 * 3);
    for pair in contents.windows(2) {
        let both = pair[0].payload["what"] == "a" && pair[1].payload["what"] == "b";
        assert_eq!(pair[0].payload["what"] == "a", both, "entries of one call stay together");
    }
}

pub(crate) async fn many_entries_are_written_at_once<B: Backend>() {
    let backend = B::fresh().await;
    let store = backend.open().await;
    let one = change(1);
    store.record(vec![]).await.unwrap();
    store.record((0..2500).map(|number| entry(&one, &number.to_string())).collect()).await.unwrap();
    assert_eq!(verified(&store).await.len(), 2500);
}

pub(crate) async fn entries_are_dated_by_a_clock_that_never_goes_back<B: Backend>() {
    let backend = B::fresh().await;
    let store = backend.open().await;
    let start = backend.clock().now();
    for seconds in [10, -86_400, 5] {
        backend.clock().turn(seconds);
        store.record(vec![entry(&change(1), "x")]).await.unwrap();
    }
    let later = backend.open().await;
    later.record(vec![entry(&change(1), "x")]).await.unwrap();
    let times: Vec<_> = verified(&later).await.into_iter().map(|content| content.at).collect();
    assert_eq!(times, [start.plus_seconds(10); 4]);
}

pub(crate) async fn entries_of_one_change_are_found_by_it<B: Backend>() {
    let backend = B::fresh().await;
    let store = backend.open().await;
    for number in 0..4 {
        standing_at(&store, number, State::AwaitingApproval).await;
        store.record(vec![entry(&change(1), "again")]).await.unwrap();
    }
    let of = async |after, limit| -> Vec<i64> {
        let filter = LedgerFilter { after, change: Some(change(1).id), limit };
        store.ledger(&filter).await.unwrap().iter().map(|entry| entry.sequence).collect()
    };
    assert_eq!(of(0, 100).await, [2, 3, 4, 6, 8]);
    assert_eq!(of(3, 2).await, [4, 6]);
}

pub(crate) async fn reopening_continues_the_chain<B: Backend>() {
    let backend = B::fresh().await;
    for _ in 0..3 {
        let store = backend.open().await;
        store.record(vec![entry(&change(1), "x")]).await.unwrap();
    }
    assert_eq!(verified(&backend.open().await).await.len(), 3);
}
