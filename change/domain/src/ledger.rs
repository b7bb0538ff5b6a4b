//! The ledger: an append-only chain of entries, each bound to the one before.
//! Entries are drafted by the engine, numbered and chained by the store, checked by audit.
//! Must never be verified from re-serialised values: the stored bytes are what is hashed.

use crate::canonical;
use crate::digest::{Digest, Fields};
use crate::ids::ChangeId;
use crate::person::Actor;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What an entry is about. The list is the table of contents of docs/ledger.md.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// A request became a change.
    Proposed,
    /// A waiting change got another revision.
    Edited,
    /// A plan was worked out.
    Planned,
    /// A plan could not be worked out, or changes nothing, or was denied.
    PlanEnded,
    /// A person decided.
    Decided,
    /// A decision was refused.
    DecisionRefused,
    /// The rule is met.
    Countersigned,
    /// The ticket was used: the effect is about to begin.
    ExecIntent,
    /// The effect ended.
    ExecOutcome,
    /// The check after the effect ended.
    Verified,
    /// A change ended without an effect: rejected, expired, superseded, cancelled, discarded.
    Ended,
    /// A run without a result needs a person.
    NeedsAttention,
    /// A person said what became of it.
    Resolved,
    /// A push that was owed arrived.
    Pushed,
    /// A person asked a run under way to stop.
    StopAsked,
    /// A model was asked: its name, tokens, cost and the digest of what was sent.
    ModelAsked,
    /// Somebody was refused for want of a right.
    AccessRefused,
    /// The stop switch was pulled.
    Halted,
    /// The stop switch was lifted.
    Lifted,
    /// An identity was joined to a person, or a code for that was given out or used in vain.
    Linked,
    /// Something that should never be, such as a row written by hand.
    Alarm,
}

/// An entry before it has a number and a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryDraft {
    /// What it is about.
    pub kind: EntryKind,
    /// Who did it.
    pub actor: Actor,
    /// The change, if it is about one.
    pub change: Option<ChangeId>,
    /// The digest, if it is about a plan.
    pub digest: Option<Digest>,
    /// The event itself: integers and strings only.
    pub payload: Value,
}

/// An entry as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// 1 is the first; no gaps.
    pub sequence: i64,
    /// Exact bytes of the entry: canonical JSON of version, sequence, time, kind, actor, change, digest, payload.
    pub bytes: String,
    /// Hash of the entry before; 64 zeros for the first.
    pub previous: Digest,
    /// Hash of this entry: see [`chain`].
    pub hash: Digest,
}

/// What an entry's bytes hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryContent {
    /// Version of the format.
    pub version: u32,
    /// The entry's number, also inside the hashed bytes.
    pub sequence: i64,
    /// When, on the store's clock.
    pub at: Timestamp,
    /// What it is about.
    pub kind: EntryKind,
    /// Who.
    pub actor: Actor,
    /// The change.
    pub change: Option<ChangeId>,
    /// The digest.
    pub digest: Option<Digest>,
    /// The event.
    pub payload: Value,
}

/// The hash before the first entry.
pub fn genesis() -> Digest {
    "0".repeat(64).parse().unwrap_or_else(|_| Digest::of(&[]))
}

/// `SHA-256(fields("chopmark/ledger/v1", previous as 64 hex digits, bytes))`.
pub fn chain(previous: &Digest, bytes: &str) -> Digest {
    let mut fields = Fields::new("chopmark/ledger/v1");
    fields.text(&previous.to_string()).text(bytes);
    fields.finish()
}

impl EntryDraft {
    /// Numbers and chains the entry.
    pub fn seal(self, sequence: i64, at: Timestamp, previous: Digest) -> Entry {
        let content = EntryContent {
            version: 1,
            sequence,
            at,
            kind: self.kind,
            actor: self.actor,
            change: self.change,
            digest: self.digest,
            payload: self.payload,
        };
        let bytes = canonical::to_string(&content);
        let hash = chain(&previous, &bytes);
        Entry { sequence, bytes, previous, hash }
    }
}

impl Entry {
    /// What the bytes hold.
    ///
    /// # Errors
    /// The bytes are not an entry.
    pub fn content(&self) -> Result<EntryContent, serde_json::Error> {
        serde_json::from_str(&self.bytes)
    }
}

/// How a chain is broken, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Break {
    /// The bytes or their hash were changed.
    #[error("entry {0} was edited")]
    Edited(i64),
    /// An entry is missing before this one.
    #[error("an entry is missing before {found}: expected {expected}")]
    Gap {
        /// The number that should come.
        expected: i64,
        /// The number that came.
        found: i64,
    },
    /// A number came again or out of order.
    #[error("entry {0} is out of order")]
    Order(i64),
    /// The entry's previous hash is not that of the entry before it.
    #[error("entry {0} does not follow the entry before it")]
    Fork(i64),
    /// The chain is shorter than its head or a checkpoint says.
    #[error("the ledger ends at {found}, but {expected} entries were recorded")]
    Truncated {
        /// Entries recorded.
        expected: i64,
        /// Entries found.
        found: i64,
    },
}

/// Checks entries as they stream by.
#[derive(Debug, Clone)]
pub struct Verifier {
    next: i64,
    previous: Digest,
}

impl Default for Verifier {
    fn default() -> Self {
        Self { next: 1, previous: genesis() }
    }
}

impl Verifier {
    /// Checks the next entry.
    ///
    /// # Errors
    /// [`Break`] names the entry and the kind of break.
    pub fn check(&mut self, entry: &Entry) -> Result<(), Break> {
        let number = entry.sequence;
        if number < self.next {
            return Err(Break::Order(number));
        }
        if number > self.next {
            return Err(Break::Gap { expected: self.next, found: number });
        }
        if chain(&entry.previous, &entry.bytes) != entry.hash {
            return Err(Break::Edited(number));
        }
        if entry.previous != self.previous {
            return Err(Break::Fork(number));
        }
        if entry.content().map(|content| content.sequence).ok() != Some(number) {
            return Err(Break::Order(number));
        }
        self.next += 1;
        self.previous = entry.hash;
        Ok(())
    }

    /// How many entries were checked.
    pub fn count(&self) -> i64 {
        self.next - 1
    }

    /// The hash of the last one.
    pub fn head(&self) -> Digest {
        self.previous
    }
}
