//! Examines the machine: git, data folder, space, clock, confinement.
//! Called by the doctor.
//! Must never leave anything behind.

use super::check::{Check, Standing};
use chopmark_domain::problem::Problem;
use chopmark_domain::time::Timestamp;
use chopmark_protocol::moment::Moment;
use chopmark_runners::confine::{Confiner, Invocation, Policy, find};
use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// The maintenance releases with the fix of CVE-2024-32002 (a clone could run code), per line of
/// versions; every line after the last has it (git's announcement of 2024-05-14).
const FIXED: [(u32, u32); 7] = [(39, 4), (40, 2), (41, 1), (42, 2), (43, 4), (44, 1), (45, 1)];

/// Which git there is and whether it may be used.
pub(super) async fn git(confiner: &Confiner) -> Check {
    let search = std::env::var_os("PATH").unwrap_or_default();
    let Ok(program) = find("git", &search) else { return Check::new("git", Standing::Fail, "doctor-git-missing") };
    let path = program.display().to_string();
    let ran = confiner
        .run(Invocation {
            program,
            arguments: vec!["--version".to_owned()],
            environment: BTreeMap::new(),
            folder: "/".into(),
            input: Vec::new(),
            policy: Policy::default(),
        })
        .await;
    match ran {
        Err(problem) => Check::problem("git", problem),
        Ok(ran) => {
            let said = String::from_utf8_lossy(&ran.stdout.kept).into_owned();
            match version(&said) {
                Some(version) => judge_git(version).with("path", path),
                None => Check::new("git", Standing::Fail, "doctor-git-failed").with("reason", said.trim()),
            }
        }
    }
}

/// The version in `git version 2.39.5 (…)`.
fn version(said: &str) -> Option<(u32, u32, u32)> {
    let mut numbers = said.strip_prefix("git version ")?.split_whitespace().next()?.split('.').map(str::parse::<u32>);
    let (major, minor) = (numbers.next()?.ok()?, numbers.next()?.ok()?);
    // A build such as 2.46.rc1 has no third number.
    Some((major, minor, numbers.next().and_then(Result::ok).unwrap_or(0)))
}

fn judge_git((major, minor, patch): (u32, u32, u32)) -> Check {
    let fixed = match FIXED.iter().find(|(line, _)| (major, minor) == (2, *line)) {
        Some((_, least)) => patch >= *least,
        None => (major, minor) > (2, 45),
    };
    let check = match ((major, minor) >= (2, 39), fixed) {
        (false, _) => Check::new("git", Standing::Fail, "doctor-git-old"),
        (true, false) => Check::new("git", Standing::Warn, "doctor-git-hole"),
        (true, true) => Check::new("git", Standing::Ok, "doctor-git-good"),
    };
    check.with("version", format!("{major}.{minor}.{patch}"))
}

/// Below this much, a busy install is soon in trouble; a repository with history and a day of runs take about so much.
const LOW: u64 = 1 << 30;
/// Below this much, the database's journal may not fit.
const NONE: u64 = 64 << 20;

/// Whether the data folder can be used, and how much room there is.
pub(super) fn data(folder: &Path) -> Vec<Check> {
    let shown = folder.display().to_string();
    let nearest = folder.ancestors().find(|path| path.exists()).unwrap_or(Path::new("/"));
    let failed = |reason: &dyn std::fmt::Display| {
        Check::new("data", Standing::Fail, "doctor-data-failed").with("folder", &shown).with("reason", reason)
    };
    let trial = nearest.join(format!(".chopmark-doctor-{}", std::process::id()));
    let written = std::fs::write(&trial, b"chopmark").and_then(|()| std::fs::remove_file(&trial));
    let mode = std::fs::metadata(folder).map(|found| found.permissions().mode() & 0o777);
    let check = match (written, mode) {
        _ if folder.exists() && !folder.is_dir() => failed(&std::io::ErrorKind::NotADirectory),
        (Err(error), _) => failed(&error.kind()),
        (Ok(()), Err(_)) => Check::new("data", Standing::Ok, "doctor-data-new").with("folder", &shown),
        (Ok(()), Ok(mode)) if mode & 0o077 != 0 => Check::new("data", Standing::Warn, "doctor-data-open")
            .with("folder", &shown)
            .with("mode", format!("{mode:o}")),
        (Ok(()), Ok(_)) => Check::new("data", Standing::Ok, "doctor-data-good").with("folder", &shown),
    };
    let space =
        rustix::fs::statvfs(nearest).ok().map(|found| judge_space(found.f_bavail.saturating_mul(found.f_frsize)));
    std::iter::once(check).chain(space).collect()
}

