//! Findings: what a judge of a plan said.
//! Made by tools/checks; shown on the card; bound into the digest.
//! Must never be a judge's silence: a judge that fails is a finding that denies.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The id of the finding that a secret stands in clear: what it is about is shown nowhere.
pub const SECRET_IN_CLEAR: &str = "secret-in-clear";

/// What a finding means for the decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Shown.
    Note,
    /// Shown, and the person should know.
    Warn,
    /// The plan can't be approved.
    Deny,
}

/// What a judge of the plan said. Its words are messages `finding-<id>` and `finding-<id>.remedy` in each language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Stable id, such as `secret-in-clear`.
    pub id: String,
    /// What it means for the decision.
    pub severity: Severity,
    /// What it is about: an address or a file.
    pub about: String,
    /// Values for the message.
    pub facts: BTreeMap<String, String>,
}
