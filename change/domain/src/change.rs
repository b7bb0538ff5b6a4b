//! A change: one modification of one component, with its revisions.
//! Moved by the engine, kept by the store, drawn by the surfaces.
//! Must never be modified once its state is terminal.

use crate::approval::ApprovalRule;
use crate::calendar::Start;
use crate::component::{ComponentId, TemplatePin};
use crate::digest::{Digest, Fields};
use crate::draft::Draft;
use crate::finding::Finding;
use crate::holds::Pass;
use crate::ids::{ChangeId, Epoch, ObjectHash, PersonId, Revision};
use crate::lifecycle::State;
use crate::plan::Plan;
use crate::problem::Problem;
use crate::proposal::Proposal;
use crate::risk::{Risk, RiskReason};
use crate::run::Verification;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Where a person spoke: surface, channel and thread. Answers and cards go there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// The surface, such as `terminal`.
    pub surface: String,
    /// The channel within it.
    pub channel: String,
    /// The thread within that.
    pub thread: String,
}

/// A language that everything is written in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Chinese.
    Zh,
}

/// One modification of one component.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Its id.
    pub id: ChangeId,
    /// What it is about.
    pub component: ComponentId,
    /// Who asked.
    pub requester: PersonId,
    /// The sentence it came from, as said.
    pub request: String,
    /// Where it was said.
    pub place: Place,
    /// The language it was said in.
    pub language: Language,
    /// Where it stands.
    pub state: State,
    /// Moves with every transition.
    pub epoch: Epoch,
    /// The latest revision.
    pub revision: Revision,
    /// The superseded change this one takes the place of.
    pub replaces: Option<ChangeId>,
    /// Why it ended as it did, where a reason exists.
    pub problem: Option<Problem>,
    /// When its people wish it to start; kept through edits and fresh plans.
    #[serde(default)]
    pub wish: Start,
    /// People whose decisions on the present plan a start found void; they stay in the record, and count again only
    /// when the same people decide again.
    #[serde(default)]
    pub voided: BTreeSet<PersonId>,
    /// Exceptions of freezes that let it through, when it was countersigned and again at its start.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub passes: Vec<Pass>,
    /// What the check after the effect found.
    pub verification: Option<Verification>,
    /// The commit that was the component's version before this change took effect; what undo returns to. Set at start.
    pub previous_version: Option<ObjectHash>,
    /// The commit this change made.
    pub commit: Option<ObjectHash>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last moved.
    pub updated_at: Timestamp,
}

/// The content of one revision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevisionRecord {
    /// Which change.
    pub change: ChangeId,
    /// Which revision.
    pub revision: Revision,
    /// Who wrote it: the requester, or who edited.
    pub author: PersonId,
    /// What was proposed.
    pub proposal: Proposal,
    /// The files.
    pub draft: Draft,
    /// The plan with all that is countersigned; none until planned.
    pub planned: Option<Planned>,
    /// What differs from the version last seen or approved, for the card's first lines.
    pub differences: Vec<Difference>,
    /// Seal of the install's decision key over [`RevisionRecord::sealed_bytes`], set by the engine as it writes. A rule
    /// approves only what bears it: nobody looks at that, so a row written by hand must not get there.
    #[serde(default)]
    pub seal: Option<String>,
}

impl RevisionRecord {
    /// The bytes that are sealed: who asked and wrote it, what, and its plan, recomputed.
    pub fn sealed_bytes(&self, requester: &PersonId) -> Digest {
        let planned =
            self.planned.as_ref().map(|planned| planned.compute_digest(&self.change, self.revision, &self.draft));
        let mut fields = Fields::new("chopmark/revision/v1");
        fields
            .text(self.change.as_str())
            .text(&self.revision.to_string())
            .text(requester.as_str())
            .text(self.author.as_str())
            .json(&self.proposal)
            .json(&self.draft)
            .json(&planned);
        fields.finish()
    }
}

/// A difference between two revisions or two plans of the same thing, as a key of a message with values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// What differs: a parameter's name, a resource's address and field, `policy`, `target`.
    pub what: String,
    /// Before.
    pub before: Option<String>,
    /// After.
    pub after: Option<String>,
}

impl Difference {
    /// What differs when it is the time to start; without a value it is at once.
    pub const START: &'static str = "start";
    /// What differs when it is the set of checks.
    pub const POLICY: &'static str = "policy";
    /// What differs when it is the template.
    pub const TEMPLATE: &'static str = "template";
    /// What differs when it is the rule of approval, before what it asks, such as `rule needed`.
    pub const RULE: &'static str = "rule ";
}

/// A plan with everything a person countersigns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Planned {
    /// What will run.
    pub plan: Plan,
    /// What the judges said.
    pub findings: Vec<Finding>,
    /// The class.
    pub risk: Risk,
    /// Why.
    pub risk_reasons: Vec<RiskReason>,
    /// Everybody who asked for it or edited it, in this change and those it replaces: where the rule
    /// forbids self-approval, none of them counts.
    pub authors: BTreeSet<PersonId>,
    /// The rule of approval it was planned under.
    pub rule: ApprovalRule,
    /// Digest of the set of judges and their versions.
    pub policy_version: String,
    /// The template as the catalogue had it; none for what no template makes.
    #[serde(default)]
    pub template: Option<TemplatePin>,
    /// When it was planned.
    pub planned_at: Timestamp,
    /// When it can no longer be approved or started.
    pub expires_at: Timestamp,
    /// When it may start.
    #[serde(default)]
    pub start: Start,
    /// What is countersigned: see [`Planned::compute_digest`].
    pub digest: Digest,
}

impl Planned {
    /// The digest over everything a person countersigns: change and revision, bundle, plan, findings, risk, rule, expiry.
    pub fn compute_digest(&self, change: &ChangeId, revision: Revision, draft: &Draft) -> Digest {
        let mut fields = Fields::new("chopmark/plan/v1");
        fields
            .text(change.as_str())
            .text(&revision.to_string())
            .text(&draft.bundle_digest().to_string())
            .json(draft)
            .json(&self.plan)
            .json(&self.findings)
            .json(&self.risk)
            .json(&self.risk_reasons)
            .json(&self.authors)
            .json(&self.rule)
            .text(&self.policy_version)
            .json(&self.template)
            .json(&self.planned_at)
            .json(&self.expires_at)
            .json(&self.start);
        fields.finish()
    }
}
