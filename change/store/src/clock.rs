//! The store's clock: the wall clock, but never before the latest moment the database has seen.
//! Used for everything the store dates and compares; lent to the engine so that both agree.
//! Must never go backwards: a clock set back must not revive a lease or an approval.

use chopmark_domain::ports::Clock;
use chopmark_domain::time::Timestamp;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// A wall clock with a high-water mark.
#[derive(Clone)]
pub(crate) struct SteadyClock {
    wall: Arc<dyn Clock>,
    seen: Arc<AtomicI64>,
}

impl SteadyClock {
    pub(crate) fn new(wall: Arc<dyn Clock>) -> Self {
        Self { wall, seen: Arc::new(AtomicI64::new(i64::MIN)) }
    }

    /// Takes over a moment that the database has seen.
    pub(crate) fn has_seen(&self, at: i64) {
        self.seen.fetch_max(at, Ordering::AcqRel);
    }
}

impl Clock for SteadyClock {
    fn now(&self) -> Timestamp {
        let wall = self.wall.now().0;
        Timestamp(self.seen.fetch_max(wall, Ordering::AcqRel).max(wall))
    }
}
