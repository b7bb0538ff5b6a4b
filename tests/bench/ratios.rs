//! What it costs, as ratios within one run: a draft, a start, memory, a change against bare tools.
//! Run by `tests/run bench`; prints and judges, and fails where a promise of a bound is broken.
//! Must never compare with a number from another run or machine.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a benchmark fails by panicking")]
#![expect(clippy::print_stdout, reason = "printing is what it is for")]

#[path = "../kit/mod.rs"]
mod kit;

mod bare;
mod chatting;
mod drafting;
mod talking;
mod terraform;

use kit::cluster::Cluster;
use kit::scene::{PROGRAM, Scene, finish};
use kit::screen::Screen;
use std::process::Command;
use std::time::{Duration, Instant};

/// The middle of several runs: a machine's hiccups fall off both ends.
fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn timed(work: impl FnOnce()) -> Duration {
    let begin = Instant::now();
    work();
    begin.elapsed()
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn main() {
    // Cargo adds options of its own; a word is a part to measure alone.
    let only = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    let mut broken = Vec::new();
    let parts: [(&str, &dyn Fn() -> Vec<String>); 6] = [
        ("drafting", &|| drafting::bench().into_iter().collect()),
        ("talking", &talking::bench),
        ("chatting", &chatting::bench),
        ("resting", &|| {
            starting();
            resting();
            Vec::new()
        }),
        ("kubernetes", &|| changing().into_iter().collect()),
        ("terraform", &terraform::bench),
    ];
    for (name, measure) in parts {
        if only.as_deref().is_none_or(|only| name.contains(only)) {
            broken.extend(measure());
        }
    }
    assert!(broken.is_empty(), "bounds are broken: {broken:?}");
}

/// Start to first prompt, against a start that does nothing.
fn starting() {
    let scene = Scene::new();
    let nothing = median((0..9).map(|_| timed(|| drop(scene.run(&["--version"])))).collect());
    let first = timed(|| drop(scene.chat(&["quit"])));
    let piped = median((0..9).map(|_| timed(|| drop(scene.chat(&["quit"])))).collect());
    println!("start: nothing but --version {:.1} ms", milliseconds(nothing));
    println!("  first start in an empty home, to the end of a conversation: {:.1} ms", milliseconds(first));
    println!("  later starts, the same: {:.1} ms", milliseconds(piped));
    let begin = Instant::now();
    if let Some(screen) = Screen::open(&scene, "bench", "") {
        screen.shows("hree things to try");
        println!(
            "  to the first prompt of a real terminal: {:.1} ms (goal: under 2000)",
            milliseconds(begin.elapsed())
        );
        screen.line("quit");
    }
}

/// Memory of a conversation at rest, against the smallest program there is.
fn resting() {
    let scene = Scene::new();
    let mut talk = scene.talk();
    talk.say("list components");
    talk.until("an answer", |event| event["kind"] == "answer");
    let resident = |id: u32| {
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok()).unwrap_or_default() / 1024.0
    };
    let mut shell = Command::new("sleep").arg("60").spawn().expect("sleep starts");
    let floor = kit::wait_for("sleep to be there", || Some(resident(shell.id())).filter(|size| *size > 0.5));
    println!("memory at rest: {:.1} MB (sleep: {floor:.1} MB)", resident(talk.id()));
    shell.kill().unwrap();
    shell.wait().unwrap();
    talk.end();
}

/// Rounds of the change; each rolls one pod.
const ROUNDS: usize = 5;

/// A Kubernetes change through the program, and through a bare program that does the same work.
fn changing() -> Option<String> {
    let cluster = Cluster::with("bench")?;
    cluster.kubectl(&["create", "namespace", "bench"]);
    let scene = cluster.scene();
    let sentence = "deploy image localhost/web:1 as cart in bench with 1 replica, 64Mi memory, port 8080";
    let change = scene.propose(sentence);
    finish(&mut scene.program(&["approve", &change]), b"").ended(0);
    let repository = scene.data().join("repositories/dev");
    let bare = bare::Bare::prepare(&cluster, &repository, &scene.path("bare"));
    let mut talk = scene.talk();
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let image = if round % 2 == 0 { "localhost/web:2" } else { "localhost/web:1" };
        theirs.push(timed(|| bare.change(image)));
        ours.push(timed(|| {
            talk.say(&format!("set cart's image to {image}"));
            talk.until_state("awaiting_approval");
            talk.say("approve");
            let result = talk.until("the result", |event| event["kind"] == "result");
            assert_eq!(result["state"], "succeeded", "{result}");
        }));
    }
    talk.end();
    let (ours, theirs) = (median(ours), median(theirs));
    let bound = (theirs.mul_f64(1.2)).max(theirs + Duration::from_millis(50));
    println!("a Kubernetes change ({PROGRAM}): {:.0} ms", milliseconds(ours));
    println!(
        "  the same dry runs, commit, applies and waits by a bare kube-rs program: {:.0} ms",
        milliseconds(theirs)
    );
    println!("  ratio {:.2} (bound: 1.2 or 50 ms, whichever is larger)", ours.as_secs_f64() / theirs.as_secs_f64());
    (ours > bound).then(|| format!("a Kubernetes change: {ours:?} against {theirs:?}"))
}
