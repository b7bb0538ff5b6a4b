//! Sending: posts and cards, so that nothing is lost and nothing doubled.
//! Called by bot/app's outbox, which tries again later with the same key.
//! Must never send a second time before it has looked: Slack has no key that makes two calls one.

use crate::draw::{self, Message};
use crate::{Inner, files, find, names};
use chopmark_domain::change::Place;
use chopmark_domain::ids::Identity;
use chopmark_protocol::chat::{Audience, Drawn, Fault, Gone, Outgoing, Reply};
use serde_json::{Value, json};

impl Inner {
    /// Sends a post.
    pub(crate) async fn send(&self, outgoing: Outgoing<'_>) -> Result<String, Fault> {
        let messages = draw::post(&outgoing);
        let key = Key { key: outgoing.key, tries: outgoing.tries };
        match &outgoing.post.audience {
            Audience::Everybody => {
                self.to_everybody(outgoing.place, &messages, key, outgoing.post.replaces.as_deref()).await
            }
            Audience::Only { identity, reply } => {
                self.to_one(outgoing.place, &messages, key, identity, reply.as_ref()).await
            }
        }
    }

    /// Posts a card; its message.
    pub(crate) async fn send_card(&self, place: &Place, key: &str, drawn: &Drawn, tries: u32) -> Result<String, Fault> {
        let message = Message { body: drawn.body.clone(), files: Vec::new() };
        self.to_everybody(place, &[message], Key { key, tries }, None).await
    }

    /// Draws a message anew.
    pub(crate) async fn edit(&self, message: &str, body: &Value) -> Result<(), Fault> {
        let gone = || Fault::Gone { what: Gone::Message, why: "no message of ours".to_owned() };
        let (channel, time) = names::channel_and_time(message).ok_or_else(gone)?;
        let mut body = body.clone();
        body["channel"] = json!(channel);
        body["ts"] = json!(time);
        self.web.call("chat.update", &body).await.map(|_| ())
    }

    async fn to_everybody(
        &self,
        place: &Place,
        messages: &[Message],
        key: Key<'_>,
        replaces: Option<&str>,
    ) -> Result<String, Fault> {
        let (channel, thread) = (place.channel.as_str(), names::thread_of(place));
        if let Some(handle) = replaces {
            self.ended(handle).await;
        }
        let mut first = None;
        for (number, message) in messages.iter().enumerate() {
            let key = key.part(number);
            let replaced = match replaces.filter(|_| number == 0 && message.files.is_empty()) {
                Some(handle) => self.replaced(handle, message, &key.key).await?,
                None => None,
            };
            let id = match replaced {
                Some(id) => id,
                None => self.one(channel, thread, message, &key).await?,
            };
            first.get_or_insert(id);
        }
        let first = first.ok_or_else(|| Fault::Invalid("nothing was drawn".to_owned()))?;
        let root = names::channel_and_time(&first).map(|(channel, time)| names::place(channel, time));
        match (thread, root) {
            (Some(_), _) => self.joined(place).await?,
            (None, Some(root)) => self.joined(&root).await?,
            (None, None) => {}
        }
        Ok(first)
    }

    /// The message of a partial answer becomes the answer; none when it is gone.
    async fn replaced(&self, handle: &str, message: &Message, key: &str) -> Result<Option<String>, Fault> {
        let mut body = message.body.clone();
        body["metadata"] = find::metadata(key);
        let edited = match self.edit(handle, &body).await {
            // A stream that a program before us began cannot be edited before it ends.
            Err(Fault::Invalid(_)) => {
                self.stop_stream(handle).await;
                self.edit(handle, &body).await
            }
            edited => edited,
        };
        match edited {
            Ok(()) => Ok(Some(handle.to_owned())),
            Err(Fault::Gone { what: Gone::Message, .. }) => Ok(None),
            Err(fault) => Err(fault),
        }
    }

