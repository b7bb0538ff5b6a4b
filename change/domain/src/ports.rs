//! Ports: what the engine, the tools and the exec child need of the outside, as traits.
//! Implemented by change/store, tools/* and bot/app; called through `Arc<dyn …>`.
//! Must never grow a way for a tool to act: writing ports are apart from reading ones.

use crate::approval::{Decision, SealedDecision};
use crate::change::{Change, Place, RevisionRecord};
use crate::component::{ComponentFile, ComponentPath, ComponentVersion, TemplatePin};
use crate::digest::Digest;
use crate::draft::Draft;
use crate::environment::{Environment, Environments};
use crate::facts::{ChangeFile, VersionSummary};
use crate::finding::Finding;
use crate::halt::Halt;
use crate::ids::{ChangeId, Epoch, ObjectHash, Revision, RunId, TemplateName};
use crate::lease::LeaseRow;
use crate::ledger::{Entry, EntryDraft};
use crate::lifecycle::{Effect, State};
use crate::note::{Note, NoteBody};
use crate::plan::Plan;
use crate::policy::Policy;
use crate::problem::Problem;
use crate::proposal::Proposal;
use crate::run::Run;
use crate::time::Timestamp;
use async_trait::async_trait;
use std::sync::Arc;

mod chat;
mod hands;
mod people;
pub use chat::{CardSlot, ChatRecords, Delivery, NewMessage, NewsKind, Outcome, Speaks, Subscription, WaitingMessage};
pub use hands::{Execution, Executor, PlanPurpose, PlanRequest, Progress, Runner, Sharing, StepFailed, Work};
pub use people::{
    Directory, Identities, LINK_SECONDS, LINK_TRIES, Link, LinkCode, Metered, Redeemed, SealedLink, Usage,
};

/// What every port answers with.
pub type Answer<T> = Result<T, Problem>;

// ---- time, chance, settings ------------------------------------------------------------------

/// The wall clock.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;
}

/// Random bytes for ids.
pub trait Chance: Send + Sync {
    /// Six random bytes.
    fn six(&self) -> [u8; 6];
    /// Bytes that nobody can guess, for secrets.
    ///
    /// # Errors
    /// There are none to be had: then no secret is made.
    fn secret(&self) -> Answer<[u8; 32]>;
}

/// Configuration as it is now: read again at every decision and every start.
pub trait Settings: Send + Sync {
    /// The environments.
    ///
    /// # Errors
    /// The configuration no longer parses: then nobody decides and nothing starts.
    fn environments(&self) -> Answer<Arc<Environments>>;
    /// Rights, freezes, limits.
    ///
    /// # Errors
    /// The same.
    fn policy(&self) -> Answer<Arc<Policy>>;
}

/// The install's decision key.
pub trait Seals: Send + Sync {
    /// Seals a decision.
    fn seal(&self, decision: Decision) -> SealedDecision;
    /// Whether the seal is ours and fits.
    fn holds(&self, sealed: &SealedDecision) -> bool;
    /// Seals the bytes of a revision.
    fn seal_revision(&self, bytes: &Digest) -> String;
    /// Whether a revision's seal is ours and fits.
    fn holds_revision(&self, bytes: &Digest, seal: &str) -> bool;
    /// Seals a link.
    fn seal_link(&self, link: Link) -> SealedLink;
    /// Whether a link's seal is ours and fits.
    fn holds_link(&self, sealed: &SealedLink) -> bool;
}

/// Whether the process that holds a lease still lives.
pub trait Liveness: Send + Sync {
    /// This process: host, boot, pid and start time, such as `host/boot/123/456`.
    fn me(&self) -> String;
    /// Whether that process is known to be gone; false when it cannot be known from here.
    fn is_gone(&self, holder: &str) -> bool;
}

// ---- store ----------------------------------------------------------------------------------------

/// Which changes to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChangeFilter {
    /// Only these states; empty for all.
    pub states: Vec<State>,
    /// Only that component or, with an empty group or name, its environment.
    pub component: Option<crate::component::ComponentId>,
    /// Only that environment.
    pub environment: Option<crate::ids::EnvironmentName>,
    /// Only those asked for at that place.
    pub place: Option<Place>,
    /// Only those that this person asked for.
    pub requester: Option<crate::ids::PersonId>,
    /// Only those that moved at or after this moment.
    pub since: Option<Timestamp>,
    /// At most so many, newest first.
    pub limit: u32,
}

/// Which ledger entries to read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LedgerFilter {
    /// Only after this number.
    pub after: i64,
    /// Only about that change.
    pub change: Option<ChangeId>,
    /// At most so many, oldest first.
    pub limit: u32,
}

