//! Events: the parts of Discord's JSON that this adapter reads, the same over the gateway and over HTTP.
//! Read by the gateway, the HTTP way in and `read`.
//! Must never need a field that is of no use here: what Discord adds or leaves out must not stop an event.

use chopmark_domain::change::Language;
use chopmark_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serenity::model::id::{ApplicationId, ChannelId, GuildId, InteractionId, MessageId, RoleId, UserId};

/// The surface's name.
pub(crate) const SURFACE: &str = "discord";

/// The first moment of Discord's ids, in milliseconds since 1970 (docs: Reference / Snowflakes).
const EPOCH: i64 = 1_420_070_400_000;

/// A flag of messages: only one person sees it (docs: Message Flags).
const EPHEMERAL: u64 = 1 << 6;

/// When an id was made.
pub(crate) fn moment(id: u64) -> Timestamp {
    Timestamp(EPOCH + i64::try_from(id >> 22).unwrap_or(0))
}

/// An event as it is kept until it was served.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "t", content = "d", rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Kept {
    /// A message.
    MessageCreate(Value),
    /// A command, a press, a form.
    InteractionCreate(Value),
}

/// Somebody.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct User {
    pub(crate) id: UserId,
    #[serde(default)]
    pub(crate) username: String,
    #[serde(default)]
    pub(crate) global_name: Option<String>,
    #[serde(default)]
    pub(crate) bot: bool,
}

/// Somebody within a server.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Member {
    #[serde(default)]
    pub(crate) user: Option<User>,
    #[serde(default)]
    pub(crate) nick: Option<String>,
    #[serde(default)]
    pub(crate) roles: Vec<RoleId>,
}

/// A channel or thread.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Channel {
    pub(crate) id: ChannelId,
    #[serde(rename = "type")]
    pub(crate) kind: u8,
    #[serde(default)]
    pub(crate) parent_id: Option<ChannelId>,
}

impl Channel {
    /// The channel that it is a thread of; none for what is no thread (docs: Channel Types, 10 to 12).
    pub(crate) fn parent(&self) -> Option<ChannelId> {
        self.parent_id.filter(|_| matches!(self.kind, 10..=12))
    }
}

/// What a message is an answer to, where it answers an interaction.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Origin {
    #[serde(default)]
    interacted_message_id: Option<MessageId>,
    #[serde(default)]
    original_response_message_id: Option<MessageId>,
}

/// A message.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Message {
    pub(crate) id: MessageId,
    pub(crate) channel_id: ChannelId,
    #[serde(default)]
    pub(crate) guild_id: Option<GuildId>,
    #[serde(default)]
    pub(crate) author: Option<User>,
    #[serde(default)]
    pub(crate) member: Option<Member>,
    #[serde(default)]
    pub(crate) content: String,
    #[serde(default)]
    pub(crate) mentions: Vec<User>,
    #[serde(default)]
    pub(crate) webhook_id: Option<Value>,
    #[serde(default, rename = "type")]
    pub(crate) kind: u8,
    #[serde(default)]
    pub(crate) flags: Option<u64>,
    #[serde(default)]
    pub(crate) interaction_metadata: Option<Origin>,
}

impl Message {
    /// Whether only one person sees it.
    pub(crate) fn is_ephemeral(&self) -> bool {
        self.flags.unwrap_or(0) & EPHEMERAL != 0
    }

    /// Whether it is what we ask before a press takes effect: what only they see, and the first answer to a press.
    /// What follows a first answer names it (docs: Message Interaction Metadata).
    pub(crate) fn is_question(&self) -> bool {
        let first =
            |origin: &Origin| origin.interacted_message_id.is_some() && origin.original_response_message_id.is_none();
        self.is_ephemeral() && self.interaction_metadata.as_ref().is_some_and(first)
    }

    /// Whether a person wrote it: no bot, no webhook, no line of Discord's own (docs: Message Types; 19 is a reply).
    pub(crate) fn is_a_persons(&self) -> bool {
        let person = self.author.as_ref().is_some_and(|author| !author.bot);
        person && self.webhook_id.as_ref().is_none_or(Value::is_null) && matches!(self.kind, 0 | 19)
    }

    /// The message whose button began this one, else this one: the confirmation of a press on a card leads to the card.
    pub(crate) fn origin(&self) -> MessageId {
        self.interaction_metadata.as_ref().and_then(|origin| origin.interacted_message_id).unwrap_or(self.id)
    }
}

/// What an interaction is (docs: Interaction Type).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Discord asks whether we are there.
    Ping,
    /// A slash command, or one on a message.
    Command,
    /// A button.
    Press,
    /// What is typed, before it is sent.
    Typing,
    /// A form that was sent.
    Form,
}

/// An interaction.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Interaction {
    pub(crate) id: InteractionId,
    pub(crate) application_id: ApplicationId,
    #[serde(rename = "type")]
    kind: u8,
    pub(crate) token: String,
    #[serde(default)]
    pub(crate) guild_id: Option<GuildId>,
    #[serde(default)]
    pub(crate) channel_id: Option<ChannelId>,
    #[serde(default)]
    pub(crate) channel: Option<Channel>,
    #[serde(default)]
    pub(crate) member: Option<Member>,
    #[serde(default)]
    user: Option<User>,
    #[serde(default)]
    pub(crate) message: Option<Message>,
    #[serde(default)]
    locale: Option<String>,
    #[serde(default)]
    pub(crate) data: Value,
}

impl Interaction {
    /// What it is; none for kinds of a later day.
    pub(crate) fn kind(&self) -> Option<Kind> {
        match self.kind {
            1 => Some(Kind::Ping),
            2 => Some(Kind::Command),
            3 => Some(Kind::Press),
            4 => Some(Kind::Typing),
            5 => Some(Kind::Form),
            _ => None,
        }
    }

    /// Who.
    pub(crate) fn user(&self) -> Option<&User> {
        self.member.as_ref().and_then(|member| member.user.as_ref()).or(self.user.as_ref())
    }

    /// The text of the button that was pressed, or of the choice that was made.
    pub(crate) fn pressed(&self) -> Option<&str> {
        let chosen = self.data.get("values").and_then(|values| values.get(0));
        chosen.or_else(|| self.data.get("custom_id"))?.as_str()
    }

    /// The language that Discord shows them, where we speak it.
    pub(crate) fn language(&self) -> Option<Language> {
        let locale = self.locale.as_deref()?;
        [("zh", Language::Zh), ("en", Language::En)]
            .into_iter()
            .find(|(tag, _)| locale.starts_with(tag))
            .map(|(_, language)| language)
    }
}
