//! Output of programs: kept up to a bound, digested to the end.
//! Used by `run` for both streams.
//! Must never hold more than its bound, nor let a flood go on.

use chopmark_domain::digest::Digest;
use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncRead, AsyncReadExt as _};

/// How many times the kept bytes a program may write before it is stopped.
const FLOOD: u64 = 16;
/// The longest line that is handed on while a program runs; a longer one is only kept and digested.
const LONGEST_LINE: usize = 1 << 20;

/// What a program wrote to one stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Captured {
    /// The first bytes, up to the limit.
    pub kept: Vec<u8>,
    /// How many bytes there were in all.
    pub total: u64,
    /// SHA-256 of all of them.
    pub digest: Digest,
}

impl Captured {
    /// Of a stream that nobody could read to its end.
    pub(crate) fn nothing() -> Self {
        Self { kept: Vec::new(), total: 0, digest: Digest::of(&[]) }
    }

    /// Whether everything was kept.
    pub fn is_whole(&self) -> bool {
        self.total == self.kept.len() as u64
    }

    /// The last lines as text for people, without control characters.
    pub fn tail(&self, lines: usize) -> Vec<String> {
        tail(&self.kept, lines)
    }
}

/// The last lines of a text from outside, each cut to 400 characters, without control characters.
pub(crate) fn tail(bytes: &[u8], lines: usize) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes);
    let all: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    all[all.len().saturating_sub(lines)..]
        .iter()
        .map(|line| line.chars().filter(|c| !c.is_control()).take(400).collect())
        .collect()
}

/// A stream that was read, and whether it was a flood.
pub(crate) struct Reading {
    pub(crate) captured: Captured,
    pub(crate) flooded: bool,
}

/// Hands on the whole lines of a stream as they come.
pub(crate) struct Lines<'a> {
    hand_on: &'a (dyn Fn(&[u8]) + Sync),
    begun: Vec<u8>,
    too_long: bool,
}

impl<'a> Lines<'a> {
    pub(crate) fn new(hand_on: &'a (dyn Fn(&[u8]) + Sync)) -> Self {
        Self { hand_on, begun: Vec::new(), too_long: false }
    }

    fn take(&mut self, mut bytes: &[u8]) {
        while let Some(end) = bytes.iter().position(|byte| *byte == b'\n') {
            self.begin(&bytes[..end]);
            self.end();
            bytes = &bytes[end + 1..];
        }
        self.begin(bytes);
    }

    fn begin(&mut self, bytes: &[u8]) {
        self.too_long |= self.begun.len() + bytes.len() > LONGEST_LINE;
        if !self.too_long {
            self.begun.extend_from_slice(bytes);
        }
    }

    fn end(&mut self) {
        if !std::mem::take(&mut self.too_long) && !self.begun.is_empty() {
            (self.hand_on)(&self.begun);
        }
        self.begun.clear();
    }
}

/// Reads a stream to its end, or until it has become a flood.
pub(crate) async fn read(mut stream: impl AsyncRead + Unpin, keep: usize, mut lines: Lines<'_>) -> Reading {
    let mut hash = Sha256::new();
    let (mut kept, mut total, mut flooded) = (Vec::new(), 0_u64, false);
    let mut buffer = vec![0; 64 << 10];
    // A stream that cannot be read any more has ended for us.
    while let Ok(count @ 1..) = stream.read(&mut buffer).await {
        let bytes = &buffer[..count];
        hash.update(bytes);
        lines.take(bytes);
        total += count as u64;
        kept.extend_from_slice(&bytes[..count.min(keep - kept.len())]);
        if total > FLOOD.saturating_mul(keep as u64) {
            flooded = true;
            break;
        }
    }
    lines.end();
    Reading { captured: Captured { kept, total, digest: Digest::from(<[u8; 32]>::from(hash.finalize())) }, flooded }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;

    #[test]
    fn lines_are_handed_on_whole_however_they_arrive() {
        let seen = Mutex::new(Vec::new());
        let note = |line: &[u8]| seen.lock().map(|mut seen| seen.push(String::from_utf8_lossy(line).into_owned()));
        let hand_on = |line: &[u8]| note(line).unwrap_or_default();
        let mut lines = Lines::new(&hand_on);
        for part in ["on", "e\n\ntwo\nth", "ree"] {
            lines.take(part.as_bytes());
        }
        lines.take(&vec![b'x'; LONGEST_LINE + 1]);
        lines.take(b"\nfour");
        lines.end();
        assert_eq!(seen.into_inner().unwrap_or_default(), ["one", "two", "four"]);
    }
}
