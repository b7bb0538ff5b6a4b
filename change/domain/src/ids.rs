//! Identifiers as types, so that no id can stand where another belongs.
//! Made at the edges by parsing; carried everywhere.
//! Must never be built from unchecked text: every constructor checks its grammar.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Text that does not follow the grammar of the identifier it was meant for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not a valid {what}: {rule}")]
pub struct InvalidName {
    /// The identifier's name for people, such as `environment`.
    pub what: &'static str,
    /// The offending text, cut to 80 characters.
    pub text: String,
    /// The rule it breaks, in words.
    pub rule: &'static str,
}

/// The rule of RFC 1123 labels, which Kubernetes uses for names of objects.
pub const DNS_LABEL_RULE: &str =
    "1 to 63 lower-case letters, digits and dashes, beginning and ending with a letter or digit";

/// Whether `text` is an RFC 1123 label.
pub fn is_dns_label(text: &str) -> bool {
    let inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let bytes = text.as_bytes();
    (1..=63).contains(&bytes.len())
        && inner(bytes[0])
        && inner(bytes[bytes.len() - 1])
        && bytes.iter().all(|&b| inner(b) || b == b'-')
}

/// An invalid name with its text cut so that a huge input stays readable.
pub(crate) fn invalid(what: &'static str, text: &str, rule: &'static str) -> InvalidName {
    InvalidName { what, text: text.chars().take(80).collect(), rule }
}

fn is_identity(text: &str) -> bool {
    text.split_once(':').is_some_and(|(surface, id)| {
        is_dns_label(surface)
            && (1..=120).contains(&id.len())
            && id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
    })
}

/// The surface of people whom configuration names. No real surface may call itself so.
const NAMED: &str = "person:";

macro_rules! name {
    ($(#[$doc:meta])* $type:ident, $what:literal, $rule:expr, $check:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $type(String);

        impl $type {
            /// Checks the grammar.
            ///
            /// # Errors
            /// [`InvalidName`] with the rule that is broken.
            pub fn parse(text: &str) -> Result<Self, InvalidName> {
                let check: fn(&str) -> bool = $check;
                if check(text) { Ok(Self(text.to_owned())) } else { Err(invalid($what, text, $rule)) }
            }
            /// The text of the identifier.
            pub fn as_str(&self) -> &str { &self.0 }
        }
        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(&self.0) }
        }
        impl TryFrom<String> for $type {
            type Error = InvalidName;
            fn try_from(text: String) -> Result<Self, InvalidName> { Self::parse(&text) }
        }
        impl From<$type> for String {
            fn from(id: $type) -> String { id.0 }
        }
        impl std::str::FromStr for $type {
            type Err = InvalidName;
            fn from_str(text: &str) -> Result<Self, InvalidName> { Self::parse(text) }
        }
    };
}

const SHORT_ID_RULE: &str = "its prefix, a dash, and 4 to 12 lower-case letters or digits";

fn short_id(text: &str, prefix: &str) -> bool {
    text.strip_prefix(prefix).is_some_and(|rest| {
        (4..=12).contains(&rest.len()) && rest.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    })
}

name!(/// A change, such as `chg-7f3k`.
    ChangeId, "change id", SHORT_ID_RULE, |t| short_id(t, "chg-"));
name!(/// A run, such as `run-7f3k`.
    RunId, "run id", SHORT_ID_RULE, |t| short_id(t, "run-"));
name!(/// An environment, such as `dev`.
    EnvironmentName, "environment", DNS_LABEL_RULE, is_dns_label);
name!(/// A template, such as `web-service`.
    TemplateName, "template", DNS_LABEL_RULE, is_dns_label);
