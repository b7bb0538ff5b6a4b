//! Promises about running programs confined.
//! Run by `cargo test`.
//! Must never leave a process behind, whatever fails.

use crate::kit::{confiner, hands, runs, until};
use chopmark_domain::digest::Digest;
use chopmark_domain::problem::{Code, Problem};
use chopmark_runners::confine::{Confiner, Connect, End, Interrupt, Invocation, Limits, Policy, Ran};
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

fn shell(folder: &Path, script: &str) -> Invocation {
    let policy = Policy {
        write: vec![folder.to_owned()],
        limits: Limits { seconds: 20, grace_milliseconds: 200, ..Limits::default() },
        ..Policy::default()
    };
    Invocation {
        program: PathBuf::from("/bin/sh"),
        arguments: vec!["-c".to_owned(), script.to_owned()],
        environment: BTreeMap::from([("PATH".to_owned(), "/usr/bin:/bin".to_owned())]),
        folder: folder.to_owned(),
        input: Vec::new(),
        policy,
    }
}

async fn run(confiner: &Confiner, folder: &Path, script: &str) -> Result<Ran, Problem> {
    confiner.run(shell(folder, script)).await
}

fn out(ran: &Ran) -> String {
    String::from_utf8_lossy(&ran.stdout.kept).into_owned()
}

/// Whether Landlock can be tested; where a run must be complete, it has to be.
fn landlock() -> Option<Confiner> {
    let confiner = confiner();
    if confiner.isolation() == "reduced" {
        assert!(std::env::var_os("CI").is_none(), "this kernel has no Landlock");
        return None;
    }
    Some(confiner)
}

#[tokio::test]
async fn a_program_sees_only_the_named_variables() {
    let folder = tempfile::tempdir().unwrap();
    let mut invocation = shell(folder.path(), "");
    invocation.program = PathBuf::from("/usr/bin/env");
    invocation.arguments.clear();
    for confiner in [confiner(), Confiner::reduced(hands())] {
        let ran = confiner.run(invocation.clone()).await.unwrap();
        assert_eq!((out(&ran).as_str(), ran.exit), ("PATH=/usr/bin:/bin\n", Some(0)));
        assert_eq!(ran.environment, ["PATH"]);
    }
}

#[tokio::test]
async fn exit_output_and_digests_come_home() {
    let folder = tempfile::tempdir().unwrap();
    let ran = run(&confiner(), folder.path(), "echo out; echo err >&2; exit 7").await.unwrap();
    assert_eq!((ran.exit, out(&ran).as_str()), (Some(7), "out\n"));
    assert_eq!(ran.stderr.tail(3), ["err"]);
    assert_eq!(ran.record().stdout, Digest::of(b"out\n"));
    let killed = run(&confiner(), folder.path(), "kill -KILL $$").await.unwrap();
    assert_eq!(killed.exit, None);
}

#[tokio::test]
async fn what_a_program_reads_reaches_it_whole() {
    let folder = tempfile::tempdir().unwrap();
    let input = vec![b'x'; 3_000_000];
    let mut invocation = shell(folder.path(), "cat");
    invocation.input = input.clone();
    let ran = confiner().run(invocation.clone()).await.unwrap();
    assert_eq!(ran.stdout.digest, Digest::of(&input));
    // A program that reads nothing of it does not hold anything up.
    invocation.arguments[1] = "exit 0".to_owned();
    assert_eq!(confiner().run(invocation).await.unwrap().exit, Some(0));
}

#[tokio::test]
async fn a_program_that_ignores_interrupt_and_terminate_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let mut invocation =
        shell(folder.path(), "trap '' INT TERM; echo $$ > pid; echo waiting; while :; do sleep 1; done");
    invocation.policy.limits.seconds = 1;
    let begun = Instant::now();
    let problem = confiner().run(invocation).await.unwrap_err();
    assert!(begun.elapsed() < Duration::from_secs(15));
    assert_eq!(problem.code, Code::ProgramTimeout);
    assert_eq!(problem.facts["output"], "waiting");
    assert!(!runs(&std::fs::read_to_string(folder.path().join("pid")).unwrap()));
}

#[tokio::test]
async fn a_grandchild_that_forked_twice_and_left_the_group_is_ended() {
    let folder = tempfile::tempdir().unwrap();
    let script = "(setsid sh -c 'echo $$ > pid; exec sleep 1000' >/dev/null 2>&1 &) ; until [ -s pid ]; do :; done";
    for confiner in [confiner(), Confiner::reduced(hands())] {
        let ran = run(&confiner, folder.path(), script).await.unwrap();
        assert_eq!(ran.exit, Some(0));
        let pid = std::fs::read_to_string(folder.path().join("pid")).unwrap();
        assert!(!runs(&pid), "{pid} lives");
        std::fs::remove_file(folder.path().join("pid")).unwrap();
    }
}

