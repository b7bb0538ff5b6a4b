//! What plays Discord: a program of its own for each test, its control door, and what it remembers.
//! Used by every test of the wire.
//! Must never outlive its test, nor end one without looking at what was found wrong.

use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// How long anything may take that must happen.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// A running stand-in; it ends with the test.
pub(crate) struct Peer {
    child: Child,
    /// `http://127.0.0.1:PORT`.
    pub(crate) url: String,
    pub(crate) public_key: String,
    pub(crate) token: String,
}

impl Peer {
    /// Starts one; none, with a word, where none is installed.
    pub(crate) fn start() -> Option<Self> {
        Self::with(&[])
    }

    /// Starts one with settings of its own.
    pub(crate) fn with(settings: &[(&str, &str)]) -> Option<Self> {
        let Ok(folder) = std::env::var("CHOPMARK_TEST_DISCORD") else {
            left_out("Discord: CHOPMARK_TEST_DISCORD is not set; `tests/run` installs what plays it");
            return None;
        };
        let mut command = Command::new("node");
        command.arg(format!("{folder}/discord.mjs")).env("PORT", "0").envs(settings.iter().copied());
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("node starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let said: Value = serde_json::from_str(&line).expect("it says where it is");
        let text = |field: &str| said[field].as_str().unwrap().to_owned();
        Some(Self { child, url: text("url"), public_key: text("public_key"), token: text("token") })
    }

    /// Makes something happen, or looks at something.
    pub(crate) async fn act(&self, name: &str, options: Value) -> Value {
        let place = self.url.trim_start_matches("http://");
        let body = options.to_string();
        // Version 1.0: the answer ends with the connection.
        let request =
            format!("POST /_control/{name} HTTP/1.0\r\nhost: {place}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
        let mut stream = TcpStream::connect(place).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        let answer = String::from_utf8(answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.contains(" 200 "), "{name}: {answer}");
        serde_json::from_str(body).unwrap()
    }

    /// Looks at something.
    pub(crate) async fn look(&self, name: &str) -> Value {
        self.act(name, json!({})).await
    }

    /// What was asked of its API by that method and on paths that hold that text.
    pub(crate) async fn asked(&self, method: &str, path: &str) -> Vec<Value> {
        let log = self.look("log").await;
        let fits = |entry: &&Value| {
            entry["method"] == method && entry["path"].as_str().is_some_and(|asked| asked.contains(path))
        };
        log.as_array().unwrap().iter().filter(fits).cloned().collect()
    }

    /// Messages of ours that are there.
    pub(crate) async fn ours(&self) -> Vec<Value> {
        let state = self.look("state").await;
        let ours = |message: &&Value| message["author"]["id"] == "900";
        state["messages"].as_array().unwrap().iter().filter(ours).cloned().collect()
    }

    /// A message, as it is now.
    pub(crate) async fn message(&self, id: &str) -> Value {
        let state = self.look("state").await;
        let messages = state["messages"].as_array().unwrap();
        messages.iter().find(|message| message["id"] == id).expect("the message is there").clone()
    }

    /// An interaction, as it was answered.
    pub(crate) async fn interaction(&self, id: &Value) -> Value {
        let state = self.look("state").await;
        let all = state["interactions"].as_array().unwrap();
        all.iter().find(|one| one["id"] == *id).expect("the interaction is there").clone()
    }

    /// Waits until an interaction was answered with that type, within Discord's three seconds.
    pub(crate) async fn answered(&self, id: &Value, with: u64) -> Value {
        let answered = until("the interaction is answered", async || {
            let one = self.interaction(id).await;
            (!one["answered"].is_null()).then_some(one)
        })
        .await;
        assert_eq!(answered["answered"], with, "{answered}");
        answered
    }

    /// The end of a test: nothing was found wrong.
    pub(crate) async fn is_content(&self) {
        assert_eq!(self.look("problems").await, json!([]));
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // Gone already is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits for something.
pub(crate) async fn until<T>(what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = ask().await {
            return found;
        }
        assert!(begun.elapsed() < PATIENCE, "{what}: not within {PATIENCE:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[expect(clippy::print_stdout, reason = "the sum of `tests/run` counts these lines")]
pub(crate) fn left_out(what: &str) {
    println!("left out: {what}");
}
