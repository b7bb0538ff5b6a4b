//! Statements on `halt`: the one row that is there while the stop switch is pulled.
//! Called by journal and records.
//! Must never remove the row but for a person who lifts it.

use sqlx::SqliteExecutor;
use sqlx::sqlite::SqliteConnection;

/// Pulls it, unless it is pulled; returns how many rows that made.
pub(crate) async fn pull(connection: &mut SqliteConnection, body: &str) -> sqlx::Result<u64> {
    let sql = "insert into halt (only_row, body) values (1, $1) on conflict do nothing";
    sqlx::query(sql).bind(body).execute(connection).await.map(|done| done.rows_affected())
}

/// Lifts it; returns how many rows went.
pub(crate) async fn lift(connection: &mut SqliteConnection) -> sqlx::Result<u64> {
    sqlx::query("delete from halt").execute(connection).await.map(|done| done.rows_affected())
}

/// The row, if it is pulled.
pub(crate) async fn read(executor: impl SqliteExecutor<'_>) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar("select body from halt").fetch_optional(executor).await
}
