//! A conversation led by a script: say a line, wait for an event.
//! Used where a test must act in the middle of a conversation.
//! Must never sleep for luck: every wait is for a named event.

use super::PATIENCE;
use serde_json::Value;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Instant;

/// A running conversation.
pub(crate) struct Talk {
    child: Child,
    stdin: Option<ChildStdin>,
    lines: Receiver<String>,
    heard: Vec<String>,
}

impl Talk {
    /// Starts the program with pipes.
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .expect("the program starts");
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in stdout.lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        Self { stdin: child.stdin.take(), child, lines, heard: Vec::new() }
    }

    /// The process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Types a line.
    pub(crate) fn say(&mut self, line: &str) {
        let stdin = self.stdin.as_mut().expect("the conversation goes on");
        writeln!(stdin, "{line}").expect("the program listens");
    }

    /// The next line that is said; none when the program has ended.
    #[track_caller]
    pub(crate) fn next_line(&mut self, waiting_for: &str) -> Option<String> {
        match self.lines.recv_timeout(PATIENCE) {
            Ok(line) => {
                self.heard.push(line.clone());
                Some(line)
            }
            Err(std::sync::mpsc::RecvTimeoutError::Disconnected) => None,
            Err(std::sync::mpsc::RecvTimeoutError::Timeout) => {
                panic!("waited in vain for {waiting_for}; heard:\n{}", self.heard.join("\n"))
            }
        }
    }

    /// Waits for an event that fits, dropping those before it.
    #[track_caller]
    pub(crate) fn until(&mut self, what: &str, fits: impl Fn(&Value) -> bool) -> Value {
        let end = Instant::now() + PATIENCE;
        loop {
            let Some(line) = self.next_line(what) else {
                panic!("it ended before {what}; heard:\n{}", self.heard.join("\n"));
            };
            let event: Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error} in {line:?}"));
            if fits(&event) {
                return event;
            }
            assert!(Instant::now() < end, "waited in vain for {what}; heard:\n{}", self.heard.join("\n"));
        }
    }

    /// Waits for a card in that state.
    #[track_caller]
    pub(crate) fn until_state(&mut self, state: &str) -> Value {
        self.until(state, |event| event["kind"] == "card" && event["state"] == state)
    }

    /// Ends the input and waits for the end; the exit code.
    pub(crate) fn end(mut self) -> Option<i32> {
        self.stdin = None;
        while self.next_line("the end").is_some() {}
        self.child.wait().unwrap().code()
    }
}

impl Drop for Talk {
    fn drop(&mut self) {
        // Already ended in the good case.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
