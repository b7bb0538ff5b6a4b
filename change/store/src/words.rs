//! Between rows and domain values: enum words as text, records as JSON text.
//! Used by the statements alone.
//! Must never guess: a row that does not read as what it should be is a problem, with its name.

use chopmark_domain::problem::{Code, Problem};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The snake-case word of an enum without fields.
pub(crate) fn word<T: Serialize>(value: &T) -> Result<String, Problem> {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => Ok(word),
        Ok(other) => Err(unreadable("word", &format!("{other} is no word"))),
        Err(error) => Err(unreadable("word", &error.to_string())),
    }
}

/// The enum of a word.
pub(crate) fn from_word<T: DeserializeOwned>(what: &str, word: &str) -> Result<T, Problem> {
    serde_json::from_value(Value::String(word.to_owned())).map_err(|error| unreadable(what, &error.to_string()))
}

/// A record as JSON text.
pub(crate) fn body<T: Serialize>(what: &str, value: &T) -> Result<String, Problem> {
    serde_json::to_string(value).map_err(|error| unreadable(what, &error.to_string()))
}

/// The record of JSON text.
pub(crate) fn from_body<T: DeserializeOwned>(what: &str, body: &str) -> Result<T, Problem> {
    serde_json::from_str(body).map_err(|error| unreadable(what, &error.to_string()))
}

/// A row that is not what it should be.
pub(crate) fn unreadable(what: &str, reason: &str) -> Problem {
    Problem::new(Code::DatabaseUnusable).with("attempt", format!("read {what}")).with("reason", reason)
}
