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
/// Letters of a secret key of AWS.
const AWS: usize = 40;
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
    // In prose a blank follows nearly every word: names are not looked for there.
    if !han && bytes.get(at) == Some(&b' ') && !name.starts_with("--") {
        let next = text[at..].trim_start_matches(' ');
        if !(next.starts_with([':', '=', '：']) || next.starts_with("is ")) {
            return None;
        }
    }
    if !(if han { HAN_NAMES.iter().any(|own| ends_with(name, own)) } else { is_secret_name(name) }) {
        return None;
    }
    let is_said = if han { said_in_chinese(text, word, &mut at) } else { said_in_english(text, &mut at) };
    if !is_said {
        at = value(text, at, name.starts_with("--"))?;
    }
    at += bytes[at..].iter().take_while(|byte| matches!(byte, b' ' | b'"' | b'\'' | b'\\')).count();
    for scheme in SCHEMES {
        if text.get(at..at + scheme.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(scheme)) {
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
    // The mark that ends a sentence belongs to the sentence.
    let long = if is_said { rest[..long].trim_end_matches(['.', '!', '?', '！', '？']).len() } else { long };
    // A sentence about a password says more often what becomes of it than what it is.
    let tells = !is_said || (long >= 6 && rest[..long].bytes().any(|byte| byte.is_ascii_digit()));
    (long >= 4 && tells).then_some(at..at + long)
}

/// How secrets are presented in headers.
const SCHEMES: [&str; 4] = ["bearer ", "basic ", "token ", "apikey "];

/// Where the value of a name begins: after `=` or `:`, after the blank of an option, or after the word `value` that
/// stands beside the name in lists of variables.
fn value(text: &str, from: usize, option: bool) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = from;
    while matches!(bytes.get(at), Some(b'"' | b'\'' | b'\\')) && !text[at..].starts_with("\\n") {
        at += 1;
    }
    let blanks = bytes[at..].iter().take_while(|byte| **byte == b' ').count();
    match bytes.get(at + blanks)? {
        b'=' | b':' => return Some(at + blanks + 1),
        0xEF if text[at + blanks..].starts_with('：') => return Some(at + blanks + '：'.len_utf8()),
        _ if option && blanks > 0 => return Some(at + blanks),
        _ => {}
    }
    let mut rest = &text[at..];
    while let Some(next) = rest.strip_prefix("\\n").or_else(|| rest.strip_prefix([',', ' ', '"', '\'', '\n', '\\'])) {
        rest = next;
    }
    let rest = rest.strip_prefix("value")?.trim_start_matches(['"', '\'', '\\', ' ']).strip_prefix(':')?;
    Some(text.len() - rest.len())
}

/// Whether ` is ` stands there, which is passed over then.
fn said_in_english(text: &str, at: &mut usize) -> bool {
    let said = text[*at..].starts_with(" is ");
    *at += if said { " is ".len() } else { 0 };
    said
}

/// Whether the Chinese word ends in 是 or 为 after the name; the value stands right after it.
fn said_in_chinese(text: &str, word: &Word, at: &mut usize) -> bool {
    let said = *at == word.end && text[word.start..word.end].ends_with(['是', '为']);
    *at = if said { word.end } else { *at };
    said
}

/// Whether a Chinese word ends in a name, with or without the word for "is".
fn ends_with(word: &str, name: &str) -> bool {
    word.strip_suffix(['是', '为']).unwrap_or(word).ends_with(name)
}

fn is_secret_name(name: &str) -> bool {
    let bare = |byte: &u8| !matches!(byte, b'_' | b'-' | b'.');
    let letters = || name.bytes().rev().filter(bare).map(|byte| byte.to_ascii_lowercase());
    // Every word comes here, and most of them end otherwise.
    let last = letters().next();
    NAMES.iter().filter(|own| own.bytes().next_back() == last).any(|own| {
        let mut letters = letters();
        own.bytes().rev().all(|byte| letters.next() == Some(byte))
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
    if begins || own.split(['-', '_', '.']).any(is_chance) {
        return Some(word.start..word.start + own.len());
    }
    None
}

/// A secret key of AWS: forty letters of base64, slashes among them.
pub(super) fn aws(text: &str, word: &Word) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let is_base64 = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'+');
    if word.start > 0 && bytes.get(word.start - 1).is_some_and(|byte| is_base64(byte) || *byte == b'.') {
        return None;
    }
    let long = bytes[word.start..].iter().take(AWS + 1).take_while(|byte| is_base64(byte)).count();
    let own = text.get(word.start..word.start + AWS).filter(|_| long == AWS)?;
    let slashed = own.contains(['/', '+']) && bytes.get(word.start + AWS) != Some(&b'.');
    (slashed && is_mixed(own, 5, 1, 20)).then_some(word.start..word.start + AWS)
}

/// Whether only chance writes such a word: long, of capital and small letters and digits, few of them twice.
fn is_chance(word: &str) -> bool {
    if word.len() < LONG {
        return false;
    }
    is_mixed(word, 3, 3, 14)
}

/// Whether a word has so many capital and so many small letters, digits, and different ones.
fn is_mixed(word: &str, letters: usize, digits: usize, least: usize) -> bool {
    let has = |kind: fn(&u8) -> bool, least: usize| word.bytes().filter(&kind).count() >= least;
    let cased = has(u8::is_ascii_uppercase, letters) && has(u8::is_ascii_lowercase, letters);
    let mut seen = [false; 128];
    let mut different = 0;
    for byte in word.bytes() {
        if let Some(seen) = seen.get_mut(usize::from(byte)).filter(|seen| !**seen) {
            *seen = true;
            different += 1;
        }
    }
    cased && has(u8::is_ascii_digit, digits) && different >= least
}
