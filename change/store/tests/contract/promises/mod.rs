//! What every store promises, by subject.
//! Instantiated in main.rs for every backend.
//! Must never know which database it runs on.

pub(crate) mod chain;
pub(crate) mod chat;
pub(crate) mod feeds;
pub(crate) mod joining;
pub(crate) mod leases;
pub(crate) mod switch;
pub(crate) mod tickets;
pub(crate) mod transitions;
pub(crate) mod usage;
