//! Approval: who may decide, what a decision is, and whether a rule is met.
//! Asked by the engine at every decision and again before every start.
//! Must never count a decision on another digest, a person twice, or anybody when a rule is empty.

mod counting;

pub use counting::{Approval, Authority, RuleMark, Standing, Void, standing, void};

use crate::change::Difference;
use crate::digest::{Digest, Fields};
use crate::ids::{ChangeId, Identity, PersonId, PolicyName, Revision, Role};
use crate::person::Person;
use crate::rights::Missing;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Whether the person who asked may approve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SelfApproval {
    /// Whoever asked counts like anybody with the right.
    Allowed,
    /// Whoever asked or edited never counts.
    Forbidden,
}

/// Who approves what falls under a rule.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecidedBy {
    /// People.
    #[default]
    People,
    /// The rule itself, which is then named as the approver. People may still reject.
    TheRule,
}

/// An environment's rule of approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApprovalRule {
    /// Its name; none for the usual rule of the environment.
    #[serde(default)]
    pub name: Option<PolicyName>,
    /// Who approves.
    #[serde(default)]
    pub decided_by: DecidedBy,
    /// Roles whose holders may decide; empty means nobody.
    pub approvers: BTreeSet<Role>,
    /// How many different people must approve; at least 1.
    pub needed: u8,
    /// Whether the requester may be one of them.
    pub self_approval: SelfApproval,
    /// Seconds from the plan until it expires.
    pub expires_after_seconds: u64,
    /// Seconds from the plan until those who may approve are reminded; none for never.
    #[serde(default)]
    pub remind_after_seconds: Option<u64>,
    /// Where the rule stands, such as `config.toml:41`, for the card.
    pub written_at: String,
}

impl Default for ApprovalRule {
    /// A rule that nobody can meet.
    fn default() -> Self {
        Self {
            name: None,
            decided_by: DecidedBy::People,
            approvers: BTreeSet::new(),
            needed: 1,
            self_approval: SelfApproval::Forbidden,
            expires_after_seconds: 24 * 60 * 60,
            remind_after_seconds: None,
            written_at: String::new(),
        }
    }
}

/// What a person decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Countersigns the digest.
    Approve,
    /// Refuses it.
    Reject,
}

/// A decision by a person on a digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The change.
    pub change: ChangeId,
    /// The revision that was on the screen.
    pub revision: Revision,
    /// The digest that was on the screen.
    pub digest: Digest,
    /// Who decided.
    pub person: PersonId,
    /// What the surface called them; once it belongs to somebody else, or to nobody, the decision counts for nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<Identity>,
    /// What.
    pub verdict: Verdict,
    /// Through which surface, such as `terminal`.
    pub surface: String,
    /// Why, in the person's words.
    pub reason: Option<String>,
    /// When, on the store's clock.
    pub at: Timestamp,
}

impl Decision {
    /// The bytes that are sealed.
    pub fn sealed_bytes(&self) -> Digest {
        let mut fields = Fields::new("chopmark/decision/v1");
        fields.json(self);
        fields.finish()
    }
}

/// A decision with the seal of the install's decision key, so that a row written by hand counts for nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedDecision {
    /// The decision.
    pub decision: Decision,
    /// Ed25519 signature over [`Decision::sealed_bytes`], in hexadecimal.
    pub seal: String,
}

/// Why a person may not decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// None of the person's roles is among the approvers.
    NoRole {
        /// Roles that would do.
        needed: BTreeSet<Role>,
    },
    /// Whoever asked or edited may not approve here.
    SelfApproval,
    /// No grant gives the right.
    NoRight(Missing),
}

impl ApprovalRule {
    /// Whether another rule asks for the same: where it is written may move by a line.
    pub fn asks_the_same_as(&self, other: &Self) -> bool {
        Self { written_at: String::new(), ..self.clone() } == Self { written_at: String::new(), ..other.clone() }
    }

    /// What another rule asks otherwise, field by field, by the words of the configuration.
    pub fn differences(&self, other: &Self) -> Vec<Difference> {
        let (old, new) = (self.said(), other.said());
        let pairs = old.into_iter().zip(new).filter(|((_, before), (_, after))| before != after);
        pairs
            .map(|((what, before), (_, after))| Difference {
                what: format!("{}{what}", Difference::RULE),
                before,
                after,
            })
            .collect()
    }

    fn said(&self) -> [(&'static str, Option<String>); 7] {
        let roles = self.approvers.iter().map(Role::as_str).collect::<Vec<_>>().join(", ");
        let decided_by = match self.decided_by {
            DecidedBy::People => "people",
            DecidedBy::TheRule => "rule",
        };
        [
            ("name", self.name.as_ref().map(ToString::to_string)),
            ("approve", Some(decided_by.to_owned())),
            ("approvers", Some(roles).filter(|roles| !roles.is_empty())),
            ("needed", Some(self.needed.to_string())),
            ("self_approval", Some((self.self_approval == SelfApproval::Allowed).to_string())),
            ("expires_after", Some(format!("{}s", self.expires_after_seconds))),
            ("remind_after", self.remind_after_seconds.map(|seconds| format!("{seconds}s"))),
        ]
    }

    /// The rule as an approver. Where it stands is not part of its digest.
    pub fn mark(&self) -> RuleMark {
        let mut fields = Fields::new("chopmark/rule/v1");
        fields.json(&Self { written_at: String::new(), ..self.clone() });
        RuleMark { name: self.name.clone(), digest: fields.finish() }
    }

    /// Whether `person` may give `verdict` on what `authors` asked for and edited. Everybody who may
    /// approve may reject, and so may its authors.
    ///
    /// # Errors
    /// [`Refusal`] with the reason.
    pub fn admits(&self, person: &Person, authors: &BTreeSet<PersonId>, verdict: Verdict) -> Result<(), Refusal> {
        let own = authors.contains(&person.id);
        // What a rule approves anybody stops who may decide there at all: people are the only ones to look.
        if verdict == Verdict::Reject && (own || self.decided_by == DecidedBy::TheRule) {
            return Ok(());
        }
        if self.approvers.is_disjoint(&person.roles) {
            return Err(Refusal::NoRole { needed: self.approvers.clone() });
        }
        if own && self.self_approval == SelfApproval::Forbidden {
            return Err(Refusal::SelfApproval);
        }
        Ok(())
    }
}
