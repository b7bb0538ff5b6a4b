//! The turn loop: asks the model, calls what it asks for, and ends in an answer, a question or a proposal.
//! Called by bot/app for every sentence.
//! Must never go on for ever, and never call what is not on the tools' list.

use crate::context::Context;
use crate::evidence;
use crate::memory::{Memory, OpenQuestion};
use crate::model::{Call, Message, Model, Result as CallResult, Turn};
use crate::prompt;
use crate::spoken::{Said, Spoken};
use chopmark_domain::facts::Facts;
use chopmark_domain::ids::EnvironmentName;
use chopmark_domain::problem::{Code, Problem};
use chopmark_functions::{Asker, ToolOutcome, Toolbox, clean, list};
use chopmark_protocol::request::Heard;
use std::sync::Arc;
use std::time::Duration;

/// Tool calls of one request (security.md 5.14).
pub const MOST_CALLS: usize = 12;
/// How long one request may take (security.md 5.14).
pub const LONGEST_TURN: Duration = Duration::from_secs(60);
/// Characters of a model's words that are shown.
const LONGEST_TEXT: usize = 4_000;

/// The assistant. Clones are cheap.
#[derive(Clone)]
pub struct Assistant {
    /// The model.
    pub model: Arc<dyn Model>,
    /// What it may call.
    pub toolbox: Toolbox,
}

/// A request under way.
struct Conversation {
    asker: Asker,
    memory: Memory,
    said: Vec<Said>,
    calls: usize,
}

impl Assistant {
    /// Answers one sentence. `memory` is what the place remembered.
    ///
    /// # Errors
    /// The configuration or the records cannot be read. What the person can mend comes as [`Said::Problem`].
    #[tracing::instrument(skip_all, fields(request.delivery = heard.request.delivery))]
    pub async fn handle(&self, heard: &Heard, memory: Memory) -> Result<Spoken, Problem> {
        let mut conversation = Conversation::begin(heard, memory);
        match tokio::time::timeout(LONGEST_TURN, self.converse(heard, &mut conversation)).await {
            Ok(Ok(())) => {}
            Ok(Err(problem)) => conversation.said.push(Said::Problem(problem)),
            Err(_) => {
                let problem = Problem::new(Code::ModelFailed).with("reason", "timeout");
                conversation.said.push(Said::Problem(problem));
            }
        }
        Ok(conversation.end(heard))
    }

    async fn converse(&self, heard: &Heard, conversation: &mut Conversation) -> Result<(), Problem> {
        let context = Context::gather(&self.toolbox, &conversation.asker, &heard.plain, &conversation.memory).await?;
        let system = prompt::system(&context, &self.toolbox.catalog)?;
        let mut turn = Turn { system, messages: past(&conversation.memory), tools: list::list(), context };
        turn.messages.push(Message::Person(heard.plain.clone()));
        if let (false, Some(text)) = (conversation.memory.introduced, self.model.introduction(heard.language)) {
            conversation.memory.introduced = true;
            conversation.said.push(Said::Notice(text));
        }
        loop {
            let reply = self.model.turn(&turn).await?;
            let text = clean::text(&reply.text, LONGEST_TEXT);
            if reply.calls.is_empty() {
                conversation.answer(text, &turn.messages);
                return Ok(());
            }
            turn.messages.push(Message::Assistant { text: text.clone(), calls: reply.calls.clone() });
            for call in reply.calls {
                conversation.calls += 1;
                if conversation.calls > MOST_CALLS {
                    return Err(Problem::new(Code::CallLimit).with("limit", MOST_CALLS));
                }
                let outcome = self.toolbox.call(&conversation.asker, &call.tool, call.arguments.clone()).await;
                match conversation.take(outcome, &call, &text, &turn.context) {
                    Some(message) => turn.messages.push(message),
                    None => return Ok(()),
                }
            }
        }
    }
}

/// What was said before, as messages.
fn past(memory: &Memory) -> Vec<Message> {
    let exchanges = memory.exchanges.iter();
    exchanges
        .flat_map(|exchange| {
            let answer = Message::Assistant { text: exchange.answered.clone(), calls: Vec::new() };
            [Message::Person(exchange.said.clone()), answer]
        })
        .collect()
}

impl Conversation {
    fn begin(heard: &Heard, memory: Memory) -> Self {
        let request = &heard.request;
        let mut asker = Asker::new(request.person.clone(), request.place.clone(), heard.language);
        asker.memory = memory.known.clone();
        let before: Vec<&str> = memory.exchanges.iter().map(|exchange| exchange.said.as_str()).collect();
        asker.said = before.into_iter().chain([heard.plain.as_str()]).collect::<Vec<_>>().join("\n");
        Self { asker, memory, said: Vec::new(), calls: 0 }
    }

    /// Takes what came of a call. None when the request has come to its end: a proposal or a question.
    fn take(
        &mut self,
        outcome: Result<ToolOutcome, Problem>,
        call: &Call,
        words: &str,
        context: &Context,
    ) -> Option<Message> {
        match outcome {
            Ok(ToolOutcome::Facts(facts)) => {
                self.remember(&facts, call, context);
                let (text, outside) = evidence::of_facts(&facts);
                self.asker.outside.extend(outside);
                Some(Message::Tool { call: call.clone(), result: CallResult::Facts(Box::new(facts)), text })
            }
            Ok(ToolOutcome::Proposal(proposal)) => {
                self.memory.open = None;
                self.memory.known.used(&proposal.component);
                self.said.push(Said::Proposal { proposal, words: words.to_owned() });
                None
            }
            Ok(ToolOutcome::Question(question)) => {
                let (tool, arguments) = (call.tool.clone(), call.arguments.clone());
                self.memory.open = Some(OpenQuestion { tool, arguments, question: question.clone() });
                self.said.push(Said::Question(question));
                None
            }
            Err(problem) => {
                let text = evidence::of_problem(self.asker.language, &problem);
                Some(Message::Tool { call: call.clone(), result: CallResult::Problem(problem), text })
            }
        }
    }

    /// The end without a proposal: the model's words, else what the last call found or failed with.
    fn answer(&mut self, text: String, messages: &[Message]) {
        self.memory.open = None;
        let last = messages.iter().rev().find_map(|message| match message {
            Message::Tool { result, .. } => Some(result),
            Message::Person(_) | Message::Assistant { .. } => None,
        });
        let said = match (text.trim().is_empty(), last) {
            (true, Some(CallResult::Facts(facts))) => Said::Answer { text: String::new(), facts: Some(facts.clone()) },
            (true, Some(CallResult::Problem(problem))) => Said::Problem(problem.clone()),
            (true, None) => Said::Problem(Problem::new(Code::ModelFailed).with("reason", "empty")),
            (false, _) => Said::Answer { text, facts: None },
        };
        self.said.push(said);
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

    fn end(mut self, heard: &Heard) -> Spoken {
        let answered: Vec<String> = self.said.iter().filter_map(|said| in_a_line(said, heard)).collect();
        self.memory.exchanged(&heard.plain, &answered.join("\n"));
        Spoken { said: self.said, memory: self.memory }
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
