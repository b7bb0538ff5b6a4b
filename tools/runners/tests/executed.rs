//! Promises about exec children and their spools.
//! Run by `cargo test`, with the stand-in program as the child.
//! Must never leave a child behind.

use crate::kit::{hands, runs, until};
use chopmark_domain::digest::Digest;
use chopmark_domain::ids::{ChangeId, Epoch, Revision, RunId};
use chopmark_domain::ports::{Execution, Executor as _};
use chopmark_domain::run::{Outcome, Run};
use chopmark_domain::time::Timestamp;
use chopmark_runners::exec::{Spool, SpoolExecutor};
use std::path::Path;
use std::process::Command;

const RUN: &str = "run-7f3k";

fn run() -> Run {
    Run {
        id: RunId::parse(RUN).unwrap(),
        change: ChangeId::parse("chg-7f3k").unwrap(),
        revision: Revision::FIRST,
        digest: Digest::of(b""),
        lease: "target:x".to_owned(),
        epoch: Epoch::ZERO,
        started_at: Timestamp(0),
        ended_at: None,
        outcome: None,
    }
}

fn scene(script: &str) -> (tempfile::TempDir, SpoolExecutor) {
    let data = tempfile::tempdir().unwrap();
    std::fs::write(data.path().join("act"), script).unwrap();
    let executor = SpoolExecutor::new(hands(), data.path().to_owned(), None);
    (data, executor)
}

async fn ended(executor: &SpoolExecutor) -> Execution {
    for _ in 0..6000 {
        match executor.look(&run().id).await.unwrap() {
            Execution::Running => tokio::time::sleep(std::time::Duration::from_millis(5)).await,
            other => return other,
        }
    }
    panic!("it runs for ever");
}

fn read(data: &Path, name: &str) -> String {
    std::fs::read_to_string(data.join(name)).unwrap_or_default()
}

/// The child's number, from its spool.
fn child(data: &Path) -> i32 {
    let started: serde_json::Value = serde_json::from_str(&read(data, "spool/run-7f3k/started.json")).unwrap();
    i32::try_from(started["pid"].as_i64().unwrap()).unwrap()
}

fn kill(pid: i32) {
    assert!(Command::new("kill").args(["-KILL", &pid.to_string()]).status().unwrap().success());
}

#[tokio::test]
async fn a_child_does_its_work_once_and_leaves_its_outcome() {
    let (data, executor) = scene("echo x >> effects");
    executor.start(&run()).await.unwrap();
    assert!(matches!(ended(&executor).await, Execution::Finished(Outcome::Applied { .. })));
    let lines = executor.progress(&run().id, 0).await.unwrap();
    assert_eq!(lines.iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>(), ["began", "ended"]);
    assert_eq!(executor.progress(&run().id, 1).await.unwrap(), lines[1..]);
    // Started again, by the executor or by hand: no second effect.
    executor.start(&run()).await.unwrap();
    let again = Command::new(hands()).args(["exec", RUN, "--data"]).arg(data.path()).status().unwrap();
    assert_eq!(again.code(), Some(3));
    assert_eq!(read(data.path(), "effects"), "x\n");
}

#[tokio::test]
async fn many_children_started_at_once_do_the_work_once() {
    let (data, executor) = scene("echo x >> effects");
    let start = || Command::new(hands()).args(["exec", RUN, "--data"]).arg(data.path()).spawn().unwrap();
    let children: Vec<_> = (0..8).map(|_| start()).collect();
    let codes: Vec<_> = children.into_iter().map(|mut child| child.wait().unwrap().code()).collect();
    assert_eq!(codes.iter().filter(|code| **code == Some(0)).count(), 1, "{codes:?}");
    assert!(matches!(ended(&executor).await, Execution::Finished(_)));
    assert_eq!(read(data.path(), "effects"), "x\n");
}

#[tokio::test]
async fn a_run_that_was_found_not_begun_can_never_begin() {
    let (data, executor) = scene("echo x >> effects");
    assert_eq!(executor.look(&run().id).await.unwrap(), Execution::NeverBegan);
    let late = Command::new(hands()).args(["exec", RUN, "--data"]).arg(data.path()).status().unwrap();
    assert_eq!(late.code(), Some(3));
    assert_eq!(executor.look(&run().id).await.unwrap(), Execution::NeverBegan);
    assert_eq!(read(data.path(), "effects"), "");
}

#[tokio::test]
async fn a_child_goes_on_when_its_worker_is_gone() {
    let (data, executor) = scene("until [ -e go ]; do sleep 0.01; done; echo x >> effects");
    let worker = executor.clone();
    // The worker's runtime ends with everything it held.
    std::thread::spawn(move || {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(worker.start(&run()))
    })
    .join()
    .unwrap()
    .unwrap();
    assert_eq!(executor.look(&run().id).await.unwrap(), Execution::Running);
    std::fs::write(data.path().join("go"), "").unwrap();
    assert!(matches!(ended(&executor).await, Execution::Finished(_)));
    assert_eq!(read(data.path(), "effects"), "x\n");
}

