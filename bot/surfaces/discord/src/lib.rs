//! Discord: its events become arrivals, cards and posts its messages, within its limits.
//! Made by bot/app for `serve`, `init` and the doctor; knows only the protocol and the domain.
//! Must never read state from a message, nor send one without saying whom it may mention.

mod options;

pub use options::Options;
