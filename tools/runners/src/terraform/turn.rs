//! Turns: our own calls on one state, one after the other, so that none of them finds the lock of another of ours.
//! Taken by plan and apply around the calls that lock the state.
//! Must never be what protects a state: the engine's lease and the program's own lock do.

use super::Tool;
use super::workspace::{folder, unwritable};
use chopmark_domain::digest::Digest;
use chopmark_domain::problem::Problem;
use rustix::fs::FlockOperation;
use rustix::io::Errno;
use std::fs::File;
use std::os::unix::fs::OpenOptionsExt as _;
use std::time::{Duration, Instant};

/// How long a call waits for its turn. After that it goes on, and the program says who holds the lock.
const PATIENCE: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(20);

/// A turn on a state. Over when it is dropped.
#[derive(Debug)]
pub(super) struct Turn {
    _file: File,
}

/// Waits for the turn on a target, by its canonical name.
///
/// # Errors
/// The data folder cannot be written.
pub(super) async fn take(tool: &Tool, target: &str) -> Result<Turn, Problem> {
    let all = tool.data.join("turns");
    folder(&all).map_err(|error| unwritable(&all, &error))?;
    let path = all.join(Digest::of(target.as_bytes()).short());
    let open = File::options().create(true).truncate(false).write(true).mode(0o600).open(&path);
    let file = open.map_err(|error| unwritable(&path, &error))?;
    let begun = Instant::now();
    while rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive) == Err(Errno::WOULDBLOCK)
        && begun.elapsed() < PATIENCE
    {
        tokio::time::sleep(PAUSE).await;
    }
    Ok(Turn { _file: file })
}
