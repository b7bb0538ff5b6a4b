//! A model's server that does exactly what a test wrote down, byte by byte, and keeps what it was sent.
//! Used by the tests of the wire; each has a peer of its own on a port of its own.
//! Must never be cleverer than its script.

use chopmark_assistant::models::ModelAddress;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// One thing the server does.
#[derive(Debug, Clone)]
pub(crate) enum Act {
    /// Sends bytes.
    Bytes(Vec<u8>),
    /// Waits.
    Wait(u64),
    /// Waits until the client has gone, and notes it.
    UntilGone,
}

/// An answer: acts in order, then the connection is closed.
pub(crate) type Script = Vec<Act>;

/// What the server was sent.
#[derive(Debug, Clone)]
pub(crate) struct Got {
    pub(crate) head: String,
    pub(crate) text: String,
}

impl Got {
    pub(crate) fn body(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }
}

/// The server.
pub(crate) struct Peer {
    pub(crate) port: u16,
    got: Arc<Mutex<Vec<Got>>>,
    gone: Arc<Mutex<usize>>,
}

impl Peer {
    /// Answers one request after the other by the scripts; the last one for all that follow.
    pub(crate) async fn playing(scripts: Vec<Script>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let peer = Self { port: listener.local_addr().unwrap().port(), got: Arc::default(), gone: Arc::default() };
        let (got, gone) = (peer.got.clone(), peer.gone.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (got, gone, scripts) = (got.clone(), gone.clone(), scripts.clone());
                tokio::spawn(async move { serve(stream, &got, &gone, &scripts).await });
            }
        });
        peer
    }

    /// Its address, with short patience.
    pub(crate) fn address(&self) -> ModelAddress {
        let mut address = ModelAddress::new("peer", &format!("http://127.0.0.1:{}/v1", self.port), "m");
        address.total = Duration::from_secs(10);
        address.first_byte = Duration::from_millis(400);
        address.stall = Duration::from_millis(300);
        address
    }

    pub(crate) fn got(&self) -> Vec<Got> {
        self.got.lock().unwrap().clone()
    }

    pub(crate) fn gone(&self) -> usize {
        *self.gone.lock().unwrap()
    }
}

async fn serve(mut stream: TcpStream, got: &Mutex<Vec<Got>>, gone: &Mutex<usize>, scripts: &[Script]) -> Option<()> {
    let mut bytes = Vec::new();
    let head = loop {
        let mut piece = [0; 16_384];
        let read = stream.read(&mut piece).await.ok().filter(|read| *read > 0)?;
        bytes.extend_from_slice(&piece[..read]);
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
    };
    let text = String::from_utf8_lossy(&bytes[..head]).to_lowercase();
    let length = text.lines().find_map(|line| line.strip_prefix("content-length: "))?.parse::<usize>().ok()?;
    while bytes.len() < head + length {
        let mut piece = [0; 16_384];
        let read = stream.read(&mut piece).await.ok().filter(|read| *read > 0)?;
        bytes.extend_from_slice(&piece[..read]);
    }
    let number = {
        let mut got = got.lock().unwrap();
        got.push(Got { head: text, text: String::from_utf8_lossy(&bytes[head..]).into_owned() });
        got.len()
    };
    for act in scripts.get(number - 1).or(scripts.last())? {
        match act {
            Act::Bytes(bytes) => stream.write_all(bytes).await.ok()?,
            Act::Wait(milliseconds) => tokio::time::sleep(Duration::from_millis(*milliseconds)).await,
            Act::UntilGone => {
                let mut piece = [0; 16];
                while stream.read(&mut piece).await.is_ok_and(|read| read > 0) {}
                *gone.lock().unwrap() += 1;
            }
        }
    }
    stream.shutdown().await.ok()
}

/// The head of a good answer.
const GOOD: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";

/// A good answer's head and some raw lines.
pub(crate) fn raw(lines: &str) -> Script {
    vec![Act::Bytes(format!("{GOOD}{lines}").into_bytes())]
}

/// A stream of pieces, with its end.
pub(crate) fn stream(pieces: &[Value]) -> Script {
    let mut lines = pieces.iter().map(|piece| format!("data: {piece}\n\n")).collect::<String>();
    lines.push_str("data: [DONE]\n\n");
    raw(&lines)
}

/// A piece of words.
pub(crate) fn words(text: &str) -> Value {
    json!({"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": null}]})
}

/// The piece that ends an answer.
pub(crate) fn end(reason: &str) -> Value {
    json!({"choices": [{"index": 0, "delta": {}, "finish_reason": reason}]})
}

/// A whole answer in words.
pub(crate) fn says(text: &str) -> Script {
    stream(&[words(text), end("stop"), json!({"choices": [], "usage": {"prompt_tokens": 100, "completion_tokens": 7}})])
}

/// A whole answer that calls tools; arguments are texts, so that they can be broken.
pub(crate) fn calls(calls: &[(&str, &str)]) -> Script {
    let pieces = calls.iter().enumerate().map(|(index, (tool, arguments))| {
        let call = json!({"index": index, "id": format!("call-{index}"), "type": "function",
            "function": {"name": tool, "arguments": arguments}});
        json!({"choices": [{"index": 0, "delta": {"tool_calls": [call]}, "finish_reason": null}]})
    });
    let pieces: Vec<Value> = pieces.chain([end("tool_calls")]).collect();
    stream(&pieces)
}

/// A refusal.
pub(crate) fn refuses(status: u16, headers: &str, error: &Value) -> Script {
    let body = json!({ "error": error }).to_string();
    let head = format!("HTTP/1.1 {status} No\r\ncontent-type: application/json\r\nconnection: close\r\n{headers}");
    vec![Act::Bytes(format!("{head}content-length: {}\r\n\r\n{body}", body.len()).into_bytes())]
}
