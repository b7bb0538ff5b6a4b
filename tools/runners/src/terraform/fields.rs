//! Fields: what differs between a value before and after, part by part.
//! Used by `show` for resources and outputs.
//! Must never show a part whose neighbour says that it is sensitive.

use super::mask::Mask;
use chopmark_domain::canonical;
use chopmark_domain::plan::{FieldChange, Shown};
use serde_json::Value;
use std::collections::BTreeSet;

const NOTHING: Value = Value::Null;

/// How differences are told.
pub(super) struct Differences<'a> {
    /// What is hidden.
    pub(super) mask: &'a Mask<'a>,
    /// When the plan was made, as the plan itself says.
    pub(super) moment: &'a str,
}

/// One place of a value, before and after.
#[derive(Clone, Copy)]
struct Place<'v> {
    before: &'v Value,
    after: &'v Value,
    unknown: &'v Value,
    before_marks: &'v Value,
    after_marks: &'v Value,
}

impl Differences<'_> {
    /// Everything that changes in a resource.
    pub(super) fn of_resource(&self, address: &str, resource: &Value) -> Vec<FieldChange> {
        let change = &resource["change"];
        let (mut before_marks, mut after_marks) =
            (change["before_sensitive"].clone(), change["after_sensitive"].clone());
        if resource["type"] == "terraform_data" {
            // Its output repeats its input, but not the input's marks.
            for marks in [&mut before_marks, &mut after_marks] {
                if let Some(input) = marks.get("input").filter(|input| !input.is_null()).cloned() {
                    marks["output"] = input;
                }
            }
        }
        let mut found = Vec::new();
        let place = Place {
            before: &change["before"],
            after: &change["after"],
            unknown: &change["after_unknown"],
            before_marks: &before_marks,
            after_marks: &after_marks,
        };
        self.compare(address, "", place, &mut found);
        found
    }

    /// An output, as one field of its name.
    pub(super) fn of_output(&self, name: &str, change: &Value) -> Option<FieldChange> {
        let place = Place {
            before: &change["before"],
            after: &change["after"],
            unknown: &change["after_unknown"],
            before_marks: &change["before_sensitive"],
            after_marks: &change["after_sensitive"],
        };
        let mut field = self.leaf("output", name, place)?;
        field.path = name.to_owned();
        Some(field)
    }

    /// A field of ours, such as an address.
    pub(super) fn plain(&self, path: &str, before: &str, after: &str) -> FieldChange {
        let show = |text: &str| Some(Shown::Value(canonical::to_string(text)));
        FieldChange { path: path.to_owned(), before: show(before), after: show(after) }
    }

    fn compare(&self, address: &str, path: &str, place: Place<'_>, found: &mut Vec<FieldChange>) {
        let Place { before, after, unknown, before_marks, after_marks } = place;
        let marked = before_marks == true || after_marks == true;
        if marked || unknown == true {
            found.extend(self.leaf(address, path, place));
            return;
        }
        let objects = [before, after].iter().all(|side| side.is_object() || side.is_null());
        let arrays = [before, after].iter().all(|side| side.is_array() || side.is_null());
        let parts = |sides: [&Value; 3]| -> Option<BTreeSet<String>> {
            let keys = sides.iter().filter_map(|side| side.as_object()).flat_map(|side| side.keys().cloned());
            let keys: BTreeSet<String> = keys.collect();
            (objects && !keys.is_empty()).then_some(keys)
        };
        let count = [before, after, unknown].iter().filter_map(|side| side.as_array().map(Vec::len)).max();
        if let Some(keys) = parts([before, after, unknown]) {
            for key in keys {
                let part = Place {
                    before: before.get(&key).unwrap_or(&NOTHING),
                    after: after.get(&key).unwrap_or(&NOTHING),
                    unknown: unknown.get(&key).unwrap_or(&NOTHING),
                    before_marks: before_marks.get(&key).unwrap_or(&NOTHING),
                    after_marks: after_marks.get(&key).unwrap_or(&NOTHING),
                };
                self.compare(address, &format!("{path}/{}", escaped(&key)), part, found);
            }
        } else if let Some(count) = count.filter(|count| arrays && *count > 0) {
            for i in 0..count {
                let part = Place {
                    before: before.get(i).unwrap_or(&NOTHING),
                    after: after.get(i).unwrap_or(&NOTHING),
                    unknown: unknown.get(i).unwrap_or(&NOTHING),
                    before_marks: before_marks.get(i).unwrap_or(&NOTHING),
                    after_marks: after_marks.get(i).unwrap_or(&NOTHING),
                };
                self.compare(address, &format!("{path}/{i}"), part, found);
            }
        } else {
            found.extend(self.leaf(address, path, place));
        }
    }

    /// One field, when it changes at all. What is null was never set; what is empty where nothing was says nothing.
    fn leaf(&self, address: &str, path: &str, place: Place<'_>) -> Option<FieldChange> {
        let Place { before, after, unknown, before_marks, after_marks } = place;
        let known = !any(unknown);
        let remarked = any(before_marks) != any(after_marks) && !before.is_null() && !after.is_null();
        let says_nothing = before.is_null() && is_empty(after);
        if known && (before == after && !remarked || says_nothing) {
            return None;
        }
        let hide = any(before_marks) || any(after_marks) || self.mask.knows(before) || self.mask.knows(after);
        let show = |value: &Value| match value {
            Value::Null => None,
            value if hide => Some(self.mask.hidden(address, path, value)),
            value => Some(Shown::Value(self.settled(&canonical::to_string(value)))),
        };
        let after =
            if known { show(after) } else { Some(Shown::Value(canonical::to_string(Shown::KNOWN_AFTER_APPLY))) };
        Some(FieldChange { path: path.to_owned(), before: show(before), after })
    }

    /// A text in which the moment of planning does not stand.
    fn settled(&self, text: &str) -> String {
        if self.moment.is_empty() { text.to_owned() } else { text.replace(self.moment, Shown::TIME_OF_PLAN) }
    }
}

/// Whether something in a tree of marks is set.
fn any(marks: &Value) -> bool {
    match marks {
        Value::Bool(set) => *set,
        Value::Array(items) => items.iter().any(any),
        Value::Object(entries) => entries.values().any(any),
        Value::Null | Value::Number(_) | Value::String(_) => false,
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(entries) => entries.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

/// A step of a JSON pointer (RFC 6901).
fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}
