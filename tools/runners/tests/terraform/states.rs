//! A state server for Terraform's `http` backend: one state, one lock, in memory.
//! Used by the tests of backends.
//! Must never answer anybody but this machine.

use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// What the server holds, and who asked for what.
#[derive(Default)]
pub(crate) struct Held {
    pub(crate) state: Option<Vec<u8>>,
    pub(crate) lock: Option<Vec<u8>>,
    pub(crate) asked: Vec<String>,
}

/// A server on a port of its own; it ends with the test's runtime.
pub(crate) async fn serve() -> (u16, Arc<Mutex<Held>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (port, held) = (listener.local_addr().unwrap().port(), Arc::new(Mutex::new(Held::default())));
    let shared = held.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(answer(stream, shared.clone()));
        }
    });
    (port, held)
}

async fn answer(mut stream: TcpStream, held: Arc<Mutex<Held>>) {
    let mut bytes = Vec::new();
    let (head, mut body) = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break (String::from_utf8_lossy(&bytes[..end]).to_lowercase(), bytes.split_off(end + 4));
        }
        if stream.read_buf(&mut bytes).await.unwrap_or(0) == 0 {
            return;
        }
    };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.trim().parse().ok());
    while body.len() < length.unwrap_or(0) && stream.read_buf(&mut body).await.unwrap_or(0) > 0 {}
    let method = head.split(' ').next().unwrap_or_default().to_owned();
    let (status, answer) = held.lock().unwrap().ask(&method, body);
    let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", answer.len());
    let _gone = stream.write_all(&[head.into_bytes(), answer].concat()).await;
}

impl Held {
    fn ask(&mut self, method: &str, body: Vec<u8>) -> (&'static str, Vec<u8>) {
        self.asked.push(method.to_owned());
        match (method, &self.state, &self.lock) {
            ("get", Some(state), _) => ("200 OK", state.clone()),
            ("get", None, _) => ("404 Not Found", Vec::new()),
            ("lock", _, Some(holder)) => ("423 Locked", holder.clone()),
            ("lock", _, None) => {
                self.lock = Some(body);
                ("200 OK", Vec::new())
            }
            ("unlock", _, _) => {
                self.lock = None;
                ("200 OK", Vec::new())
            }
            _ => {
                self.state = Some(body);
                ("200 OK", Vec::new())
            }
        }
    }
}
