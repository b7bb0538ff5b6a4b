//! The only hands: git, Kubernetes, Terraform, the confining of programs, and the child in which effects happen.
//! Called by the engine through domain's ports, and by the exec child.
//! Must never act without a countersigned plan and a live lease.

pub mod confine;
pub mod exec;
pub mod git;
pub mod kubernetes;
pub mod liveness;
mod proc;
pub mod terraform;
