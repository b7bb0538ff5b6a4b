//! What went wrong with a question, as a problem with its code, and whether asking again may help.
//! Made by the transport and the stream reader; read by the loop of tries.
//! Must never carry the body of an answer: only what we say about it.

use super::super::address::ModelAddress;
use chopmark_domain::problem::{Code, Problem};
use serde_json::Value;
use std::time::Duration;

/// Whether to ask again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Again {
    /// It would end the same way.
    Never,
    /// Once more: what broke off may hold the next time.
    Once,
    /// After a pause of our own.
    Later,
    /// Not before so much time has gone by.
    After(Duration),
}

/// What went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// Nobody listens, or no way leads there.
    Unreachable,
    /// The server answered with an HTTP status of its own.
    Status(u16, Kind, Option<Duration>),
    /// The server sent an error inside its answer.
    Inside(Kind),
    /// No first byte in time.
    Silent,
    /// The answer ended in the middle, or stood still.
    BrokeOff,
    /// The answer was empty.
    Empty,
    /// The answer was larger than what is read.
    TooLong(u64),
    /// What came is no answer.
    Unreadable,
    /// The time for all tries is over.
    Late,
}

/// What an error of a server is about, as far as its words tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The quota is used up: waiting does not help.
    Quota,
    /// Too many at once.
    Rate,
    /// The conversation is too long.
    Context,
    /// The server does not know a field that newer ones want.
    Dialect,
    /// Anything else.
    Other,
}

impl Kind {
    /// From an error, in whatever shape it is.
    pub(super) fn of(error: &Value) -> Self {
        let mut words = Words::default();
        words.read(error, 0);
        let says = |all: &[&str]| words.short.iter().any(|word| all.contains(&word.as_str()));
        let tells = |all: &[&str]| all.iter().any(|part| words.long.contains(part));
        if says(QUOTA) {
            Self::Quota
        } else if says(CONTEXT) || (tells(CONTEXT_PHRASES) && !tells(LATER)) {
            Self::Context
        } else if tells(DIALECT) {
            Self::Dialect
        } else if says(RATE) {
            Self::Rate
        } else {
            Self::Other
        }
    }

    /// From the body of a refusal; what is no JSON is read as it stands.
    pub(super) fn of_body(body: &[u8]) -> Self {
        let text = || Value::String(String::from_utf8_lossy(body).into_owned());
        Self::of(&serde_json::from_slice(body).unwrap_or_else(|_| text()))
    }
}

/// Codes and types that say the quota is used up.
const QUOTA: &[&str] = &["insufficient_quota", "billing_hard_limit_reached", "exceeded_current_quota_error"];
/// Codes and types that say the conversation is too long.
const CONTEXT: &[&str] =
    &["context_length_exceeded", "exceed_context_size_error", "string_above_max_length", "request_too_large"];
/// How servers say it in words, in lower case.
const CONTEXT_PHRASES: &[&str] = &[
    "context length",
    "context window",
    "context size",
    "context limit",
    "maximum context",
    "model_max_prompt_tokens",
    "prompt is too long",
    "prompt too long",
    "input is too long",
    "input too long",
    "too many tokens",
    "too many input tokens",
    "token limit",
    "maximum prompt length",
    "prompt exceeds max length",
    "range of input length",
    "maximum number of tokens",
    "too large for model",
    "request too large",
    "max_new_tokens` must be <=",
    "reduce the length of the",
];
/// What speaks of the tokens of a minute instead.
const LATER: &[&str] = &["please wait", "try again"];
/// Fields that older servers do not know, as they stand in their refusals.
const DIALECT: &[&str] = &["max_completion_tokens", "stream_options"];
/// Codes and types that say there are too many at once.
const RATE: &[&str] = &["rate_limit_exceeded", "rate_limit_error", "overloaded_error", "resource_exhausted"];

/// Words of an error, in lower case: those of its codes, and those for people. Only the fields that hold such words
/// are read: some servers repeat the question in their refusal.
#[derive(Default)]
struct Words {
    short: Vec<String>,
    long: String,
}

