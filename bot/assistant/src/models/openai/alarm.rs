//! One timer for all the waits of a question: it rings early rather than being set anew for every piece.
//! Used where an answer is read.
//! Must never end a wait before its own moment: when it rings too early it is wound up again.

use std::pin::Pin;
use std::time::Duration;
use tokio::time::{Instant, Sleep, sleep};

/// The timer. Setting one wakes whoever sleeps until a later moment; an answer of many pieces would do so each time.
pub(super) struct Alarm {
    sleep: Pin<Box<Sleep>>,
}

impl Alarm {
    /// Rings first after the shortest wait there will be.
    pub(super) fn new(shortest: Duration) -> Self {
        Self { sleep: Box::pin(sleep(shortest)) }
    }

    /// What comes of the work, unless the moment comes first.
    pub(super) async fn before<T>(&mut self, moment: Instant, work: impl Future<Output = T>) -> Option<T> {
        let mut work = std::pin::pin!(work);
        loop {
            tokio::select! {
                biased;
                done = &mut work => return Some(done),
                () = self.sleep.as_mut() => {
                    if Instant::now() >= moment {
                        return None;
                    }
                    self.sleep.as_mut().reset(moment);
                }
            }
        }
    }
}
