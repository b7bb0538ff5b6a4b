//! In: what a kept event means: who, where, what, and how they can be answered alone.
//! Called by the app's pump for every event that was taken, and again after a restart.
//! Must never take a mention's name for the person: the id is who they are.

use crate::connection::Connection;
use crate::event::{Channel, Interaction, Kept, Kind, Member, Message, SURFACE, User, moment};
use crate::threads::{self, MAIN};
use crate::trouble::Trouble;
use crate::{commands, draw, modal};
use chopmark_domain::change::{Language, Place};
use chopmark_domain::ids::Identity;
use chopmark_domain::ports::{Answer, Delivery};
use chopmark_domain::problem::Problem;
use chopmark_protocol::chat::{Arrival, Fault, Filled, FormKind, Meant, Press, Reply, Speaker, alone};
use serde::Deserialize;
use serde_json::{Value, json};
use serenity::http::{LightMethod, Route};
use serenity::model::id::{ChannelId, GuildId, MessageId, UserId};
use std::collections::BTreeSet;

/// How long an interaction can be answered, in seconds: its token lives for 15 minutes (docs: Interactions / Receiving
/// and Responding); the last one is left for the way there.
const ANSWERABLE: u64 = 14 * 60;

/// What somebody says who says nothing but our name.
const NOTHING_BUT_A_MENTION: &str = "help";

/// The field of the form that "make this a change" opens.
const ASKED: &str = "words";

impl Connection {
    /// What a kept event means; none for what means nothing to us.
    pub(crate) async fn arrival(&self, delivery: &Delivery) -> Result<Option<Arrival>, Fault> {
        let Ok(kept) = serde_json::from_str::<Kept>(&delivery.raw) else { return Ok(None) };
        match kept {
            Kept::MessageCreate(event) => match Message::deserialize(event) {
                Ok(message) => self.said(&message, delivery).await,
                Err(_) => Ok(None),
            },
            Kept::InteractionCreate(event) => match Interaction::deserialize(&event) {
                Ok(interaction) => self.acted(&interaction, delivery).await,
                Err(_) => Ok(None),
            },
        }
    }

    /// Whether a message is for us: it mentions us, or stands in a direct message or in a thread that we are in.
    ///
    /// # Errors
    /// The store can't be read, or who we are can't be found out.
    pub(crate) async fn is_for_us(&self, message: &Message) -> Result<bool, Fault> {
        if !message.is_a_persons() {
            return Ok(false);
        }
        if message.guild_id.is_none() {
            return Ok(true);
        }
        let me = self.me().await?;
        if message.mentions.iter().any(|user| user.id == me) {
            return Ok(true);
        }
        // Without the intent Discord leaves the words out.
        let known = self.records.place_of_thread(SURFACE, &message.channel_id.to_string()).await;
        Ok(!message.content.is_empty() && known.map_err(later)?.is_some())
    }

    async fn said(&self, message: &Message, delivery: &Delivery) -> Result<Option<Arrival>, Fault> {
        let Some(author) = message.author.as_ref().filter(|_| message.is_a_persons()) else { return Ok(None) };
        let me = self.me().await?;
        let place = self.place_of(message).await?;
        let words = without_mention(&message.content, me);
        let words = if words.is_empty() { NOTHING_BUT_A_MENTION.to_owned() } else { words };
        let Some(speaker) = speaker(author, message.member.as_ref(), message.guild_id, place, None) else {
            return Ok(None);
        };
        Ok(Some(Arrival {
            delivery: delivery.id.clone(),
            speaker,
            at: moment(message.id.get()),
            meant: Meant::Said(words),
            message: None,
            reply: None,
        }))
    }

    /// Where a message's request lives: its thread, or the one that begins at it.
    async fn place_of(&self, message: &Message) -> Result<Place, Fault> {
        let channel = message.channel_id;
        if message.guild_id.is_none() {
            return Ok(place(channel, MAIN));
        }
        if let Some(place) = self.records.place_of_thread(SURFACE, &channel.to_string()).await.map_err(later)? {
            return Ok(place);
        }
        match self.parent(channel).await? {
            Some(parent) => self.in_thread(parent, channel).await,
            None => Ok(place(channel, &message.id.to_string())),
        }
    }

