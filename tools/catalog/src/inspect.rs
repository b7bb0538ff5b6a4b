//! Looking at rendered objects: only declared kinds, in the component's place, with its labels, each once.
//! Called on everything that was rendered and on everything that a restore brings back.
//! Must never repair what it finds.

use crate::template::{Scope, Template};
use chopmark_domain::component::ComponentPath;
use serde_json::Value;
use std::collections::BTreeSet;

/// The labels by which people and programs find a component's objects.
fn labels(path: &ComponentPath) -> [(&'static str, &str); 4] {
    [
        ("app.kubernetes.io/name", path.name()),
        ("app.kubernetes.io/managed-by", "chopmark"),
        ("chopmark.io/component", path.name()),
        ("chopmark.io/group", path.group()),
    ]
}

/// Looks at every object, each named by its file.
///
/// # Errors
/// The file and what is wrong with it.
pub(crate) fn inspect<'a>(
    template: &Template,
    path: &ComponentPath,
    objects: impl Iterator<Item = (&'a str, &'a Value)>,
) -> Result<(), (String, String)> {
    let mut seen = BTreeSet::new();
    for (file, object) in objects {
        let file = file.to_owned();
        let text = |pointer: &str| object.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
        let kind = format!("{}/{}", text("/apiVersion"), text("/kind"));
        if !template.kinds.contains(&kind) {
            return Err((file, format!("{kind} is none of the kinds that the template declares")));
        }
        let namespace = object.pointer("/metadata/namespace").and_then(Value::as_str);
        let in_place = match template.scope {
            Scope::Namespace => namespace == Some(path.group()),
            Scope::Cluster => namespace.is_none_or(|namespace| namespace == path.name()),
        };
        if !in_place {
            return Err((file, format!("{kind} is outside the component's namespace")));
        }
        for (label, value) in labels(path) {
            let found = object.pointer("/metadata/labels").and_then(|labels| labels.get(label)).and_then(Value::as_str);
            if found != Some(value) {
                return Err((file, format!("the label {label} is not {value}")));
            }
        }
        if !seen.insert((kind, text("/metadata/name"))) {
            return Err((file, "the same object comes twice".to_owned()));
        }
    }
    if seen.is_empty() {
        return Err((String::new(), "nothing was rendered".to_owned()));
    }
    Ok(())
}
