//! Starting exec children and watching them through their spools.
//! Called by the engine's worker; the child goes on when the worker dies.
//! Must never start a run whose spool says that it was begun or closed.

use super::abandoned::Abandoned;
use super::spool::{Beginning, Spool};
use async_trait::async_trait;
use chopmark_domain::ids::RunId;
use chopmark_domain::ports::{Answer, Execution, Executor};
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::run::Run;
use rustix::process::Signal;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::process::Command;

/// How long a child may take from its start to its first trace; it does nothing before but read its program.
const BEGINNING: Duration = Duration::from_secs(15);
/// How long a child may take to follow a signal before it gets the next.
const GRACE: Duration = Duration::from_secs(10);
/// How often a child's traces are looked for.
const PAUSE: Duration = Duration::from_millis(2);

/// Starts `<binary> exec RUN --data FOLDER` and reads spools.
#[derive(Debug, Clone)]
pub struct SpoolExecutor {
    binary: PathBuf,
    data: PathBuf,
    config: Option<PathBuf>,
    abandoned: Arc<Abandoned>,
}

impl SpoolExecutor {
    /// Children of that program, with that data folder and configuration file.
    pub fn new(binary: PathBuf, data: PathBuf, config: Option<PathBuf>) -> Self {
        Self { binary, data, config, abandoned: Arc::default() }
    }

    fn spool(&self, run: &RunId) -> Spool {
        Spool::new(&self.data, run)
    }
}

#[async_trait]
impl Executor for SpoolExecutor {
    async fn start(&self, run: &Run) -> Answer<()> {
        let spool = self.spool(&run.id);
        spool.create()?;
        let beginning = || spool.beginning().map_err(|error| spool.problem(&error));
        match beginning()? {
            None => {}
            Some(Beginning::Child { .. }) => return Ok(()),
            Some(Beginning::Nobody) => return Err(spool.problem(&"the run was closed before it began")),
        }
        let output = || spool.output().map(Stdio::from);
        let mut command = Command::new(&self.binary);
        command.args(["exec", run.id.as_str(), "--data"]).arg(&self.data);
        if let Some(config) = &self.config {
            command.arg("--config").arg(config);
        }
        // The child resolves secrets from its own environment, which is ours; programs below it get only
        // what is named. It is nobody's to end: dropping the handle leaves it running.
        let mut child = command
            .stdin(Stdio::null())
            .stdout(output()?)
            .stderr(output()?)
            .kill_on_drop(false)
            .spawn()
            .map_err(|error| spool.problem(&error))?;
        let begun = Instant::now();
        loop {
            if beginning()?.is_some() {
                return Ok(());
            }
            let ended = child.try_wait().map_err(|error| spool.problem(&error))?;
            if ended.is_some() || begun.elapsed() > BEGINNING {
                // Closing the run and looking are one: a child that is only late finds it closed.
                return match spool.look()? {
                    Execution::NeverBegan => {
                        let _late = child.start_kill();
                        let tail = spool.tail().unwrap_or_default().join("; ");
                        Err(spool.problem(&format!("the child did not begin: {tail}")))
                    }
                    Execution::Running | Execution::Finished(_) | Execution::Lost { .. } => Ok(()),
                };
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn has_begun(&self, run: &RunId) -> Answer<bool> {
        let spool = self.spool(run);
        spool.beginning().map(|found| found.is_some()).map_err(|error| spool.problem(&error))
    }

    async fn look(&self, run: &RunId) -> Answer<Execution> {
        let spool = self.spool(run);
        let known = spool.look()?;
        match &known {
            Execution::Running => {
                self.abandoned.look_after(run, &spool).map_err(|error| spool.problem(&error))?;
            }
            Execution::NeverBegan | Execution::Finished(_) | Execution::Lost { .. } => self.abandoned.forget(run),
        }
        Ok(known)
    }

    async fn progress(&self, run: &RunId, skip: usize) -> Answer<Vec<(String, String)>> {
        Ok(self.spool(run).progress(skip))
    }

    async fn stop(&self, run: &RunId) -> Answer<()> {
        let spool = self.spool(run);
        for signal in [Signal::INT, Signal::TERM, Signal::KILL] {
            if !running(&spool)? {
                return Ok(());
            }
            let first = signal == Signal::INT;
            let asking = if first { spool.interrupt() } else { spool.signal(signal) };
            asking.map_err(|error| spool.problem(&error))?;
            let asked = Instant::now();
            // A program that must not be broken off says how long it may take, and may say so only now.
            let patience = || if first { GRACE.max(spool.patience()) } else { GRACE };
            while asked.elapsed() < patience() && running(&spool)? {
                tokio::time::sleep(PAUSE).await;
            }
        }
        if running(&spool)? { Err(Problem::new(Code::TargetBusy).with("run", run)) } else { Ok(()) }
    }
}

fn running(spool: &Spool) -> Result<bool, Problem> {
    let begun = spool.beginning().map_err(|error| spool.problem(&error))?.is_some();
    Ok(begun && spool.is_held().map_err(|error| spool.problem(&error))?)
}
