//! An answer put together from its pieces.
//! Fed by the stream reader, piece by piece.
//! Must never take an answer for whole that did not say why it ended.

use super::chunk::{CallPiece, Chunk, words};
use crate::model::{Call, Reply};
use serde_json::Value;
use std::collections::BTreeSet;

/// Tokens as the server counted them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Usage {
    pub(super) sent: u64,
    pub(super) received: u64,
}

/// Why an answer ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum End {
    /// It is whole.
    Whole,
    /// It reached the limit of its tokens.
    Cut,
}

/// A call as it grows.
#[derive(Debug, Default)]
struct Growing {
    index: Option<u64>,
    id: String,
    name: String,
    arguments: String,
}

/// What has come so far.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    pub(super) text: String,
    calls: Vec<Growing>,
    pub(super) end: Option<End>,
    pub(super) usage: Option<Usage>,
}

impl Gathered {
    /// Takes a piece.
    pub(super) fn take(&mut self, chunk: Chunk) {
        if let Some(usage) = chunk.usage.as_ref().and_then(usage) {
            self.usage = Some(usage);
        }
        let Some(choice) = chunk.choices.into_iter().next() else { return };
        let delta = choice.message.unwrap_or(choice.delta);
        if let Some(content) = &delta.content {
            match content {
                Value::String(text) => self.text.push_str(text),
                other => self.text.push_str(&words(other)),
            }
        }
        for piece in delta.tool_calls {
            self.call(piece);
        }
        if let Some(Value::String(reason)) = choice.finish_reason {
            self.end = Some(if reason == "length" { End::Cut } else { End::Whole });
        }
    }

    /// How much it is, in bytes.
    pub(super) fn size(&self) -> usize {
        self.text.len() + self.calls.iter().map(|call| call.name.len() + call.arguments.len()).sum::<usize>()
    }

    fn call(&mut self, piece: CallPiece) {
        let id = piece.id.as_ref().map(words).unwrap_or_default();
        let index = piece.index.as_ref().and_then(Value::as_u64);
        let name = piece.function.name.as_ref().map(words).unwrap_or_default();
        let place = self.place(&id, index, &name);
        let Some(call) = self.calls.get_mut(place) else { return };
        if call.id.is_empty() {
            call.id = id;
        }
        if call.name.is_empty() {
            call.name = name;
        }
        match piece.function.arguments {
            Some(Value::String(text)) => call.arguments.push_str(&text),
            Some(Value::Null) | None => {}
            Some(whole) => call.arguments = whole.to_string(),
        }
    }

    /// The call that a piece belongs to. A new id opens a new call even under an old index; a piece with neither
    /// id nor index continues the last one, unless it has a name of its own and the last one has all of its.
    fn place(&mut self, id: &str, index: Option<u64>, name: &str) -> usize {
        let known = match (id.is_empty(), index) {
            (false, _) => self.calls.iter().position(|call| call.id == id).or_else(|| {
                // An index that was opened without an id.
                index.and_then(|_| self.calls.iter().position(|call| call.index == index && call.id.is_empty()))
            }),
            (true, Some(_)) => self.calls.iter().rposition(|call| call.index == index),
            (true, None) if name.is_empty() => self.calls.len().checked_sub(1),
            (true, None) => None,
        };
        known.unwrap_or_else(|| {
            self.calls.push(Growing { index, ..Growing::default() });
            self.calls.len() - 1
        })
    }

    /// The reply. Calls get an id where the server gave none or the same twice; `turn` makes it one of its own.
    pub(super) fn reply(self, turn: usize) -> Reply {
        let mut taken = BTreeSet::new();
        let calls = self.calls.into_iter().enumerate().map(|(place, call)| {
            let id =
                if call.id.is_empty() || taken.contains(&call.id) { format!("call_{turn}_{place}") } else { call.id };
            taken.insert(id.clone());
            let text = if call.arguments.trim().is_empty() { "{}" } else { call.arguments.as_str() };
            // What is no JSON stays a text: the loop sends it back with its fault.
            let arguments = serde_json::from_str(text).unwrap_or(Value::String(text.to_owned()));
            Call { id, tool: call.name, arguments }
        });
        Reply { calls: calls.collect(), text: self.text }
    }
}

fn usage(value: &Value) -> Option<Usage> {
    let count = |name: &str| value.get(name).and_then(Value::as_u64);
    Some(Usage { sent: count("prompt_tokens")?, received: count("completion_tokens").unwrap_or_default() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn gathered(chunks: Vec<Value>) -> Gathered {
        let mut gathered = Gathered::default();
        for chunk in chunks {
            gathered.take(serde_json::from_value(chunk).unwrap_or_default());
        }
        gathered
    }

    fn piece(call: Value) -> Value {
        json!({"choices": [{"delta": {"tool_calls": [call]}}]})
    }

    #[test]
    fn one_index_twice_no_index_and_no_id_are_told_apart() {
        let chunks = vec![
            piece(json!({"index": 0, "id": "a", "function": {"name": "one", "arguments": "{\"x\""}})),
            piece(json!({"index": 0, "function": {"arguments": ":1}"}})),
            piece(json!({"index": 0, "id": "b", "function": {"name": "two", "arguments": "{}"}})),
            piece(json!({"id": "c", "function": {"name": "three", "arguments": {"y": 2}}})),
            piece(json!({"function": {"name": "four"}})),
            piece(json!({"function": {"arguments": "[1,"}})),
        ];
        let reply = gathered(chunks).reply(3);
        let calls: Vec<_> = reply.calls.iter().map(|call| (call.id.as_str(), call.tool.as_str())).collect();
        assert_eq!(calls, [("a", "one"), ("b", "two"), ("c", "three"), ("call_3_3", "four")]);
        assert_eq!(reply.calls[0].arguments, json!({"x": 1}));
        assert_eq!(reply.calls[2].arguments, json!({"y": 2}));
        assert_eq!(reply.calls[3].arguments, json!("[1,"));
    }

    #[test]
    fn nulls_unknown_words_and_whole_messages_are_read() {
        let gathered = gathered(vec![
            json!({"choices": null, "usage": null}),
            json!({"choices": [{"delta": null, "finish_reason": null}], "service_tier": "made_up"}),
            json!({"choices": [{"message": {"content": [{"type": "text", "text": "hi"}], "tool_calls": null},
                "finish_reason": "MADE_UP"}], "usage": {"prompt_tokens": 7, "completion_tokens": 2}}),
        ]);
        assert_eq!((gathered.text.as_str(), &gathered.end), ("hi", &Some(End::Whole)));
        assert_eq!(gathered.usage, Some(Usage { sent: 7, received: 2 }));
    }
}
