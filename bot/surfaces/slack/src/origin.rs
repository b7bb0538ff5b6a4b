//! Origins: who did something and where, as the payloads of presses, shortcuts, forms and commands tell it.
//! Used when an event is read and when a form is opened; written into a form, so that its answer finds the way back.
//! Must never hold more than the way back: what a form says is in its fields.

use crate::intake::text;
use crate::names;
use chopmark_domain::change::Place;
use chopmark_domain::time::Timestamp;
use chopmark_protocol::chat::Reply;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How long an address to respond to works: 30 minutes, less one for the way there (docs.slack.dev, handling user
/// interaction).
const RESPONSE_SECONDS: u64 = 29 * 60;

/// The way back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Origin {
    /// The channel; none for what began outside every channel.
    #[serde(rename = "c")]
    pub(crate) channel: Option<String>,
    /// The thread.
    #[serde(rename = "t")]
    pub(crate) thread: String,
    /// The message that it belongs to: our id.
    #[serde(rename = "m")]
    pub(crate) message: Option<String>,
    /// How they can be answered alone.
    #[serde(rename = "r")]
    pub(crate) reply: Option<Reply>,
}

impl Origin {
    /// That of a press or shortcut.
    pub(crate) fn of(payload: &Value, now: Timestamp) -> Self {
        let channel = text(payload, "/container/channel_id").or_else(|| text(payload, "/channel/id"));
        let time = text(payload, "/container/message_ts").or_else(|| text(payload, "/message_ts"));
        let thread = text(payload, "/container/thread_ts").or_else(|| text(payload, "/message/thread_ts"));
        let direct = channel.is_some_and(names::is_direct);
        let thread = match (thread, direct) {
            (Some(thread), _) => thread,
            (None, true) => names::MAIN,
            (None, false) => time.unwrap_or_default(),
        };
        let message = channel.zip(time).map(|(channel, time)| names::message(channel, time));
        let channel = channel.map(str::to_owned);
        Self { channel, thread: thread.to_owned(), message, reply: reply(text(payload, "/response_url"), now) }
    }

    /// The place, where there is a channel.
    pub(crate) fn place(&self) -> Option<Place> {
        self.channel.as_deref().map(|channel| names::place(channel, &self.thread))
    }
}

/// An address to respond to.
pub(crate) fn reply(address: Option<&str>, now: Timestamp) -> Option<Reply> {
    address.map(|address| Reply { handle: address.to_owned(), until: now.plus_seconds(RESPONSE_SECONDS) })
}