#[tokio::test]
async fn giving_up_ends_the_program() {
    let folder = tempfile::tempdir().unwrap();
    let pid = folder.path().join("pid");
    let confiner = confiner();
    let running = run(&confiner, folder.path(), "trap '' INT TERM; echo $$ > pid; while :; do sleep 1; done");
    let seen = async {
        while std::fs::read_to_string(&pid).unwrap_or_default().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::select! { _ = running => panic!("it ended"), () = seen => {} }
    let pid = std::fs::read_to_string(pid).unwrap();
    until("the program is gone", || !runs(&pid));
}

#[tokio::test]
async fn output_is_kept_to_its_limit_and_digested_to_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let mut invocation = shell(folder.path(), "head -c 300000 /dev/zero");
    invocation.policy.limits.output_bytes = 100_000;
    let ran = confiner().run(invocation).await.unwrap();
    assert_eq!((ran.stdout.kept.len(), ran.stdout.total, ran.stdout.is_whole()), (100_000, 300_000, false));
    assert_eq!(ran.stdout.digest, Digest::of(&vec![0; 300_000]));
}

#[tokio::test]
async fn a_flood_of_output_is_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let mut invocation = shell(folder.path(), "trap '' PIPE; echo $$ > pid; while :; do echo yes; done 2>/dev/null");
    invocation.policy.limits.output_bytes = 1000;
    let begun = Instant::now();
    let problem = confiner().run(invocation).await.unwrap_err();
    assert_eq!(problem.code, Code::ProgramFailed);
    assert!(begun.elapsed() < Duration::from_secs(15));
    assert!(!runs(&std::fs::read_to_string(folder.path().join("pid")).unwrap()));
}

#[tokio::test]
async fn memory_files_and_modes_are_limited() {
    let folder = tempfile::tempdir().unwrap();
    let mut invocation = shell(folder.path(), "x=$(head -c 200000000 /dev/zero | tr '\\0' a); echo held");
    invocation.policy.limits.memory_bytes = 64 << 20;
    let ran = confiner().run(invocation).await.unwrap();
    assert_ne!((ran.exit, out(&ran).as_str()), (Some(0), "held\n"));
    let mut invocation = shell(folder.path(), "head -c 200000 /dev/zero > large; wc -c < large");
    invocation.policy.limits.file_bytes = 100_000;
    let ran = confiner().run(invocation).await.unwrap();
    assert_eq!(out(&ran).trim(), "100000");
    let ran = run(&confiner(), folder.path(), "touch file; stat -c %a file; ulimit -c").await.unwrap();
    assert_eq!(out(&ran), "600\n0\n");
}

