//! Judge of place: a component's objects stay in the component's own namespace.
//! One of the list in `judges`.
//! Must never trust a name: only where the object itself says it goes.

use crate::case::Case;
use crate::finding;
use chopmark_domain::component::CLUSTER_GROUP;
use chopmark_domain::finding::{Finding, Severity};
use serde_json::Value;

/// Denies objects outside the component's namespace, and shared ones that are no namespace.
pub(crate) fn verdict(case: &Case<'_>) -> Vec<Finding> {
    let path = &case.component.path;
    let own = if path.group() == CLUSTER_GROUP { path.name() } else { path.group() };
    case.objects
        .iter()
        .filter(|(_, object)| {
            let text = |pointer: &str| object.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
            match text("/metadata/namespace") {
                // A cluster-scoped object belongs to a component of the cluster, and is the namespace it is named after.
                "" => path.group() != CLUSTER_GROUP || text("/kind") != "Namespace" || text("/metadata/name") != own,
                namespace => namespace != own,
            }
        })
        .map(|(address, object)| {
            let namespace = object.pointer("/metadata/namespace").and_then(Value::as_str).unwrap_or("*");
            finding("namespace-escape", Severity::Deny, address, &[("namespace", namespace), ("allowed", own)])
        })
        .collect()
}
