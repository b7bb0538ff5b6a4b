//! SQLite as a backend, and what only a file database must promise.
//! Instantiated in main.rs.
//! Must never keep a file after its test.

mod export;
mod moving;
mod opening;
mod sudden_end;
mod tampering;

use crate::backend::{Backend, HandClock};
use chopmark_store::SqliteStore;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _};
use std::path::PathBuf;
use std::sync::Arc;

/// A database file of its own.
pub(crate) struct Sqlite {
    folder: tempfile::TempDir,
    clock: HandClock,
}

impl Backend for Sqlite {
    type Store = SqliteStore;

    async fn fresh() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), clock: HandClock::new() }
    }

    async fn open(&self) -> SqliteStore {
        SqliteStore::open(&self.path(), Arc::new(self.clock.clone())).await.unwrap()
    }

    fn clock(&self) -> &HandClock {
        &self.clock
    }
}

impl Sqlite {
    fn path(&self) -> PathBuf {
        self.folder.path().join("chopmark.db")
    }

    /// A connection such as any SQLite program has: none of our settings.
    async fn stranger(&self) -> SqliteConnection {
        SqliteConnectOptions::new()
            .filename(self.path())
            .create_if_missing(true)
            .foreign_keys(false)
            .connect()
            .await
            .unwrap()
    }

    /// Runs SQL as such a program would.
    async fn meddle(&self, sql: &str) -> sqlx::Result<()> {
        let mut connection = self.stranger().await;
        let done = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.map(|_| ());
        connection.close().await.unwrap();
        done
    }
}
