//! Walking every field of an object, whatever its kind: rules hold for kinds that nobody listed, too.
//! Called by the judges.
//! Must never recurse without end: rendered objects are at most 64 deep (domain/rendered).

use serde_json::Value;

/// Calls `see` with the pointer and the value of every field, parents first.
pub(crate) fn walk<'a>(value: &'a Value, see: &mut dyn FnMut(&str, &'a Value)) {
    visit(value, &mut String::new(), see);
}

fn visit<'a>(value: &'a Value, pointer: &mut String, see: &mut dyn FnMut(&str, &'a Value)) {
    see(pointer, value);
    let before = pointer.len();
    let mut enter = |key: &str, child: &'a Value| {
        pointer.push('/');
        pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
        visit(child, pointer, see);
        pointer.truncate(before);
    };
    match value {
        Value::Object(fields) => fields.iter().for_each(|(key, child)| enter(key, child)),
        Value::Array(items) => items.iter().enumerate().for_each(|(i, child)| enter(&i.to_string(), child)),
        _ => {}
    }
}

/// The last key of a pointer.
pub(crate) fn last(pointer: &str) -> &str {
    pointer.rsplit('/').next().unwrap_or_default()
}
