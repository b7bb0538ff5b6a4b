//! Statements on `ledger` and its head row.
//! Called by journal, records and audit.
//! Must never update or delete an entry.

use chopmark_domain::ledger::Entry;
use chopmark_domain::time::Timestamp;
use futures::stream::BoxStream;
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{QueryBuilder, Sqlite, SqliteExecutor};

/// The head row: number and hash of the newest entry, and the latest moment seen.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct Head {
    pub(crate) sequence: i64,
    pub(crate) hash: String,
    pub(crate) seen_at: i64,
}

/// Entries in one statement; SQLite binds at most 32,766 values, and each entry takes four.
pub(crate) const ENTRIES_A_STATEMENT: usize = 1000;

/// Locks the head row and moves its moment forward, never back.
pub(crate) async fn lock_head(connection: &mut SqliteConnection, now: Timestamp) -> sqlx::Result<Head> {
    sqlx::query_as(
        "update ledger_head set seen_at = case when $1 > seen_at then $1 else seen_at end where id = 1
         returning sequence, hash, seen_at",
    )
    .bind(now.0)
    .fetch_one(connection)
    .await
}

/// The head row as it is.
pub(crate) async fn read_head(executor: impl SqliteExecutor<'_>) -> sqlx::Result<Option<Head>> {
    sqlx::query_as("select sequence, hash, seen_at from ledger_head where id = 1").fetch_optional(executor).await
}

/// Appends entries; the database moves the head with each.
pub(crate) async fn append(connection: &mut SqliteConnection, entries: &[Entry]) -> sqlx::Result<()> {
    for some in entries.chunks(ENTRIES_A_STATEMENT) {
        QueryBuilder::<Sqlite>::new("insert into ledger (sequence, bytes, previous, hash) ")
            .push_values(some, |mut row, entry| {
                row.push_bind(entry.sequence)
                    .push_bind(&entry.bytes)
                    .push_bind(entry.previous.to_string())
                    .push_bind(entry.hash.to_string());
            })
            .build()
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// A raw entry: sequence, bytes, previous, hash.
pub(crate) type RawEntry = (i64, String, String, String);

/// Entries after a number, oldest first.
pub(crate) async fn after(executor: impl SqliteExecutor<'_>, after: i64, limit: u32) -> sqlx::Result<Vec<RawEntry>> {
    sqlx::query_as("select sequence, bytes, previous, hash from ledger where sequence > $1 order by sequence limit $2")
        .bind(after)
        .bind(i64::from(limit))
        .fetch_all(executor)
        .await
}

/// Entries of one change after a number, oldest first.
pub(crate) async fn of_change(
    executor: impl SqliteExecutor<'_>,
    change: &str,
    after: i64,
    limit: u32,
) -> sqlx::Result<Vec<RawEntry>> {
    sqlx::query_as(
        "select sequence, bytes, previous, hash from ledger where change_id = $1 and sequence > $2
         order by sequence limit $3",
    )
    .bind(change)
    .bind(after)
    .bind(i64::from(limit))
    .fetch_all(executor)
    .await
}

/// Every entry as the database holds it, oldest first; whoever reads must expect anything in any column.
pub(crate) fn everything(connection: &mut SqliteConnection) -> BoxStream<'_, sqlx::Result<SqliteRow>> {
    sqlx::query("select sequence, bytes, previous, hash from ledger order by sequence").fetch(connection)
}
