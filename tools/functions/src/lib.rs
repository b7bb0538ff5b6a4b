//! What the model may call: reading tools answer with facts, proposing tools with a proposal or a question.
//! Called by the assistant's turn loop and by the commands that read.
//! Must never execute anything: no runner can even be named from here.

pub mod asker;
pub mod clean;
pub mod list;
pub mod nearest;
pub mod outcome;
mod propose;
mod provenance;
mod read;
mod resolve;
mod roots;
pub mod sight;
mod subject;
pub mod tool;
pub mod toolbox;
mod values;

pub use asker::{Asker, Memory, Outside, Speaker};
pub use outcome::{Question, ToolOutcome};
pub use provenance::stands_in;
pub use sight::Sight;
pub use tool::{Tool, ToolKind};
pub use toolbox::Toolbox;
