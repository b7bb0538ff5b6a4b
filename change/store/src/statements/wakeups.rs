//! Statements on `wakeups`.
//! Called by journal.
//! Must never remove a wake-up that was not served.

use sqlx::sqlite::SqliteConnection;
use sqlx::{QueryBuilder, Sqlite, SqliteExecutor};

/// A wake-up to be stored: change, effect, due time.
pub(crate) type New<'a> = (&'a str, String, i64);
/// A stored wake-up: id, change, effect, due time.
pub(crate) type Row = (i64, String, String, i64);

/// Stores wake-ups.
pub(crate) async fn add(connection: &mut SqliteConnection, wakeups: &[New<'_>]) -> sqlx::Result<()> {
    if wakeups.is_empty() {
        return Ok(());
    }
    QueryBuilder::<Sqlite>::new("insert into wakeups (change_id, effect, due_at) ")
        .push_values(wakeups, |mut row, (change, effect, due_at)| {
            row.push_bind(*change).push_bind(effect).push_bind(*due_at);
        })
        .build()
        .execute(connection)
        .await
        .map(|_| ())
}

/// Wake-ups that are due, oldest first.
pub(crate) async fn due(executor: impl SqliteExecutor<'_>, now: i64, limit: u32) -> sqlx::Result<Vec<Row>> {
    sqlx::query_as("select id, change_id, effect, due_at from wakeups where due_at <= $1 order by due_at, id limit $2")
        .bind(now)
        .bind(i64::from(limit))
        .fetch_all(executor)
        .await
}

/// Puts a wake-up off.
pub(crate) async fn postpone(executor: impl SqliteExecutor<'_>, id: i64, due_at: i64) -> sqlx::Result<()> {
    sqlx::query("update wakeups set due_at = $1 where id = $2")
        .bind(due_at)
        .bind(id)
        .execute(executor)
        .await
        .map(|_| ())
}

/// Removes a wake-up that has been served.
pub(crate) async fn remove(executor: impl SqliteExecutor<'_>, id: i64) -> sqlx::Result<()> {
    sqlx::query("delete from wakeups where id = $1").bind(id).execute(executor).await.map(|_| ())
}
