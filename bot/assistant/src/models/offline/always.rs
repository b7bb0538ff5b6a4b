//! What a template's components always are, asked for or asked away: "make it versioned", "a public bucket".
//! Part of the planner; what they always are stands in the templates' metadata.
//! Must never let a wish for the opposite become a proposal without it.

use super::lexicon::{Particle, Sense};
use super::planner::{Saying, Scene};
use super::propose::template_of;
use super::senses::Mention;
use super::sentence::{Sentence, Way, is_filler};
use super::unused::quotable;
use chopmark_catalog::{Catalog, Template};
use chopmark_domain::change::Language;
use chopmark_domain::ids::TemplateName;
use chopmark_protocol::messages::text;

/// What a sentence says about what a template's components always are.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// The facts that it asks for.
    pub(super) asked: Vec<usize>,
    /// The fact of which it asks for the opposite, and in which word.
    pub(super) against: Option<(usize, String)>,
}

/// Looks for the words of a template's facts among what is free; they have found their place by that.
pub(super) fn facts(sentence: &mut Sentence, scene: &Scene<'_>, template: &Template) -> Facts {
    let mut facts = Facts::default();
    let Some(index) = scene.catalog.templates().position(|other| other.name == template.name) else { return facts };
    for at in 0..sentence.mentions.len() {
        if !sentence.is_free(at) {
            continue;
        }
        let found = sentence.mentions[at].senses.iter().find_map(|sense| match sense {
            Sense::Always(of, fact) if *of == index => Some((*fact, true)),
            Sense::Against(of, fact) if *of == index => Some((*fact, false)),
            _ => None,
        });
        let Some((fact, holds)) = found else { continue };
        let taken_back = refusing(sentence, at);
        match (holds, taken_back) {
            (true, None) | (false, Some(_)) if !facts.asked.contains(&fact) => facts.asked.push(fact),
            (true, None) | (false, Some(_)) => {}
            (true, Some(no)) => {
                let words = if no < at { [no, at] } else { [at, no] }.map(|at| sentence.mentions[at].text.clone());
                facts.against = facts.against.or(Some((fact, words.join(" "))));
            }
            (false, None) => facts.against = facts.against.or(Some((fact, sentence.mentions[at].text.clone()))),
        }
        sentence.take(at);
        taken_back.into_iter().for_each(|at| sentence.take(at));
    }
    facts
}

/// The word that turns a fact into its opposite: "without", "not" or "disable" before it, "off" after it.
fn refusing(sentence: &Sentence, at: usize) -> Option<usize> {
    let skip = |mention: &Mention| is_filler(mention) || mention.is(Particle::It);
    let before = sentence.step(at, Way::Back, &skip).filter(|before| {
        let before = &sentence.mentions[*before];
        before.is(Particle::Without) || before.is(Particle::Not)
    });
    let off = |at: &usize| ["off", "disabled"].contains(&sentence.mentions[*at].text.to_lowercase().as_str());
    before.or_else(|| sentence.step(at, Way::On, &skip).filter(off))
}

/// What to say of facts that nothing can be made of: the opposite cannot be, and what is asked for is so already.
pub(super) fn saying(template: &Template, facts: Facts) -> Option<Saying> {
    let name = template.name.clone();
    match facts.against {
        Some((fact, word)) => Some(Saying::Against(name, fact, word)),
        None if !facts.asked.is_empty() => Some(Saying::Always(name, facts.asked)),
        None => None,
    }
}

/// "Is it encrypted?", of what was last spoken of or is named.
pub(super) fn is_it(sentence: &Sentence, scene: &Scene<'_>) -> Option<Saying> {
    let first = sentence.mentions.iter().find(|mention| !mention.separates())?;
    if !first.is(Particle::Is) && !sentence.has(Particle::Ask) {
        return None;
    }
    let named = sentence.mentions.iter().find(|mention| mention.has(&Sense::Component));
    let template = template_of(scene, named.map(|mention| mention.text.as_str()))?;
    let facts = facts(&mut sentence.clone(), scene, template);
    let asked: Vec<usize> = facts.asked.into_iter().chain(facts.against.map(|(fact, _)| fact)).collect();
    (!asked.is_empty()).then(|| Saying::Always(template.name.clone(), asked))
}

/// That it is so already.
pub(super) fn always(catalog: &Catalog, language: Language, template: &TemplateName, facts: &[usize]) -> String {
    let Some(template) = catalog.get(template) else { return String::new() };
    let titles = facts.iter().filter_map(|fact| template.always.get(*fact)).map(|fact| fact.title.of(language));
    let facts = titles.collect::<Vec<_>>().join(if language == Language::Zh { "、" } else { ", " });
    text(language, "talk-always", &[("template", template.title.of(language).into()), ("facts", (&facts).into())])
}

/// That it can never be so.
pub(super) fn against(
    catalog: &Catalog,
    language: Language,
    template: &TemplateName,
    fact: usize,
    word: &str,
) -> String {
    let Some(template) = catalog.get(template) else { return String::new() };
    let fact = template.always.get(fact).map(|fact| fact.title.of(language)).unwrap_or_default();
    let word = quotable(word);
    let args = [("template", template.title.of(language).into()), ("fact", fact.into()), ("word", (&word).into())];
    text(language, "talk-against", &args)
}
