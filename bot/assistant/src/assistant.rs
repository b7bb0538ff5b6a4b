//! The assistant: asks the models in their order until one has answered, asked or proposed.
//! Called by bot/app for every sentence.
//! Must never send anything of an environment that is never sent, and never go on for ever.

use crate::chain::{Chain, counts, falls_back};
use crate::conversation::Conversation;
use crate::memory::Memory;
use crate::spoken::{Said, Spoken};
use crate::turns::{Voice, converse};
use crate::uses::Uses;
use crate::veil::{Look, Veil};
use chopmark_domain::change::Language;
use chopmark_domain::problem::{Code, Problem};
use chopmark_functions::{Speaker as Chooser, Toolbox};
use chopmark_protocol::event::Speaker;
use chopmark_protocol::messages::text;
use chopmark_protocol::request::Heard;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// How long one request may take (security.md 5.14).
pub const LONGEST_TURN: Duration = Duration::from_secs(60);
/// What of it is kept for the planner inside the program, when the models outside do not answer.
const RESERVE: Duration = Duration::from_secs(5);

/// The assistant. Clones are cheap.
#[derive(Clone)]
pub struct Assistant {
    /// The models in their order.
    pub models: Chain,
    /// What they may call.
    pub toolbox: Toolbox,
}

/// One sentence on its way to an answer.
struct Hearing<'a> {
    heard: &'a Heard,
    memory: Memory,
    uses: Uses,
    deadline: Instant,
    notices: Vec<Said>,
}

impl Assistant {
    /// Answers one sentence. `memory` is what the place remembered.
    ///
    /// # Errors
    /// The request cannot be answered at all. What the person can mend comes as [`Said::Problem`].
    pub async fn handle(&self, heard: &Heard, memory: Memory) -> Result<Spoken, Problem> {
        self.answer(heard, memory, Uses::new(self.toolbox.clock.now())).await
    }

    /// The same, noting questions in `uses`, from which they can be taken when nobody waits for the end.
    ///
    /// # Errors
    /// As [`Assistant::handle`].
    #[tracing::instrument(skip_all, fields(request.delivery = heard.request.delivery))]
    pub async fn answer(&self, heard: &Heard, memory: Memory, uses: Uses) -> Result<Spoken, Problem> {
        let deadline = Instant::now() + LONGEST_TURN;
        let mut hearing = Hearing { heard, memory, uses, deadline, notices: Vec::new() };
        let before = hearing.memory.exchanges.clone();
        // Nothing that this person may not see is there for whatever answers them.
        let seen = match self.toolbox.seen_by(&heard.person).await {
            Ok(toolbox) => hearing.memory.seen_through(&toolbox).await.map(|memory| (toolbox, memory)),
            Err(problem) => Err(problem),
        };
        let person = match seen {
            Ok((toolbox, memory)) => {
                hearing.memory = memory;
                Self { toolbox, ..self.clone() }
            }
            Err(problem) => {
                let mut conversation = Conversation::begin(heard, Memory::default(), Chooser::Person);
                conversation.said.push(Said::Problem(problem));
                return Ok(hearing.end(conversation, Speaker::Chopmark, false));
            }
        };
        let mut spoken = person.answered(hearing).await?;
        spoken.memory.with_others(before);
        Ok(spoken)
    }

    /// Answers through the eyes of whoever asks.
    async fn answered(&self, mut hearing: Hearing<'_>) -> Result<Spoken, Problem> {
        let heard = hearing.heard;
        // A person whose tokens are spent is answered by the planner inside the program, and told so.
        if let Some(problem) = hearing.uses.spent().filter(|_| !self.models.outside().is_empty()) {
            hearing.notices.push(Said::Notice(words(heard.language, &problem)));
            return Ok(self.within(hearing, false).await);
        }
        if self.models.outside().is_empty() {
            return Ok(self.within(hearing, false).await);
        }
        match Veil::look(&self.toolbox, heard, &hearing.memory).await {
            Err(problem) => {
                let mut conversation = Conversation::begin(heard, hearing.memory.clone(), Chooser::Person);
                conversation.said.push(Said::Problem(problem));
                Ok(hearing.end(conversation, Speaker::Chopmark, false))
            }
            Ok(Look::Inside(environment)) => {
                hearing.notice("talk-never-sent", &[("environment", environment.as_str())]);
                Ok(self.within(hearing, true).await)
            }
            Ok(Look::Outside(veil)) => match self.outside(&mut hearing, &veil).await {
                Some(conversation) => Ok(hearing.end(conversation, Speaker::Model, false)),
                None => Ok(self.within(hearing, false).await),
            },
        }
    }

