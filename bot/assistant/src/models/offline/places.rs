//! Where and what: environment, namespace, name, component and change as a sentence names them.
//! Used by the planner for every intention.
//! Must never invent a name: what is not said is left to the tools.

use super::lexicon::{Noun, Particle, Sense, Verb};
use super::senses::Mention;
use super::sentence::{Sentence, Way, is_filler, is_name_like};
use super::tokens::TokenKind;
use crate::context::Context;
use chopmark_domain::ids::{ChangeId, is_dns_label};

/// The change whose id is said.
pub(crate) fn change(sentence: &mut Sentence) -> Option<String> {
    let at = sentence.places(|mention| ChangeId::parse(&mention.text.to_lowercase()).is_ok()).pop()?;
    sentence.take(at);
    Some(sentence.mentions[at].text.to_lowercase())
}

/// A full name such as `shop/cart` or `dev/shop/cart`. Images and paths look alike, so the first part must be known.
pub(crate) fn full_name(sentence: &mut Sentence, context: &Context) -> Option<String> {
    let groups = context.groups();
    let known = |text: &str| {
        let parts: Vec<&str> = text.split('/').collect();
        let labels = parts.iter().all(|part| is_dns_label(part));
        let first = parts.first().copied().unwrap_or_default();
        let environment = context.environments.iter().any(|name| name.as_str() == first);
        labels
            && match parts.len() {
                2 => groups.contains(first) || first == chopmark_domain::component::CLUSTER_GROUP,
                3 => environment,
                _ => false,
            }
    };
    let at = sentence.places(|mention| known(&mention.text)).first().copied().filter(|at| sentence.is_free(*at))?;
    sentence.take(at);
    Some(sentence.mentions[at].text.clone())
}

/// The environment that is said: a known one wherever it stands, or an unknown one beside the word environment.
pub(crate) fn environment(sentence: &mut Sentence) -> Option<String> {
    let known = sentence.places(|mention| mention.has(&Sense::Environment));
    let after_in = |at: &usize| before(sentence, *at).is_some_and(|before| is_place_word(&sentence.mentions[before]));
    let free: Vec<usize> = known.into_iter().filter(|at| sentence.is_free(*at)).collect();
    if let Some(at) = free.iter().copied().find(after_in).or(free.first().copied()) {
        sentence.take(at);
        return Some(sentence.mentions[at].text.to_lowercase());
    }
    for at in sentence.places(|mention| mention.noun(Noun::Environment)) {
        let named = |at: &usize| {
            let mention = &sentence.mentions[*at];
            sentence.is_free(*at) && mention.is_open() && is_name_like(mention)
        };
        let left = sentence.step(at, Way::Back, &is_filler).filter(named);
        let right = sentence.step(at, Way::On, &is_filler).filter(named);
        // "env" before a word is the word for environment variables.
        let right = right.filter(|_| !sentence.mentions[at].senses.iter().any(is_parameter));
        let left = left.filter(|left| {
            before(sentence, *left).is_some_and(|before| is_place_word(&sentence.mentions[before]))
                || sentence.mentions[at].kind == TokenKind::Han
        });
        if let Some(name) = left.or(right) {
            sentence.take(name);
            sentence.take(at);
            return Some(sentence.mentions[name].text.clone());
        }
    }
    None
}

fn is_parameter(sense: &Sense) -> bool {
    matches!(sense, Sense::Parameter(..))
}

fn is_place_word(mention: &Mention) -> bool {
    mention.is(Particle::In) || mention.is(Particle::Toward)
}

/// The piece before, past fillers and the words namespace and environment.
fn before(sentence: &Sentence, at: usize) -> Option<usize> {
    let skip =
        |mention: &Mention| is_filler(mention) || mention.noun(Noun::Namespace) || mention.noun(Noun::Environment);
    sentence.step(at, Way::Back, &skip)
}

/// The namespace that is said.
pub(crate) fn group(sentence: &mut Sentence) -> Option<String> {
    let at = group_at(sentence)?;
    sentence.take(at);
    Some(sentence.mentions[at].text.clone())
}

/// The group that is said, if it is one that there is.
pub(crate) fn known_group(sentence: &mut Sentence) -> Option<String> {
    let at = group_at(sentence).filter(|at| sentence.mentions[*at].has(&Sense::Group))?;
    sentence.take(at);
    Some(sentence.mentions[at].text.clone())
}

