//! Slack: its events become arrivals, cards and posts its messages, within its limits.
//! Made by bot/app for `serve`, `init` and the doctor; knows only the protocol and the domain.
//! Must never read state from a message, nor let a text from outside become its markup.

pub mod commands;
pub mod draw;
pub mod limits;
pub mod manifest;
pub mod markup;
mod options;
pub mod view;

pub use options::Options;
