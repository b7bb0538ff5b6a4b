//! Threads: where a place really is on Discord; begun when something is said there for the first time.
//! Called by everything that posts.
//! Must never begin a second thread for a place: Discord itself allows one for each message.

use crate::connection::Connection;
use crate::event::Channel;
use crate::inbound::{kept, later};
use crate::trouble::{Trouble, codes};
use chopmark_domain::change::Place;
use chopmark_protocol::chat::{Fault, Gone};
use chopmark_protocol::escape;
use serde::Deserialize;
use serde_json::{Value, json};
use serenity::http::Route;
use serenity::model::id::{ChannelId, MessageId};

/// The thread of what has none: a direct message, or the channel itself.
pub(crate) const MAIN: &str = "main";

/// Longest name of a thread, in characters; Discord takes 100.
const LONGEST_NAME: usize = 90;

/// After how many minutes of silence a thread leaves the list: a day. It is found again by being spoken in.
const SILENCE: u32 = 1_440;

/// What a thread is called whose beginning has no words.
const NAMELESS: &str = "chopmark";

impl Connection {
    /// The channel to write to for a place, which is begun if it is not there yet.
    pub(crate) async fn destination(&self, place: &Place) -> Result<ChannelId, Fault> {
        let channel = channel(place)?;
        if matches!(place.thread.as_str(), "" | MAIN) {
            return Ok(channel);
        }
        if let Some(real) = kept(self.records.thread(place).await)? {
            return snowflake(&real).map(ChannelId::new).ok_or_else(|| Fault::Invalid(format!("thread {real:?}")));
        }
        let root = snowflake(&place.thread).ok_or_else(|| Fault::Invalid(format!("thread {:?}", place.thread)))?;
        let thread = match self.begun(channel, MessageId::new(root)).await? {
            Begun::Thread(thread) => thread,
            // Nobody can begin one here: what is said stands in the channel.
            Begun::Never => return Ok(channel),
        };
        self.records.keep_thread(place, &thread.to_string()).await.map_err(later)?;
        Ok(thread)
    }

    /// The thread of a message, begun if need be.
    async fn begun(&self, channel: ChannelId, root: MessageId) -> Result<Begun, Fault> {
        let message = match self.wire.get(Route::ChannelMessage { channel_id: channel, message_id: root }).await {
            Ok(message) => message,
            Err(trouble) if trouble.code() == Some(codes::MESSAGE) => return self.without_root(channel, root).await,
            Err(trouble) => return Err(trouble.into()),
        };
        if let Some(Ok(thread)) = message.get("thread").filter(|thread| thread.is_object()).map(Channel::deserialize) {
            return Ok(Begun::Thread(thread.id));
        }
        let body = json!({ "name": name(&message), "auto_archive_duration": SILENCE });
        let route = Route::ChannelMessageThreads { channel_id: channel, message_id: root };
        match self.wire.post(route, &body).await {
            Ok(thread) => Ok(Begun::Thread(ChannelId::new(id_of(&thread)?.get()))),
            Err(trouble) => match trouble.code() {
                // A thread that began at a message has that message's id.
                Some(codes::THREAD) => Ok(Begun::Thread(ChannelId::new(root.get()))),
                Some(codes::PERMISSION | codes::KIND | codes::MESSAGE_KIND) => Ok(Begun::Never),
                _ => Err(trouble.into()),
            },
        }
    }

    /// A thread that began at no message, such as a post of a forum; or the message is gone, and its thread may stand.
    async fn without_root(&self, channel: ChannelId, root: MessageId) -> Result<Begun, Fault> {
        let found = self.wire.get(Route::Channel { channel_id: ChannelId::new(root.get()) }).await;
        let gone = |why: String| Fault::Gone { what: Gone::Place, why };
        match found.map(Channel::deserialize) {
            Ok(Ok(thread)) if thread.parent() == Some(channel) => Ok(Begun::Thread(thread.id)),
            Ok(_) => Err(gone("the message that the thread would begin at is gone".to_owned())),
            Err(trouble) => Err(trouble.into()),
        }
    }

    /// Opens an archived thread again.
    pub(crate) async fn reopen(&self, thread: ChannelId) -> Result<(), Trouble> {
        let body = json!({ "archived": false });
        self.wire.patch(Route::Channel { channel_id: thread }, &body).await.map(|_| ())
    }
}

enum Begun {
    Thread(ChannelId),
    Never,
}

/// The name of the thread of a message: its first words.
fn name(message: &Value) -> String {
    let words = message.get("content").and_then(Value::as_str).unwrap_or_default();
    let words = match words.is_empty() {
        false => words.to_owned(),
        true => written(message.get("components")).unwrap_or_default(),
    };
    let plain = escape::visible(&without_marks(&words).split_whitespace().collect::<Vec<_>>().join(" "));
    let short: String = plain.chars().take(LONGEST_NAME).collect();
    if short.trim().is_empty() { NAMELESS.to_owned() } else { short }
}

/// The first text among the parts of a message (docs: Text Display, type 10).
fn written(parts: Option<&Value>) -> Option<String> {
    parts?.as_array()?.iter().find_map(|part| match part.get("content").and_then(Value::as_str) {
        Some(text) => Some(text.to_owned()),
        None => written(part.get("components")),
    })
}

/// Words without mentions and without the marks that only mean something in a message.
fn without_marks(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    let mut rest = words;
    while let Some((before, after)) = rest.split_once("<@") {
        out.push_str(before);
        rest = after.split_once('>').map_or("", |(_, rest)| rest);
    }
    out.push_str(rest);
    out.replace(['*', '`', '\\'], "")
}

/// The channel of a place.
pub(crate) fn channel(place: &Place) -> Result<ChannelId, Fault> {
    snowflake(&place.channel).map(ChannelId::new).ok_or_else(|| Fault::Invalid(format!("channel {:?}", place.channel)))
}

/// The number of an id; none for what is no id of Discord's.
pub(crate) fn snowflake(text: &str) -> Option<u64> {
    text.parse().ok().filter(|id| *id != 0)
}

/// The id in an answer.
pub(crate) fn id_of(answer: &Value) -> Result<MessageId, Trouble> {
    let id = answer.get("id").and_then(Value::as_str).and_then(snowflake);
    id.map(MessageId::new).ok_or_else(|| Trouble::Cut("the answer has no id".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_is_called_by_the_first_words_of_its_message() {
        let of = |content: &str| name(&json!({ "content": content }));
        assert_eq!(of("<@900> deploy cart\n1.2 to dev"), "deploy cart 1.2 to dev");
        assert_eq!(of("<@900>"), NAMELESS);
        assert_eq!(of("a\u{202e}b"), "a\\u{202e}b");
        assert_eq!(of(&"长".repeat(200)).chars().count(), LONGEST_NAME);
        let parts = json!([{ "type": 17, "components": [{ "type": 10, "content": "**Ada** asks: scale \\_x" }] }]);
        assert_eq!(name(&json!({ "content": "", "components": parts })), "Ada asks: scale _x");
    }
}
