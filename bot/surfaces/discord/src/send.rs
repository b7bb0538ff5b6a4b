//! Out: posts, cards, answers that one person sees, and what is said so far.
//! Called by the app's pumps, again and again until it worked.
//! Must never send a second message for a key that Discord still remembers.

use crate::connection::Connection;
use crate::draw::{self, Message};
use crate::threads::{id_of, snowflake};
use crate::trouble::{Trouble, codes};
use crate::wire::Upload;
use chopmark_domain::change::Place;
use chopmark_domain::digest::Digest;
use chopmark_domain::ids::Identity;
use chopmark_protocol::chat::{Arrival, Attachment, Audience, Drawn, Fault, Meant, Outgoing, Partial, Reply};
use serde_json::{Value, json};
use serenity::http::{LightMethod, Route};
use serenity::model::id::{ApplicationId, ChannelId, MessageId};
use std::time::{Duration, Instant};

/// Longest nonce, in characters (docs: Create Message).
const LONGEST_NONCE: usize = 25;

/// Shortest time between two pictures of an answer that is still being said: five edits in five seconds are allowed,
/// and a reader follows no more.
const BETWEEN: Duration = Duration::from_millis(1_500);

impl Connection {
    /// Sends a post; the id of its first message.
    pub(crate) async fn posted(&self, outgoing: &Outgoing<'_>) -> Result<String, Fault> {
        let messages = draw::post(outgoing);
        let first = match &outgoing.post.audience {
            Audience::Everybody => {
                let to = self.destination(outgoing.place).await?;
                self.all(to, &messages, outgoing).await?
            }
            Audience::Only { identity, reply } => self.alone(identity, reply.as_ref(), &messages, outgoing).await?,
        };
        first.map(|id| id.to_string()).ok_or_else(|| Fault::Invalid("the post has no message".to_owned()))
    }

    /// Sends every message of a post to a channel; the first takes the place of what was said so far.
    async fn all(
        &self,
        to: ChannelId,
        messages: &[Message],
        outgoing: &Outgoing<'_>,
    ) -> Result<Option<MessageId>, Fault> {
        let mut first = None;
        for (at, message) in messages.iter().enumerate() {
            let replaced = match outgoing.post.replaces.as_deref().filter(|_| at == 0) {
                Some(handle) => self.replaced(handle, message).await?,
                None => None,
            };
            let sent = match replaced {
                Some(sent) => sent,
                None => self.one(to, message, &format!("{}/{at}", outgoing.key)).await?,
            };
            first.get_or_insert(sent);
        }
        Ok(first)
    }

    /// Puts a message in the place of a partial answer; none when that is gone.
    async fn replaced(&self, handle: &str, message: &Message) -> Result<Option<MessageId>, Fault> {
        self.partials.forget(&handle.to_owned());
        let Some((channel, id)) = partial_of(handle) else { return Ok(None) };
        // A file can't be added to what is edited without naming those that are there: it gets a message of its own.
        if !message.files.is_empty() {
            let _ = self.wire.act(message_route(channel, id), LightMethod::Delete).await;
            return Ok(None);
        }
        match self.edited(channel, id, &message.body).await {
            Ok(()) => Ok(Some(id)),
            Err(trouble) if matches!(trouble.code(), Some(codes::MESSAGE | codes::CHANNEL)) => Ok(None),
            Err(trouble) => Err(trouble.into()),
        }
    }

    /// Sends one message, with its file.
    async fn one(&self, to: ChannelId, message: &Message, key: &str) -> Result<MessageId, Fault> {
        let file = message.files.first().map(upload);
        Ok(self.created(to, &message.body, key, file.as_ref()).await?)
    }

    /// Sends a body to a channel.
    pub(crate) async fn say(&self, to: ChannelId, body: &Value, key: &str) -> Result<MessageId, Fault> {
        Ok(self.created(to, body, key, None).await?)
    }

    async fn created(
        &self,
        to: ChannelId,
        body: &Value,
        key: &str,
        file: Option<&Upload>,
    ) -> Result<MessageId, Trouble> {
        let body = with(body, &[("nonce", json!(nonce(key))), ("enforce_nonce", json!(true))]);
        let route = Route::ChannelMessages { channel_id: to };
        match self.wire.send(route, LightMethod::Post, &body, file).await {
            Err(trouble) if trouble.code() == Some(codes::ARCHIVED) => {
                self.reopen(to).await?;
                id_of(&self.wire.send(route, LightMethod::Post, &body, file).await?)
            }
            sent => id_of(&sent?),
        }
    }

    /// Answers one person: where they asked while that works, later in a direct message.
    async fn alone(
        &self,
        identity: &Identity,
        reply: Option<&Reply>,
        messages: &[Message],
        outgoing: &Outgoing<'_>,
    ) -> Result<Option<MessageId>, Fault> {
        let alive = reply.filter(|reply| outgoing.moment.now < reply.until).and_then(|reply| answerable(&reply.handle));
        if let Some((application, token)) = alive {
            match self.followed(application, token, messages).await {
                Ok(sent) => return Ok(sent),
                Err(trouble) if trouble.is_over() => {}
                Err(trouble) => return Err(trouble.into()),
            }
        }
        let direct = self.direct_to(identity).await?;
        // Where they speak to us alone, a thread of it is theirs as well.
        let place = if direct.channel == outgoing.place.channel { outgoing.place } else { &direct };
        self.all(self.destination(place).await?, messages, outgoing).await
    }

