//! Single values: what a piece of a sentence is when it is read as a kind of parameter.
//! Used when values are looked for beside parameters' words, and by their shape.
//! Must never read a value in two ways: the kind decides.

use super::lexicon::{Particle, Sense};
use super::numbers;
use super::senses::Mention;
use super::sentence::{Sentence, Way, is_name_like};
use super::tokens::TokenKind;
use chopmark_catalog::{ParameterKind, Template};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A value with the places it took.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Found {
    /// The value.
    pub(super) value: Value,
    /// Its places.
    pub(super) places: Vec<usize>,
}

/// Reads the value of a kind that begins at a place.
pub(super) fn read(sentence: &Sentence, at: usize, kind: &ParameterKind) -> Option<Found> {
    let mention = sentence.mentions.get(at)?;
    let text = mention.text.as_str();
    let alone = |value: Value| Some(Found { value, places: vec![at] });
    let is_value = matches!(mention.kind, TokenKind::Word | TokenKind::Quoted);
    match kind {
        ParameterKind::Integer { .. } | ParameterKind::Port => alone(json!(mention.number?)),
        ParameterKind::Cpu { .. } => quantity(sentence, at, numbers::cpu),
        ParameterKind::Memory { .. } => quantity(sentence, at, numbers::memory),
        ParameterKind::Duration { .. } => quantity(sentence, at, numbers::duration),
        ParameterKind::Bool => alone(json!(truth(text)?)),
        ParameterKind::Image => {
            let named = text.contains(char::is_alphabetic) && !text.contains('=') && text.is_ascii();
            (is_value && named).then(|| alone(json!(text)))?
        }
        ParameterKind::Host => (is_value && text.contains('.')).then(|| alone(json!(text)))?,
        ParameterKind::Cidr { .. } => is_value.then(|| alone(json!(text)))?,
        ParameterKind::Path => text.starts_with('/').then(|| alone(json!(text)))?,
        ParameterKind::Secret => is_reference(text).then(|| alone(json!(text)))?,
        ParameterKind::Name => is_name_like(mention).then(|| alone(json!(text)))?,
        ParameterKind::TimeZone => (text == "UTC" || is_zone(text)).then(|| alone(json!(text)))?,
        ParameterKind::Text { .. } => text_from(sentence, at),
        ParameterKind::List { .. } => list(sentence, at),
        ParameterKind::Choice { options } => {
            let own = |sense: &Sense| match sense {
                Sense::Choice(_, _, value) => options.iter().find(|option| option.value == *value),
                _ => None,
            };
            let spelled = || options.iter().find(|option| option.value == text);
            alone(json!(mention.senses.iter().find_map(own).or_else(spelled)?.value))
        }
        ParameterKind::Schedule | ParameterKind::Map { .. } => None,
    }
}

/// A text: what is quoted, one word that is no prose, or the words up to the next pause or parameter.
fn text_from(sentence: &Sentence, at: usize) -> Option<Found> {
    let first = &sentence.mentions[at];
    let is_word = matches!(first.kind, TokenKind::Word | TokenKind::Han);
    let is_prose = is_word && first.text.chars().all(char::is_alphabetic);
    if first.kind == TokenKind::Quoted || !is_prose {
        let is_value = matches!(first.kind, TokenKind::Word | TokenKind::Quoted) && pair(&first.text).is_none();
        return is_value.then(|| Found { value: json!(first.text), places: vec![at] });
    }
    let belongs = |at: &usize| {
        let mention = &sentence.mentions[*at];
        let next_value = mention.senses.iter().any(|sense| matches!(sense, Sense::Parameter(..)));
        sentence.is_free(*at)
            && matches!(mention.kind, TokenKind::Word | TokenKind::Han)
            && !next_value
            && pair(&mention.text).is_none()
    };
    let mut places: Vec<usize> = (at..sentence.mentions.len()).take_while(belongs).collect();
    let relates = |at: &usize| {
        let mention = &sentence.mentions[*at];
        mention.kind == TokenKind::Word && mention.senses.iter().any(|sense| matches!(sense, Sense::Particle(_)))
    };
    while places.len() > 1 && places.last().is_some_and(relates) {
        places.pop();
    }
    let mut text = String::new();
    for at in &places {
        let mention = &sentence.mentions[*at];
        let blank = !text.is_empty() && (mention.kind == TokenKind::Word || text.ends_with(|c: char| c.is_ascii()));
        text.push_str(if blank { " " } else { "" });
        text.push_str(&mention.text);
    }
    (!places.is_empty()).then(|| Found { value: json!(text), places })
}

