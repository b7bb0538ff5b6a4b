//! A plan: what executing a draft would do, worked out by the real program or server.
//! Made by runners; read by checks, risk, digest and card; executed as it is.
//! Must never be edited: what runs is this value, byte for byte.

use crate::environment::Mode;
use crate::ids::RunnerName;
use serde::{Deserialize, Serialize};

/// What happens to one resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verb {
    /// It will exist.
    Create,
    /// Fields change in place.
    Update,
    /// It is destroyed and made anew.
    Replace,
    /// It will be gone.
    Delete,
    /// Fields that another manager owns become ours.
    TakeOver,
    /// Nothing changes.
    Keep,
}

/// A field's value as a person may see it. Hidden values still compare: equal hashes mean unchanged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "as", content = "value")]
pub enum Shown {
    /// The value itself, as canonical JSON.
    Value(String),
    /// A secret: a keyed hash of it.
    Hidden(String),
}

impl Shown {
    /// What stands in the place of a value that only an apply will tell.
    pub const KNOWN_AFTER_APPLY: &str = "(known after apply)";

    /// What stands in the place of the moment at which a plan was made: it differs in every plan, and says nothing.
    pub const TIME_OF_PLAN: &str = "(time of the plan)";

    /// Whether this is one of the two texts above instead of a value.
    pub fn stands_for(&self, placeholder: &str) -> bool {
        matches!(self, Self::Value(json) if *json == crate::canonical::to_string(placeholder))
    }
}

/// One field that changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// JSON pointer within the resource, or a path the runner's program uses.
    pub path: String,
    /// Before; none when it was absent.
    pub before: Option<Shown>,
    /// After; none when it goes.
    pub after: Option<Shown>,
}

/// What happens to one resource, in full.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResourceAction {
    /// Unique within the plan, such as `Deployment/shop/cart` or `shop/cart/deployment.yaml`.
    pub address: String,
    /// The kind, such as `Deployment`, or `file`.
    pub kind: String,
    /// What happens.
    pub verb: Verb,
    /// Every changed field; empty for deletes.
    pub fields: Vec<FieldChange>,
    /// Why a replacement is forced, or who owns what is taken over; for people.
    pub because: Option<String>,
}

/// A part of the effect: one runner's work on one target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Whose work it is.
    pub runner: RunnerName,
    /// Canonical identity of what is changed, never a name alone: a repository's root commit and folder, a cluster's UID and namespace.
    pub target: String,
    /// Facts about the target that must hold at start, such as tree hashes or object UIDs; part of the digest.
    pub preconditions: Vec<(String, String)>,
    /// What the runner executes, in its own documented form: canonical JSON.
    pub instructions: String,
    /// The program and version that will execute it, with the digest of its binary where it is one.
    pub program: Program,
    /// What will happen.
    pub actions: Vec<ResourceAction>,
    /// Outputs of the configuration that change, by name; those without a change are left out.
    #[serde(default)]
    pub outputs: Vec<FieldChange>,
    /// What the runner cannot see or promise, as keys of messages with values, for the card.
    pub caveats: Vec<Caveat>,
}

/// Something the plan cannot see or promise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caveat {
    /// Key of the message, such as `caveat-reduced-isolation`.
    pub key: String,
    /// What it is about, such as an object's address.
    pub about: String,
}

/// A program that plans or executes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Program {
    /// Its name, such as `git`.
    pub name: String,
    /// Its version, as it says itself.
    pub version: String,
    /// SHA-256 of its binary; none when it is a server or part of this program.
    pub digest: Option<String>,
}

/// What executing a draft would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// How the environment takes effect.
    pub mode: Mode,
    /// The steps in the order of their effects.
    pub steps: Vec<Step>,
}

/// Counts of a plan's actions, for the card's second line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Creates.
    pub create: usize,
    /// Updates.
    pub update: usize,
    /// Replacements.
    pub replace: usize,
    /// Deletes.
    pub delete: usize,
}

impl Counts {
    /// Resources of which something is lost: deletes and replacements.
    pub fn losses(&self) -> usize {
        self.delete + self.replace
    }
}

impl Plan {
    /// The actions a person decides on: those of the last step, which is the effect itself. With
    /// mode `apply` the commit before it only records the same content.
    pub fn actions(&self) -> &[ResourceAction] {
        self.steps.last().map_or(&[], |step| &step.actions)
    }

    /// Whether executing it would change nothing at all.
    pub fn is_empty(&self) -> bool {
        self.steps
            .iter()
            .all(|step| step.outputs.is_empty() && step.actions.iter().all(|action| action.verb == Verb::Keep))
    }

    /// What must be the same when the plan is made again before start.
    pub fn normalised(&self) -> Vec<NormalisedStep<'_>> {
        self.steps
            .iter()
            .map(|step| NormalisedStep {
                runner: &step.runner,
                target: &step.target,
                preconditions: &step.preconditions,
                actions: &step.actions,
                outputs: &step.outputs,
            })
            .collect()
    }

    /// How many of each.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for action in self.actions() {
            match action.verb {
                Verb::Create => counts.create += 1,
                Verb::Update | Verb::TakeOver => counts.update += 1,
                Verb::Replace => counts.replace += 1,
                Verb::Delete => counts.delete += 1,
                Verb::Keep => {}
            }
        }
        counts
    }
}

/// A step without what moves by itself: equal before start means that the plan still holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NormalisedStep<'a> {
    /// Whose work.
    pub runner: &'a RunnerName,
    /// On what.
    pub target: &'a str,
    /// What must hold.
    pub preconditions: &'a [(String, String)],
    /// What happens.
    pub actions: &'a [ResourceAction],
    /// Which outputs change.
    pub outputs: &'a [FieldChange],
}
