//! Judge of storage: what keeps data keeps it encrypted.
//! One of the list in `judges`.
//! Must never deny: some data is public anyway.

use crate::case::Case;
use crate::finding;
use crate::walk::{last, walk};
use chopmark_domain::finding::{Finding, Severity};
use chopmark_domain::plan::{Shown, Verb};
use serde_json::Value;

/// Switches of encryption, whatever the kind.
const SWITCHES: [&str; 5] =
    ["encrypted", "storage_encrypted", "at_rest_encryption_enabled", "disk_encryption_enabled", "encryption_at_rest"];
/// Kinds that keep data in the clear unless their switch is on.
const CLEAR_BY_DEFAULT: [(&str, &str); 2] =
    [("aws_db_instance", "storage_encrypted"), ("aws_redshift_cluster", "encrypted")];

/// Warns of storage whose encryption is off or goes off.
pub(crate) fn verdict(case: &Case<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for resource in case.resources.iter().filter(|resource| resource.is_set()) {
        let action = resource.action;
        let mut warn = |field: &str| {
            findings.push(finding("unencrypted-storage", Severity::Warn, &action.address, &[("field", field)]));
        };
        walk(&resource.after, &mut |pointer, value| {
            if SWITCHES.contains(&last(pointer)) && *value == Value::Bool(false) {
                warn(pointer);
            }
        });
        for field in &action.fields {
            let was_on = field.before == Some(Shown::Value("true".to_owned()));
            if field.after.is_none() && was_on && SWITCHES.contains(&last(&field.path)) {
                warn(&field.path);
            }
        }
        if matches!(action.verb, Verb::Create | Verb::Replace) {
            let unset = CLEAR_BY_DEFAULT.iter().find(|(kind, _)| *kind == action.kind);
            if let Some((_, switch)) = unset.filter(|(_, switch)| resource.field(switch).is_none()) {
                warn(&format!("/{switch}"));
            }
        }
    }
    findings
}
