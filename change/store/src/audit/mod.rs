//! The audit of the ledger: is the chain whole, and is it the one that was signed?
//! Called by `chopmark audit`, by the reading tools and at start.
//! Must never repair, or trust a column that the hash does not cover.

mod checkpoint;
mod export;
mod verify;

pub use checkpoint::{Checkpoint, CheckpointError, CheckpointKey, Signer};
pub use export::export;
pub use verify::{VerifyFailure, VerifyReport, verify};
