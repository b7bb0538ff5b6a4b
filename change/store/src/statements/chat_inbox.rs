//! Statements on `inbox`: events of platforms.
//! Called by chat.
//! Must never forget an event that nobody has served, nor take one twice within a day.

use sqlx::SqliteExecutor;

/// Keeps an event; returns how many rows are new.
pub(crate) async fn take(
    executor: impl SqliteExecutor<'_>,
    surface: &str,
    delivery: &str,
    raw: &str,
    at: i64,
) -> sqlx::Result<u64> {
    sqlx::query(
        "insert into inbox (surface, delivery, raw, at) values ($1, $2, $3, $4)
         on conflict (surface, delivery) do nothing",
    )
    .bind(surface)
    .bind(delivery)
    .bind(raw)
    .bind(at)
    .execute(executor)
    .await
    .map(|done| done.rows_affected())
}

/// Events without an end, oldest first: id, text, moment.
pub(crate) async fn unserved(
    executor: impl SqliteExecutor<'_>,
    surface: &str,
    limit: u32,
) -> sqlx::Result<Vec<(String, String, i64)>> {
    sqlx::query_as(
        "select delivery, coalesce(raw, ''), at from inbox
         where surface = $1 and finished_at is null order by at, rowid limit $2",
    )
    .bind(surface)
    .bind(i64::from(limit))
    .fetch_all(executor)
    .await
}

/// The event has been served: its text goes, its id stays.
pub(crate) async fn finish(
    executor: impl SqliteExecutor<'_>,
    surface: &str,
    delivery: &str,
    at: i64,
) -> sqlx::Result<()> {
    let sql =
        "update inbox set raw = null, finished_at = $3 where surface = $1 and delivery = $2 and finished_at is null";
    sqlx::query(sql).bind(surface).bind(delivery).bind(at).execute(executor).await.map(|_| ())
}

/// Ids of events that were served before that moment go.
pub(crate) async fn forget(executor: impl SqliteExecutor<'_>, before: i64) -> sqlx::Result<()> {
    sqlx::query("delete from inbox where finished_at < $1").bind(before).execute(executor).await.map(|_| ())
}
