//! A state server for the program's `http` backend: a state, a lock, and the faults a test asks for.
//! Used by the tests of backends.
//! Must never outlive its test.

use chopmark_domain::environment::Backend;
use chopmark_domain::literal::Literal;
use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// What the server holds.
#[derive(Default)]
struct Held {
    state: Vec<u8>,
    lock: Option<String>,
    refuses_writes: bool,
    over: bool,
}

/// The server. It ends when it is dropped.
pub(crate) struct Peer {
    address: SocketAddr,
    held: Arc<Mutex<Held>>,
}

impl Peer {
    pub(crate) fn begin() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (address, held) = (listener.local_addr().unwrap(), Arc::new(Mutex::new(Held::default())));
        let serving = held.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut held = serving.lock().unwrap();
                if held.over {
                    return;
                }
                // A connection that breaks off is the program's affair.
                let _broken = answer(stream.unwrap(), &mut held);
            }
        });
        Self { address, held }
    }

    /// From now on, no state is taken.
    pub(crate) fn refuse_writes(&self) {
        self.held.lock().unwrap().refuses_writes = true;
    }

    /// Somebody holds the lock.
    pub(crate) fn hold(&self, id: &str) {
        self.held.lock().unwrap().lock = Some(serde_json::json!({"ID": id, "Who": "jo@host"}).to_string());
    }

    pub(crate) fn state(&self) -> String {
        String::from_utf8_lossy(&self.held.lock().unwrap().state).into_owned()
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.held.lock().unwrap().over = true;
        let _wakes_it = TcpStream::connect(self.address);
    }
}

/// The backend's settings for a server.
pub(crate) fn backend(peer: &Peer) -> Backend {
    let url = format!("http://{}/{{component}}", peer.address);
    let number = |value: i64| Literal::Integer(value);
    let settings = BTreeMap::from([
        ("address".to_owned(), Literal::Text(url.clone())),
        ("lock_address".to_owned(), Literal::Text(url.clone())),
        ("unlock_address".to_owned(), Literal::Text(url)),
        ("retry_max".to_owned(), number(0)),
    ]);
    Backend { kind: "http".to_owned(), settings }
}

fn answer(stream: TcpStream, held: &mut Held) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut first = String::new();
    reader.read_line(&mut first)?;
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? <= 2 {
            break;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let method = first.split(' ').next().unwrap_or_default();
    let (status, answer) = match method {
        "GET" if held.state.is_empty() => (404, Vec::new()),
        "GET" => (200, held.state.clone()),
        "POST" if held.refuses_writes => (500, Vec::new()),
        "POST" => {
            held.state = body;
            (200, Vec::new())
        }
        "LOCK" => match &held.lock {
            Some(other) => (423, other.clone().into_bytes()),
            None => {
                held.lock = Some(String::from_utf8_lossy(&body).into_owned());
                (200, Vec::new())
            }
        },
        "UNLOCK" => {
            held.lock = None;
            (200, Vec::new())
        }
        _ => (405, Vec::new()),
    };
    let mut stream = stream;
    write!(stream, "HTTP/1.1 {status} x\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", answer.len())?;
    stream.write_all(&answer)
}
