//! The tool `propose_patch`: single fields of an object that is not ours.
//! Called by models.
//! Must never touch an object of a component: those are edited by their values, so that nothing rendered is lost.

use crate::asker::Asker;
use crate::outcome::ToolOutcome;
use crate::resolve::invalid;
use crate::tool::{Function, Stop, ToolKind};
use crate::toolbox::Toolbox;
use crate::values::Given;
use async_trait::async_trait;
use chopmark_domain::component::{CLUSTER_GROUP, ComponentId, ComponentPath};
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::proposal::{Intent, ObjectReference, Origin, Proposal};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Propose new values for single fields of one Kubernetes object that no component of ours made. Nothing is changed:
/// people see the plan and decide.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Arguments {
    /// The object.
    object: Object,
    /// The environment, if the person named one.
    environment: Option<String>,
    /// JSON pointer (RFC 6901) of each field, such as /spec/replicas, to its new value; null removes the field.
    #[schemars(extend("minProperties" = 1))]
    fields: BTreeMap<String, Given>,
}

/// One object of the cluster.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Object {
    /// API group and version, such as apps/v1.
    api_version: String,
    /// Kind, such as Deployment.
    kind: String,
    /// Namespace. Leave out for the one last used, and for kinds that belong to none.
    namespace: Option<String>,
    /// Name.
    name: String,
}

/// Fields that say what an object is or how it stands; changing them is never an edit.
const FOREIGN_ROOTS: [&str; 3] = ["/apiVersion", "/kind", "/status"];
/// Metadata that people may set.
const METADATA: [&str; 2] = ["/metadata/labels/", "/metadata/annotations/"];

pub(crate) struct ProposePatch;

#[async_trait]
impl Function for ProposePatch {
    type Arguments = Arguments;
    const NAME: &'static str = "propose_patch";
    const KIND: ToolKind = ToolKind::Propose;

    async fn run(&self, toolbox: &Toolbox, asker: &Asker, arguments: Arguments) -> Result<ToolOutcome, Stop> {
        let place = toolbox.environment(asker, arguments.environment.as_deref())?;
        toolbox.cluster(&place.environment)?;
        if let Some(pointer) = arguments.fields.keys().find(|pointer| !may_change(pointer)) {
            let fault = format!("{pointer:?} is no field that a patch may change");
            return Err(Problem::new(Code::InvalidArguments).with("tool", Self::NAME).with("fault", fault).into());
        }
        let Object { api_version, kind, namespace, name } = arguments.object;
        let (namespace, group_origin) = match namespace {
            Some(namespace) => (Some(namespace), Origin::Said),
            None if is_cluster_scoped(&kind) => (None, Origin::Default),
            None if asker.memory.environment.as_ref() == Some(&place.environment.name) => {
                (asker.memory.group.clone(), Origin::Memory)
            }
            None => (None, Origin::Default),
        };
        let group = namespace.as_deref().unwrap_or(CLUSTER_GROUP);
        let path = ComponentPath::new(group, &name).map_err(|error| invalid(&error))?;
        if let Some(ours) = toolbox.components.read(&place.environment, &path).await? {
            let object = ObjectReference { api_version, kind, namespace, name };
            return Err(Problem::new(Code::ManagedElsewhere)
                .with("object", object)
                .with("manager", format!("chopmark ({})", ours.component))
                .into());
        }
        let component = ComponentId { environment: place.environment.name.clone(), path };
        let object = ObjectReference { api_version, kind, namespace, name };
        let fields = arguments.fields.into_iter().map(|(pointer, value)| (pointer, value.literal())).collect();
        let intent = Intent::Patch { object, fields };
        Ok(Proposal { component, environment_origin: place.origin, group_origin, intent, revises: None }.into())
    }
}

fn may_change(pointer: &str) -> bool {
    let below = |root: &str| pointer == root || pointer.strip_prefix(root).is_some_and(|rest| rest.starts_with('/'));
    let in_metadata = pointer == "/metadata" || pointer.starts_with("/metadata/");
    pointer.starts_with('/')
        && pointer.len() > 1
        && !FOREIGN_ROOTS.iter().any(|root| below(root))
        && (!in_metadata || METADATA.iter().any(|root| pointer.starts_with(root)))
}

/// Kinds that belong to no namespace, of those that people patch by hand.
fn is_cluster_scoped(kind: &str) -> bool {
    ["Namespace", "Node", "PersistentVolume", "StorageClass", "PriorityClass", "IngressClass"].contains(&kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patch_cannot_turn_one_object_into_another() {
        for good in ["/spec/replicas", "/metadata/labels/team", "/data/A"] {
            assert!(may_change(good), "{good}");
        }
        let bad = [
            "",
            "/",
            "spec",
            "/kind",
            "/apiVersion",
            "/status/phase",
            "/metadata",
            "/metadata/name",
            "/metadata/ownerReferences",
            "/metadata/finalizers/0",
        ];
        for bad in bad {
            assert!(!may_change(bad), "{bad}");
        }
    }
}
