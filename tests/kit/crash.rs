//! Deaths: stopping a process at a named point and killing it there, as the kernel would.
//! Used by the flows that ask what a crash leaves behind.
//! Must never kill by name: only processes of the test's own scene.

use super::scene::Scene;
use super::wait_for;
use std::path::PathBuf;
use std::process::{Child, Stdio};

/// Kills a process at once, without asking it.
pub(crate) fn kill(id: u32) {
    signal(id, rustix::process::Signal::KILL);
}

/// What Ctrl-C sends.
pub(crate) fn interrupt(id: u32) {
    signal(id, rustix::process::Signal::INT);
}

/// What a service manager sends.
pub(crate) fn terminate(id: u32) {
    signal(id, rustix::process::Signal::TERM);
}

/// Lets a process do nothing until it may go on.
pub(crate) fn stop(id: u32) {
    signal(id, rustix::process::Signal::STOP);
}

/// Lets it go on.
pub(crate) fn go_on(id: u32) {
    signal(id, rustix::process::Signal::CONT);
}

fn signal(id: u32, signal: rustix::process::Signal) {
    let Some(id) = i32::try_from(id).ok().and_then(rustix::process::Pid::from_raw) else { return };
    // Gone already is as good.
    let _ = rustix::process::kill_process(id, signal);
}

/// A point in the program at which it stops for ever when it is armed.
pub(crate) struct Point {
    name: &'static str,
    mark: PathBuf,
}

impl Point {
    /// Arms it for the runs of a scene.
    pub(crate) fn arm(scene: &mut Scene, name: &'static str) -> Self {
        let mark = scene.path(&format!("stopped-{name}"));
        scene.set("CHOPMARK_CRASH_AT", &format!("{name}={}", mark.display()));
        Self { name, mark }
    }

    /// Waits until a process stands there.
    pub(crate) fn reached(&self) {
        wait_for(&format!("a process at {}", self.name), || self.mark.exists().then_some(()));
    }
}

/// Starts a command that will not come to its end.
pub(crate) fn doomed(scene: &Scene, arguments: &[&str]) -> Child {
    scene
        .program(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts")
}

/// The exec children of a scene, by their open data folder in the command line or environment.
pub(crate) fn exec_children(scene: &Scene) -> Vec<u32> {
    let root = scene.path("").display().to_string();
    let Ok(processes) = std::fs::read_dir("/proc") else { return Vec::new() };
    processes
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok())
        .filter(|id| {
            let read = |name: &str| std::fs::read(format!("/proc/{id}/{name}")).unwrap_or_default();
            let arguments: Vec<_> = read("cmdline").split(|byte| *byte == 0).map(<[u8]>::to_vec).collect();
            let is_exec = arguments.iter().any(|argument| argument == b"exec");
            let environment = [read("environ"), read("cmdline")].concat();
            is_exec && environment.windows(root.len()).any(|window| window == root.as_bytes())
        })
        .collect()
}
