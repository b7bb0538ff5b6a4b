//! What every test here needs: the stand-in program, a confiner, and waiting for named things.
//! Used by the test modules.
//! Must never be reached by the crate itself.

mod grounds;
pub(crate) mod scene;

use chopmark_runners::confine::Confiner;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// The stand-in program, built by cargo beside the tests.
pub(crate) fn hands() -> PathBuf {
    let tests = std::env::current_exe().unwrap();
    let hands = tests.parent().unwrap().parent().unwrap().join("examples").join("hands");
    assert!(hands.is_file(), "{} is missing: run the whole `cargo test`, which builds it", hands.display());
    hands
}

/// As confined as this machine can.
pub(crate) fn confiner() -> Confiner {
    Confiner::new(hands())
}

/// Waits until something holds, at most ten seconds.
pub(crate) fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < Duration::from_secs(10), "still not: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Whether a process of that number runs.
pub(crate) fn runs(pid: &str) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{}/stat", pid.trim())).unwrap_or_default();
    !status.is_empty() && !status.contains(") Z ")
}