#[tokio::test]
async fn the_kernel_keeps_a_program_inside_its_policy() {
    let Some(confiner) = landlock() else { return };
    let (folder, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let secret = outside.path().join("secret");
    std::fs::write(&secret, "secret").unwrap();
    std::fs::copy("/bin/true", outside.path().join("program")).unwrap();
    std::os::unix::fs::symlink(&secret, folder.path().join("link")).unwrap();
    let (outside, me) = (outside.path().display().to_string(), std::process::id());
    for attempt in [
        "cat /etc/shadow".to_owned(),
        "cat /proc/self/environ".to_owned(),
        format!("cat {outside}/secret"),
        "cat link".to_owned(),
        format!("ls {outside}"),
        format!("echo x > {outside}/new"),
        format!("echo x >> {outside}/secret"),
        format!("rm {outside}/secret"),
        format!("mv {outside}/secret {outside}/other"),
        format!("mkdir {outside}/new"),
        format!("ln {outside}/secret stolen"),
        "cp /bin/true ./own && ./own".to_owned(),
        format!("{outside}/program"),
        "echo x > /usr/new".to_owned(),
        format!("kill -0 {me}"),
    ] {
        let ran = run(&confiner, folder.path(), &attempt).await.unwrap();
        assert_ne!(ran.exit, Some(0), "{attempt}: {}", out(&ran));
        assert_eq!(out(&ran), "", "{attempt}");
    }
    assert_eq!(std::fs::read_to_string(secret).unwrap(), "secret");
}

#[tokio::test]
async fn the_kernel_lets_a_program_connect_only_to_named_ports() {
    let Some(confiner) = landlock() else { return };
    let Ok(bash) = chopmark_runners::confine::find("bash", OsStr::new("/usr/bin:/bin")) else { return };
    let folder = tempfile::tempdir().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let mut invocation = shell(folder.path(), &format!("exec 3<>/dev/tcp/127.0.0.1/{port}"));
    invocation.program = bash;
    for (connect, reaches) in [
        (Connect::Nowhere, false),
        (Connect::Ports(vec![443]), false),
        (Connect::Ports(vec![port]), true),
        (Connect::Anywhere, true),
    ] {
        invocation.policy.connect = connect.clone();
        let ran = confiner.run(invocation.clone()).await.unwrap();
        assert_eq!(ran.exit == Some(0), reaches, "{connect:?}: {:?}", ran.stderr.tail(2));
    }
}

#[tokio::test]
async fn reduced_isolation_says_so_and_still_limits() {
    let confiner = Confiner::reduced(hands());
    assert_eq!(confiner.isolation(), "reduced");
    let folder = tempfile::tempdir().unwrap();
    let mut invocation = shell(folder.path(), "ulimit -c; cat /proc/self/stat | wc -l; sleep 100");
    invocation.policy.limits.seconds = 1;
    let problem = confiner.run(invocation).await.unwrap_err();
    assert_eq!((problem.code, problem.facts["output"].as_str()), (Code::ProgramTimeout, "0\n1"));
}

#[tokio::test]
async fn a_program_is_found_once_by_absolute_folders_only() {
    let found = chopmark_runners::confine::find("sh", OsStr::new(".:bin:/usr/bin:/bin")).unwrap();
    assert!(found.is_absolute());
    let missing = chopmark_runners::confine::find("no-such-program", OsStr::new("/usr/bin")).unwrap_err();
    assert_eq!((missing.code, missing.facts["program"].as_str()), (Code::ProgramMissing, "no-such-program"));
    let folder = tempfile::tempdir().unwrap();
    let mut invocation = shell(folder.path(), "");
    invocation.program = PathBuf::from("sh");
    assert_eq!(confiner().run(invocation.clone()).await.unwrap_err().code, Code::ExecFailed);
    invocation.program = folder.path().join("gone");
    assert_eq!(confiner().run(invocation).await.unwrap_err().code, Code::ExecFailed);
}

#[tokio::test]
async fn lines_come_home_while_the_program_runs() {
    let folder = tempfile::tempdir().unwrap();
    let go = folder.path().join("go");
    // The program ends only after its first line was heard.
    let hear = |line: &[u8]| {
        assert!(line == b"first" || line == b"last");
        std::fs::write(&go, "").unwrap();
    };
    let script = "echo first; until [ -e go ]; do sleep 0.01; done; printf last";
    let followed = confiner().follow(shell(folder.path(), script), &hear).await.unwrap();
    assert_eq!((followed.end, out(&followed.ran).as_str()), (End::Itself, "first\nlast"));
}

#[tokio::test]
async fn a_followed_program_is_interrupted_once_and_may_finish_what_it_does() {
    let folder = tempfile::tempdir().unwrap();
    let told = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let telling = told.clone();
    let interrupt = Interrupt::new(move |patience| telling.lock().unwrap().push(patience));
    let script =
        "trap 'echo asked >> heard; sleep 0.05; echo finished; exit 1' INT; echo ready; while :; do sleep 0.01; done";
    let confiner = confiner().interrupted_by(interrupt.clone());
    let asking = interrupt.clone();
    let hear = move |line: &[u8]| {
        if line == b"ready" {
            assert!(asking.is_heard());
            asking.ask();
        }
    };
    let followed = confiner.follow(shell(folder.path(), script), &hear).await.unwrap();
    assert_eq!((followed.end, followed.ran.exit), (End::Interrupted, Some(1)));
    assert_eq!(out(&followed.ran), "ready\nfinished\n");
    assert_eq!(std::fs::read_to_string(folder.path().join("heard")).unwrap(), "asked\n");
    assert!(!interrupt.is_heard());
    assert!(told.lock().unwrap()[0] > Duration::from_millis(400), "both graces");
    // A program that only answers is not disturbed.
    assert_eq!(run(&confiner, folder.path(), "sleep 0.1; echo ok").await.unwrap().exit, Some(0));
}

#[tokio::test]
async fn what_a_program_did_until_its_time_was_over_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let mut invocation =
        shell(folder.path(), "trap 'echo asked; exit 3' INT; echo begun; while :; do sleep 0.01; done");
    invocation.policy.limits.seconds = 1;
    let followed = confiner().follow(invocation, &|_| ()).await.unwrap();
    assert_eq!(
        (followed.end, followed.ran.exit, out(&followed.ran)),
        (End::Timeout, Some(3), "begun\nasked\n".to_owned())
    );
}
