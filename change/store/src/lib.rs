//! The store: the domain's ports on SQLite, with the only SQL in the house, and the audit of the ledger.
//! Opened by the app, used by the engine, the tools (reading only) and the exec child.
//! Must never decide what may happen: it writes what the engine says, if the rows are as the engine believes.

pub mod audit;
mod chat;
mod clock;
mod conversations;
mod failure;
mod identities;
mod intake;
mod journal;
mod leases;
mod migrations;
mod records;
mod sqlite;
mod statements;
mod usage;
mod words;

pub use sqlite::SqliteStore;
