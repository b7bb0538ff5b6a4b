//! What the tools promise, on a small world in memory.
//! Run by cargo test.
//! Must never need a cluster, a repository or a store.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod calling;
mod drifting;
mod hostile;
mod kit;
mod proposing;
mod schemas;
