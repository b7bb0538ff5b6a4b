//! Promises about moving from an older shape of the database to this one.
//! Run on SQLite, with rows that an older version wrote.
//! Must never be tried on an empty database alone.

use super::Sqlite;
use crate::backend::Backend as _;
use crate::samples::{change, insertion, standing_at};
use chopmark_domain::lifecycle::State;
use chopmark_domain::ports::{Journal as _, LedgerFilter, Records as _, SentPrompt};
use chopmark_domain::time::Timestamp;
use chopmark_store::audit::verify;

/// Turns a database of this version into one that the first version left behind.
const BACK_TO_THE_FIRST: &str = "drop table prompts; drop table halt; drop table links; drop table link_codes; \
    drop table link_tries; drop table groups; drop table requests_made; drop table tokens_spent; \
    drop table inbox; drop table outbox; drop table cards; drop table feeds; drop table subscriptions; \
    drop table languages; drop table threads; pragma user_version = 1;";

#[tokio::test]
async fn what_the_first_version_wrote_is_there_after_the_move_and_prompts_can_be_kept() {
    let backend = Sqlite::fresh().await;
    let store = backend.open().await;
    let waiting = standing_at(&store, 1, State::AwaitingApproval).await;
    let entries = store.ledger(&LedgerFilter { limit: 100, ..LedgerFilter::default() }).await.unwrap();
    store.close().await;
    backend.meddle(BACK_TO_THE_FIRST).await.unwrap();

    let store = backend.open().await;
    assert_eq!(store.change(&waiting.id).await.unwrap().unwrap().change, waiting);
    assert_eq!(store.ledger(&LedgerFilter { limit: 100, ..LedgerFilter::default() }).await.unwrap(), entries);
    assert_eq!(verify(&store, None).await.unwrap().entries, 1);
    assert_eq!(store.prompts(&waiting.id).await.unwrap(), []);
    let sent = SentPrompt { model: "main".to_owned(), at: Timestamp(1), body: "{}".to_owned() };
    store.keep_prompts(&waiting.id, vec![sent.clone()]).await.unwrap();
    store.commit(insertion(&change(2))).await.unwrap();
    store.close().await;
    // A second opening moves nothing again.
    assert_eq!(backend.open().await.prompts(&waiting.id).await.unwrap(), [sent]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_may_move_an_old_database_at_once() {
    let backend = std::sync::Arc::new(Sqlite::fresh().await);
    backend.open().await.close().await;
    backend.meddle(BACK_TO_THE_FIRST).await.unwrap();
    let openers: Vec<_> = (0..4)
        .map(|_| {
            let backend = backend.clone();
            tokio::spawn(async move { backend.open().await.prompts(&change(1).id).await.unwrap() })
        })
        .collect();
    for opener in openers {
        assert_eq!(opener.await.unwrap(), []);
    }
}
