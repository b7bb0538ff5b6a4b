//! Ports about people: who is who, what joins identities, and how much somebody has used.
//! Implemented by change/store and bot/app.
//! Must never give a person a role that configuration does not.

use super::Answer;
use crate::digest::Digest;
use crate::ids::{Identity, PersonId};
use crate::ledger::EntryDraft;
use crate::person::Person;
use crate::problem::Code;
use crate::time::Timestamp;
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Who is who, as configuration, joined identities and the platforms' groups say now.
#[async_trait]
pub trait Directory: Send + Sync {
    /// The person behind an identity that speaks now; whoever is joined to nobody is a person of their own.
    ///
    /// # Errors
    /// [`crate::problem::Code::TokenRefused`] for a token that is over or unknown; the configuration does not parse.
    async fn identify(&self, identity: &Identity) -> Answer<PersonId>;
    /// The same for an identity that spoke once: none where it could not speak any more.
    async fn holder(&self, identity: &Identity) -> Answer<Option<PersonId>> {
        match self.identify(identity).await {
            Ok(person) => Ok(Some(person)),
            Err(problem) if problem.code == Code::TokenRefused => Ok(None),
            Err(problem) => Err(problem),
        }
    }
    /// Whose configuration says an identity is: no link changes that.
    async fn settled(&self, _identity: &Identity) -> Answer<Option<PersonId>> {
        Ok(None)
    }
    /// The person that an id written down earlier means now: an identity may have been joined to somebody since.
    async fn current(&self, id: &PersonId) -> Answer<PersonId> {
        match id.identity() {
            Some(identity) => Ok(self.holder(&identity).await?.unwrap_or_else(|| id.clone())),
            None => Ok(id.clone()),
        }
    }
    /// The person with roles as they are now, under the id of now; none for people without any role.
    async fn person(&self, id: &PersonId) -> Answer<Option<Person>>;
    /// Every identity through which a person can speak now.
    async fn identities(&self, id: &PersonId) -> Answer<BTreeSet<Identity>> {
        Ok(id.identity().into_iter().collect())
    }
    /// Everybody known by name who has a role now.
    async fn people(&self) -> Answer<Vec<Person>>;
}

/// An identity that was joined to a person by a code, sealed, so that a row written by hand counts for nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The identity.
    pub identity: Identity,
    /// The person it belongs to.
    pub person: PersonId,
    /// Since when.
    pub at: Timestamp,
}

impl Link {
    /// The bytes that are sealed.
    pub fn sealed_bytes(&self) -> Digest {
        let mut fields = crate::digest::Fields::new("chopmark/link/v1");
        fields.json(self);
        fields.finish()
    }
}

/// A link with the seal of the install's decision key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedLink {
    /// The link.
    pub link: Link,
    /// Ed25519 signature over [`Link::sealed_bytes`], in hexadecimal.
    pub seal: String,
}

/// What became of a code that somebody typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Redeemed {
    /// It was right: it is used up now, and was given to this person.
    By(PersonId),
    /// It is wrong, used, over, or was tried too often. Which of them is nobody's business.
    Refused,
}

/// A code for joining, as it is kept: never itself, only its digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkCode {
    /// SHA-256 of the code.
    pub digest: Digest,
    /// Who asked for it.
    pub person: PersonId,
    /// Until when it works.
    pub expires_at: Timestamp,
}

/// How often one identity may type wrong codes before every code is refused to it for as long as codes live.
pub const LINK_TRIES: u32 = 5;

/// How long a code for joining lives.
pub const LINK_SECONDS: u64 = 10 * 60;

/// Joined identities, and groups that platforms said somebody is in.
#[async_trait]
pub trait Identities: Send + Sync {
    /// Keeps a code, in the place of an earlier one of the same person, with its ledger entry.
    async fn offer(&self, code: LinkCode, entry: EntryDraft) -> Answer<()>;
    /// Uses a code up, or counts a wrong try of that identity: one transaction.
    async fn redeem(&self, code: &Digest, identity: &Identity, now: Timestamp) -> Answer<Redeemed>;
    /// Joins an identity to a person, with its ledger entry.
    async fn join(&self, link: SealedLink, entry: EntryDraft) -> Answer<()>;
    /// Takes an identity away from its person, with its ledger entry; whether it was joined.
    async fn part(&self, identity: &Identity, entry: EntryDraft) -> Answer<bool>;
    /// Every link.
    async fn links(&self) -> Answer<Vec<SealedLink>>;
    /// Keeps the groups that a platform just said an identity is in.
    async fn saw_groups(&self, identity: &Identity, groups: &BTreeSet<Identity>, at: Timestamp) -> Answer<()>;
    /// The groups that an identity was last seen in, and when.
    async fn groups(&self, identity: &Identity) -> Answer<Option<(BTreeSet<Identity>, Timestamp)>>;
}

/// Who or what has a limit of its own.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Metered {
    /// A person.
    Person(PersonId),
    /// A person's urgent commands: stopping and deciding have a bound of their own.
    Urgent(PersonId),
    /// A channel of a surface.
    Channel(String),
}

/// What was used.
#[async_trait]
pub trait Usage: Send + Sync {
    /// Counts one more request, unless there were `limit` within the minute before: then the seconds until one fits.
    async fn request(&self, whose: &Metered, limit: u32, now: Timestamp) -> Answer<Result<(), u64>>;
    /// Adds tokens to a person's day.
    async fn spend(&self, person: &PersonId, tokens: u64, at: Timestamp) -> Answer<()>;
    /// The tokens of a person on the day of `now` (UTC).
    async fn spent(&self, person: &PersonId, now: Timestamp) -> Answer<u64>;
}
