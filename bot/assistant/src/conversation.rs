//! One request under way: what was said, what the tools found, what will be remembered.
//! Filled by the turn loop; one for each model that tries.
//! Must never keep what a model found behind a veil longer than the request.

use crate::context::Context;
use crate::evidence;
use crate::memory::{Memory, OpenQuestion};
use crate::model::{Call, Message, Result as CallResult};
use crate::spoken::Said;
use crate::veil::Veil;
use chopmark_domain::facts::Facts;
use chopmark_domain::ids::EnvironmentName;
use chopmark_domain::problem::{Code, Problem};
use chopmark_functions::{Asker, Speaker, ToolOutcome};
use chopmark_protocol::request::Heard;
use std::collections::BTreeSet;

/// A request under way.
pub(crate) struct Conversation {
    pub(crate) asker: Asker,
    pub(crate) memory: Memory,
    pub(crate) said: Vec<Said>,
    pub(crate) calls: usize,
    /// Tools whose arguments did not fit once: a second time ends the request.
    faulty: BTreeSet<String>,
}

/// What stands for facts in the memory of a conversation: servers refuse an answer without words.
const SHOWN: &str = "[shown]";

/// What was said before, as messages.
pub(crate) fn past(memory: &Memory) -> Vec<Message> {
    let exchanges = memory.exchanges.iter();
    exchanges
        .flat_map(|exchange| {
            let words = if exchange.answered.is_empty() { SHOWN } else { exchange.answered.as_str() };
            let answer = Message::Assistant { text: words.to_owned(), calls: Vec::new() };
            [Message::Person(exchange.said.clone()), answer]
        })
        .collect()
}

impl Conversation {
    /// Begins with what the place remembered.
    pub(crate) fn begin(heard: &Heard, memory: Memory, speaker: Speaker) -> Self {
        let request = &heard.request;
        let mut asker = Asker::new(heard.person.clone(), request.place.clone(), heard.language);
        asker.memory = memory.known.clone();
        let before: Vec<&str> = memory.exchanges.iter().map(|exchange| exchange.said.as_str()).collect();
        asker.said = before.into_iter().chain([heard.plain.as_str()]).collect::<Vec<_>>().join("\n");
        asker.speaker = speaker;
        Self { asker, memory, said: Vec::new(), calls: 0, faulty: BTreeSet::new() }
    }

    /// Takes what came of a call. None when the request has come to its end: a proposal or a question.
    pub(crate) fn take(
        &mut self,
        outcome: ToolOutcome,
        call: &Call,
        words: &str,
        context: &Context,
        veil: &Veil,
    ) -> Option<Message> {
        match outcome {
            ToolOutcome::Facts(facts) => {
                self.remember(&facts, call, context);
                let (text, outside) = evidence::of_facts(&veil.facts(&facts));
                let text = veil.text(&text).into_owned();
                self.asker.outside.extend(outside);
                Some(Message::Tool { call: call.clone(), result: CallResult::Facts(Box::new(facts)), text })
            }
            ToolOutcome::Proposal(proposal) => {
                self.memory.open = None;
                self.memory.known.used(&proposal.component);
                self.said.push(Said::Proposal { proposal, words: words.to_owned() });
                None
            }
            ToolOutcome::Question(question) => {
                let (tool, arguments) = (call.tool.clone(), call.arguments.clone());
                self.memory.open = Some(OpenQuestion { tool, arguments, question: question.clone() });
                self.said.push(Said::Question(question));
                None
            }
        }
    }

    /// Notes that a call's arguments did not fit. True when that was the second time for its tool.
    pub(crate) fn is_faulty_again(&mut self, tool: &str) -> bool {
        !self.faulty.insert(tool.to_owned())
    }

    /// The end without a proposal: the model's words, else what the last call found or failed with.
    ///
    /// # Errors
    /// [`Code::ModelEmpty`]: there is neither.
    pub(crate) fn answer(&mut self, text: String, messages: &[Message], model: &str) -> Result<(), Problem> {
        let last = messages.iter().rev().find_map(|message| match message {
            Message::Tool { result, .. } => Some(result),
            Message::Person(_) | Message::Assistant { .. } => None,
        });
        let said = match (text.trim().is_empty(), last) {
            (true, Some(CallResult::Facts(facts))) => Said::Answer { text: String::new(), facts: Some(facts.clone()) },
            (true, Some(CallResult::Problem(problem))) => Said::Problem(problem.clone()),
            (true, None) => return Err(Problem::new(Code::ModelEmpty).with("model", model)),
            // What drifted is shown as it was found, whatever a model makes of it.
            (false, Some(CallResult::Facts(facts))) if matches!(**facts, Facts::Drift { .. }) => {
                Said::Answer { text, facts: Some(facts.clone()) }
            }
            (false, _) => Said::Answer { text, facts: None },
        };
        self.memory.open = None;
        self.said.push(said);
        Ok(())
    }

    /// Remembers what the facts were about.
    fn remember(&mut self, facts: &Facts, call: &Call, context: &Context) {
        let argument = |name: &str| call.arguments.get(name).and_then(serde_json::Value::as_str);
        let environment = argument("environment").and_then(|name| EnvironmentName::parse(name).ok());
        if let Some(environment) = environment {
            if self.memory.known.environment.as_ref() != Some(&environment) {
                self.memory.known.group = None;
            }
            self.memory.known.environment = Some(environment);
        }
        match facts {
            Facts::Component { version, .. } => self.memory.known.used(&version.component),
            Facts::Change(file) => self.memory.proposed(&file.change.id, &file.change.component),
            Facts::Health(report) => {
                if let Some(component) = context.find(&report.subject) {
                    self.memory.known.used(&component.id);
                }
            }
            _ => {
                if let Some(component) = argument("component").and_then(|name| context.find(name)) {
                    self.memory.known.used(&component.id);
                }
            }
        }
        self.asker.memory = self.memory.known.clone();
    }

    /// The end: what to say, and the memory to keep, in which the exchange is noted.
    pub(crate) fn end(mut self, heard: &Heard, inside: bool) -> (Vec<Said>, Memory) {
        let answered: Vec<String> = self.said.iter().filter_map(|said| in_a_line(said, heard)).collect();
        self.memory.exchanged(&heard.person, &heard.plain, &answered.join("\n"), inside);
        (self.said, self.memory)
    }
}

/// What was said, for the memory of the conversation. Facts are not kept: they are read again.
fn in_a_line(said: &Said, heard: &Heard) -> Option<String> {
    Some(match said {
        Said::Answer { text, facts: None } => text.clone(),
        Said::Answer { facts: Some(_), .. } | Said::Notice(_) => return None,
        Said::Question(question) => question.text.of(heard.language).to_owned(),
        Said::Proposal { proposal, .. } => format!("[{}]", proposal.component),
        Said::Problem(problem) => format!("[{}]", problem.code),
    })
}