#[tokio::test]
async fn a_run_is_running_as_long_as_any_process_of_it_lives() {
    let (data, executor) = scene("echo last words; echo $$ > effect; while :; do sleep 1; done");
    executor.start(&run()).await.unwrap();
    until("the effect runs", || !read(data.path(), "effect").is_empty());
    kill(child(data.path()));
    until("the child is gone", || !runs(&child(data.path()).to_string()));
    assert_eq!(executor.look(&run().id).await.unwrap(), Execution::Running);
    let effect = read(data.path(), "effect");
    // The shell and whatever it sleeps in.
    let group = Command::new("pkill").args(["-KILL", "-s", &child(data.path()).to_string()]).status().unwrap();
    assert!(group.success());
    until("the effect is gone", || !runs(&effect));
    assert_eq!(ended(&executor).await, Execution::Lost { tail: vec!["last words".to_owned()] });
}

#[tokio::test]
async fn what_an_effect_leaves_running_is_ended_before_the_outcome() {
    let (data, executor) =
        scene("(setsid sh -c 'echo $$ > orphan; exec sleep 1000' &) ; until [ -s orphan ]; do :; done");
    executor.start(&run()).await.unwrap();
    assert!(matches!(ended(&executor).await, Execution::Finished(_)));
    assert!(!runs(&read(data.path(), "orphan")));
}

#[tokio::test]
async fn a_child_that_ignores_interrupt_is_still_stopped() {
    let (data, executor) = scene("trap '' INT; echo $$ > effect; while :; do sleep 0.05; done");
    executor.start(&run()).await.unwrap();
    until("the effect runs", || !read(data.path(), "effect").is_empty());
    executor.stop(&run().id).await.unwrap();
    assert!(!runs(&read(data.path(), "effect")));
    assert!(matches!(executor.look(&run().id).await.unwrap(), Execution::Lost { .. }));
}

#[tokio::test]
async fn a_program_that_takes_its_time_to_stop_gets_it_and_its_run_ends_with_an_outcome() {
    // Longer than a program gets that says nothing of how long it may take; and asked twice, it would say so.
    let (data, executor) = scene(
        "trap 'echo asked >> heard; sleep 12; echo saved >> heard; exit 1' INT TERM; echo $$ > effect; \
         while :; do sleep 0.05; done",
    );
    std::fs::write(data.path().join("followed"), "").unwrap();
    executor.start(&run()).await.unwrap();
    until("the effect runs", || !read(data.path(), "effect").is_empty());
    executor.stop(&run().id).await.unwrap();
    assert_eq!(read(data.path(), "heard"), "asked\nsaved\n");
    assert!(!runs(&read(data.path(), "effect")));
    let Execution::Finished(Outcome::Failed { problem, done, .. }) = executor.look(&run().id).await.unwrap() else {
        panic!("it left no outcome")
    };
    assert_eq!((problem.code, done.len()), (chopmark_domain::problem::Code::Cancelled, 1));
}

#[tokio::test]
async fn a_program_whose_child_was_killed_is_asked_once_and_may_finish() {
    let (data, executor) = scene(
        "trap 'echo asked >> heard; sleep 11; echo saved >> heard; exit 1' INT TERM; echo $$ > effect; \
         while :; do sleep 0.05; done",
    );
    std::fs::write(data.path().join("followed"), "").unwrap();
    executor.start(&run()).await.unwrap();
    until("the effect runs", || !read(data.path(), "effect").is_empty());
    kill(child(data.path()));
    executor.stop(&run().id).await.unwrap();
    assert_eq!(read(data.path(), "heard"), "asked\nsaved\n");
    assert!(matches!(executor.look(&run().id).await.unwrap(), Execution::Lost { .. }));
}

#[tokio::test]
async fn what_nobody_looks_after_any_more_is_ended_in_the_end() {
    let (data, executor) = scene("echo $$ > effect; exec sleep 1000");
    executor.start(&run()).await.unwrap();
    until("the effect runs", || !read(data.path(), "effect").is_empty());
    kill(child(data.path()));
    until("the child is gone", || !runs(&child(data.path()).to_string()));
    assert_eq!(executor.look(&run().id).await.unwrap(), Execution::Running, "it may finish what it does");
    assert!(matches!(ended(&executor).await, Execution::Lost { .. }));
    assert!(!runs(&read(data.path(), "effect")));
}

#[tokio::test]
async fn a_program_that_cannot_be_started_begins_nothing() {
    let data = tempfile::tempdir().unwrap();
    for binary in ["/nonexistent/chopmark", "/bin/false"] {
        let executor = SpoolExecutor::new(binary.into(), data.path().to_owned(), None);
        let problem = executor.start(&run()).await.unwrap_err();
        assert_eq!(problem.code, chopmark_domain::problem::Code::ExecFailed);
        assert_eq!(executor.look(&run().id).await.unwrap(), Execution::NeverBegan);
    }
}

#[test]
fn a_spool_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let data = tempfile::tempdir().unwrap();
    let spool = Spool::new(data.path(), &run().id);
    assert_eq!(spool.look().unwrap(), Execution::NeverBegan);
    assert_eq!(spool.folder().metadata().unwrap().permissions().mode() & 0o777, 0o700);
}
