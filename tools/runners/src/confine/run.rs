//! Running one confined program and taking home what came of it.
//! Called by the runners for every program they use.
//! Must never answer before everything the program started has ended.

use super::capture::{self, Captured, Lines, Reading};
use super::entry::{COMPLAINT, NOT_STARTED};
use super::interrupt::Interrupt;
use super::policy::{Isolation, Order, Policy};
use super::sandbox;
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::run::ProgramRun;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncRead, AsyncWriteExt as _};
use tokio::process::{ChildStdin, Command};
use tokio::sync::Notify;

/// How long after its limit the confining process itself may take until it counts as stuck: both graces, the
/// burial of [`super::entry`], and some.
const STUCK: Duration = Duration::from_secs(20);

/// Runs programs confined, by way of `chopmark confine`.
#[derive(Debug, Clone)]
pub struct Confiner {
    binary: PathBuf,
    isolation: Isolation,
    word: String,
    interrupt: Option<Interrupt>,
}

/// One program to run.
#[derive(Debug, Clone)]
pub struct Invocation {
    /// Its absolute path.
    pub program: PathBuf,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// Every variable it sees.
    pub environment: BTreeMap<String, String>,
    /// Where it runs.
    pub folder: PathBuf,
    /// What it reads; nothing when empty.
    pub input: Vec<u8>,
    /// What it may touch and use.
    pub policy: Policy,
}

/// A program that ran to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ran {
    /// Program and arguments.
    pub argv: Vec<String>,
    /// Names of the variables it saw.
    pub environment: Vec<String>,
    /// Its exit code; none when a signal ended it.
    pub exit: Option<i32>,
    /// What it wrote to standard output.
    pub stdout: Captured,
    /// What it wrote to standard error.
    pub stderr: Captured,
}

impl Ran {
    /// What the run's record keeps.
    pub fn record(&self) -> ProgramRun {
        ProgramRun {
            argv: self.argv.clone(),
            environment: self.environment.clone(),
            exit: self.exit,
            stdout: self.stdout.digest,
            stderr: self.stderr.digest,
        }
    }
}

/// How a program that was followed came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// By itself.
    Itself,
    /// It was asked to stop because its run was.
    Interrupted,
    /// It was stopped because its time was over.
    Timeout,
    /// It was stopped because it flooded its output.
    Flood,
}

/// A program that was followed to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Followed {
    /// What ran.
    pub ran: Ran,
    /// How it ended.
    pub end: End,
}

impl Confiner {
    /// Confines as far as this machine can. `binary` is the chopmark program itself, or one whose `confine`
    /// is [`super::entry`].
    pub fn new(binary: PathBuf) -> Self {
        let (isolation, word) = sandbox::best();
        Self { binary, isolation, word, interrupt: None }
    }

    /// Confines without Landlock, as on systems that have none.
    pub fn reduced(binary: PathBuf) -> Self {
        Self { binary, isolation: Isolation::Reduced, word: "reduced".to_owned(), interrupt: None }
    }

    /// The same, whose followed programs are asked to stop when the run is.
    #[must_use]
    pub fn interrupted_by(self, interrupt: Interrupt) -> Self {
        Self { interrupt: Some(interrupt), ..self }
    }

    /// Whether the run was asked to stop.
    pub fn is_interrupted(&self) -> bool {
        self.interrupt.as_ref().is_some_and(Interrupt::is_asked)
    }

    /// How far programs are confined: `landlock-` and the kernel's version of it, or `reduced`.
    pub fn isolation(&self) -> &str {
        &self.word
    }

    /// Runs a program that answers soon. Giving up (dropping the future) stops it: interrupt, terminate, kill.
    ///
    /// # Errors
    /// [`Code::ExecFailed`] when it cannot be confined or started, [`Code::ProgramTimeout`] when its time was
    /// over (facts `program`, `seconds`, `output`), [`Code::ProgramFailed`] when it flooded its output.
    pub async fn run(&self, invocation: Invocation) -> Result<Ran, Problem> {
        let (name, seconds) = (name(&invocation.program), invocation.policy.limits.seconds);
        let Followed { ran, end } = self.carry_out(invocation, &|_| (), None).await?;
        match end {
            End::Itself | End::Interrupted => Ok(ran),
            End::Timeout => {
                let output = if ran.stderr.total > 0 { &ran.stderr } else { &ran.stdout };
                Err(Problem::new(Code::ProgramTimeout)
                    .with("program", name)
                    .with("seconds", seconds)
                    .with("output", output.tail(5).join("\n")))
            }
            End::Flood => {
                let reason = format!("it wrote more than {} bytes", ran.stdout.total.max(ran.stderr.total));
                Err(Problem::new(Code::ProgramFailed).with("program", name).with("reason", reason))
            }
        }
    }

