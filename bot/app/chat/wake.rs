//! Wakes: rings a pump when this process has written something for it.
//! Used by the pumps of an office.
//! Must never be relied on alone: other processes write the same store, so every pump looks by itself, too.

use std::time::Duration;
use tokio::sync::{Notify, watch};

/// The bells of an office.
#[derive(Default)]
pub(super) struct Wakes {
    /// Something was handed in.
    pub(super) inbox: Notify,
    /// Something is to be sent.
    pub(super) outbox: Notify,
    /// Something is to be drawn.
    pub(super) cards: Notify,
}

/// Waits for a bell, for a change of `stop`, or that long.
pub(super) async fn rest(bell: &Notify, stop: &mut watch::Receiver<bool>, at_most: Duration) {
    tokio::select! {
        () = bell.notified() => {}
        () = tokio::time::sleep(at_most) => {}
        // A sender that is gone means stop; whoever loops sees it.
        _ = stop.changed() => {}
    }
}

/// Whether it is time to stop: said so, or nobody is left to say so.
pub(super) fn stopped(stop: &watch::Receiver<bool>) -> bool {
    *stop.borrow() || stop.has_changed().is_err()
}
