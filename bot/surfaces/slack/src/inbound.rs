//! Inbound: what was kept of Slack becomes an arrival.
//! Called by bot/app's pump of the inbox, as often as it takes.
//! Must never be the first to decide anything: it says who spoke, where, and what stood there.

use crate::intake::{self, Door, Kept, text};
use crate::origin::{self, Origin};
use crate::{Inner, commands, names, view};
use chopmark_domain::change::Place;
use chopmark_domain::ids::Identity;
use chopmark_domain::ports::Delivery;
use chopmark_domain::time::Timestamp;
use chopmark_protocol::chat::{Arrival, Fault, Meant, Reply, Speaker, alone};
use serde_json::Value;

/// Who it was: their workspace and their user.
pub(crate) struct Who<'p> {
    pub(crate) team: &'p str,
    pub(crate) user: &'p str,
}

impl Who<'_> {
    fn identity(&self) -> Option<Identity> {
        names::person(self.team, self.user)
    }
}

/// Who pressed or sent a form; in a channel shared with others their workspace is their own.
pub(crate) fn who(payload: &Value) -> Option<Who<'_>> {
    let team = text(payload, "/user/team_id").or_else(|| text(payload, "/team/id"))?;
    Some(Who { team, user: text(payload, "/user/id")? })
}

impl Inner {
    /// Reads an event that was taken.
    pub(crate) async fn read(&self, delivery: &Delivery) -> Result<Option<Arrival>, Fault> {
        let Ok(Kept { door, payload }) = serde_json::from_str(&delivery.raw) else {
            tracing::error!(chat.platform = "slack", delivery = delivery.id, "an event that was kept cannot be read");
            return Ok(None);
        };
        match door {
            Door::Event => self.read_message(delivery, &payload).await,
            Door::Command => self.read_command(delivery, &payload).await,
            Door::Interaction => self.read_interaction(delivery, &payload).await,
        }
    }

    async fn read_message(&self, delivery: &Delivery, payload: &Value) -> Result<Option<Arrival>, Fault> {
        let event = payload.get("event").unwrap_or(&Value::Null);
        let team = text(event, "/user_team").or_else(|| text(event, "/team")).or_else(|| text(payload, "/team_id"));
        let (Some(team), Some(user), Some(channel), Some(time)) =
            (team, text(event, "/user"), text(event, "/channel"), text(event, "/ts"))
        else {
            return Ok(None);
        };
        let direct = names::is_direct(channel);
        let thread = text(event, "/thread_ts").filter(|thread| names::is_time(thread));
        let place = names::place(channel, thread.unwrap_or(if direct { names::MAIN } else { time }));
        let said = text(event, "/text").unwrap_or_default();
        let bot = intake::bot(payload).unwrap_or_default();
        let mentioned = text(event, "/type") == Some("app_mention") || intake::mentions(said, bot);
        if !direct && !mentioned && !self.in_thread(&place).await? {
            return Ok(None);
        }
        if !direct {
            self.joined(&place).await?;
        }
        let words = commands::text(&without_mention(said, bot));
        let Some(speaker) = self.speaker(Who { team, user }, place).await? else { return Ok(None) };
        Ok(Some(Arrival {
            delivery: delivery.id.clone(),
            speaker,
            at: seconds(time).unwrap_or(delivery.at),
            meant: Meant::Said(words),
            message: None,
            reply: None,
        }))
    }

    async fn read_command(&self, delivery: &Delivery, payload: &Value) -> Result<Option<Arrival>, Fault> {
        let (Some(team), Some(user), Some(channel)) =
            (text(payload, "/team_id"), text(payload, "/user_id"), text(payload, "/channel_id"))
        else {
            return Ok(None);
        };
        let who = Who { team, user };
        let words = commands::text(text(payload, "/text").unwrap_or_default());
        let reply = origin::reply(text(payload, "/response_url"), delivery.at);
        let place = if alone(&words) {
            names::alone(channel, user)
        } else {
            match self.root(delivery, &who, channel, &words).await? {
                Some(place) => place,
                None => return Ok(None),
            }
        };
        let Some(speaker) = self.speaker(who, place).await? else { return Ok(None) };
        let (delivery, at) = (delivery.id.clone(), delivery.at);
        Ok(Some(Arrival { delivery, speaker, at, meant: Meant::Said(words), message: None, reply }))
    }

