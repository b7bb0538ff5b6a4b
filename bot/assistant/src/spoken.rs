//! What the assistant says: answers, questions, proposals, notices and problems.
//! Handed to bot/app, which makes events and changes of it.
//! Must never hold a decision.

use crate::memory::Memory;
use crate::uses::ModelUse;
use chopmark_domain::facts::Facts;
use chopmark_domain::problem::Problem;
use chopmark_domain::proposal::Proposal;
use chopmark_functions::Question;
use chopmark_protocol::event::Speaker;

/// One thing that is said.
#[derive(Debug, Clone, PartialEq)]
pub enum Said {
    /// An answer.
    Answer {
        /// The model's words; empty when the facts speak for themselves.
        text: String,
        /// What was found.
        facts: Option<Box<Facts>>,
    },
    /// A question; the next sentence may answer it.
    Question(Question),
    /// A proposal, from which the engine makes a change.
    Proposal {
        /// What is proposed.
        proposal: Box<Proposal>,
        /// The model's words, shown as a quote below the card; often empty.
        words: String,
    },
    /// Something about the assistant itself.
    Notice(String),
    /// Something is wrong.
    Problem(Problem),
}

/// Everything that is said to one request, and the memory to keep.
#[derive(Debug, Clone)]
pub struct Spoken {
    /// In order.
    pub said: Vec<Said>,
    /// Whose words the answers are: those of a model are quoted.
    pub speaker: Speaker,
    /// What models outside the program were asked on the way, in order.
    pub asked: Vec<ModelUse>,
    /// For the next request in this place.
    pub memory: Memory,
}
