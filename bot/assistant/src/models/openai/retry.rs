//! When to ask again: pauses that grow and differ, within one deadline for all tries.
//! Used by the loop of tries.
//! Must never wait beyond the deadline: then it says at once that it was in vain.

use super::refusal::{Again, Fault};
use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use std::time::Duration;
use tokio::time::Instant;

/// Times a question is sent at most.
const MOST_TRIES: usize = 4;
/// The first pause, before chance makes it longer.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
/// The longest pause of our own.
const LONGEST_PAUSE: Duration = Duration::from_secs(8);

/// The tries of one question.
pub(super) struct Tries {
    pauses: ExponentialBackoff,
    deadline: Instant,
    broke_off: bool,
}

impl Tries {
    /// So much time for all of them.
    pub(super) fn within(total: Duration) -> Self {
        let pauses = ExponentialBuilder::default()
            .with_min_delay(FIRST_PAUSE)
            .with_max_delay(LONGEST_PAUSE)
            .with_max_times(MOST_TRIES - 1)
            .with_jitter()
            .build();
        Self { pauses, deadline: Instant::now() + total, broke_off: false }
    }

    /// When the last of them must be over.
    pub(super) fn deadline(&self) -> Instant {
        self.deadline
    }

    /// How long to wait before the next try; none when there is no next one.
    pub(super) fn pause(&mut self, fault: Fault) -> Option<Duration> {
        let own = match fault.again() {
            Again::Never => return None,
            Again::Once if std::mem::replace(&mut self.broke_off, true) => return None,
            Again::Once | Again::Later => self.pauses.next()?,
            // What the server asks for, and a little more: everybody else was told the same moment.
            Again::After(wait) => wait.saturating_add(self.pauses.next()?.min(wait.max(FIRST_PAUSE) / 4)),
        };
        // A server may ask for more time than a clock can show.
        Instant::now().checked_add(own).filter(|moment| *moment < self.deadline).map(|_| own)
    }
}
