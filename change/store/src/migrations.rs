//! The shapes of the database, oldest first, and the step from one to the next.
//! Called when the store is opened.
//! Must never touch a database that a newer version wrote, or one that is not ours.

use crate::failure;
use crate::words::unreadable;
use chopmark_domain::problem::{Code, Problem};
use sqlx::Connection as _;
use sqlx::sqlite::SqliteConnection;

/// Every shape; the script at index n leads to version n + 1 and says so in `user_version`.
const SHAPES: [&str; 4] = [
    include_str!("../migrations/sqlite/0001_first.sql"),
    include_str!("../migrations/sqlite/0002_prompts.sql"),
    include_str!("../migrations/sqlite/0003_people.sql"),
    include_str!("../migrations/sqlite/0004_chat.sql"),
];
/// `Chop` in ASCII, as the first shape sets it.
const APPLICATION: i64 = 0x4368_6f70;

/// Refuses a database that is not ours or is newer than this program, before anything of it is touched.
pub(crate) async fn check(writer: &mut SqliteConnection) -> Result<(), Problem> {
    let failed = |error| failure::problem("open the database", &error);
    let found = version(writer).await.map_err(failed)?;
    let empty = tables(writer).await.map_err(failed)? == 0;
    if !empty && application(writer).await.map_err(failed)? != APPLICATION {
        return Err(unreadable("the database", "it belongs to another program"));
    }
    if found > newest() {
        return Err(Problem::new(Code::DatabaseNewer).with("found", found).with("known", newest()));
    }
    Ok(())
}

/// Brings the database to the newest shape. Two processes may open a new file at once: the write lock
/// is taken before the version is read, so one does it and the other sees it done.
pub(crate) async fn run(writer: &mut SqliteConnection) -> Result<(), Problem> {
    let failed = |error| failure::problem("prepare the database", &error);
    if version(writer).await.map_err(failed)? == newest() {
        return Ok(());
    }
    let mut transaction = writer.begin_with("begin immediate").await.map_err(failed)?;
    let found = version(&mut transaction).await.map_err(failed)?;
    for script in SHAPES.iter().skip(usize::try_from(found).unwrap_or(0)) {
        sqlx::raw_sql(*script).execute(&mut *transaction).await.map_err(failed)?;
    }
    transaction.commit().await.map_err(failed)
}

/// Readers no longer wait for writers; the mode stays with the file.
pub(crate) async fn log_ahead(writer: &mut SqliteConnection) -> sqlx::Result<()> {
    sqlx::query("pragma journal_mode = wal").execute(writer).await.map(|_| ())
}

fn newest() -> i64 {
    SHAPES.len() as i64
}

async fn version(connection: &mut SqliteConnection) -> sqlx::Result<i64> {
    sqlx::query_scalar("select user_version from pragma_user_version").fetch_one(connection).await
}

async fn application(connection: &mut SqliteConnection) -> sqlx::Result<i64> {
    sqlx::query_scalar("select application_id from pragma_application_id").fetch_one(connection).await
}

async fn tables(connection: &mut SqliteConnection) -> sqlx::Result<i64> {
    sqlx::query_scalar("select count(*) from sqlite_master").fetch_one(connection).await
}