impl Words {
    fn read(&mut self, error: &Value, depth: usize) {
        match error {
            _ if depth > 6 => {}
            Value::String(text) => {
                self.long.push_str(&text.to_lowercase());
                self.long.push('\n');
            }
            Value::Array(items) => items.iter().for_each(|item| self.read(item, depth + 1)),
            Value::Object(entries) => {
                for (name, value) in entries {
                    match (name.as_str(), value) {
                        ("code" | "type" | "error_type" | "status" | "__type", Value::String(text)) => {
                            self.short.push(text.to_lowercase());
                        }
                        ("error" | "errors" | "message" | "msg" | "detail" | "details" | "loc" | "param", _) => {
                            self.read(value, depth + 1);
                        }
                        _ => {}
                    }
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
}

impl Fault {
    /// Whether to ask again.
    pub(super) fn again(self) -> Again {
        match self {
            Self::Unreachable | Self::Inside(Kind::Rate) => Again::Later,
            Self::Status(_, Kind::Quota | Kind::Context, _) | Self::Inside(Kind::Quota | Kind::Context) => Again::Never,
            Self::Status(408 | 409 | 429 | 500..=599, _, wait) => wait.map_or(Again::Later, Again::After),
            Self::BrokeOff
            | Self::Empty
            | Self::Silent
            | Self::Unreadable
            | Self::Inside(Kind::Other | Kind::Dialect) => Again::Once,
            Self::Status(..) | Self::TooLong(_) | Self::Late => Again::Never,
        }
    }

    /// As what reaches people.
    pub(super) fn problem(self, address: &ModelAddress) -> Problem {
        let problem = |code: Code| Problem::new(code).with("model", &address.name);
        let busy = |reason: String| problem(Code::ModelBusy).with("reason", reason);
        let failed = |reason: String| problem(Code::ModelFailed).with("reason", reason);
        match self {
            Self::Unreachable => problem(Code::ModelUnreachable).with("reason", "no connection"),
            Self::Status(_, Kind::Context, _) | Self::Inside(Kind::Context) | Self::Status(413, ..) => {
                problem(Code::ContextTooLong)
            }
            Self::Status(_, Kind::Quota, _) | Self::Inside(Kind::Quota) => busy("insufficient_quota".to_owned()),
            Self::Inside(Kind::Rate) => busy("rate_limit".to_owned()),
            Self::Status(401 | 403, ..) => problem(Code::ModelKeyRefused),
            Self::Status(404, ..) => problem(Code::ModelUnknown).with("name", &address.model),
            Self::Status(429, _, Some(wait)) => busy(format!("HTTP 429, Retry-After {} s", wait.as_secs())),
            Self::Status(status @ (429 | 503 | 529), ..) => busy(format!("HTTP {status}")),
            Self::Status(status, ..) => failed(format!("HTTP {status}")),
            Self::Inside(Kind::Other | Kind::Dialect) => failed("error in the answer".to_owned()),
            Self::Silent | Self::Late => failed("timeout".to_owned()),
            Self::Unreadable => failed("unreadable answer".to_owned()),
            Self::BrokeOff => problem(Code::ModelBrokeOff),
            Self::Empty => problem(Code::ModelEmpty),
            Self::TooLong(limit) => problem(Code::ModelTooLong).with("limit", limit),
        }
    }
}

/// How long to wait, from the headers `Retry-After` (seconds or a date) and `Date`. A date counts by the server's
/// own clock; without that nobody knows what it means.
pub(super) fn retry_after(value: Option<&str>, date: Option<&str>) -> Option<Duration> {
    let value = value?.trim();
    if let Ok(seconds) = value.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds.max(0.0)).ok();
    }
    let moment = |text: &str| jiff::fmt::rfc2822::parse(text).ok().map(|moment| moment.timestamp().as_second());
    let seconds = moment(value)?.checked_sub(moment(date?)?)?;
    Some(Duration::from_secs(u64::try_from(seconds).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_wait_is_read_from_seconds_and_from_dates() {
        let (begin, end) = ("Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:39 GMT");
        assert_eq!(retry_after(Some("2"), None), Some(Duration::from_secs(2)));
        assert_eq!(retry_after(Some("0.5"), None), Some(Duration::from_millis(500)));
        assert_eq!(retry_after(Some(end), Some(begin)), Some(Duration::from_secs(2)));
        assert_eq!(retry_after(Some(begin), Some(end)), Some(Duration::ZERO));
        assert_eq!(retry_after(Some(end), None), None);
        assert_eq!(retry_after(Some("soon"), Some(begin)), None);
        assert_eq!(retry_after(Some("1e300"), None), None);
        assert_eq!(retry_after(None, None), None);
    }

    #[test]
    fn what_an_error_is_about_is_read_from_any_shape() {
        assert_eq!(Kind::of(&json!({"code": "insufficient_quota"})), Kind::Quota);
        assert_eq!(Kind::of(&json!({"message": "This model's maximum context length is 8192 tokens"})), Kind::Context);
        assert_eq!(Kind::of(&json!({"code": 429, "type": "rate_limit_error"})), Kind::Rate);
        assert_eq!(Kind::of(&json!("exceeds the context window")), Kind::Context);
        assert_eq!(Kind::of(&json!(null)), Kind::Other);
        assert_eq!(Kind::of(&json!({"message": "x", "input": "what is a context window?"})), Kind::Other);
        assert_eq!(Kind::of(&json!({"message": "Too many tokens, please wait before trying again."})), Kind::Other);
    }

    #[test]
    fn every_server_s_words_for_too_long_are_known() {
        for body in [
            r#"{"error":{"message":"This model's maximum context length is 8192 tokens. However, you requested 9000","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}"#,
            r#"{"object":"error","message":"This model's maximum context length is 4096 tokens.","type":"BadRequestError","code":400}"#,
            r#"{"error":{"code":400,"message":"the request exceeds the available context size, try increasing it","type":"exceed_context_size_error"}}"#,
            r#"{"error":"Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096. Given: 9000","error_type":"validation"}"#,
            r#"[{"error":{"code":400,"message":"The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).","status":"INVALID_ARGUMENT"}}]"#,
            r#"{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 210000 tokens > 200000 maximum"}}"#,
            r#"{"object":"error","message":"Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length","type":"invalid_request_error","code":"3051"}"#,
            r#"{"error":{"message":"Please reduce the length of the messages or completion.","type":"invalid_request_error"}}"#,
            r#"{"message":"Input is too long for requested model."}"#,
            r#"{"error":"This model's maximum prompt length is 131072 but the request contains 140000 tokens."}"#,
            r#"{"error":{"message":"Invalid request: Your request exceeded model token limit: 8192","type":"invalid_request_error"}}"#,
            r#"{"error":{"code":"1261","message":"Prompt exceeds max length"}}"#,
            r#"{"code":"InvalidParameter","message":"Range of input length should be [1, 30720]"}"#,
            r#"{"error":{"message":"Request too large for gpt-4o on tokens per min (TPM): Limit 30000, Requested 40000.","type":"tokens","code":"rate_limit_exceeded"}}"#,
            r#"{"detail":[{"loc":["body"],"msg":"too many tokens"}]}"#,
            "the prompt exceeds the context window",
        ] {
            assert_eq!(Kind::of_body(body.as_bytes()), Kind::Context, "{body}");
        }
        for body in ["", "<html>bad gateway</html>", "{}", "[]", r#"{"error":{}}"#, r#"{"error":"boom"}"#, "null", "7"]
        {
            assert_eq!(Kind::of_body(body.as_bytes()), Kind::Other, "{body}");
        }
        let unknown = r#"{"object":"error","message":{"detail":[{"type":"extra_forbidden","loc":["body","max_completion_tokens"],"msg":"Extra inputs are not permitted"}]}}"#;
        assert_eq!(Kind::of_body(unknown.as_bytes()), Kind::Dialect);
    }
}
