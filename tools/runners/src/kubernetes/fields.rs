//! Fields: how two versions of an object differ, and where the server's names of fields point to.
//! Used by plan for the card, by verify and observe to compare.
//! Must never show what moves by itself, nor the value of a Secret.

use chopmark_domain::canonical;
use chopmark_domain::plan::{FieldChange, Shown};
use serde_json::Value;

/// Fields that the server writes: they say nothing about what an object is.
const MOVING: [&str; 8] = [
    "/metadata/managedFields",
    "/metadata/resourceVersion",
    "/metadata/generation",
    "/metadata/uid",
    "/metadata/creationTimestamp",
    "/metadata/selfLink",
    "/metadata/annotations/chopmark.io~1secret-digest",
    "/status",
];
/// Fields that an object's address already says.
const NAMING: [&str; 4] = ["/apiVersion", "/kind", "/metadata/name", "/metadata/namespace"];

/// Every field that differs, by pointer. A list that grows or shrinks differs by its items.
pub(crate) fn differences(before: &Value, after: &Value) -> Vec<FieldChange> {
    let mut out = Vec::new();
    compare(&mut String::new(), Some(before), Some(after), hides(after), &mut out);
    out
}

/// Every field of a new object as it was written, with the value that the server made of it.
pub(crate) fn of_new(written: &Value, result: &Value) -> Vec<FieldChange> {
    let mut out = Vec::new();
    leaves(&mut String::new(), written, &mut |pointer, value| {
        if moves(pointer) || NAMING.contains(&pointer) {
            return;
        }
        let made = result.pointer(pointer).filter(|made| is_leaf(made)).unwrap_or(value);
        out.push(FieldChange { path: pointer.to_owned(), before: None, after: Some(shown(made)) });
    });
    out.retain(|change| !(hides(written) && is_data(&change.path)));
    out
}

/// A value as people see it.
pub(crate) fn shown(value: &Value) -> Shown {
    Shown::Value(canonical::to_string(value))
}

/// Whether an object's data stays hidden.
pub(crate) fn hides(object: &Value) -> bool {
    object.get("kind").and_then(Value::as_str) == Some("Secret")
}

fn is_data(pointer: &str) -> bool {
    pointer == "/data" || pointer.starts_with("/data/") || pointer.starts_with("/stringData")
}

fn moves(pointer: &str) -> bool {
    MOVING
        .iter()
        .any(|moving| pointer == *moving || pointer.strip_prefix(moving).is_some_and(|rest| rest.starts_with('/')))
}

fn is_leaf(value: &Value) -> bool {
    match value {
        Value::Object(fields) => fields.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => true,
    }
}

fn step_into(pointer: &mut String, key: &str, then: &mut dyn FnMut(&mut String)) {
    let before = pointer.len();
    pointer.push('/');
    pointer.push_str(&escaped(key));
    then(pointer);
    pointer.truncate(before);
}

/// A key as a pointer writes it (RFC 6901).
pub(crate) fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

fn leaves(pointer: &mut String, value: &Value, see: &mut dyn FnMut(&str, &Value)) {
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            for (key, child) in fields {
                step_into(pointer, key, &mut |pointer| leaves(pointer, child, see));
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for (i, child) in items.iter().enumerate() {
                step_into(pointer, &i.to_string(), &mut |pointer| leaves(pointer, child, see));
            }
        }
        leaf => see(pointer, leaf),
    }
}

fn compare(
    pointer: &mut String,
    before: Option<&Value>,
    after: Option<&Value>,
    hide: bool,
    out: &mut Vec<FieldChange>,
) {
    // An empty list and an empty map are to the server what an absent one is.
    let present = |value: Option<&Value>| match value {
        None | Some(Value::Null) => false,
        Some(Value::Object(fields)) => !fields.is_empty(),
        Some(Value::Array(items)) => !items.is_empty(),
        Some(_) => true,
    };
    if before == after || moves(pointer) || (hide && is_data(pointer)) || (!present(before) && !present(after)) {
        return;
    }
    match (before, after) {
        (Some(Value::Object(a)), Some(Value::Object(b))) => {
            let mut keys: Vec<_> = a.keys().chain(b.keys()).collect();
            keys.sort_unstable();
            keys.dedup();
            for key in keys {
                step_into(pointer, key, &mut |pointer| compare(pointer, a.get(key), b.get(key), hide, out));
            }
        }
        (Some(Value::Array(a)), Some(Value::Array(b))) => {
            for i in 0..a.len().max(b.len()) {
                step_into(pointer, &i.to_string(), &mut |pointer| compare(pointer, a.get(i), b.get(i), hide, out));
            }
        }
        _ => {
            // A moving part or a hidden one must not slip out inside a larger value that appears or goes.
            let whole = |value: Option<&Value>| value.filter(|_| present(value)).map(shown);
            if pointer.as_str() == "/metadata" {
                return;
            }
            out.push(FieldChange { path: pointer.clone(), before: whole(before), after: whole(after) });
        }
    }
}

