//! The assistant: understands what a person said, calls tools, and answers with facts, a question or a proposal.
//! Called by bot/app for every request that is no command; knows tools, never runners.
//! Must never decide, plan or execute: it hands proposals back to its caller.

mod aloud;
mod assistant;
mod breaker;
mod chain;
pub mod context;
mod conversation;
mod evidence;
pub mod memory;
pub mod model;
pub mod models;
mod prompt;
mod redact;
mod shortlist;
pub mod spoken;
mod tokens;
mod turns;
pub mod uses;
mod veil;

pub use assistant::{Assistant, LONGEST_TURN};
pub use chain::Chain;
pub use memory::Memory;
pub use model::Model;
pub use models::offline::Offline;
pub use prompt::{digest as system_prompt_digest, system as system_prompt};
pub use redact::{Clean, keep_secret};
pub use spoken::{Said, Spoken};
pub use turns::MOST_CALLS;
pub use uses::{Counted, ModelUse, Uses};
