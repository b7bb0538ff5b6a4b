//! Promises about the wire to Slack: nothing lost, nothing doubled, nothing believed that Slack did not sign.
//! Run with `cargo test -p chopmark-slack --test wire`, against what plays Slack (tests/peers/slack).
//! Must never reach further than loopback; every test ends with nothing that the judge found wrong.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod doctor;
mod faults;
mod forms;
mod http_in;
mod kit;
mod peer;
mod people;
mod records;
mod sending;
mod socket;
mod speaking;
mod streams;