/// The pointer that the server's name of a field, such as `.spec.containers[name="web"].image`, means in an
/// object; none when it is not there. Keys may hold dots, so at every step the longest key that fits is taken.
pub(crate) fn pointer(object: &Value, field: &str) -> Option<String> {
    let mut place = object;
    let mut pointer = String::new();
    let mut rest = field;
    while !rest.is_empty() {
        let key;
        if let Some(named) = rest.strip_prefix('.') {
            let fields = place.as_object()?;
            let fits = |name: &&String| {
                named.strip_prefix(name.as_str()).is_some_and(|tail| tail.is_empty() || tail.starts_with(['.', '[']))
            };
            key = fields.keys().filter(fits).max_by_key(|name| name.len())?.clone();
            rest = &named[key.len()..];
        } else {
            let (selector, tail) = rest.strip_prefix('[')?.split_once(']')?;
            let items = place.as_array()?;
            key = items.iter().position(|item| selects(selector, item)).or_else(|| selector.parse().ok())?.to_string();
            rest = tail;
        }
        pointer.push('/');
        pointer.push_str(&escaped(&key));
        place = object.pointer(&pointer)?;
    }
    Some(pointer)
}

/// Whether a list item is the one of `name="web",port=80`, or equals `="value"`.
fn selects(selector: &str, item: &Value) -> bool {
    if let Some(value) = selector.strip_prefix('=') {
        return serde_json::from_str::<Value>(value).is_ok_and(|value| value == *item);
    }
    selector.contains('=')
        && selector.split(',').all(|pair| {
            pair.split_once('=').is_some_and(|(key, value)| {
                serde_json::from_str::<Value>(value).is_ok_and(|value| item.get(key) == Some(&value))
            })
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn paths(before: &Value, after: &Value) -> Vec<String> {
        differences(before, after).into_iter().map(|change| change.path).collect()
    }

    #[test]
    fn what_moves_by_itself_is_no_difference() {
        let before = json!({"metadata": {"resourceVersion": "1", "generation": 1, "managedFields": [{"a": 1}]},
            "status": {"replicas": 1}, "spec": {"replicas": 1, "empty": {}}});
        let after = json!({"metadata": {"resourceVersion": "2", "generation": 2, "uid": "u"},
            "status": {"replicas": 3}, "spec": {"replicas": 2}});
        assert_eq!(paths(&before, &after), ["/spec/replicas"]);
    }

    #[test]
    fn the_values_of_a_secret_are_never_shown() {
        let before = json!({"kind": "Secret", "data": {"a": "b25l"}, "type": "Opaque"});
        let after = json!({"kind": "Secret", "data": {"a": "dHdv", "b": "eA=="}, "type": "Other"});
        assert_eq!(paths(&before, &after), ["/type"]);
        assert_eq!(of_new(&after, &after).len(), 1);
        assert_eq!(paths(&json!({"kind": "Secret"}), &json!({"kind": "Secret", "data": {"a": "b25l"}})), [""; 0]);
    }

    #[test]
    fn the_servers_names_of_fields_are_found_in_the_object() {
        let object = json!({"metadata": {"labels": {"app.kubernetes.io/name": "x"}}, "spec": {"replicas": 1,
            "containers": [{"name": "a"}, {"name": "web", "image": "i", "ports": [{"containerPort": 80, "protocol": "TCP"}]}]}});
        for (field, expected) in [
            (".spec.replicas", Some("/spec/replicas")),
            (".spec.containers[name=\"web\"].image", Some("/spec/containers/1/image")),
            (
                ".spec.containers[name=\"web\"].ports[containerPort=80,protocol=\"TCP\"].protocol",
                Some("/spec/containers/1/ports/0/protocol"),
            ),
            (".metadata.labels.app.kubernetes.io/name", Some("/metadata/labels/app.kubernetes.io~1name")),
            (".spec.nothing", None),
            (".spec.containers[name=\"db\"].image", None),
        ] {
            assert_eq!(pointer(&object, field).as_deref(), expected, "{field}");
        }
    }
}
