//! Statements on `changes`.
//! Called by journal and records.
//! Must never update a row without its state and epoch in the condition.

use crate::words::{body, from_body, from_word, unreadable, word};
use chopmark_domain::change::Change;
use chopmark_domain::ids::{Epoch, Revision};
use chopmark_domain::lifecycle::State;
use chopmark_domain::ports::{Answer, ChangeFilter};
use sqlx::sqlite::SqliteConnection;
use sqlx::{QueryBuilder, Sqlite, SqliteExecutor};

/// A change's row. State, epoch and revision are told by their columns, so that there is one truth.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct Row {
    state: String,
    epoch: i64,
    revision: i64,
    body: String,
}

impl Row {
    pub(crate) fn into_change(self) -> Answer<Change> {
        let mut change: Change = from_body("a change", &self.body)?;
        change.state = from_word("a change's state", &self.state)?;
        change.epoch = Epoch(self.epoch);
        change.revision =
            Revision(u32::try_from(self.revision).map_err(|error| unreadable("a revision", &error.to_string()))?);
        Ok(change)
    }
}

/// What binding a change needs beside its plain columns.
pub(crate) struct Written {
    state: String,
    body: String,
}

impl Written {
    pub(crate) fn of(change: &Change) -> Answer<Self> {
        Ok(Self { state: word(&change.state)?, body: body("a change", change)? })
    }
}

/// A new row. A taken id is a constraint violation.
pub(crate) async fn insert(connection: &mut SqliteConnection, change: &Change, written: &Written) -> sqlx::Result<()> {
    sqlx::query(
        "insert into changes (id, environment, group_name, name, surface, channel, thread,
                              state, epoch, revision, created_at, updated_at, body)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
    )
    .bind(change.id.as_str())
    .bind(change.component.environment.as_str())
    .bind(change.component.path.group())
    .bind(change.component.path.name())
    .bind(&change.place.surface)
    .bind(&change.place.channel)
    .bind(&change.place.thread)
    .bind(&written.state)
    .bind(change.epoch.0)
    .bind(i64::from(change.revision.0))
    .bind(change.created_at.0)
    .bind(change.updated_at.0)
    .bind(&written.body)
    .execute(connection)
    .await
    .map(|_| ())
}

/// Moves the row, if it has that state and epoch; returns how many rows moved. What a change is
/// about, who asked and where never moves.
pub(crate) async fn move_from(
    connection: &mut SqliteConnection,
    from: (&str, Epoch),
    change: &Change,
    written: &Written,
) -> sqlx::Result<u64> {
    sqlx::query(
        "update changes set state = $1, epoch = $2, revision = $3, updated_at = $4, body = $5
         where id = $6 and state = $7 and epoch = $8",
    )
    .bind(&written.state)
    .bind(change.epoch.0)
    .bind(i64::from(change.revision.0))
    .bind(change.updated_at.0)
    .bind(&written.body)
    .bind(change.id.as_str())
    .bind(from.0)
    .bind(from.1.0)
    .execute(connection)
    .await
    .map(|done| done.rows_affected())
}

/// The row of that id.
pub(crate) async fn by_id(executor: impl SqliteExecutor<'_>, id: &str) -> sqlx::Result<Option<Row>> {
    sqlx::query_as("select state, epoch, revision, body from changes where id = $1")
        .bind(id)
        .fetch_optional(executor)
        .await
}

/// Rows that pass the filter, newest first. Only the conditions that are asked for are in the text,
/// so that the database can use the index that fits.
pub(crate) async fn filtered(
    executor: impl SqliteExecutor<'_>,
    filter: &ChangeFilter,
    states: &[String],
) -> sqlx::Result<Vec<Row>> {
    let mut query = QueryBuilder::<Sqlite>::new("select state, epoch, revision, body from changes where 1 = 1");
    if !states.is_empty() {
        query.push(" and state in (");
        let mut list = query.separated(", ");
        for state in states {
            list.push_bind(state);
        }
        query.push(")");
    }
    if let Some(component) = &filter.component {
        query.push(" and environment = ").push_bind(component.environment.as_str());
        query.push(" and group_name = ").push_bind(component.path.group());
        query.push(" and name = ").push_bind(component.path.name());
    }
    if let Some(environment) = &filter.environment {
        query.push(" and environment = ").push_bind(environment.as_str());
    }
    if let Some(place) = &filter.place {
        query.push(" and surface = ").push_bind(&place.surface);
        query.push(" and channel = ").push_bind(&place.channel);
        query.push(" and thread = ").push_bind(&place.thread);
    }
    if let Some(requester) = &filter.requester {
        query.push(" and body ->> '$.requester' = ").push_bind(requester.as_str());
    }
    if let Some(since) = filter.since {
        query.push(" and updated_at >= ").push_bind(since.0);
    }
    query.push(" order by number desc limit ").push_bind(i64::from(filter.limit));
    query.build_query_as().fetch_all(executor).await
}

/// The words of states, for binding.
pub(crate) fn state_words(states: &[State]) -> Answer<Vec<String>> {
    states.iter().map(word).collect()
}
