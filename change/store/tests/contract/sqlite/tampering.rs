//! Promises about tampering: refused by the database while its triggers stand, found and named when they don't.
//! Run on SQLite with raw SQL from a strange connection.
//! Must never call a chain whole that was touched.

use super::Sqlite;
use crate::backend::Backend as _;
use crate::samples::{change, entry, insertion, moved, movement, planned, record, run};
use chopmark_domain::approval::Verdict;
use chopmark_domain::digest::Digest;
use chopmark_domain::ledger::{Break, Entry, chain};
use chopmark_domain::lifecycle::State;
use chopmark_domain::ports::{Commit, Journal as _, LedgerFilter, Records as _, RunWrite};
use chopmark_domain::problem::{Code, Problem};
use chopmark_store::SqliteStore;
use chopmark_store::audit::{Checkpoint, VerifyFailure, verify};
use sqlx::AssertSqlSafe;
use sqlx::sqlite::SqliteConnection;

const ENTRIES: i64 = 24;

async fn ledger_of(backend: &Sqlite, entries: i64) -> SqliteStore {
    let store = backend.open().await;
    store.record((0..entries).map(|number| entry(&change(1), &number.to_string())).collect()).await.unwrap();
    store
}

async fn entries_of(store: &SqliteStore) -> Vec<Entry> {
    store.ledger(&LedgerFilter { limit: 10_000, ..LedgerFilter::default() }).await.unwrap()
}

async fn break_of(store: &SqliteStore) -> Option<Break> {
    match verify(store, None).await {
        Ok(_) => None,
        Err(VerifyFailure::Broken(at)) => Some(at),
        Err(VerifyFailure::Unreadable(problem)) => unreachable!("{problem}"),
    }
}

async fn run_sql(connection: &mut SqliteConnection, sql: &str) {
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await.unwrap();
}

/// A connection on a database whose triggers are gone.
async fn disarmed(backend: &Sqlite) -> SqliteConnection {
    let mut connection = backend.stranger().await;
    let names: Vec<String> = sqlx::query_scalar("select name from sqlite_master where type = 'trigger'")
        .fetch_all(&mut connection)
        .await
        .unwrap();
    for name in names {
        run_sql(&mut connection, &format!("drop trigger {name}")).await;
    }
    connection
}

#[tokio::test]
async fn the_database_refuses_what_the_ledger_never_does() {
    let backend = Sqlite::fresh().await;
    let store = ledger_of(&backend, 3).await;
    let last = entries_of(&store).await.pop().unwrap();
    let hash = last.hash.to_string();
    let row = |sequence: i64, previous: &str| format!("({sequence}, '{{}}', '{previous}', '{}')", "a".repeat(64));
    let into = "into ledger (sequence, bytes, previous, hash) values";
    let refused = [
        "update ledger set bytes = '{}' where sequence = 1".to_owned(),
        "update ledger set sequence = 9 where sequence = 3".to_owned(),
        "update or replace ledger set sequence = 1 where sequence = 3".to_owned(),
        "delete from ledger".to_owned(),
        "delete from ledger where sequence = 3".to_owned(),
        format!("insert {into} {}", row(5, &hash)),
        format!("insert {into} {}", row(2, &hash)),
        format!("insert {into} {}", row(4, &"b".repeat(64))),
        format!("insert or replace {into} {}", row(3, &last.previous.to_string())),
        format!("insert or replace {into} {}", row(1, &"0".repeat(64))),
        format!("insert or ignore {into} {}", row(7, &hash)),
        format!("replace {into} {}", row(2, &hash)),
        "update ledger_head set sequence = 1".to_owned(),
        "update ledger_head set hash = ''".to_owned(),
        "update ledger_head set seen_at = 0".to_owned(),
        "delete from ledger_head".to_owned(),
    ];
    for sql in refused {
        assert!(backend.meddle(&sql).await.is_err(), "{sql}");
    }
    assert_eq!(verify(&store, None).await.unwrap().entries, 3);
}

