//! Wishes for other values of what is there or waits.
//! Part of the planner.
//! Must never give a number to a parameter that the sentence does not mean.

use super::super::always;
use super::super::lexicon::{Particle, Sense, Verb};
use super::super::places;
use super::super::planner::{Arguments, Scene, Step};
use super::super::senses::Mention;
use super::super::sentence::{Sentence, Way, is_filler, is_name_like};
use super::super::shapes::is_image;
use super::super::tokens::TokenKind;
use super::super::values::values;
use super::{MOST_STRANGERS, object_of, patch};
use chopmark_catalog::{ParameterKind, Restart, Template};
use chopmark_domain::literal::Literal;
use serde_json::{Value, json};
use std::collections::BTreeMap;

pub(super) fn edit(sentence: &mut Sentence, scene: &Scene<'_>, wish: Option<(usize, Verb)>) -> Option<Step> {
    if let Some(patch) = patch::patch(sentence, scene) {
        return Some(patch);
    }
    let change = places::change(sentence);
    let environment = places::environment(sentence);
    let full = places::full_name(sentence, scene.context);
    let known = sentence.places(|mention| mention.has(&Sense::Component)).first().copied();
    let component = match (full, known) {
        (Some(full), _) => Some(full),
        (None, Some(at)) if sentence.is_free(at) => {
            sentence.take(at);
            Some(sentence.mentions[at].text.clone())
        }
        (None, _) => None,
    };
    let template = template_of(scene, component.as_deref());
    let facts = template.map(|template| (template, always::facts(&mut sentence.clone(), scene, template)));
    let mut given = match template {
        Some(template) => given(sentence, scene, template, component.as_deref(), wish),
        None => any_values(sentence, scene, wish),
    };
    // What is so already asks for nothing; beside a value it has been heard all the same.
    if let Some((template, facts)) = facts {
        if facts.against.is_some() || given.is_empty() {
            if let Some(saying) = always::saying(template, facts) {
                return Some(Step::Say(saying));
            }
        } else {
            always::facts(sentence, scene, template);
        }
    }
    let object = wish.filter(|_| component.is_none()).and_then(|(at, _)| object_of(sentence, at));
    let component = component.or_else(|| {
        let at = object.or_else(|| owner(sentence))?;
        sentence.take(at);
        Some(sentence.mentions[at].text.clone())
    });
    let component = component.map(|name| match places::group(sentence) {
        Some(group) if !name.contains('/') => format!("{group}/{name}"),
        _ => name,
    });
    if let (true, Some(_)) = (given.is_empty(), wish) {
        given.extend(unknown_value(sentence));
    }
    let there = known.is_some() || component.as_deref().is_some_and(|name| name.contains('/'));
    let understood = !given.is_empty() || (wish.is_some() && component.is_some() && there);
    let nothing_to_edit = component.is_none() && change.is_none() && !is_something_known(scene);
    if !understood || sentence.strangers() > MOST_STRANGERS || (wish.is_none() && nothing_to_edit) {
        return None;
    }
    let values: Value = given.into_iter().collect::<serde_json::Map<_, _>>().into();
    Some(
        Arguments::default()
            .with("component", component)
            .with("change", change)
            .with("environment", environment)
            .with("values", Some(values))
            .call("propose_edit"),
    )
}

fn is_something_known(scene: &Scene<'_>) -> bool {
    scene.context.known.component.is_some() || !scene.context.waiting.is_empty()
}

/// The template of the component that is edited: by name, else what waits, else what was last spoken of.
pub(crate) fn template_of<'a>(scene: &'a Scene<'_>, component: Option<&str>) -> Option<&'a Template> {
    let context = scene.context;
    let waits = context.waiting.iter().find(|change| {
        let full = change.component.to_string();
        component.is_none_or(|name| full == name || full.ends_with(&format!("/{name}")))
    });
    let known = context.known.component.as_ref();
    let by_name = component.and_then(|name| {
        let path = |id: &chopmark_domain::component::ComponentId| id.to_string().ends_with(&format!("/{name}"));
        context.components.iter().find(|component| path(&component.id) || component.id.to_string() == name)
    });
    let remembered = || context.components.iter().find(|component| Some(&component.id) == known);
    let name = waits
        .and_then(|change| change.template.clone())
        .or_else(|| by_name.map(|component| component.template.clone()))
        .or_else(
            || if component.is_none() { remembered().map(|component| component.template.clone()) } else { None },
        )?;
    scene.catalog.get(&name)
}

/// The values for a template, bare numbers and new tags included.
fn given(
    sentence: &mut Sentence,
    scene: &Scene<'_>,
    template: &Template,
    component: Option<&str>,
    wish: Option<(usize, Verb)>,
) -> BTreeMap<String, Value> {
    let tag = new_tag(sentence, scene, template, component);
    let mut given = values(sentence, template);
    given.extend(tag);
    if given.is_empty() {
        given.extend(bare_number(sentence, scene, template, wish));
    }
    given
}

