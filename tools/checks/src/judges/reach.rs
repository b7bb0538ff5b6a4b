//! Judge of reach: how much goes, and what goes with it.
//! One of the list in `judges`.
//! Must never deny: deletes are decided by the person who sees them named.

use crate::case::Case;
use crate::finding;
use chopmark_domain::finding::{Finding, Severity};
use chopmark_domain::plan::Verb;

/// Kinds whose deletion takes data with it that no earlier version brings back.
const DATA: [&str; 3] = ["PersistentVolumeClaim", "PersistentVolume", "StatefulSet"];

/// Notes how many objects go; warns when a namespace or data does.
pub(crate) fn verdict(case: &Case<'_>) -> Vec<Finding> {
    let going: Vec<_> =
        case.actions.iter().filter(|action| matches!(action.verb, Verb::Delete | Verb::Replace)).collect();
    let mut findings = Vec::new();
    for action in going.iter().filter(|action| action.kind != "file") {
        if action.kind == "Namespace" {
            findings.push(finding("namespace-goes", Severity::Warn, &action.address, &[]));
        } else if DATA.contains(&action.kind.as_str()) {
            findings.push(finding("data-goes", Severity::Warn, &action.address, &[("kind", &action.kind)]));
        }
    }
    if !going.is_empty() {
        let about = case.component.to_string();
        findings.push(finding("blast-radius", Severity::Note, &about, &[("count", &going.len().to_string())]));
    }
    findings
}
