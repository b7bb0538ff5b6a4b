//! The labels that tie an object of a cluster to a component.
//! Written into rendered objects by the catalogue's templates; read by sources and by the Kubernetes runner.
//! Must never be taken as proof of ownership: anybody who may edit an object may set a label.

use crate::json;
use chopmark_domain::component::{CLUSTER_GROUP, ComponentId, ComponentPath};
use chopmark_domain::ids::EnvironmentName;
use serde_json::Value;

/// The component's name.
pub const COMPONENT: &str = "chopmark.io/component";
/// The component's group, where it is not the object's own namespace.
pub const GROUP: &str = "chopmark.io/group";

/// The component an object says it belongs to. The group is its label, else its namespace.
pub fn component(object: &Value) -> Option<ComponentPath> {
    let name = json::label(object, COMPONENT)?;
    let namespace = json::text(object, "/metadata/namespace");
    let group = match json::label(object, GROUP) {
        Some(group) => group,
        None if namespace.is_empty() => CLUSTER_GROUP,
        None => namespace,
    };
    ComponentPath::new(group, name).ok()
}

/// The same with the environment through which it was read.
pub fn component_in(environment: &EnvironmentName, object: &Value) -> Option<ComponentId> {
    Some(ComponentId { environment: environment.clone(), path: component(object)? })
}

/// The selector that finds a component's objects.
pub fn selector(path: &ComponentPath) -> String {
    format!("{COMPONENT}={}", path.name())
}
