//! Leases: one holder at a time, with an epoch that fences the others.
//! Given by the store; a live one is asked for by everything that acts.
//! Must never be believed without the store's row and its clock.

use crate::ids::Epoch;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A lease as the store keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaseRow {
    /// What it is on: `worker`, or `target:` and the canonical targets of a run.
    pub name: String,
    /// Who holds it: a process (host, boot, pid, start time) or a run.
    pub holder: String,
    /// Grows with every new holder.
    pub epoch: Epoch,
    /// When it ends unless renewed; none for a run's target, which is released only with the final state.
    pub expires_at: Option<Timestamp>,
}

/// A lease that was live when the store was last asked. Needed to act; made only from a row.
///
/// ```compile_fail
/// let lease = chopmark_domain::lease::LiveLease { row: todo!() };
/// ```
#[derive(Debug)]
pub struct LiveLease {
    row: LeaseRow,
}

/// The lease is somebody else's, or over.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the lease {name} is not held: {why}")]
pub struct NotHeld {
    /// The lease.
    pub name: String,
    /// Why.
    pub why: String,
}

impl LiveLease {
    /// Checks a row just read from the store against the holder and epoch that claim it.
    ///
    /// # Errors
    /// [`NotHeld`] when the row names another holder or epoch, or has expired.
    pub fn confirm(row: LeaseRow, holder: &str, epoch: Epoch, now: Timestamp) -> Result<Self, NotHeld> {
        let why = if row.holder != holder {
            format!("held by {}", row.holder)
        } else if row.epoch != epoch {
            format!("epoch moved from {} to {}", epoch.0, row.epoch.0)
        } else if row.expires_at.is_some_and(|end| now >= end) {
            "expired".to_owned()
        } else {
            return Ok(Self { row });
        };
        Err(NotHeld { name: row.name, why })
    }

    /// Its fencing number.
    pub fn epoch(&self) -> Epoch {
        self.row.epoch
    }
    /// What it is on.
    pub fn name(&self) -> &str {
        &self.row.name
    }
    /// Who holds it.
    pub fn holder(&self) -> &str {
        &self.row.holder
    }
}
