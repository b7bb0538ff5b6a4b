//! Every SQL statement, one function each, named by intent, grouped by table.
//! Called by the port implementations beside this folder.
//! Must never build SQL from values: text is static, values are bound.

pub(crate) mod changes;
pub(crate) mod chat_cards;
pub(crate) mod chat_inbox;
pub(crate) mod chat_kept;
pub(crate) mod chat_outbox;
pub(crate) mod conversations;
pub(crate) mod decisions;
pub(crate) mod groups;
pub(crate) mod halt;
pub(crate) mod leases;
pub(crate) mod ledger;
pub(crate) mod links;
pub(crate) mod notes;
pub(crate) mod prompts;
pub(crate) mod revisions;
pub(crate) mod runs;
pub(crate) mod usage;
pub(crate) mod wakeups;
