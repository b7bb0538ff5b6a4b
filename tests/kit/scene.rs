//! A scene: folders of its own and the real program run in them.
//! Made at the beginning of nearly every test; its folders go with it.
//! Must never let a run see the home, configuration or environment of whoever runs the tests.

use super::people::Person;
use super::talk::Talk;
use serde_json::Value;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// The program under test.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_chopmark");

/// How a run of the program ended.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Finished {
    /// Fails unless it ended with that code.
    #[track_caller]
    pub(crate) fn ended(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }

    /// Both streams, for looking for words.
    pub(crate) fn words(&self) -> String {
        format!("{}{}", self.stdout, self.stderr)
    }

    /// Fails unless every one of `wanted` was said.
    #[track_caller]
    pub(crate) fn says(self, wanted: &[&str]) -> Self {
        let words = self.words();
        for text in wanted {
            assert!(words.contains(text), "{text:?} is not in:\n{words}");
        }
        self
    }

    /// The lines of standard output as JSON objects.
    #[track_caller]
    pub(crate) fn events(&self) -> Vec<Value> {
        let read = |line: &str| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error} in {line:?}"));
        self.stdout.lines().filter(|line| !line.is_empty()).map(read).collect()
    }
}

/// Folders of its own, and the program run in them.
pub(crate) struct Scene {
    root: TempDir,
    /// Further environment variables of every run.
    extra: Vec<(String, String)>,
}

impl Scene {
    /// The embedded default: no configuration file, an empty home.
    pub(crate) fn new() -> Self {
        let root = tempfile::Builder::new().prefix("chopmark-scene-").tempdir().unwrap();
        for folder in ["home", "work"] {
            std::fs::create_dir(root.path().join(folder)).unwrap();
        }
        Self { root, extra: Vec::new() }
    }

    /// With a configuration file; `{root}` in it is the scene's folder.
    pub(crate) fn with_config(text: &str) -> Self {
        let scene = Self::new();
        scene.write_config(text);
        scene
    }

