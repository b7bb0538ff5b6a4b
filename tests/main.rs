//! The root package's tests: promises, kept by the real program on real parts.
//! Run by `tests/run`, which starts those parts first, and by `cargo test --test tests`.
//! Must never reach into the program otherwise than people do: through its doors, its files and its exit codes.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod architecture;
mod attacks;
mod flows;
mod kit;
mod matrix;
mod pictures;
mod scripts;
