//! Being asked to stop: told once, heard by every program that is followed.
//! Made by the exec child, carried by its `Confiner`; nobody else interrupts.
//! Must never be forgotten once told.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// Whether a run was asked to stop. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct Interrupt {
    asked: Arc<watch::Sender<bool>>,
    following: Arc<watch::Sender<usize>>,
    patience: Arc<dyn Fn(Duration) + Send + Sync>,
}

impl Interrupt {
    /// Nobody asked yet. `patience` hears how long a program that is followed may take to stop, whenever one begins.
    pub fn new(patience: impl Fn(Duration) + Send + Sync + 'static) -> Self {
        Self {
            asked: Arc::new(watch::Sender::new(false)),
            following: Arc::new(watch::Sender::new(0)),
            patience: Arc::new(patience),
        }
    }

    /// Asks.
    pub fn ask(&self) {
        self.asked.send_replace(true);
    }

    /// Whether somebody asked.
    pub fn is_asked(&self) -> bool {
        *self.asked.borrow()
    }

    /// Whether a program is followed now that stops when it is asked.
    pub fn is_heard(&self) -> bool {
        *self.following.borrow() > 0
    }

    /// Waits until somebody asks.
    pub(crate) async fn asked(&self) {
        // Nobody can ask any more once the other end is gone; it lives as long as we do.
        if self.asked.subscribe().wait_for(|asked| *asked).await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// A program begins that is asked when we are, and may take so long to stop.
    pub(crate) fn follow(&self, patience: Duration) -> Following<'_> {
        (self.patience)(patience);
        self.following.send_modify(|count| *count += 1);
        Following(self)
    }
}

impl fmt::Debug for Interrupt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Interrupt").field("asked", &self.is_asked()).finish_non_exhaustive()
    }
}

/// A program that is followed, until it is dropped.
pub(crate) struct Following<'a>(&'a Interrupt);

impl Drop for Following<'_> {
    fn drop(&mut self) {
        self.0.following.send_modify(|count| *count = count.saturating_sub(1));
    }
}