    /// Asks the models outside the program, one after the other, each from the person's sentence on. None when
    /// none of them could do it.
    async fn outside(&self, hearing: &mut Hearing<'_>, veil: &Veil) -> Option<Conversation> {
        for seat in self.models.outside() {
            let name = seat.model.name().to_owned();
            if let Some(code) = seat.breaker.open() {
                hearing.notice("talk-model-rests", &[("model", &name), ("code", &code.to_string())]);
                continue;
            }
            let voice =
                Voice { model: seat.model.as_ref(), toolbox: veil.over(&self.toolbox), veil, models: &self.models };
            let mut conversation = Conversation::begin(hearing.heard, veil.memory(&hearing.memory), Chooser::Model);
            match hearing.attempt(&voice, &mut conversation, hearing.deadline - RESERVE).await {
                Err(problem) if falls_back(problem.code) => {
                    tracing::warn!(model = name, code = %problem.code, "a model could not answer");
                    match problem.code {
                        code if counts(code) => seat.breaker.failed(code),
                        // Nobody knows whether it was asked at all.
                        Code::ContextTooLong => {}
                        _ => seat.breaker.worked(),
                    }
                    hearing.notice("talk-model-failed", &[("model", &name), ("code", &problem.code.to_string())]);
                }
                ended => {
                    seat.breaker.worked();
                    conversation.said.extend(ended.err().map(Said::Problem));
                    conversation.memory.exchanges.clone_from(&hearing.memory.exchanges);
                    return Some(conversation);
                }
            }
        }
        None
    }

    /// Asks the planner inside the program, from the person's sentence on.
    async fn within(&self, hearing: Hearing<'_>, stays_inside: bool) -> Spoken {
        let planner = self.models.planner().as_ref();
        let (chooser, speaker) = match planner.words_are_ours() {
            true => (Chooser::Person, Speaker::Chopmark),
            false => (Chooser::Model, Speaker::Model),
        };
        let veil = Veil::default();
        let voice = Voice { model: planner, toolbox: self.toolbox.clone(), veil: &veil, models: &self.models };
        let mut conversation = Conversation::begin(hearing.heard, hearing.memory.clone(), chooser);
        let ended = hearing.attempt(&voice, &mut conversation, hearing.deadline).await;
        conversation.said.extend(ended.err().map(Said::Problem));
        hearing.end(conversation, speaker, stays_inside)
    }
}

/// A problem as a notice: its code, what is so, and what to do.
fn words(language: Language, problem: &Problem) -> String {
    let words = chopmark_protocol::messages::problem(language, problem);
    format!("{} {} {}", words.code, words.what, words.changed)
}

impl Hearing<'_> {
    async fn attempt(
        &self,
        voice: &Voice<'_>,
        conversation: &mut Conversation,
        deadline: Instant,
    ) -> Result<(), Problem> {
        let ended = timeout_at(deadline, converse(voice, self.heard, conversation, &self.uses)).await;
        let late = |_| Problem::new(Code::ModelFailed).with("model", voice.model.name()).with("reason", "timeout");
        ended.map_err(late)?
    }

    fn notice(&mut self, key: &str, facts: &[(&str, &str)]) {
        let args: Vec<_> = facts.iter().map(|(name, value)| (*name, (*value).into())).collect();
        self.notices.push(Said::Notice(text(self.heard.language, key, &args)));
    }

    fn end(self, conversation: Conversation, speaker: Speaker, stays_inside: bool) -> Spoken {
        let (said, memory) = conversation.end(self.heard, stays_inside);
        let said = self.notices.into_iter().chain(said).collect();
        Spoken { said, speaker, asked: self.uses.take(), memory }
    }
}
