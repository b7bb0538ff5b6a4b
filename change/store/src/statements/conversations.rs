//! Statements on `deliveries` and `conversations`.
//! Called by conversations.
//! Must never let two callers see the same delivery as new.

use chopmark_domain::change::Place;
use sqlx::SqliteExecutor;

/// Claims a delivery; returns how many rows are new: one for the first, none for every other.
pub(crate) async fn claim(
    executor: impl SqliteExecutor<'_>,
    surface: &str,
    delivery: &str,
    at: i64,
) -> sqlx::Result<u64> {
    sqlx::query(
        "insert into deliveries (surface, delivery, claimed_at) values ($1, $2, $3)
         on conflict (surface, delivery) do nothing",
    )
    .bind(surface)
    .bind(delivery)
    .bind(at)
    .execute(executor)
    .await
    .map(|done| done.rows_affected())
}

/// What was remembered for a place.
pub(crate) async fn recall(executor: impl SqliteExecutor<'_>, place: &Place) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar("select memory from conversations where surface = $1 and channel = $2 and thread = $3")
        .bind(&place.surface)
        .bind(&place.channel)
        .bind(&place.thread)
        .fetch_optional(executor)
        .await
}

/// Remembers something for a place.
pub(crate) async fn remember(
    executor: impl SqliteExecutor<'_>,
    place: &Place,
    memory: &str,
    at: i64,
) -> sqlx::Result<()> {
    sqlx::query(
        "insert into conversations (surface, channel, thread, memory, updated_at) values ($1, $2, $3, $4, $5)
         on conflict (surface, channel, thread) do update set memory = excluded.memory, updated_at = excluded.updated_at",
    )
    .bind(&place.surface)
    .bind(&place.channel)
    .bind(&place.thread)
    .bind(memory)
    .bind(at)
    .execute(executor)
    .await
    .map(|_| ())
}
