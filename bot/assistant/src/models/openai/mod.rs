//! Models outside the program that speak OpenAI's chat completions: OpenAI, Azure, Ollama, vLLM and the like.
//! Called through the model port by the turn loop; dropped futures end the question on the wire.
//! Must never send what was not redacted and noted, and never wait longer than its deadline.

mod alarm;
mod chunk;
mod gather;
mod noted;
mod refusal;
mod request;
mod retry;
mod transport;

use super::address::ModelAddress;
use crate::aloud::Aloud;
use crate::model::{Model, Reply, Turn};
use alarm::Alarm;
use async_openai::error::OpenAIError;
use async_trait::async_trait;
use chopmark_domain::problem::{Code, Problem};
use chunk::Chunk;
use futures::StreamExt;
use gather::{End, Gathered};
use noted::Noted;
use refusal::{Fault, Kind};
use request::{Dialect, Question, Reach};
use retry::Tries;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use tokio::time::Instant;
use transport::{Course, Stopped, Wire};

/// Bytes of words and arguments that are read of one answer.
const LONGEST_ANSWER: usize = 256 * 1024;

/// A body was longer than what is read of one.
const OVERFLOW: Fault = Fault::TooLong(transport::LIMIT);

/// A model behind OpenAI's chat completions.
pub struct OpenAi {
    address: ModelAddress,
    wire: Wire,
    tools: OnceLock<Option<request::Tools>>,
    /// Whether the server knows only the fields of before.
    before: AtomicBool,
}

impl OpenAi {
    /// The model at an address. Nothing is sent yet.
    ///
    /// # Errors
    /// [`Code::ModelUnreachable`]: the address cannot be used.
    pub fn new(address: ModelAddress) -> Result<Self, Problem> {
        let wire = Wire::to(&address)?;
        Ok(Self { address, wire, tools: OnceLock::new(), before: AtomicBool::new(false) })
    }

    fn problem(&self, fault: Fault) -> Problem {
        fault.problem(&self.address)
    }

    /// The question, within window and budget.
    fn question(&self, turn: &Turn, reach: Reach) -> Result<Question, Problem> {
        let too_long = || self.problem(Fault::Status(413, Kind::Context, None));
        let tools = self.tools.get_or_init(|| request::tools(turn.tools)).as_ref().ok_or_else(too_long)?;
        let dialect = if self.before.load(Ordering::Relaxed) { Dialect::Before } else { Dialect::Now };
        let question = request::question(&self.address, turn, tools, reach, dialect).ok_or_else(too_long)?;
        let spent = turn.uses.tokens(&self.address.name);
        if spent.saturating_add(question.tokens) > self.address.request_tokens {
            let limit = self.address.request_tokens;
            return Err(Problem::new(Code::TokenLimit).with("model", &self.address.name).with("limit", limit));
        }
        Ok(question)
    }

    /// Notes the question, asks until there is an answer or no time, and notes the end.
    async fn ask(&self, turn: &Turn, question: &Question, tries: &mut Tries) -> Result<Gathered, Fault> {
        let mut noted = Noted::begin(&self.address, turn, question);
        loop {
            let ended = self.once(question, tries.deadline(), noted.again(), Aloud::begin(&turn.uses)).await;
            let answer = noted.tried(ended.err());
            let Err(fault) = ended else { return Ok(answer) };
            let pause = tries.pause(fault).ok_or(fault)?;
            tracing::debug!(model = self.address.name, ?fault, ?pause, "asking again");
            tokio::time::sleep(pause).await;
        }
    }

    /// Sends the question once and gathers its answer.
    async fn once(
        &self,
        question: &Question,
        deadline: Instant,
        gathered: &mut Gathered,
        mut aloud: Aloud<'_>,
    ) -> Result<(), Fault> {
        let course = Arc::new(Course::default());
        let fault = |error: OpenAIError| if course.overflowed() { OVERFLOW } else { fault(&error) };
        let client = self.wire.client(&course, &question.body);
        let chat = client.chat();
        let shortest = self.address.first_byte.min(self.address.stall);
        let mut alarm = Alarm::new(shortest.min(deadline.saturating_duration_since(Instant::now())));
        let mut patience = deadline.min(Instant::now() + self.address.first_byte);
        let mut silence = Fault::Silent;
        let late = |patience: Instant, silence: Fault| if patience == deadline { Fault::Late } else { silence };
        // The body is written already, and goes in on the wire.
        let sent = alarm.before(patience, chat.create_stream_byot::<_, Chunk>(())).await;
        let mut stream = sent.ok_or_else(|| late(patience, silence))?.map_err(fault)?;
        loop {
            let next = alarm.before(patience, stream.next()).await;
            let Some(piece) = next.ok_or_else(|| late(patience, silence))? else { break };
            patience = deadline.min(Instant::now() + self.address.stall);
            silence = Fault::BrokeOff;
            let piece = match piece {
                // An empty event only shows that the server is there.
                Err(OpenAIError::JSONDeserialize(_, words)) if words.trim().is_empty() => continue,
                piece => piece.map_err(fault)?,
            };
            if let Some(error) = piece.error.as_ref().filter(|error| !error.is_null()) {
                return Err(Fault::Inside(Kind::of(error)));
            }
            gathered.take(piece);
            aloud.said(gathered.words());
            if gathered.size() > LONGEST_ANSWER {
                return Err(Fault::TooLong(LONGEST_ANSWER as u64));
            }
        }
        match gathered.end {
            // Some servers leave out why they end, and say that they do.
            None if course.ran_out() || gathered.is_empty() => Err(Fault::BrokeOff),
            Some(End::Failed) => Err(Fault::Inside(Kind::Other)),
            Some(End::Cut) => Err(Fault::TooLong(self.address.answer_tokens)),
            Some(End::Whole) if gathered.is_empty() => Err(Fault::Empty),
            None | Some(End::Whole) => Ok(()),
        }
    }
}

/// What an error of async-openai means.
fn fault(error: &OpenAIError) -> Fault {
    match error {
        OpenAIError::Boxed(inner) => inner.downcast_ref::<Stopped>().map_or(Fault::Unreadable, |Stopped(fault)| *fault),
        OpenAIError::StreamError(_) => Fault::BrokeOff,
        OpenAIError::Reqwest(inner) if inner.is_connect() => Fault::Unreachable,
        OpenAIError::Reqwest(_) => Fault::BrokeOff,
        _ => Fault::Unreadable,
    }
}

#[async_trait]
impl Model for OpenAi {
    async fn turn(&self, turn: &Turn) -> Result<Reply, Problem> {
        let mut tries = Tries::within(self.address.total);
        let mut question = self.question(turn, Reach::Whole)?;
        let mut asked = self.ask(turn, &question, &mut tries).await;
        if let Err(Fault::Status(400..=422, Kind::Dialect, _)) = asked {
            self.before.fetch_xor(true, Ordering::Relaxed);
            question = self.question(turn, Reach::Whole)?;
            asked = self.ask(turn, &question, &mut tries).await;
        }
        if asked.as_ref().is_err_and(|fault| self.problem(*fault).code == Code::ContextTooLong) {
            let smaller = self.question(turn, Reach::Least)?;
            if smaller.body.get().len() < question.body.get().len() {
                asked = self.ask(turn, &smaller, &mut tries).await;
            }
        }
        asked.map(|answer| answer.reply(turn.messages.len())).map_err(|fault| self.problem(fault))
    }

    fn name(&self) -> &str {
        &self.address.name
    }

    fn room(&self) -> u64 {
        self.address.window_tokens.saturating_sub(self.address.answer_tokens)
    }
}
