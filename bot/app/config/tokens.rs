//! The sections `[tokens.<name>]`: who speaks with a token, known by its hash alone.
//! Read by `config::read`; asked when the program starts with a token, and by the directory at every decision.
//! Must never hold a token itself, nor compare one in a time that tells how much of it fits.

use super::people::{self, People};
use super::reader::{Section, nearest};
use chopmark_domain::digest::Digest;
use chopmark_domain::ids::{Identity, PersonId, PolicyName};
use chopmark_domain::person::Person;
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::time::Timestamp;
use std::collections::BTreeMap;

/// A token as configuration knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Whose it is.
    pub person: PersonId,
    /// SHA-256 of its text.
    pub digest: Digest,
    /// The first moment at which it no longer works.
    pub expires_at: Timestamp,
}

impl Token {
    /// Whether it works at that moment.
    pub fn works(&self, now: Timestamp) -> bool {
        now < self.expires_at
    }
}

/// The identity of whoever speaks with the token of that name.
pub fn identity(name: &PolicyName) -> Option<Identity> {
    Identity::parse(&format!("token:{name}")).ok()
}

/// The name in the identity of a token.
pub fn name_of(identity: &Identity) -> Option<PolicyName> {
    identity.as_str().strip_prefix("token:").and_then(|name| PolicyName::parse(name).ok())
}

/// The token of that hash. Every hash is compared, each to its end.
pub fn find<'t>(tokens: &'t BTreeMap<PolicyName, Token>, digest: &Digest) -> Option<(&'t PolicyName, &'t Token)> {
    let same = |token: &Token| {
        let pairs = token.digest.bytes().iter().zip(digest.bytes());
        pairs.fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
    };
    tokens.iter().fold(None, |found, entry| if same(entry.1) { Some(entry) } else { found })
}

/// The tokens written in `root`, or none when the section is not there.
///
/// # Errors
/// A [`Problem`] with file, line and column.
pub(super) fn read(
    root: &Section<'_, '_>,
    people: &People,
    me: &Person,
) -> Result<Option<BTreeMap<PolicyName, Token>>, Problem> {
    let Some(sections) = root.entries_of("tokens")? else { return Ok(None) };
    let mut tokens: BTreeMap<PolicyName, Token> = BTreeMap::new();
    for key in sections.keys() {
        let name = PolicyName::parse(key).map_err(|error| {
            sections.problem_at_name(Code::ConfigValue, key).with("value", key).with("expected", error.rule)
        })?;
        let Some(section) = sections.section(key, &["person", "sha256", "expires"])? else { continue };
        let whose = section.filled("person")?.ok_or_else(|| section.missing("person"))?;
        let person = people::meant(whose, people, me).ok_or_else(|| {
            let words = people::words(people);
            let near = nearest(whose, words.iter().copied()).unwrap_or_default();
            section.wrong("person", &words.join(" | ")).with("nearest", near)
        })?;
        // What stands there may be the token itself, put in the wrong place: it is never quoted.
        let digest = section.filled("sha256")?.ok_or_else(|| section.missing("sha256"))?;
        let digest: Digest = digest.parse().map_err(|_| section.hidden("sha256", "0-9 a-f × 64"))?;
        let expires = section.filled("expires")?.ok_or_else(|| section.missing("expires"))?;
        let expires_at = Timestamp::day(expires).ok_or_else(|| section.wrong("expires", "\"2027-01-01\""))?;
        if let Some((twin, _)) = tokens.iter().find(|(_, token)| token.digest == digest) {
            return Err(section.hidden("sha256", &format!("≠ tokens.{twin}.sha256")));
        }
        tokens.insert(name, Token { person, digest, expires_at });
    }
    Ok(Some(tokens))
}

/// Adds whose the identities of tokens are.
///
/// # Errors
/// `[people]` gives such an identity to somebody else.
pub(super) fn join(
    root: Option<&Section<'_, '_>>,
    tokens: &BTreeMap<PolicyName, Token>,
    identities: &mut BTreeMap<Identity, PersonId>,
) -> Result<(), Problem> {
    for (name, token) in tokens {
        let Some(identity) = identity(name) else { continue };
        let before = identities.insert(identity.clone(), token.person.clone());
        if let Some(other) = before.filter(|other| *other != token.person) {
            let problem = match root.map(|root| root.entries_of("tokens")).transpose()?.flatten() {
                Some(sections) => sections.problem_at_name(Code::ConfigValue, name.as_str()),
                None => Problem::new(Code::ConfigValue),
            };
            return Err(problem.with("value", &identity).with("expected", format!("≠ {}", people::key_of(&other))));
        }
    }
    Ok(())
}