    async fn followed(
        &self,
        application: ApplicationId,
        token: &str,
        messages: &[Message],
    ) -> Result<Option<MessageId>, Trouble> {
        let mut first = None;
        for message in messages {
            let flags = message.body.get("flags").and_then(Value::as_u64).unwrap_or(0) | draw::EPHEMERAL;
            let body = with(&message.body, &[("flags", json!(flags))]);
            let route = Route::WebhookFollowupMessages { application_id: application, token };
            let file = message.files.first().map(upload);
            let sent = id_of(&self.wire.send(route, LightMethod::Post, &body, file.as_ref()).await?)?;
            first.get_or_insert(sent);
        }
        Ok(first)
    }

    /// Posts a card.
    pub(crate) async fn card_posted(&self, place: &Place, key: &str, drawn: &Drawn) -> Result<String, Fault> {
        let to = self.destination(place).await?;
        Ok(self.say(to, &drawn.body, key).await?.to_string())
    }

    /// Draws a card anew.
    pub(crate) async fn card_edited(&self, place: &Place, message: &str, drawn: &Drawn) -> Result<(), Fault> {
        let to = self.destination(place).await?;
        let message = snowflake(message).ok_or_else(|| Fault::Invalid(format!("message {message:?}")))?;
        Ok(self.edited(to, MessageId::new(message), &drawn.body).await?)
    }

    async fn edited(&self, channel: ChannelId, message: MessageId, body: &Value) -> Result<(), Trouble> {
        let route = message_route(channel, message);
        match self.wire.patch(route, body).await {
            Err(trouble) if trouble.code() == Some(codes::ARCHIVED) => {
                self.reopen(channel).await?;
                self.wire.patch(route, body).await.map(|_| ())
            }
            edited => edited.map(|_| ()),
        }
    }

    /// Shows what was said so far; it leaves out what comes too fast.
    pub(crate) async fn so_far(&self, partial: Partial<'_>) -> Result<Option<String>, Fault> {
        let body = draw::partial(partial.language, partial.text);
        let Some(handle) = partial.handle else {
            let to = self.destination(partial.place).await?;
            let route = Route::ChannelMessages { channel_id: to };
            let sent = id_of(&self.wire.post(route, &body).await?)?;
            let handle = format!("{to}/{sent}");
            self.partials.keep(handle.clone(), Instant::now());
            return Ok(Some(handle));
        };
        let recent = self.partials.get(&handle.to_owned()).is_some_and(|drawn| drawn.elapsed() < BETWEEN);
        if let Some((channel, message)) = partial_of(handle).filter(|_| !recent) {
            self.partials.keep(handle.to_owned(), Instant::now());
            self.edited(channel, message, &body).await?;
        }
        Ok(Some(handle.to_owned()))
    }

    /// Shows that a message was heard; an interaction shows it by its deferred answer.
    pub(crate) async fn heard(&self, arrival: &Arrival) {
        if arrival.reply.is_some() || !matches!(arrival.meant, Meant::Said(_)) {
            return;
        }
        let thread = self.records.thread(&arrival.speaker.place).await.ok().flatten();
        let channel = thread.as_deref().and_then(snowflake).or_else(|| snowflake(&arrival.speaker.place.channel));
        if let Some(channel) = channel {
            let route = Route::ChannelTyping { channel_id: ChannelId::new(channel) };
            // Not important: the answer comes anyway.
            let _ = self.wire.act(route, LightMethod::Post).await;
        }
    }
}

fn message_route(channel: ChannelId, message: MessageId) -> Route<'static> {
    Route::ChannelMessage { channel_id: channel, message_id: message }
}

/// The channel and message of a partial answer.
fn partial_of(handle: &str) -> Option<(ChannelId, MessageId)> {
    let (channel, message) = handle.split_once('/')?;
    Some((ChannelId::new(snowflake(channel)?), MessageId::new(snowflake(message)?)))
}

/// The application and token by which an interaction is answered.
fn answerable(handle: &str) -> Option<(ApplicationId, &str)> {
    let (application, token) = handle.split_once('/')?;
    Some((ApplicationId::new(snowflake(application)?), token))
}

fn upload(file: &Attachment) -> Upload {
    Upload { name: file.name.clone(), bytes: file.text.clone().into_bytes() }
}

fn with(body: &Value, fields: &[(&str, Value)]) -> Value {
    let mut body = body.clone();
    if let Some(object) = body.as_object_mut() {
        for (name, value) in fields {
            object.insert((*name).to_owned(), value.clone());
        }
    }
    body
}

/// What makes a message the same to Discord: it remembers for some minutes.
fn nonce(key: &str) -> String {
    Digest::of(key.as_bytes()).bytes().iter().map(|byte| format!("{byte:02x}")).collect::<String>()[..LONGEST_NONCE]
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nonce_is_short_and_the_same_for_the_same_key() {
        assert_eq!(nonce("finished/chg-7f3k/4/0").len(), LONGEST_NONCE);
        assert_eq!(nonce("finished/chg-7f3k/4/0"), nonce("finished/chg-7f3k/4/0"));
        assert_ne!(nonce("finished/chg-7f3k/4/0"), nonce("finished/chg-7f3k/4/1"));
    }
}