    async fn read_interaction(&self, delivery: &Delivery, payload: &Value) -> Result<Option<Arrival>, Fault> {
        let Some(who) = who(payload) else { return Ok(None) };
        let (meant, origin) = if text(payload, "/type") == Some("view_submission") {
            let Some(filled) = payload.get("view").and_then(view::filled) else { return Ok(None) };
            let back = text(payload, "/view/private_metadata").and_then(|back| serde_json::from_str(back).ok());
            let back = back.unwrap_or(Origin { channel: None, thread: String::new(), message: None, reply: None });
            (Meant::Filled(filled), back)
        } else {
            let Some(press) = intake::press(payload) else { return Ok(None) };
            (Meant::Pressed(press), Origin::of(payload, delivery.at))
        };
        let place = match origin.place() {
            Some(place) => place,
            None => self.direct(who.user).await?,
        };
        if matches!(meant, Meant::Filled(_)) && !names::is_direct(&place.channel) {
            self.joined(&place).await?;
        }
        let at = text(payload, "/actions/0/action_ts").and_then(seconds).unwrap_or(delivery.at);
        let Some(speaker) = self.speaker(who, place).await? else { return Ok(None) };
        let Origin { message, reply, .. } = origin;
        Ok(Some(Arrival { delivery: delivery.id.clone(), speaker, at, meant, message, reply }))
    }

    /// Who speaks; none for what is nobody's id.
    pub(crate) async fn speaker(&self, who: Who<'_>, place: Place) -> Result<Option<Speaker>, Fault> {
        let Some(identity) = who.identity() else { return Ok(None) };
        let now = self.clock.now();
        let (person, groups) =
            tokio::join!(self.people.person(&self.web, who.user, now), self.people.groups(&self.web, who.user, now));
        let (person, groups) = (person?, groups?);
        Ok(Some(Speaker { identity, groups, name: person.name, place, language: person.language }))
    }

    /// The way to tell somebody alone, from what an event brought.
    pub(crate) fn alive(&self, reply: Option<&Reply>) -> Option<String> {
        reply.filter(|reply| self.clock.now() < reply.until).map(|reply| reply.handle.clone())
    }
}

/// The words without the bot's mention: where it begins them, or wherever it stands.
fn without_mention(said: &str, bot: &str) -> String {
    let open = format!("<@{bot}");
    let Some(start) = said.find(&open).filter(|_| !bot.is_empty()) else { return said.to_owned() };
    let Some(length) = said[start..].find('>') else { return said.to_owned() };
    let (before, after) = (said[..start].trim_end(), said[start + length + 1..].trim_start());
    // "@bot: deploy cart" and "@bot, deploy cart" address it.
    let after = if before.is_empty() { after.trim_start_matches([':', ',', '：', '，']).trim_start() } else { after };
    format!("{before} {after}").trim().to_owned()
}

/// The moment of a time of Slack's, which is in seconds with a count behind the dot.
fn seconds(time: &str) -> Option<Timestamp> {
    time.split('.').next()?.parse::<i64>().ok().map(|seconds| Timestamp(seconds.saturating_mul(1000)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mention_is_no_part_of_the_words() {
        for (said, words) in [
            ("<@U0BOT> deploy cart", "deploy cart"),
            ("<@U0BOT|chopmark>: deploy cart", "deploy cart"),
            ("<@U0BOT>，部署购物车", "部署购物车"),
            ("please <@U0BOT> deploy cart", "please deploy cart"),
            ("<@U0BOT>", ""),
            ("ask <@U0ADA> first", "ask <@U0ADA> first"),
        ] {
            assert_eq!(without_mention(said, "U0BOT"), words);
        }
    }
}
