//! The body of a question: rules, tools and conversation, redacted and cut to what fits the model's window.
//! Made for every question; what is made here is what is sent and what is recorded.
//! Must never let a text out that did not pass the redactor.

use super::super::address::ModelAddress;
use crate::model::{Call, Message, Turn};
use crate::uses::Body;
use crate::{redact, tokens};
use chopmark_functions::Tool;
use serde::Serialize;
use serde_json::{Value, json};
use std::borrow::Cow;

/// Tokens that a message costs beside its words.
const FRAME: u64 = 8;
/// Letters of a tool's name.
const LONGEST_NAME: usize = 64;
/// What stands for a result that no longer fits.
const LEFT_OUT: &str = "(left out: the conversation became too long; call the tool again if it is needed)";

/// A question.
#[derive(Debug)]
pub(super) struct Question {
    /// The bytes that are sent.
    pub(super) body: Body,
    /// Tokens that it is estimated at.
    pub(super) tokens: u64,
}

/// How much of the conversation is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// As much as fits.
    Whole,
    /// The person's last words with the newest result: the server counts otherwise than we do.
    Least,
}

/// Which fields a server knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// Those of today.
    Now,
    /// Those of before: servers that know no others refuse what they do not know.
    Before,
}

/// The tools as the server wants them, with the tokens they cost.
pub(super) struct Tools {
    json: String,
    tokens: u64,
}

/// The fields of a body before the long ones, which are written already: they are put behind these as they are.
#[derive(Serialize)]
struct Head<'a> {
    model: &'a str,
    stream: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    stream_options: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_completion_tokens: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_tokens: Option<u64>,
}

#[derive(Serialize)]
#[serde(tag = "role", rename_all = "lowercase")]
enum Line<'a> {
    User {
        content: Cow<'a, str>,
    },
    Assistant {
        content: Option<Cow<'a, str>>,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        tool_calls: Vec<CallLine<'a>>,
    },
    Tool {
        tool_call_id: &'a str,
        content: Cow<'a, str>,
    },
}

#[derive(Serialize)]
struct CallLine<'a> {
    id: &'a str,
    r#type: &'static str,
    function: FunctionLine<'a>,
}

#[derive(Serialize)]
struct FunctionLine<'a> {
    name: Cow<'a, str>,
    arguments: String,
}

/// Describes the tools.
pub(super) fn tools(list: &[&dyn Tool]) -> Option<Tools> {
    let described: Vec<Value> = list.iter().map(|tool| described(*tool)).collect();
    let json = serde_json::to_string(&described).ok()?;
    let tokens = tokens::estimate(&json);
    Some(Tools { json, tokens })
}

fn described(tool: &dyn Tool) -> Value {
    let mut parameters = tool.schema();
    let description = parameters.as_object_mut().and_then(|schema| schema.remove("description")).unwrap_or_default();
    json!({"type": "function", "function": {
        "name": tool.name(), "description": description, "parameters": parameters
    }})
}

/// The question for a turn; none when even the least of it does not fit.
pub(super) fn question(
    address: &ModelAddress,
    turn: &Turn,
    tools: &Tools,
    reach: Reach,
    dialect: Dialect,
) -> Option<Question> {
    let room = address.window_tokens.checked_sub(address.answer_tokens)?;
    let fixed = tools.tokens + turn.system.tokens() + FRAME;
    let mut lines: Vec<(Line<'_>, u64)> = turn.messages.iter().map(line).collect();
    let room = if reach == Reach::Least { least(&lines, &turn.messages) } else { room.checked_sub(fixed)? };
    let kept = fit(&mut lines, &turn.messages, room)?;
    let tokens = fixed + lines[kept..].iter().map(|(_, tokens)| tokens).sum::<u64>();
    let head = Head {
        model: &address.model,
        stream: true,
        stream_options: (dialect == Dialect::Now).then(|| json!({"include_usage": true})),
        max_completion_tokens: (dialect == Dialect::Now).then_some(address.answer_tokens),
        max_tokens: (dialect == Dialect::Before).then_some(address.answer_tokens),
    };
    let messages: Vec<&Line<'_>> = lines[kept..].iter().map(|(line, _)| line).collect();
    Some(Question { body: body(&head, &tools.json, turn.system.escaped(), &messages).ok()?, tokens })
}

/// The body: rules and tools, most of it, are copied once.
fn body(head: &Head<'_>, tools: &str, system: &str, messages: &[&Line<'_>]) -> Result<Body, serde_json::Error> {
    let head = serde_json::to_string(head)?;
    let messages = serde_json::to_string(messages)?;
    // Behind the last field of the head, and the first message of all: what was said follows it.
    let head = head.strip_suffix('}').unwrap_or_default();
    let messages = messages.strip_prefix('[').unwrap_or_default();
    let parts = [
        head,
        ",\"tools\":",
        tools,
        ",\"messages\":[{\"role\":\"system\",\"content\":\"",
        system,
        "\"},",
        messages,
        "}",
    ];
    Ok(Body::of(parts.concat()))
}

