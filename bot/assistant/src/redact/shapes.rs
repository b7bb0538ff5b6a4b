//! The shapes of secrets, each found from one word of a text.
//! Used by the redactor alone.
//! Must never look back or search the rest of the text again: long logs go through here.

use std::ops::Range;

/// Beginnings of tokens that only secrets have, with the fewest letters that follow.
const BEGINNINGS: &[(&str, usize)] = &[
    ("AKIA", 16),
    ("ASIA", 16),
    ("AIza", 30),
    ("ghp_", 20),
    ("gho_", 20),
    ("ghu_", 20),
    ("ghs_", 20),
    ("ghr_", 20),
    ("github_pat_", 20),
    ("glpat-", 16),
    ("xoxa-", 12),
    ("xoxb-", 12),
    ("xoxp-", 12),
    ("xoxr-", 12),
    ("xoxs-", 12),
    ("xapp-", 12),
    ("sk-", 20),
    ("sk_live_", 16),
    ("sk_test_", 16),
    ("rk_live_", 16),
    ("hvs.", 20),
    ("hvb.", 20),
    ("npm_", 30),
    ("pypi-", 30),
    ("dop_v1_", 30),
    ("dckr_pat_", 16),
    ("ya29.", 20),
    ("SG.", 30),
    ("eyJ", 30),
];

/// Ends of names whose values are secrets, in lower case, without `_`, `-` and `.`.
const NAMES: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "pwd",
    "secret",
    "token",
    "apikey",
    "accesskey",
    "secretkey",
    "privatekey",
    "accountkey",
    "credential",
    "credentials",
    "authorization",
];
/// The same in Chinese, where words have no ends.
const HAN_NAMES: &[&str] = &["密码", "口令", "密钥", "令牌"];

/// Beginnings of values that only refer to a secret.
const REFERENCES: &[&str] = &["env:", "file:", "null", "true", "false", "none", "${", "[", "{", "***", "<"];

/// Letters of a long word that only chance writes.
const LONG: usize = 28;
/// Most of a private key that is looked at.
const LONGEST_KEY: usize = 16_384;

/// A word: what a token may be made of.
pub(super) struct Word {
    pub(super) start: usize,
    pub(super) end: usize,
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'+')
}

/// The first word at or after `from`. Chinese letters make words of their own, as far as they reach.
pub(super) fn next_word(text: &str, from: usize) -> Option<Word> {
    let bytes = text.as_bytes();
    let start = from + bytes.get(from..)?.iter().position(|byte| is_word(*byte) || *byte >= 0x80)?;
    let han = bytes[start] >= 0x80;
    let own = |byte: &u8| if han { *byte >= 0x80 } else { is_word(*byte) };
    let end = start + bytes[start..].iter().position(|byte| !own(byte)).unwrap_or(bytes.len() - start);
    Some(Word { start: (start + escape(bytes, start)).min(end), end })
}

/// How much of a word belongs to an escape before it: results of tools are JSON, where `\n` stands before a word.
fn escape(bytes: &[u8], start: usize) -> usize {
    match (start.checked_sub(1).and_then(|before| bytes.get(before)), bytes.get(start)) {
        (Some(b'\\'), Some(b'n' | b't' | b'r' | b'b' | b'f')) => 1,
        (Some(b'\\'), Some(b'u')) => 5,
        _ => 0,
    }
}

/// A private key with its frame.
pub(super) fn private_key(text: &str, word: &Word) -> Option<Range<usize>> {
    if !text[word.start..word.end].starts_with("-----BEGIN") {
        return None;
    }
    let rest: &str = cut(&text[word.start..], LONGEST_KEY);
    let frame = rest.get(..rest.len().min(64)).unwrap_or(rest);
    if !frame.contains("PRIVATE KEY") {
        return None;
    }
    let end = rest.find("-----END").map(|at| {
        let line = rest[at..].find("KEY-----").map_or(8, |end| end + 8);
        at + line
    });
    Some(word.start..word.start + end.unwrap_or(rest.len()))
}

