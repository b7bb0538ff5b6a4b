//! A run's spool folder: the traces by which anybody can tell how far its child came.
//! Written by the child, read by workers; the folder is `<data>/spool/<run>`.
//! Must never say that nothing began while something still may.

use crate::proc;
use chopmark_domain::ids::RunId;
use chopmark_domain::ports::Execution;
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::run::Outcome;
use rustix::fs::FlockOperation;
use rustix::io::Errno;
use rustix::process::{Pid, Signal};
#[cfg(target_os = "linux")]
use rustix::process::{PidfdFlags, pidfd_open, pidfd_send_signal};
use serde::{Deserialize, Serialize};
use std::fs::{File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How much of a child's output is looked at for its last lines.
const TAIL_BYTES: u64 = 64 << 10;
/// How many last lines are evidence.
const TAIL_LINES: usize = 20;

/// The folder of one run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spool {
    folder: PathBuf,
}

/// Who began a run. Written once, whole or not at all; nobody can begin after it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "began")]
pub(super) enum Beginning {
    /// A child.
    Child {
        /// Its number, also its group's and session's.
        pid: i32,
        /// Its start time, as in `/proc`; 0 where there is none.
        started: u64,
        /// Its boot.
        boot: String,
    },
    /// A worker found no child and closed the run for ever.
    Nobody,
}

/// One line of progress.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ProgressLine {
    pub(super) key: String,
    pub(super) about: String,
}

