//! Failures: what the program says when it fails, as a problem with a code.
//! Used by plan and apply.
//! Must never repeat a sensitive value; the program masks them in what it says.

use crate::confine::Ran;
use chopmark_domain::problem::{Code, Problem};

/// What a failed call comes to. `doing` is the program's command, such as `plan`.
pub(super) fn problem(ran: &Ran, doing: &str) -> Problem {
    let reason = ran.stderr.tail(12).join("\n");
    Problem::new(Code::ProgramFailed).with("program", format!("terraform {doing}")).with("reason", reason)
}
