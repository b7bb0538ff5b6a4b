//! Requests that are being thought about, and stopping them.
//! Used by the router around the assistant alone.
//! Must never stop anything that has begun to move a change.

use chopmark_domain::change::Place;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// A place, and what stops the request there.
type Entry = (Place, Arc<Notify>);

/// Everything that is being thought about.
#[derive(Clone, Default)]
pub(super) struct Thinking(Arc<Mutex<Vec<Entry>>>);

/// One request that is being thought about, until it is dropped.
pub(super) struct Thought {
    all: Thinking,
    stop: Arc<Notify>,
}

impl Thinking {
    fn all(&self) -> MutexGuard<'_, Vec<Entry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A request begins to be thought about.
    pub(super) fn begin(&self, place: &Place) -> Thought {
        let stop = Arc::new(Notify::new());
        self.all().push((place.clone(), Arc::clone(&stop)));
        Thought { all: self.clone(), stop }
    }

    /// Stops what is being thought about in a place; says whether there was anything.
    pub(super) fn stop(&self, place: &Place) -> bool {
        let mut all = self.all();
        let found = all.iter().filter(|(at, _)| at == place).inspect(|(_, stop)| stop.notify_one()).count();
        // What was told to stop is not told again: whoever insists, means to leave.
        all.retain(|(at, _)| at != place);
        found > 0
    }
}

impl Thought {
    /// Returns when it is to stop.
    pub(super) async fn stopped(&self) {
        self.stop.notified().await;
    }
}

impl Drop for Thought {
    fn drop(&mut self) {
        self.all.all().retain(|(_, stop)| !Arc::ptr_eq(stop, &self.stop));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(thread: &str) -> Place {
        Place { surface: "terminal".to_owned(), channel: "1".to_owned(), thread: thread.to_owned() }
    }

    #[tokio::test]
    async fn only_what_is_thought_about_in_that_place_stops_and_only_once() {
        let thinking = Thinking::default();
        let (mine, other) = (thinking.begin(&place("a")), thinking.begin(&place("b")));
        assert!(thinking.stop(&place("a")) && !thinking.stop(&place("a")));
        mine.stopped().await;
        assert!(tokio::time::timeout(std::time::Duration::from_millis(20), other.stopped()).await.is_err());
        drop(other);
        assert!(!thinking.stop(&place("b")));
    }
}
