//! Countersigned: a plan whose decisions satisfy its rule. The only thing a runner applies.
//! Made by the engine and by the exec child from stored rows, each time anew.
//! Must never be built in any other way: no public constructor, no Deserialize, no Clone.

use crate::approval::{Approval, Authority, SealedDecision, Standing, standing};
use crate::change::{Change, RevisionRecord};
use crate::digest::Digest;
use crate::draft::Draft;
use crate::ids::{ChangeId, PersonId, Revision};
use crate::plan::Plan;

/// A plan whose decisions satisfy its rule, verified from the bytes about to run.
///
/// It can't be written down:
/// ```compile_fail
/// use chopmark_domain::countersigned::Countersigned;
/// fn forge(change: chopmark_domain::ids::ChangeId) -> Countersigned {
///     Countersigned { change, ..todo!() }
/// }
/// ```
/// nor read from anywhere:
/// ```compile_fail
/// let forged: chopmark_domain::countersigned::Countersigned = serde_json::from_str("{}").unwrap();
/// ```
/// nor kept for a second use:
/// ```compile_fail
/// fn twice(one: &chopmark_domain::countersigned::Countersigned) -> chopmark_domain::countersigned::Countersigned {
///     one.clone()
/// }
/// ```
#[derive(Debug)]
pub struct Countersigned {
    change: ChangeId,
    revision: Revision,
    requester: PersonId,
    request: String,
    draft: Draft,
    plan: Plan,
    digest: Digest,
    approved_by: Approval,
}

/// Why a plan is not countersigned.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotCountersigned {
    /// The revision has no plan.
    #[error("{0} has no plan")]
    NoPlan(ChangeId),
    /// The digest recomputed from the stored bytes is another than the stored one.
    #[error("the stored bytes of {0} do not match their digest")]
    DigestMismatch(ChangeId),
    /// Fewer valid decisions than the rule asks for.
    #[error("{change} has {have} of {needed} approvals")]
    RuleNotMet {
        /// The change.
        change: ChangeId,
        /// Valid approvals.
        have: usize,
        /// Needed approvals.
        needed: u8,
    },
    /// Somebody rejected it.
    #[error("{0} was rejected by {1}")]
    Rejected(ChangeId, PersonId),
    /// Its time is over.
    #[error("the plan of {0} has expired")]
    Expired(ChangeId),
}

impl Countersigned {
    /// Recomputes the digest from the stored bytes and counts the sealed decisions of people who
    /// have the right now. Looks at no state column.
    ///
    /// # Errors
    /// [`NotCountersigned`] says what is missing.
    pub fn verify(
        change: &Change,
        record: &RevisionRecord,
        decisions: &[SealedDecision],
        authority: &Authority<'_>,
    ) -> Result<Self, NotCountersigned> {
        let id = &change.id;
        let planned = record.planned.as_ref().ok_or_else(|| NotCountersigned::NoPlan(id.clone()))?;
        let recomputed = planned.compute_digest(id, record.revision, &record.draft);
        let whole = planned.authors.contains(&change.requester) && planned.authors.contains(&record.author);
        if recomputed != planned.digest || !whole || record.change != *id || record.revision != change.revision {
            return Err(NotCountersigned::DigestMismatch(id.clone()));
        }
        match standing(planned, decisions, authority) {
            Standing::Met { approved_by } => Ok(Self {
                change: id.clone(),
                revision: record.revision,
                requester: change.requester.clone(),
                request: change.request.clone(),
                draft: record.draft.clone(),
                plan: planned.plan.clone(),
                digest: planned.digest,
                approved_by,
            }),
            Standing::Waiting { approved_by } => Err(NotCountersigned::RuleNotMet {
                change: id.clone(),
                have: approved_by.len(),
                needed: planned.rule.needed,
            }),
            Standing::Rejected { by } => Err(NotCountersigned::Rejected(id.clone(), by)),
            Standing::Expired => Err(NotCountersigned::Expired(id.clone())),
        }
    }

    /// The change.
    pub fn change(&self) -> &ChangeId {
        &self.change
    }
    /// The revision.
    pub fn revision(&self) -> Revision {
        self.revision
    }
    /// Who asked.
    pub fn requester(&self) -> &PersonId {
        &self.requester
    }
    /// The sentence it came from.
    pub fn request(&self) -> &str {
        &self.request
    }
    /// The files.
    pub fn draft(&self) -> &Draft {
        &self.draft
    }
    /// What will run.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }
    /// What was countersigned.
    pub fn digest(&self) -> Digest {
        self.digest
    }
    /// Who approved.
    pub fn approved_by(&self) -> &Approval {
        &self.approved_by
    }
}
