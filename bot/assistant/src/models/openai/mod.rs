//! Models outside the program that speak OpenAI's chat completions: OpenAI, Azure, Ollama, vLLM and the like.
//! Called through the model port by the turn loop; dropped futures end the question on the wire.
//! Must never send what was not redacted and noted, and never wait longer than its deadline.

mod alarm;
mod chunk;
mod gather;
mod refusal;
mod request;
mod retry;
mod transport;

use super::address::ModelAddress;
use crate::model::{Model, Reply, Turn};
use crate::tokens;
use crate::uses::{Counted, ModelUse};
use alarm::Alarm;
use async_openai::error::OpenAIError;
use async_trait::async_trait;
use chopmark_domain::problem::{Code, Problem};
use chunk::Chunk;
use futures::StreamExt;
use gather::{End, Gathered};
use refusal::{Fault, Kind};
use request::{Question, Reach};
use retry::Tries;
use serde_json::value::RawValue;
use std::sync::OnceLock;
use std::sync::atomic::Ordering;
use tokio::time::Instant;
use transport::{Overflow, Stopped, Wire};

/// Bytes of words and arguments that are read of one answer.
const LONGEST_ANSWER: usize = 256 * 1024;

/// A body was longer than what is read of one.
const OVERFLOW: Fault = Fault::TooLong(transport::LIMIT);

/// A model behind OpenAI's chat completions.
pub struct OpenAi {
    address: ModelAddress,
    wire: Wire,
    tools: OnceLock<Option<(Box<RawValue>, u64)>>,
}

impl OpenAi {
    /// The model at an address. Nothing is sent yet.
    ///
    /// # Errors
    /// [`Code::ModelUnreachable`]: the address cannot be used.
    pub fn new(address: ModelAddress) -> Result<Self, Problem> {
        let wire = Wire::to(&address)?;
        Ok(Self { address, wire, tools: OnceLock::new() })
    }

    fn problem(&self, fault: Fault) -> Problem {
        fault.problem(&self.address)
    }

    /// The question, within window and budget.
    fn question(&self, turn: &Turn, reach: Reach) -> Result<Question, Problem> {
        let too_long = || self.problem(Fault::Status(413, Kind::Context, None));
        let tools = self.tools.get_or_init(|| request::tools(turn.tools)).as_ref().ok_or_else(too_long)?;
        let question = request::question(&self.address, turn, tools, reach).ok_or_else(too_long)?;
        let spent = turn.uses.tokens(&self.address.name);
        if spent + question.tokens > self.address.request_tokens {
            let limit = self.address.request_tokens;
            return Err(Problem::new(Code::TokenLimit).with("model", &self.address.name).with("limit", limit));
        }
        Ok(question)
    }

    /// Notes the question, asks until there is an answer or no time, and notes the end.
    async fn ask(&self, turn: &Turn, question: &Question, tries: &mut Tries) -> Result<Gathered, Fault> {
        let begun = Instant::now();
        let place = turn.uses.begin(self.noted(turn, question));
        loop {
            turn.uses.note(place, |asked| asked.tries += 1);
            let asked = self.once(question, tries.deadline()).await;
            let pause = asked.as_ref().err().and_then(|fault| tries.pause(*fault));
            turn.uses.note(place, |noted| {
                noted.milliseconds = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
                self.count(noted, &asked);
            });
            match (asked, pause) {
                (Err(fault), Some(pause)) => {
                    tracing::debug!(model = self.address.name, ?fault, ?pause, "asking again");
                    tokio::time::sleep(pause).await;
                }
                (asked, _) => return asked,
            }
        }
    }

    fn noted(&self, turn: &Turn, question: &Question) -> ModelUse {
        ModelUse {
            model: self.address.name.clone(),
            at: turn.uses.now(),
            body: question.body.clone(),
            prompt_digest: turn.prompt_digest,
            tokens_in: question.tokens,
            tokens_out: 0,
            counted: Counted::Estimated,
            cost_micro: None,
            currency: self.address.price.as_ref().map(|price| price.currency.clone()),
            milliseconds: 0,
            tries: 0,
            problem: Some(Code::ModelFailed),
        }
    }

    fn count(&self, noted: &mut ModelUse, asked: &Result<Gathered, Fault>) {
        match asked {
            Ok(answer) => {
                noted.problem = None;
                match answer.usage {
                    Some(usage) => {
                        (noted.tokens_in, noted.tokens_out) = (usage.sent, usage.received);
                        noted.counted = Counted::Server;
                    }
                    None => noted.tokens_out = tokens::estimate(&answer.text) + answer.size() as u64 / 3,
                }
            }
            Err(fault) => noted.problem = Some(self.problem(*fault).code),
        }
        noted.cost_micro = self.address.price.as_ref().map(|price| {
            let cost = |tokens: u64, price: u64| u128::from(tokens) * u128::from(price);
            let whole = cost(noted.tokens_in, price.input_micro_per_million)
                + cost(noted.tokens_out, price.output_micro_per_million);
            u64::try_from(whole.div_ceil(1_000_000)).unwrap_or(u64::MAX)
        });
    }

    /// Sends the question once and reads its answer.
    async fn once(&self, question: &Question, deadline: Instant) -> Result<Gathered, Fault> {
        let overflow = Overflow::default();
        let fault = |error: OpenAIError| if overflow.load(Ordering::Relaxed) { OVERFLOW } else { fault(&error) };
        let client = self.wire.client(&overflow);
        let chat = client.chat();
        let shortest = self.address.first_byte.min(self.address.stall);
        let mut alarm = Alarm::new(shortest.min(deadline.saturating_duration_since(Instant::now())));
        let mut patience = deadline.min(Instant::now() + self.address.first_byte);
        let mut silence = Fault::Silent;
        let late = |patience: Instant, silence: Fault| if patience == deadline { Fault::Late } else { silence };
        let sent = alarm.before(patience, chat.create_stream_byot::<_, Chunk>(&**question.body)).await;
        let mut stream = sent.ok_or_else(|| late(patience, silence))?.map_err(fault)?;
        let mut gathered = Gathered::default();
        loop {
            let next = alarm.before(patience, stream.next()).await;
            let Some(piece) = next.ok_or_else(|| late(patience, silence))? else { break };
            let piece = piece.map_err(fault)?;
            if let Some(error) = piece.error.as_ref().filter(|error| !error.is_null()) {
                return Err(Fault::Inside(Kind::of(error)));
            }
            gathered.take(piece);
            if gathered.size() > LONGEST_ANSWER {
                return Err(Fault::TooLong(LONGEST_ANSWER as u64));
            }
            patience = deadline.min(Instant::now() + self.address.stall);
            silence = Fault::BrokeOff;
        }
        match gathered.end {
            None => Err(Fault::BrokeOff),
            Some(End::Cut) => Err(Fault::TooLong(self.address.answer_tokens)),
            Some(End::Whole) if gathered.size() == 0 => Err(Fault::Empty),
            Some(End::Whole) => Ok(gathered),
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
        let question = self.question(turn, Reach::Whole)?;
        let mut asked = self.ask(turn, &question, &mut tries).await;
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
