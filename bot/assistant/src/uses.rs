//! What models outside the program were asked, what it cost, and how it ended.
//! Written by the model ports for every question; handed to bot/app with what was said.
//! Must never hold what was not sent: bodies are the redacted bytes that went out.

use bytes::Bytes;
use chopmark_domain::digest::Digest;
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::time::Timestamp;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;
use tokio::time::Instant;

/// Who counted tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// The server.
    Server,
    /// We did, from the text: the server did not say, or did not come to it.
    Estimated,
}

/// The body of a question as it was sent: redacted JSON. Clones share its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body(Bytes);

impl Body {
    /// Of what was written as JSON.
    pub(crate) fn of(json: String) -> Self {
        Self(json.into())
    }

    /// Its text.
    pub fn get(&self) -> &str {
        // It was made of a text.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// Its bytes, to be sent.
    pub(crate) fn bytes(&self) -> Bytes {
        self.0.clone()
    }
}

impl fmt::Display for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.get())
    }
}

/// One question to a model.
#[derive(Debug, Clone)]
pub struct ModelUse {
    /// The model's name in the configuration.
    pub model: String,
    /// When it was asked.
    pub at: Timestamp,
    /// The body as it was sent.
    pub body: Body,
    /// The digest of the prompt's files.
    pub prompt_digest: Digest,
    /// Tokens sent.
    pub tokens_in: u64,
    /// Tokens received.
    pub tokens_out: u64,
    /// Who counted them.
    pub counted: Counted,
    /// What they cost, in millionths of the currency, where a price is configured.
    pub cost_micro: Option<u64>,
    /// The currency of the price.
    pub currency: Option<String>,
    /// How long it took, over all tries.
    pub milliseconds: u64,
    /// How often the body was sent.
    pub tries: u32,
    /// What went wrong; [`Code::ModelFailed`] too when nobody waited for the end.
    pub problem: Option<Code>,
}

impl ModelUse {
    /// The digest of the body, for the ledger.
    pub fn digest(&self) -> Digest {
        Digest::of(&self.body.0)
    }
}

/// The questions of one request. Clones share them.
#[derive(Debug, Clone)]
pub struct Uses {
    at: Timestamp,
    begun: Instant,
    all: Arc<Mutex<Vec<ModelUse>>>,
    /// Why models outside the program are not asked, if they are not.
    spent: Option<Box<Problem>>,
    /// Who hears what is said while it is being said.
    hearer: Option<watch::Sender<String>>,
}

impl Uses {
    /// None yet; the request began `at`.
    pub fn new(at: Timestamp) -> Self {
        Self { at, begun: Instant::now(), all: Arc::default(), spent: None, hearer: None }
    }

    /// For a person whose tokens are spent: models outside the program are not asked.
    #[must_use]
    pub fn of_one_who_spent(self, problem: Problem) -> Self {
        Self { spent: Some(Box::new(problem)), ..self }
    }

    /// For somebody who wants to hear what a model says while it is saying it: always everything so far.
    #[must_use]
    pub fn heard_by(self, hearer: watch::Sender<String>) -> Self {
        Self { hearer: Some(hearer), ..self }
    }

    /// Whether anybody hears it.
    pub(crate) fn is_heard(&self) -> bool {
        self.hearer.as_ref().is_some_and(|hearer| !hearer.is_closed())
    }

    /// Lets it be heard.
    pub(crate) fn say(&self, text: String) {
        if let Some(hearer) = &self.hearer {
            hearer.send_replace(text);
        }
    }

    /// Why no model outside the program is asked.
    pub(crate) fn spent(&self) -> Option<Problem> {
        self.spent.as_deref().cloned()
    }

    /// What the clock shows now, by the time that went by since the request began.
    pub(crate) fn now(&self) -> Timestamp {
        let gone = i64::try_from(self.begun.elapsed().as_millis()).unwrap_or(i64::MAX);
        Timestamp(self.at.0.saturating_add(gone))
    }

    /// Notes a question before it is sent; the answer is the place to note its end.
    pub(crate) fn begin(&self, asked: ModelUse) -> usize {
        let mut all = self.lock();
        all.push(asked);
        all.len() - 1
    }

    /// Notes how a question went on.
    pub(crate) fn note(&self, place: usize, change: impl FnOnce(&mut ModelUse)) {
        if let Some(asked) = self.lock().get_mut(place) {
            change(asked);
        }
    }

    /// Tokens that a model was sent and sent back so far.
    pub(crate) fn tokens(&self, model: &str) -> u64 {
        let all = self.lock();
        let own = all.iter().filter(|asked| asked.model == model);
        own.fold(0, |sum: u64, asked| sum.saturating_add(asked.tokens_in).saturating_add(asked.tokens_out))
    }

    /// What was asked so far, in order.
    pub fn all(&self) -> Vec<ModelUse> {
        self.lock().clone()
    }

    /// All of them, in order, to be handed over.
    pub fn take(&self) -> Vec<ModelUse> {
        std::mem::take(&mut *self.lock())
    }

    fn lock(&self) -> MutexGuard<'_, Vec<ModelUse>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
