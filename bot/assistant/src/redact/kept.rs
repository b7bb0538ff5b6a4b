//! The secrets that this program itself was given, whatever they look like.
//! Filled when the models are assembled; read by the redactor.
//! Must never hold what was not in this process anyway, and never show what it holds.

use super::GONE;
use secrecy::{ExposeSecret as _, SecretString};
use std::sync::{PoisonError, RwLock};

/// Letters of a secret that is known by itself: what is shorter stands in ordinary words.
const SHORTEST: usize = 8;

/// The secrets as they stand in texts, and within JSON.
static KEPT: RwLock<Vec<SecretString>> = RwLock::new(Vec::new());

/// Keeps a secret out of everything that is sent to a model from now on.
pub fn keep_secret(secret: &SecretString) {
    let plain = secret.expose_secret().trim();
    if plain.chars().count() < SHORTEST {
        return;
    }
    let quoted = serde_json::to_string(plain).unwrap_or_default();
    let mut kept = KEPT.write().unwrap_or_else(PoisonError::into_inner);
    // Within JSON first: it is the longer one where they differ.
    for form in [quoted.trim_matches('"'), plain] {
        if !kept.iter().any(|known| known.expose_secret() == form) {
            kept.push(form.to_owned().into());
        }
    }
}

/// The text without them; none when it holds none.
pub(super) fn without(text: &str) -> Option<String> {
    let kept = KEPT.read().unwrap_or_else(PoisonError::into_inner);
    let mut rest: Option<String> = None;
    for secret in kept.iter().map(SecretString::expose_secret) {
        let now = rest.as_deref().unwrap_or(text);
        if now.contains(secret) {
            rest = Some(now.replace(secret, GONE));
        }
    }
    rest
}
