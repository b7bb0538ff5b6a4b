//! What the database says when something does not work, as problems with codes.
//! Called wherever a statement may fail.
//! Must never hide that nothing was written, or show a bound value.

use chopmark_domain::problem::{Code, Problem};

/// Result codes of SQLite (<https://www.sqlite.org/rescode.html>); the primary code is the low byte.
const PERM: i32 = 3;
const READONLY: i32 = 8;
const FULL: i32 = 13;
const CANTOPEN: i32 = 14;
const CONSTRAINT: i32 = 19;
const AUTH: i32 = 23;
const CONSTRAINT_FOREIGNKEY: i32 = 787;
const CONSTRAINT_PRIMARYKEY: i32 = 1555;
const CONSTRAINT_TRIGGER: i32 = 1811;
const CONSTRAINT_UNIQUE: i32 = 2067;
/// The shared-memory file of the write-ahead log could not grow: no room on the disk.
const IOERR_SHMSIZE: i32 = 4874;

/// What failed while `attempt` was tried.
pub(crate) fn problem(attempt: &str, error: &sqlx::Error) -> Problem {
    let number = result_code(error);
    let code = match number {
        Some(IOERR_SHMSIZE) => Code::DiskFull,
        Some(CONSTRAINT_PRIMARYKEY | CONSTRAINT_UNIQUE | CONSTRAINT_TRIGGER) => Code::Conflict,
        Some(CONSTRAINT_FOREIGNKEY) => Code::Internal,
        Some(number) => match number & 0xff {
            FULL => Code::DiskFull,
            PERM | READONLY | CANTOPEN | AUTH => Code::DataNotWritable,
            CONSTRAINT => Code::Internal,
            _ => Code::DatabaseUnusable,
        },
        None => Code::DatabaseUnusable,
    };
    Problem::new(code).with("attempt", attempt).with("reason", error)
}

/// Somebody else moved `what` first; nothing was written.
pub(crate) fn conflict(what: &str, about: &str) -> Problem {
    Problem::new(Code::Conflict).with("attempt", format!("{what} {about}")).with("reason", what)
}

/// The extended result code, if the database itself answered.
fn result_code(error: &sqlx::Error) -> Option<i32> {
    match error {
        sqlx::Error::Database(error) => error.code()?.parse().ok(),
        _ => None,
    }
}
