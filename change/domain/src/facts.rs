//! Facts: what reading tools answer with, typed, so that every surface draws them alike and every
//! model reads the same.
//! Made by tools/functions and tools/sources; drawn by bot/protocol; sent to models as JSON.
//! Must never hold a secret's value; text from outside stays in fields that say so.

use crate::access::AccessReport;
use crate::approval::{ApprovalRule, SealedDecision};
use crate::calendar::Zone;
use crate::change::{Change, RevisionRecord};
use crate::component::{ComponentId, ComponentVersion};
use crate::deciders::{Decider, Deciders};
use crate::halt::Halt;
use crate::holds::Pass;
use crate::ids::{ChangeId, EnvironmentName, ObjectHash, PersonId, PolicyName, TemplateName};
use crate::ledger::EntryContent;
use crate::lifecycle::State;
use crate::plan::ResourceAction;
use crate::problem::Problem;
use crate::proposal::ObjectReference;
use crate::run::Run;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// What a reading tool found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "facts")]
pub enum Facts {
    /// Components of one environment or of all.
    Components {
        /// Sorted by id.
        components: Vec<ComponentSummary>,
        /// Existing Terraform roots that environments name, sorted by id.
        #[serde(default)]
        roots: Vec<RootSummary>,
    },
    /// One component with its history.
    Component {
        /// Its present version.
        version: ComponentVersion,
        /// Newest first.
        history: Vec<VersionSummary>,
    },
    /// Changes, newest first.
    Changes {
        /// The changes.
        changes: Vec<Change>,
        /// When only a span of time was asked for, its beginning.
        since: Option<Timestamp>,
    },
    /// One change in full: also what "explain this change" draws.
    Change(Box<ChangeFile>),
    /// Who may approve a change.
    Approvers {
        /// The change.
        change: ChangeId,
        /// The rule.
        rule: ApprovalRule,
        /// People known now who may approve it.
        people: Vec<PersonId>,
        /// The same people with their names, and the roles by which they may.
        #[serde(default)]
        able: Vec<Decider>,
    },
    /// Ledger entries, oldest first.
    Ledger {
        /// The entries.
        entries: Vec<EntryContent>,
    },
    /// The ledger's chain was checked.
    LedgerVerified {
        /// How many entries.
        entries: i64,
        /// Hash of the last one.
        head: String,
        /// What the check was made against: `internal` or `checkpoint`.
        against: String,
    },
    /// Objects of an environment.
    Objects {
        /// The environment.
        environment: EnvironmentName,
        /// The kind asked for.
        kind: String,
        /// The objects.
        objects: Vec<ObjectSummary>,
    },
    /// Events of a cluster, newest first.
    Events {
        /// The events.
        events: Vec<EventSummary>,
    },
    /// The tail of a container's log.
    Logs {
        /// The pod.
        pod: String,
        /// The container.
        container: String,
        /// Lines, oldest first: text from outside.
        lines: Vec<String>,
    },
    /// Whether something is healthy, with the reason.
    Health(HealthReport),
    /// What is there differs from what is committed.
    Drift {
        /// The environment.
        environment: EnvironmentName,
        /// Every component and root that was looked at, drifted ones first.
        components: Vec<Drift>,
        /// When it was looked at.
        at: Timestamp,
    },
    /// Templates.
    Templates {
        /// The templates.
        templates: Vec<TemplateSummary>,
    },
    /// What somebody may do, and why.
    Access(Box<AccessReport>),
    /// Where everything stands, for whoever asked.
    Overview(Box<Overview>),
}

/// Where everything stands, as far as the person who asked may see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overview {
    /// The stop switch, while it is pulled.
    pub halt: Option<Halt>,
    /// What waits for a decision of theirs.
    pub yours: Vec<Change>,
    /// What waits for others: their decision, a window, the switch.
    pub others: Vec<Change>,
    /// What is planned, executes or is checked now.
    pub running: Vec<Change>,
    /// What failed or needs somebody, of the last day.
    pub failed: Vec<Change>,
    /// Freezes that hold now.
    pub freezes: Vec<FreezeNow>,
    /// Environments in which nothing may take effect.
    pub read_only: Vec<EnvironmentName>,
    /// When it was looked at.
    pub at: Timestamp,
}

/// A freeze that holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FreezeNow {
    /// Its name.
    pub name: PolicyName,
    /// Why.
    pub reason: String,
    /// For which environments of those that the person sees.
    pub environments: Vec<EnvironmentName>,
    /// Until when.
    pub until: Timestamp,
    /// The zone it is written in.
    pub zone: Zone,
}

