//! Events: what a surface is told, and what `--json` prints, one object per line.
//! Made by bot/app; drawn by every surface; documented in docs/json.md.
//! Must never lose a field or change a meaning within a version: scripts read it.

mod make;

pub use make::json_safe;
pub(crate) use make::name;

use crate::card::Card;
use crate::messages::ProblemText;
use chopmark_domain::change::Language;
use chopmark_domain::draft::Action;
use chopmark_domain::facts::Facts;
use chopmark_domain::ids::{ChangeId, EnvironmentName, ObjectHash, TemplateName};
use chopmark_domain::lifecycle::State;
use chopmark_domain::literal::Literal;
use chopmark_domain::proposal::{ObjectReference, Origin, Sourced};
use chopmark_domain::run::Verification;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// What a surface is told, with the language of the request it belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// The language to draw it in, and of the words in it.
    pub language: Language,
    /// What.
    #[serde(flatten)]
    pub body: Body,
}

/// What a surface is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Body {
    /// Words or facts.
    Answer(Answer),
    /// Something is missing.
    Question(Question),
    /// What was understood, before anything is recorded.
    Proposal(ProposalView),
    /// A change's card: draw it, or draw it anew in place.
    Card(Box<Card>),
    /// Something moves.
    Progress(Progress),
    /// A change came to its end.
    Result(Finished),
    /// A person may not, or not so.
    Refusal(Trouble),
    /// Something did not work.
    Error(Trouble),
    /// Something to know that asks for nothing.
    Notice(Notice),
}

/// Whose words an answer holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Speaker {
    /// Chopmark's own messages.
    Chopmark,
    /// A model: drawn inside a marked quote.
    Model,
}

/// Words or facts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Words; empty when the facts speak for themselves.
    pub text: String,
    /// Whose words.
    pub speaker: Speaker,
    /// What was found.
    pub facts: Option<Facts>,
}

/// Something is missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// The parameter it asks for.
    pub parameter: String,
    /// The template whose parameter it is.
    pub template: Option<TemplateName>,
    /// The question.
    pub text: String,
    /// Answers to choose from; empty when anything may be said.
    pub options: Vec<String>,
    /// The likely answer.
    pub guess: Option<String>,
}

/// What was understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProposalView {
    /// What would happen.
    pub action: Action,
    /// To which component, such as `dev/shop/cart`.
    pub component: String,
    /// In which environment.
    pub environment: EnvironmentName,
    /// Where the environment came from.
    pub environment_origin: Origin,
    /// Where the component's group came from.
    pub group_origin: Origin,
    /// The template of a new component.
    pub template: Option<TemplateName>,
    /// Values with their origins; of an edit, only those that change.
    pub parameters: BTreeMap<String, Sourced>,
    /// The object of a patch.
    pub object: Option<ObjectReference>,
    /// The fields of a patch: JSON pointer to new value; null removes.
    pub fields: BTreeMap<String, Option<Literal>>,
    /// The folder of an existing root.
    pub folder: Option<PathBuf>,
    /// The waiting change that gets a next revision.
    pub revises: Option<ChangeId>,
    /// The commit to return to, of a restore.
    pub version: Option<ObjectHash>,
}

/// Something moves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// The change.
    pub change: ChangeId,
    /// Where it stands, when that is what moved.
    pub state: Option<State>,
    /// Key of the message, such as `progress-applying`.
    pub key: String,
    /// What it is about.
    pub about: String,
    /// In words.
    pub text: String,
}

/// A change came to its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finished {
    /// The change.
    pub change: ChangeId,
    /// The component, such as `dev/shop/cart`.
    pub component: String,
    /// The final state.
    pub state: State,
    /// How long its run took, in milliseconds.
    pub took_ms: Option<i64>,
    /// The commit it made.
    pub commit: Option<ObjectHash>,
    /// What the check after the effect found.
    pub verification: Option<Verification>,
    /// Why it ended so, where a reason exists.
    pub problem: Option<ProblemText>,
    /// Whether undo is offered.
    pub undo: bool,
    /// In words.
    pub text: String,
}

/// A refusal or an error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// Code and words: what happened, what was and was not changed, what to do next.
    #[serde(flatten)]
    pub words: ProblemText,
    /// The values behind the words.
    pub facts: BTreeMap<String, String>,
    /// The change it is about.
    pub change: Option<ChangeId>,
}

/// Something to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// In words.
    pub text: String,
    /// The change it is about.
    pub change: Option<ChangeId>,
}