/// Without a component: the template whose parameters take most of the values.
fn any_values(sentence: &mut Sentence, scene: &Scene<'_>, wish: Option<(usize, Verb)>) -> BTreeMap<String, Value> {
    let mut best: Option<(usize, Sentence, BTreeMap<String, Value>)> = None;
    for template in scene.catalog.templates() {
        let mut trial = sentence.clone();
        let mut found = values(&mut trial, template);
        if found.is_empty() && template.restart != Restart::Never {
            found.extend(bare_number(&mut trial, scene, template, wish));
        }
        if best.as_ref().is_none_or(|(most, ..)| found.len() > *most) {
            best = Some((found.len(), trial, found));
        }
    }
    let Some((_, understood, found)) = best else { return BTreeMap::new() };
    *sentence = understood;
    found
}

/// "Scale cart to 3", "make it 4 instead": a number whose parameter is not named. After "scale" it is the one that
/// scaling means; otherwise the one the waiting change gave last, else that one too.
fn bare_number(
    sentence: &mut Sentence,
    scene: &Scene<'_>,
    template: &Template,
    wish: Option<(usize, Verb)>,
) -> Option<(String, Value)> {
    let numbers = sentence.places(|mention| mention.number.is_some());
    let numbers: Vec<usize> = numbers.into_iter().filter(|at| sentence.is_free(*at)).collect();
    let [at] = numbers.as_slice() else { return None };
    let counts = |name: &String| {
        let parameter = template.parameter(name)?;
        matches!(parameter.kind, ParameterKind::Integer { .. } | ParameterKind::Port).then(|| name.clone())
    };
    let scaled = || {
        let scales = |word: &str| word == "scale" || word == "扩容";
        let parameters = template.parameters.iter();
        let named = parameters.filter(|parameter| parameter.words.iter().any(|word| scales(word)));
        named.map(|parameter| parameter.name.clone()).next()
    };
    let last = || scene.context.waiting.first().and_then(|change| change.said.iter().find_map(counts));
    let name = match wish {
        Some((_, Verb::Scale)) => scaled(),
        _ => last().or_else(scaled),
    }?;
    let number = sentence.mentions[*at].number?;
    sentence.take(*at);
    Some((name, json!(number)))
}

/// "Set cart's version to 1.28": the image that is there with another tag.
fn new_tag(
    sentence: &mut Sentence,
    scene: &Scene<'_>,
    template: &Template,
    component: Option<&str>,
) -> Option<(String, Value)> {
    let parameter = template.parameters.iter().find(|parameter| parameter.kind == ParameterKind::Image)?;
    let words = ["version", "tag", "版本", "标签"];
    let at = sentence.places(|mention| words.contains(&mention.text.to_lowercase().as_str())).first().copied()?;
    let skip =
        |mention: &Mention| is_filler(mention) || mention.is(Particle::Becomes) || mention.has(&Sense::Component);
    let next = sentence.step(at, Way::On, &skip)?;
    let tag = sentence.mentions[next].text.clone();
    if is_image(&tag) || tag.contains('/') || !tag.is_ascii() {
        return None;
    }
    let present = match component {
        Some(name) => scene.context.find(name),
        None => scene.context.known.component.as_ref().and_then(|id| scene.context.find(&id.to_string())),
    }?;
    let Some(Literal::Text(image)) = present.values.get(&parameter.name) else { return None };
    let without_digest = image.split('@').next().unwrap_or(image);
    let slash = without_digest.rfind('/').map_or(0, |slash| slash + 1);
    let base = match without_digest[slash..].find(':') {
        Some(colon) => &without_digest[..slash + colon],
        None => without_digest,
    };
    sentence.take(at);
    sentence.take(next);
    Some((parameter.name.clone(), json!(format!("{base}:{tag}"))))
}

/// The word before "的" or a possessive, and after 把 or 给: whose value it is.
fn owner(sentence: &Sentence) -> Option<usize> {
    let nameable = |at: &usize| {
        let mention = &sentence.mentions[*at];
        sentence.is_free(*at) && mention.is_open() && is_name_like(mention)
    };
    let object = sentence.places(|mention| mention.is(Particle::Object) || mention.is(Particle::Toward));
    let after_object = object.into_iter().filter_map(|at| sentence.step(at, Way::On, &is_filler)).find(nameable);
    let before_of = || {
        let places = sentence.places(|mention| mention.is(Particle::Of) && mention.kind == TokenKind::Han);
        places.into_iter().filter_map(|at| sentence.step(at, Way::Back, &is_filler)).find(nameable)
    };
    let after_of = || {
        let places = sentence.places(|mention| mention.is(Particle::Of) && mention.kind == TokenKind::Word);
        places.into_iter().filter_map(|at| sentence.step(at, Way::On, &is_filler)).find(nameable)
    };
    after_object.or_else(before_of).or_else(after_of)
}

/// "Set cart's colour to red": a parameter that may not exist. The tool says so and names the nearest.
fn unknown_value(sentence: &mut Sentence) -> Option<(String, Value)> {
    let at = sentence.places(|mention| mention.is(Particle::Becomes) && mention.text != "of").last().copied()?;
    let named = sentence.step(at, Way::Back, &is_filler).filter(|at| {
        let mention = &sentence.mentions[*at];
        sentence.is_free(*at)
            && mention.is_open()
            && mention.text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    })?;
    let value = sentence.step(at, Way::On, &is_filler).filter(|at| sentence.is_free(*at))?;
    sentence.take(named);
    sentence.take(value);
    Some((sentence.mentions[named].text.to_lowercase(), json!(sentence.mentions[value].text)))
}
