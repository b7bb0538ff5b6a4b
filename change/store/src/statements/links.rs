//! Statements on `links`, `link_codes` and `link_tries`: what joins identities.
//! Called by identities.
//! Must never keep a code itself, nor give one out twice.

use sqlx::SqliteExecutor;
use sqlx::sqlite::SqliteConnection;

/// Keeps a code in the place of an earlier one of the same person.
pub(crate) async fn offer(
    connection: &mut SqliteConnection,
    person: &str,
    digest: &str,
    expires_at: i64,
) -> sqlx::Result<()> {
    sqlx::query(
        "insert into link_codes (person, digest, expires_at) values ($1, $2, $3)
         on conflict (person) do update set digest = excluded.digest, expires_at = excluded.expires_at",
    )
    .bind(person)
    .bind(digest)
    .bind(expires_at)
    .execute(connection)
    .await
    .map(|_| ())
}

/// Uses a code up, if it still works; whose it was.
pub(crate) async fn redeem(connection: &mut SqliteConnection, digest: &str, now: i64) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar("delete from link_codes where digest = $1 and expires_at > $2 returning person")
        .bind(digest)
        .bind(now)
        .fetch_optional(connection)
        .await
}

/// Forgets codes that are over, and tries from before `since`.
pub(crate) async fn sweep(connection: &mut SqliteConnection, now: i64, since: i64) -> sqlx::Result<()> {
    sqlx::query("delete from link_codes where expires_at <= $1").bind(now).execute(&mut *connection).await?;
    sqlx::query("delete from link_tries where at <= $1").bind(since).execute(connection).await.map(|_| ())
}

/// How often an identity tried in vain after `since`.
pub(crate) async fn tries(connection: &mut SqliteConnection, identity: &str, since: i64) -> sqlx::Result<i64> {
    sqlx::query_scalar("select count(*) from link_tries where identity = $1 and at > $2")
        .bind(identity)
        .bind(since)
        .fetch_one(connection)
        .await
}

/// Counts a wrong try.
pub(crate) async fn tried(connection: &mut SqliteConnection, identity: &str, at: i64) -> sqlx::Result<()> {
    let sql = "insert into link_tries (identity, at) values ($1, $2)";
    sqlx::query(sql).bind(identity).bind(at).execute(connection).await.map(|_| ())
}

/// Joins an identity to a person, unless it is joined; returns how many rows that made.
pub(crate) async fn join(
    connection: &mut SqliteConnection,
    (identity, person): (&str, &str),
    body: &str,
    seal: &str,
) -> sqlx::Result<u64> {
    sqlx::query(
        "insert into links (identity, person, body, seal) values ($1, $2, $3, $4) on conflict (identity) do nothing",
    )
    .bind(identity)
    .bind(person)
    .bind(body)
    .bind(seal)
    .execute(connection)
    .await
    .map(|done| done.rows_affected())
}

/// Takes an identity away from its person; returns how many rows went.
pub(crate) async fn part(connection: &mut SqliteConnection, identity: &str) -> sqlx::Result<u64> {
    let sql = "delete from links where identity = $1";
    sqlx::query(sql).bind(identity).execute(connection).await.map(|done| done.rows_affected())
}

/// Body and seal of every link, by identity.
pub(crate) async fn all(executor: impl SqliteExecutor<'_>) -> sqlx::Result<Vec<(String, String)>> {
    sqlx::query_as("select body, seal from links order by identity").fetch_all(executor).await
}
