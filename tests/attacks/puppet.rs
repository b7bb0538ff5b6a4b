//! A model that does what the attack says: any call of any tool, any words, round after round.
//! A server on loopback that speaks the protocol of the real ones; it keeps every body that it was sent.
//! Must never decide anything itself: each answer is a function of how often it was asked and of what it was sent.

use crate::kit::http;
use crate::kit::scene::Scene;
use serde_json::{Value, json};
use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// What it says once.
pub(super) enum Says {
    /// Calls of tools: names and arguments. A text as arguments goes as it is, broken or not.
    Calls(Vec<(String, Value)>),
    /// Words.
    Words(String),
    /// Both.
    Both(String, Vec<(String, Value)>),
}

/// One call.
pub(super) fn call(tool: &str, arguments: Value) -> Says {
    Says::Calls(vec![(tool.to_owned(), arguments)])
}

/// Words.
pub(super) fn words(text: &str) -> Says {
    Says::Words(text.to_owned())
}

/// The running model; it ends with the tests.
pub(super) struct Puppet {
    place: String,
    sent: Arc<Mutex<Vec<String>>>,
}

impl Puppet {
    /// Begins to play: `answers` gets how often it was asked before, and the body.
    pub(super) fn plays(answers: impl Fn(usize, &Value) -> Says + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let place = listener.local_addr().unwrap().to_string();
        let sent: Arc<Mutex<Vec<String>>> = Arc::default();
        let kept = sent.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let Some(body) = http::body_of(&stream) else { continue };
                let asked = {
                    let mut kept = kept.lock().unwrap();
                    kept.push(body.clone());
                    kept.len() - 1
                };
                let body: Value = serde_json::from_str(&body).unwrap_or_default();
                answer(&stream, asked, answers(asked, &body));
            }
        });
        Self { place, sent }
    }

    /// One that says these in turn, and then the last for ever.
    pub(super) fn says(mut script: Vec<Says>) -> Self {
        let last = script.pop().expect("it says something");
        let script = Mutex::new((script.into_iter().map(Some).collect::<Vec<_>>(), last));
        Self::plays(move |asked, _| {
            let mut script = script.lock().unwrap();
            let (first, last) = &mut *script;
            first.get_mut(asked).and_then(Option::take).unwrap_or_else(|| match last {
                Says::Calls(calls) => Says::Calls(calls.clone()),
                Says::Words(text) => Says::Words(text.clone()),
                Says::Both(text, calls) => Says::Both(text.clone(), calls.clone()),
            })
        })
    }

    /// Makes it the one who is asked, after what is configured already.
    pub(super) fn serve(&self, scene: &mut Scene, config: &str) {
        let model = format!(
            "[model]\nuse = \"puppet\"\n[models.puppet]\nbase_url = \"http://{}/v1\"\nmodel = \"p\"\nkey = \"env:PUPPET_KEY\"\n",
            self.place
        );
        scene.write_config(&format!("{config}\n{model}"));
        scene.set("PUPPET_KEY", super::rig::CANARY);
    }

    /// Every body that it was sent.
    pub(super) fn sent(&self) -> Vec<String> {
        self.sent.lock().unwrap().clone()
    }

    /// What it was told in answer to its calls, in all conversations.
    pub(super) fn told(&self) -> Vec<String> {
        let results = self.sent().into_iter().flat_map(|body| {
            let body: Value = serde_json::from_str(&body).unwrap();
            let messages = body["messages"].as_array().cloned().unwrap_or_default();
            messages.into_iter().filter(|message| message["role"] == "tool")
        });
        results.map(|message| message["content"].to_string()).collect()
    }
}

fn answer(mut stream: &TcpStream, asked: usize, says: Says) {
    let (text, calls) = match says {
        Says::Calls(calls) => (String::new(), calls),
        Says::Words(text) => (text, vec![]),
        Says::Both(text, calls) => (text, calls),
    };
    let calls: Vec<Value> = calls
        .into_iter()
        .enumerate()
        .map(|(place, (tool, arguments))| {
            let arguments = arguments.as_str().map_or_else(|| arguments.to_string(), str::to_owned);
            json!({"index": place, "id": format!("c{asked}-{place}"), "type": "function",
                   "function": {"name": tool, "arguments": arguments}})
        })
        .collect();
    let reason = if calls.is_empty() { "stop" } else { "tool_calls" };
    let mut delta = json!({"role": "assistant", "content": text});
    if !calls.is_empty() {
        delta["tool_calls"] = json!(calls);
    }
    let piece = json!({"choices": [{"index": 0, "delta": delta, "finish_reason": reason}]});
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";
    let _ = stream.write_all(format!("{head}data: {piece}\n\ndata: [DONE]\n\n").as_bytes());
}
