//! Whether the process that holds a lease still lives.
//! Called by the store's leases through domain's port.
//! Must never call a process gone that it cannot see.

use crate::proc;
use chopmark_domain::ports::Liveness;
use rustix::io::Errno;
use rustix::process::Pid;

/// Processes of this machine by `/proc`; where there is none, by their number alone.
#[derive(Debug, Clone)]
pub struct ProcLiveness {
    host: String,
    /// Which numbers of processes mean the same: containers of one machine share its boot, not its numbers.
    space: String,
    boot: String,
    reduced: bool,
}

impl Default for ProcLiveness {
    fn default() -> Self {
        Self::new()
    }
}

impl ProcLiveness {
    /// As much as this system tells.
    pub fn new() -> Self {
        let boot = proc::boot();
        let space = std::fs::read_link("/proc/self/ns/pid").ok();
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
        let space = space.and_then(|link| Some(digits(link.to_str()?))).unwrap_or_default();
        Self { host: host(), space, reduced: boot.is_empty(), boot }
    }

    /// Without `/proc`, as on other systems: a number that is taken counts as alive.
    pub fn reduced() -> Self {
        Self { host: host(), space: String::new(), boot: String::new(), reduced: true }
    }

    fn place(&self) -> String {
        format!("{}~{}/{}", self.host, self.space, self.boot)
    }
}

fn host() -> String {
    let name = rustix::system::uname().nodename().to_string_lossy().into_owned();
    name.chars().filter(|c| !matches!(c, '/' | '~')).collect()
}

impl Liveness for ProcLiveness {
    fn me(&self) -> String {
        let pid = std::process::id();
        let started = i32::try_from(pid).ok().and_then(proc::read).filter(|_| !self.reduced).map_or(0, |me| me.started);
        format!("{}/{pid}/{started}", self.place())
    }

    fn is_gone(&self, holder: &str) -> bool {
        let parts: Vec<&str> = holder.split('/').collect();
        let [host, boot, pid, started] = parts.as_slice() else { return false };
        let (Some((name, _)), Ok(pid), Ok(started)) =
            (host.split_once('~'), pid.parse::<i32>(), started.parse::<u64>())
        else {
            return false;
        };
        if name != self.host {
            return false;
        }
        if *boot != self.boot {
            // The same machine has started anew since: nothing of before lives. Without boots, nobody knows.
            return !boot.is_empty() && !self.boot.is_empty() && !self.reduced;
        }
        if format!("{host}/{boot}") != self.place() {
            return false;
        }
        if self.reduced {
            return Pid::from_raw(pid).is_none_or(|pid| rustix::process::test_kill_process(pid) == Err(Errno::SRCH));
        }
        proc::read(pid).is_none_or(|process| !process.alive || process.started != started)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn child_that_ended() -> Option<u32> {
        let mut child = std::process::Command::new("true").spawn().ok()?;
        child.wait().ok()?;
        Some(child.id())
    }

    #[test]
    fn this_process_lives_and_one_that_ended_is_gone() {
        for liveness in [ProcLiveness::new(), ProcLiveness::reduced()] {
            let me = liveness.me();
            assert!(!liveness.is_gone(&me), "{me}");
            let gone = child_that_ended().map(|pid| format!("{}/{pid}/1", liveness.place()));
            assert_eq!(gone.map(|gone| liveness.is_gone(&gone)), Some(true));
        }
    }

    #[test]
    fn what_cannot_be_known_from_here_is_not_called_gone() {
        let liveness = ProcLiveness::new();
        for holder in ["", "elsewhere~1/boot/1/1", "a/b", "x~/y/z/w", "run-7f3k"] {
            assert!(!liveness.is_gone(holder), "{holder}");
        }
        let other_space = format!("{}~0/{}/1/1", liveness.host, liveness.boot);
        assert!(!liveness.is_gone(&other_space));
    }

    #[test]
    fn a_number_that_is_used_again_is_another_process() {
        let liveness = ProcLiveness::new();
        let pid = std::process::id();
        if !liveness.reduced {
            assert!(liveness.is_gone(&format!("{}/{pid}/1", liveness.place())));
            assert!(liveness.is_gone(&format!("{}~{}/an-earlier-boot/{pid}/1", liveness.host, liveness.space)));
        }
    }
}
