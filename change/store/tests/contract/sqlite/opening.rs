//! Promises about opening: the right code for every file that cannot be used, and settings that hold.
//! Run on SQLite.
//! Must never change a file that is not ours or is from a newer version.

use super::Sqlite;
use crate::backend::{Backend as _, HandClock};
use crate::samples::{change, entry};
use chopmark_domain::ports::{Clock as _, Journal as _, Records as _};
use chopmark_domain::problem::{Code, Problem};
use chopmark_store::SqliteStore;
use chopmark_store::audit::verify;
use std::path::Path;
use std::sync::Arc;

async fn open(path: &Path) -> Result<SqliteStore, Problem> {
    SqliteStore::open(path, Arc::new(HandClock::new())).await
}

#[tokio::test]
async fn a_database_from_a_newer_version_is_left_alone() {
    let backend = Sqlite::fresh().await;
    backend.open().await.close().await;
    backend.meddle("pragma user_version = 99").await.unwrap();
    let before = std::fs::read(backend.path()).unwrap();
    let problem = open(&backend.path()).await.unwrap_err();
    assert_eq!(problem.code, Code::DatabaseNewer);
    assert_eq!((problem.facts["found"].as_str(), problem.facts["known"].as_str()), ("99", "4"));
    assert_eq!(std::fs::read(backend.path()).unwrap(), before);
}

#[tokio::test]
async fn a_database_of_another_program_is_left_alone() {
    let backend = Sqlite::fresh().await;
    backend.meddle("create table theirs (x)").await.unwrap();
    let before = std::fs::read(backend.path()).unwrap();
    assert_eq!(open(&backend.path()).await.unwrap_err().code, Code::DatabaseUnusable);
    assert_eq!(std::fs::read(backend.path()).unwrap(), before);
}

#[tokio::test]
async fn a_file_that_is_no_database_is_left_alone() {
    let backend = Sqlite::fresh().await;
    let noise: Vec<u8> = (0..20_000_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    std::fs::write(backend.path(), &noise).unwrap();
    assert_eq!(open(&backend.path()).await.unwrap_err().code, Code::DatabaseUnusable);
    assert_eq!(std::fs::read(backend.path()).unwrap(), noise);
}

#[tokio::test]
async fn a_damaged_database_is_never_called_whole() {
    let backend = Sqlite::fresh().await;
    let store = backend.open().await;
    store.record((0..600).map(|number| entry(&change(1), &number.to_string())).collect()).await.unwrap();
    store.close().await;
    let whole = std::fs::read(backend.path()).unwrap();
    // Each page in turn holds noise: either nothing that is verified lay there, or it is noticed.
    let pages = whole.len() / 4096;
    let mut noticed = 0;
    for page in 0..pages {
        let mut damaged = whole.clone();
        damaged[page * 4096..(page + 1) * 4096].fill(0x5a);
        std::fs::write(backend.path(), damaged).unwrap();
        let result = match open(&backend.path()).await {
            Ok(store) => {
                let result = verify(&store, None).await.map_err(Problem::from);
                store.close().await;
                result
            }
            Err(problem) => Err(problem),
        };
        match result {
            Ok(report) => assert_eq!(report.entries, 600),
            Err(problem) => {
                assert!(matches!(problem.code, Code::DatabaseUnusable | Code::LedgerBroken), "{problem}");
                noticed += 1;
            }
        }
        for extra in ["chopmark.db-wal", "chopmark.db-shm"] {
            let _ = std::fs::remove_file(backend.folder.path().join(extra));
        }
    }
    // What is not noticed is free, or of a table without rows.
    assert!(noticed * 5 > pages * 2, "{noticed} of {pages} pages");
}

#[tokio::test]
async fn a_missing_folder_is_named() {
    let backend = Sqlite::fresh().await;
    let path = backend.folder.path().join("nowhere").join("chopmark.db");
    let problem = open(&path).await.unwrap_err();
    assert_eq!(problem.code, Code::DataMissing);
    assert_eq!(problem.facts["path"], path.display().to_string());
    assert_eq!(open(backend.folder.path()).await.unwrap_err().code, Code::DatabaseUnusable, "a folder is no file");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_folder_that_cannot_be_written_is_said_so() {
    // Root may write anywhere but in the kernel's own file system.
    assert_eq!(open(Path::new("/sys/chopmark.db")).await.unwrap_err().code, Code::DataNotWritable);
}

#[cfg(unix)]
#[tokio::test]
async fn the_database_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let backend = Sqlite::fresh().await;
    std::fs::write(backend.path(), "").unwrap();
    std::fs::set_permissions(backend.path(), std::fs::Permissions::from_mode(0o644)).unwrap();
    let store = backend.open().await;
    store.record(vec![entry(&change(1), "x")]).await.unwrap();
    let mut seen = 0;
    for file in std::fs::read_dir(backend.folder.path()).unwrap() {
        let file = file.unwrap();
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", file.file_name());
        seen += 1;
    }
    assert_eq!(seen, 3, "database, log and shared memory");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_may_open_a_new_database_at_once() {
    let backend = Sqlite::fresh().await;
    let path = Arc::new(backend.path());
    let openers: Vec<_> = (0..8)
        .map(|_| {
            let path = path.clone();
            tokio::spawn(async move {
                let store = open(&path).await.unwrap();
                store.record(vec![entry(&change(1), "x")]).await.unwrap();
            })
        })
        .collect();
    for opener in openers {
        opener.await.unwrap();
    }
    assert_eq!(backend.open().await.ledger_head().await.unwrap().0, 8);
}

#[tokio::test]
async fn the_stores_clock_never_shows_less_than_the_database_has_seen() {
    let backend = Sqlite::fresh().await;
    let store = backend.open().await;
    backend.clock().turn(100);
    let seen = store.clock().now();
    assert_eq!(seen, backend.clock().now());
    store.record(vec![entry(&change(1), "x")]).await.unwrap();
    backend.clock().turn(-1000);
    assert_eq!(store.clock().now(), seen);
    assert_eq!(backend.open().await.clock().now(), seen, "also for a process that starts later");
}
