//! Named points at which a test can stop this process and kill it.
//! Called by the worker and the exec child around every step that must survive a death.
//! Must never exist in a release: without the feature it is nothing.

/// Stops here for ever when `CHOPMARK_CRASH_AT` is `<name>=<file>`, after creating that file, so that
/// a test sees where the process stands and kills it there.
#[cfg(feature = "crash-points")]
pub fn point(name: &str) {
    let Ok(armed) = std::env::var("CHOPMARK_CRASH_AT") else { return };
    let Some((wanted, mark)) = armed.split_once('=') else { return };
    if wanted != name {
        return;
    }
    // A mark that is there already was served: the process that recovers passes.
    if std::fs::OpenOptions::new().write(true).create_new(true).open(mark).is_err() {
        return;
    }
    loop {
        std::thread::sleep(std::time::Duration::from_secs(3600));
    }
}

/// Nothing.
#[cfg(not(feature = "crash-points"))]
pub fn point(_name: &str) {}
