//! The card: the platform-neutral picture of a change, made from what is stored and nothing else.
//! Made by bot/app for every move of a change; drawn by every surface; printed by `--json`.
//! Must never hold a model's words, leave out a delete, or depend on language or surface.

mod decide;
mod details;
pub(crate) mod diff;
mod draw;
mod make;
mod parts;
mod resources;
mod root;
mod waits;
mod withhold;

pub(crate) use make::approving_rule;
pub use parts::Parts;

use chopmark_domain::approval::{DecidedBy, SelfApproval, Verdict};
use chopmark_domain::calendar::Start;
use chopmark_domain::change::Difference;
use chopmark_domain::component::ComponentFile;
use chopmark_domain::digest::Digest;
use chopmark_domain::draft::{Action, WayBack};
use chopmark_domain::environment::Mode;
use chopmark_domain::facts::Waits;
use chopmark_domain::finding::Finding;
use chopmark_domain::holds::Pass;
use chopmark_domain::ids::{
    ChangeId, EnvironmentName, ObjectHash, PersonId, PolicyName, Revision, Role, RunId, TemplateName,
};
use chopmark_domain::lifecycle::State;
use chopmark_domain::literal::Literal;
use chopmark_domain::plan::{Caveat, Counts, FieldChange, ResourceAction, Verb};
use chopmark_domain::problem::Problem;
use chopmark_domain::proposal::Origin;
use chopmark_domain::risk::{Risk, RiskReason};
use chopmark_domain::run::Verification;
use chopmark_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// The picture of a change. Language-neutral; its serde form is the `card` event of `--json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// The change.
    pub change: ChangeId,
    /// The revision shown.
    pub revision: Revision,
    /// What happens to the component.
    pub action: Action,
    /// The component, such as `dev/shop/cart`.
    pub component: String,
    /// Its group: a namespace, or `cluster`.
    pub group: String,
    /// Its own name.
    pub name: String,
    /// The environment.
    pub environment: EnvironmentName,
    /// The template; none for patches.
    pub template: Option<TemplateName>,
    /// How it takes effect; none until planned.
    pub mode: Option<Mode>,
    /// Where it stands.
    pub state: State,
    /// How many resources come, change, go.
    pub counts: Counts,
    /// What happens to each resource, deletes and replacements first; nothing is left out.
    pub resources: Vec<Resource>,
    /// Resources that stay as they are.
    pub kept: usize,
    /// Outputs that change, by name.
    pub outputs: Vec<FieldChange>,
    /// The folder of an existing root.
    pub folder: Option<PathBuf>,
    /// Digest over the name and bytes of every file of an existing root.
    pub bundle: Option<Digest>,
    /// Files of the commit that records it, where the commit is not itself the effect.
    pub commit_files: Vec<Resource>,
    /// What differs from the version last seen or approved.
    pub differences: Vec<Difference>,
    /// The superseded change this one takes the place of.
    pub replaces: Option<ChangeId>,
    /// What the judges said, worst first.
    pub findings: Vec<Finding>,
    /// The class; none until planned.
    pub risk: Option<Risk>,
    /// Why, worst first.
    pub risk_reasons: Vec<RiskReason>,
    /// Values that nobody said, with their origin.
    pub assumptions: Vec<Assumption>,
    /// What undo can bring back.
    pub way_back: WayBack,
    /// The sentence it came from: a person's words.
    pub request: String,
    /// Who asked.
    pub requester: PersonId,
    /// Who wrote this revision.
    pub author: PersonId,
    /// Everybody who asked for it or edited it: where self-approval is forbidden, none of them counts.
    pub authors: Vec<PersonId>,
    /// Who may approve; none until planned.
    pub rule: Option<Rule>,
    /// Whether the rule itself approved it.
    #[serde(default)]
    pub approved_by_rule: bool,
    /// Decisions on this digest, oldest first.
    pub decisions: Vec<Mark>,
    /// When it was planned, in milliseconds since 1970.
    pub planned_at: Option<Timestamp>,
    /// When it can no longer be approved or started, in milliseconds since 1970.
    pub expires_at: Option<Timestamp>,
    /// When it may start.
    pub start: Start,
    /// What it waits for just now, where somebody looked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waits: Option<Waits>,
    /// Exceptions of freezes that let it through, when it was countersigned and again at its start.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub passes: Vec<Pass>,
    /// What is countersigned; none until planned.
    pub digest: Option<Digest>,
    /// What the runners cannot see or promise.
    pub caveats: Vec<Caveat>,
    /// Its run, if it began.
    pub run: Option<RunView>,
    /// What the check after the effect found.
    pub verification: Option<Verification>,
    /// Why it ended as it did.
    pub problem: Option<Problem>,
    /// The commit it made.
    pub commit: Option<ObjectHash>,
    /// What can be done with it now.
    pub controls: Vec<Control>,
    /// Every file of the component or root, byte for byte; without its text where a judge found a secret in it.
    pub files: Vec<ComponentFile>,
}

/// What happens to one resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resource {
    /// Unique within the plan.
    pub address: String,
    /// The kind, such as `Deployment`, or `file`.
    pub kind: String,
    /// What happens.
    pub action: Verb,
    /// Every changed field.
    pub fields: Vec<FieldChange>,
    /// Why a replacement is forced, or who owns what is taken over.
    pub because: Option<String>,
}

impl From<&ResourceAction> for Resource {
    fn from(action: &ResourceAction) -> Self {
        Self {
            address: action.address.clone(),
            kind: action.kind.clone(),
            action: action.verb,
            fields: action.fields.clone(),
            because: action.because.clone(),
        }
    }
}

/// A value that nobody said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assumption {
    /// The parameter's name, or `environment` or `group`.
    pub name: String,
    /// The value.
    pub value: Literal,
    /// Where it came from.
    pub origin: Origin,
}

/// The rule of approval, as far as people need it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Roles whose holders may approve; empty means nobody.
    pub approvers: Vec<Role>,
    /// How many people must.
    pub needed: u8,
    /// Whether the requester may be one of them.
    pub self_approval: SelfApproval,
    /// Where the rule stands.
    pub written_at: String,
    /// Its name; none for the usual rule of the environment.
    #[serde(default)]
    pub name: Option<PolicyName>,
    /// Whether people approve, or the rule itself.
    #[serde(default)]
    pub decided_by: DecidedBy,
}

/// A decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// Who.
    pub person: PersonId,
    /// What.
    pub verdict: Verdict,
    /// Why, in the person's words.
    pub reason: Option<String>,
    /// When, in milliseconds since 1970.
    pub at: Timestamp,
    /// Whether a start found that it counts for nothing any more.
    #[serde(default)]
    pub void: bool,
}

/// A run, as far as people need it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunView {
    /// Its id.
    pub id: RunId,
    /// When it began, in milliseconds since 1970.
    pub started_at: Timestamp,
    /// When it was known to be over.
    pub ended_at: Option<Timestamp>,
    /// Addresses known to have changed when it failed.
    pub done: Vec<String>,
    /// Whether a push to the remote is still owed.
    pub push_owed: bool,
    /// How far programs were confined.
    pub isolation: Option<String>,
}

/// What can be done with a change now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "control")]
pub enum Control {
    /// Approve it.
    Approve {
        /// The component's name, which must be typed when the risk is severe.
        confirm: Option<String>,
    },
    /// Reject it.
    Reject,
    /// Edit it in words.
    Edit,
    /// See everything.
    Details,
    /// Withdraw it.
    Cancel,
    /// Propose the version before.
    Undo,
    /// Say what became of its run.
    Resolve,
    /// Propose it again.
    PlanAgain,
}
