//! Tools that read. Each is one file; the list of all is in list.rs.
//! Called through the toolbox.
//! Must never change anything, not even a record of ours.

pub(crate) mod check_health;
pub(crate) mod list_changes;
pub(crate) mod list_components;
pub(crate) mod list_objects;
pub(crate) mod list_templates;
pub(crate) mod read_drift;
pub(crate) mod read_events;
pub(crate) mod read_ledger;
pub(crate) mod read_logs;
pub(crate) mod show_change;
pub(crate) mod show_component;
pub(crate) mod who_may_approve;
