//! Promises of the wire to Discord, kept against what plays Discord: over the real gateway and over signed HTTP.
//! Run by `cargo test -p chopmark-discord --test wire`; CHOPMARK_TEST_DISCORD names the stand-in (`tests/run` installs it).
//! Must never reach a network but loopback; every test ends with nothing that the stand-in found wrong.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod breaks;
mod checking;
mod desk;
mod faults;
mod forms;
mod http_in;
mod kit;
mod peer;
mod records;
mod talking;
