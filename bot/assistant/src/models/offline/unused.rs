//! What of a sentence was used for nothing, so that the person is told instead of wondering.
//! Asked by the planner when a sentence has become a proposal.
//! Must never repeat a text that might be a secret, or a sign that means something to a surface.

use super::lexicon::{Particle, Sense};
use super::senses::Mention;
use super::sentence::{Sentence, is_filler};
use super::tokens::TokenKind;
use crate::redact;
use chopmark_catalog::Catalog;
use chopmark_domain::change::Language;
use chopmark_protocol::messages::text;
use serde_json::Value;

/// Phrases that are named; more, and the sentence was another one.
const MOST_PHRASES: usize = 5;
/// Characters of a phrase that are repeated.
const LONGEST_PHRASE: usize = 40;

/// Words that say nothing beyond what stands beside them; as names and values they are as good as any other.
const SMALL: [&str; 23] = [
    "autoscale",
    "needs",
    "enable",
    "enabled",
    "previous",
    "earlier",
    "former",
    "day",
    "days",
    "hour",
    "hours",
    "minute",
    "minutes",
    "second",
    "seconds",
    "gib",
    "gb",
    "回",
    "天",
    "启用",
    "开启",
    "打开",
    "一",
];

/// What became of the sentence.
pub(super) struct Wish<'a> {
    /// Whether values were understood.
    gives: bool,
    /// The template that is meant, if one is, with its place in the catalogue.
    template: Option<(usize, &'a str)>,
}

impl<'a> Wish<'a> {
    /// From the arguments of the call.
    pub(super) fn of(arguments: &'a Value, catalog: &Catalog) -> Self {
        let given = arguments.get("values").and_then(Value::as_object).is_some_and(|values| !values.is_empty());
        let named = arguments.get("template").and_then(Value::as_str);
        let place = |name: &str| catalog.templates().position(|template| template.name.as_str() == name);
        Self { gives: given, template: named.and_then(|name| Some((place(name)?, name))) }
    }
}

/// The phrases of the sentence that were used for nothing, with the word before them that says how they relate.
pub(super) fn phrases(sentence: &Sentence, call: &Wish<'_>, said: &str) -> Vec<String> {
    let shown = squeezed(&redact::text(said));
    let mut phrases: Vec<String> = Vec::new();
    let mut at = 0;
    while at < sentence.mentions.len() {
        if !is_unused(sentence, call, at) {
            at += 1;
            continue;
        }
        let first = relating(sentence, at).unwrap_or(at);
        let mut words: Vec<&Mention> = sentence.mentions[first..at].iter().collect();
        while at < sentence.mentions.len() && is_unused(sentence, call, at) {
            words.push(&sentence.mentions[at]);
            at += 1;
        }
        // 高性能 is cut before 能, which may be a word of its own.
        let tail = sentence.mentions.get(at).filter(|next| {
            let follows = words.last().is_some_and(|last| last.kind == TokenKind::Han);
            follows && next.kind == TokenKind::Han && is_filler(next) && next.text.chars().count() == 1
        });
        words.extend(tail.filter(|next| next.text != "了"));
        let secret = words.iter().any(|word| !shown.contains(&squeezed(&word.text)));
        phrases.push(if secret { "…".to_owned() } else { quotable(&joined(&words)) });
    }
    phrases.retain(|phrase| !phrase.is_empty());
    phrases.truncate(MOST_PHRASES);
    phrases
}

/// Whether a piece means something and found no place.
fn is_unused(sentence: &Sentence, call: &Wish<'_>, at: usize) -> bool {
    let mention = &sentence.mentions[at];
    let means = mention.text.chars().any(char::is_alphanumeric);
    // What relates words, what asks and what is done has done its part by standing there.
    let said_how = |sense: &Sense| {
        matches!(
            sense,
            Sense::Verb(_)
                | Sense::Particle(_)
                | Sense::Noun(_)
                | Sense::Unit
                | Sense::Environment
                | Sense::Group
                | Sense::Component
        )
    };
    let small = SMALL.contains(&mention.text.to_lowercase().as_str());
    if small || mention.senses.iter().any(|sense| is_served(sense, call)) {
        return false;
    }
    sentence.is_free(at) && means && !mention.separates() && !mention.senses.iter().any(said_how)
}

/// Whether a parameter's word did its part: values were understood, and it is a word for one of that template. In
/// "64Mi memory" the value says by its shape what it is.
fn is_served(sense: &Sense, call: &Wish<'_>) -> bool {
    match sense {
        Sense::Parameter(of, _) => call.gives && call.template.is_none_or(|(_, template)| template == of.as_str()),
        // "Delete the bucket"; "an object storage bucket".
        Sense::Template(index) => call.template.is_none_or(|(place, _)| place == *index),
        _ => false,
    }
}

/// Where the preposition before a piece stands, past articles.
fn relating(sentence: &Sentence, at: usize) -> Option<usize> {
    let before = (0..at).rev().find(|before| !is_filler(&sentence.mentions[*before]))?;
    let mention = &sentence.mentions[before];
    let relates = [Particle::In, Particle::Toward, Particle::With, Particle::Without, Particle::Not];
    let is = relates.into_iter().any(|particle| mention.is(particle)) && sentence.is_free(before);
    (is && mention.verb().is_none()).then_some(before)
}

fn joined(words: &[&Mention]) -> String {
    let mut out = String::new();
    for word in words {
        let blank = word.kind != TokenKind::Han || out.ends_with(|c: char| c.is_ascii_alphanumeric());
        out.push_str(if blank && !out.is_empty() { " " } else { "" });
        out.push_str(&word.text);
    }
    out
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// A person's words as they may be repeated between quotation marks: no sign by which a surface would mark, link or
/// call somebody, and not more than a few words.
pub(super) fn quotable(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || " -.,/+%".contains(c);
    let own = |c: &char| !('\u{e000}'..='\u{f8ff}').contains(c);
    let clean: String = text.chars().filter(own).map(|c| if plain(c) { c } else { '·' }).collect();
    let short: String = clean.chars().take(LONGEST_PHRASE).collect();
    if short.len() < clean.len() { format!("{short}…") } else { short }
}

/// The notice.
pub(super) fn notice(language: Language, phrases: &[String]) -> String {
    let quoted: Vec<String> = phrases.iter().map(|phrase| format!("“{phrase}”")).collect();
    let words = quoted.join(if language == Language::Zh { "、" } else { ", " });
    text(language, "talk-unused", &[("words", (&words).into())])
}
