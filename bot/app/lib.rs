//! The program: composition of every room into one binary.
//! Called by `main` and by the tests.
//! Must never hold a rule of its own: rules live in the domain and the engine.

pub mod config;