/// One request to a model, as it was sent.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct SentPrompt {
    /// The model's name in the configuration.
    pub model: String,
    /// When.
    pub at: Timestamp,
    /// The request's body, redacted: JSON.
    pub body: String,
}

/// Reading what is recorded. Tools have this and nothing more of the store.
#[async_trait]
pub trait Records: Send + Sync {
    /// One change with its latest revision, decisions and run.
    async fn change(&self, id: &ChangeId) -> Answer<Option<ChangeFile>>;
    /// One revision of a change.
    async fn revision(&self, id: &ChangeId, revision: Revision) -> Answer<Option<RevisionRecord>>;
    /// Changes, newest first.
    async fn changes(&self, filter: &ChangeFilter) -> Answer<Vec<Change>>;
    /// The run of that id.
    async fn run(&self, id: &RunId) -> Answer<Option<Run>>;
    /// Notes after a number, oldest first.
    async fn notes_after(&self, sequence: i64, limit: u32) -> Answer<Vec<Note>>;
    /// The number of the newest note; 0 when there is none.
    async fn last_note(&self) -> Answer<i64>;
    /// What models were sent for a change, redacted, oldest first.
    async fn prompts(&self, change: &ChangeId) -> Answer<Vec<SentPrompt>>;
    /// Ledger entries, oldest first.
    async fn ledger(&self, filter: &LedgerFilter) -> Answer<Vec<Entry>>;
    /// The stop switch, while it is pulled.
    async fn halt(&self) -> Answer<Option<Halt>>;
    /// Number and hash of the newest ledger entry.
    async fn ledger_head(&self) -> Answer<(i64, Digest)>;
}

/// How a change's row is written.
#[derive(Debug, Clone)]
pub enum ChangeWrite {
    /// A new row.
    Insert(Change),
    /// The row as it is after the transition; `change.epoch` must be `from.1.next()`.
    Update {
        /// State and epoch the row must have now.
        from: (State, Epoch),
        /// The row.
        change: Change,
    },
}

/// How a run's row is written.
#[derive(Debug, Clone)]
pub enum RunWrite {
    /// Uses the ticket: a second run of the same change and revision is refused by the database.
    Begin(Run),
    /// The run's end.
    End(Run),
}

/// Work for the worker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wakeup {
    /// The row's number; 0 before it is stored.
    pub id: i64,
    /// Which change.
    pub change: ChangeId,
    /// What to do.
    pub effect: Effect,
    /// Not before.
    pub due_at: Timestamp,
}

/// Everything one transition writes, in one transaction or not at all.
#[derive(Debug, Clone)]
pub struct Commit {
    /// The change's row.
    pub change: ChangeWrite,
    /// A revision that is new or newly planned.
    pub record: Option<RevisionRecord>,
    /// A decision; the same person on the same digest and verdict is stored once.
    pub decision: Option<SealedDecision>,
    /// A run that begins or ends.
    pub run: Option<RunWrite>,
    /// Ledger entries: what happened and who did it.
    pub entries: Vec<EntryDraft>,
    /// Work that follows.
    pub wakeups: Vec<Wakeup>,
    /// What people are told.
    pub notes: Vec<NoteBody>,
    /// A lease that must still be held with that epoch.
    pub fence: Option<(String, String, Epoch)>,
    /// A lease that ends with this transition: name and holder.
    pub release: Option<(String, String)>,
}

/// Writing what is recorded. Only the engine has this.
#[async_trait]
pub trait Journal: Send + Sync {
    /// Writes a transition. [`crate::problem::Code::Conflict`] when the row, a fence or a ticket
    /// is no longer as the writer believes; then nothing was written. [`crate::problem::Code::Halted`] when a
    /// run would begin while the stop switch is pulled.
    async fn commit(&self, commit: Commit) -> Answer<()>;
    /// Writes ledger entries that move no change, such as a refused decision.
    async fn record(&self, entries: Vec<EntryDraft>) -> Answer<()>;
    /// Pulls the stop switch, with its ledger entry. An earlier pull stays as it is and is handed back; nothing is
    /// written then.
    async fn pull(&self, halt: Halt, entry: EntryDraft) -> Answer<Option<Halt>>;
    /// Lifts it, with its ledger entry; whether it was pulled.
    async fn lift(&self, entry: EntryDraft) -> Answer<bool>;
    /// Keeps what a model was sent for a change, beside the ledger: the ledger has its digest.
    async fn keep_prompts(&self, change: &ChangeId, prompts: Vec<SentPrompt>) -> Answer<()>;
    /// Tells people something that moves no change.
    async fn tell(&self, change: &ChangeId, body: NoteBody) -> Answer<()>;
    /// Wake-ups that are due, oldest first.
    async fn due(&self, now: Timestamp, limit: u32) -> Answer<Vec<Wakeup>>;
    /// Puts a wake-up off, or back after a failed try.
    async fn postpone(&self, id: i64, due_at: Timestamp) -> Answer<()>;
    /// Removes a wake-up that has been served.
    async fn served(&self, id: i64) -> Answer<()>;
}

