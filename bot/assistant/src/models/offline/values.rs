//! Values for a template's parameters, as a sentence gives them: beside the parameter's word, or by their shape.
//! Used by the planner; what a value must be is the catalogue's metadata.
//! Must never give a value to a parameter that it cannot be read as.

use super::lexicon::{Particle, Sense, Verb};
use super::schedule;
use super::senses::Mention;
use super::sentence::{Sentence, Way, is_filler};
use super::shapes::{Found, by_shape, pair, read, without_unit};
use super::tokens::TokenKind;
use chopmark_catalog::{EntryKind, Parameter, ParameterKind, Template};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Parameters' words that are weighed against each other at once; a sentence with more is no sentence.
const MOST_WORDS: usize = 40;

/// Every value that the sentence gives to the template's parameters.
pub(crate) fn values(sentence: &mut Sentence, template: &Template) -> BTreeMap<String, Value> {
    let mut out = BTreeMap::new();
    schedules(sentence, template, &mut out);
    let pairs = pairs(sentence, template);
    beside_words(sentence, template, &mut out);
    switches(sentence, template, &mut out);
    choices(sentence, template, &mut out);
    by_shape(sentence, template, &mut out);
    out.extend(pairs);
    out
}

/// The parameters that a piece can be the word for.
fn parameters_of<'a>(mention: &Mention, template: &'a Template) -> Vec<&'a Parameter> {
    let named = mention.senses.iter().filter_map(|sense| match sense {
        Sense::Parameter(of, name) if *of == template.name => template.parameter(name),
        _ => None,
    });
    named.collect()
}

fn schedules(sentence: &mut Sentence, template: &Template, out: &mut BTreeMap<String, Value>) {
    let parameter = template.parameters.iter().find(|parameter| parameter.kind == ParameterKind::Schedule);
    let Some(parameter) = parameter else { return };
    if let Some((line, places)) = schedule::written(sentence).or_else(|| schedule::spoken(sentence)) {
        places.into_iter().for_each(|at| sentence.take(at));
        out.insert(parameter.name.clone(), json!(line));
    }
}

/// `A=1, B=two`: entries of the map parameter whose word stands before them, else of the first that can hold them.
fn pairs(sentence: &mut Sentence, template: &Template) -> BTreeMap<String, Value> {
    let maps: Vec<&Parameter> =
        template.parameters.iter().filter(|parameter| matches!(parameter.kind, ParameterKind::Map { .. })).collect();
    let mut filled: BTreeMap<String, Map<String, Value>> = BTreeMap::new();
    let mut named: Option<&Parameter> = None;
    for at in 0..sentence.mentions.len() {
        let mention = &sentence.mentions[at];
        let own = parameters_of(mention, template).into_iter().find(|parameter| maps.contains(parameter));
        named = own.or(named);
        if !sentence.is_free(at) || mention.kind != TokenKind::Word {
            continue;
        }
        let Some((key, value)) = pair(&mention.text) else { continue };
        let secret = value.starts_with("env:") || value.starts_with("file:");
        let holds = |parameter: &&Parameter| match &parameter.kind {
            ParameterKind::Map { values, .. } => matches!(values, EntryKind::Secret) == secret,
            _ => false,
        };
        let target = named.filter(|named| holds(named)).or_else(|| maps.iter().copied().find(|map| holds(map)));
        if let Some(parameter) = target.or(named).or(maps.first().copied()) {
            filled.entry(parameter.name.clone()).or_default().insert(key.to_owned(), json!(value));
            sentence.take(at);
        }
    }
    filled.into_iter().map(|(name, entries)| (name, Value::Object(entries))).collect()
}

/// Gives every parameter's word the value beside it: as many as possible, the nearest first.
fn beside_words(sentence: &mut Sentence, template: &Template, out: &mut BTreeMap<String, Value>) {
    let words: Vec<(usize, Vec<&Parameter>)> = (0..sentence.mentions.len())
        .filter(|at| sentence.is_free(*at))
        .map(|at| (at, parameters_of(&sentence.mentions[at], template)))
        .filter(|(_, parameters)| !parameters.is_empty())
        .take(MOST_WORDS)
        .collect();
    let choices: Vec<Vec<Candidate>> =
        words.iter().map(|(at, parameters)| candidates(sentence, *at, parameters)).collect();
    for ((at, _), choice) in words.iter().zip(best(&choices)) {
        let Some((_, name, found)) = choice else { continue };
        if found.places.iter().all(|place| sentence.is_free(*place)) && sentence.is_free(*at) {
            found.places.iter().for_each(|place| sentence.take(*place));
            sentence.take(*at);
            out.entry(name).or_insert(found.value);
        }
    }
}

/// A value that a word can have: how far away it is, the parameter, the value.
type Candidate = (i64, String, Found);

/// The choice for every word that gives most words a value, then the nearest ones. A place can only be wanted by
/// two words that follow each other, so each choice looks at the one before it alone.
fn best(choices: &[Vec<Candidate>]) -> Vec<Option<Candidate>> {
    let mut paths: Vec<(i64, Vec<Option<Candidate>>)> = vec![(0, Vec::new())];
    for candidates in choices {
        let options = candidates.iter().cloned().map(Some).chain([None]);
        let extended = options.filter_map(|option| {
            let fits = |path: &&(i64, Vec<Option<Candidate>>)| match (path.1.last(), &option) {
                (Some(Some(before)), Some(now)) => before.2.places.iter().all(|place| !now.2.places.contains(place)),
                _ => true,
            };
            let (score, path) = paths.iter().filter(fits).max_by_key(|(score, _)| *score)?;
            let gain = option.as_ref().map_or(0, |candidate| 100 - candidate.0);
            Some((score + gain, path.iter().cloned().chain([option]).collect()))
        });
        paths = extended.collect();
    }
    paths.into_iter().max_by_key(|(score, _)| *score).map(|(_, path)| path).unwrap_or_default()
}

