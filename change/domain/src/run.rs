//! A run: one execution of a countersigned plan, and what came of it.
//! Begun by the engine's worker, carried out by the exec child, read by everybody.
//! Must never be begun twice: its ticket is used once.

use crate::digest::Digest;
use crate::ids::{ChangeId, Epoch, ObjectHash, Revision, RunId};
use crate::problem::Problem;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// One execution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// Its id; also the name of its spool folder.
    pub id: RunId,
    /// Which change.
    pub change: ChangeId,
    /// Which revision; a revision has at most one run, for ever.
    pub revision: Revision,
    /// What was countersigned.
    pub digest: Digest,
    /// Canonical name of the target lease it holds.
    pub lease: String,
    /// The lease's epoch at the start.
    pub epoch: Epoch,
    /// When the ticket was used.
    pub started_at: Timestamp,
    /// When it was known to be over.
    pub ended_at: Option<Timestamp>,
    /// What came of it; none while unknown.
    pub outcome: Option<Outcome>,
}

/// What came of a run's effect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum Outcome {
    /// Everything was done.
    Applied {
        /// What was recorded.
        record: Record,
    },
    /// It stopped before or in the middle; what is known done is listed.
    Failed {
        /// Why.
        problem: Problem,
        /// Addresses known to have changed; empty when nothing was changed.
        done: Vec<String>,
        /// What was recorded.
        record: Record,
    },
}

/// What a run left behind.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The component's commit before.
    pub previous_version: Option<ObjectHash>,
    /// The commit made.
    pub commit: Option<ObjectHash>,
    /// Whether a push to the remote is still owed.
    pub push_owed: bool,
    /// Programs that ran, with arguments, exit and digests of their output.
    pub programs: Vec<ProgramRun>,
    /// How far programs were confined, such as `landlock-7` or `reduced`.
    pub isolation: String,
}

/// One program that ran.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProgramRun {
    /// Program and arguments.
    pub argv: Vec<String>,
    /// Names of the environment variables it was given.
    pub environment: Vec<String>,
    /// Its exit code; none when a signal ended it.
    pub exit: Option<i32>,
    /// SHA-256 of its standard output.
    pub stdout: Digest,
    /// SHA-256 of its standard error.
    pub stderr: Digest,
}

/// What the check after the effect found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "verification")]
pub enum Verification {
    /// It works.
    Passed {
        /// What was looked at, as facts for people: address and finding.
        checks: Vec<(String, String)>,
    },
    /// It does not.
    Failed {
        /// The reason, with code.
        problem: Problem,
        /// Evidence: object, field, event or log line.
        evidence: Vec<String>,
    },
}

/// What asking the real system found after a crash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Observed {
    /// Nothing of the plan is there.
    NotStarted,
    /// Some of it is there.
    Partial(Vec<String>),
    /// All of it is there.
    Applied,
    /// The system did not answer.
    Unknown(String),
}
