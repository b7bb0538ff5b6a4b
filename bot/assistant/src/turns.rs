//! The turn loop: asks a model, calls what it asks for, and ends in an answer, a question or a proposal.
//! Called by the assistant for each model that tries.
//! Must never call what is not on the tools' list, and never more often than a request may.

use crate::chain::Chain;
use crate::context::Context;
use crate::conversation::{Conversation, past};
use crate::evidence;
use crate::model::{Call, Message, Model, Result as CallResult, Turn};
use crate::prompt;
use crate::redact::{self, Clean};
use crate::spoken::Said;
use crate::uses::Uses;
use crate::veil::Veil;
use chopmark_domain::problem::{Code, Problem};
use chopmark_functions::{Outside, ToolOutcome, Toolbox, clean, list, stands_in};
use chopmark_protocol::request::Heard;
use serde_json::Value;

/// Tool calls of one request (security.md 5.14).
pub const MOST_CALLS: usize = 12;
/// Characters of a model's words that are shown.
const LONGEST_TEXT: usize = 4_000;
/// Of a model's room, the part that the system prompt may take.
const PROMPTS_PART: u64 = 2;

/// Who answers, with what it may call and see.
pub(crate) struct Voice<'a> {
    pub(crate) model: &'a dyn Model,
    pub(crate) toolbox: Toolbox,
    pub(crate) veil: &'a Veil,
    pub(crate) models: &'a Chain,
}

/// Asks until the request has come to its end.
///
/// # Errors
/// The model did not answer, went beyond what a request may, or cannot make a call that fits.
pub(crate) async fn converse(
    voice: &Voice<'_>,
    heard: &Heard,
    conversation: &mut Conversation,
    uses: &Uses,
) -> Result<(), Problem> {
    let mut turn = begin(voice, heard, conversation, uses).await?;
    if let (false, Some(text)) = (conversation.memory.introduced, voice.model.introduction(heard.language)) {
        conversation.memory.introduced = true;
        conversation.said.push(Said::Notice(text));
    }
    loop {
        let reply = voice.model.turn(&turn).await?;
        let text = clean::text(&reply.text, LONGEST_TEXT);
        let text = if voice.model.words_are_ours() { text } else { redact::text(&text).into_owned() };
        if reply.calls.is_empty() {
            return conversation.answer(text, &turn.messages, voice.model.name());
        }
        turn.messages.push(Message::Assistant { text: text.clone(), calls: reply.calls.clone() });
        for call in reply.calls {
            conversation.calls += 1;
            if conversation.calls > MOST_CALLS {
                return Err(Problem::new(Code::CallLimit).with("limit", MOST_CALLS));
            }
            let outcome = voice.call(conversation, &call).await;
            let message = match outcome {
                Err(problem) if problem.code == Code::InvalidArguments => {
                    if conversation.is_faulty_again(&call.tool) {
                        return Err(problem);
                    }
                    mended(&turn, call, problem)?
                }
                Err(problem) => refused(voice, &turn, call, problem),
                Ok(outcome) => match conversation.take(outcome, &call, &text, &turn.context, voice.veil) {
                    Some(message) => message,
                    None => {
                        // What was not used is told at once: the answer to the question no longer holds it.
                        if voice.model.words_are_ours() && matches!(conversation.said.last(), Some(Said::Question(_))) {
                            let notice = (!text.is_empty()).then_some(Said::Notice(text));
                            let at = conversation.said.len() - 1;
                            conversation.said.splice(at..at, notice);
                        }
                        return Ok(());
                    }
                },
            };
            turn.messages.push(message);
        }
    }
}

/// Everything a model is given for its first reply.
async fn begin(
    voice: &Voice<'_>,
    heard: &Heard,
    conversation: &mut Conversation,
    uses: &Uses,
) -> Result<Turn, Problem> {
    let context = Context::gather(&voice.toolbox, &conversation.asker, &heard.plain, &conversation.memory).await?;
    let conventions = if voice.model.words_are_ours() { None } else { conventions(voice, &context).await? };
    // The planner inside the program reads the context itself.
    let system = if voice.model.words_are_ours() {
        Clean::already("")?
    } else {
        let text = conventions.as_ref().map(|(text, _)| text.as_str());
        let shelf = voice.models.shelf(&voice.toolbox.catalog)?;
        prompt::rendered(&context, &shelf, text, voice.model.room() / PROMPTS_PART)?
    };
    conversation.asker.outside.extend(conventions.map(|(_, outside)| outside));
    let mut messages = past(&conversation.memory);
    messages.push(Message::Person(heard.plain.clone()));
    let prompt_digest = prompt::digest(context.language);
    Ok(Turn { system, messages, tools: list::list(), context, prompt_digest, uses: uses.clone() })
}

/// The conventions of the environment that is meant, as a model reads them.
async fn conventions(voice: &Voice<'_>, context: &Context) -> Result<Option<(String, Outside)>, Problem> {
    let environments = voice.toolbox.settings.environments()?;
    let said = context.environments.iter().find(|name| stands_in(&context.said, name.as_str()));
    let meant = said.or(context.known.environment.as_ref()).unwrap_or(&context.default_environment);
    let Some(environment) = environments.get(meant) else { return Ok(None) };
    match voice.toolbox.components.conventions(environment).await {
        Ok(text) => {
            let text = text.filter(|text| !text.trim().is_empty());
            Ok(text.map(|text| evidence::of_conventions(&voice.veil.text(&text))))
        }
        Err(problem) => {
            tracing::warn!(environment = %environment.name, %problem, "conventions are not known");
            Ok(None)
        }
    }
}

impl Voice<'_> {
    async fn call(&self, conversation: &Conversation, call: &Call) -> Result<ToolOutcome, Problem> {
        if let Value::String(words) = &call.arguments {
            let error = serde_json::from_str::<Value>(words).err();
            let fault = error.map_or_else(|| "the arguments are no object".to_owned(), |error| error.to_string());
            let tool = clean::text(&call.tool, 80);
            return Err(Problem::new(Code::InvalidArguments).with("tool", tool).with("fault", fault));
        }
        self.veil.check(&call.arguments)?;
        self.toolbox.call(&conversation.asker, &call.tool, call.arguments.clone()).await
    }
}

/// The exact fault, for the model to mend the call once.
fn mended(turn: &Turn, call: Call, problem: Problem) -> Result<Message, Problem> {
    let fact = |name: &str| problem.facts.get(name).map(String::as_str).unwrap_or_default();
    let words = prompt::mend(turn.context.language, fact("tool"), fact("fault"))?;
    let text = format!("{}\n{words}", evidence::of_problem(turn.context.language, &problem));
    Ok(Message::Tool { call, result: CallResult::Problem(problem), text })
}

/// A problem, without what the model must not see.
fn refused(voice: &Voice<'_>, turn: &Turn, call: Call, problem: Problem) -> Message {
    let text = evidence::of_problem(turn.context.language, &voice.veil.cover(&problem));
    Message::Tool { call, result: CallResult::Problem(problem), text }
}
