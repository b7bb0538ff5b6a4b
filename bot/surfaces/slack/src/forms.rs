//! Forms: opened at a press or a shortcut, while its trigger lives.
//! Called beside the acknowledgement for what asks for a form.
//! Must never leave somebody without a word: what can't be opened is told to them alone.

use crate::draw::{self, Message};
use crate::inbound::{self, Who};
use crate::intake::text;
use crate::origin::Origin;
use crate::{Inner, markup, names, view};
use chopmark_domain::change::{Language, Place};
use chopmark_domain::problem::{Code, Problem};
use chopmark_protocol::chat::{Desk, Fault, FormAsked, FormKind, Speaker};
use serde_json::{Value, json};
use std::time::Duration;

/// How long may pass until we know who pressed: a trigger lives 3 s (docs.slack.dev, triggers).
const ASKING: Duration = Duration::from_millis(1500);

/// Longest text of a message that stands in a form: an input takes 3,000 characters.
const LONGEST_QUOTE: usize = 3000;

/// Longest that a view takes with it.
const LONGEST_METADATA: usize = 3000;

impl Inner {
    /// Opens the form that was asked for, or says why not.
    pub(crate) async fn open(&self, desk: &dyn Desk, kind: FormKind, payload: &Value) {
        let Some(who) = inbound::who(payload) else { return };
        let origin = Origin::of(payload, self.clock.now());
        let (user, team) = (who.user.to_owned(), who.team.to_owned());
        let place = match origin.place() {
            Some(place) => place,
            None => names::place("", names::MAIN),
        };
        let Some(speaker) = self.quickly(who, place.clone()).await else { return };
        let language = speaker.language;
        let asked = FormAsked { speaker, kind, quoted: quoted(payload), most: view::FIELDS, language };
        let problem = match desk.form(asked).await {
            Ok(form) => match self.show(payload, &origin, &form).await {
                Ok(()) => return,
                Err(fault) => unopened(fault),
            },
            Err(problem) => problem,
        };
        let trigger = text(payload, "/trigger_id").unwrap_or_default();
        let told = Telling { place: &place, team: &team, user: &user, key: &format!("form/{trigger}") };
        self.tell(told, &origin, &draw::problem(&problem, language.unwrap_or(Language::En))).await;
    }

    /// Who pressed, as far as it is known in time.
    async fn quickly(&self, who: Who<'_>, place: Place) -> Option<Speaker> {
        let identity = names::person(who.team, who.user)?;
        let unknown =
            Speaker { identity, groups: None, name: who.user.to_owned(), place: place.clone(), language: None };
        match tokio::time::timeout(ASKING, self.speaker(who, place)).await {
            Ok(Ok(speaker)) => speaker,
            Ok(Err(_)) | Err(_) => Some(unknown),
        }
    }

    async fn show(&self, payload: &Value, origin: &Origin, form: &chopmark_protocol::chat::Form) -> Result<(), Fault> {
        let none = || Fault::Invalid("a form that cannot be drawn".to_owned());
        let mut view = view::view(form).ok_or_else(none)?;
        let mut back = serde_json::to_string(origin).map_err(|_| none())?;
        if back.chars().count() > LONGEST_METADATA {
            // Only the address can be that long; without it the answer goes another way.
            back = serde_json::to_string(&Origin { reply: None, ..origin.clone() }).map_err(|_| none())?;
        }
        view["private_metadata"] = json!(back);
        let trigger = text(payload, "/trigger_id").unwrap_or_default();
        self.web.call("views.open", &json!({"trigger_id": trigger, "view": view})).await.map(|_| ())
    }

    async fn tell(&self, told: Telling<'_>, origin: &Origin, body: &Value) {
        let Some(identity) = names::person(told.team, told.user) else { return };
        let message = Message { body: body.clone(), files: Vec::new() };
        let sent = self.tell_one(told.place, message, told.key, &identity, origin.reply.as_ref()).await;
        if let Err(fault) = sent {
            tracing::warn!(chat.platform = "slack", ?fault, "somebody could not be told why no form opened");
        }
    }
}

struct Telling<'t> {
    place: &'t Place,
    team: &'t str,
    user: &'t str,
    key: &'t str,
}

fn unopened(fault: Fault) -> Problem {
    match fault {
        Fault::Refused(problem) => problem,
        Fault::Later { why, .. } | Fault::Gone { why, .. } | Fault::Invalid(why) => {
            Problem::new(Code::ChatUnreachable).with("platform", "Slack").with("reason", why)
        }
    }
}

/// The words of the message that a shortcut was used on: of alerts they often stand in attachments only.
fn quoted(payload: &Value) -> Option<String> {
    let message = payload.get("message").filter(|_| text(payload, "/type") == Some("message_action"))?;
    let mut parts: Vec<&str> = text(message, "/text").into_iter().collect();
    for attachment in message.get("attachments").and_then(Value::as_array).into_iter().flatten() {
        let words = ["/pretext", "/title", "/text"].into_iter().filter_map(|path| text(attachment, path));
        let before = parts.len();
        parts.extend(words);
        if parts.len() == before {
            parts.extend(text(attachment, "/fallback"));
        }
    }
    let words: String = markup::typed(&parts.join("\n")).chars().take(LONGEST_QUOTE).collect();
    (!words.trim().is_empty()).then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alert_whose_words_stand_in_attachments_is_quoted_whole() {
        let payload = json!({"type": "message_action", "message": {"text": "", "attachments": [
            {"title": "HighLatency &lt;cart&gt;", "text": "p99 &gt; 2 s", "fallback": "twice"}, {"fallback": "disk full"}]}});
        assert_eq!(quoted(&payload).as_deref(), Some("HighLatency <cart>\np99 > 2 s\ndisk full"));
    }
}
