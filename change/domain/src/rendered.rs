//! Rendered objects: the one strict reading of a component's YAML files into JSON objects.
//! Used by the Kubernetes runner and by the judges, so that what is judged is what is applied.
//! Must never accept what two parsers could read differently: aliases, tags, merge keys, second documents.

use crate::component::ComponentFile;
use serde_json::Value;

/// Longest file that is read, in bytes: etcd refuses larger objects (its default request limit is 1.5 MiB).
const LONGEST: usize = 1_500_000;
/// Deepest nesting; a Deployment needs about 12.
const DEEPEST: usize = 64;

/// A rendered file that is not exactly one plain object.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {reason}")]
pub struct InvalidObject {
    /// The file's name.
    pub file: String,
    /// What is wrong with it.
    pub reason: String,
}

/// Whether a file of a component's folder holds an object, by its name.
pub fn holds_object(file: &ComponentFile) -> bool {
    file.name.ends_with(".yaml") || file.name.ends_with(".yml")
}

/// Every object of a component's files, in the files' order, with the file it stands in.
///
/// # Errors
/// [`InvalidObject`] for the first file that cannot be read strictly.
pub fn objects(files: &[ComponentFile]) -> Result<Vec<(String, Value)>, InvalidObject> {
    files.iter().filter(|file| holds_object(file)).map(|file| Ok((file.name.clone(), object(file)?))).collect()
}

/// The one object of a file.
///
/// # Errors
/// [`InvalidObject`] when it is too long, has an alias, an anchor, a tag, a merge key, a duplicate key, a second
/// document or a fraction, or lacks `apiVersion`, `kind` or a name.
pub fn object(file: &ComponentFile) -> Result<Value, InvalidObject> {
    let invalid = |reason: String| InvalidObject { file: file.name.clone(), reason };
    if file.text.len() > LONGEST {
        return Err(invalid(format!("longer than {LONGEST} bytes")));
    }
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! { max_aliases: 0, max_anchors: 0, max_documents: 1, max_depth: DEEPEST },
        duplicate_keys: serde_saphyr::options::DuplicateKeyPolicy::Error,
        merge_keys: serde_saphyr::options::MergeKeyPolicy::Error,
        strict_booleans: true,
        reject_unsupported_tags: true,
        with_snippet: false,
    };
    let value: Value =
        serde_saphyr::from_str_with_options(&file.text, options).map_err(|error| invalid(error.to_string()))?;
    for field in ["/apiVersion", "/kind", "/metadata/name"] {
        if value.pointer(field).and_then(Value::as_str).is_none_or(str::is_empty) {
            return Err(invalid(format!("{field} is missing")));
        }
    }
    match fraction(&value) {
        Some(number) => Err(invalid(format!("{number} is a fraction, which has no canonical spelling"))),
        None => Ok(value),
    }
}

fn fraction(value: &Value) -> Option<String> {
    match value {
        Value::Number(number) if number.is_f64() => Some(number.to_string()),
        Value::Array(items) => items.iter().find_map(fraction),
        Value::Object(entries) => entries.values().find_map(fraction),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(text: &str) -> Result<Value, InvalidObject> {
        object(&ComponentFile { name: "object.yaml".into(), text: text.into() })
    }

    #[test]
    fn a_plain_object_is_read_as_it_stands() {
        let text = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: \"a\"\ndata:\n  n: \"no\"\n  o: \"0x1f\"\n";
        let expected = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"},
            "data": {"n": "no", "o": "0x1f"}});
        assert_eq!(read(text), Ok(expected));
    }

    #[test]
    fn what_two_parsers_could_read_differently_is_refused() {
        let head = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";
        for (tail, what) in [
            ("data: &a {x: \"1\"}\n", "an anchor"),
            ("data: &a {x: \"1\"}\nother: *a\n", "an alias"),
            ("data: {<<: {x: \"1\"}}\n", "a merge key"),
            ("data: {x: \"1\", x: \"2\"}\n", "a duplicate key"),
            ("data: {x: !local \"1\"}\n", "a tag"),
            ("data: {x: !!python/object:os \"1\"}\n", "a foreign tag"),
            ("---\napiVersion: v1\nkind: Secret\nmetadata: {name: b}\n", "a second document"),
            ("data: {x: 1.5}\n", "a fraction"),
        ] {
            assert!(read(&format!("{head}{tail}")).is_err(), "{what} was read");
        }
        assert!(read("apiVersion: v1\nkind: ConfigMap\n").is_err(), "an object without a name was read");
        assert!(read("- a\n").is_err(), "a list was read");
        assert!(read("").is_err(), "nothing was read");
    }
}
