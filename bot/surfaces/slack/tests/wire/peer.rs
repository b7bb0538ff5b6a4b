//! What plays Slack: started by each test, on a port of its own, and ended with it.
//! Used by the kit.
//! Must never be shared: a fault that one test asks for would meet another.

use http_body_util::BodyExt;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long anything may take before a test gives up.
pub(crate) const PATIENCE: Duration = Duration::from_secs(40);

pub(crate) struct Peer {
    child: Child,
    url: String,
    pub(crate) api: String,
}

/// Says why a test is left out; with `CI=true` nothing may be.
fn left_out() {
    assert!(std::env::var("CI").as_deref() != Ok("true"), "left out although CI=true: no Slack peer");
    // Written past the test runner's capture, so that it is seen when the test passes.
    let _ = writeln!(std::io::stderr(), "left out: needs CHOPMARK_TEST_SLACK, see tests/peers/slack/install");
}

impl Peer {
    /// One with its own settings; none where it is not installed.
    pub(crate) fn start(settings: &[(&str, &str)]) -> Option<Self> {
        let (folder, schemas) =
            match (std::env::var("CHOPMARK_TEST_SLACK"), std::env::var("CHOPMARK_TEST_SLACK_SCHEMAS")) {
                (Ok(folder), Ok(schemas)) => (folder, schemas),
                _ => {
                    left_out();
                    return None;
                }
            };
        let mut child = Command::new("node")
            .arg(Path::new(&folder).join("slack.mjs"))
            .env("PORT", "0")
            .env("SLACK_SCHEMAS", schemas)
            .envs(settings.iter().copied())
            .stdout(Stdio::piped())
            .spawn()
            .expect("node starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address: Value = serde_json::from_str(&line).expect("the peer says where it is");
        let text = |key: &str| address[key].as_str().unwrap().to_owned();
        Some(Self { child, url: text("url"), api: text("api") })
    }

    /// Makes something happen, or looks at what did.
    pub(crate) async fn control(&self, name: &str, body: Value) -> Value {
        let client = Client::builder(TokioExecutor::new()).build_http::<String>();
        let request = http::Request::post(format!("{}/_control/{name}", self.url)).body(body.to_string()).unwrap();
        let answer = client.request(request).await.unwrap();
        assert!(answer.status().is_success(), "{name}: {}", answer.status());
        let bytes = answer.into_body().collect().await.unwrap().to_bytes();
        serde_json::from_slice(&bytes).unwrap()
    }

    pub(crate) async fn state(&self) -> Value {
        self.control("state", json!({})).await
    }

    /// Our messages, oldest first.
    pub(crate) async fn ours(&self) -> Vec<Value> {
        self.every("messages", |message| message["user"] == "U0BOT").await
    }

    pub(crate) async fn every(&self, list: &str, is_it: impl Fn(&Value) -> bool) -> Vec<Value> {
        let state = self.state().await;
        state[list].as_array().unwrap().iter().filter(|entry| is_it(entry)).cloned().collect()
    }

    /// Calls of a method, as they came.
    pub(crate) async fn calls(&self, method: &str) -> Vec<Value> {
        let log = self.control("log", json!({})).await;
        log.as_array().unwrap().iter().filter(|entry| entry["method"] == method).cloned().collect()
    }

    pub(crate) async fn fault(&self, fault: Value) {
        self.control("fault", fault).await;
    }

    /// Waits until what is looked at is so.
    pub(crate) async fn until(&self, what: &str, is_it: impl Fn(&Value) -> bool) -> Value {
        let end = Instant::now() + PATIENCE;
        loop {
            let state = self.state().await;
            if is_it(&state) {
                return state;
            }
            assert!(Instant::now() < end, "waited in vain for {what}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Nothing that was sent is wrong in the eyes of the judge.
    pub(crate) async fn nothing_wrong(&self) {
        let problems = self.control("problems", json!({})).await;
        assert_eq!(problems, json!([]), "the judge found something");
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
