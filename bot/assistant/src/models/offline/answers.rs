//! Answers to an open question: the next sentence, read as the value that was missing.
//! Called by the offline model before a sentence is read as a new request.
//! Must never take a new request for an answer.

use super::lexicon::{Noun, Particle, Sense};
use super::planner::{Scene, Step, names};
use super::senses::{Mention, Vocabulary};
use super::sentence::{Sentence, is_filler, is_name_like};
use super::tokens::TokenKind;
use super::values::values;
use crate::memory::OpenQuestion;
use serde_json::{Value, json};

/// Words of an answer beside the value itself: "call it cart please" is an answer, a paragraph is not.
const LONGEST_ANSWER: usize = 12;

/// The interrupted call with the answer in it, if the sentence is an answer.
pub(crate) fn plan(vocabulary: &Vocabulary, scene: &Scene<'_>, open: &OpenQuestion, said: &str) -> Option<Step> {
    let mentions = vocabulary.read(said, &names(scene.context));
    let mut sentence = Sentence::new(mentions);
    if sentence.mentions.len() > LONGEST_ANSWER || is_refusal(&sentence) {
        return None;
    }
    let tool = chopmark_functions::list::find(&open.tool)?.name();
    let mut arguments = open.arguments.clone();
    let parameter = open.question.parameter.as_str();
    let template = open.question.template.as_ref().and_then(|name| scene.catalog.get(name));
    let of_template = template.filter(|template| template.parameter(parameter).is_some() || parameter == "values");
    match of_template {
        Some(template) => {
            let mut given = values(&mut sentence, template);
            if let (true, Some(asked)) = (given.is_empty(), template.parameter(parameter)) {
                let value = agreed(&sentence, open).or_else(|| bare(&sentence, &asked.kind))?;
                given.insert(parameter.to_owned(), value);
            }
            let into = arguments.as_object_mut()?.entry("values").or_insert_with(|| json!({})).as_object_mut()?;
            into.extend(given);
        }
        None => {
            let name = agreed(&sentence, open).or_else(|| option(&sentence, open)).or_else(|| one_name(&sentence))?;
            arguments.as_object_mut()?.insert(parameter.to_owned(), name);
        }
    }
    Some(Step::Call { tool, arguments, more: false, unused: Vec::new() })
}

/// Whether the person wants something else: "never mind", or a verb that makes it a request of its own.
fn is_refusal(sentence: &Sentence) -> bool {
    let asks = [Particle::What, Particle::Who, Particle::Why, Particle::How, Particle::If, Particle::Not];
    let verb = sentence.mentions.iter().any(|mention| {
        let is_value = mention.senses.iter().any(|sense| matches!(sense, Sense::Component | Sense::Group));
        let filler =
            matches!(mention.text.to_lowercase().as_str(), "use" | "用" | "使用" | "叫" | "put" | "set" | "make");
        mention.verb().is_some()
            && !mention.guessed
            && !is_value
            && !filler
            && !mention.is(Particle::Called)
            && !mention.is(Particle::Yes)
            && !is_decision(mention)
    });
    let questions = sentence.mentions.iter().any(|mention| {
        let topic = [Noun::Health, Noun::Log, Noun::Event, Noun::Ledger].into_iter().any(|noun| mention.noun(noun));
        mention.kind == TokenKind::Question
            || mention.is(Particle::Ask)
            || (topic && !mention.is(Particle::Yes) && !is_filler(mention))
    });
    verb || questions || asks.into_iter().any(|particle| sentence.has(particle)) || sentence.has_noun(Noun::Happened)
}

fn is_decision(mention: &Mention) -> bool {
    mention.verb() == Some(super::lexicon::Verb::Decide)
}

/// The guess, when the person just agrees.
fn agreed(sentence: &Sentence, open: &OpenQuestion) -> Option<Value> {
    let agrees = |mention: &Mention| mention.is(Particle::Yes) || is_filler(mention) || mention.separates();
    let yes = sentence.has(Particle::Yes) && sentence.mentions.iter().all(agrees);
    open.question.guess.as_ref().filter(|_| yes).map(|guess| json!(guess))
}

/// One of the options, named whole or by its end, as `cart` for `dev/shop/cart`.
fn option(sentence: &Sentence, open: &OpenQuestion) -> Option<Value> {
    let options = &open.question.options;
    let chosen = |mention: &Mention| {
        let text = mention.text.to_lowercase();
        let number = mention.number.and_then(|number| usize::try_from(number).ok());
        let fits = |option: &&String| {
            **option == text || option.strip_suffix(text.as_str()).is_some_and(|rest| rest.ends_with('/'))
        };
        let mut fitting = options.iter().filter(fits);
        let first = fitting.next().filter(|_| fitting.next().is_none());
        let part = || {
            let mut holding = options.iter().filter(|option| option.split('/').any(|part| part == text));
            holding.next().filter(|_| holding.next().is_none())
        };
        let counted = || number.filter(|number| *number > 0).and_then(|number| options.get(number - 1));
        first.or_else(part).or_else(counted).map(|option| json!(option))
    };
    sentence.mentions.iter().filter(|mention| !is_filler(mention)).find_map(chosen)
}

/// The one word that can be a name.
fn one_name(sentence: &Sentence) -> Option<Value> {
    let is_name = |mention: &&Mention| {
        let known = [Sense::Component, Sense::Group, Sense::Environment].iter().any(|sense| mention.has(sense));
        let slashed = mention.text.contains('/') && mention.kind == TokenKind::Word;
        let relates = mention.senses.iter().any(|sense| matches!(sense, Sense::Particle(_)));
        (is_name_like(mention) || slashed || mention.kind == TokenKind::Quoted) && (known || !relates)
    };
    let names: Vec<&Mention> = sentence.mentions.iter().filter(is_name).collect();
    let open: Vec<&&Mention> = names.iter().filter(|mention| mention.senses.is_empty() || mention.guessed).collect();
    match (names.as_slice(), open.as_slice()) {
        ([only], _) => Some(json!(only.text)),
        (_, [only]) => Some(json!(only.text)),
        _ => None,
    }
}

/// A value that stands alone.
fn bare(sentence: &Sentence, kind: &chopmark_catalog::ParameterKind) -> Option<Value> {
    super::values::alone(sentence, kind)
}