    /// What a channel is a thread of.
    async fn parent(&self, channel: ChannelId) -> Result<Option<ChannelId>, Fault> {
        if let Some(parent) = self.parents.get(&channel) {
            return Ok(parent);
        }
        let body = self.wire.get(Route::Channel { channel_id: channel }).await?;
        let parent = Channel::deserialize(body).map_err(|error| Fault::Invalid(error.to_string()))?.parent();
        self.parents.keep(channel, parent);
        Ok(parent)
    }

    /// A thread that somebody spoke to us in: what follows there needs no mention.
    async fn in_thread(&self, parent: ChannelId, thread: ChannelId) -> Result<Place, Fault> {
        let place = place(parent, &thread.to_string());
        self.records.keep_thread(&place, &thread.to_string()).await.map_err(later)?;
        Ok(place)
    }

    async fn acted(&self, interaction: &Interaction, delivery: &Delivery) -> Result<Option<Arrival>, Fault> {
        let Some(meant) = meant(interaction) else { return Ok(None) };
        let Some(place) = standing(interaction) else { return Ok(None) };
        if let Some(thread) = interaction.channel.as_ref()
            && let Some(parent) = thread.parent()
        {
            self.in_thread(parent, thread.id).await?;
        }
        let place = self.rooted(interaction, &meant, place).await?;
        let Some(speaker) = spoken(interaction, place) else { return Ok(None) };
        let at = moment(interaction.id.get());
        Ok(Some(Arrival {
            delivery: delivery.id.clone(),
            speaker,
            at,
            meant,
            message: interaction.message.as_ref().map(|message| message.origin().to_string()),
            reply: Some(Reply {
                handle: format!("{}/{}", interaction.application_id, interaction.token),
                until: at.plus_seconds(ANSWERABLE),
            }),
        }))
    }

    /// Commands, and forms that no message opened, begin with nothing that others see: their deferred answer becomes
    /// the sentence, and the thread's first message.
    async fn rooted(&self, interaction: &Interaction, meant: &Meant, place: Place) -> Result<Place, Fault> {
        let Some(words) = words(meant).filter(|_| interaction.message.is_none()) else { return Ok(place) };
        let Some(user) = interaction.user() else { return Ok(place) };
        let language = self.language(interaction).await;
        let body = draw::asked(called(user, interaction.member.as_ref()), words, language);
        let alone = alone(words);
        let root = match self.original(interaction, &body).await {
            Ok(message) => message,
            // The token died before we came to it: the sentence is said in the channel instead.
            Err(trouble) if trouble.is_over() && alone => return Ok(main(&place)),
            Err(trouble) if trouble.is_over() => {
                let key = format!("asked/{}", interaction.id);
                self.say(threads::channel(&place)?, &body, &key).await?
            }
            Err(trouble) => return Err(trouble.into()),
        };
        // In a thread or a direct message it stands where it was said.
        if place.thread != interaction.id.to_string() {
            return Ok(place);
        }
        Ok(if alone { main(&place) } else { Place { thread: root.to_string(), ..place } })
    }

    /// Fills the deferred answer of an interaction; its message's id.
    async fn original(&self, interaction: &Interaction, body: &Value) -> Result<MessageId, Trouble> {
        let route = Route::WebhookOriginalInteractionResponse {
            application_id: interaction.application_id,
            token: &interaction.token,
        };
        let edited = self.wire.send(route, LightMethod::Patch, body, None).await?;
        threads::id_of(&edited)
    }
}

/// The words of what was said; none for presses, and for forms that a press opened.
pub(crate) fn words(meant: &Meant) -> Option<&str> {
    match meant {
        Meant::Said(words) => Some(words),
        Meant::Filled(Filled { kind: FormKind::Ask, values }) => {
            values.get(ASKED).or(values.values().next()).map(String::as_str)
        }
        Meant::Filled(_) | Meant::Pressed(_) => None,
    }
}

/// What an interaction means; none for what no version of ours wrote.
pub(crate) fn meant(interaction: &Interaction) -> Option<Meant> {
    match interaction.kind()? {
        Kind::Command => commands::text(&interaction.data).map(Meant::Said),
        Kind::Press => Press::parse(interaction.pressed()?).map(Meant::Pressed),
        Kind::Form => modal::filled(&interaction.data).map(Meant::Filled),
        Kind::Ping | Kind::Typing => None,
    }
}

