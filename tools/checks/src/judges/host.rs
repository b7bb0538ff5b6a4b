//! Judge of the host: containers stay in their box.
//! One of the list in `judges`.
//! Must never depend on the kind: a CronJob's pods, or those of a kind nobody knows, are pods too.

use crate::case::Case;
use crate::finding;
use crate::walk::{last, walk};
use chopmark_domain::finding::{Finding, Severity};
use serde_json::Value;

/// Pod fields that join the node's own namespaces (Pod Security Standards, baseline: host namespaces).
const NAMESPACES: [&str; 3] = ["hostNetwork", "hostPID", "hostIPC"];
/// Capabilities a container may add (Pod Security Standards, baseline: capabilities).
const HARMLESS: [&str; 13] = [
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
];

/// Denies privileged containers, host namespaces, paths and ports of the node, and strong capabilities.
pub(crate) fn verdict(case: &Case<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (address, object) in &case.objects {
        let mut deny = |field: &str| {
            findings.push(finding("node-access", Severity::Deny, address, &[("field", field)]));
        };
        walk(object, &mut |pointer, value| match (last(pointer), value) {
            ("privileged", Value::Bool(true)) => deny(pointer),
            ("hostPath", Value::Object(_)) => deny(pointer),
            ("hostPort", Value::Number(port)) if port.as_i64() != Some(0) => deny(pointer),
            (field, Value::Bool(true)) if NAMESPACES.contains(&field) => deny(pointer),
            (_, Value::String(name)) if adds_capability(pointer) && !HARMLESS.contains(&name.as_str()) => {
                deny(pointer);
            }
            _ => {}
        });
    }
    findings
}

fn adds_capability(pointer: &str) -> bool {
    pointer.rsplit_once('/').is_some_and(|(list, _)| list.ends_with("/capabilities/add"))
}
