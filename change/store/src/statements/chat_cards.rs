//! Statements on `cards`: which message shows which change.
//! Called by chat.
//! Must never lower what a card is wanted to show.

use chopmark_domain::change::Place;
use sqlx::SqliteExecutor;

/// A card's row.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct Row {
    pub(crate) surface: String,
    pub(crate) channel: String,
    pub(crate) thread: String,
    pub(crate) change_id: String,
    pub(crate) language: String,
    pub(crate) message: Option<String>,
    pub(crate) wanted: i64,
    pub(crate) shown: i64,
    pub(crate) content: Option<String>,
    pub(crate) tries: i64,
}

/// Makes a card or raises what it is to show.
pub(crate) async fn want(
    executor: impl SqliteExecutor<'_>,
    place: &Place,
    change: &str,
    language: &str,
    note: i64,
) -> sqlx::Result<()> {
    sqlx::query(
        "insert into cards (surface, channel, thread, change_id, language, wanted) values ($1, $2, $3, $4, $5, $6)
         on conflict (surface, channel, thread, change_id) do update
         set wanted = max(cards.wanted, excluded.wanted),
             language = case when cards.message is null then excluded.language else cards.language end",
    )
    .bind(&place.surface)
    .bind(&place.channel)
    .bind(&place.thread)
    .bind(change)
    .bind(language)
    .bind(note)
    .execute(executor)
    .await
    .map(|_| ())
}

/// Raises every card of a change.
pub(crate) async fn raise(executor: impl SqliteExecutor<'_>, change: &str, note: i64) -> sqlx::Result<()> {
    let sql = "update cards set wanted = $2 where change_id = $1 and wanted < $2";
    sqlx::query(sql).bind(change).bind(note).execute(executor).await.map(|_| ())
}

/// Cards that show less than is wanted and are due.
pub(crate) async fn due(
    executor: impl SqliteExecutor<'_>,
    surface: &str,
    now: i64,
    limit: u32,
) -> sqlx::Result<Vec<Row>> {
    sqlx::query_as(
        "select surface, channel, thread, change_id, language, message, wanted, shown, content, tries from cards
         where surface = $1 and shown < wanted and due_at <= $2 order by due_at, shown limit $3",
    )
    .bind(surface)
    .bind(now)
    .bind(i64::from(limit))
    .fetch_all(executor)
    .await
}

/// The card that a message shows.
pub(crate) async fn by_message(
    executor: impl SqliteExecutor<'_>,
    surface: &str,
    message: &str,
) -> sqlx::Result<Option<Row>> {
    sqlx::query_as(
        "select surface, channel, thread, change_id, language, message, wanted, shown, content, tries from cards
         where surface = $1 and message = $2",
    )
    .bind(surface)
    .bind(message)
    .fetch_optional(executor)
    .await
}

/// The card of a change in a place.
pub(crate) async fn at(executor: impl SqliteExecutor<'_>, place: &Place, change: &str) -> sqlx::Result<Option<Row>> {
    sqlx::query_as(
        "select surface, channel, thread, change_id, language, message, wanted, shown, content, tries from cards
         where surface = $1 and channel = $2 and thread = $3 and change_id = $4",
    )
    .bind(&place.surface)
    .bind(&place.channel)
    .bind(&place.thread)
    .bind(change)
    .fetch_optional(executor)
    .await
}

/// Every card of a change.
pub(crate) async fn of(executor: impl SqliteExecutor<'_>, change: &str) -> sqlx::Result<Vec<Row>> {
    sqlx::query_as(
        "select surface, channel, thread, change_id, language, message, wanted, shown, content, tries from cards
         where change_id = $1 order by surface, channel, thread",
    )
    .bind(change)
    .fetch_all(executor)
    .await
}

/// Keeps what was drawn, and until when it stays as it is. What is wanted is not touched: it may have been raised since.
pub(crate) async fn drew(executor: impl SqliteExecutor<'_>, row: &Row, due_at: i64) -> sqlx::Result<()> {
    sqlx::query(
        "update cards set message = $5, shown = $6, content = $7, tries = $8, due_at = $9
         where surface = $1 and channel = $2 and thread = $3 and change_id = $4",
    )
    .bind(&row.surface)
    .bind(&row.channel)
    .bind(&row.thread)
    .bind(&row.change_id)
    .bind(&row.message)
    .bind(row.shown)
    .bind(&row.content)
    .bind(row.tries)
    .bind(due_at)
    .execute(executor)
    .await
    .map(|_| ())
}
