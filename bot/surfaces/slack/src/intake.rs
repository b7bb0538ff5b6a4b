//! Intake: what of everything that Slack tells is kept, and under which id.
//! Called for every event, command and interaction, however it came: over a socket or over HTTP.
//! Must never ask anybody anything: it stands between an event and its acknowledgement.

use crate::{manifest, names};
use chopmark_domain::ports::Delivery;
use chopmark_domain::time::Timestamp;
use chopmark_protocol::chat::{Asks, FormKind, Press};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The largest event that is looked at, in bytes: Slack's longest message has 40,000 characters, a view 250 KB.
pub(crate) const LARGEST: usize = 1 << 20;

/// How something came to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Door {
    /// An event of the Events API.
    Event,
    /// A press, a shortcut, a form.
    Interaction,
    /// A slash command.
    Command,
}

/// What is kept of it, as `read` will find it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Kept {
    /// How it came.
    pub(crate) door: Door,
    /// What Slack sent.
    pub(crate) payload: Value,
}

/// What is to be done at once with what came.
#[derive(Debug, Clone)]
pub(crate) enum Heard {
    /// Nothing: it means nothing to us.
    Nothing,
    /// It is kept, then acknowledged.
    Event(Delivery),
    /// A form is opened while its trigger lives; nothing is kept.
    Form(FormKind),
}

/// What is to be done with it.
pub(crate) fn heard(door: Door, mut payload: Value, now: Timestamp) -> (Heard, Value) {
    // The verification token is a secret that nothing needs.
    if let Some(fields) = payload.as_object_mut() {
        fields.remove("token");
    }
    let heard = match door {
        Door::Event => event_id(&payload).map_or(Heard::Nothing, |id| kept(door, id, &payload, now)),
        Door::Command => text(&payload, "/trigger_id")
            .map_or(Heard::Nothing, |trigger| kept(door, format!("command/{trigger}"), &payload, now)),
        Door::Interaction => interaction(&payload, now),
    };
    (heard, payload)
}

fn kept(door: Door, id: String, payload: &Value, at: Timestamp) -> Heard {
    let kept = Kept { door, payload: payload.clone() };
    match serde_json::to_string(&kept) {
        Ok(raw) => Heard::Event(Delivery { surface: names::SURFACE.to_owned(), id, raw, at }),
        Err(_) => Heard::Nothing,
    }
}

/// A text within a payload, by its path; none when it is empty.
pub(crate) fn text<'v>(payload: &'v Value, path: &str) -> Option<&'v str> {
    payload.pointer(path).and_then(Value::as_str).filter(|text| !text.is_empty())
}

/// The bot's user, as every event names it.
pub(crate) fn bot(payload: &Value) -> Option<&str> {
    text(payload, "/authorizations/0/user_id")
}

/// The id of a message that somebody wrote to us; none for every other event.
///
/// A mention comes twice where the channel's messages are heard as well, as `app_mention` and as `message`, under two
/// event ids: the message's own id is the same in both, and in every retry.
fn event_id(payload: &Value) -> Option<String> {
    let event = payload.get("event")?;
    let channel = text(event, "/channel")?;
    let time = text(event, "/ts").filter(|time| names::is_time(time))?;
    let user = text(event, "/user")?;
    let by_people = event.get("bot_id").is_none() && event.get("bot_profile").is_none() && bot(payload) != Some(user);
    let subtype = text(event, "/subtype");
    let said = matches!(subtype, None | Some("thread_broadcast" | "file_share")) && event.get("edited").is_none();
    let to_us = match text(event, "/type")? {
        "app_mention" => true,
        "message" => {
            let mention = bot(payload).is_some_and(|bot| mentions(text(event, "/text").unwrap_or_default(), bot));
            let follows = text(event, "/thread_ts").is_some_and(|thread| thread != time);
            names::is_direct(channel) || mention || follows
        }
        _ => false,
    };
    (by_people && said && to_us).then(|| format!("message/{}", names::message(channel, time)))
}

/// Whether a text of Slack's mentions a user: `<@U02>` or `<@U02|name>`.
pub(crate) fn mentions(text: &str, user: &str) -> bool {
    text.contains(&format!("<@{user}>")) || text.contains(&format!("<@{user}|"))
}

