//! The stop switch: while it is pulled, nothing starts.
//! Pulled and lifted by people through the engine; kept by the store; looked at by every start.
//! Must never be lifted by time, by a restart or by anything but a person with the right.

use crate::calendar::Zone;
use crate::ids::PersonId;
use crate::problem::{Code, Problem};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// The switch, pulled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Halt {
    /// Who pulled it.
    pub by: PersonId,
    /// Why, in their words.
    pub why: Option<String>,
    /// When, on the store's clock.
    pub at: Timestamp,
}

impl Halt {
    /// What stands in the way while it is pulled.
    pub fn problem(&self) -> Problem {
        Problem::new(Code::Halted)
            .with("by", &self.by)
            .with("why", self.why.as_deref().unwrap_or_default())
            .with("at", Zone::utc().written(self.at))
    }
}