/// How one component or root differs from what is committed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drift {
    /// Which.
    pub component: ComponentId,
    /// What would bring it back; empty when nothing drifted. In each field `before` is what is there, `after` what is
    /// committed.
    pub actions: Vec<ResourceAction>,
    /// Why nobody could tell.
    pub problem: Option<Problem>,
}

/// A component in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComponentSummary {
    /// The component.
    pub component: ComponentId,
    /// Its template.
    pub template: TemplateName,
    /// The commit of its present version.
    pub commit: ObjectHash,
    /// The change that made it.
    pub change: Option<ChangeId>,
    /// When.
    pub at: Timestamp,
}

/// An existing Terraform root in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RootSummary {
    /// The root, such as `dev/roots/network`.
    pub component: ComponentId,
    /// Its folder, as configured.
    pub folder: String,
}

/// A version of a component in its history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionSummary {
    /// The commit.
    pub commit: ObjectHash,
    /// The change that made it.
    pub change: Option<ChangeId>,
    /// First line of the commit message.
    pub title: String,
    /// When.
    pub at: Timestamp,
}

/// Everything known about one change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeFile {
    /// The change.
    pub change: Change,
    /// Its latest revision.
    pub record: RevisionRecord,
    /// Every decision, oldest first.
    pub decisions: Vec<SealedDecision>,
    /// Its run, if it began.
    pub run: Option<Run>,
    /// What it waits for just now, where somebody looked: never kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waits: Option<Waits>,
}

/// What keeps a change from being approved or from starting at the moment somebody looks.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waits {
    /// What would refuse it: stop switch, read-only mode, freeze, a plan that ends before it could start.
    pub hold: Option<Problem>,
    /// Exceptions of freezes that would let it through.
    pub passes: Vec<Pass>,
    /// Who could decide on it, while it waits for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deciders: Option<Deciders>,
    /// Who has its target.
    pub behind: Option<Behind>,
    /// Whether it comes to rest here: nothing moves until a person acts or time passes.
    pub rests: bool,
}

/// Another change has the target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Behind {
    /// Which.
    pub change: ChangeId,
    /// Where that one stands.
    pub state: State,
    /// Since when.
    pub since: Timestamp,
    /// How many countersigned changes wait for the target, this one among them.
    pub waiting: u32,
    /// Which of them this one is, by the order of their countersignatures; 1 is the next.
    pub place: u32,
}

/// An object in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectSummary {
    /// Which.
    pub object: ObjectReference,
    /// Its state in a word or a count, such as `2/2 ready`.
    pub status: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// The component it belongs to, if it is ours.
    pub component: Option<ComponentId>,
}

/// An event of a cluster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventSummary {
    /// What it is about.
    pub object: ObjectReference,
    /// `Normal` or `Warning`.
    pub severity: String,
    /// The reason, in the cluster's word.
    pub reason: String,
    /// The message: text from outside.
    pub message: String,
    /// How often.
    pub count: i64,
    /// When last.
    pub at: Timestamp,
}

/// How well something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Health {
    /// All well.
    Healthy,
    /// On its way.
    Progressing,
    /// Not well.
    Unhealthy,
    /// There is nothing there.
    Missing,
    /// Nothing that says.
    Unknown,
}

/// Whether something is healthy, with the evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HealthReport {
    /// What was asked about, such as `dev/shop/cart`.
    pub subject: String,
    /// The verdict.
    pub health: Health,
    /// Pods ready.
    pub ready: i64,
    /// Pods wanted.
    pub wanted: i64,
    /// What is wrong, worst first.
    pub troubles: Vec<Trouble>,
    /// When it was looked at.
    pub at: Timestamp,
}

/// One thing that is wrong, with its cause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// Key of the message: `image-pull`, `crash-loop`, `unschedulable`, `probe-failing`, `out-of-memory`,
    /// `config-missing`, `not-ready`, `quota`, `job-failed`.
    pub kind: String,
    /// The object.
    pub object: String,
    /// Evidence: message of the cluster, event, last log lines. Text from outside.
    pub evidence: Vec<String>,
}

/// A template in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateSummary {
    /// Its name.
    pub name: TemplateName,
    /// The family folder it stands in, such as `kubernetes`.
    pub family: String,
    /// Title in English and Chinese.
    pub title: Bilingual,
    /// One sentence in English and Chinese.
    pub summary: Bilingual,
}

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bilingual {
    /// English.
    pub en: String,
    /// Chinese.
    pub zh: String,
}

impl Bilingual {
    /// The text in a language.
    pub fn of(&self, language: crate::change::Language) -> &str {
        match language {
            crate::change::Language::En => &self.en,
            crate::change::Language::Zh => &self.zh,
        }
    }
}
