//! Statements on `notes`.
//! Called by journal and records.
//! Must never leave a gap in the feed or change its order.

use sqlx::sqlite::SqliteConnection;
use sqlx::{QueryBuilder, Sqlite, SqliteExecutor};

/// A stored note: sequence, change, moment, body.
pub(crate) type Row = (i64, String, i64, String);

/// Appends notes about one change.
pub(crate) async fn append_all(
    connection: &mut SqliteConnection,
    change: &str,
    at: i64,
    bodies: &[String],
) -> sqlx::Result<()> {
    if bodies.is_empty() {
        return Ok(());
    }
    QueryBuilder::<Sqlite>::new("insert into notes (change_id, written_at, body) ")
        .push_values(bodies, |mut row, body| {
            row.push_bind(change).push_bind(at).push_bind(body);
        })
        .build()
        .execute(connection)
        .await
        .map(|_| ())
}

/// Appends one note.
pub(crate) async fn append(executor: impl SqliteExecutor<'_>, change: &str, at: i64, body: &str) -> sqlx::Result<()> {
    sqlx::query("insert into notes (change_id, written_at, body) values ($1, $2, $3)")
        .bind(change)
        .bind(at)
        .bind(body)
        .execute(executor)
        .await
        .map(|_| ())
}

/// Notes after a number, oldest first.
pub(crate) async fn after(executor: impl SqliteExecutor<'_>, sequence: i64, limit: u32) -> sqlx::Result<Vec<Row>> {
    sqlx::query_as(
        "select sequence, change_id, written_at, body from notes where sequence > $1 order by sequence limit $2",
    )
    .bind(sequence)
    .bind(i64::from(limit))
    .fetch_all(executor)
    .await
}

/// The newest number; 0 when there is none.
pub(crate) async fn last(executor: impl SqliteExecutor<'_>) -> sqlx::Result<i64> {
    sqlx::query_scalar("select coalesce(max(sequence), 0) from notes").fetch_one(executor).await
}
