//! Lines from a pipe, one at a time, however long or broken they are.
//! Read by the terminal's loop when the input is not a terminal.
//! Must never hold more of a line than a request may have, and never end at a bad one.

use chopmark_domain::problem::{Code, Problem};
use chopmark_protocol::request::{self, LONGEST};
use std::io::{BufRead, ErrorKind};
use tokio::sync::mpsc;

/// A line, or why it cannot be one.
pub(super) type Line = Result<String, Problem>;

/// Reads the next line; none at the end of the input, or where it cannot be read any further.
pub(super) fn next(input: &mut impl BufRead) -> Option<Line> {
    let mut kept = Vec::new();
    let mut length = 0;
    let mut begun = false;
    let mut ended = false;
    while !ended {
        let chunk = match input.fill_buf() {
            Ok(chunk) => chunk,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(_) => return None,
        };
        if chunk.is_empty() {
            if !begun {
                return None;
            }
            break;
        }
        begun = true;
        let end = chunk.iter().position(|byte| *byte == b'\n');
        let line = &chunk[..end.unwrap_or(chunk.len())];
        // One byte more than a request may have shows that it has more; the rest is read and dropped.
        let room = (LONGEST + 1).saturating_sub(kept.len()).min(line.len());
        kept.extend_from_slice(&line[..room]);
        length += line.len();
        ended = end.is_some();
        let used = end.map_or(chunk.len(), |end| end + 1);
        input.consume(used);
    }
    Some(if length > LONGEST {
        Err(Problem::new(Code::RequestTooLong).with("length", length).with("limit", LONGEST))
    } else {
        request::decode(&kept)
    })
}

/// Standard input as a channel that holds one line: the next is read while the last is worked on,
/// and none further.
pub(super) fn standard_input() -> mpsc::Receiver<Line> {
    let (sender, receiver) = mpsc::channel(1);
    // A thread, because a blocking read of standard input would keep the runtime from ending.
    std::thread::spawn(move || {
        let mut input = std::io::stdin().lock();
        while let Some(line) = next(&mut input) {
            if sender.blocking_send(line).is_err() {
                break;
            }
        }
    });
    receiver
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::BufReader;

    fn lines(bytes: &[u8], capacity: usize) -> Vec<Line> {
        let mut input = BufReader::with_capacity(capacity, bytes);
        std::iter::from_fn(|| next(&mut input)).collect()
    }

    fn text(text: &str) -> Line {
        Ok(text.to_owned())
    }

    #[test]
    fn a_line_ends_with_either_kind_of_end_or_with_the_input() {
        assert_eq!(lines(b"one\ntwo\r\n\nlast", 2), [text("one"), text("two"), text(""), text("last")]);
        assert_eq!(lines(b"", 2), []);
    }

    #[test]
    fn a_line_that_is_not_utf8_says_where_and_the_next_one_is_read() {
        let broken = Problem::new(Code::InvalidText).with("position", 3);
        assert_eq!(lines(b"ab\xff\xfe\nnext\n", 64), [Err(broken), text("next")]);
    }

    #[test]
    fn a_line_of_ten_megabytes_is_dropped_and_the_next_one_is_read() {
        let mut bytes = vec![b'x'; 10_000_000];
        bytes.extend_from_slice(b"\nnext\n");
        let long = Problem::new(Code::RequestTooLong).with("length", 10_000_000).with("limit", LONGEST);
        assert_eq!(lines(&bytes, 8192), [Err(long), text("next")]);
    }

    proptest! {
        #[test]
        fn no_bytes_stop_the_reading(bytes in proptest::collection::vec(any::<u8>(), 0..200), capacity in 1_usize..9) {
            let ends = bytes.iter().filter(|byte| **byte == b'\n').count();
            let unfinished = usize::from(bytes.last().is_some_and(|byte| *byte != b'\n'));
            prop_assert_eq!(lines(&bytes, capacity).len(), ends + unfinished);
        }
    }
}
