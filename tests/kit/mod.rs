//! What the tests are told with: a scene with its own folders, people, repositories, terminals.
//! Used by flows, scripts and the tests of commands.
//! Must never fake a part: the program, git, the terminal and the cluster are the real ones.
#![expect(dead_code, reason = "a part of the kit may wait for the flow that is run on another machine")]

pub(crate) mod chat;
pub(crate) mod cloud;
pub(crate) mod cluster;
pub(crate) mod crash;
pub(crate) mod http;
pub(crate) mod model;
pub(crate) mod people;
pub(crate) mod scene;
pub(crate) mod screen;
pub(crate) mod talk;
pub(crate) mod terraform;
pub(crate) mod world;

use std::io::Write;
use std::time::{Duration, Instant};

/// How long anything may take before a test fails: an image pull backs off, a loaded machine is slow.
pub(crate) const PATIENCE: Duration = Duration::from_secs(120);

/// Asks again until there is an answer; panics with `what` when patience ends.
pub(crate) fn wait_for<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + PATIENCE;
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(Instant::now() < end, "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Says why a test is left out; with `CI=true` nothing may be.
pub(crate) fn left_out(why: &str) {
    assert!(std::env::var("CI").as_deref() != Ok("true"), "left out although CI=true: {why}");
    // Written past the test runner's capture, so that it is seen when the test passes.
    let _ = writeln!(std::io::stderr(), "left out: {why}");
}
