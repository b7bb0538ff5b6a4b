//! The inside of an exec child: entering its spool before anything else, and leaving its outcome there.
//! Called by the program's main for `chopmark exec RUN`, before any runtime or thread.
//! Must never be entered twice for a run, nor leave a process behind.

use super::spool::{Beginning, ProgressLine, Spool};
use crate::confine::Interrupt;
use crate::{confine, proc};
use chopmark_domain::ids::RunId;
use chopmark_domain::ports::Progress;
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::run::Outcome;
use rustix::fs::FlockOperation;
use rustix::io::FdFlags;
use std::fs::File;
use std::path::Path;
use std::time::Duration;

/// How long what a run started may take to end by itself.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long killed processes may take to be gone.
const BURIAL: Duration = Duration::from_secs(10);

/// A spool that this process entered: it is the run's child. Held until [`ChildSpool::finish`].
#[derive(Debug)]
pub struct ChildSpool {
    spool: Spool,
    /// Inherited by everything this process starts: the lock is free when the last of them has ended.
    _lock: File,
}

/// Enters a run's spool: an own session, every orphan ours, the lock held, the beginning said. To be called
/// by main before any runtime or thread.
///
/// # Errors
/// [`Code::TicketUsed`] when the run was begun or closed before: leave without effect.
/// [`Code::ExecFailed`] when the folder cannot be used.
pub fn enter(data: &Path, run: &RunId) -> Result<ChildSpool, Problem> {
    let spool = Spool::new(data, run);
    spool.create()?;
    // Fails when somebody started us as leader of a group: then that is our group.
    let _own_session = rustix::process::setsid();
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    confine::adopt();
    let used = || Problem::new(Code::TicketUsed).with("run", run);
    let lock = spool.lock().map_err(|error| spool.problem(&error))?;
    if spool.beginning().map_err(|error| spool.problem(&error))?.is_some() {
        return Err(used());
    }
    rustix::fs::flock(&lock, FlockOperation::NonBlockingLockExclusive).map_err(|_| used())?;
    rustix::io::fcntl_setfd(&lock, FdFlags::empty()).map_err(|error| spool.problem(&error))?;
    let pid = i32::try_from(std::process::id()).map_err(|error| spool.problem(&error))?;
    let started = proc::read(pid).map_or(0, |me| me.started);
    let beginning = Beginning::Child { pid, started, boot: proc::boot() };
    if spool.begin(&beginning).map_err(|error| spool.problem(&error))? {
        Ok(ChildSpool { spool, _lock: lock })
    } else {
        Err(used())
    }
}

impl ChildSpool {
    /// Where runners report.
    pub fn progress(&self) -> impl Progress + 'static {
        SpoolProgress(self.spool.clone())
    }

    /// By which the run is asked to stop. How long its programs may take for that, the spool says.
    pub fn interrupt(&self) -> Interrupt {
        let spool = self.spool.clone();
        Interrupt::new(move |patience| {
            // Unsaid, the run is given less time: it ends as one that was broken off, and is looked at.
            if let Err(error) = spool.tell_patience(patience) {
                tracing::warn!(%error, "patience.unwritten");
            }
        })
    }

    /// Ends whatever the run left running, then writes its outcome. To be called when no runtime waits for a
    /// child any more.
    ///
    /// # Errors
    /// [`Code::ExecFailed`] when the outcome cannot be written: the run is then lost, and a person looks.
    pub fn finish(self, outcome: &Outcome) -> Result<(), Problem> {
        if !confine::end_all(PATIENCE, BURIAL) {
            return Err(self.spool.problem(&"a process of the run cannot be ended"));
        }
        self.spool.finish(outcome).map_err(|error| self.spool.problem(&error))
    }
}

/// Progress as lines in the spool.
#[derive(Debug, Clone)]
struct SpoolProgress(Spool);

impl Progress for SpoolProgress {
    fn report(&self, key: &str, about: &str) {
        let line = ProgressLine { key: key.to_owned(), about: about.to_owned() };
        // A full disk must not stop an effect half way for want of a line about it.
        if let Err(error) = self.0.report(&line) {
            tracing::warn!(%error, key, "progress.unwritten");
        }
    }
}