fn judge_space(free: u64) -> Check {
    let check = match free {
        ..NONE => Check::new("space", Standing::Fail, "doctor-space-none"),
        NONE..LOW => Check::new("space", Standing::Warn, "doctor-space-low"),
        LOW.. => Check::new("space", Standing::Ok, "doctor-space-good"),
    };
    check.with("free", format!("{} MiB", free >> 20)).with("wanted", format!("{} MiB", LOW >> 20))
}

/// 2026-01-01: this program did not exist before.
const EARLIEST: Timestamp = Timestamp(1_767_225_600_000);
/// 2100-01-01.
const LATEST: Timestamp = Timestamp(4_102_444_800_000);
/// How far the ledger's newest entry may be ahead: five minutes, what clocks of one house differ by at most.
const AHEAD_MILLISECONDS: i64 = 5 * 60 * 1000;

/// Whether the clock can be believed; `newest` is the ledger's newest entry.
pub(super) fn clock(now: Timestamp, newest: Option<Timestamp>) -> Check {
    let moment = Moment::local(now);
    let says = |standing, key| Check::new("clock", standing, key).with("now", moment.absolute(now));
    match newest {
        _ if !(EARLIEST..LATEST).contains(&now) => says(Standing::Fail, "doctor-clock-wrong"),
        Some(newest) if newest.since(now) > AHEAD_MILLISECONDS => {
            says(Standing::Warn, "doctor-clock-behind").with("newest", moment.absolute(newest))
        }
        _ => says(Standing::Ok, "doctor-clock-good"),
    }
}

/// How far programs are confined here.
pub(super) fn isolation(confiner: &Confiner) -> Check {
    match confiner.isolation() {
        "reduced" => Check::new("isolation", Standing::Warn, "doctor-isolation-reduced"),
        isolation => Check::new("isolation", Standing::Ok, "doctor-isolation-full").with("isolation", isolation),
    }
}

/// Whether the templates load.
pub(super) fn templates(loaded: Result<usize, Problem>) -> Check {
    match loaded {
        Ok(count) => Check::new("templates", Standing::Ok, "doctor-templates-good").with("count", count),
        Err(problem) => Check::problem("templates", problem),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn a_git_without_the_fix_of_2024_is_named() {
        for (said, standing) in [
            ("git version 2.39.5\n", Standing::Ok),
            ("git version 2.39.3 (Apple Git-146)", Standing::Warn),
            ("git version 2.45.0", Standing::Warn),
            ("git version 2.46.rc1", Standing::Ok),
            ("git version 3.0.0", Standing::Ok),
            ("git version 2.38.9", Standing::Fail),
            ("git version 1.8.3.1", Standing::Fail),
        ] {
            assert_eq!(judge_git(version(said).unwrap()).standing, standing, "{said}");
        }
        assert_eq!(version("bash: git: not found"), None);
    }

    #[test]
    fn a_data_folder_is_only_good_when_it_is_private_and_can_be_written() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("data");
        let standing = |folder: &Path| data(folder)[0].standing;
        assert_eq!(standing(&folder), Standing::Ok);
        assert!(!folder.exists());
        std::fs::create_dir(&folder).unwrap();
        std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o755)).unwrap();
        assert_eq!(standing(&folder), Standing::Warn);
        std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o700)).unwrap();
        assert_eq!(standing(&folder), Standing::Ok);
        assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);
        let file = parent.path().join("file");
        std::fs::write(&file, "").unwrap();
        assert_eq!(standing(&file), Standing::Fail);
        assert_eq!(standing(Path::new("/proc/chopmark")), Standing::Fail);
    }

    #[test]
    fn little_room_is_said_before_there_is_none() {
        for (free, standing) in [(1 << 20, Standing::Fail), (100 << 20, Standing::Warn), (2 << 30, Standing::Ok)] {
            assert_eq!(judge_space(free).standing, standing);
        }
    }

    #[test]
    fn a_clock_before_the_ledger_or_the_program_is_not_believed() {
        let now = Timestamp(1_800_000_000_000);
        assert_eq!(clock(now, None).standing, Standing::Ok);
        assert_eq!(clock(Timestamp(0), None).standing, Standing::Fail);
        assert_eq!(clock(now, Some(now.plus_seconds(3600))).standing, Standing::Warn);
        assert_eq!(clock(now, Some(now.plus_seconds(10))).standing, Standing::Ok);
    }
}