impl Spool {
    /// The folder of a run below the data folder.
    pub fn new(data: &Path, run: &RunId) -> Self {
        Self { folder: data.join("spool").join(run.as_str()) }
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Makes the folder, for its owner's eyes only.
    pub(super) fn create(&self) -> Result<(), Problem> {
        let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&self.folder);
        made.map_err(|error| self.problem(&error))
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Where the child's output goes.
    pub(super) fn output(&self) -> Result<File, Problem> {
        self.append("output.log").map_err(|error| self.problem(&error))
    }

    fn append(&self, name: &str) -> std::io::Result<File> {
        OpenOptions::new().create(true).append(true).mode(0o600).open(self.path(name))
    }

    /// The lock's file. The child holds it exclusively, and so does everything it starts.
    pub(super) fn lock(&self) -> std::io::Result<File> {
        OpenOptions::new().create(true).truncate(false).read(true).write(true).mode(0o600).open(self.path("lock"))
    }

    /// Says who begins. False when that was said before.
    pub(super) fn begin(&self, beginning: &Beginning) -> std::io::Result<bool> {
        let draft = self.path(&format!("started.{}", std::process::id()));
        self.write_whole(&draft, beginning)?;
        // A link is made whole or not at all, and fails when the name is taken.
        let linked = std::fs::hard_link(&draft, self.path("started.json"));
        std::fs::remove_file(&draft)?;
        match linked {
            Ok(()) => self.sync().map(|()| true),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(false),
            Err(error) => Err(error),
        }
    }

    pub(super) fn beginning(&self) -> std::io::Result<Option<Beginning>> {
        match std::fs::read(self.path("started.json")) {
            Ok(bytes) => Ok(Some(serde_json::from_slice(&bytes)?)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Writes the outcome so that it is there whole or not at all, even when power fails.
    pub(super) fn finish(&self, outcome: &Outcome) -> std::io::Result<()> {
        let draft = self.path("outcome.draft");
        self.write_whole(&draft, outcome)?;
        std::fs::rename(&draft, self.path("outcome.json"))?;
        self.sync()
    }

    fn write_whole<T: Serialize>(&self, path: &Path, value: &T) -> std::io::Result<()> {
        let mut file = OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(path)?;
        file.write_all(&serde_json::to_vec(value)?)?;
        file.sync_all()
    }

    /// A new name in a folder lasts only when the folder was written out too.
    fn sync(&self) -> std::io::Result<()> {
        File::open(&self.folder)?.sync_all()
    }

    /// Adds a line of progress.
    pub(super) fn report(&self, line: &ProgressLine) -> std::io::Result<()> {
        let mut text = serde_json::to_string(line)?;
        text.push('\n');
        self.append("progress.jsonl")?.write_all(text.as_bytes())
    }

    /// The lines of progress after the first `skip`. A line that is half written is not there yet.
    pub(super) fn progress(&self, skip: usize) -> Vec<(String, String)> {
        let text = std::fs::read_to_string(self.path("progress.jsonl")).unwrap_or_default();
        let whole = text.split_inclusive('\n').filter(|line| line.ends_with('\n'));
        let lines = whole.skip(skip).filter_map(|line| serde_json::from_str::<ProgressLine>(line).ok());
        lines.map(|line| (line.key, line.about)).collect()
    }

    /// Whether a process of the run holds the lock. Only asked after a beginning was seen: the child locks
    /// before it begins, so asking cannot get in its way.
    pub(super) fn is_held(&self) -> std::io::Result<bool> {
        match rustix::fs::flock(self.lock()?, FlockOperation::NonBlockingLockShared) {
            Ok(()) => Ok(false),
            Err(Errno::WOULDBLOCK) => Ok(true),
            Err(error) => Err(error.into()),
        }
    }

    /// What is known of the run. When there is no sign of a child, the run is closed first, so that a child
    /// on its way here cannot begin any more.
    ///
    /// # Errors
    /// [`Code::ExecFailed`] when the folder cannot be used: then nothing is known.
    pub fn look(&self) -> Result<Execution, Problem> {
        let known = || -> std::io::Result<Execution> {
            if self.beginning()?.is_none() {
                self.begin(&Beginning::Nobody)?;
            }
            match self.beginning()? {
                Some(Beginning::Nobody) | None => return Ok(Execution::NeverBegan),
                Some(Beginning::Child { .. }) => {}
            }
            // Asked before the outcome is read: a child that ends in between has written it.
            let held = self.is_held()?;
            match std::fs::read(self.path("outcome.json")) {
                Ok(bytes) => match serde_json::from_slice(&bytes) {
                    Ok(outcome) => return Ok(Execution::Finished(outcome)),
                    Err(error) => tracing::warn!(%error, "outcome.unreadable"),
                },
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
            Ok(if held { Execution::Running } else { Execution::Lost { tail: self.tail()? } })
        };
        self.create()?;
        known().map_err(|error| self.problem(&error))
    }

    /// The last lines of the child's output.
    pub(super) fn tail(&self) -> std::io::Result<Vec<String>> {
        let mut file = match File::open(self.path("output.log")) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            other => other?,
        };
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(TAIL_BYTES)))?;
        let mut bytes = Vec::new();
        file.take(TAIL_BYTES).read_to_end(&mut bytes)?;
        Ok(crate::confine::tail(&bytes, TAIL_LINES))
    }

    /// Says how long a program of the run may take to stop once it was asked. The longest that was said counts.
    pub(super) fn tell_patience(&self, patience: Duration) -> std::io::Result<()> {
        if patience <= self.patience() {
            return Ok(());
        }
        let draft = self.path("patience.draft");
        self.write_whole(&draft, &patience.as_secs())?;
        std::fs::rename(&draft, self.path("patience.json"))
    }

    /// How long a program of the run may take to stop, as far as that was said.
    pub(super) fn patience(&self) -> Duration {
        let said = std::fs::read(self.path("patience.json")).ok();
        Duration::from_secs(said.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default())
    }

    /// Asks the run's child, and only it, to stop: it asks its program by itself, and one that is asked twice breaks
    /// off. A child that is gone is asked no more; what it started is being ended by who confines it.
    pub(super) fn interrupt(&self) -> std::io::Result<()> {
        let Some(Beginning::Child { pid, started, boot }) = self.beginning()? else { return Ok(()) };
        let Some(child) = Pid::from_raw(pid) else { return Ok(()) };
        #[cfg(target_os = "linux")]
        if let Ok(handle) = pidfd_open(child, PidfdFlags::empty())
            && boot == proc::boot()
            && proc::read(pid).is_some_and(|process| process.started == started)
        {
            let _may_be_gone = pidfd_send_signal(&handle, Signal::INT);
        }
        #[cfg(not(target_os = "linux"))]
        {
            let _nothing_tells_processes_apart = (started, boot);
            let _may_be_gone = rustix::process::kill_process(child, Signal::INT);
        }
        Ok(())
    }

    /// Whether a process that confines a program of the run lives: it ends what it started by itself.
    #[cfg(target_os = "linux")]
    pub(super) fn is_confined(&self) -> std::io::Result<bool> {
        let lock = self.path("lock").canonicalize()?;
        Ok(proc::all().into_iter().any(|pid| proc::word(pid, 1) == "confine" && proc::has_open(pid, &lock)))
    }

    /// The reduced twin: nobody lists processes.
    #[cfg(not(target_os = "linux"))]
    pub(super) fn is_confined(&self) -> std::io::Result<bool> {
        Ok(true)
    }

    /// Signals every process of the run: those that hold its lock, whatever group or session they went to.
    #[cfg(target_os = "linux")]
    pub(super) fn signal(&self, signal: Signal) -> std::io::Result<()> {
        let lock = self.path("lock").canonicalize()?;
        for pid in proc::all() {
            // Held by a descriptor, the process cannot become another one between the look and the signal.
            let Some(handle) = Pid::from_raw(pid).and_then(|pid| pidfd_open(pid, PidfdFlags::empty()).ok()) else {
                continue;
            };
            if pid != std::process::id().cast_signed() && proc::has_open(pid, &lock) {
                let _may_be_gone = pidfd_send_signal(&handle, signal);
            }
        }
        Ok(())
    }

    /// The reduced twin: the child's group is all that is known.
    #[cfg(not(target_os = "linux"))]
    pub(super) fn signal(&self, signal: Signal) -> std::io::Result<()> {
        if let Some(Beginning::Child { pid, .. }) = self.beginning()?
            && let Some(pid) = Pid::from_raw(pid)
        {
            let _may_be_gone = rustix::process::kill_process_group(pid, signal);
        }
        Ok(())
    }

    pub(super) fn problem(&self, error: &dyn std::fmt::Display) -> Problem {
        Problem::new(Code::ExecFailed)
            .with("program", "chopmark exec")
            .with("reason", format!("{}: {error}", self.folder.display()))
    }
}
