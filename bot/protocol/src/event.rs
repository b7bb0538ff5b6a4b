//! Events: what a surface is told, and what `--json` prints, one object per line.
//! Made by bot/app; drawn by every surface; documented in docs/json.md.
//! Must never lose a field or change a meaning within a version: scripts read it.

use crate::card::Card;
use crate::escape;
use crate::messages::{self, Arg, ProblemText};
use chopmark_domain::change::Language;
use chopmark_domain::draft::Action;
use chopmark_domain::facts::{ChangeFile, Facts};
use chopmark_domain::ids::{ChangeId, EnvironmentName, ObjectHash, TemplateName};
use chopmark_domain::lifecycle::State;
use chopmark_domain::literal::Literal;
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::proposal::{Intent, ObjectReference, Origin, Proposal, Sourced};
use chopmark_domain::run::Verification;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

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

impl Event {
    /// An event in a language.
    pub fn new(language: Language, body: Body) -> Self {
        Self { language, body }
    }

    /// An answer in Chopmark's own words.
    pub fn answer(language: Language, text: String, facts: Option<Facts>) -> Self {
        Self::new(language, Body::Answer(Answer { text, speaker: Speaker::Chopmark, facts }))
    }

    /// What was understood.
    pub fn proposal(language: Language, proposal: &Proposal) -> Self {
        Self::new(language, Body::Proposal(ProposalView::from(proposal)))
    }

    /// A change's card.
    pub fn card(language: Language, file: &ChangeFile) -> Self {
        Self::new(language, Body::Card(Box::new(Card::of(file))))
    }

    /// Progress of a run, as the runner reports it.
    pub fn progress(language: Language, change: &ChangeId, key: &str, about: &str) -> Self {
        let text = messages::text(language, key, &[("about", Arg::from(about))]);
        let progress = Progress { change: change.clone(), state: None, key: key.into(), about: about.into(), text };
        Self::new(language, Body::Progress(progress))
    }

    /// A change moved to a state that is not its end.
    pub fn moved(language: Language, change: &ChangeId, state: State) -> Self {
        let key = format!("state-{}", name(state));
        let text = messages::text(language, &key, &[]);
        let progress = Progress { change: change.clone(), state: Some(state), key, about: change.to_string(), text };
        Self::new(language, Body::Progress(progress))
    }

    /// The end of a change.
    pub fn finished(language: Language, file: &ChangeFile) -> Self {
        Self::new(language, Body::Result(Finished::of(language, file)))
    }

    /// A problem: a refusal when a person may not, or not so; an error otherwise.
    pub fn problem(language: Language, problem: &Problem, change: Option<&ChangeId>) -> Self {
        let trouble = Trouble {
            words: messages::problem(language, problem),
            facts: problem.facts.clone(),
            change: change.cloned(),
        };
        let body = if is_refusal(problem.code) { Body::Refusal(trouble) } else { Body::Error(trouble) };
        Self::new(language, body)
    }

    /// Something to know.
    pub fn notice(language: Language, text: String, change: Option<&ChangeId>) -> Self {
        Self::new(language, Body::Notice(Notice { text, change: change.cloned() }))
    }

    /// One line of JSON. Characters that a terminal would obey or hide are written as `\uXXXX`.
    ///
    /// # Errors
    /// None of the types can fail to serialise; the signature says what serde_json says.
    pub fn to_json_line(&self) -> Result<String, serde_json::Error> {
        Ok(json_safe(&serde_json::to_string(self)?))
    }
}

/// JSON text with every hazardous character as its escape: such characters stand only inside strings.
pub fn json_safe(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if escape::is_hazardous(c) && c != '\n' {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            out.push(c);
        }
    }
    out
}

/// The 5xxx codes say that a person may not, or not so; the rest say that something does not work.
fn is_refusal(code: Code) -> bool {
    (5000..6000).contains(&code.number())
}

/// The name of a state as in JSON and in message keys.
pub(crate) fn name(state: State) -> String {
    match serde_json::to_value(state) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}

impl From<&Proposal> for ProposalView {
    fn from(proposal: &Proposal) -> Self {
        let mut view = Self {
            action: Action::Edit,
            component: proposal.component.to_string(),
            environment: proposal.component.environment.clone(),
            environment_origin: proposal.environment_origin.clone(),
            group_origin: proposal.group_origin.clone(),
            template: None,
            parameters: BTreeMap::new(),
            object: None,
            fields: BTreeMap::new(),
            revises: proposal.revises.clone(),
            version: None,
        };
        match &proposal.intent {
            Intent::Create { template, values } => {
                view.action = Action::Create;
                view.template = Some(template.clone());
                view.parameters.clone_from(values);
            }
            Intent::Edit { values } => view.parameters.clone_from(values),
            Intent::Restart { .. } => view.action = Action::Restart,
            Intent::Delete => view.action = Action::Delete,
            Intent::Restore { version, .. } => {
                view.action = Action::Restore;
                view.version.clone_from(version);
            }
            Intent::Patch { object, fields } => {
                view.action = Action::Patch;
                view.object = Some(object.clone());
                view.fields.clone_from(fields);
            }
        }
        view
    }
}

impl Finished {
    /// The end of a change, in words.
    pub fn of(language: Language, file: &ChangeFile) -> Self {
        let change = &file.change;
        let undo = Card::of(file).controls.contains(&crate::card::Control::Undo);
        let run = file.run.as_ref();
        let component = change.component.to_string();
        let key = format!("result-{}", name(change.state));
        let text = messages::text(
            language,
            &key,
            &[("component", Arg::from(&component)), ("change", Arg::from(change.id.as_str()))],
        );
        Self {
            change: change.id.clone(),
            component,
            state: change.state,
            took_ms: run.and_then(|run| Some(run.ended_at?.since(run.started_at))),
            commit: change.commit.clone(),
            verification: change.verification.clone(),
            problem: change.problem.as_ref().map(|problem| messages::problem(language, problem)),
            undo,
            text,
        }
    }
}