/// What the least that is of use costs: the person's last words, what was called since, and the newest result.
fn least(lines: &[(Line<'_>, u64)], messages: &[Message]) -> u64 {
    let last = last_words(messages);
    let since = lines[last..].iter().enumerate().map(|(place, (line, tokens))| match line {
        Line::Tool { .. } if last + place + 1 < lines.len() => FRAME + tokens::estimate(LEFT_OUT),
        _ => *tokens,
    });
    since.sum()
}

/// Where the person's last words stand.
fn last_words(messages: &[Message]) -> usize {
    messages.iter().rposition(|message| matches!(message, Message::Person(_))).unwrap_or(0)
}

/// Leaves the oldest exchanges out until the rest fits; then the oldest results. The person's last words stay.
/// The answer is the first line that is kept.
fn fit(lines: &mut [(Line<'_>, u64)], messages: &[Message], room: u64) -> Option<usize> {
    let last = last_words(messages);
    let mut first = 0;
    let size = |lines: &[(Line<'_>, u64)]| lines.iter().map(|(_, tokens)| tokens).sum::<u64>();
    while size(&lines[first..]) > room && first < last {
        first += 1;
        while first < last && !matches!(messages[first], Message::Person(_)) {
            first += 1;
        }
    }
    let mut place = last;
    while size(&lines[first..]) > room {
        let (line, tokens) = lines.get_mut(place)?;
        if let Line::Tool { content, .. } = line {
            *content = Cow::Borrowed(LEFT_OUT);
            *tokens = FRAME + tokens::estimate(LEFT_OUT);
        }
        place += 1;
    }
    Some(first)
}

/// A message as it is sent, with the tokens it costs.
fn line(message: &Message) -> (Line<'_>, u64) {
    match message {
        Message::Person(text) => {
            let content = redact::text(text);
            let tokens = FRAME + tokens::estimate(&content);
            (Line::User { content }, tokens)
        }
        Message::Tool { call, text, .. } => {
            let content = redact::text(text);
            let tokens = FRAME + tokens::estimate(&content);
            (Line::Tool { tool_call_id: &call.id, content }, tokens)
        }
        Message::Assistant { text, calls } => {
            let content = (!text.is_empty() || calls.is_empty()).then(|| redact::text(text));
            let tool_calls: Vec<CallLine<'_>> = calls.iter().map(called).collect();
            let own = content.as_deref().map_or(0, tokens::estimate);
            let of_calls = |call: &CallLine<'_>| FRAME + tokens::estimate(&call.function.arguments);
            let tokens = FRAME + own + tool_calls.iter().map(of_calls).sum::<u64>();
            (Line::Assistant { content, tool_calls }, tokens)
        }
    }
}

/// A call as it is repeated to the server. Servers read the arguments of their own calls again, and refuse what is no
/// object or no name: the model is told of the fault, and what it wrote, all the same.
fn called(call: &Call) -> CallLine<'_> {
    let words = match &call.arguments {
        Value::Object(_) => call.arguments.to_string(),
        Value::String(broken) => json!({ "unreadable": broken }).to_string(),
        other => json!({ "unreadable": other.to_string() }).to_string(),
    };
    let arguments = redact::text(&words).into_owned();
    CallLine { id: &call.id, r#type: "function", function: FunctionLine { name: name(&call.tool), arguments } }
}

/// A tool's name as every server takes it.
fn name(tool: &str) -> Cow<'_, str> {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    if !tool.is_empty() && tool.len() <= LONGEST_NAME && tool.chars().all(fits) {
        return Cow::Borrowed(tool);
    }
    let fitting: String = tool.chars().take(LONGEST_NAME).map(|c| if fits(c) { c } else { '_' }).collect();
    Cow::Owned(if fitting.is_empty() { "_".to_owned() } else { fitting })
}
