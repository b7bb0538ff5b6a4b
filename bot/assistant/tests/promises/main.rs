//! What the assistant promises: what sentences mean, what a turn may do, what a model is told.
//! Run by cargo test.
//! Must never need a real model, a cluster, a repository or a store.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod any_words;
mod hostile;
mod kit;
mod outside;
mod peer;
mod prompts;
mod sentences;
mod servers;
mod shortlists;
mod turns;
mod wire;
#[path = "../../../../tools/functions/tests/promises/kit.rs"]
mod world;
