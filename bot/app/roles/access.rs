//! `chopmark access token NAME`: makes a token's file and prints what the configuration needs.
//! Called by `main`.
//! Must never print the token itself, nor write the configuration.

use crate::cli::Exit;
use crate::config::{FileSettings, Whereabouts};
use crate::system::SystemClock;
use crate::{terminal, tokens};
use chopmark_domain::change::Language;
use chopmark_domain::ids::PolicyName;
use chopmark_domain::ports::{Answer, Clock as _};
use chopmark_domain::problem::{Code, Problem};
use chopmark_protocol::messages::{self, Arg};
use serde_json::json;
use std::path::PathBuf;

/// A quarter of a year: whoever lost a token without noticing is safe again after it.
const WORKS_SECONDS: u64 = 90 * 24 * 60 * 60;

/// Makes the token.
///
/// # Errors
/// The name is none, or the file is there already.
pub fn token(place: Whereabouts, name: &str, file: Option<PathBuf>, language: Language, as_json: bool) -> Answer<Exit> {
    let name = PolicyName::parse(name).map_err(|error| {
        Problem::new(Code::InvalidName).with("what", error.what).with("text", &error.text).with("rule", error.rule)
    })?;
    let path = file.unwrap_or_else(|| PathBuf::from(format!("{name}.token")));
    let path = std::path::absolute(&path).unwrap_or(path);
    let digest = tokens::make(&path)?;
    let whose = whose(place).unwrap_or_else(|| "alice".to_owned());
    let expires = SystemClock.now().plus_seconds(WORKS_SECONDS).date();
    let shown = path.display().to_string();
    if as_json {
        let told = json!({"kind": "token", "name": name, "file": shown, "sha256": digest, "person": whose, "expires": expires});
        terminal::say(&told.to_string());
        return Ok(Exit::Done);
    }
    let args = [("file", Arg::from(&shown)), ("name", Arg::from(name.as_str()))];
    terminal::say(&format!(
        "{}\n\n[tokens.{name}]\nperson = \"{whose}\"\nsha256 = \"{digest}\"\nexpires = \"{expires}\"\n\n{}",
        messages::text(language, "token-made", &args),
        messages::text(language, "token-use", &args),
    ));
    Ok(Exit::Done)
}

/// Whoever runs the program, as `[people]` writes them, if the configuration knows them.
fn whose(place: Whereabouts) -> Option<String> {
    let me = place.me.id.identity()?;
    let config = FileSettings::open(place).ok()?.config().ok()?;
    let person = config.joined.identities.get(&me)?;
    Some(person.as_str().strip_prefix("person:").unwrap_or(person.as_str()).to_owned())
}
