//! Reading fields of the cluster's JSON objects by pointer, with the absent told from the wrong.
//! Used by the cluster and health modules and by the Kubernetes runner.
//! Must never change a value.

use chopmark_domain::proposal::ObjectReference;
use chopmark_domain::time::Timestamp;
use serde_json::Value;

/// The text at a pointer; empty when there is none.
pub fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// The whole number at a pointer.
pub fn integer(value: &Value, pointer: &str) -> Option<i64> {
    value.pointer(pointer).and_then(Value::as_i64)
}

/// The items of the list at a pointer; none when there is no list.
pub fn items<'a>(value: &'a Value, pointer: &str) -> &'a [Value] {
    value.pointer(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// A label of an object.
pub fn label<'a>(object: &'a Value, key: &str) -> Option<&'a str> {
    object.get("metadata")?.get("labels")?.get(key)?.as_str()
}

/// An annotation of an object.
pub fn annotation<'a>(object: &'a Value, key: &str) -> Option<&'a str> {
    object.get("metadata")?.get("annotations")?.get(key)?.as_str()
}

/// The moment at a pointer, written as RFC 3339; the beginning of time when there is none.
pub fn moment(value: &Value, pointer: &str) -> Timestamp {
    let parsed = text(value, pointer).parse::<jiff::Timestamp>();
    Timestamp(parsed.map_or(0, jiff::Timestamp::as_millisecond))
}

/// The name of an object, in full.
pub fn reference(object: &Value) -> ObjectReference {
    let namespace = text(object, "/metadata/namespace");
    ObjectReference {
        api_version: text(object, "/apiVersion").to_owned(),
        kind: text(object, "/kind").to_owned(),
        namespace: (!namespace.is_empty()).then(|| namespace.to_owned()),
        name: text(object, "/metadata/name").to_owned(),
    }
}

/// The condition of that type.
pub fn condition<'a>(object: &'a Value, kind: &str) -> Option<&'a Value> {
    items(object, "/status/conditions").iter().find(|condition| text(condition, "/type") == kind)
}

/// Whether an object is owned by the object with that UID.
pub fn owned_by(object: &Value, uid: &str) -> bool {
    !uid.is_empty() && items(object, "/metadata/ownerReferences").iter().any(|owner| text(owner, "/uid") == uid)
}
