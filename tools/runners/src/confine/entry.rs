//! `chopmark confine`: the process between ours and a program. It limits itself, starts the program confined,
//! stops it when its time is over or when nobody waits for it any more, and buries everything it left.
//! Called by the program's main before any runtime or thread.
//! Must never live longer than what it started, nor end before it.

use super::policy::{Limits, Order};
use super::{orphans, sandbox};
use rustix::process::{Pid, Signal};
use std::ffi::OsString;
use std::io::{Read as _, Write as _};
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

/// The exit code that says: this is about the confining, not from the program. With [`COMPLAINT`].
pub(crate) const NOT_STARTED: i32 = 125;
/// What such a message begins with.
pub(crate) const COMPLAINT: &str = "chopmark confine: ";
/// How long killed processes may take to be gone (shared/security.md 6: no survivor after 15 s).
const BURIAL: Duration = Duration::from_secs(10);

/// What the confining process can hear.
enum Heard {
    Input(Vec<u8>),
    OwnerGone,
    Ended(std::io::Result<ExitStatus>),
}

/// Does what `chopmark confine ARGUMENTS` says; returns the exit code. A program that a signal ended takes
/// this process with it by the same signal, so that the owner sees the very end that it came to.
pub fn entry(arguments: impl IntoIterator<Item = OsString>) -> i32 {
    match confine(arguments.into_iter().collect()) {
        Ok(status) => match status.signal() {
            None => status.code().unwrap_or(NOT_STARTED),
            Some(number) => {
                if let Some(signal) = Signal::from_named_raw(number) {
                    let _never_returns = rustix::process::kill_process(rustix::process::getpid(), signal);
                }
                128 + number
            }
        },
        Err(complaint) => {
            // The owner reads this; there is nobody else to tell when it cannot be written.
            let _unheard = writeln!(std::io::stderr(), "{COMPLAINT}{complaint}");
            NOT_STARTED
        }
    }
}

fn confine(arguments: Vec<OsString>) -> Result<ExitStatus, String> {
    let [flag, order, dashes, program, rest @ ..] = arguments.as_slice() else {
        return Err("usage: confine --policy JSON -- PROGRAM ARGUMENTS".to_owned());
    };
    if flag != "--policy" || dashes != "--" {
        return Err("usage: confine --policy JSON -- PROGRAM ARGUMENTS".to_owned());
    }
    let order: Order = serde_json::from_slice(order.as_encoded_bytes()).map_err(|error| format!("policy: {error}"))?;
    limit(&order.policy.limits).map_err(|error| format!("limits: {error}"))?;
    orphans::adopt();
    let (say, hear) = channel();
    listen(order.input_bytes, say.clone());
    let input = match hear.recv() {
        Ok(Heard::Input(input)) => input,
        _ => return Err("the owner went away".to_owned()),
    };
    let begun = Instant::now();
    let mut child = start(&order, program, rest, input.is_empty())?;
    let group = i32::try_from(child.id()).ok().and_then(Pid::from_raw).ok_or("the program has no number")?;
    feed(&mut child, input);
    std::thread::spawn(move || say.send(Heard::Ended(child.wait())));
    let status = watch(&hear, group, &order.policy.limits, begun)?;
    let _nobody_left = rustix::process::kill_process_group(group, Signal::KILL);
    if orphans::end_all(Duration::ZERO, BURIAL) { Ok(status) } else { Err("a process cannot be ended".to_owned()) }
}

/// Limits hold for this process and are inherited. Nothing that is written can be read by others.
fn limit(limits: &Limits) -> std::io::Result<()> {
    use rlimit::Resource;
    let mut wanted = vec![
        (Resource::DATA, limits.memory_bytes),
        (Resource::FSIZE, limits.file_bytes),
        (Resource::NOFILE, limits.open_files),
        (Resource::CORE, 0),
    ];
    if !rustix::process::geteuid().is_root() {
        wanted.push((Resource::NPROC, limits.processes));
    }
    for (resource, value) in wanted {
        let value = value.min(resource.get()?.1);
        resource.set(value, value)?;
    }
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    Ok(())
}

/// The owner sends the program's input and then says nothing; its end of the pipe closes when it gives up,
/// and when it dies.
fn listen(input_bytes: usize, say: Sender<Heard>) {
    std::thread::spawn(move || {
        let mut pipe = std::io::stdin().lock();
        let mut input = Vec::new();
        let read = pipe.by_ref().take(input_bytes as u64).read_to_end(&mut input);
        if read.is_ok_and(|count| count == input_bytes) && say.send(Heard::Input(input)).is_ok() {
            let _ended = std::io::copy(&mut pipe, &mut std::io::sink());
        }
        say.send(Heard::OwnerGone)
    });
}

/// Starts the program from a thread that is confined, so that this process can still see and end what it leaves.
fn start(order: &Order, program: &OsString, rest: &[OsString], no_input: bool) -> Result<Child, String> {
    std::thread::scope(|scope| {
        let thread = scope.spawn(|| {
            let mut command = Command::new(program);
            command.args(rest).process_group(0);
            command.stdin(if no_input { Stdio::null() } else { Stdio::piped() });
            sandbox::restrict(&order.policy, order.isolation)?;
            command.spawn().map_err(|error| format!("{}: {error}", program.display()))
        });
        thread.join().unwrap_or_else(|_| Err("the starting thread broke".to_owned()))
    })
}

fn feed(child: &mut Child, input: Vec<u8>) {
    if let Some(mut pipe) = child.stdin.take() {
        // A program may end before it has read everything.
        std::thread::spawn(move || pipe.write_all(&input));
    }
}

/// Waits for the end; when time or owner goes: interrupt, terminate, kill.
fn watch(hear: &Receiver<Heard>, group: Pid, limits: &Limits, begun: Instant) -> Result<ExitStatus, String> {
    let grace = Duration::from_millis(limits.grace_milliseconds);
    let mut deadline = begun + Duration::from_secs(limits.seconds);
    let mut ladder = [Signal::INT, Signal::TERM, Signal::KILL].into_iter();
    loop {
        match hear.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(Heard::Ended(status)) => return status.map_err(|error| format!("wait: {error}")),
            Ok(Heard::Input(_)) => continue,
            Ok(Heard::OwnerGone) | Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Err("nobody waits for the program".to_owned()),
        }
        let Some(signal) = ladder.next() else { return Err("the program cannot be ended".to_owned()) };
        let _may_be_gone = rustix::process::kill_process_group(group, signal);
        deadline = Instant::now() + if signal == Signal::KILL { BURIAL } else { grace };
    }
}
