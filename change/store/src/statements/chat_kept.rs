//! Statements on `feeds`, `subscriptions`, `languages` and `threads`.
//! Called by chat.
//! Must never move a feed back.

use chopmark_domain::change::Place;
use sqlx::SqliteExecutor;

/// The newest note that was handed to a surface.
pub(crate) async fn fed(executor: impl SqliteExecutor<'_>, surface: &str) -> sqlx::Result<Option<i64>> {
    sqlx::query_scalar("select note from feeds where surface = $1").bind(surface).fetch_optional(executor).await
}

/// Moves a surface's feed on; returns how many rows moved: none when it was there before.
pub(crate) async fn feed(executor: impl SqliteExecutor<'_>, surface: &str, note: i64) -> sqlx::Result<u64> {
    sqlx::query(
        "insert into feeds (surface, note) values ($1, $2)
         on conflict (surface) do update set note = excluded.note where feeds.note < excluded.note",
    )
    .bind(surface)
    .bind(note)
    .execute(executor)
    .await
    .map(|done| done.rows_affected())
}

/// Subscribes a channel; returns how many rows are new.
pub(crate) async fn subscribe(
    executor: impl SqliteExecutor<'_>,
    place: &Place,
    kind: &str,
    at: i64,
) -> sqlx::Result<u64> {
    sqlx::query(
        "insert into subscriptions (surface, channel, kind, at) values ($1, $2, $3, $4)
         on conflict (surface, channel, kind) do nothing",
    )
    .bind(&place.surface)
    .bind(&place.channel)
    .bind(kind)
    .bind(at)
    .execute(executor)
    .await
    .map(|done| done.rows_affected())
}

/// Ends a subscription; returns how many rows there were.
pub(crate) async fn unsubscribe(executor: impl SqliteExecutor<'_>, place: &Place, kind: &str) -> sqlx::Result<u64> {
    sqlx::query("delete from subscriptions where surface = $1 and channel = $2 and kind = $3")
        .bind(&place.surface)
        .bind(&place.channel)
        .bind(kind)
        .execute(executor)
        .await
        .map(|done| done.rows_affected())
}

/// The subscriptions of a surface: channel and kind.
pub(crate) async fn subscriptions(
    executor: impl SqliteExecutor<'_>,
    surface: &str,
) -> sqlx::Result<Vec<(String, String)>> {
    sqlx::query_as("select channel, kind from subscriptions where surface = $1 order by channel, kind")
        .bind(surface)
        .fetch_all(executor)
        .await
}

/// Pins a language.
pub(crate) async fn pin(executor: impl SqliteExecutor<'_>, whose: &str, language: &str) -> sqlx::Result<()> {
    sqlx::query(
        "insert into languages (whose, language) values ($1, $2)
         on conflict (whose) do update set language = excluded.language",
    )
    .bind(whose)
    .bind(language)
    .execute(executor)
    .await
    .map(|_| ())
}

/// Lets go of a pinned language.
pub(crate) async fn unpin(executor: impl SqliteExecutor<'_>, whose: &str) -> sqlx::Result<()> {
    sqlx::query("delete from languages where whose = $1").bind(whose).execute(executor).await.map(|_| ())
}

/// The pinned language.
pub(crate) async fn pinned(executor: impl SqliteExecutor<'_>, whose: &str) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar("select language from languages where whose = $1").bind(whose).fetch_optional(executor).await
}

/// Keeps where a thread really is.
pub(crate) async fn keep_thread(executor: impl SqliteExecutor<'_>, place: &Place, real: &str) -> sqlx::Result<()> {
    sqlx::query(
        "insert into threads (surface, channel, thread, real) values ($1, $2, $3, $4)
         on conflict (surface, channel, thread) do update set real = excluded.real",
    )
    .bind(&place.surface)
    .bind(&place.channel)
    .bind(&place.thread)
    .bind(real)
    .execute(executor)
    .await
    .map(|_| ())
}

/// Where a thread really is.
pub(crate) async fn thread(executor: impl SqliteExecutor<'_>, place: &Place) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar("select real from threads where surface = $1 and channel = $2 and thread = $3")
        .bind(&place.surface)
        .bind(&place.channel)
        .bind(&place.thread)
        .fetch_optional(executor)
        .await
}

/// The channel and thread of a platform's thread.
pub(crate) async fn place_of(
    executor: impl SqliteExecutor<'_>,
    surface: &str,
    real: &str,
) -> sqlx::Result<Option<(String, String)>> {
    sqlx::query_as("select channel, thread from threads where surface = $1 and real = $2")
        .bind(surface)
        .bind(real)
        .fetch_optional(executor)
        .await
}