/// A number without the unit that a kind needs: what was said is handed on, and the tool says what is missing.
pub(super) fn without_unit(sentence: &Sentence, at: usize, kind: &ParameterKind) -> Option<Found> {
    let number = sentence.mentions.get(at)?.number.filter(|_| matches!(kind, ParameterKind::Duration { .. }))?;
    Some(Found { value: json!(number.to_string()), places: vec![at] })
}

/// A name of the time zone database, such as `Asia/Shanghai`.
fn is_zone(text: &str) -> bool {
    let parts: Vec<&str> = text.split('/').collect();
    let named = |part: &&str| {
        part.starts_with(|c: char| c.is_ascii_uppercase())
            && part.chars().all(|c| c.is_ascii_alphabetic() || "_-+".contains(c))
    };
    (2..=3).contains(&parts.len()) && parts.iter().all(named)
}

fn is_reference(text: &str) -> bool {
    text.starts_with("env:") || text.starts_with("file:")
}

fn truth(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "on" | "true" | "yes" | "enabled" | "开" | "开启" | "启用" | "打开" => Some(true),
        "off" | "false" | "no" | "disabled" | "关" | "关闭" | "禁用" => Some(false),
        _ => None,
    }
}

/// A number with its unit, in one piece or in two.
fn quantity(sentence: &Sentence, at: usize, spell: fn(&str, &str) -> Option<String>) -> Option<Found> {
    let mention = &sentence.mentions[at];
    if mention.kind == TokenKind::Quoted {
        return None;
    }
    let (number, unit) = numbers::split(&mention.text);
    if !number.is_empty() && !unit.is_empty() {
        return Some(Found { value: json!(spell(number, unit)?), places: vec![at] });
    }
    let words = mention.number.map(|number| number.to_string());
    let number = if number.is_empty() { words.as_deref()? } else { number };
    let skip = |mention: &Mention| mention.text == "个";
    let next = sentence.step(at, Way::On, &skip).filter(|next| sentence.is_free(*next) && is_unit(sentence, *next));
    if let Some((next, value)) = next.and_then(|next| Some((next, spell(number, &sentence.mentions[next].text)?))) {
        return Some(Found { value: json!(value), places: vec![at, next] });
    }
    Some(Found { value: json!(spell(number, "")?), places: vec![at] })
}

/// A unit of its own; a parameter's word such as "cores" keeps its place, because it says what the number is for.
fn is_unit(sentence: &Sentence, at: usize) -> bool {
    !sentence.mentions[at].senses.iter().any(|sense| matches!(sense, Sense::Parameter(..)))
}

