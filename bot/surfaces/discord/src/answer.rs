//! What an interaction is answered at once: within three seconds, before anything is served.
//! Called by the gateway and by the HTTP way in with the same event; both only carry the answer.
//! Must never acknowledge what was not kept, nor keep what has no effect yet, such as opening a form.

use crate::connection::Connection;
use crate::event::{Interaction, Kept, Kind, Message, SURFACE};
use crate::inbound::{delivery, identity, spoken, standing, words};
use crate::{commands, draw, modal};
use chopmark_domain::change::Language;
use chopmark_domain::ports::Speaks;
use chopmark_domain::problem::{Code, Problem};
use chopmark_protocol::chat::{Asks, Desk, FormAsked, FormKind, Meant, Press, alone};
use serde_json::{Value, json};
use std::time::Duration;

/// How long the desk may think before the answer must be on its way: Discord waits three seconds.
const THINKING: Duration = Duration::from_millis(2_000);

/// How many fields a modal takes (docs: Modal).
const FIELDS: usize = 5;

/// Flag of an answer that one person sees (docs: Message Flags).
const EPHEMERAL: u64 = 1 << 6;

/// Kinds of answers (docs: Interaction Callback Type).
#[derive(Debug, Clone, Copy)]
enum Callback {
    Pong = 1,
    Message = 4,
    Deferred = 5,
    DeferredUpdate = 6,
    Update = 7,
    Choices = 8,
    Modal = 9,
}

impl Callback {
    fn with(self, data: Value) -> Value {
        json!({ "type": self as u8, "data": data })
    }

    fn alone(self) -> Value {
        json!({ "type": self as u8 })
    }
}

impl Connection {
    /// The answer to an interaction, after keeping what has an effect; none for what nobody waits to hear about.
    /// `raw` is the same event as it came.
    pub(crate) async fn told(&self, interaction: &Interaction, raw: &Value, desk: &dyn Desk) -> Option<Value> {
        Some(match interaction.kind()? {
            Kind::Ping => Callback::Pong.alone(),
            Kind::Typing => self.suggestions(interaction, desk).await,
            Kind::Command if commands::is_this(&interaction.data) => {
                self.form(interaction, FormKind::Ask, quoted(interaction), desk).await
            }
            Kind::Command => match commands::text(&interaction.data) {
                Some(words) => self.keep(interaction, raw, desk, deferred(alone(&words))).await,
                None => self.refused(interaction, &Problem::new(Code::UnknownCommand)).await,
            },
            Kind::Press => self.pressed(interaction, raw, desk).await,
            Kind::Form => match modal::filled(&interaction.data).map(Meant::Filled) {
                Some(meant) => self.keep(interaction, raw, desk, filled(interaction, &meant)).await,
                None => self.refused(interaction, &Problem::new(Code::UnknownCommand)).await,
            },
        })
    }

    async fn pressed(&self, interaction: &Interaction, raw: &Value, desk: &dyn Desk) -> Value {
        let text = interaction.pressed().unwrap_or_default();
        let language = self.language(interaction).await;
        if text == draw::LEAVE {
            return Callback::Update.with(draw::left(language));
        }
        let Some(press) = Press::parse(text) else {
            return self.refused(interaction, &Problem::new(Code::UnknownCommand)).await;
        };
        match press.asks {
            Asks::Form => self.form(interaction, FormKind::Of(press), None, desk).await,
            Asks::Confirmation => match draw::confirm(&press, language) {
                Some(message) => Callback::Message.with(message),
                None => self.keep(interaction, raw, desk, Callback::DeferredUpdate.alone()).await,
            },
            Asks::Nothing if interaction.message.as_ref().is_some_and(Message::is_question) => {
                self.keep(interaction, raw, desk, Callback::Update.with(draw::taken(&press, language))).await
            }
            Asks::Nothing => self.keep(interaction, raw, desk, Callback::DeferredUpdate.alone()).await,
        }
    }

