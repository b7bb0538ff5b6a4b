//! Exec children: each run's effect happens in a process of its own that outlives whoever started it.
//! `SpoolExecutor` is called by the engine's worker; `child` by the program's main, first of all.
//! Must never let a run begin twice, nor be called over while a process of it lives.

mod abandoned;
pub mod child;
mod executor;
mod spool;
mod stop;

pub use executor::SpoolExecutor;
pub use spool::Spool;
pub use stop::broken_off;
