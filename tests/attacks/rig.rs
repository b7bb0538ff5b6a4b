//! What every attack is measured with: a canary, a recorder of whatever leaves, and a count of effects.
//! Used by all sections; the recorder is a server on loopback that plays the attacker's and every proxy.
//! Must never answer with anything that an attacked program could use.

use crate::kit::people::{Person, rule};
use crate::kit::scene::{Finished, Scene};
use crate::kit::terraform::files_with;
use crate::kit::world::Repository;
use serde_json::Value;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A secret: whoever shows, sends or writes it has leaked it.
pub(super) const CANARY: &str = "CANARY-9d41e6b07c5a2f38";
/// The variable that holds it.
pub(super) const CANARY_VARIABLE: &str = "CHOPMARK_ATTACK_CANARY";
/// The sentence that most attacks begin with.
pub(super) const DEPLOY: &str = "deploy image nginx:1.27 as cart in shop with 2 replicas";
/// The same for Terraform.
pub(super) const NOTE: &str = "create a note called hello in dev with text \"one\"";
/// What holds the component of [`NOTE`].
pub(super) const HELLO: &str = "main/hello";

/// Whatever connects is written down: the address of the attacker, and the proxy on the way to any other.
pub(super) struct Egress {
    /// `127.0.0.1:PORT`.
    pub(super) place: String,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Egress {
    /// Begins to listen.
    pub(super) fn listen() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let place = listener.local_addr().unwrap().to_string();
        let heard: Arc<Mutex<Vec<String>>> = Arc::default();
        let kept = heard.clone();
        std::thread::spawn(move || {
            for mut stream in listener.incoming().map_while(Result::ok) {
                let _ = stream.set_read_timeout(Some(Duration::from_millis(200)));
                let mut first = [0; 512];
                let read = stream.read(&mut first).unwrap_or(0);
                kept.lock().unwrap().push(String::from_utf8_lossy(&first[..read]).into_owned());
                let _ = stream.write_all(b"HTTP/1.0 404 Not Found\r\nContent-Length: 0\r\n\r\n");
            }
        });
        Self { place, heard }
    }

    /// A scene's runs reach every other machine only through here, and hold the canary.
    pub(super) fn watch(&self, scene: &mut Scene) {
        for name in ["http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"] {
            scene.set(name, &format!("http://{}", self.place));
        }
        for name in ["no_proxy", "NO_PROXY"] {
            scene.set(name, "127.0.0.1,localhost");
        }
        scene.set(CANARY_VARIABLE, CANARY);
    }

    /// Fails when anything came.
    #[track_caller]
    pub(super) fn is_silent(&self) {
        let heard = self.heard.lock().unwrap();
        assert!(heard.is_empty(), "something left the machine: {heard:?}");
    }
}

/// Effects of an environment: commits of its repository, and runs whose ticket was used.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Effects(usize, usize);

/// Counts them.
#[track_caller]
pub(super) fn effects(scene: &Scene, environment: &str) -> Effects {
    let path = scene.data().join("repositories").join(environment);
    let commits = if path.join(".git").exists() { Repository::at(&path).count() } else { 0 };
    let runs = if scene.database().exists() { scene.sql("select count(*) from runs").unwrap() } else { vec![] };
    Effects(commits, runs.first().map_or(0, |row| row[0].parse().unwrap()))
}

/// Fails when anything of a person's data, or of what was said, holds the canary.
#[track_caller]
pub(super) fn no_leak(scene: &Scene, said: &str) {
    assert!(!said.contains(CANARY), "the canary was shown:\n{said}");
    let held = files_with(&scene.path("home/.local"), CANARY);
    assert_eq!(held, Vec::<String>::new(), "the canary was written");
}

/// The last code that a run said.
#[track_caller]
pub(super) fn code(finished: &Finished) -> String {
    let events = finished.events();
    let codes = events.iter().rev().filter_map(|event| {
        let problem = event["problem"]["code"].as_str();
        problem.or_else(|| event["code"].as_str()).map(str::to_owned)
    });
    codes.into_iter().next().unwrap_or_else(|| panic!("no code in {}", finished.words()))
}

/// The embedded environment under a rule that only I decide by.
pub(super) fn mine() -> String {
    rule(&[Person::Me], 1, true, "1h")
}

/// Lets a worker look at everything that is due: a conversation in which nothing of consequence is said.
pub(super) fn let_the_worker_work(scene: &Scene) {
    let mut talk = scene.talk();
    for line in ["list components", "what changed today?"] {
        talk.say(line);
        talk.until("an answer", |event| event["kind"] == "answer");
    }
    talk.end();
}

/// Whether no process is at work on it and none will be: it has ended or waits for people.
pub(super) fn rests(state: &str) -> bool {
    !["draft", "approved", "claimed", "executing", "applied", "verifying", "planning"].contains(&state)
}

/// Lets workers work until a change rests; its state.
#[track_caller]
pub(super) fn settled(scene: &Scene, change: &str) -> String {
    let mut talk = scene.talk();
    let state = crate::kit::wait_for("rest", || Some(scene.state(change)).filter(|state| rests(state)));
    talk.say("list components");
    talk.until("an answer", |event| event["kind"] == "answer");
    talk.end();
    state
}

/// Takes away the database's own guards of a table, as somebody with the file could.
pub(super) fn unguard(scene: &Scene, table: &str) {
    let triggers = format!("select name from sqlite_master where type = 'trigger' and tbl_name = '{table}'");
    for row in scene.sql(&triggers).unwrap() {
        scene.sql(&format!("drop trigger \"{}\"", row[0])).unwrap();
    }
}

/// The entries of the ledger.
pub(super) fn ledger(scene: &Scene) -> Vec<Value> {
    let rows = scene.sql("select bytes from ledger order by sequence").unwrap();
    rows.iter().map(|row| serde_json::from_str(&row[0]).unwrap()).collect()
}

/// What a text can do to a terminal, or to the eye of who reads it: none of it may come out of the program raw.
#[track_caller]
pub(super) fn harmless(shown: &str) {
    for (what, found) in [
        ("an escape", shown.contains('\u{1b}')),
        ("a bell", shown.contains('\u{7}')),
        ("a C1 control", shown.chars().any(|c| ('\u{80}'..'\u{a0}').contains(&c))),
        ("a carriage return", shown.contains('\r')),
        ("a backspace", shown.contains('\u{8}')),
        (
            "a mark that turns writing round",
            shown.chars().any(|c| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')),
        ),
    ] {
        assert!(!found, "{what} in {shown:?}");
    }
}
