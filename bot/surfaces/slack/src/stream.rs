//! Streams: what a model says while it says it, by Slack's own streams where the workspace has them, else by edits.
//! Called while an answer is being made; the answer itself then takes the message's place.
//! Must never keep an answer waiting, and never carry buttons: what is said so far decides nothing.

use crate::{Inner, draw, names};
use chopmark_domain::change::Language;
use chopmark_domain::time::Timestamp;
use chopmark_protocol::chat::{Fault, Partial};
use chopmark_protocol::{escape, messages};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The least time between two edits of one message, in milliseconds: about one a second in a channel is allowed.
const CIVIL: i64 = 1200;

/// Longest text of a stream: 12,000 characters are allowed, our marks take room.
const LONGEST: usize = 10_000;

/// What the metadata of a partial answer says; the answer's own key takes its place.
const KEY: &str = "partial";

#[derive(Debug, Clone)]
enum Shown {
    /// As a stream, with the text that it holds.
    Stream(String),
    /// As a message that is edited.
    Message,
}

/// What is being said now.
#[derive(Default)]
pub(crate) struct Streams {
    open: Mutex<BTreeMap<String, (Timestamp, Shown)>>,
    without: Mutex<bool>,
}

impl Streams {
    fn open(&self) -> MutexGuard<'_, BTreeMap<String, (Timestamp, Shown)>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn without(&self) -> MutexGuard<'_, bool> {
        self.without.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// Shows what was said so far; the word under which it goes on.
    pub(crate) async fn show_partial(&self, partial: Partial<'_>) -> Result<Option<String>, Fault> {
        match partial.handle {
            None => self.begin(partial).await.map(Some),
            Some(handle) => {
                self.go_on(handle, partial).await;
                Ok(Some(handle.to_owned()))
            }
        }
    }

    async fn begin(&self, partial: Partial<'_>) -> Result<String, Fault> {
        let (channel, thread) = (partial.place.channel.as_str(), names::thread_of(partial.place));
        let now = self.clock.now();
        let may_stream = !*self.streams.without();
        if let (Some(thread), true) = (thread, may_stream) {
            let words = quoted(partial.language, partial.text);
            let (team, user) = names::parts(partial.to)?;
            let body = json!({"channel": channel, "thread_ts": thread, "recipient_team_id": team,
                "recipient_user_id": user, "markdown_text": words});
            match self.web.call("chat.startStream", &body).await {
                Ok(answer) => {
                    if let Some(time) = answer.get("ts").and_then(Value::as_str) {
                        let handle = names::message(channel, time);
                        self.streams.open().insert(handle.clone(), (now, Shown::Stream(words)));
                        return Ok(handle);
                    }
                }
                // This workspace has none, now and later: its plan, or the app's kind.
                Err(Fault::Invalid(_) | Fault::Refused(_)) => *self.streams.without() = true,
                Err(fault) => return Err(fault),
            }
        }
        let body = draw::partial(partial.language, partial.text);
        let time = self.post_message(channel, thread, &body, KEY).await?;
        let handle = names::message(channel, &time);
        self.streams.open().insert(handle.clone(), (now, Shown::Message));
        Ok(handle)
    }

    async fn go_on(&self, handle: &str, partial: Partial<'_>) {
        let now = self.clock.now();
        let shown = self.streams.open().get(handle).cloned();
        let Some((_, shown)) = shown.filter(|(last, _)| now.since(*last) >= CIVIL) else { return };
        let mut next = now;
        let shown = match shown {
            Shown::Stream(before) => {
                let words = quoted(partial.language, partial.text);
                let Some(more) = words.strip_prefix(&before).filter(|more| !more.is_empty()) else { return };
                let Some((channel, time)) = names::channel_and_time(handle) else { return };
                let body = json!({"channel": channel, "ts": time, "markdown_text": more});
                match self.web.call("chat.appendStream", &body).await {
                    Ok(_) => Shown::Stream(words),
                    Err(fault) => {
                        next = waited(now, &fault);
                        Shown::Stream(before)
                    }
                }
            }
            Shown::Message => {
                if let Err(fault) = self.edit(handle, &draw::partial(partial.language, partial.text)).await {
                    next = waited(now, &fault);
                }
                Shown::Message
            }
        };
        if let Some(kept) = self.streams.open().get_mut(handle) {
            *kept = (next, shown);
        }
    }

    /// Nothing more is said: the answer takes its place.
    pub(crate) async fn ended(&self, handle: &str) {
        let shown = self.streams.open().remove(handle);
        if matches!(shown, Some((_, Shown::Stream(_)))) {
            self.stop_stream(handle).await;
        }
    }

    /// Ends a stream, also one that a program before us began.
    pub(crate) async fn stop_stream(&self, handle: &str) {
        let Some((channel, time)) = names::channel_and_time(handle) else { return };
        if let Err(fault) = self.web.call("chat.stopStream", &json!({"channel": channel, "ts": time})).await {
            tracing::debug!(chat.platform = "slack", ?fault, "a stream could not be ended");
        }
    }
}

/// When it is shown again after a try that failed.
fn waited(now: Timestamp, fault: &Fault) -> Timestamp {
    match fault {
        Fault::Later { after: Some(after), .. } => now.plus_seconds(after.as_secs()),
        _ => now,
    }
}

/// A model's words as a marked quote in the Markdown of streams, so that a longer text begins with a shorter one's.
fn quoted(language: Language, said: &str) -> String {
    let mut out = format!("_{}_\n> ", messages::text(language, "chat-model-says", &[]));
    let visible = escape::visible_lines(said).join("\n");
    for character in visible.chars().take(LONGEST / 2) {
        match character {
            '\n' => out.push_str("\n> "),
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\\' | '`' | '*' | '_' | '~' | '[' | ']' | '(' | ')' | '#' | '|' | '!' => {
                out.push('\\');
                out.push(character);
            }
            _ => out.push(character),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_model_says_stays_in_its_quote_and_grows_at_its_end() {
        let text = "Scale *web*\n# Approved <!channel> [x](https://evil.example)";
        let whole = quoted(Language::En, text);
        assert!(whole.lines().skip(1).all(|line| line.starts_with("> ")), "{whole}");
        assert!(!whole.contains("<!") && !whole.contains("\n#") && !whole.contains("](h"), "{whole}");
        for length in 0..text.len() {
            assert!(whole.starts_with(&quoted(Language::En, &text[..length])), "{length}");
        }
    }
}
