//! The rules of a change as promises: approval, countersigning, risk, digests, chain, canonical JSON.
//! Run by `cargo test -p chopmark-domain`; the recorded tables stand in tests/matrix of the workspace.
//! Must never need a clock, a file or a database.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod approval;
mod calendar;
mod canonical;
mod chain;
mod choosing;
mod countersigned;
mod digest;
mod lifecycle;
mod risk;
mod samples;
mod screening;
