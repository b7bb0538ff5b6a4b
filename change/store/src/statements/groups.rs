//! Statements on `groups`: in which groups a platform last said somebody is.
//! Called by identities.
//! Must never mix two statements of a platform: each takes the place of the one before.

use sqlx::SqliteExecutor;

/// Keeps a platform's word, unless a later one is kept.
pub(crate) async fn saw(
    executor: impl SqliteExecutor<'_>,
    identity: &str,
    groups: &str,
    seen_at: i64,
) -> sqlx::Result<()> {
    sqlx::query(
        "insert into groups (identity, groups, seen_at) values ($1, $2, $3)
         on conflict (identity) do update set groups = excluded.groups, seen_at = excluded.seen_at
         where excluded.seen_at >= groups.seen_at",
    )
    .bind(identity)
    .bind(groups)
    .bind(seen_at)
    .execute(executor)
    .await
    .map(|_| ())
}

/// The groups and when that was said.
pub(crate) async fn of(executor: impl SqliteExecutor<'_>, identity: &str) -> sqlx::Result<Option<(String, i64)>> {
    sqlx::query_as("select groups, seen_at from groups where identity = $1")
        .bind(identity)
        .fetch_optional(executor)
        .await
}