/// The text's first bytes, at most `limit`, cut between letters.
fn cut(text: &str, limit: usize) -> &str {
    let mut end = limit.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// What is assigned to a name that says secret.
pub(super) fn assigned(text: &str, word: &Word) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let name = &text[word.start..word.end];
    let han = bytes[word.start] >= 0x80;
    // A Chinese sentence is one word: the name stands at its end, or a wide colon ends it.
    let (name, mut at) = match (han, name.find('：')) {
        (true, Some(colon)) => (&name[..colon], word.start + colon),
        _ => (name, word.end),
    };
    while matches!(bytes.get(at), Some(b'"' | b'\'' | b'\\')) {
        at += 1;
    }
    at += bytes[at..].iter().take_while(|byte| **byte == b' ').count();
    at += match bytes.get(at)? {
        b'=' | b':' => 1,
        0xEF if text[at..].starts_with('：') => '：'.len_utf8(),
        _ => return None,
    };
    if !(if han { HAN_NAMES.iter().any(|own| name.ends_with(own)) } else { is_secret_name(name) }) {
        return None;
    }
    at += bytes[at..].iter().take_while(|byte| matches!(byte, b' ' | b'"' | b'\'' | b'\\')).count();
    for scheme in ["Bearer ", "Basic ", "bearer ", "basic "] {
        if text[at..].starts_with(scheme) {
            at += scheme.len();
        }
    }
    let rest = &text[at..];
    if REFERENCES.iter().any(|reference| rest.starts_with(reference)) {
        return None;
    }
    let ends =
        |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '\\' | ',' | ';' | '&' | '}' | ']' | '，' | '。');
    let long = rest.find(ends).unwrap_or(rest.len());
    (long >= 4).then_some(at..at + long)
}

fn is_secret_name(name: &str) -> bool {
    let bare = |c: &char| !matches!(c, '_' | '-' | '.');
    NAMES.iter().any(|own| {
        let mut letters = name.chars().rev().filter(bare).map(|c| c.to_ascii_lowercase());
        own.chars().rev().all(|c| letters.next() == Some(c))
    })
}

/// The password of an address such as `postgres://shop:…@db`.
pub(super) fn in_address(text: &str, word: &Word) -> Option<Range<usize>> {
    let rest = text[word.end..].strip_prefix("://")?;
    let begin = word.end + 3;
    let people =
        &rest[..rest.find(|c: char| c.is_whitespace() || matches!(c, '/' | '"' | '\'' | '\\')).unwrap_or(rest.len())];
    let end = people.rfind('@')?;
    let colon = people[..end].find(':')?;
    let secret = &people[colon + 1..end];
    (!secret.is_empty() && secret != super::GONE).then_some(begin + colon + 1..begin + end)
}

/// A word that is a secret by itself.
pub(super) fn known(text: &str, word: &Word) -> Option<Range<usize>> {
    let own = text[word.start..word.end].trim_end_matches(['.', '-']);
    if own.len() < 20 || !own.is_ascii() {
        return None;
    }
    let begins = BEGINNINGS
        .iter()
        .any(|(beginning, least)| own.strip_prefix(beginning).is_some_and(|rest| rest.len() >= *least));
    (begins || own.split(['-', '_', '.']).any(is_chance)).then_some(word.start..word.start + own.len())
}

/// Whether only chance writes such a word: long, of capital and small letters and digits, few of them twice.
fn is_chance(word: &str) -> bool {
    if word.len() < LONG {
        return false;
    }
    let has = |kind: fn(&u8) -> bool| word.bytes().filter(&kind).count() >= 3;
    let mixed = has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase) && has(u8::is_ascii_digit);
    let mut seen = [false; 128];
    let mut different = 0;
    for byte in word.bytes() {
        if let Some(seen) = seen.get_mut(usize::from(byte)).filter(|seen| !**seen) {
            *seen = true;
            different += 1;
        }
    }
    mixed && different >= 14
}
