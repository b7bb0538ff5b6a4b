//! Reading one file of a configuration in JSON.
//! Used for `*.tf.json` and `*.tofu.json`.
//! Must never drop a key that comes twice: Terraform reads both.

use super::read::{InvalidHcl, length};
use crate::component::ComponentFile;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// A JSON value with every entry of its objects, in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Json {
    Text(String),
    List(Vec<Json>),
    Object(Object),
    /// A number, a truth value, null.
    Other,
}

/// The entries of an object.
pub(super) type Object = Vec<(String, Json)>;

impl Json {
    pub(super) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::List(_) | Self::Object(_) | Self::Other => None,
        }
    }

    /// Every text in it, keys too: each is a template to Terraform.
    pub(super) fn texts(&self) -> Vec<&str> {
        match self {
            Self::Text(text) => vec![text],
            Self::List(items) => items.iter().flat_map(Self::texts).collect(),
            Self::Object(entries) => {
                entries.iter().flat_map(|(key, value)| std::iter::once(key.as_str()).chain(value.texts())).collect()
            }
            Self::Other => Vec::new(),
        }
    }
}

/// Parses a file. A list of objects at its top is as good as one object.
pub(super) fn object(file: &ComponentFile) -> Result<Object, InvalidHcl> {
    length(file)?;
    let invalid = |line: usize, reason: String| InvalidHcl { file: file.name.clone(), line, reason };
    let json: Json = serde_json::from_str(&file.text).map_err(|error| invalid(error.line(), error.to_string()))?;
    let no_object = || invalid(1, "not an object".to_owned());
    match json {
        Json::Object(entries) => Ok(entries),
        Json::List(items) => {
            let mut all = Object::new();
            for item in items {
                let Json::Object(entries) = item else { return Err(no_object()) };
                all.extend(entries);
            }
            Ok(all)
        }
        Json::Text(_) | Json::Other => Err(no_object()),
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }
    fn visit_str<E>(self, text: &str) -> Result<Json, E> {
        Ok(Json::Text(text.to_owned()))
    }
    fn visit_bool<E>(self, _: bool) -> Result<Json, E> {
        Ok(Json::Other)
    }
    fn visit_i64<E>(self, _: i64) -> Result<Json, E> {
        Ok(Json::Other)
    }
    fn visit_u64<E>(self, _: u64) -> Result<Json, E> {
        Ok(Json::Other)
    }
    fn visit_f64<E>(self, _: f64) -> Result<Json, E> {
        Ok(Json::Other)
    }
    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Other)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let mut all = Vec::new();
        while let Some(item) = items.next_element()? {
            all.push(item);
        }
        Ok(Json::List(all))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Json, A::Error> {
        let mut all = Object::new();
        while let Some(entry) = entries.next_entry()? {
            all.push(entry);
        }
        Ok(Json::Object(all))
    }
}
