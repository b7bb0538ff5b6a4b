//! Plain HTTP to servers of the tests, by hand.
//! Used by the witnesses in this kit.
//! Must never reach beyond the loopback interface.

use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// One request with further header lines; status and body.
pub(crate) fn request(place: &str, method: &str, path: &str, headers: &[&str], body: &str) -> (u16, String) {
    assert!(place.starts_with("127.0.0.1:"), "{place}");
    let mut stream = TcpStream::connect(place).expect("a server of the tests listens");
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    // The older version of the protocol: the answer ends with the connection and is never in chunks.
    let mut head = format!("{method} {path} HTTP/1.0\r\nHost: {place}\r\nContent-Length: {}\r\n", body.len());
    for header in headers {
        head += &format!("{header}\r\n");
    }
    stream.write_all(format!("{head}\r\n{body}").as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    (status, answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).unwrap_or_default())
}

/// One request whose body is JSON.
pub(crate) fn json(place: &str, method: &str, path: &str, body: &str) -> (u16, String) {
    request(place, method, path, &["Content-Type: application/json", "Connection: close"], body)
}

/// The body of the request that a server of the tests is sent; none for what is no request.
pub(crate) fn body_of(stream: &TcpStream) -> Option<String> {
    let mut lines = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        lines.read_line(&mut line).ok().filter(|read| *read > 0)?;
        if line.trim().is_empty() {
            break;
        }
        if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    lines.read_exact(&mut body).ok()?;
    String::from_utf8(body).ok()
}
