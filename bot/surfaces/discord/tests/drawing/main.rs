//! Promises of what Discord is shown: within its limits, by its own description, in both languages.
//! Run by `cargo test -p chopmark-discord --test drawing`; CHOPMARK_TEST_DISCORD_SPEC names the description.
//! Must never reach a network or a clock.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod cards;
mod commands;
mod forms;
mod judge;
#[path = "../../../../protocol/tests/kit/mod.rs"]
mod kit;
mod limits;
mod posts;
