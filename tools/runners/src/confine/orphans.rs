//! Ending whatever a process left behind, and proving that nothing is left.
//! Used by `entry` after its program has ended, and by the exec child before it writes its outcome.
//! Must never be called while somebody else in this process waits for a child.

use rustix::process::{Pid, Signal, WaitOptions};
use std::time::{Duration, Instant};

/// How long between two looks at the processes that are being ended.
const PAUSE: Duration = Duration::from_millis(2);

/// Makes this process the one to which the orphans among its descendants are given, so that none escapes by
/// forking twice or by leaving its group. Only Linux knows this; elsewhere groups are all there is.
pub(crate) fn adopt() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::set_child_subreaper(Some(rustix::process::getpid())) {
        tracing::warn!(%error, "orphans cannot be adopted; only process groups are ended");
    }
}

/// Waits `patience` for every descendant to end, then kills what is left. True when the kernel says that
/// there is none any more: no process can be in a group of ours, or out of it, and escape that.
pub(crate) fn end_all(patience: Duration, limit: Duration) -> bool {
    let begun = Instant::now();
    loop {
        match rustix::process::wait(WaitOptions::NOHANG) {
            Ok(Some(_)) => continue,
            Ok(None) => {}
            // ECHILD: no child, living or dead, is left.
            Err(rustix::io::Errno::CHILD) => return true,
            Err(rustix::io::Errno::INTR) => continue,
            Err(_) => return false,
        }
        if begun.elapsed() >= patience {
            for pid in children() {
                // It may have ended since it was listed; its number stays taken until we wait for it.
                let _gone = rustix::process::kill_process(pid, Signal::KILL);
            }
        }
        if begun.elapsed() >= limit {
            return false;
        }
        std::thread::sleep(PAUSE);
    }
}

/// The children of this process as the kernel lists them.
#[cfg(target_os = "linux")]
fn children() -> Vec<Pid> {
    let me = std::process::id();
    crate::proc::all()
        .into_iter()
        .filter(|pid| crate::proc::read(*pid).is_some_and(|process| process.parent == me))
        .filter_map(Pid::from_raw)
        .collect()
}

/// The reduced twin: nobody lists children; the group was killed before.
#[cfg(not(target_os = "linux"))]
fn children() -> Vec<Pid> {
    Vec::new()
}
