//! An answer put together from its pieces.
//! Fed by the stream reader, piece by piece.
//! Must never take an answer for whole that did not say why it ended.

use super::chunk::{CallPiece, Chunk, words};
use crate::model::{Call, Reply};
use crate::tokens;
use serde_json::Value;
use std::collections::BTreeSet;

/// What a call counts beside its words, in bytes.
const CALL: usize = 1024;
/// Bytes of an id that is kept.
const LONGEST_ID: usize = 128;
/// Tokens of one question that can be true.
const MOST_TOKENS: u64 = 1_000_000_000;

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
    /// The server could not go on.
    Failed,
}

/// A call as it grows.
#[derive(Debug, Default)]
struct Growing {
    index: Option<u64>,
    id: String,
    name: String,
    arguments: String,
    nesting: Nesting,
}

/// Where in its arguments a call is: counted as they come, since reading them anew with every piece would take long.
#[derive(Debug, Default)]
struct Nesting {
    depth: u32,
    quoted: bool,
    escaped: bool,
}

impl Nesting {
    fn read(&mut self, text: &str) {
        for byte in text.bytes() {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' if self.quoted => self.escaped = true,
                b'"' => self.quoted = !self.quoted,
                b'{' | b'[' if !self.quoted => self.depth += 1,
                b'}' | b']' if !self.quoted => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
        }
    }

    fn is_open(&self) -> bool {
        self.depth > 0 || self.quoted
    }
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
        if let Some(usage) = choice.usage.as_ref().and_then(usage) {
            self.usage = Some(usage);
        }
        let delta = choice.message.unwrap_or(choice.delta);
        if let Some(content) = &delta.content {
            match content {
                Value::String(text) => self.text.push_str(text),
                other => self.text.push_str(&words(other)),
            }
        }
        for piece in delta.tool_calls.into_iter().flatten() {
            self.call(piece);
        }
        if let Some(end) = choice.finish_reason.as_ref().and_then(end) {
            self.end = Some(end);
        }
    }

    /// How much it is, in bytes, with what each call costs whoever must keep it.
    pub(super) fn size(&self) -> usize {
        self.text.len() + self.calls.iter().map(|call| CALL + call.name.len() + call.arguments.len()).sum::<usize>()
    }

    /// Tokens that it is estimated at.
    pub(super) fn tokens(&self) -> u64 {
        let of_calls = self.calls.iter().map(|call| tokens::estimate(&call.name) + tokens::estimate(&call.arguments));
        tokens::estimate(&self.text) + of_calls.sum::<u64>()
    }

    /// The words so far, without thoughts.
    pub(super) fn words(&self) -> &str {
        without_thoughts(&self.text)
    }

    /// Whether nothing came that anybody could use.
    pub(super) fn is_empty(&self) -> bool {
        self.calls.is_empty() && self.words().is_empty()
    }

    fn call(&mut self, piece: CallPiece) {
        let id = piece.id.as_ref().map(words).unwrap_or_default();
        let index = piece.index.as_ref().and_then(|index| index.as_u64().or_else(|| index.as_str()?.parse().ok()));
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
            Some(Value::String(text)) => {
                call.nesting.read(&text);
                call.arguments.push_str(&text);
            }
            Some(Value::Null) | None => {}
            Some(whole) => {
                (call.arguments, call.nesting) = (whole.to_string(), Nesting::default());
            }
        }
    }

    /// The call that a piece belongs to. A new id with a name opens a new call even under an old index; without a
    /// name it is the id of the piece alone, as some servers give one to each. A piece with neither id nor index
    /// continues the last call, unless it has a name and the last one has all of its arguments.
    fn place(&mut self, id: &str, index: Option<u64>, name: &str) -> usize {
        let under_index = || index.and_then(|_| self.calls.iter().rposition(|call| call.index == index));
        let last = self.calls.len().checked_sub(1);
        let goes_on = |place: &usize| {
            let call = self.calls.get(*place);
            name.is_empty() || call.is_some_and(|call| call.name == name && call.nesting.is_open())
        };
        let known = match (id.is_empty(), index) {
            (false, _) => self
                .calls
                .iter()
                .position(|call| call.id == id)
                // An index that was opened without an id.
                .or_else(|| under_index().filter(|place| self.calls.get(*place).is_some_and(|call| call.id.is_empty())))
                .or_else(|| if index.is_some() { under_index() } else { last }.filter(goes_on)),
            (true, Some(_)) => under_index(),
            (true, None) => last.filter(|place| {
                goes_on(place)
                    || self.calls.get(*place).is_some_and(|call| call.name == name && call.arguments.is_empty())
            }),
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
            let own = !call.id.is_empty() && call.id.len() <= LONGEST_ID && !taken.contains(&call.id);
            let id = if own { call.id } else { format!("call_{turn}_{place}") };
            taken.insert(id.clone());
            Call { id, tool: call.name, arguments: arguments(&call.arguments) }
        });
        Reply { calls: calls.collect(), text: without_thoughts(&self.text).to_owned() }
    }
}

/// Arguments as JSON. What is none stays a text: the loop sends it back with its fault.
fn arguments(words: &str) -> Value {
    let words = if words.trim().is_empty() { "{}" } else { words };
    match serde_json::from_str(words) {
        // Some servers write what is JSON already as JSON once more.
        Ok(Value::String(inner)) => serde_json::from_str(&inner).ok().filter(Value::is_object),
        read => read.ok(),
    }
    .unwrap_or_else(|| Value::String(words.to_owned()))
}

/// The words without what a model thought aloud before them: servers that do not know the model leave it there.
fn without_thoughts(text: &str) -> &str {
    match text.trim_start().strip_prefix("<think>").map(|thoughts| thoughts.split_once("</think>")) {
        None => text,
        Some(rest) => rest.map_or("", |(_, rest)| rest.trim_start()),
    }
}

/// Why it ends; none where a server fills the field in with every piece.
fn end(reason: &Value) -> Option<End> {
    let reason = reason.as_str()?.to_lowercase();
    match reason.as_str() {
        "" | "null" | "none" => None,
        "length" | "max_tokens" | "model_length" => Some(End::Cut),
        "error" => Some(End::Failed),
        _ => Some(End::Whole),
    }
}

/// Tokens as they were counted, if that can be: nobody sends none, or billions.
fn usage(value: &Value) -> Option<Usage> {
    let count = |name: &str| value.get(name).and_then(Value::as_u64).filter(|tokens| *tokens <= MOST_TOKENS);
    let sent = count("prompt_tokens").filter(|sent| *sent > 0)?;
    Some(Usage { sent, received: count("completion_tokens").unwrap_or_default() })
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
