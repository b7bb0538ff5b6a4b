//! Models: one file or folder each behind the model port.
//! Chosen by bot/app.
//! Must never be more than a way to get the next reply.

pub mod address;
pub mod offline;
pub mod openai;
mod reach;

pub use address::{ModelAddress, Price};
pub use openai::OpenAi;
pub use reach::reach;
