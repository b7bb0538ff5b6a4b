//! Reach: how much one plan touches, and whether it takes data with it.
//! One of the judges of lib.rs.
//! Must never count what a person or a template claims, only the plan's actions.

use crate::{Case, Judge, finding};
use chopmark_domain::finding::{Finding, Severity};
use chopmark_domain::plan::{ResourceAction, Verb};

pub(crate) const JUDGE: Judge = Judge { id: "data-loss", version: 1, judge };

/// Kinds whose deletion takes data, or everything inside, with it.
const DATA_KINDS: [&str; 4] = ["PersistentVolumeClaim", "PersistentVolume", "StatefulSet", "Namespace"];
/// From so many deletes on, a plan is named for their number (clig.dev counts indirect deletes as severe).
const MANY_DELETES: usize = 10;

fn judge(case: &Case<'_>) -> Vec<Finding> {
    let gone = |action: &&ResourceAction| matches!(action.verb, Verb::Delete | Verb::Replace);
    let deletes: Vec<_> = case.plan.actions().iter().filter(gone).collect();
    let mut found: Vec<_> = deletes
        .iter()
        .filter(|action| DATA_KINDS.contains(&action.kind.as_str()))
        .map(|action| finding(JUDGE.id, Severity::Warn, &action.address, &[("kind", &action.kind)]))
        .collect();
    if deletes.len() >= MANY_DELETES {
        let environment = case.environment.name.as_str();
        found.push(finding("many-deletes", Severity::Warn, environment, &[("count", &deletes.len().to_string())]));
    }
    found
}