    pub(crate) fn write_config(&self, text: &str) {
        let folder = self.path("home/.config/chopmark");
        std::fs::create_dir_all(&folder).unwrap();
        let text = text.replace("{root}", &self.root.path().display().to_string());
        std::fs::write(folder.join("config.toml"), text).unwrap();
    }

    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.extra.retain(|(known, _)| known != name);
        self.extra.push((name.to_owned(), value.to_owned()));
    }

    /// A path inside the scene.
    pub(crate) fn path(&self, inside: &str) -> PathBuf {
        self.root.path().join(inside)
    }

    /// The data folder.
    pub(crate) fn data(&self) -> PathBuf {
        self.path("home/.local/share/chopmark")
    }

    /// The database.
    pub(crate) fn database(&self) -> PathBuf {
        self.data().join("chopmark.db")
    }

    /// The repository that is made for the embedded environment.
    pub(crate) fn repository(&self) -> PathBuf {
        self.data().join("repositories/local")
    }

    /// Sets the environment that every run has, and nothing else.
    pub(crate) fn dress(&self, command: &mut Command) {
        command.env_clear().env("PATH", std::env::var("PATH").unwrap()).env("HOME", self.path("home"));
        command.env("LANG", "C.UTF-8").current_dir(self.path("work"));
        command.envs(self.extra.iter().map(|(name, value)| (name, value)));
    }

    /// The program with arguments, dressed for this scene, as whoever runs the tests.
    pub(crate) fn program(&self, arguments: &[&str]) -> Command {
        self.program_as(Person::Me, arguments)
    }

    /// The same as somebody else.
    pub(crate) fn program_as(&self, person: Person, arguments: &[&str]) -> Command {
        let mut command = person.command(PROGRAM);
        command.args(arguments);
        self.dress(&mut command);
        command
    }

    /// Runs a command to its end without input.
    #[track_caller]
    pub(crate) fn run(&self, arguments: &[&str]) -> Finished {
        finish(&mut self.program(arguments), b"")
    }

    /// Runs a command to its end as somebody else.
    #[track_caller]
    pub(crate) fn run_as(&self, person: Person, arguments: &[&str]) -> Finished {
        finish(&mut self.program_as(person, arguments), b"")
    }

    /// Types lines into a pipe and waits until everything has come to rest.
    #[track_caller]
    pub(crate) fn chat(&self, lines: &[&str]) -> Finished {
        finish(&mut self.program(&["chat"]), (lines.join("\n") + "\n").as_bytes())
    }

    /// The same bytes for bytes.
    #[track_caller]
    pub(crate) fn chat_bytes(&self, input: &[u8]) -> Finished {
        finish(&mut self.program(&["chat"]), input)
    }

    /// A command whose answer is JSON lines.
    #[track_caller]
    pub(crate) fn json(&self, arguments: &[&str]) -> Vec<Value> {
        let mut all = vec!["--json"];
        all.extend(arguments);
        self.run(&all).events()
    }

    /// A conversation that a script leads by events.
    pub(crate) fn talk(&self) -> Talk {
        Talk::start(self.program(&["--json", "chat"]))
    }

    /// Proposes and returns the change that waits for approval.
    #[track_caller]
    pub(crate) fn propose(&self, words: &str) -> String {
        let finished = self.run(&["--json", "ask", words]).ended(4);
        change_of(&finished.events())
    }

    /// Proposes and approves, down to success.
    #[track_caller]
    pub(crate) fn carry_out(&self, words: &str) -> String {
        let change = self.propose(words);
        self.run(&["approve", &change]).ended(0);
        assert_eq!(self.state(&change), "succeeded");
        change
    }

    /// Where a change stands.
    #[track_caller]
    pub(crate) fn state(&self, change: &str) -> String {
        let card = self.card(change);
        card["state"].as_str().unwrap_or_else(|| panic!("a card has a state: {card}")).to_owned()
    }

    /// A change's card.
    #[track_caller]
    pub(crate) fn card(&self, change: &str) -> Value {
        let events = self.json(&["show", change]);
        let card = events.iter().rev().find(|event| event["kind"] == "card");
        card.unwrap_or_else(|| panic!("show draws a card: {events:?}")).clone()
    }

    /// The ledger holds together, says the program.
    #[track_caller]
    pub(crate) fn ledger_verifies(&self) {
        self.run(&["audit", "verify"]).ended(0);
    }

    /// SQL on the database behind the program's back.
    #[track_caller]
    pub(crate) fn sql(&self, statement: &str) -> Result<Vec<Vec<String>>, String> {
        let script = "import sqlite3, sys, json\n\
            c = sqlite3.connect(sys.argv[1], timeout=20)\n\
            r = c.execute(sys.argv[2]).fetchall()\n\
            c.commit()\n\
            print(json.dumps([[str(x) for x in row] for row in r]))";
        let output = Command::new("python3")
            .args(["-c", script])
            .arg(self.database())
            .arg(statement)
            .output()
            .expect("python3 speaks SQLite");
        if output.status.success() {
            Ok(serde_json::from_slice(&output.stdout).unwrap())
        } else {
            Err(String::from_utf8_lossy(&output.stderr).into_owned())
        }
    }

    /// Takes away the right to write a folder or file, or gives it back.
    pub(crate) fn permit(&self, path: &Path, mode: u32) {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    }
}

/// The change that events speak of.
#[track_caller]
pub(crate) fn change_of(events: &[Value]) -> String {
    let change = events.iter().rev().find_map(|event| event["change"].as_str());
    change.unwrap_or_else(|| panic!("no change in {events:?}")).to_owned()
}

/// Runs to the end with that input; a run that outlives the tests' patience is killed and fails.
#[track_caller]
pub(crate) fn finish(command: &mut Command, input: &[u8]) -> Finished {
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    // A program that ends before it has read everything closes the pipe; that is its right.
    let writer = std::thread::spawn(move || stdin.write_all(&input));
    let id = child.id();
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || sender.send(child.wait_with_output()));
    let Ok(output) = receiver.recv_timeout(super::PATIENCE) else {
        super::crash::kill(id);
        panic!("it did not end: {command:?}");
    };
    let _ = writer.join();
    let output = output.unwrap();
    Finished {
        code: output.status.code(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}