    /// Runs a program that takes its time: each whole line of its output is handed on as it comes, which must not
    /// block, and the program is asked to stop when its run is. However it ends, what it did is told.
    ///
    /// # Errors
    /// [`Code::ExecFailed`] when it cannot be confined or started.
    pub async fn follow(&self, invocation: Invocation, line: &(dyn Fn(&[u8]) + Sync)) -> Result<Followed, Problem> {
        self.carry_out(invocation, line, self.interrupt.as_ref()).await
    }

    async fn carry_out(
        &self,
        invocation: Invocation,
        line: &(dyn Fn(&[u8]) + Sync),
        interrupt: Option<&Interrupt>,
    ) -> Result<Followed, Problem> {
        let name = name(&invocation.program);
        let failed = |reason: String| Problem::new(Code::ExecFailed).with("program", &name).with("reason", reason);
        let Invocation { program, arguments, environment, folder, input, policy } = invocation;
        if !program.is_absolute() {
            return Err(failed("its path is not absolute".to_owned()));
        }
        let limits = policy.limits.clone();
        let order = Order { isolation: self.isolation, input_bytes: input.len(), policy };
        let order = serde_json::to_string(&order).map_err(|error| failed(error.to_string()))?;
        let stopping = STUCK + Duration::from_millis(2 * limits.grace_milliseconds);
        let _followed = interrupt.map(|interrupt| interrupt.follow(stopping));
        let begun = Instant::now();
        let mut child = Command::new(&self.binary)
            .args(["confine", "--policy", &order, "--"])
            .arg(&program)
            .args(&arguments)
            .env_clear()
            .envs(&environment)
            .current_dir(&folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn()
            .map_err(|error| failed(error.to_string()))?;
        let (Some(stdin), Some(stdout), Some(stderr)) = (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            return Err(failed("it has no pipes".to_owned()));
        };
        let keep = limits.output_bytes;
        // The pipe stays open as long as the answer is wanted; closing it stops the program.
        let over = Notify::new();
        let interrupted = AtomicBool::new(false);
        let holding = async {
            let pipe = send(stdin, &input).await;
            tokio::select! {
                () = over.notified() => {}
                () = asked(interrupt) => interrupted.store(true, Ordering::Relaxed),
            }
            drop(pipe);
        };
        let reading = async {
            let outputs = tokio::join!(
                read(stdout, keep, Lines::new(line), &over),
                read(stderr, keep, Lines::new(&|_| ()), &over)
            );
            over.notify_one();
            outputs
        };
        let work = async {
            let ((), (out, err)) = tokio::join!(holding, reading);
            (child.wait().await, out, err)
        };
        let ran = |exit, stdout, stderr| Ran {
            argv: std::iter::once(program.display().to_string()).chain(arguments.iter().cloned()).collect(),
            environment: environment.keys().cloned().collect(),
            exit,
            stdout,
            stderr,
        };
        let Ok((status, out, err)) = tokio::time::timeout(Duration::from_secs(limits.seconds) + stopping, work).await
        else {
            return Ok(Followed { ran: ran(None, Captured::nothing(), Captured::nothing()), end: End::Timeout });
        };
        let status = status.map_err(|error| failed(error.to_string()))?;
        let end = if out.flooded || err.flooded {
            End::Flood
        } else if begun.elapsed() >= Duration::from_secs(limits.seconds) {
            End::Timeout
        } else if interrupted.into_inner() {
            End::Interrupted
        } else {
            End::Itself
        };
        match complaint(status.code(), &err.captured) {
            Some(complaint) if matches!(end, End::Itself | End::Interrupted) => Err(failed(complaint)),
            _ => Ok(Followed { ran: ran(status.code(), out.captured, err.captured), end }),
        }
    }
}

/// Waits until the run is asked to stop; for ever where nobody can ask.
async fn asked(interrupt: Option<&Interrupt>) {
    match interrupt {
        Some(interrupt) => interrupt.asked().await,
        None => std::future::pending().await,
    }
}

async fn read(stream: impl AsyncRead + Unpin, keep: usize, lines: Lines<'_>, over: &Notify) -> Reading {
    let reading = capture::read(stream, keep, lines).await;
    if reading.flooded {
        over.notify_one();
    }
    reading
}

async fn send(mut pipe: ChildStdin, input: &[u8]) -> ChildStdin {
    // A program that ends early reads no more; its exit says why.
    if pipe.write_all(input).await.is_ok() {
        let _nothing_buffered = pipe.flush().await;
    }
    pipe
}

fn complaint(exit: Option<i32>, stderr: &Captured) -> Option<String> {
    let last = stderr.tail(1).pop()?;
    (exit == Some(NOT_STARTED)).then_some(())?;
    last.strip_prefix(COMPLAINT).map(ToOwned::to_owned)
}

fn name(program: &Path) -> String {
    program.file_name().map_or_else(|| program.display().to_string(), |name| name.to_string_lossy().into_owned())
}
