//! What holds for the whole install: rights, freezes, read-only mode, limits.
//! Read from configuration at every decision and every start.
//! Must never be empty and mean everybody: without grants nobody may do anything.

use crate::calendar::Freeze;
use crate::ids::EnvironmentName;
use crate::rights::Rights;
use serde::{Deserialize, Serialize};

/// Whether anything may take effect.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effects {
    /// What is countersigned runs.
    #[default]
    Allowed,
    /// Proposals and plans only: nothing can be approved and nothing starts.
    ReadOnly,
}

/// How much one person, one channel and one day may ask for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Requests of one person within a minute.
    pub person_per_minute: u32,
    /// Requests in one channel within a minute.
    pub channel_per_minute: u32,
    /// Tokens that one person's requests may cost within a day (UTC); none for no limit.
    pub tokens_per_day: Option<u64>,
    /// Changes of one person that may wait for a decision at once.
    pub waiting_per_person: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            person_per_minute: 60,
            channel_per_minute: 120,
            tokens_per_day: Some(2_000_000),
            waiting_per_person: 200,
        }
    }
}

/// What holds for the whole install.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// Who may do what.
    pub rights: Rights,
    /// When nothing may start.
    pub freezes: Vec<Freeze>,
    /// Whether anything may take effect at all.
    pub effects: Effects,
    /// How much may be asked for.
    pub limits: Limits,
}

impl Policy {
    /// The freezes that hold for an environment.
    pub fn freezes_of<'a>(&'a self, environment: &'a EnvironmentName) -> impl Iterator<Item = &'a Freeze> {
        let meant = |freeze: &&Freeze| freeze.environments.iter().any(|pattern| pattern.matches(environment.as_str()));
        self.freezes.iter().filter(meant)
    }
}
