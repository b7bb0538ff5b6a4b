//! Processes as `/proc` tells of them.
//! Used by `confine`, `exec` and `liveness`; on systems without it, nothing is known.
//! Must never take a number for a process: numbers are used again, start times are not.

use std::path::Path;

/// What identifies a process within one boot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Process {
    /// The process that started or adopted it.
    pub(crate) parent: u32,
    /// When it started, in clock ticks after boot.
    pub(crate) started: u64,
    /// Whether it still runs; a process that waits to be buried does not.
    pub(crate) alive: bool,
}

/// Reads `/proc/PID/stat`; none when there is no such process, or no `/proc`.
pub(crate) fn read(pid: i32) -> Option<Process> {
    parse(&std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
}

/// The name of the program stands in parentheses and may hold anything, parentheses too: what follows the
/// last one is numbered from field 3, as in proc_pid_stat(5).
fn parse(stat: &str) -> Option<Process> {
    let fields: Vec<&str> = stat.get(stat.rfind(')')? + 1..)?.split_ascii_whitespace().collect();
    Some(Process {
        parent: fields.get(1)?.parse().ok()?,
        started: fields.get(19)?.parse().ok()?,
        alive: !matches!(*fields.first()?, "Z" | "X" | "x"),
    })
}

/// The number of every process that can be seen.
pub(crate) fn all() -> Vec<i32> {
    let Ok(entries) = std::fs::read_dir("/proc") else { return Vec::new() };
    entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect()
}

/// One of the words that a process was started with; empty where there is none.
pub(crate) fn word(pid: i32, position: usize) -> String {
    let line = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    let word = line.split(|byte| *byte == 0).nth(position).unwrap_or_default();
    String::from_utf8_lossy(word).into_owned()
}

/// Whether a process has a file open.
pub(crate) fn has_open(pid: i32, file: &Path) -> bool {
    let Ok(entries) = std::fs::read_dir(format!("/proc/{pid}/fd")) else { return false };
    entries.flatten().any(|entry| std::fs::read_link(entry.path()).is_ok_and(|open| open == file))
}

/// This boot of this machine; empty where the kernel does not say.
pub(crate) fn boot() -> String {
    std::fs::read_to_string("/proc/sys/kernel/random/boot_id").map(|text| text.trim().to_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_may_be_called_anything() {
        let stat = "7 (a) Z (b) S 3 7 7 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 4711 1 1";
        assert_eq!(parse(stat), Some(Process { parent: 3, started: 4711, alive: true }));
        assert_eq!(parse("7 (x"), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn this_process_is_alive() {
        let me = i32::try_from(std::process::id()).ok().and_then(read);
        assert!(me.is_some_and(|me| me.alive && me.started > 0));
    }
}
