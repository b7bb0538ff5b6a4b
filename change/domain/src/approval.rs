//! Approval: who may decide, what a decision is, and whether a rule is met.
//! Asked by the engine at every decision and again before every start.
//! Must never count a decision on another digest, a person twice, or anybody when a rule is empty.

use crate::change::Planned;
use crate::digest::{Digest, Fields};
use crate::ids::{ChangeId, PersonId, Revision, Role};
use crate::person::Person;
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

/// An environment's rule of approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApprovalRule {
    /// Roles whose holders may decide; empty means nobody.
    pub approvers: BTreeSet<Role>,
    /// How many different people must approve; at least 1.
    pub needed: u8,
    /// Whether the requester may be one of them.
    pub self_approval: SelfApproval,
    /// Seconds from the plan until it expires.
    pub expires_after_seconds: u64,
    /// Where the rule stands, such as `config.toml:41`, for the card.
    pub written_at: String,
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
}

impl ApprovalRule {
    /// Whether another rule asks for the same: where it is written may move by a line.
    pub fn asks_the_same_as(&self, other: &Self) -> bool {
        Self { written_at: String::new(), ..self.clone() } == Self { written_at: String::new(), ..other.clone() }
    }

    /// Whether `person` may give `verdict` on what `authors` asked for and edited. Everybody who may
    /// approve may reject, and so may its authors.
    ///
    /// # Errors
    /// [`Refusal`] with the reason.
    pub fn admits(&self, person: &Person, authors: &BTreeSet<PersonId>, verdict: Verdict) -> Result<(), Refusal> {
        let own = authors.contains(&person.id);
        if verdict == Verdict::Reject && own {
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

/// Where a plan stands under its rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Some approvals are missing.
    Waiting {
        /// People whose approval counts now.
        approved_by: BTreeSet<PersonId>,
    },
    /// Enough people approved.
    Met {
        /// Who.
        approved_by: BTreeSet<PersonId>,
    },
    /// Somebody with the right rejected it.
    Rejected {
        /// Who.
        by: PersonId,
    },
    /// Its time is over.
    Expired,
}

/// Counts the decisions whose seal holds and whose person has the right now.
pub fn standing(
    planned: &Planned,
    decisions: &[SealedDecision],
    people: &dyn Fn(&PersonId) -> Option<Person>,
    seal_holds: &dyn Fn(&SealedDecision) -> bool,
    now: Timestamp,
) -> Standing {
    let mut approved_by = BTreeSet::new();
    for sealed in decisions {
        let decision = &sealed.decision;
        if decision.digest != planned.digest || !seal_holds(sealed) {
            continue;
        }
        let Some(person) = people(&decision.person) else { continue };
        if planned.rule.admits(&person, &planned.authors, decision.verdict).is_err() {
            continue;
        }
        match decision.verdict {
            Verdict::Reject => return Standing::Rejected { by: person.id },
            Verdict::Approve => approved_by.insert(person.id),
        };
    }
    if now >= planned.expires_at {
        Standing::Expired
    } else if approved_by.len() >= usize::from(planned.rule.needed.max(1)) {
        Standing::Met { approved_by }
    } else {
        Standing::Waiting { approved_by }
    }
}
