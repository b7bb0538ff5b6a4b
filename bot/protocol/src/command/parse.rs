//! The parser: a plain text to a command, or to none.
//! Called by the router for every line, before the assistant sees it.
//! Must never guess: what is not exactly a command is a sentence.

use super::{Arguments, Command, Form, Name, REGISTRY, Resolution, access, channel, when};
use chopmark_domain::ids::{ChangeId, TemplateName};

/// The command that a plain text (see [`crate::request::Heard`]) is an exact form of; none for every sentence.
pub fn parse(plain: &str) -> Option<Command> {
    let text = plain.trim();
    let text = text.strip_suffix('.').unwrap_or(text).trim_end();
    if text.contains('\n') {
        return None;
    }
    // The longest word first: "audit verify" is not "audit" followed by something.
    let mut words: Vec<(&str, &Form)> =
        REGISTRY.iter().flat_map(|form| form.en.iter().chain(form.zh).map(move |word| (*word, form))).collect();
    words.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
    let exact = words.into_iter().find_map(|(word, form)| command(form, tail(calm(form, text), word)?));
    let scheduled = || when::sentence(text).map(|(change, when)| Command::Schedule { change, when });
    exact.or_else(|| access::question(text)).or_else(scheduled)
}

/// Whoever stops everything may be loud about it.
fn calm<'a>(form: &Form, text: &'a str) -> &'a str {
    match form.name {
        Name::Halt => text.trim_end_matches(['!', '！', '.', '。']).trim_end(),
        _ => text,
    }
}

/// What follows the words of a form, if the text begins with them. Words may stand apart by any number of spaces.
fn tail<'a>(text: &'a str, words: &str) -> Option<&'a str> {
    let mut rest = text;
    for word in words.split(' ') {
        rest = rest.trim_start();
        let head = rest.get(..word.len())?;
        if !head.eq_ignore_ascii_case(word) {
            return None;
        }
        rest = &rest[word.len()..];
        let apart = rest.chars().next().is_none_or(|c| c.is_whitespace() || matches!(c, ':' | ','));
        // Chinese is written without spaces: an id may follow at once.
        let follows = |start: &str| rest.to_ascii_lowercase().starts_with(start);
        let joined = follows("chg-") || BECAUSE.iter().any(|because| follows(because)) || channel::begins_kind(rest);
        let joined = joined && !word.is_ascii();
        if !apart && !joined {
            return None;
        }
    }
    Some(rest.trim_start_matches([':', ',']).trim())
}

