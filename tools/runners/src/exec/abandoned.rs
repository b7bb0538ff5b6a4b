//! Runs that nobody looks after any more: their child is gone, and something it started lives on.
//! Used by the executor whenever a run seems to run.
//! Must never end what somebody still ends in order, nor wait for ever for what nobody does.

use super::spool::{Beginning, Spool};
use crate::proc;
use chopmark_domain::ids::RunId;
use rustix::process::Signal;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long what nobody looks after may go on: a provider that lost its program finishes a call, and saves nothing.
const GRACE: Duration = Duration::from_secs(10);

/// Since when runs are known to be abandoned.
#[derive(Debug, Default)]
pub(super) struct Abandoned(Mutex<HashMap<RunId, Instant>>);

impl Abandoned {
    /// A run still has processes. What outlives its child, and whoever confined it, is ended after a grace: a server
    /// that waits for a client would otherwise hold the run open for ever.
    pub(super) fn look_after(&self, run: &RunId, spool: &Spool) -> std::io::Result<()> {
        let mut since = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Whoever confines a program has its own ladder, and says how long that is.
        let grace = match spool.beginning()? {
            Some(beginning) if is_gone(&beginning) => GRACE + spool.patience(),
            _ => {
                since.remove(run);
                return Ok(());
            }
        };
        let waited = since.entry(run.clone()).or_insert_with(Instant::now).elapsed();
        if waited >= GRACE && (waited >= grace || !spool.is_confined()?) {
            tracing::warn!(%run, "run.abandoned");
            since.remove(run);
            drop(since);
            spool.signal(Signal::KILL)?;
        }
        Ok(())
    }

    /// A run is over.
    pub(super) fn forget(&self, run: &RunId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(run);
    }
}

/// Whether the child is known to have ended. Where nothing tells processes apart, it is not known.
fn is_gone(beginning: &Beginning) -> bool {
    match beginning {
        Beginning::Child { pid, started, boot } => {
            let lives = || proc::read(*pid).is_some_and(|process| process.alive && process.started == *started);
            *started != 0 && *boot == proc::boot() && !lives()
        }
        Beginning::Nobody => false,
    }
}
