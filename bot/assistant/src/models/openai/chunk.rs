//! A piece of a streamed answer, as leniently as it can be read: servers leave fields out, add words, send null.
//! Read by the stream reader alone.
//! Must never refuse a piece for a field that is not needed.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// A piece.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Chunk {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) choices: Vec<Choice>,
    #[serde(default)]
    pub(super) usage: Option<Value>,
    /// Some servers send their error inside an answer that began well.
    #[serde(default)]
    pub(super) error: Option<Value>,
}

/// One of the answers; only the first is read.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Choice {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) delta: Delta,
    /// The whole answer, from servers that do not stream.
    #[serde(default)]
    pub(super) message: Option<Delta>,
    /// Why it ends. Open: an unknown word ends it too.
    #[serde(default)]
    pub(super) finish_reason: Option<Value>,
    /// Here in some servers.
    #[serde(default)]
    pub(super) usage: Option<Value>,
}

/// What is new.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Delta {
    #[serde(default)]
    pub(super) content: Option<Value>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) tool_calls: Vec<Option<CallPiece>>,
}

/// A piece of a call.
#[derive(Debug, Default, Deserialize)]
pub(super) struct CallPiece {
    /// Missing in some servers.
    #[serde(default)]
    pub(super) index: Option<Value>,
    #[serde(default)]
    pub(super) id: Option<Value>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) function: FunctionPiece,
}

/// The function of a call.
#[derive(Debug, Default, Deserialize)]
pub(super) struct FunctionPiece {
    #[serde(default)]
    pub(super) name: Option<Value>,
    /// A text in pieces; an object from servers that write it at once.
    #[serde(default)]
    pub(super) arguments: Option<Value>,
}

/// Null is what is not there.
fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(deserializer: D) -> Result<T, D::Error> {
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}

/// The words in a value: a text, or the texts of parts.
pub(super) fn words(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(parts) => {
            parts.iter().filter_map(|part| part.get("text").and_then(Value::as_str)).collect::<Vec<_>>().concat()
        }
        _ => String::new(),
    }
}
