//! Answers at once: a problem told to whoever pressed, and the message that a slash command's thread begins with.
//! Called by the adapter, outside the outbox.
//! Must never draw a name or a person's words as anything but text.

use super::rich::{Look, Voice, blocks, line};
use super::{body, lines};
use crate::limits::NAME_CHARACTERS;
use crate::markup;
use chopmark_domain::change::Language;
use chopmark_domain::problem::Problem;
use chopmark_protocol::line::Line;
use chopmark_protocol::messages::{Arg, text};
use chopmark_protocol::words;
use serde_json::Value;

/// Longest sentence that is repeated: the first message of a thread is no place to read long texts in.
const ASKED: usize = 1_000;

/// A problem: what happened, what was and was not changed, the next step.
pub fn problem(problem: &Problem, language: Language) -> Value {
    let lines = words::problem(language, problem);
    let summary = lines.first().map(Line::plain).unwrap_or_default();
    body("", &summary, &blocks(&lines::pieces(&lines), Voice::House))
}

/// The root of a slash command's thread: who asks, and what.
pub fn asked(name: &str, words: &str, language: Language) -> Value {
    let (name, words) = (markup::line(name, NAME_CHARACTERS), markup::line(words, ASKED));
    let said = text(language, "chat-asked", &[("name", Arg::from(&name)), ("words", Arg::from(&words))]);
    body("", &said, &blocks(&[line(&said, Look::Plain)], Voice::House))
}
