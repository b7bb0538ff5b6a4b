//! Wishes for something new: the template that is meant, its name, its place, its values.
//! Part of the planner.
//! Must never choose a template on a stray word: its own word or an image must be there.

use super::super::always;
use super::super::lexicon::{Noun, Particle, Sense, Verb};
use super::super::places;
use super::super::planner::{Arguments, Scene, Step};
use super::super::senses::Mention;
use super::super::sentence::{Sentence, Way, is_filler, is_name_like};
use super::super::tokens::TokenKind;
use super::super::values::values;
use super::{MOST_STRANGERS, tried};
use chopmark_catalog::{ParameterKind, Scope, Template};
use chopmark_domain::draft::Verify;
use serde_json::Value;

pub(super) fn create(sentence: &mut Sentence, scene: &Scene<'_>, wish: (usize, Verb)) -> Option<Step> {
    tried(sentence, |trial| try_create(trial, scene, wish))
}

fn try_create(sentence: &mut Sentence, scene: &Scene<'_>, (verb_at, verb): (usize, Verb)) -> Option<Step> {
    if sentence.has_verb(Verb::Delete) {
        return None;
    }
    let templates: Vec<&Template> = scene.catalog.templates().collect();
    let head = head(sentence, verb_at);
    let mut best: Option<(i64, usize, &Template)> = None;
    for (index, template) in templates.iter().enumerate() {
        let mut trial = sentence.clone();
        trial.take(verb_at);
        let score = score(trial, verb, head, index, template);
        if best.is_none_or(|(best, ..)| score > best) {
            best = Some((score, index, template));
        }
    }
    let (_, index, template) = best.filter(|(score, ..)| *score >= 3)?;
    sentence.take(verb_at);
    // A word such as "service" is the template's name, unless it is what the component is called.
    let template_at = head.filter(|at| sentence.mentions[*at].has(&Sense::Template(index)));
    let called = places::called(sentence);
    if let Some(at) = template_at {
        sentence.take(at);
    }
    let full = called.is_none().then(|| places::full_name(sentence, scene.context)).flatten();
    let (full_group, full_name) = match full.as_deref().and_then(|full| full.rsplit_once('/')) {
        Some((group, name)) => (group.rsplit('/').next().map(str::to_owned), Some(name.to_owned())),
        None => (None, None),
    };
    let beside = || template_at.and_then(|at| places::beside(sentence, at));
    let name = called.or(full_name).or_else(beside);
    let environment = places::environment(sentence);
    let group = match template.scope {
        Scope::Cluster => None,
        Scope::Namespace => full_group.or_else(|| places::group(sentence)),
        // In no namespace: only a place that is known to be a group is one.
        Scope::Main => full_group.or_else(|| places::known_group(sentence)),
    };
    let values = values(sentence, template);
    let image = template.parameters.iter().any(|p| p.kind == ParameterKind::Image && values.contains_key(&p.name));
    if template_at.is_none() && !image {
        return None;
    }
    // "Deploy api from image x": the template is known by the image, so its word is the name.
    let word = || template_at.filter(|at| image && *at == verb_at + 1).map(|at| sentence.mentions[at].text.clone());
    let name = name.or_else(word).or_else(|| last_name(sentence, verb_at));
    let environment = environment.or_else(|| places::further(sentence));
    let facts = always::facts(sentence, scene, template);
    if facts.against.is_some() {
        return always::saying(template, facts).map(Step::Say);
    }
    if sentence.strangers() > MOST_STRANGERS {
        return None;
    }
    let values: Value = values.into_iter().collect::<serde_json::Map<_, _>>().into();
    Some(
        Arguments::default()
            .with("template", Some(template.name.as_str()))
            .with("name", name)
            .with("environment", environment)
            .with("group", group)
            .with("values", Some(values))
            .call("propose_create"),
    )
}

/// The word for a template that the verb is about: the first after it.
pub(super) fn head(sentence: &Sentence, verb_at: usize) -> Option<usize> {
    let template = |at: &usize| {
        let mention = &sentence.mentions[*at];
        let means = mention.senses.iter().any(|sense| matches!(sense, Sense::Template(_)));
        means && mention.verb().is_none() && !(mention.noun(Noun::Namespace) && is_place(sentence, *at))
    };
    let skip = |mention: &Mention| {
        is_filler(mention) || mention.is(Particle::Called) || mention.is(Particle::Of) || mention.is_open()
    };
    sentence.step(verb_at, Way::On, &skip).filter(template).or_else(|| {
        // 在 dev 里创建命名空间 shop; 把 … 部署成网络服务: anywhere, if nothing joins it to something else.
        let alone = |at: &usize| {
            let before = sentence.step(*at, Way::Back, &is_filler).map(|before| &sentence.mentions[before]);
            !before.is_some_and(|before| before.is(Particle::With) || before.is(Particle::In))
        };
        (0..sentence.mentions.len()).filter(template).find(alone)
    })
}

/// Whether a word for namespace only says where: "in namespace shop", "in the shop namespace".
fn is_place(sentence: &Sentence, at: usize) -> bool {
    let place = |at: usize| sentence.mentions[at].is(Particle::In) || sentence.mentions[at].is(Particle::Toward);
    let Some(before) = sentence.step(at, Way::Back, &is_filler) else { return false };
    let named = is_name_like(&sentence.mentions[before]) && !sentence.mentions[before].has(&Sense::Environment);
    place(before) || (named && sentence.step(before, Way::Back, &is_filler).is_some_and(place))
}

fn score(mut sentence: Sentence, verb: Verb, head: Option<usize>, index: usize, template: &Template) -> i64 {
    let headed = head.is_some_and(|at| sentence.mentions[at].has(&Sense::Template(index)));
    let longest = head.filter(|_| headed).map_or(0, |at| sentence.mentions[at].text.split_whitespace().count());
    let called = places::called(&mut sentence);
    let given = values(&mut sentence, template);
    let fits = given.len().min(3);
    let missing = template.parameters.iter().filter(|p| p.required && !given.contains_key(&p.name)).count();
    let runs = verb == Verb::Deploy && template.verify == Verify::Rollout && given.contains_key("image");
    let count = |number: usize| i64::try_from(number).unwrap_or(0);
    let named = i64::from(called.is_some() && fits > 0);
    10 * i64::from(headed) + count(longest.min(3)) + 3 * count(fits) + 2 * i64::from(runs) + named
        - 2 * count(missing.min(3))
}

/// A name that stands alone: the one word left that could be one, if nothing else is left.
fn last_name(sentence: &mut Sentence, verb_at: usize) -> Option<String> {
    let mut left =
        sentence.places(|mention| (mention.is_open() || mention.has(&Sense::Component)) && is_name_like(mention));
    left.retain(|at| sentence.is_free(*at) && *at > verb_at && sentence.mentions[*at].kind == TokenKind::Word);
    let [only] = left.as_slice() else { return None };
    sentence.take(*only);
    Some(sentence.mentions[*only].text.clone())
}
