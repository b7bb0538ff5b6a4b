//! Models that others wrote, played by real servers on ports of their own.
//! Used by flows that speak through a model outside the program.
//! Must never know what the program should answer: scripts, faults and journals are the servers' own.

use super::scene::Scene;
use super::{http, wait_for};
use serde_json::Value;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};

/// A running model; it ends with the test.
pub(crate) struct Model {
    child: Child,
    /// `127.0.0.1:PORT`.
    pub(crate) place: String,
}

/// The key of the models; nobody checks it, and nobody may write it anywhere.
pub(crate) const KEY: &str = "CANARY-model-key-5c1d9e0b7a";

impl Model {
    /// One that answers by a script: fixtures as `@copilotkit/aimock` reads them. What no fixture matches is refused.
    pub(crate) fn scripted(scene: &Scene, fixtures: &Value) -> Option<Self> {
        let program = peer("CHOPMARK_TEST_AIMOCK")?;
        let file = scene.path("fixtures.json");
        std::fs::write(&file, fixtures.to_string()).unwrap();
        let mut command = Command::new(program);
        command.args(["-p", "0", "--strict", "--latency", "1", "-f"]).arg(file);
        Some(Self::start(scene, "scripted", command))
    }

    /// One that fails on demand and judges how its client bears it (llmock).
    pub(crate) fn failing(scene: &Scene, behaviours: &Value) -> Option<Self> {
        let mut command = Command::new(peer("CHOPMARK_TEST_LLMOCK")?);
        command.args(["serve", "-p", "0", "--log-level", "info"]);
        let model = Self::start(scene, "failing", command);
        let script = serde_json::json!({ "behaviors": behaviours }).to_string();
        let (status, answer) = http::json(&model.place, "POST", "/_llmock/scenario", &script);
        assert!(status < 300, "{answer}");
        Some(model)
    }

    /// Streams of bytes as no library makes them: the base URL's first part names the stream.
    pub(crate) fn odd(scene: &Scene) -> Option<Self> {
        let mut command = Command::new("node");
        command.arg(peer("CHOPMARK_TEST_RAW_SSE")?).env("PORT", "0");
        Some(Self::start(scene, "odd", command))
    }

    fn start(scene: &Scene, name: &str, mut command: Command) -> Self {
        let log = scene.path(&format!("model-{name}.log"));
        let file = std::fs::File::create(&log).unwrap();
        command.stdin(Stdio::null()).stdout(file.try_clone().unwrap()).stderr(file);
        let child = command.spawn().expect("the model starts");
        let place = wait_for(&format!("the {name} model"), || {
            let text = std::fs::read_to_string(&log).unwrap_or_default();
            let after = text.split("http://").skip(1).map(|rest| {
                rest.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | ':')).collect::<String>()
            });
            after.into_iter().find(|place| !place.ends_with(":0") && place.starts_with("127.0.0.1:"))
        });
        Self { child, place }
    }

    /// Lines of configuration that make it the one who is asked.
    pub(crate) fn config(&self, path: &str) -> String {
        config(&self.place, path)
    }

    /// Makes it the one who is asked in a scene, before everything that is configured there.
    pub(crate) fn serve(&self, scene: &mut Scene, path: &str, config: &str) {
        scene.write_config(&(config.to_owned() + &self.config(path)));
        scene.set("TEST_MODEL_KEY", KEY);
    }

    /// Every request that a scripted one has seen.
    pub(crate) fn journal(&self) -> Vec<Value> {
        let (_, text) = http::json(&self.place, "GET", "/__aimock/journal", "");
        serde_json::from_str(&text).expect("a journal is JSON")
    }

    /// What a failing one thinks of its client.
    pub(crate) fn verdict(&self) -> Value {
        let (_, text) = http::json(&self.place, "GET", "/_llmock/verdict", "");
        serde_json::from_str(&text).expect("a verdict is JSON")
    }

    /// Dies, as servers do.
    pub(crate) fn die(&mut self) {
        // Gone already is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn config(place: &str, path: &str) -> String {
    format!(
        "[model]\nuse = \"peer\"\n[models.peer]\nbase_url = \"http://{place}{path}\"\nmodel = \"peer-1\"\n\
         key = \"env:TEST_MODEL_KEY\"\nprice = {{ input = \"2.00\", output = \"8.00\", currency = \"USD\" }}\n",
    )
}

/// A model that thinks for ever: it begins to answer, and says when its client has gone.
pub(crate) struct Thinking {
    begun: Receiver<()>,
    gone: Receiver<()>,
}

impl Thinking {
    /// Makes it the one who is asked in a scene.
    pub(crate) fn serve(scene: &mut Scene) -> Self {
        Self::serve_beside(scene, "")
    }

    /// The same beside other configuration.
    pub(crate) fn serve_beside(scene: &mut Scene, other: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let place = listener.local_addr().unwrap().to_string();
        let ((begins, begun), (goes, gone)) = (channel(), channel());
        std::thread::spawn(move || {
            for mut stream in listener.incoming().map_while(Result::ok) {
                let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";
                let piece = r#"{"choices":[{"delta":{"content":"Let me think"},"finish_reason":null}]}"#;
                let mut bytes = [0; 16_384];
                // The question is one body, however many reads it takes: the answer may begin before its end.
                let _ = stream.read(&mut bytes);
                let _ = stream.write_all(format!("{head}data: {piece}\n\n").as_bytes());
                let _ = begins.send(());
                while stream.read(&mut bytes).is_ok_and(|read| read > 0) {}
                let _ = goes.send(());
            }
        });
        scene.write_config(&(other.to_owned() + &config(&place, "/v1")));
        scene.set("TEST_MODEL_KEY", KEY);
        Self { begun, gone }
    }

    /// Waits until it has begun to answer.
    #[track_caller]
    pub(crate) fn thinks(&self) {
        self.begun.recv_timeout(super::PATIENCE).expect("the model is asked");
    }

    /// Waits until its client has gone.
    #[track_caller]
    pub(crate) fn is_left(&self) {
        self.gone.recv_timeout(super::PATIENCE).expect("the question ends on the wire");
    }
}

impl Drop for Model {
    fn drop(&mut self) {
        self.die();
    }
}

fn peer(variable: &str) -> Option<String> {
    let program = std::env::var(variable).ok();
    if program.is_none() {
        super::left_out(&format!("a model: {variable} is not set; `tests/run` installs one"));
    }
    program
}
