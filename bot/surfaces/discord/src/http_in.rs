//! The HTTP way in: Discord calls us with what it would have said over the gateway.
//! Called by the app's server for the paths that this adapter names.
//! Must never look into a body whose signature or age is wrong.

use crate::connection::Connection;
use crate::event::Interaction;
use chopmark_domain::time::Timestamp;
use chopmark_protocol::chat::{Desk, HttpCall, HttpReply};
use serde::Deserialize;
use serde_json::Value;
use serenity::interactions_endpoint::Verifier;

/// Where Discord calls.
pub(crate) const PATH: &str = "/discord/interactions";

/// How old a signed call may be, in milliseconds. serenity's verifier takes any; replays older than this change
/// nothing, younger ones are known by their id.
const OLDEST: i64 = 5 * 60 * 1_000;

/// Largest body that is read, in bytes. An interaction holds a message of at most 6,000 characters of embeds besides
/// its components; the largest are a tenth of this.
const LARGEST: usize = 512 * 1_024;

/// A key that checks signatures; none for what is no public key.
pub(crate) fn verifier(public_key: &str) -> Option<Verifier> {
    let text = public_key.trim();
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    let mut bytes = [0; 32];
    for (byte, at) in bytes.iter_mut().zip((0..64).step_by(2)) {
        *byte = u8::from_str_radix(&text[at..at + 2], 16).ok()?;
    }
    Verifier::try_new(bytes).ok()
}

impl Connection {
    /// Answers a call.
    pub(crate) async fn answered(&self, call: &HttpCall, desk: &dyn Desk) -> HttpReply {
        let verifier = self.options.public_key.as_deref().and_then(verifier);
        let Some(verifier) = verifier.filter(|_| call.path == PATH) else { return plain(404, "nothing is here") };
        if call.body.len() > LARGEST {
            return plain(413, "too large");
        }
        let header = |name: &str| call.headers.get(name).map_or("", String::as_str);
        let (signature, signed_at) = (header("x-signature-ed25519"), header("x-signature-timestamp"));
        if !is_fresh(signed_at, self.clock.now()) || verifier.verify(signature, signed_at, &call.body).is_err() {
            return plain(401, "not signed by Discord, or not lately");
        }
        let raw: Value = match serde_json::from_slice(&call.body) {
            Ok(raw) => raw,
            Err(_) => return plain(400, "no JSON"),
        };
        let told = match Interaction::deserialize(&raw) {
            Ok(interaction) => self.told(&interaction, &raw, desk).await,
            // Discord's own question whether we are there has less than an interaction.
            Err(_) if raw.get("type") == Some(&Value::from(1)) => Some(serde_json::json!({ "type": 1 })),
            Err(_) => None,
        };
        match told {
            Some(told) => {
                HttpReply { status: 200, content_type: "application/json", body: told.to_string().into_bytes() }
            }
            None => plain(400, "no interaction that is known here"),
        }
    }
}

/// Whether a call was signed within the last minutes, by the second that its header says.
fn is_fresh(signed_at: &str, now: Timestamp) -> bool {
    signed_at.parse::<i64>().is_ok_and(|seconds| {
        seconds.checked_mul(1_000).is_some_and(|signed| now.since(Timestamp(signed)).abs() <= OLDEST)
    })
}

fn plain(status: u16, why: &str) -> HttpReply {
    HttpReply { status, content_type: "text/plain; charset=utf-8", body: why.as_bytes().to_vec() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_good_for_five_minutes_either_way() {
        let now = Timestamp(1_000_000_000);
        for (signed_at, fresh) in [
            ("1000000", true),
            ("999700", true),
            ("999699", false),
            ("1000300", true),
            ("1000301", false),
            ("", false),
            ("now", false),
            ("9223372036854775807", false),
        ] {
            assert_eq!(is_fresh(signed_at, now), fresh, "{signed_at}");
        }
    }

    #[test]
    fn only_a_public_key_is_one() {
        assert!(verifier("67c6bd767ca099e79efac9fcce4d2022a63bf7dea780e7f3d813f694c1597089").is_some());
        for text in ["", "67c6", &"zz".repeat(32), &"é".repeat(32)] {
            assert!(verifier(text).is_none(), "{text}");
        }
    }
}