fn interaction(payload: &Value, now: Timestamp) -> Heard {
    let user = text(payload, "/user/id").unwrap_or_default();
    match text(payload, "/type") {
        Some("block_actions") => {
            let Some(press) = press(payload) else { return Heard::Nothing };
            let (Some(channel), Some(message), Some(time)) = (
                text(payload, "/container/channel_id").or_else(|| text(payload, "/channel/id")),
                text(payload, "/container/message_ts"),
                text(payload, "/actions/0/action_ts"),
            ) else {
                return Heard::Nothing;
            };
            match press.asks {
                Asks::Form => Heard::Form(FormKind::Of(press)),
                // What asks for a confirmation was confirmed in Slack's own dialogue before it came.
                Asks::Nothing | Asks::Confirmation => {
                    kept(Door::Interaction, format!("press/{channel}/{message}/{user}/{time}"), payload, now)
                }
            }
        }
        Some("view_submission") => {
            let (view, hash) = (text(payload, "/view/id").unwrap_or_default(), text(payload, "/view/hash"));
            kept(Door::Interaction, format!("view/{view}/{}/{user}", hash.unwrap_or_default()), payload, now)
        }
        Some("message_action" | "shortcut")
            if matches!(text(payload, "/callback_id"), Some(manifest::ASK | manifest::QUOTE)) =>
        {
            Heard::Form(FormKind::Ask)
        }
        _ => Heard::Nothing,
    }
}

/// The press of a message's button.
pub(crate) fn press(payload: &Value) -> Option<Press> {
    let action = payload.pointer("/actions/0")?;
    text(action, "/action_id").and_then(Press::parse).or_else(|| text(action, "/value").and_then(Press::parse))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::panic, reason = "a test fails by panicking")]

    use super::*;
    use serde_json::json;

    fn taken(event: Value) -> Option<String> {
        let payload = json!({"token": "secret", "authorizations": [{"user_id": "U0BOT"}], "event": event});
        match heard(Door::Event, payload, Timestamp(0)).0 {
            Heard::Event(delivery) => {
                assert!(!delivery.raw.contains("secret"));
                Some(delivery.id)
            }
            Heard::Nothing => None,
            Heard::Form(_) => panic!("an event opens no form"),
        }
    }

    #[test]
    fn a_mention_that_comes_twice_under_two_event_ids_has_one_id() {
        let said = |kind: &str| {
            taken(json!({"type": kind, "user": "U1", "channel": "C1", "ts": "1.2", "text": "<@U0BOT> help"}))
        };
        assert_eq!(said("app_mention"), Some("message/C1/1.2".to_owned()));
        assert_eq!(said("app_mention"), said("message"));
    }

    #[test]
    fn bots_edits_and_what_people_say_to_each_other_are_not_kept() {
        for event in [
            json!({"type": "message", "user": "U1", "channel": "C1", "ts": "1.2", "text": "lunch?"}),
            json!({"type": "message", "user": "U0BOT", "channel": "D1", "ts": "1.2", "text": "ours"}),
            json!({"type": "message", "user": "U9", "bot_id": "B9", "channel": "D1", "ts": "1.2", "text": "a bot's"}),
            json!({"type": "message", "subtype": "message_changed", "channel": "D1", "ts": "1.2", "message": {}}),
            json!({"type": "app_mention", "user": "U1", "channel": "C1", "ts": "1.2", "edited": {"ts": "1.3"}}),
            json!({"type": "reaction_added", "user": "U1"}),
            json!({"type": "app_home_opened", "user": "U1", "channel": "D1"}),
        ] {
            assert_eq!(taken(event.clone()), None, "{event}");
        }
    }

    #[test]
    fn direct_messages_and_answers_in_threads_are_kept() {
        for event in [
            json!({"type": "message", "user": "U1", "channel": "D1", "ts": "1.2", "text": "help"}),
            json!({"type": "message", "user": "U1", "channel": "C1", "ts": "1.3", "thread_ts": "1.2", "text": "3 replicas"}),
        ] {
            assert!(taken(event.clone()).is_some(), "{event}");
        }
    }
}
