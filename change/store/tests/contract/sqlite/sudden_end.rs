//! Promises about a process that is killed: what was acknowledged is there, and the chain is whole.
//! Run on SQLite with a child process that really is killed.
//! Must never wait for luck: the child says what it has acknowledged, and only then it dies.

use super::Sqlite;
use crate::backend::{Backend as _, HandClock};
use crate::samples::{change, insertion};
use chopmark_domain::ports::{Journal as _, Records as _};
use chopmark_store::SqliteStore;
use chopmark_store::audit::verify;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

/// Names the database in the child, which is this very test program.
const DATABASE: &str = "CHOPMARK_TEST_SUDDEN_END";
/// Kills, each after another number of acknowledged transitions.
const KILLS: usize = 5;

#[tokio::test]
async fn what_was_acknowledged_survives_kill_9() {
    let backend = Sqlite::fresh().await;
    backend.open().await.close().await;
    let mut acknowledged = 0;
    for kill in 0..KILLS {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "sqlite::sudden_end::writes_until_it_is_killed", "--ignored", "--nocapture"])
            .env(DATABASE, backend.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let last = lines.filter_map(|line| line.strip_prefix("acknowledged ")?.parse().ok()).nth(3 + 7 * kill);
        child.kill().unwrap();
        child.wait().unwrap();
        acknowledged = acknowledged.max(last.unwrap());
        let store = backend.open().await;
        let report = verify(&store, None).await.unwrap();
        assert!(report.entries >= acknowledged, "{report:?} {acknowledged}");
        for number in 0..acknowledged {
            let id = change(usize::try_from(number).unwrap()).id;
            assert!(store.change(&id).await.unwrap().is_some(), "{id} is lost");
        }
        store.close().await;
    }
}

#[tokio::test]
#[ignore = "the child of the test above; by itself it ends at once"]
async fn writes_until_it_is_killed() {
    let Some(path) = std::env::var_os(DATABASE) else { return };
    let store = SqliteStore::open(Path::new(&path), Arc::new(HandClock::new())).await.unwrap();
    let first = store.ledger_head().await.unwrap().0;
    for number in first.. {
        store.commit(insertion(&change(usize::try_from(number).unwrap()))).await.unwrap();
        let mut out = std::io::stdout().lock();
        if writeln!(out, "acknowledged {}", number + 1).and_then(|()| out.flush()).is_err() {
            return;
        }
    }
}
