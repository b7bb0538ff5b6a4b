//! Slots: who works on a card's row just now, so that a picture on its way and a wish to post it anew don't mix.
//! Used by cards.rs and outlet.rs.
//! Must never be held over anything but the work on that one card.

use chopmark_domain::change::Place;
use chopmark_domain::ids::ChangeId;
use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Notify;

/// A card: its place and change.
pub(super) type Key = (Place, ChangeId);

/// The cards that somebody works on.
#[derive(Clone, Default)]
pub(super) struct Slots {
    held: Arc<Mutex<HashSet<Key>>>,
    freed: Arc<Notify>,
}

/// The right to work on a card's row, until it is dropped.
pub(super) struct Held {
    slots: Slots,
    key: Key,
}

impl Slots {
    /// Takes a card, unless somebody has it.
    pub(super) fn take(&self, key: &Key) -> Option<Held> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.insert(key.clone()).then(|| Held { slots: self.clone(), key: key.clone() })
    }

    /// Takes a card when nobody has it any more.
    pub(super) async fn wait(&self, key: &Key) -> Held {
        loop {
            let freed = self.freed.notified();
            tokio::pin!(freed);
            freed.as_mut().enable();
            if let Some(held) = self.take(key) {
                return held;
            }
            freed.await;
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.slots.held.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.key);
        self.slots.freed.notify_waiters();
    }
}
