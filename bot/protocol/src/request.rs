//! Requests: what a person said, in a place, as someone, made plain.
//! Made by every surface; read by the router and the assistant.
//! Must never lose what was really said: the original stays beside the plain form.

use crate::command;
use crate::plain;
use chopmark_domain::change::{Language, Place};
use chopmark_domain::digest::Digest;
use chopmark_domain::ids::{ChangeId, Identity, PersonId, Revision};
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::time::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// Longest request, in bytes: four times the longest message of the chat platforms (Discord 2,000 and Slack 4,000
/// characters, four bytes each), so that a limit is met only by what is no sentence.
pub const LONGEST: usize = 16 * 1024;

/// The revision and digest of a card that was on a person's screen: what their decision is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// Which revision.
    pub revision: Revision,
    /// Its digest.
    pub digest: Digest,
}

/// What a person said or pressed, as a surface took it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The surface's id of the delivery: the same one is served once.
    pub delivery: String,
    /// What the surface calls whoever spoke: the router finds out who that is.
    pub identity: Identity,
    /// The groups that the surface's platform says they are in now; none where it said nothing.
    pub groups: Option<BTreeSet<Identity>>,
    /// Where.
    pub place: Place,
    /// The language the person pinned, if any.
    pub language: Option<Language>,
    /// The language that the surface's platform says they use: for words that belong to none, where nobody pinned one.
    pub locale: Option<Language>,
    /// The words, as said.
    pub text: String,
    /// When the surface took it.
    pub at: Timestamp,
    /// The newest card of each change that this person's screen has shown in full or offers in one step.
    /// Empty when the surface shows none: then a decision is about the newest.
    pub seen: BTreeMap<ChangeId, Seen>,
}

/// A request that was understood as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// The request; its `text` is untouched.
    pub request: Request,
    /// Who spoke: the person behind the identity, as the directory knew it then.
    pub person: PersonId,
    /// The text with full-width forms, curly quotes, long dashes and invisible characters made plain outside quotes.
    pub plain: String,
    /// The language to answer in.
    pub language: Language,
}

/// Text from the bytes of one line, without its line break.
///
/// # Errors
/// [`Code::RequestTooLong`] with `length` and `limit`; [`Code::InvalidText`] with `position` of the first bad byte.
pub fn decode(line: &[u8]) -> Result<String, Problem> {
    if line.len() > LONGEST {
        return Err(too_long(line.len()));
    }
    match std::str::from_utf8(line) {
        Ok(text) => Ok(text.trim_end_matches(['\r', '\n']).to_owned()),
        Err(error) => Err(Problem::new(Code::InvalidText).with("position", error.valid_up_to() + 1)),
    }
}

fn too_long(length: usize) -> Problem {
    Problem::new(Code::RequestTooLong).with("length", length).with("limit", LONGEST)
}

impl Request {
    /// Makes it plain, as said by `person`. `usual` is the language of the place so far, for words that belong to none:
    /// names, numbers, bare commands.
    ///
    /// # Errors
    /// [`Code::RequestTooLong`].
    pub fn heard(self, usual: Language, person: PersonId) -> Result<Heard, Problem> {
        if self.text.len() > LONGEST {
            return Err(too_long(self.text.len()));
        }
        let plain = plain::plain(&self.text);
        let language = self.language.unwrap_or_else(|| guess(&plain, usual));
        Ok(Heard { request: self, person, plain, language })
    }
}

/// The language of a plain text: Chinese when it has Han characters outside quotes, English when it has at least
/// two words of letters, else the usual one. A bare command in English letters says nothing about language.
pub fn guess(plain: &str, usual: Language) -> Language {
    let unquoted = plain::without_quoted(plain);
    if unquoted.chars().any(is_han) {
        return Language::Zh;
    }
    let is_word = |word: &&str| {
        let letters = word.trim_matches(|c: char| c.is_ascii_punctuation());
        letters.len() > 1 && letters.chars().all(|c| c.is_ascii_alphabetic() || c == '\'')
    };
    if command::parse(plain).is_none() && unquoted.split_whitespace().filter(is_word).count() > 1 {
        return Language::En;
    }
    usual
}

/// CJK unified ideographs with extensions A to H and compatibility forms.
fn is_han(c: char) -> bool {
    matches!(u32::from(c), 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x323AF)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_ten_megabytes_or_of_broken_text_is_refused_with_its_code() {
        assert_eq!(decode(&vec![b'a'; 10_000_000]).map_err(|p| p.code), Err(Code::RequestTooLong));
        let broken = decode(b"deploy \xff\xfe");
        assert_eq!(broken, Err(Problem::new(Code::InvalidText).with("position", 8)));
        assert_eq!(decode("批准\r\n".as_bytes()), Ok("批准".to_owned()));
    }

    #[test]
    fn the_answer_is_in_the_language_of_the_sentence() {
        use Language::{En, Zh};
        assert_eq!(guess("deploy cart in shop", Zh), En);
        assert_eq!(guess("is cart healthy?", Zh), En);
        assert_eq!(guess("把 cart 扩到 3 个副本", En), Zh);
        assert_eq!(guess("set the title to \"购物车\"", Zh), En);
        for names_only in ["3", "cart", "nginx:1.27", "approve", "undo chg-7f3k", "audit verify"] {
            assert_eq!(guess(names_only, Zh), Zh, "{names_only}");
            assert_eq!(guess(names_only, En), En, "{names_only}");
        }
    }
}
