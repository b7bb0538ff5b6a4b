//! A circuit breaker: a model that keeps failing is left alone for a while, then tried by one request.
//! Used by the chain of models, one for each.
//! Must never shut a model out for good: whoever comes after the rest tries it again.

use chopmark_domain::problem::Code;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// Failures in a row after which a model is left alone.
const MOST_FAILURES: u32 = 3;
/// How long it is left alone.
const REST: Duration = Duration::from_secs(30);

/// What has become of the last questions.
#[derive(Debug, Default)]
struct Past {
    failures: u32,
    resting: Option<(Instant, Code)>,
}

/// A breaker.
#[derive(Debug, Default)]
pub(crate) struct Breaker {
    past: Mutex<Past>,
}

impl Breaker {
    /// Why the model is left alone now; none when it may be asked. The first one after the rest may ask it: the
    /// others wait for what comes of that.
    pub(crate) fn open(&self) -> Option<Code> {
        let mut past = self.lock();
        let (until, code) = past.resting?;
        if Instant::now() < until {
            return Some(code);
        }
        past.resting = Some((Instant::now() + REST, code));
        None
    }

    /// It answered.
    pub(crate) fn worked(&self) {
        *self.lock() = Past::default();
    }

    /// It failed.
    pub(crate) fn failed(&self, code: Code) {
        let mut past = self.lock();
        past.failures += 1;
        if past.failures >= MOST_FAILURES {
            past.resting = Some((Instant::now() + REST, code));
        }
    }

    fn lock(&self) -> MutexGuard<'_, Past> {
        self.past.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn it_opens_after_failures_in_a_row_lets_one_through_after_the_rest_and_closes_when_that_works() {
        let breaker = Breaker::default();
        breaker.failed(Code::ModelBusy);
        breaker.failed(Code::ModelBusy);
        breaker.worked();
        breaker.failed(Code::ModelBusy);
        breaker.failed(Code::ModelBusy);
        assert_eq!(breaker.open(), None);
        breaker.failed(Code::ModelUnreachable);
        assert_eq!(breaker.open(), Some(Code::ModelUnreachable));
        tokio::time::advance(REST).await;
        assert_eq!((breaker.open(), breaker.open()), (None, Some(Code::ModelUnreachable)));
        breaker.failed(Code::ModelBusy);
        assert_eq!(breaker.open(), Some(Code::ModelBusy));
        tokio::time::advance(REST).await;
        assert_eq!(breaker.open(), None);
        breaker.worked();
        assert_eq!((breaker.open(), breaker.open()), (None, None));
    }
}