#[tokio::test]
async fn the_database_refuses_to_rewrite_what_was_decided_or_run() {
    let backend = Sqlite::fresh().await;
    let store = backend.open().await;
    let first = change(1);
    store.commit(insertion(&first)).await.unwrap();
    let executing = moved(&first, State::Executing);
    let commit = Commit {
        record: Some(planned(&record(&first))),
        decision: Some(crate::samples::decision(&first, "bea", Verdict::Approve, b"plan", "fine")),
        run: Some(RunWrite::Begin(run(&first, "aaaa"))),
        ..movement(&first, &executing)
    };
    store.commit(commit).await.unwrap();
    let file = store.change(&first.id).await.unwrap();
    let refused = [
        "update revisions set body = '{}'",
        "delete from revisions",
        "update decisions set verdict = 'reject'",
        "delete from decisions",
        "update runs set revision = 2",
        "delete from runs",
        "insert or replace into runs (id, change_id, revision, started_at, known, body) values ('run-bbbb', 'chg-0001', 1, 0, 0, '{}')",
        "insert or replace into runs (id, change_id, revision, started_at, known, body) values ('run-aaaa', 'chg-0001', 1, 0, 0, '{}')",
        "delete from changes",
    ];
    for sql in refused {
        assert!(backend.meddle(sql).await.is_err(), "{sql}");
    }
    assert_eq!(store.change(&first.id).await.unwrap(), file);
}

#[tokio::test]
async fn every_edit_of_an_entry_is_found_and_named() {
    let backend = Sqlite::fresh().await;
    let store = ledger_of(&backend, ENTRIES).await;
    let mut meddler = disarmed(&backend).await;
    for entry in entries_of(&store).await {
        let number = entry.sequence;
        // Every single byte flipped is tried in the domain's tests; here a few of each column, in the database.
        for (column, text) in
            [("bytes", &entry.bytes), ("previous", &entry.previous.to_string()), ("hash", &entry.hash.to_string())]
        {
            for at in [0, text.len() / 2, text.len() - 1] {
                for flip in [0x01, 0x80] {
                    let mut bytes = text.clone().into_bytes();
                    bytes[at] ^= flip;
                    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
                    run_sql(
                        &mut meddler,
                        &format!("update ledger set {column} = cast(x'{hex}' as text) where sequence = {number}"),
                    )
                    .await;
                    assert_eq!(break_of(&store).await, Some(Break::Edited(number)), "{column} {at}");
                }
            }
            for other in ["''", "7", "x'00'"] {
                run_sql(&mut meddler, &format!("update ledger set {column} = {other} where sequence = {number}")).await;
                assert_eq!(break_of(&store).await, Some(Break::Edited(number)), "{column} {other}");
            }
            let text = text.replace('\'', "''");
            run_sql(&mut meddler, &format!("update ledger set {column} = '{text}' where sequence = {number}")).await;
        }
        assert_eq!(break_of(&store).await, None);
    }
}

#[tokio::test]
async fn a_missing_entry_is_found_and_named() {
    let backend = Sqlite::fresh().await;
    let store = ledger_of(&backend, ENTRIES).await;
    let mut meddler = disarmed(&backend).await;
    run_sql(&mut meddler, "create table kept as select sequence, bytes, previous, hash from ledger").await;
    for number in 1..=ENTRIES {
        run_sql(&mut meddler, &format!("delete from ledger where sequence = {number}")).await;
        let expected = if number == ENTRIES {
            Break::Truncated { expected: ENTRIES, found: ENTRIES - 1 }
        } else {
            Break::Gap { expected: number, found: number + 1 }
        };
        assert_eq!(break_of(&store).await, Some(expected));
        run_sql(&mut meddler, &format!("delete from ledger where sequence >= {number}")).await;
        assert_eq!(break_of(&store).await, Some(Break::Truncated { expected: ENTRIES, found: number - 1 }));
        run_sql(
            &mut meddler,
            &format!(
                "insert into ledger (sequence, bytes, previous, hash) select * from kept where sequence >= {number}"
            ),
        )
        .await;
        assert_eq!(break_of(&store).await, None);
    }
}

#[tokio::test]
async fn swapped_and_inserted_entries_are_found_and_named() {
    let backend = Sqlite::fresh().await;
    let store = ledger_of(&backend, 8).await;
    let mut meddler = disarmed(&backend).await;
    let entries = entries_of(&store).await;
    let swap = |a: i64, b: i64| {
        format!(
            "update ledger set sequence = -1 where sequence = {a}; update ledger set sequence = {a} where sequence = {b}; update ledger set sequence = {b} where sequence = -1"
        )
    };
    for a in 1..=8 {
        for b in a + 1..=8 {
            run_sql(&mut meddler, &swap(a, b)).await;
            assert_eq!(break_of(&store).await, Some(Break::Fork(a)), "{a} and {b}");
            run_sql(&mut meddler, &swap(a, b)).await;
        }
    }
    assert_eq!(break_of(&store).await, None);
    // Making room for a copy of an entry moves every later one.
    let copied = entries[2].bytes.replace('\'', "''");
    run_sql(&mut meddler, "update ledger set sequence = -(sequence + 1) where sequence > 3; update ledger set sequence = -sequence where sequence < 0").await;
    let insert = format!(
        "insert into ledger (sequence, bytes, previous, hash) values (4, '{copied}', '{}', '{}')",
        entries[2].hash,
        chain(&entries[2].hash, &entries[2].bytes)
    );
    run_sql(&mut meddler, &insert).await;
    assert_eq!(break_of(&store).await, Some(Break::Order(4)), "a copy says in its bytes which number it has");
}

