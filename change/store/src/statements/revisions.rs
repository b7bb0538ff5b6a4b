//! Statements on `revisions`.
//! Called by journal and records.
//! Must never change a revision that has a plan.

use crate::words::body;
use chopmark_domain::change::RevisionRecord;
use chopmark_domain::ports::Answer;
use sqlx::SqliteExecutor;
use sqlx::sqlite::SqliteConnection;

/// What binding a revision needs beside its plain columns.
pub(crate) struct Written {
    planned: i64,
    body: String,
}

impl Written {
    pub(crate) fn of(record: &RevisionRecord) -> Answer<Self> {
        Ok(Self { planned: i64::from(record.planned.is_some()), body: body("a revision", record)? })
    }
}

/// Writes the content of a revision that has no plan yet; returns how many rows took it.
pub(crate) async fn fill(
    connection: &mut SqliteConnection,
    record: &RevisionRecord,
    written: &Written,
) -> sqlx::Result<u64> {
    sqlx::query("update revisions set planned = $1, body = $2 where change_id = $3 and revision = $4 and planned = 0")
        .bind(written.planned)
        .bind(&written.body)
        .bind(record.change.as_str())
        .bind(i64::from(record.revision.0))
        .execute(connection)
        .await
        .map(|done| done.rows_affected())
}

/// Adds a revision if it is the next one; returns how many rows were added.
pub(crate) async fn add_next(
    connection: &mut SqliteConnection,
    record: &RevisionRecord,
    written: &Written,
) -> sqlx::Result<u64> {
    sqlx::query(
        "insert into revisions (change_id, revision, planned, body)
         select $1, $2, $3, $4
         where $2 = (select coalesce(max(revision), 0) + 1 from revisions where change_id = $1)",
    )
    .bind(record.change.as_str())
    .bind(i64::from(record.revision.0))
    .bind(written.planned)
    .bind(&written.body)
    .execute(connection)
    .await
    .map(|done| done.rows_affected())
}

/// The body of a revision.
pub(crate) async fn by_number(
    executor: impl SqliteExecutor<'_>,
    change: &str,
    revision: u32,
) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar("select body from revisions where change_id = $1 and revision = $2")
        .bind(change)
        .bind(i64::from(revision))
        .fetch_optional(executor)
        .await
}
