//! Promises about the export: an outsider's program, without a line of ours, verifies it.
//! Runs tests/verify_ledger.py on exports, whole and broken.
//! Must never pass silently where Python is missing on CI.

use super::Sqlite;
use crate::backend::Backend as _;
use crate::samples::{change, entry};
use chopmark_domain::ledger::{chain, genesis};
use chopmark_domain::ports::{Journal as _, Records as _};
use chopmark_store::audit::{Checkpoint, CheckpointError, CheckpointKey, Signer, export};
use std::io::Write as _;
use std::process::{Command, Stdio};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/verify_ledger.py");

/// Exit code and first line of the script's answer; none when Python is not here.
fn outsider(lines: &[String], arguments: &[String]) -> Option<(i32, String)> {
    let child = Command::new("python3")
        .args(["-I", SCRIPT, "-"])
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let mut child = match child {
        Ok(child) => child,
        Err(error) => {
            assert!(std::env::var_os("CI").is_none_or(|ci| ci != "true"), "python3 is needed on CI: {error}");
            let _ = writeln!(std::io::stderr(), "left out: the outsider's check of an export, for want of python3");
            return None;
        }
    };
    let mut input = child.stdin.take().unwrap();
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let writer = std::thread::spawn(move || input.write_all(text.as_bytes()));
    let output = child.wait_with_output().unwrap();
    // The script stops reading at the first broken entry.
    let _ = writer.join().unwrap();
    let first = String::from_utf8(output.stdout).unwrap().lines().next().unwrap_or_default().to_owned();
    Some((output.status.code().unwrap(), first))
}

async fn exported(entries: i64) -> (Vec<String>, String) {
    let backend = Sqlite::fresh().await;
    let store = backend.open().await;
    store.record((0..entries).map(|number| entry(&change(1), &number.to_string())).collect()).await.unwrap();
    let mut bytes = vec![];
    assert_eq!(export(&store, &mut bytes).await.unwrap(), entries);
    let lines = String::from_utf8(bytes).unwrap().lines().map(str::to_owned).collect();
    (lines, store.ledger_head().await.unwrap().1.to_string())
}

#[tokio::test]
async fn an_outsider_verifies_an_export() {
    let (lines, head) = exported(300).await;
    assert_eq!(lines.len(), 300);
    let Some(answer) = outsider(&lines, &[]) else { return };
    assert_eq!(answer, (0, format!("300 entries, head {head}")));
    assert_eq!(outsider(&lines, &["--size".to_owned(), "300".to_owned(), "--head".to_owned(), head]).unwrap().0, 0);
    let genesis = format!("0 entries, head {}", "0".repeat(64));
    assert_eq!(outsider(&[], &[]).unwrap(), (0, genesis));
}

#[tokio::test]
async fn an_outsider_names_the_first_broken_entry() {
    let (lines, head) = exported(12).await;
    let with = |change: &dyn Fn(&mut Vec<String>)| {
        let mut lines = lines.clone();
        change(&mut lines);
        lines
    };
    let cases = [
        (with(&|lines| lines[4] = lines[4].replacen("planned", "decided", 1)), "entry 5 was edited"),
        (with(&|lines| drop(lines.remove(6))), "an entry is missing before 8: expected 7"),
        (with(&|lines| lines.swap(2, 3)), "an entry is missing before 4: expected 3"),
        (with(&|lines| lines.insert(5, lines[4].clone())), "entry 5 is out of order"),
        (with(&|lines| lines[8] = "[]".to_owned()), "line 9 is not an entry"),
        (
            with(&|lines| lines[8] = lines[8].replacen("\"sequence\":9", "\"sequence\":9.0", 1)),
            "line 9 is not an entry",
        ),
        (with(&|lines| lines[9] = lines[9].replacen('{', "{\"sequence\":10,", 1)), "line 10 is not an entry"),
    ];
    for (lines, expected) in cases {
        let Some(answer) = outsider(&lines, &[]) else { return };
        assert_eq!(answer, (1, expected.to_owned()));
    }
    let shorter = outsider(&lines[..9], &["--size".to_owned(), "12".to_owned(), "--head".to_owned(), head.clone()]);
    assert_eq!(shorter.unwrap(), (1, "the ledger ends at 9, but 12 entries were recorded".to_owned()));
    let other = outsider(&lines, &["--size".to_owned(), "11".to_owned(), "--head".to_owned(), head]);
    assert_eq!(other.unwrap(), (1, "entry 11 is not the one that was recorded".to_owned()));
}

#[test]
fn a_checkpoint_is_believed_only_with_the_signature_of_its_key() {
    let random = ring::rand::SystemRandom::new();
    let pkcs8 = ring::signature::Ed25519KeyPair::generate_pkcs8(&random).unwrap();
    let signer = Signer::new("chopmark.example/ledger", pkcs8.as_ref()).unwrap();
    let key = CheckpointKey::parse(&signer.key().to_string()).unwrap();
    assert_eq!(key, signer.key());
    let head = chopmark_domain::digest::Digest::of(b"head");
    let note = signer.checkpoint(12, &head);
    let expected = Checkpoint { origin: "chopmark.example/ledger".to_owned(), size: 12, head };
    assert_eq!(Checkpoint::verify(&note, &key), Ok(expected));
    for at in 0..note.len() {
        for flip in [0x01_u8, 0x20] {
            let mut bytes = note.clone().into_bytes();
            bytes[at] ^= flip;
            if let Ok(changed) = String::from_utf8(bytes) {
                assert!(Checkpoint::verify(&changed, &key).is_err(), "byte {at}: {changed}");
            }
        }
    }
    let other = ring::signature::Ed25519KeyPair::generate_pkcs8(&random).unwrap();
    let other = Signer::new("chopmark.example/ledger", other.as_ref()).unwrap();
    assert_eq!(Checkpoint::verify(&note, &other.key()), Err(CheckpointError::OtherKey));
    for broken in ["", "\n\n", "a\n1\nx\n\n\u{2014} a b\n", &note.repeat(2), &note.replace('\n', "\r\n")] {
        assert!(Checkpoint::verify(broken, &key).is_err(), "{broken:?}");
    }
    for name in ["", "a b", "a+b", "a\nb"] {
        assert!(Signer::new(name, pkcs8.as_ref()).is_err(), "{name:?}");
    }
}

#[test]
fn the_example_of_the_documentation_is_true() {
    let page = include_str!("../../../../../docs/ledger.md");
    let hash = chain(&genesis(), "{}").to_string();
    assert!(page.contains(&hash), "docs/ledger.md should give {hash} as its example");
}