    async fn one(&self, channel: &str, thread: Option<&str>, message: &Message, key: &Part) -> Result<String, Fault> {
        if !message.files.is_empty() {
            let comment = message.body.get("text").and_then(Value::as_str).unwrap_or_default();
            let sharing = files::Sharing { channel, thread, comment, again: key.again };
            return self.share(&message.files, sharing).await;
        }
        if key.again
            && let Some(time) = self.found(channel, thread, &key.key).await?
        {
            return Ok(names::message(channel, &time));
        }
        let time = self.post_message(channel, thread, &message.body, &key.key).await?;
        Ok(names::message(channel, &time))
    }

    /// Tells one person: by the address that their press or command brought while it lives, else so that only they see
    /// it where they are, else by direct message. What was told so and cut off may be told twice: it has no name by
    /// which it could be found, and a refusal that is lost is worse than one read twice.
    async fn to_one(
        &self,
        place: &Place,
        messages: &[Message],
        key: Key<'_>,
        identity: &Identity,
        reply: Option<&Reply>,
    ) -> Result<String, Fault> {
        let (_, user) = names::parts(identity)?;
        if names::is_direct(&place.channel) {
            return self.to_everybody(place, messages, key, None).await;
        }
        // Files are never for one person's eyes in a channel.
        if messages.iter().all(|message| message.files.is_empty()) && !place.channel.is_empty() {
            match self.whisper(place, messages, user, self.alive(reply)).await {
                Err(Fault::Gone { .. } | Fault::Refused(_) | Fault::Invalid(_)) => {}
                told => return told,
            }
        }
        let direct = self.direct(user).await?;
        self.to_everybody(&direct, messages, key, None).await
    }

    /// Tells one person something at once, outside the outbox.
    pub(crate) async fn tell_one(
        &self,
        place: &Place,
        message: Message,
        key: &str,
        identity: &Identity,
        reply: Option<&Reply>,
    ) -> Result<String, Fault> {
        self.to_one(place, &[message], Key { key, tries: 0 }, identity, reply).await
    }

    async fn whisper(
        &self,
        place: &Place,
        messages: &[Message],
        user: &str,
        address: Option<String>,
    ) -> Result<String, Fault> {
        let mut first = None;
        for message in messages {
            let mut body = message.body.clone();
            if let Some(thread) = names::thread_of(place) {
                body["thread_ts"] = json!(thread);
            }
            let told = match &address {
                Some(address) => self.respond_alone(address, &body).await,
                None => Err(Fault::Invalid("no address".to_owned())),
            };
            let id = match told {
                Ok(()) => format!("{}/response", place.channel),
                // Used up, or the time was shorter than promised.
                Err(Fault::Invalid(_) | Fault::Gone { .. } | Fault::Refused(_)) => {
                    body["channel"] = json!(place.channel);
                    body["user"] = json!(user);
                    let answer = self.web.call("chat.postEphemeral", &body).await?;
                    let time = answer.get("message_ts").and_then(Value::as_str).unwrap_or("unnamed");
                    names::message(&place.channel, time)
                }
                Err(fault) => return Err(fault),
            };
            first.get_or_insert(id);
        }
        first.ok_or_else(|| Fault::Invalid("nothing was drawn".to_owned()))
    }

    /// Answers at an address so that only one person sees it and nothing is replaced.
    pub(crate) async fn respond_alone(&self, address: &str, body: &Value) -> Result<(), Fault> {
        let mut body = body.clone();
        body["response_type"] = json!("ephemeral");
        body["replace_original"] = json!(false);
        self.web.respond(address, &body).await
    }
}

/// What makes a post the same one when it is tried again.
#[derive(Debug, Clone, Copy)]
struct Key<'k> {
    key: &'k str,
    tries: u32,
}

/// The same for one of its messages.
struct Part {
    key: String,
    again: bool,
}

impl Key<'_> {
    fn part(self, number: usize) -> Part {
        let key = if number == 0 { self.key.to_owned() } else { format!("{}#{number}", self.key) };
        Part { key, again: self.tries > 0 }
    }
}
