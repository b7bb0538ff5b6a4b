//! Statements on `outbox`: messages until they are delivered.
//! Called by chat.
//! Must never let a message overtake an earlier one of its place that was tried and has to wait.

use chopmark_domain::ports::NewMessage;
use sqlx::SqliteExecutor;

/// A waiting message.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct Row {
    pub(crate) number: i64,
    pub(crate) key: String,
    pub(crate) surface: String,
    pub(crate) channel: String,
    pub(crate) thread: String,
    pub(crate) body: String,
    pub(crate) due_at: i64,
    pub(crate) tries: i64,
}

/// Keeps a message, unless one of its key is kept.
pub(crate) async fn send(executor: impl SqliteExecutor<'_>, message: &NewMessage) -> sqlx::Result<()> {
    sqlx::query(
        "insert into outbox (key, surface, channel, thread, body, due_at) values ($1, $2, $3, $4, $5, $6)
         on conflict (key) do nothing",
    )
    .bind(&message.key)
    .bind(&message.place.surface)
    .bind(&message.place.channel)
    .bind(&message.place.thread)
    .bind(&message.body)
    .bind(message.due_at.0)
    .execute(executor)
    .await
    .map(|_| ())
}

/// Messages that are due, by number. One that is put off holds back those after it in its place; one that was meant for
/// later from the start does not.
pub(crate) async fn due(
    executor: impl SqliteExecutor<'_>,
    surface: &str,
    now: i64,
    limit: u32,
) -> sqlx::Result<Vec<Row>> {
    sqlx::query_as(
        "select number, key, surface, channel, thread, coalesce(body, '') as body, due_at, tries from outbox
         where surface = $1 and settled_at is null and due_at <= $2
           and not exists (select 1 from outbox as earlier
             where earlier.surface = outbox.surface and earlier.settled_at is null and earlier.due_at > $2
               and earlier.tries > 0 and earlier.channel = outbox.channel and earlier.thread = outbox.thread
               and earlier.number < outbox.number)
         order by number limit $3",
    )
    .bind(surface)
    .bind(now)
    .bind(i64::from(limit))
    .fetch_all(executor)
    .await
}

/// It was tried, and is tried again then.
pub(crate) async fn put_off(executor: impl SqliteExecutor<'_>, number: i64, due_at: i64) -> sqlx::Result<()> {
    let sql = "update outbox set due_at = $2, tries = tries + 1 where number = $1 and settled_at is null";
    sqlx::query(sql).bind(number).bind(due_at).execute(executor).await.map(|_| ())
}

/// What became of it; its text goes.
pub(crate) async fn settle(
    executor: impl SqliteExecutor<'_>,
    number: i64,
    message: Option<&str>,
    given_up: Option<&str>,
    at: i64,
) -> sqlx::Result<()> {
    sqlx::query(
        "update outbox set body = null, message = $2, given_up = $3, settled_at = $4
         where number = $1 and settled_at is null",
    )
    .bind(number)
    .bind(message)
    .bind(given_up)
    .bind(at)
    .execute(executor)
    .await
    .map(|_| ())
}

/// Messages that were settled before that moment go.
pub(crate) async fn forget(executor: impl SqliteExecutor<'_>, before: i64) -> sqlx::Result<()> {
    sqlx::query("delete from outbox where settled_at < $1").bind(before).execute(executor).await.map(|_| ())
}
