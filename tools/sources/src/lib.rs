//! The outside world, read only: for now Kubernetes clusters and the health of what runs in them.
//! Used by tools/functions for facts and by the Kubernetes runner for its connection and its verification.
//! Must never change anything outside, nor return the value of a secret.

pub mod cluster;
pub mod folder;
pub mod health;
pub mod json;
pub mod label;
