//! The attacks of attack-cases.md and others like them, each named by its number, on every door there is.
//! Measured by effects that did not happen, bytes that did not leave and canaries that were not found.
//! Must never attack a copy of the program: only the real one, with real parts.

mod binding;
mod chat_text;
mod chats;
mod configurations;
mod decisions;
mod ingress;
mod kubernetes;
mod ledger;
mod model;
mod output;
mod puppet;
mod races;
mod rendering;
mod repositories;
mod rig;
mod runners;
mod table;
