//! Statements on `decisions`.
//! Called by journal and records.
//! Must never store the same decision of a person twice.

use chopmark_domain::approval::SealedDecision;
use sqlx::SqliteExecutor;
use sqlx::sqlite::SqliteConnection;

/// Stores a decision unless the same verdict on the same digest was given before, by the same person through the same
/// identity: a decision that went with its identity must not stand in the way of another.
pub(crate) async fn add(
    connection: &mut SqliteConnection,
    sealed: &SealedDecision,
    verdict: &str,
    body: &str,
) -> sqlx::Result<()> {
    let decision = &sealed.decision;
    let who = decision.identity.as_ref().map_or(decision.person.as_str(), |identity| identity.as_str());
    sqlx::query(
        "insert into decisions (change_id, revision, person, verdict, digest, decided_at, body)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (change_id, revision, person, verdict, digest) do nothing",
    )
    .bind(decision.change.as_str())
    .bind(i64::from(decision.revision.0))
    .bind(who)
    .bind(verdict)
    .bind(decision.digest.to_string())
    .bind(decision.at.0)
    .bind(body)
    .execute(connection)
    .await
    .map(|_| ())
}

/// Bodies of a change's decisions, oldest first.
pub(crate) async fn of_change(executor: impl SqliteExecutor<'_>, change: &str) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar("select body from decisions where change_id = $1 order by number")
        .bind(change)
        .fetch_all(executor)
        .await
}