#[tokio::test]
async fn an_entry_added_past_the_head_is_found_and_named() {
    let backend = Sqlite::fresh().await;
    let store = ledger_of(&backend, 4).await;
    let mut meddler = disarmed(&backend).await;
    let last = entries_of(&store).await.pop().unwrap();
    let forged = entry(&change(1), "forged").seal(5, chopmark_domain::time::Timestamp(0), last.hash);
    let insert = format!(
        "insert into ledger (sequence, bytes, previous, hash) values (5, '{}', '{}', '{}')",
        forged.bytes, forged.previous, forged.hash
    );
    run_sql(&mut meddler, &insert).await;
    assert_eq!(break_of(&store).await, Some(Break::Order(5)));
    run_sql(&mut meddler, "delete from ledger where sequence = 5; update ledger_head set hash = 'x'").await;
    assert_eq!(break_of(&store).await, Some(Break::Fork(4)));
    run_sql(&mut meddler, "delete from ledger_head").await;
    assert_eq!(break_of(&store).await, Some(Break::Order(1)));
    run_sql(&mut meddler, "delete from ledger").await;
    assert!(verify(&store, None).await.is_err(), "a ledger without a head is none");
}

#[tokio::test]
async fn a_whole_chain_that_was_rewritten_is_found_by_a_checkpoint() {
    let backend = Sqlite::fresh().await;
    let store = ledger_of(&backend, 6).await;
    let entries = entries_of(&store).await;
    let signed = |size: usize| Checkpoint {
        origin: "here".to_owned(),
        size: i64::try_from(size).unwrap(),
        head: size.checked_sub(1).map_or(chopmark_domain::ledger::genesis(), |last| entries[last].hash),
    };
    for size in 0..=6 {
        let report = verify(&store, Some(&signed(size))).await.unwrap();
        assert_eq!((report.entries, report.checkpoint), (6, Some(i64::try_from(size).unwrap())));
    }
    let mut meddler = disarmed(&backend).await;
    run_sql(&mut meddler, "delete from ledger where sequence > 3").await;
    let mut previous = entries[2].hash;
    for number in 4..=5 {
        let forged = entry(&change(1), "rewritten").seal(number, chopmark_domain::time::Timestamp(0), previous);
        previous = forged.hash;
        let insert = format!(
            "insert into ledger (sequence, bytes, previous, hash) values ({number}, '{}', '{}', '{}')",
            forged.bytes.replace('\'', "''"),
            forged.previous,
            forged.hash
        );
        run_sql(&mut meddler, &insert).await;
    }
    run_sql(&mut meddler, &format!("update ledger_head set sequence = 5, hash = '{previous}'")).await;
    assert_eq!(verify(&store, None).await.unwrap().entries, 5, "by itself the new chain is whole");
    let against = async |size: usize| verify(&store, Some(&signed(size))).await;
    assert_eq!(against(3).await.unwrap().entries, 5);
    assert_eq!(against(4).await, Err(VerifyFailure::Broken(Break::Fork(4))));
    assert_eq!(against(5).await, Err(VerifyFailure::Broken(Break::Fork(5))));
    assert_eq!(against(6).await, Err(VerifyFailure::Broken(Break::Truncated { expected: 6, found: 5 })));
    let empty = Checkpoint { size: 0, head: Digest::of(b"other"), ..signed(0) };
    assert_eq!(verify(&store, Some(&empty)).await, Err(VerifyFailure::Broken(Break::Fork(0))));
}

#[tokio::test]
async fn a_broken_ledger_is_a_problem_that_names_entry_and_kind() {
    let backend = Sqlite::fresh().await;
    let store = ledger_of(&backend, 3).await;
    let mut meddler = disarmed(&backend).await;
    run_sql(&mut meddler, "update ledger set bytes = '{}' where sequence = 2").await;
    let problem = Problem::from(verify(&store, None).await.unwrap_err());
    assert_eq!(problem.code, Code::LedgerBroken);
    assert_eq!((problem.facts["entry"].as_str(), problem.facts["kind"].as_str()), ("2", "edited"));
}