fn group_at(sentence: &Sentence) -> Option<usize> {
    let nameable = |at: &usize| {
        let mention = &sentence.mentions[*at];
        let open = mention.describes() || mention.guessed || mention.has(&Sense::Group);
        sentence.is_free(*at) && is_name_like(mention) && (open || mention.has(&Sense::Component))
    };
    let deploys = [Verb::Deploy, Verb::Create, Verb::Add, Verb::Make].iter().any(|verb| sentence.has_verb(*verb));
    for at in sentence.places(is_place_word) {
        let skip = |mention: &Mention| {
            is_filler(mention)
                || mention.noun(Noun::Namespace)
                || mention.is(Particle::Of)
                || mention.has(&Sense::Environment)
                || mention.noun(Noun::Environment)
        };
        let Some(next) = sentence.step(at, Way::On, &skip).filter(nameable) else { continue };
        let inside = sentence.mentions[at].is(Particle::In);
        let known = sentence.mentions[next].has(&Sense::Group);
        if inside || known || beside_namespace(sentence, next) || (deploys && sentence.mentions[next].is_open()) {
            return Some(next);
        }
    }
    for at in sentence.places(|mention| mention.noun(Noun::Namespace)) {
        let right = sentence.step(at, Way::On, &is_filler).filter(nameable);
        let left = sentence.step(at, Way::Back, &is_filler).filter(nameable);
        if let Some(name) = right.or(left) {
            return Some(name);
        }
    }
    for at in sentence.places(|mention| mention.is(Particle::Inside)) {
        if let Some(left) = sentence.step(at, Way::Back, &is_filler).filter(nameable) {
            return Some(left);
        }
    }
    let only_group = |mention: &Mention| mention.has(&Sense::Group) && !mention.has(&Sense::Component);
    sentence.places(only_group).into_iter().find(nameable)
}

fn beside_namespace(sentence: &Sentence, at: usize) -> bool {
    [Way::Back, Way::On]
        .into_iter()
        .any(|way| sentence.step(at, way, &is_filler).is_some_and(|next| sentence.mentions[next].noun(Noun::Namespace)))
}

/// A further place that is said, when environment and namespace have been taken: nobody knows it, and a change
/// must not go to another place than the one that was named.
pub(crate) fn further(sentence: &mut Sentence) -> Option<String> {
    let inside = sentence.places(|mention| mention.is(Particle::In));
    let at = inside.into_iter().find_map(|at| {
        let next = sentence.step(at, Way::On, &is_filler)?;
        let mention = &sentence.mentions[next];
        (sentence.is_free(next) && mention.is_open() && is_name_like(mention)).then_some(next)
    })?;
    sentence.take(at);
    Some(sentence.mentions[at].text.clone())
}

/// The name after "as", "called" or "叫".
pub(crate) fn called(sentence: &mut Sentence) -> Option<String> {
    for at in sentence.places(|mention| mention.is(Particle::Called)) {
        let skip = |mention: &Mention| is_filler(mention) || mention.is(Particle::Becomes) || mention.is(Particle::It);
        let Some(next) = sentence.step(at, Way::On, &skip) else { continue };
        let mention = &sentence.mentions[next];
        let article = next > at + 1 && is_article(&sentence.mentions[next - 1]);
        let is_kind =
            article && mention.senses.iter().any(|sense| matches!(sense, Sense::Template(_) | Sense::Kind(_)));
        let is_place = mention.is(Particle::In) || mention.is(Particle::With);
        if sentence.is_free(next) && !is_kind && !is_place {
            sentence.take(at);
            sentence.take(next);
            return Some(sentence.mentions[next].text.clone());
        }
    }
    None
}

fn is_article(mention: &Mention) -> bool {
    matches!(mention.text.to_lowercase().as_str(), "a" | "an" | "一个" | "个")
}

/// The name beside the template's word, as in "namespace shop" or "shop 命名空间".
pub(crate) fn beside(sentence: &mut Sentence, template_at: usize) -> Option<String> {
    let nameable = |at: &usize| {
        let mention = &sentence.mentions[*at];
        let known = [Sense::Group, Sense::Component, Sense::Environment].iter().any(|sense| mention.has(sense));
        sentence.is_free(*at) && (mention.is_open() || mention.guessed || known) && is_name_like(mention)
    };
    // Right after its template's word a name may be any word, as in "cron job backup".
    let any_word = |at: &usize| {
        let mention = &sentence.mentions[*at];
        let relates = mention.senses.iter().any(|sense| matches!(sense, Sense::Particle(_)));
        *at == template_at + 1
            && sentence.is_free(*at)
            && is_name_like(mention)
            && !relates
            && !mention.text.contains(' ')
    };
    let skip = |mention: &Mention| is_filler(mention) || mention.kind == TokenKind::Han && mention.is_open();
    let right = sentence.step(template_at, Way::On, &skip).filter(|at| nameable(at) || any_word(at));
    let left = || sentence.step(template_at, Way::Back, &skip).filter(nameable);
    let left = || left().filter(|at| at.checked_sub(1).is_none_or(|before| !is_place_word(&sentence.mentions[before])));
    let at = right.or_else(left)?;
    sentence.take(at);
    Some(sentence.mentions[at].text.clone())
}

/// The component that is said: one that exists, else the word that stands where one would.
pub(crate) fn component(sentence: &mut Sentence, context: &Context) -> Option<String> {
    if let Some(name) = full_name(sentence, context) {
        return Some(name);
    }
    let known = sentence.places(|mention| mention.has(&Sense::Component));
    let known = known.into_iter().find(|at| sentence.is_free(*at));
    let at = known.or_else(|| stranger(sentence))?;
    sentence.take(at);
    Some(sentence.mentions[at].text.clone())
}

/// The first word without a sense that could be a name.
fn stranger(sentence: &Sentence) -> Option<usize> {
    let nameable = |at: &usize| {
        let mention = &sentence.mentions[*at];
        sentence.is_free(*at) && mention.is_open() && is_name_like(mention)
    };
    sentence.places(Mention::is_open).into_iter().find(nameable)
}