/// The words of a command: quoted ones are cut at blanks, unquoted ones go on to the next known word. Values that are
/// no prose, such as addresses, may be parted by commas and an "and".
fn list(sentence: &Sentence, at: usize) -> Option<Found> {
    let first = &sentence.mentions[at];
    if first.kind == TokenKind::Quoted {
        let words: Vec<&str> = first.text.split_whitespace().collect();
        return (!words.is_empty()).then(|| Found { value: json!(words), places: vec![at] });
    }
    let joins = |sense: &Sense| matches!(sense, Sense::Particle(_) | Sense::Parameter(..) | Sense::Template(_));
    let is_word = |at: &usize| {
        let mention = &sentence.mentions[*at];
        let known = mention.senses.iter().any(joins) && !mention.guessed;
        sentence.is_free(*at) && mention.kind == TokenKind::Word && !known
    };
    let is_value = |at: &usize| {
        let mention = &sentence.mentions[*at];
        is_word(at) && mention.is_open() && mention.text.contains(|c: char| !c.is_alphabetic())
    };
    let parts = |mention: &Mention| mention.kind == TokenKind::Pause || mention.is(Particle::With);
    let mut places: Vec<usize> = (at..sentence.mentions.len()).take_while(is_word).collect();
    while let Some(last) = places.last().copied().filter(is_value) {
        let next = (last + 1..sentence.mentions.len()).find(|at| !parts(&sentence.mentions[*at]));
        let Some(next) = next.filter(|next| *next > last + 1 && is_value(next)) else { break };
        places.extend((next..sentence.mentions.len()).take_while(is_value));
    }
    let words: Vec<&str> = places.iter().map(|at| sentence.mentions[*at].text.as_str()).collect();
    (!words.is_empty()).then(|| Found { value: json!(words), places: places.clone() })
}

/// Values that say by their shape what they are: an image, a quantity with a unit, a host, a reference.
pub(super) fn by_shape(sentence: &mut Sentence, template: &Template, out: &mut BTreeMap<String, Value>) {
    for parameter in &template.parameters {
        if out.contains_key(&parameter.name) {
            continue;
        }
        let found = (0..sentence.mentions.len())
            .filter(|at| sentence.is_free(*at))
            .find_map(|at| shaped(sentence, at, &parameter.kind));
        if let Some(found) = found {
            found.places.iter().for_each(|at| sentence.take(*at));
            out.insert(parameter.name.clone(), found.value);
        }
    }
}

fn shaped(sentence: &Sentence, at: usize, kind: &ParameterKind) -> Option<Found> {
    let mention = &sentence.mentions[at];
    let text = mention.text.as_str();
    match kind {
        ParameterKind::Image => is_image(text).then(|| read(sentence, at, kind))?,
        ParameterKind::Memory { .. } | ParameterKind::Cpu { .. } => {
            let found = read(sentence, at, kind)?;
            let bare = mention.number.is_some() || text.chars().all(|c| c.is_ascii_digit() || c == '.');
            (!bare || found.places.len() > 1).then_some(found)
        }
        ParameterKind::Secret | ParameterKind::TimeZone => read(sentence, at, kind),
        // Only a prefix tells a range from other numbers with dots.
        ParameterKind::Cidr { .. } => is_range(text).then(|| read(sentence, at, kind))?,
        ParameterKind::Host => {
            let is_host = mention.is_open()
                && !text.contains(['/', ':', '@', '='])
                && text.split('.').count() > 1
                && text.rsplit('.').next().is_some_and(|last| last.chars().all(char::is_alphabetic));
            is_host.then(|| read(sentence, at, kind))?
        }
        _ => None,
    }
}

/// Whether a text looks like a range of addresses. Whether it is one is for the catalogue to say.
fn is_range(text: &str) -> bool {
    text.split_once('/')
        .is_some_and(|(address, prefix)| address.parse::<std::net::IpAddr>().is_ok() && prefix.parse::<u8>().is_ok())
}

/// Whether a text looks like an image and like nothing else: with a tag or a digest, or with a registry.
pub(crate) fn is_image(text: &str) -> bool {
    if text.contains("://") || text.starts_with('/') || text.contains('=') || !text.is_ascii() || is_reference(text) {
        return false;
    }
    let last = text.rsplit('/').next().unwrap_or(text);
    let tagged = last.split_once(':').is_some_and(|(name, tag)| {
        let named = name.chars().any(char::is_alphabetic);
        named && !tag.is_empty() && !tag.contains(':')
    });
    let registry = text.split_once('/').is_some_and(|(first, _)| first.contains('.') || first == "localhost");
    tagged || text.contains("@sha256:") || registry
}

/// Key and value of `KEY=value`. Lower-case words that name a parameter were cut apart before.
pub(super) fn pair(text: &str) -> Option<(&str, &str)> {
    let (key, value) = text.split_once('=')?;
    let fits = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c));
    fits.then_some((key, value))
}
