//! Notes: what the engine tells the surfaces, in the order it happened.
//! Written with the transition they tell of; read by every surface from where it last stopped.
//! Must never be the only record of something: the change's row and the ledger are.

use crate::ids::ChangeId;
use crate::problem::Problem;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// What happened, for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "note")]
pub enum NoteBody {
    /// The change moved: draw its card anew.
    Moved {
        /// The state it moved to.
        state: crate::lifecycle::State,
    },
    /// Progress of a run.
    Progress {
        /// The resource it is about, and what is known, as the runner says it.
        about: String,
        /// Key of a message, such as `progress-applying`.
        key: String,
    },
    /// Those who may approve are reminded that it waits.
    Reminder {
        /// Who of them has not decided yet.
        people: Vec<crate::ids::PersonId>,
        /// Why now.
        #[serde(default)]
        occasion: Occasion,
    },
    /// Something that does not change the state but should be known.
    Warning {
        /// What.
        problem: Problem,
    },
}

/// Why people are reminded now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Occasion {
    /// The rule's own time has come.
    #[default]
    Usual,
    /// The plan expires soon.
    ExpiresSoon,
}

/// A note with its place in the feed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Grows by one.
    pub sequence: i64,
    /// The change.
    pub change: ChangeId,
    /// When.
    pub at: Timestamp,
    /// What.
    pub body: NoteBody,
}
