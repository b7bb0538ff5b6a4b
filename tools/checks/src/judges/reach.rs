//! Judge of reach: how much goes at once, and whether it takes data with it.
//! One of the list in `judges`.
//! Must never deny: deletes are decided by the person who sees them named.

use crate::case::Case;
use crate::finding;
use chopmark_domain::finding::{Finding, Severity};
use chopmark_domain::plan::{ResourceAction, Verb};

/// Kinds whose deletion takes data, or everything inside, with it; no earlier version brings that back.
const DATA_KINDS: [&str; 4] = ["PersistentVolumeClaim", "PersistentVolume", "StatefulSet", "Namespace"];
/// From so many deletes on their number is named, too: more than a person counts at a glance.
const MANY: usize = 10;

/// Warns when data goes, and when much goes.
pub(crate) fn verdict(case: &Case<'_>) -> Vec<Finding> {
    let goes = |action: &&ResourceAction| matches!(action.verb, Verb::Delete | Verb::Replace);
    let going: Vec<_> = case.actions.iter().filter(goes).collect();
    let mut findings: Vec<_> = going
        .iter()
        .filter(|action| DATA_KINDS.contains(&action.kind.as_str()))
        .map(|action| finding("data-loss", Severity::Warn, &action.address, &[("kind", &action.kind)]))
        .collect();
    if going.len() >= MANY {
        let about = case.component.to_string();
        findings.push(finding("many-deletes", Severity::Warn, &about, &[("count", &going.len().to_string())]));
    }
    findings
}
