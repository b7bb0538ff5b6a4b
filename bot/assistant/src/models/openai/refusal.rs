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
    /// Anything else.
    Other,
}

impl Kind {
    /// From an error object, in whatever shape it is.
    pub(super) fn of(error: &Value) -> Self {
        let text = |name: &str| error.get(name).map(|value| value.as_str().unwrap_or_default().to_lowercase());
        let word = |name: &str| text(name).unwrap_or_default();
        let (code, kind) = (word("code"), word("type"));
        let message = error.as_str().map_or_else(|| word("message"), str::to_lowercase);
        let says = |words: &[&str]| words.iter().any(|said| code == *said || kind == *said);
        if says(&["insufficient_quota", "billing_hard_limit_reached"]) {
            return Self::Quota;
        }
        let long = ["context length", "context window", "maximum context", "context size", "prompt is too long"];
        if says(&["context_length_exceeded", "exceed_context_size_error"])
            || long.iter().any(|words| message.contains(words))
        {
            return Self::Context;
        }
        if says(&["rate_limit_exceeded", "rate_limit_error", "overloaded_error"]) { Self::Rate } else { Self::Other }
    }
}

impl Fault {
    /// Whether to ask again.
    pub(super) fn again(self) -> Again {
        match self {
            Self::Unreachable | Self::Inside(Kind::Rate) => Again::Later,
            Self::Status(_, Kind::Quota | Kind::Context, _) | Self::Inside(Kind::Quota | Kind::Context) => Again::Never,
            Self::Status(408 | 409 | 429 | 500..=599, _, wait) => wait.map_or(Again::Later, Again::After),
            Self::BrokeOff | Self::Empty | Self::Silent | Self::Unreadable | Self::Inside(Kind::Other) => Again::Once,
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
            Self::Inside(Kind::Other) => failed("error in the answer".to_owned()),
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
    }
}
