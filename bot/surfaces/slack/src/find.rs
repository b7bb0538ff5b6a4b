//! Finding: whether a message that we tried to send is there already.
//! Called before anything is sent a second time: an answer that was cut says nothing about the message.
//! Must never take another's message for ours: anybody's app can write the same key into its own.

use crate::{Inner, fault, names};
use chopmark_protocol::chat::Fault;
use serde_json::{Value, json};

/// What our messages' metadata is called.
const EVENT: &str = "chopmark";

/// How long ago a try may have been, in seconds: the outbox gives up before.
const OLDEST_SECONDS: i64 = 24 * 60 * 60;

/// Messages a page, and pages that are looked at.
const PAGE: usize = 200;
const PAGES: usize = 5;

/// What a message carries so that it is known again.
pub(crate) fn metadata(key: &str) -> Value {
    json!({"event_type": EVENT, "event_payload": {"key": key}})
}

impl Inner {
    /// The time of our message with that key, in a thread or outside threads; none when it is not there.
    pub(crate) async fn found(&self, channel: &str, thread: Option<&str>, key: &str) -> Result<Option<String>, Fault> {
        self.ours(channel, thread, |message| {
            message.pointer("/metadata/event_type").and_then(Value::as_str) == Some(EVENT)
                && message.pointer("/metadata/event_payload/key").and_then(Value::as_str) == Some(key)
        })
        .await
    }

    /// The time of our message with that file.
    pub(crate) async fn found_file(
        &self,
        channel: &str,
        thread: Option<&str>,
        name: &str,
    ) -> Result<Option<String>, Fault> {
        self.ours(channel, thread, |message| {
            let files = message.get("files").and_then(Value::as_array);
            files.into_iter().flatten().any(|file| file.get("name").and_then(Value::as_str) == Some(name))
        })
        .await
    }

    /// The newest of our messages that is the one.
    async fn ours(
        &self,
        channel: &str,
        thread: Option<&str>,
        is_it: impl Fn(&Value) -> bool,
    ) -> Result<Option<String>, Fault> {
        let bot = self.bot().await?;
        let oldest = (self.clock.now().0 / 1000 - OLDEST_SECONDS).to_string();
        let limit = PAGE.to_string();
        let mut cursor = String::new();
        for _ in 0..PAGES {
            let mut arguments = vec![
                ("channel", channel),
                ("include_all_metadata", "true"),
                ("oldest", oldest.as_str()),
                ("limit", limit.as_str()),
            ];
            if !cursor.is_empty() {
                arguments.push(("cursor", cursor.as_str()));
            }
            let page = match thread {
                Some(thread) => {
                    arguments.push(("ts", thread));
                    self.web.get("conversations.replies", &arguments).await
                }
                None => self.web.get("conversations.history", &arguments).await,
            };
            let page = match page {
                // The thread went with its root: then our message is not there.
                Err(Fault::Gone { what: chopmark_protocol::chat::Gone::Message, .. }) => return Ok(None),
                page => page?,
            };
            let messages = page.get("messages").and_then(Value::as_array).into_iter().flatten();
            let mut ours =
                messages.filter(|message| message.get("user").and_then(Value::as_str) == Some(&bot) && is_it(message));
            if let Some(time) = ours.find_map(|message| message.get("ts").and_then(Value::as_str)) {
                return Ok(Some(time.to_owned()));
            }
            let next = page.pointer("/response_metadata/next_cursor").and_then(Value::as_str).unwrap_or_default();
            if next.is_empty() {
                break;
            }
            cursor = next.to_owned();
        }
        Ok(None)
    }

    /// Our own user.
    pub(crate) async fn bot(&self) -> Result<String, Fault> {
        if let Some(bot) = self.bot.get() {
            return Ok(bot.clone());
        }
        let answer = self.web.call("auth.test", &json!({})).await?;
        let bot = answer.get("user_id").and_then(Value::as_str);
        let bot = bot.ok_or_else(|| fault::later("an answer without our name"))?.to_owned();
        Ok(self.bot.get_or_init(|| bot).clone())
    }

    /// Posts one message; its time.
    pub(crate) async fn post_message(
        &self,
        channel: &str,
        thread: Option<&str>,
        body: &Value,
        key: &str,
    ) -> Result<String, Fault> {
        let mut message = body.clone();
        message["channel"] = json!(channel);
        message["metadata"] = metadata(key);
        if let Some(thread) = thread {
            message["thread_ts"] = json!(thread);
        }
        let answer = self.web.call("chat.postMessage", &message).await?;
        let time = answer.get("ts").and_then(Value::as_str).filter(|time| names::is_time(time));
        time.map(str::to_owned).ok_or_else(|| fault::later("an answer without the message's time"))
    }
}
