//! Promises about chat around any platform, kept with a platform that does as it is told.
//! Run with the crate's tests.
//! Must never reach a network, nor wait for time to pass: it waits for what is to happen.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod answering;
mod drawing;
mod elsewhere;
mod leasing;
mod scene;
mod scripted;
mod serving;
