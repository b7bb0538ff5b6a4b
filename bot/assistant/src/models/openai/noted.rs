//! What a question cost, over all its tries: noted when it begins, after every try, and when nobody waits for its end.
//! Held by the loop of tries.
//! Must never leave out what a server had to read or had begun to write.

use super::super::address::ModelAddress;
use super::gather::{Gathered, Usage};
use super::refusal::Fault;
use super::request::Question;
use crate::model::Turn;
use crate::uses::{Counted, ModelUse, Uses};
use chopmark_domain::problem::Code;
use tokio::time::Instant;

/// A question on its way.
pub(super) struct Noted<'a> {
    address: &'a ModelAddress,
    uses: &'a Uses,
    place: usize,
    begun: Instant,
    /// What the question is estimated at.
    tokens: u64,
    /// What the tries before cost.
    spent: Usage,
    counted: Counted,
    /// What has come of the try that is under way.
    coming: Option<Gathered>,
}

impl<'a> Noted<'a> {
    /// Notes the question; it is lost until it is said otherwise.
    pub(super) fn begin(address: &'a ModelAddress, turn: &'a Turn, question: &Question) -> Self {
        let place = turn.uses.begin(ModelUse {
            model: address.name.clone(),
            at: turn.uses.now(),
            body: question.body.clone(),
            prompt_digest: turn.prompt_digest,
            tokens_in: question.tokens,
            tokens_out: 0,
            counted: Counted::Estimated,
            cost_micro: None,
            currency: address.price.as_ref().map(|price| price.currency.clone()),
            milliseconds: 0,
            tries: 0,
            problem: Some(Code::ModelFailed),
        });
        Self {
            address,
            uses: &turn.uses,
            place,
            begun: Instant::now(),
            tokens: question.tokens,
            spent: Usage { sent: 0, received: 0 },
            counted: Counted::Server,
            coming: None,
        }
    }

    /// The next try begins; what comes of it is gathered here.
    pub(super) fn again(&mut self) -> &mut Gathered {
        self.uses.note(self.place, |asked| asked.tries += 1);
        self.coming.insert(Gathered::default())
    }

    /// A try is over.
    pub(super) fn tried(&mut self, fault: Option<Fault>) -> Gathered {
        let gathered = self.coming.take().unwrap_or_default();
        // Who refuses, or is not there, has read nothing that anybody pays for.
        if !matches!(fault, Some(Fault::Unreachable | Fault::Status(..))) {
            self.count(&gathered);
        }
        let problem = fault.map(|fault| fault.problem(self.address).code);
        self.write(problem);
        gathered
    }

    fn count(&mut self, gathered: &Gathered) {
        let usage = gathered.usage.unwrap_or_else(|| {
            self.counted = Counted::Estimated;
            Usage { sent: self.tokens, received: gathered.tokens() }
        });
        self.spent.sent = self.spent.sent.saturating_add(usage.sent);
        self.spent.received = self.spent.received.saturating_add(usage.received);
    }

    fn write(&self, problem: Option<Code>) {
        let cost_micro = self.address.price.as_ref().map(|price| {
            let cost = |tokens: u64, price: u64| u128::from(tokens) * u128::from(price);
            let whole = cost(self.spent.sent, price.input_micro_per_million)
                + cost(self.spent.received, price.output_micro_per_million);
            u64::try_from(whole.div_ceil(1_000_000)).unwrap_or(u64::MAX)
        });
        self.uses.note(self.place, |asked| {
            (asked.tokens_in, asked.tokens_out) = (self.spent.sent, self.spent.received);
            (asked.counted, asked.cost_micro, asked.problem) = (self.counted, cost_micro, problem);
            asked.milliseconds = u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        });
    }
}

impl Drop for Noted<'_> {
    fn drop(&mut self) {
        if let Some(gathered) = self.coming.take() {
            self.count(&gathered);
            self.write(Some(Code::ModelFailed));
        }
    }
}