fn command(form: &Form, tail: &str) -> Option<Command> {
    match form.arguments {
        Arguments::None => {
            if !tail.is_empty() {
                return None;
            }
            Some(match form.name {
                Name::Changes => Command::Changes,
                Name::Components => Command::Components,
                Name::AuditVerify => Command::AuditVerify,
                Name::AuditShow => Command::AuditShow,
                Name::AuditExport => Command::AuditExport,
                Name::Lift => Command::Lift,
                Name::Subscriptions => Command::Subscriptions,
                Name::Help => Command::Help,
                Name::Quit => Command::Quit,
                _ => return None,
            })
        }
        Arguments::Change => {
            let change = only_change(tail)?;
            Some(match form.name {
                Name::Cancel => Command::Cancel { change },
                Name::Undo => Command::Undo { change },
                Name::Details => Command::Details { change },
                Name::PlanAgain => Command::PlanAgain { change },
                Name::Prompt => Command::Prompt { change },
                Name::Status => Command::Status { change },
                _ => return None,
            })
        }
        Arguments::ChangeAndPrompt => match leading_change(tail) {
            (change, "") => Some(Command::Show { change }),
            (change, "--prompt") => Some(Command::Prompt { change }),
            _ => None,
        },
        Arguments::ChangeAndConfirmation => {
            let (change, rest) = leading_change(tail);
            Some(Command::Approve { confirm: confirmation(change.is_some(), rest)?, change })
        }
        Arguments::ChangeAndWords => {
            let (change, rest) = leading_change(tail);
            match form.name {
                Name::Reject => {
                    Some(Command::Reject { change, why: Some(rest).filter(|why| !why.is_empty()).map(str::to_owned) })
                }
                // Without an id, words after "edit" are a sentence like any other.
                Name::Edit if change.is_some() || rest.is_empty() => {
                    Some(Command::Edit { change, words: rest.to_owned() })
                }
                _ => None,
            }
        }
        Arguments::ChangeAndTime => {
            let (change, rest) = leading_change(tail);
            Some(Command::Schedule { change, when: when::when(rest)? })
        }
        Arguments::ChangeAndResolution => {
            let (change, rest) = leading_change(tail);
            Some(Command::Resolve { change: change?, resolution: resolution(rest)? })
        }
        Arguments::Because => because(tail).map(|why| Command::Halt { why }),
        Arguments::Template => {
            if tail.is_empty() {
                return Some(Command::Templates { name: None });
            }
            let name = tail.strip_prefix("show ").unwrap_or(tail).trim();
            if name == "list" {
                return Some(Command::Templates { name: None });
            }
            Some(Command::Templates { name: Some(TemplateName::parse(name).ok()?) })
        }
        Arguments::LinkCode => access::link(tail),
        Arguments::Identity => access::unlink(tail),
        Arguments::Access => access::explain(tail),
        Arguments::Code => {
            let digits = tail.get(..3).filter(|head| head.eq_ignore_ascii_case("cm-")).map_or(tail, |_| &tail[3..]);
            let is_number = digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_digit());
            Some(Command::Explain { code: is_number.then(|| digits.parse().ok())?? })
        }
        Arguments::Language => channel::lang(tail),
        Arguments::Kinds => channel::kinds(tail).map(|kinds| match form.name {
            Name::Unsubscribe => Command::Unsubscribe { kinds },
            _ => Command::Subscribe { kinds },
        }),
    }
}

/// What a reason begins with.
const BECAUSE: [&str; 5] = ["because of ", "because ", "because:", "因为", "原因"];

/// Nothing, or a reason: other words make a sentence of it, such as "stop everything in dev".
fn because(tail: &str) -> Option<Option<String>> {
    if tail.is_empty() {
        return Some(None);
    }
    let lower = tail.to_ascii_lowercase();
    let why = BECAUSE.iter().find_map(|because| lower.starts_with(because).then(|| &tail[because.len()..]))?;
    let why = why.trim_start_matches([':', ',', '：', '，', ' ']).trim();
    (!why.is_empty()).then(|| Some(why.to_owned()))
}

/// Nothing, or an id and nothing else.
fn only_change(tail: &str) -> Option<Option<ChangeId>> {
    match leading_change(tail) {
        (change, "") => Some(change),
        _ => None,
    }
}

/// The id a tail begins with, and what follows it.
pub(super) fn leading_change(tail: &str) -> (Option<ChangeId>, &str) {
    let end = tail.find(|c: char| c.is_whitespace() || matches!(c, ':' | ',')).unwrap_or(tail.len());
    match ChangeId::parse(&tail[..end].to_ascii_lowercase()) {
        Ok(change) => (Some(change), tail[end..].trim_start_matches([':', ',']).trim()),
        Err(_) => (None, tail),
    }
}

/// The typed name: after `--confirm`, or alone after an id. "approve it" is no decision.
fn confirmation(has_change: bool, rest: &str) -> Option<Option<String>> {
    if rest.is_empty() {
        return Some(None);
    }
    let name = match rest.strip_prefix("--confirm") {
        Some(name) => name.strip_prefix([' ', '='])?.trim(),
        None if has_change => rest,
        None => return None,
    };
    let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    is_name.then(|| Some(name.to_owned()))
}

fn resolution(text: &str) -> Option<Resolution> {
    match text.to_ascii_lowercase().as_str() {
        "applied" | "已生效" => Some(Resolution::Applied),
        "partial" | "部分生效" => Some(Resolution::Partial),
        "not_started" | "not-started" | "not started" | "未开始" => Some(Resolution::NotStarted),
        _ => None,
    }
}
