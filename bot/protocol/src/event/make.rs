//! How events are made and written.
//! Called by bot/app for everything it tells, and by the surfaces for `--json`.
//! Must never put a character into a line of JSON that a terminal would obey.

use super::{Answer, Body, Event, Finished, Notice, Progress, ProposalView, Speaker, Trouble};
use crate::card::{Card, approving_rule};
use crate::escape;
use crate::messages::{self, Arg};
use crate::words;
use chopmark_domain::change::Language;
use chopmark_domain::draft::Action;
use chopmark_domain::facts::{ChangeFile, Facts};
use chopmark_domain::ids::ChangeId;
use chopmark_domain::lifecycle::State;
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::proposal::{Intent, Proposal};
use std::collections::BTreeMap;

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

    /// A change moved to a state that is not its end. Where a rule approved it, the words name the rule.
    pub fn moved(language: Language, file: &ChangeFile, state: State) -> Self {
        let key = format!("state-{}", name(state));
        let text = match approving_rule(file).filter(|_| state == State::Approved) {
            Some(rule) => words::state_by_rule(language, &rule),
            None => messages::text(language, &key, &[]),
        };
        let change = file.change.id.clone();
        let about = change.to_string();
        Self::new(language, Body::Progress(Progress { change, state: Some(state), key, about, text }))
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
            folder: None,
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
            Intent::Reconcile => view.action = Action::Reconcile,
            Intent::Root { folder } => {
                view.action = Action::Root;
                view.folder = Some(folder.clone());
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