/// Leases with fencing epochs.
#[async_trait]
pub trait Leases: Send + Sync {
    /// Takes a lease that is free, over, or whose holder `is_gone` says is gone; or renews one's own.
    /// None when somebody else holds it. `seconds` none: held until released.
    async fn acquire(
        &self,
        name: &str,
        holder: &str,
        seconds: Option<u64>,
        is_gone: &(dyn for<'h> Fn(&'h str) -> bool + Send + Sync),
    ) -> Answer<Option<LeaseRow>>;
    /// The row as it is now.
    async fn read(&self, name: &str) -> Answer<Option<LeaseRow>>;
    /// Frees it, if that holder has it.
    async fn release(&self, name: &str, holder: &str) -> Answer<()>;
}

/// What surfaces keep: deliveries claimed once, and what a conversation remembers.
#[async_trait]
pub trait Conversations: Send + Sync {
    /// True the first time a delivery is seen.
    async fn claim(&self, surface: &str, delivery: &str) -> Answer<bool>;
    /// What was remembered for a place: JSON of the assistant's.
    async fn recall(&self, place: &Place) -> Answer<Option<String>>;
    /// Remembers it.
    async fn remember(&self, place: &Place, memory: &str) -> Answer<()>;
}

// ---- catalogue, repository, judges --------------------------------------------------------------------

/// The catalogue as the engine knows it.
pub trait Drafter: Send + Sync {
    /// Renders a proposal on the component's present version. `restored` is the version that a
    /// [`crate::proposal::Intent::Restore`] returns to.
    ///
    /// # Errors
    /// A parameter, template or rendering problem.
    fn draft(
        &self,
        proposal: &Proposal,
        environment: &Environment,
        current: Option<&ComponentVersion>,
        restored: Option<&ComponentVersion>,
    ) -> Answer<Draft>;

    /// The family of a template, which is the folder it stands in, such as `aws`; none for one that is gone.
    fn family(&self, template: &TemplateName) -> Option<String>;

    /// A template as the catalogue has it now; none for one that is gone.
    fn pin(&self, template: &TemplateName) -> Option<TemplatePin>;

    /// What a waiting proposal becomes when `edit` changes some of its values.
    ///
    /// # Errors
    /// The edit does not fit what waits.
    fn revise(&self, waiting: &Proposal, edit: &Proposal) -> Answer<Proposal>;
}

/// Reading components from an environment's repository, always at a commit, never from loose files.
#[async_trait]
pub trait Components: Send + Sync {
    /// Every component, sorted.
    async fn list(&self, environment: &Environment) -> Answer<Vec<ComponentVersion>>;
    /// The present version.
    async fn read(&self, environment: &Environment, path: &ComponentPath) -> Answer<Option<ComponentVersion>>;
    /// The version at a commit.
    async fn at(
        &self,
        environment: &Environment,
        path: &ComponentPath,
        commit: &ObjectHash,
    ) -> Answer<Option<ComponentVersion>>;
    /// The team's own conventions: `CONVENTIONS.md` at the head of the environment's folder. Text from outside.
    async fn conventions(&self, environment: &Environment) -> Answer<Option<String>>;
    /// The commits that touched it, newest first.
    async fn history(&self, environment: &Environment, path: &ComponentPath, limit: u32)
    -> Answer<Vec<VersionSummary>>;
}

/// Reading folders of HCL that are not ours.
#[async_trait]
pub trait Folders: Send + Sync {
    /// The folder without symbolic links, and every file that takes part in planning it, sorted.
    ///
    /// # Errors
    /// [`crate::problem::Code::RootUnreadable`].
    async fn read(&self, folder: &std::path::Path) -> Answer<(std::path::PathBuf, Vec<ComponentFile>)>;
}

/// Seeing what drifted. Reads only.
#[async_trait]
pub trait Drifts: Send + Sync {
    /// Every component and root of an environment, or only one, compared with what is committed.
    async fn drift(&self, environment: &Environment, only: Option<&ComponentPath>) -> Answer<Vec<crate::facts::Drift>>;
}

/// The judges of a plan.
pub trait Judges: Send + Sync {
    /// Digest of every judge and its version.
    fn version(&self) -> String;
    /// What they say. A judge that fails says [`crate::finding::Severity::Deny`].
    fn judge(&self, environment: &Environment, draft: &Draft, plan: &Plan) -> Vec<Finding>;
}
