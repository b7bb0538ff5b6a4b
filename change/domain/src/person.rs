//! People and other actors.
//! Made by configuration and the surfaces; recorded in every ledger entry.
//! Must never be identified by a display name.

use crate::ids::{PersonId, Role};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A person as known now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The immutable identity.
    pub id: PersonId,
    /// A name to show; never a key.
    pub name: String,
    /// What configuration lets them be.
    pub roles: BTreeSet<Role>,
}

/// Who did something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "id")]
pub enum Actor {
    /// A person.
    Person(PersonId),
    /// Chopmark itself: a worker, a timer, a recovery.
    System(String),
    /// A rule of the configuration that approves a class of changes: its environment, name and digest.
    Rule(String),
}

impl std::fmt::Display for Actor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Person(id) => write!(f, "{id}"),
            Self::System(part) => write!(f, "system:{part}"),
            Self::Rule(rule) => write!(f, "rule:{rule}"),
        }
    }
}
