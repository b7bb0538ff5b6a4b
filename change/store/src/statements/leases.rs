//! Statements on `leases`.
//! Called by leases and, for fences, by journal.
//! Must never lower an epoch or delete a row.

use sqlx::SqliteExecutor;

/// A lease's row; no holder when it is free.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct Row {
    pub(crate) holder: Option<String>,
    pub(crate) epoch: i64,
    pub(crate) expires_at: Option<i64>,
}

/// The row of that name.
pub(crate) async fn by_name(executor: impl SqliteExecutor<'_>, name: &str) -> sqlx::Result<Option<Row>> {
    sqlx::query_as("select holder, epoch, expires_at from leases where name = $1")
        .bind(name)
        .fetch_optional(executor)
        .await
}

/// Gives the lease to a new holder and moves its epoch; returns the epoch. The caller holds the write
/// lock and has seen that the lease may be taken.
pub(crate) async fn give(
    executor: impl SqliteExecutor<'_>,
    name: &str,
    holder: &str,
    expires_at: Option<i64>,
) -> sqlx::Result<i64> {
    sqlx::query_scalar(
        "insert into leases (name, holder, epoch, expires_at) values ($1, $2, 1, $3)
         on conflict (name) do update set holder = $2, epoch = leases.epoch + 1, expires_at = $3
         returning epoch",
    )
    .bind(name)
    .bind(holder)
    .bind(expires_at)
    .fetch_one(executor)
    .await
}

/// Moves the end of a lease that the holder has.
pub(crate) async fn renew(
    executor: impl SqliteExecutor<'_>,
    name: &str,
    holder: &str,
    expires_at: Option<i64>,
) -> sqlx::Result<()> {
    sqlx::query("update leases set expires_at = $1 where name = $2 and holder = $3")
        .bind(expires_at)
        .bind(name)
        .bind(holder)
        .execute(executor)
        .await
        .map(|_| ())
}

/// Frees the lease, if that holder has it.
pub(crate) async fn free(executor: impl SqliteExecutor<'_>, name: &str, holder: &str) -> sqlx::Result<()> {
    sqlx::query("update leases set holder = null, expires_at = null where name = $1 and holder = $2")
        .bind(name)
        .bind(holder)
        .execute(executor)
        .await
        .map(|_| ())
}