/// Where an interaction stands, as far as it says itself; a thread that is still to begin has the interaction's id.
pub(crate) fn standing(interaction: &Interaction) -> Option<Place> {
    let channel = interaction.channel_id.or(interaction.channel.as_ref().map(|channel| channel.id))?;
    if interaction.guild_id.is_none() {
        return Some(place(channel, MAIN));
    }
    if let Some(parent) = interaction.channel.as_ref().and_then(Channel::parent) {
        return Some(place(parent, &channel.to_string()));
    }
    Some(match &interaction.message {
        // No thread begins at what one person sees; at the card that it answers one does.
        Some(message) if message.is_ephemeral() && message.origin() == message.id => place(channel, MAIN),
        Some(message) => place(channel, &message.origin().to_string()),
        None => place(channel, &interaction.id.to_string()),
    })
}

/// Who acted; none where Discord did not say.
pub(crate) fn spoken(interaction: &Interaction, place: Place) -> Option<Speaker> {
    let language = interaction.language();
    speaker(interaction.user()?, interaction.member.as_ref(), interaction.guild_id, place, language)
}

fn speaker(
    user: &User,
    member: Option<&Member>,
    server: Option<GuildId>,
    place: Place,
    language: Option<Language>,
) -> Option<Speaker> {
    let groups = server.zip(member).map(|(server, member)| groups(server, member));
    Some(Speaker { identity: identity(user.id)?, groups, name: called(user, member).to_owned(), place, language })
}

/// The groups that a member's roles are.
pub(crate) fn groups(server: GuildId, member: &Member) -> BTreeSet<Identity> {
    let role = |role| Identity::parse(&format!("{SURFACE}:{server}.role.{role}")).ok();
    member.roles.iter().filter_map(role).collect()
}

/// Somebody's identity.
pub(crate) fn identity(user: UserId) -> Option<Identity> {
    Identity::parse(&format!("{SURFACE}:{user}")).ok()
}

fn called<'u>(user: &'u User, member: Option<&'u Member>) -> &'u str {
    member.and_then(|member| member.nick.as_deref()).or(user.global_name.as_deref()).unwrap_or(&user.username)
}

fn place(channel: ChannelId, thread: &str) -> Place {
    Place { surface: SURFACE.to_owned(), channel: channel.to_string(), thread: thread.to_owned() }
}

fn main(place: &Place) -> Place {
    Place { thread: MAIN.to_owned(), ..place.clone() }
}

/// The store did not answer: the event stays, and is read again.
pub(crate) fn later(problem: Problem) -> Fault {
    Fault::Later { after: None, why: problem.to_string() }
}

/// A problem of the store as an answer of a port.
pub(crate) fn kept<T>(answer: Answer<T>) -> Result<T, Fault> {
    answer.map_err(later)
}

/// The words without our own mention; those of others become their identities.
fn without_mention(content: &str, me: UserId) -> String {
    let mut out = String::with_capacity(content.len());
    let mut rest = content;
    while let Some(at) = rest.find("<@") {
        let (before, after) = rest.split_at(at);
        out.push_str(before);
        let inner = after.trim_start_matches("<@").trim_start_matches('!');
        match inner.split_once('>').and_then(|(id, rest)| Some((id.parse::<u64>().ok()?, rest))) {
            Some((id, after)) => {
                if id != me.get() {
                    out.push_str(&format!("{SURFACE}:{id}"));
                }
                rest = after;
            }
            None => {
                out.push_str("<@");
                rest = &after["<@".len()..];
            }
        }
    }
    out.push_str(rest);
    out.trim().to_owned()
}

/// An event as it is kept.
pub(crate) fn delivery(kept: &Kept, id: u64) -> Delivery {
    Delivery { surface: SURFACE.to_owned(), id: id.to_string(), raw: json!(kept).to_string(), at: moment(id) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_mention_goes_and_others_become_who_they_are() {
        let me = UserId::new(900);
        assert_eq!(without_mention("<@900> deploy cart", me), "deploy cart");
        assert_eq!(without_mention("hey <@!900>, what may <@401> do?", me), "hey , what may discord:401 do?");
        assert_eq!(without_mention("<@900>", me), "");
        assert_eq!(without_mention("a <@ b <@x> <@&7> c", me), "a <@ b <@x> <@&7> c");
    }
}
