//! What a confined program may touch and how much it may use.
//! Written by runners, carried as JSON in `chopmark confine --policy`, enforced by `entry` and `sandbox`.
//! Must never name a secret: the arguments of a process can be read by others.

use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// How far programs are confined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Isolation {
    /// Landlock, where the kernel has it.
    Landlock,
    /// Everything but Landlock: elsewhere, and wherever a test asks for it.
    Reduced,
}

/// Where a program may open TCP connections to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Connect {
    /// Nowhere.
    Nowhere,
    /// To these ports.
    Ports(Vec<u16>),
    /// Anywhere: for programs whose own configuration names the port, such as ssh.
    Anywhere,
}

/// How much a program may use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Seconds until it is asked to stop.
    pub seconds: u64,
    /// Milliseconds between interrupt, terminate and kill.
    pub grace_milliseconds: u64,
    /// Bytes of data a process may hold (`RLIMIT_DATA`).
    pub memory_bytes: u64,
    /// Bytes of the largest file it may write (`RLIMIT_FSIZE`).
    pub file_bytes: u64,
    /// Open files (`RLIMIT_NOFILE`).
    pub open_files: u64,
    /// Processes of the user, where the user is not root (`RLIMIT_NPROC`): a bound on runaway forking, far
    /// above what a desktop session has.
    pub processes: u64,
    /// Bytes kept of each of its outputs; all of it is digested, and a program that writes sixteen times
    /// as much is stopped.
    pub output_bytes: usize,
}

impl Default for Limits {
    /// For local programs that answer at once. The kept output is the 16 MiB of shared/security.md 5.13.
    fn default() -> Self {
        Self {
            seconds: 60,
            grace_milliseconds: 2_000,
            memory_bytes: 1 << 30,
            file_bytes: 1 << 30,
            open_files: 512,
            processes: 16_384,
            output_bytes: 16 << 20,
        }
    }
}

/// What a confined program may touch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// Files and folders it may read and execute; those of the system are added.
    pub execute: Vec<PathBuf>,
    /// Files and folders it may read.
    pub read: Vec<PathBuf>,
    /// Files and folders it may read and change.
    pub write: Vec<PathBuf>,
    /// Where it may connect to.
    pub connect: Connect,
    /// How much it may use.
    pub limits: Limits,
}

impl Default for Policy {
    /// Nothing but the system's programs.
    fn default() -> Self {
        Self {
            execute: Vec::new(),
            read: Vec::new(),
            write: Vec::new(),
            connect: Connect::Nowhere,
            limits: Limits::default(),
        }
    }
}

/// What the confining process is told: the policy, how far to enforce it, and how many bytes of input follow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Order {
    pub(crate) isolation: Isolation,
    pub(crate) input_bytes: usize,
    pub(crate) policy: Policy,
}
