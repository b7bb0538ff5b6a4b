//! Statements on `requests_made` and `tokens_spent`.
//! Called by usage.
//! Must never grow without end: what no limit looks at any more is forgotten with the next row.

use sqlx::SqliteExecutor;
use sqlx::sqlite::SqliteConnection;

/// When the oldest of the last `limit` requests after `since` was made; none while there were fewer.
pub(crate) async fn last_but(
    executor: impl SqliteExecutor<'_>,
    whose: &str,
    since: i64,
    limit: u32,
) -> sqlx::Result<Option<i64>> {
    let sql = "select at from requests_made where whose = $1 and at > $2 order by at desc limit 1 offset $3";
    let skip = i64::from(limit).saturating_sub(1).max(0);
    sqlx::query_scalar(sql).bind(whose).bind(since).bind(skip).fetch_optional(executor).await
}

/// A request was made.
pub(crate) async fn made(connection: &mut SqliteConnection, whose: &str, at: i64) -> sqlx::Result<()> {
    let sql = "insert into requests_made (whose, at) values ($1, $2)";
    sqlx::query(sql).bind(whose).bind(at).execute(connection).await.map(|_| ())
}

/// Requests before `since` count for nothing.
pub(crate) async fn forget_requests(connection: &mut SqliteConnection, since: i64) -> sqlx::Result<()> {
    sqlx::query("delete from requests_made where at <= $1").bind(since).execute(connection).await.map(|_| ())
}

/// Tokens were spent on a day.
pub(crate) async fn spent(connection: &mut SqliteConnection, person: &str, day: i64, tokens: i64) -> sqlx::Result<()> {
    // A sum that does not fit stays at what fits.
    sqlx::query(
        "insert into tokens_spent (person, day, tokens) values ($1, $2, $3)
         on conflict (person, day) do update
         set tokens = case when tokens > 9223372036854775807 - excluded.tokens then 9223372036854775807
                           else tokens + excluded.tokens end",
    )
    .bind(person)
    .bind(day)
    .bind(tokens)
    .execute(connection)
    .await
    .map(|_| ())
}

/// The tokens of a day.
pub(crate) async fn tokens(executor: impl SqliteExecutor<'_>, person: &str, day: i64) -> sqlx::Result<Option<i64>> {
    let sql = "select tokens from tokens_spent where person = $1 and day = $2";
    sqlx::query_scalar(sql).bind(person).bind(day).fetch_optional(executor).await
}

/// Days before that one are forgotten.
pub(crate) async fn forget_tokens(connection: &mut SqliteConnection, day: i64) -> sqlx::Result<()> {
    sqlx::query("delete from tokens_spent where day < $1").bind(day).execute(connection).await.map(|_| ())
}
