//! Opening the database: one connection that writes, a few that read, settings for durability.
//! Opened by the app, the exec child and tests; shared as a cheap clone.
//! Must never write outside `begin immediate`, or lower what `synchronous = full` promises.

use crate::clock::SteadyClock;
use crate::intake::Intake;
use crate::{failure, migrations, statements};
use chopmark_domain::ports::Clock;
use chopmark_domain::problem::{Code, Problem};
use sqlx::sqlite::{Sqlite, SqliteConnectOptions, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Transaction};
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// How long a write waits for another process of this machine. Our longest transaction takes
/// milliseconds; the rest is a slow disk.
const BUSY: Duration = Duration::from_secs(10);
/// Connections that read. Reads take microseconds; more would only wait for the same two cores.
const READERS: u32 = 4;
/// Rows handed over at once while streaming: the ledger is verified by what the driver hands over.
const ROWS_AHEAD: usize = 1024;

/// The store on SQLite.
#[derive(Clone)]
pub struct SqliteStore {
    writer: SqlitePool,
    readers: SqlitePool,
    pub(crate) clock: SteadyClock,
    pub(crate) intake: Intake,
}

impl std::fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SqliteStore").finish_non_exhaustive()
    }
}

impl SqliteStore {
    /// Opens or makes the database, brings it to the newest shape and checks that it can be written.
    ///
    /// # Errors
    /// [`Code::DataMissing`] (no folder), [`Code::DataNotWritable`], [`Code::DiskFull`],
    /// [`Code::DatabaseNewer`], [`Code::DatabaseUnusable`] (corrupt, or not ours).
    pub async fn open(path: &Path, clock: Arc<dyn Clock>) -> Result<Self, Problem> {
        make_private(path)?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(BUSY)
            .foreign_keys(true)
            .pragma("recursive_triggers", "on")
            .row_buffer_size(ROWS_AHEAD)
            .disable_statement_logging();
        let pool = || SqlitePoolOptions::new().idle_timeout(None).max_lifetime(None).test_before_acquire(false);
        let writer = pool()
            .max_connections(1)
            .connect_with(options.clone())
            .await
            .map_err(|error| failure::problem("open the database", &error).with("path", path.display()))?;
        let readers = pool().max_connections(READERS).connect_lazy_with(options.pragma("query_only", "on"));
        let store = Self { writer, readers, clock: SteadyClock::new(clock), intake: Intake::default() };
        store.prepare().await.map_err(|problem| problem.with("path", path.display()))?;
        Ok(store)
    }

    async fn prepare(&self) -> Result<(), Problem> {
        let failed = |error| failure::problem("open the database", &error);
        let mut connection = self.writer.acquire().await.map_err(failed)?;
        migrations::check(&mut connection).await?;
        migrations::log_ahead(&mut connection).await.map_err(failed)?;
        migrations::run(&mut connection).await?;
        // A write, so that a read-only disk is known now and not at the first request.
        let head = statements::ledger::lock_head(&mut connection, self.clock.now()).await.map_err(failed)?;
        self.clock.has_seen(head.seen_at);
        Ok(())
    }

    /// The store's clock: the wall clock, but never before the latest moment that the database has
    /// seen. Whoever compares an expiry uses it, so that a clock set back revives nothing.
    pub fn clock(&self) -> Arc<dyn Clock> {
        Arc::new(self.clock.clone())
    }

    /// Closes every connection; what was committed is on disk already.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }

    /// A transaction that holds the write lock from its beginning.
    pub(crate) async fn write(&self, attempt: &str) -> Result<Transaction<'static, Sqlite>, Problem> {
        self.writer.begin_with("begin immediate").await.map_err(|error| failure::problem(attempt, &error))
    }

    /// The writing connection, for one statement that is a transaction by itself.
    pub(crate) fn writer(&self) -> &SqlitePool {
        &self.writer
    }

    /// A reading transaction: everything in it is of one moment.
    pub(crate) async fn snapshot(&self, attempt: &str) -> Result<Transaction<'static, Sqlite>, Problem> {
        self.readers.begin().await.map_err(|error| failure::problem(attempt, &error))
    }

    /// Reading connections, for one statement.
    pub(crate) fn readers(&self) -> &SqlitePool {
        &self.readers
    }
}

/// Makes the file readable by its owner alone, before anything is in it; SQLite gives its own
/// extra files (`-wal`, `-shm`) the mode of the database.
fn make_private(path: &Path) -> Result<(), Problem> {
    let failed = |error: io::Error| {
        let code = match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Code::DataMissing,
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Code::DiskFull,
            io::ErrorKind::IsADirectory => Code::DatabaseUnusable,
            _ => Code::DataNotWritable,
        };
        Problem::new(code).with("attempt", "open the database").with("path", path.display()).with("reason", error)
    };
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
        let file = options.mode(0o600).open(path).map_err(failed)?;
        let mode = file.metadata().map_err(failed)?.permissions().mode();
        if mode & 0o077 != 0 {
            file.set_permissions(std::fs::Permissions::from_mode(0o600)).map_err(failed)?;
        }
    }
    #[cfg(not(unix))]
    options.open(path).map_err(failed)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use chopmark_domain::ids::ChangeId;
    use chopmark_domain::ledger::{EntryDraft, EntryKind};
    use chopmark_domain::person::Actor;
    use chopmark_domain::ports::{Answer, Journal as _, Records as _};
    use chopmark_domain::time::Timestamp;
    use serde_json::json;

    struct Standing;
    impl Clock for Standing {
        fn now(&self) -> Timestamp {
            Timestamp(1)
        }
    }

    fn entry(size: usize) -> EntryDraft {
        EntryDraft {
            kind: EntryKind::Alarm,
            actor: Actor::System("test".to_owned()),
            change: ChangeId::parse("chg-aaaa").ok(),
            digest: None,
            payload: json!({"text": "x".repeat(size)}),
        }
    }

    #[tokio::test]
    async fn a_full_disk_loses_nothing_that_was_acknowledged() -> Answer<()> {
        let folder = tempfile::tempdir().map_err(|error| Problem::new(Code::Internal).with("error", error))?;
        let store = SqliteStore::open(&folder.path().join("chopmark.db"), Arc::new(Standing)).await?;
        store.record(vec![entry(10)]).await?;
        // SQLite answers with the same code when its own limit or the disk's is reached.
        let failed = |error| failure::problem("limit the database", &error);
        sqlx::query("pragma max_page_count = 80").execute(store.writer()).await.map_err(failed)?;
        let refused = store.record(vec![entry(10), entry(1_000_000)]).await;
        assert_eq!(refused.map_err(|problem| problem.code), Err(Code::DiskFull));
        assert_eq!(store.ledger_head().await?.0, 1);
        sqlx::query("pragma max_page_count = 1000000").execute(store.writer()).await.map_err(failed)?;
        store.record(vec![entry(1_000_000)]).await?;
        let report = crate::audit::verify(&store, None).await.map_err(Problem::from)?;
        assert_eq!(report.entries, 2);
        Ok(())
    }
}
