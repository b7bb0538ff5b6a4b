//! Promises about everything that Slack is shown: within its limits, as it publishes them, and never in disguise.
//! Run with `cargo test -p chopmark-slack --test drawing`.
//! Must never reach a network: what is drawn is judged by Slack's published types and by its documented numbers.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod cards;
mod hostile;
mod judge;
#[path = "../../../../protocol/tests/kit/mod.rs"]
mod kit;
mod manifests;
mod picture;
mod posts;
mod views;
