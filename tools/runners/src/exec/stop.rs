//! Being stopped: what the exec child does when it is signalled in the middle of its work.
//! Called by the exec child beside its work.
//! Must never break off a program that was asked to stop and is about to.

use crate::confine::Interrupt;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};

/// How long work that no program of ours does may go on after it was asked to stop: a commit and a few calls to a
/// cluster end by themselves, and what takes longer is broken off.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often it is looked whether it has ended.
const PAUSE: Duration = Duration::from_millis(50);

/// Hears signals. The first asks the work to stop; this returns when that does not help: when the work takes longer
/// than five seconds while no program of it was asked, or when this process is terminated after all.
pub async fn broken_off(interrupt: &Interrupt) {
    let (Ok(mut asked), Ok(mut terminated)) = (signal(SignalKind::interrupt()), signal(SignalKind::terminate())) else {
        // Deaf, we end by the first signal as every program does.
        return std::future::pending().await;
    };
    tokio::select! {
        _ = asked.recv() => {}
        _ = terminated.recv() => {}
    }
    interrupt.ask();
    let mut waited = Duration::ZERO;
    while waited < PATIENCE {
        if tokio::time::timeout(PAUSE, terminated.recv()).await.is_ok() {
            return;
        }
        // A program that was asked has its own time, and whoever confines it ends it after that.
        waited = if interrupt.is_heard() { Duration::ZERO } else { waited + PAUSE };
    }
}
