//! The Kubernetes runner on a real cluster: server, controllers, scheduler and kubelet.
//! Run by `cargo test` with CHOPMARK_TEST_KUBECONFIG; without it every test says why it is left out.
//! Must never touch a namespace that the test did not make.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod changes;
mod conflicts;
mod deletes;
#[path = "../kit/grounds.rs"]
mod grounds;
mod identity;
mod kit;
mod paper;
mod patches;
mod rollouts;
mod secrets;
