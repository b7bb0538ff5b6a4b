//! What a database must offer to be held against the contract, and a clock that tests turn by hand.
//! Implemented once for every database.
//! Must never sleep: time moves when a test says so.

use chopmark_domain::ports::{ChatRecords, Clock, Conversations, Identities, Journal, Leases, Records, Usage};
use chopmark_domain::time::Timestamp;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// A database of its own for one test.
pub(crate) trait Backend: Sized {
    /// The store on it.
    type Store: Records
        + Journal
        + Leases
        + Conversations
        + Usage
        + Identities
        + ChatRecords
        + Clone
        + Send
        + Sync
        + 'static;

    /// An empty database.
    async fn fresh() -> Self;
    /// Another connection to it, as another process would have.
    async fn open(&self) -> Self::Store;
    /// The clock that every connection reads.
    fn clock(&self) -> &HandClock;
}

/// A clock turned by hand.
#[derive(Debug, Clone)]
pub(crate) struct HandClock(Arc<AtomicI64>);

impl HandClock {
    pub(crate) fn new() -> Self {
        Self(Arc::new(AtomicI64::new(1_800_000_000_000)))
    }

    /// Moves the clock, forward or back.
    pub(crate) fn turn(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1000, Ordering::SeqCst);
    }
}

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}
