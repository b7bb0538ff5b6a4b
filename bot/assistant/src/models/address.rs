//! Where a model outside the program is, and what it may cost: time, tokens, money.
//! Made by bot/app from `[models.<name>]`; read by the model ports.
//! Must never show its key: it is a secret, and is exposed only where a request is signed.

use secrecy::SecretString;
use std::collections::BTreeMap;
use std::time::Duration;

/// A model outside the program.
#[derive(Debug, Clone)]
pub struct ModelAddress {
    /// Its name in the configuration, as notices and the ledger call it.
    pub name: String,
    /// Where the server is, up to and without `/chat/completions`, such as `https://api.openai.com/v1`; for Azure
    /// the resource's address.
    pub base_url: String,
    /// The server's name of the model; for Azure the deployment.
    pub model: String,
    /// The key; none for servers that ask for none.
    pub key: Option<SecretString>,
    /// Tokens that fit the model's window: prompt, conversation and answer together.
    pub window_tokens: u64,
    /// Tokens of one answer.
    pub answer_tokens: u64,
    /// Tokens of one request of a person, over all questions to the model, sent and received.
    pub request_tokens: u64,
    /// How long one question may take, over all tries.
    pub total: Duration,
    /// How long the first byte of an answer may take.
    pub first_byte: Duration,
    /// How long an answer that has begun may pause.
    pub stall: Duration,
    /// What it costs, if anybody counts.
    pub price: Option<Price>,
    /// The `api-version` of Azure; none for every other server.
    pub azure: Option<String>,
    /// Headers that the server wants besides the key's.
    pub headers: BTreeMap<String, SecretString>,
}

/// What tokens cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Price {
    /// Millionths of the currency for a million tokens sent.
    pub input_micro_per_million: u64,
    /// Millionths of the currency for a million tokens received.
    pub output_micro_per_million: u64,
    /// The currency, such as `USD`.
    pub currency: String,
}

impl ModelAddress {
    /// An address with the limits that are usual.
    pub fn new(name: &str, base_url: &str, model: &str) -> Self {
        Self {
            name: name.to_owned(),
            base_url: base_url.trim_end_matches('/').to_owned(),
            model: model.to_owned(),
            key: None,
            window_tokens: 128_000,
            answer_tokens: 4_096,
            request_tokens: 200_000,
            total: Duration::from_secs(45),
            first_byte: Duration::from_secs(20),
            stall: Duration::from_secs(15),
            price: None,
            azure: None,
            headers: BTreeMap::new(),
        }
    }
}
