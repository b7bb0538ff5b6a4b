//! The assistant: understands what a person said, calls tools, and answers with facts, a question or a proposal.
//! Called by bot/app for every request that is no command; knows tools, never runners.
//! Must never decide, plan or execute: it hands proposals back to its caller.

mod assistant;
pub mod context;
mod evidence;
pub mod memory;
pub mod model;
pub mod models;
mod prompt;
pub mod spoken;

pub use assistant::{Assistant, LONGEST_TURN, MOST_CALLS};
pub use memory::Memory;
pub use model::Model;
pub use models::offline::Offline;
pub use prompt::system as system_prompt;
pub use spoken::{Said, Spoken};
