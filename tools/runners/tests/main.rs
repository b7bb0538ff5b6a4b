//! The tests of the hands, on real programs, processes, repositories and kernels.
//! Run by `cargo test`; needs git and a POSIX shell.
//! Must never wait for luck: every wait is for a named thing, and bounded.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod confined;
mod executed;
mod kit;
mod repository;
mod repository_asked;
mod repository_hostile;
mod repository_remote;
