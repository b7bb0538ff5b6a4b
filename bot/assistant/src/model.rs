//! The model port: what is said to a model and what it answers.
//! Implemented in models/; called by the turn loop alone.
//! Must never give a model a way to act: a reply is words and tool calls.

use crate::context::Context;
use crate::redact::Clean;
use crate::uses::Uses;
use async_trait::async_trait;
use chopmark_domain::change::Language;
use chopmark_domain::digest::Digest;
use chopmark_domain::facts::Facts;
use chopmark_domain::problem::Problem;
use chopmark_functions::Tool;
use serde_json::Value;

/// A call that a model asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// The model's own id of the call, repeated with its result.
    pub id: String,
    /// The tool.
    pub tool: String,
    /// Its arguments; a text where the model's words for them are no JSON.
    pub arguments: Value,
}

/// What a model answers: words, calls, or both.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reply {
    /// Words for the person.
    pub text: String,
    /// Calls to make before it goes on.
    pub calls: Vec<Call>,
}

/// What came of a call.
#[derive(Debug, Clone, PartialEq)]
pub enum Result {
    /// Facts.
    Facts(Box<Facts>),
    /// Something is wrong with it.
    Problem(Problem),
}

/// One message of the conversation as a model sees it.
#[derive(Debug, Clone, PartialEq)]
pub enum Message {
    /// The person's words.
    Person(String),
    /// What was answered.
    Assistant {
        /// Words.
        text: String,
        /// Calls.
        calls: Vec<Call>,
    },
    /// What came of a call.
    Tool {
        /// The call.
        call: Call,
        /// The result.
        result: Result,
        /// The same as text, within the budget, wrapped and labelled where it came from outside.
        text: String,
    },
}

/// Everything a model is given for its next reply.
pub struct Turn {
    /// Who it is and what holds, rendered from prompts/.
    pub system: Clean,
    /// The conversation within its budget, the person's last words included.
    pub messages: Vec<Message>,
    /// What it may call.
    pub tools: &'static [&'static dyn Tool],
    /// What is known, as values: the same that the system prompt says in words.
    pub context: Context,
    /// Digest of the files that the system prompt was rendered from.
    pub prompt_digest: Digest,
    /// Where questions that leave the program are noted.
    pub uses: Uses,
}

/// A model. The loop, the tools and the checks are the same for all of them.
#[async_trait]
pub trait Model: Send + Sync {
    /// The next reply.
    ///
    /// # Errors
    /// The model did not answer.
    async fn turn(&self, turn: &Turn) -> std::result::Result<Reply, Problem>;

    /// Its name in the configuration.
    fn name(&self) -> &str {
        "model"
    }

    /// Whether its words are messages of ours rather than prose of its own, which surfaces quote. Only such a model
    /// is inside the program; to every other one text is sent.
    fn words_are_ours(&self) -> bool {
        false
    }

    /// Tokens that prompt and conversation may take together.
    fn room(&self) -> u64 {
        u64::MAX
    }

    /// What it says about itself at its first answer in a conversation, if anything.
    fn introduction(&self, _language: Language) -> Option<String> {
        None
    }
}