/// The values that a parameter's word can have, left and right of it, with their distance.
fn candidates(sentence: &Sentence, at: usize, parameters: &[&Parameter]) -> Vec<Candidate> {
    // "Type A": there "A" is no article.
    let is_option = |mention: &Mention| {
        parameters.iter().any(|parameter| match &parameter.kind {
            ParameterKind::Choice { options } => options.iter().any(|option| option.value == mention.text),
            _ => false,
        })
    };
    let skip_right = |mention: &Mention| {
        (is_filler(mention) && !is_option(mention))
            || mention.is(Particle::Becomes)
            || mention.is(Particle::Of)
            || mention.is(Particle::With)
            || mention.has(&Sense::Component)
    };
    let skip_left = |mention: &Mention| {
        (is_filler(mention) && mention.number.is_none()) || mention.is(Particle::Of) || mention.has(&Sense::Unit)
    };
    let mut out = Vec::new();
    // "Scale cart up to 3": there "up to" is no word for the most that autoscaling may reach.
    if sentence.mentions[at].is(Particle::Becomes) && sentence.has_verb(Verb::Scale) {
        return out;
    }
    // "CPU 上限 1 核": beside a parameter's own word, a unit is only a unit.
    let unit = if sentence.mentions[at].has(&Sense::Unit) { 10 } else { 0 };
    for parameter in parameters {
        let counts = matches!(
            parameter.kind,
            ParameterKind::Integer { .. }
                | ParameterKind::Port
                | ParameterKind::Cpu { .. }
                | ParameterKind::Memory { .. }
                | ParameterKind::Duration { .. }
        );
        // "Keep old versions for 30 days".
        let lasts = |mention: &Mention| counts && mention.text.eq_ignore_ascii_case("for");
        let skip_right = |mention: &Mention| skip_right(mention) || lasts(mention);
        let right = sentence.step(at, Way::On, &skip_right).filter(|next| sentence.is_free(*next));
        let right = right.and_then(|next| {
            read(sentence, next, &parameter.kind).or_else(|| without_unit(sentence, next, &parameter.kind))
        });
        if let Some(found) = right {
            out.push((unit + distance(at, &found), parameter.name.clone(), found));
        }
        let left = sentence.step(at, Way::Back, &skip_left).filter(|next| sentence.is_free(*next));
        if let Some(found) = left.filter(|_| counts).and_then(|next| read(sentence, next, &parameter.kind)) {
            out.push((unit + distance(at, &found), parameter.name.clone(), found));
        }
    }
    out
}

/// The one value of a kind that a sentence holds, for answers to a question about it.
pub(crate) fn alone(sentence: &Sentence, kind: &ParameterKind) -> Option<Value> {
    let open = |at: &usize| {
        let mention = &sentence.mentions[*at];
        !mention.separates() && (mention.is_open() || mention.guessed || mention.number.is_some())
    };
    if *kind == ParameterKind::Schedule {
        return schedule::written(sentence).or_else(|| schedule::spoken(sentence)).map(|(line, _)| json!(line));
    }
    (0..sentence.mentions.len()).filter(open).find_map(|at| read(sentence, at, kind)).map(|found| found.value)
}

fn distance(at: usize, found: &Found) -> i64 {
    let nearest = found.places.iter().map(|place| place.abs_diff(at)).min().unwrap_or(0);
    i64::try_from(nearest).unwrap_or(50).min(50)
}

/// "with autoscaling", "without a quota": the word alone turns a switch.
fn switches(sentence: &mut Sentence, template: &Template, out: &mut BTreeMap<String, Value>) {
    for at in 0..sentence.mentions.len() {
        if !sentence.is_free(at) {
            continue;
        }
        let parameters = parameters_of(&sentence.mentions[at], template);
        let Some(switch) = parameters.into_iter().find(|parameter| parameter.kind == ParameterKind::Bool) else {
            continue;
        };
        let skip = |mention: &Mention| is_filler(mention) || mention.is(Particle::Of) || mention.has(&Sense::Component);
        let before = sentence.step(at, Way::Back, &skip).map(|before| &sentence.mentions[before]);
        let off = before.is_some_and(|before| before.is(Particle::Without) || before.is(Particle::Not));
        sentence.take(at);
        out.entry(switch.name.clone()).or_insert(json!(!off));
    }
}

/// The value of a choice that a piece stands for.
fn chosen(mention: &Mention, template: &Template, parameter: &str) -> Option<String> {
    mention.senses.iter().find_map(|sense| match sense {
        Sense::Choice(of, name, value) if *of == template.name && name == parameter => Some(value.clone()),
        _ => None,
    })
}

/// A choice named by its own word, wherever it stands.
fn choices(sentence: &mut Sentence, template: &Template, out: &mut BTreeMap<String, Value>) {
    for parameter in &template.parameters {
        let ParameterKind::Choice { .. } = &parameter.kind else { continue };
        if out.contains_key(&parameter.name) {
            continue;
        }
        let found = (0..sentence.mentions.len())
            .filter(|at| sentence.is_free(*at))
            .find_map(|at| Some((at, chosen(&sentence.mentions[at], template, &parameter.name)?)));
        if let Some((at, value)) = found {
            sentence.take(at);
            out.insert(parameter.name.clone(), json!(value));
        }
    }
}
