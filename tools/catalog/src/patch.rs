//! Patches: single fields of an object that is not ours.
//! Called by the drafter.
//! Must never touch what names an object, what the cluster reports about it, or a secret's content.

use chopmark_domain::component::{CLUSTER_GROUP, ComponentId};
use chopmark_domain::draft::{Action, Content, Draft, Verify, WayBack};
use chopmark_domain::literal::Literal;
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::proposal::ObjectReference;
use std::collections::BTreeMap;

/// Most fields of one patch: what a person can still read.
const MOST_FIELDS: usize = 50;
/// Fields that say which object it is or how it is; with everything below them.
const UNTOUCHABLE: [&str; 3] = ["/apiVersion", "/kind", "/status"];
/// Metadata that people may set.
const METADATA: [&str; 2] = ["/metadata/labels/", "/metadata/annotations/"];
/// Kinds whose pods say whether a patch worked.
const WORKLOADS: [&str; 3] = ["Deployment", "StatefulSet", "DaemonSet"];

/// The draft of a patch.
pub(crate) fn draft(
    component: &ComponentId,
    object: &ObjectReference,
    fields: &BTreeMap<String, Option<Literal>>,
) -> Result<Draft, Problem> {
    let invalid = |field: &str, rule: &str| {
        let problem =
            Problem::new(Code::InvalidParameter).with("parameter", field).with("value", "").with("rule", rule);
        problem.with("least", "").with("most", MOST_FIELDS).with("options", "")
    };
    let group = object.namespace.as_deref().unwrap_or(CLUSTER_GROUP);
    if group != component.path.group() || object.name != component.path.name() {
        return Err(Problem::new(Code::Internal).with("what", "a patch whose component is not its object"));
    }
    if fields.is_empty() {
        return Err(Problem::new(Code::NothingToChange).with("component", component));
    }
    if fields.len() > MOST_FIELDS {
        return Err(invalid("fields", "many"));
    }
    for (pointer, value) in fields {
        if !is_pointer(pointer) {
            return Err(invalid(pointer, "pointer"));
        }
        let covers = |field: &str| pointer == field || pointer.starts_with(&format!("{field}/"));
        let metadata = covers("/metadata") && !METADATA.iter().any(|prefix| pointer.starts_with(prefix));
        if metadata || UNTOUCHABLE.iter().any(|field| covers(field)) {
            return Err(invalid(pointer, "untouchable"));
        }
        if object.kind == "Secret" && value.is_some() && ["/data", "/stringData"].iter().any(|field| covers(field)) {
            return Err(Problem::new(Code::InvalidSecretReference).with("parameter", pointer));
        }
    }
    let verify = if WORKLOADS.contains(&object.kind.as_str()) { Verify::Rollout } else { Verify::Exists };
    Ok(Draft {
        component: component.clone(),
        action: Action::Patch,
        content: Content::Fields { object: object.clone(), fields: fields.clone() },
        verify,
        // The values before stand in the plan, and undo puts them back as another patch.
        way_back: WayBack::PreviousVersion,
    })
}

/// Whether the text is a JSON pointer (RFC 6901) to something within a document.
fn is_pointer(text: &str) -> bool {
    let escapes_hold = text.split('~').skip(1).all(|rest| rest.starts_with(['0', '1']));
    text.len() <= 1024 && text.len() > 1 && text.starts_with('/') && escapes_hold && !text.chars().any(char::is_control)
}
