//! The stop switch: while it is pulled, nothing starts.
//! Pulled and lifted by people through the engine; kept by the store; looked at by every start.
//! Must never be lifted by time, by a restart or by anything but a person with the right.

use crate::ids::PersonId;
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
