//! Statements on `runs`.
//! Called by journal and records.
//! Must never give a revision a second run, or change an outcome that is known.

use chopmark_domain::run::Run;
use sqlx::SqliteExecutor;
use sqlx::sqlite::SqliteConnection;

/// Uses the ticket. A revision that has a run is a constraint violation.
pub(crate) async fn begin(connection: &mut SqliteConnection, run: &Run, body: &str) -> sqlx::Result<()> {
    sqlx::query(
        "insert into runs (id, change_id, revision, started_at, ended_at, known, body)
         values ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(run.id.as_str())
    .bind(run.change.as_str())
    .bind(i64::from(run.revision.0))
    .bind(run.started_at.0)
    .bind(run.ended_at.map(|at| at.0))
    .bind(i64::from(run.outcome.is_some()))
    .bind(body)
    .execute(connection)
    .await
    .map(|_| ())
}

/// Writes the end of a run whose outcome is not known yet; returns how many rows took it.
pub(crate) async fn end(connection: &mut SqliteConnection, run: &Run, body: &str) -> sqlx::Result<u64> {
    sqlx::query(
        "update runs set ended_at = $1, known = $2, body = $3
         where id = $4 and change_id = $5 and revision = $6 and known = 0",
    )
    .bind(run.ended_at.map(|at| at.0))
    .bind(i64::from(run.outcome.is_some()))
    .bind(body)
    .bind(run.id.as_str())
    .bind(run.change.as_str())
    .bind(i64::from(run.revision.0))
    .execute(connection)
    .await
    .map(|done| done.rows_affected())
}

/// The body of a run.
pub(crate) async fn by_id(executor: impl SqliteExecutor<'_>, id: &str) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar("select body from runs where id = $1").bind(id).fetch_optional(executor).await
}

/// The body of a change's latest run.
pub(crate) async fn latest_of(executor: impl SqliteExecutor<'_>, change: &str) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar("select body from runs where change_id = $1 order by revision desc limit 1")
        .bind(change)
        .fetch_optional(executor)
        .await
}
