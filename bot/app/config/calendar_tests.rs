//! Promises of the calendar in the configuration.
