//! HTTP: the same events, signed, where Slack can reach this program.
//! Called by bot/app's server for the paths that this platform calls.
//! Must never look into a body whose signature was not checked, nor hold a retry back: it may be the only copy.

use crate::Inner;
use crate::intake::{self, Door, Heard};
use chopmark_protocol::chat::{Desk, HttpCall, HttpReply};
use secrecy::ExposeSecret;
use serde_json::Value;
use slack_morphism::signature_verifier::SlackEventSignatureVerifier;
use std::time::Duration;

/// Where events go.
pub(crate) const EVENTS: &str = "/slack/events";

/// Where presses, forms and shortcuts go.
pub(crate) const INTERACTIONS: &str = "/slack/interactivity";

/// Where slash commands go.
pub(crate) const COMMANDS: &str = "/slack/commands";

/// How long a form may take: the answer is due within 3 s, and a trigger lives no longer.
const FORM: Duration = Duration::from_millis(2700);

fn reply(status: u16, body: impl Into<Vec<u8>>) -> HttpReply {
    HttpReply { status, content_type: "text/plain; charset=utf-8", body: body.into() }
}

impl Inner {
    /// Answers a call.
    pub(crate) async fn answer(&self, call: HttpCall, desk: &dyn Desk) -> HttpReply {
        let door = match call.path.as_str() {
            EVENTS => Door::Event,
            INTERACTIONS => Door::Interaction,
            COMMANDS => Door::Command,
            _ => return reply(404, ""),
        };
        if call.body.len() > intake::LARGEST {
            return reply(413, "");
        }
        let Some(text) = self.signed(&call) else { return reply(401, "") };
        let Some(payload) = payload(door, text) else {
            tracing::error!(chat.platform = "slack", path = call.path, "a signed call could not be read");
            return reply(400, "");
        };
        if door == Door::Event && intake::text(&payload, "/type") == Some("url_verification") {
            let challenge = intake::text(&payload, "/challenge").unwrap_or_default();
            return reply(200, challenge.to_owned());
        }
        match intake::heard(door, payload, self.clock.now()) {
            (Heard::Nothing, _) => reply(200, ""),
            (Heard::Event(delivery), _) => match desk.take(delivery).await {
                Ok(_) => reply(200, ""),
                Err(problem) => {
                    tracing::error!(chat.platform = "slack", %problem, "an event could not be kept: Slack sends it again");
                    reply(503, "")
                }
            },
            (Heard::Form(kind), payload) => {
                if tokio::time::timeout(FORM, self.open(desk, kind, &payload)).await.is_err() {
                    tracing::warn!(chat.platform = "slack", "a form took longer than its trigger lives");
                }
                reply(200, "")
            }
        }
    }

    /// The body, when Slack signed it within the last five minutes.
    fn signed<'c>(&self, call: &'c HttpCall) -> Option<&'c str> {
        let secret = self.signing_secret.as_ref()?;
        let header = |name: &str| call.headers.get(name).map(String::as_str);
        let signature = header(SlackEventSignatureVerifier::SLACK_SIGNED_HASH_HEADER)?;
        let moment = header(SlackEventSignatureVerifier::SLACK_SIGNED_TIMESTAMP)?;
        let body = std::str::from_utf8(&call.body).ok()?;
        // Junk would be refused by the verifier too, but only after its arithmetic.
        moment.parse::<u32>().ok()?;
        let verifier = SlackEventSignatureVerifier::new(&secret.expose_secret().into());
        verifier.verify(signature, body, moment).ok()?;
        Some(body)
    }
}

fn payload(door: Door, body: &str) -> Option<Value> {
    let mut fields = url::form_urlencoded::parse(body.as_bytes());
    let payload = match door {
        Door::Event => serde_json::from_str(body).ok(),
        Door::Interaction => {
            fields.find(|(name, _)| name == "payload").and_then(|(_, json)| serde_json::from_str(&json).ok())
        }
        Door::Command => Some(Value::Object(
            fields.map(|(name, value)| (name.into_owned(), Value::from(value.into_owned()))).collect(),
        )),
    };
    payload.filter(Value::is_object)
}
