//! The Terraform runner with the real programs, and real providers where they are built.
//! Run by `cargo test`; CHOPMARK_TEST_TERRAFORM names programs, CHOPMARK_TEST_PROVIDERS a mirror. What is missing is said.
//! Must never reach a registry, nor a state outside the test's own folder.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod apply;
mod apply_failures;
mod apply_kills;
#[path = "../kit/grounds.rs"]
mod grounds;
mod kit;
#[path = "../kubernetes/paper.rs"]
mod paper;
mod peer;
mod plan;
mod plan_backend;
mod plan_cloud;
mod plan_environment;
mod plan_hidden;
mod plan_refused;
mod plan_roots;
mod templates;
