//! Promises of the contract with every surface, kept from outside the crate.
//! Run with `cargo test -p chopmark-protocol`; `UPDATE=1` rewrites generated pages.
//! Must never reach a network, a clock or another crate than the domain.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod budgets;
mod cards;
mod hostile;
mod json;
mod kit;
mod pages;
mod views;