    /// Keeps the event; the answer that says so, or the problem that it could not be kept. Discord does not send an
    /// interaction again: to say nothing would only leave the person waiting.
    async fn keep(&self, interaction: &Interaction, raw: &Value, desk: &dyn Desk, answer: Value) -> Value {
        let kept = Kept::InteractionCreate(raw.clone());
        match within(desk.take(delivery(&kept, interaction.id.get()))).await {
            Ok(_) => answer,
            Err(problem) => {
                tracing::error!(problem = %problem, "an interaction of Discord could not be kept");
                self.refused(interaction, &problem).await
            }
        }
    }

    async fn form(&self, interaction: &Interaction, kind: FormKind, quoted: Option<String>, desk: &dyn Desk) -> Value {
        let speaker = standing(interaction).and_then(|place| spoken(interaction, place));
        let Some(speaker) = speaker else {
            return self.refused(interaction, &Problem::new(Code::UnknownCommand)).await;
        };
        let language = speaker.language;
        let asked = FormAsked { speaker, kind, quoted, most: FIELDS, language };
        let form = within(desk.form(asked)).await;
        let drawn = form.map(|form| modal::modal(&form));
        match drawn {
            Ok(Some(modal)) => Callback::Modal.with(modal),
            Ok(None) => self.refused(interaction, &Problem::new(Code::Internal).with("what", "a form's id")).await,
            Err(problem) => self.refused(interaction, &problem).await,
        }
    }

    async fn suggestions(&self, interaction: &Interaction, desk: &dyn Desk) -> Value {
        let speaker = standing(interaction).and_then(|place| spoken(interaction, place));
        let suggested = match (speaker, commands::suggesting(&interaction.data)) {
            (Some(speaker), Some((what, typed))) => {
                let found = tokio::time::timeout(THINKING, desk.suggestions(&speaker, what, &typed)).await;
                found.unwrap_or_default()
            }
            _ => Vec::new(),
        };
        Callback::Choices.with(commands::choices(&suggested))
    }

    async fn refused(&self, interaction: &Interaction, problem: &Problem) -> Value {
        Callback::Message.with(draw::problem(problem, self.language(interaction).await))
    }

    /// The language of what is said at once: the one they pinned, else the one Discord shows them.
    pub(crate) async fn language(&self, interaction: &Interaction) -> Language {
        let shown = interaction.language();
        let Some(identity) = interaction.user().and_then(|user| identity(user.id)) else {
            return shown.unwrap_or_default();
        };
        let channel = interaction.channel_id.map(|channel| channel.to_string()).unwrap_or_default();
        for whose in [Speaks::Identity(identity), Speaks::Channel { surface: SURFACE.to_owned(), channel }] {
            if let Ok(Some(language)) = self.records.pinned_language(&whose).await {
                return language;
            }
        }
        shown.unwrap_or_default()
    }
}

/// What the desk says, or that it took too long.
async fn within<T>(work: impl Future<Output = Result<T, Problem>>) -> Result<T, Problem> {
    let slow = || Problem::new(Code::Internal).with("what", "the answer took too long");
    tokio::time::timeout(THINKING, work).await.unwrap_or_else(|_| Err(slow()))
}

/// The first answer to a form. One that no message opened begins something that others see, unless what was filled in
/// is between the person and us.
fn filled(interaction: &Interaction, meant: &Meant) -> Value {
    match interaction.message {
        Some(_) => Callback::DeferredUpdate.alone(),
        None => deferred(words(meant).is_some_and(alone)),
    }
}

fn deferred(alone: bool) -> Value {
    match alone {
        true => Callback::Deferred.with(json!({ "flags": EPHEMERAL })),
        false => Callback::Deferred.alone(),
    }
}

/// The text of the message that "make this a change" stands on.
fn quoted(interaction: &Interaction) -> Option<String> {
    let messages = interaction.data.pointer("/resolved/messages")?.as_object()?;
    let text = messages.values().next()?.get("content")?.as_str()?;
    (!text.is_empty()).then(|| text.to_owned())
}