name!(/// A parameter of a template, such as `replicas`.
    ParameterName, "parameter", "1 to 40 lower-case letters, digits and underscores, beginning with a letter",
    |t| (1..=40).contains(&t.len()) && t.as_bytes()[0].is_ascii_lowercase()
        && t.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'));
name!(/// A role that configuration gives to people, such as `operator`.
    Role, "role", DNS_LABEL_RULE, is_dns_label);
name!(/// What a surface calls somebody or a group of them: surface, colon, and an immutable id, such as `terminal:1000`,
    /// `slack:T01.U02` (workspace and user), `discord:77.role.99` (a server's role), `token:laptop`.
    Identity, "identity", "a surface, a colon, and 1 to 120 letters, digits, dots, dashes or underscores",
    |t| is_identity(t) && !t.starts_with(NAMED));
name!(/// Something the configuration names to refer to it: a rule, a freeze, an exception, a window, a token.
    PolicyName, "name", DNS_LABEL_RULE, is_dns_label);
name!(/// A person: `person:` and the name that configuration joins several identities under, else the only identity.
    PersonId, "person", "a surface, a colon, and 1 to 120 letters, digits, dots, dashes or underscores", is_identity);
name!(/// A runner, such as `git` or `kubernetes`.
    RunnerName, "runner", DNS_LABEL_RULE, is_dns_label);
name!(/// A git commit or tree, in hexadecimal (SHA-1 or SHA-256).
    ObjectHash, "git object", "40 or 64 hexadecimal digits",
    |t| matches!(t.len(), 40 | 64) && t.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)));

impl PersonId {
    /// The person whom configuration names so, and joins several identities under.
    ///
    /// # Errors
    /// [`InvalidName`] with the rule that is broken.
    pub fn named(name: &str) -> Result<Self, InvalidName> {
        Self::parse(&format!("{NAMED}{name}"))
    }

    /// The identity that this person is, where configuration gave them no name.
    pub fn identity(&self) -> Option<Identity> {
        Identity::parse(&self.0).ok()
    }
}

impl From<Identity> for PersonId {
    /// Somebody who is joined to nobody is a person of their own.
    fn from(identity: Identity) -> Self {
        Self(identity.0)
    }
}

/// Which version of a change's content: 1 is the first, each edit makes the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Revision(pub u32);

impl Revision {
    /// The first version of a change.
    pub const FIRST: Self = Self(1);
    /// The version after this one.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// A fencing number: it only grows, and whoever shows an older one is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Epoch(pub i64);

impl Epoch {
    /// The epoch of a row nobody has moved yet.
    pub const ZERO: Self = Self(0);
    /// The epoch after this one.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

/// Letters and digits that are not mistaken for one another when read aloud or typed from a screen.
const SHORT_ALPHABET: &[u8; 31] = b"23456789abcdefghjkmnpqrstuvwxyz";

/// Eight readable characters for a code that is used once (31^8, about 853 thousand million).
pub fn one_time_code(random: u64) -> String {
    let mut rest = random;
    let digit = |_| {
        let digit = usize::try_from(rest % SHORT_ALPHABET.len() as u64).unwrap_or_default();
        rest /= SHORT_ALPHABET.len() as u64;
        char::from(SHORT_ALPHABET[digit])
    };
    (0..8).map(digit).collect()
}

/// Six readable characters from random bytes (31^6, about 887 million); the caller retries on a collision.
fn short(random: [u8; 6]) -> String {
    random.iter().map(|b| char::from(SHORT_ALPHABET[usize::from(*b) % SHORT_ALPHABET.len()])).collect()
}

impl ChangeId {
    /// A new id from random bytes.
    pub fn from_random(random: [u8; 6]) -> Self {
        Self(format!("chg-{}", short(random)))
    }
}

impl RunId {
    /// A new id from random bytes.
    pub fn from_random(random: [u8; 6]) -> Self {
        Self(format!("run-{}", short(random)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_grammar_of_the_thing_they_name() {
        for good in ["a", "dev", "a-1", "0a"] {
            assert!(EnvironmentName::parse(good).is_ok(), "{good}");
        }
        let long = "a".repeat(64);
        for bad in ["", "-a", "a-", "A", "a b", "../x", "a$(id)", "prod;id", "~root", "a\n", "网", long.as_str()] {
            assert!(EnvironmentName::parse(bad).is_err(), "{bad}");
        }
        assert!(ChangeId::parse("chg-7f3k").is_ok());
        assert!(ChangeId::parse("run-7f3k").is_err());
        assert!(PersonId::parse("terminal:1000").is_ok());
        assert!(PersonId::parse("alice").is_err());
        assert!(PersonId::parse("person:alice").is_ok_and(|person| person.identity().is_none()));
        assert!(Identity::parse("person:alice").is_err(), "no surface may speak as somebody whom configuration names");
    }

    #[test]
    fn new_ids_are_valid_ids() {
        let id = ChangeId::from_random([0, 255, 31, 17, 99, 200]);
        assert_eq!(ChangeId::parse(id.as_str()), Ok(id));
    }
}
