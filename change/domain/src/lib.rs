//! What a change is: pure types and rules, and the ports through which the rest of the house is reached.
//! Used by every other crate; uses none of them.
//! Must never do input or output, read a clock, spawn, or know SQL, a chat platform or a program.

pub mod access;
pub mod approval;
pub mod calendar;
pub mod canonical;
pub mod change;
pub mod component;
pub mod countersigned;
pub mod deciders;
pub mod digest;
pub mod draft;
pub mod environment;
pub mod facts;
pub mod finding;
pub mod grounds;
pub mod halt;
pub mod hcl;
pub mod holds;
pub mod ids;
pub mod lease;
pub mod ledger;
pub mod lifecycle;
pub mod literal;
pub mod manifest;
pub mod note;
pub mod person;
pub mod plan;
pub mod policy;
pub mod ports;
pub mod problem;
pub mod proposal;
pub mod rendered;
pub mod rights;
pub mod risk;
pub mod rules;
pub mod run;
pub mod time;
