//! Statements on `prompts`.
//! Called by journal and records.
//! Must never be the record that a model was asked: the ledger is.

use sqlx::sqlite::SqliteConnection;
use sqlx::{QueryBuilder, Sqlite, SqliteExecutor};

/// A stored prompt: model, moment, body.
pub(crate) type Row = (String, i64, String);

/// Keeps prompts of one change.
pub(crate) async fn append_all(connection: &mut SqliteConnection, change: &str, rows: &[Row]) -> sqlx::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    QueryBuilder::<Sqlite>::new("insert into prompts (change_id, model, written_at, body) ")
        .push_values(rows, |mut row, (model, at, body)| {
            row.push_bind(change).push_bind(model).push_bind(at).push_bind(body);
        })
        .build()
        .execute(connection)
        .await
        .map(|_| ())
}

/// The prompts of one change, oldest first.
pub(crate) async fn of_change(executor: impl SqliteExecutor<'_>, change: &str) -> sqlx::Result<Vec<Row>> {
    sqlx::query_as("select model, written_at, body from prompts where change_id = $1 order by number")
        .bind(change)
        .fetch_all(executor)
        .await
}
