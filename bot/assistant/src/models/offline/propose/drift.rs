//! Wishes about what drifted and about existing roots: bring back, keep, plan a folder.
//! Part of the planner.
//! Must never take a folder that was not typed, or bring back what was only asked about.

use super::super::lexicon::{Noun, Particle, Sense, Verb};
use super::super::places;
use super::super::planner::{Arguments, Scene, Step};
use super::super::senses::Mention;
use super::super::sentence::{Sentence, Way, is_filler, is_name_like};
use super::super::tokens::TokenKind;
use super::{MOST_STRANGERS, named_component};
use serde_json::json;

/// "Bring reports back", "restore it to what is committed", "keep what is there": none when something else is wished.
pub(super) fn reconcile(sentence: &mut Sentence, scene: &Scene<'_>, (at, verb): (usize, Verb)) -> Option<Step> {
    let direction = direction(sentence, (at, verb))?;
    sentence.take(at);
    let environment = places::environment(sentence);
    let component = named_component(sentence, scene, at);
    if sentence.strangers() > MOST_STRANGERS {
        return None;
    }
    Some(
        Arguments::default()
            .with("component", component)
            .with("environment", environment)
            .with("direction", Some(json!(direction)))
            .call("propose_reconcile"),
    )
}

/// Which of the two is to be, as the tool says it.
fn direction(sentence: &Sentence, (at, verb): (usize, Verb)) -> Option<&'static str> {
    // "Accept the drift" is one phrase.
    let says_drift = ["drift", "漂移", "偏离"].iter().any(|word| sentence.mentions[at].text.contains(word));
    let values = sentence.mentions.iter().any(|mention| {
        mention.number.is_some() || mention.senses.iter().any(|sense| matches!(sense, Sense::Parameter(..)))
    });
    let about_drift = sentence.has_noun(Noun::Drift);
    let committed = sentence.has_noun(Noun::Committed);
    let found = sentence.has_noun(Noun::Found);
    let back = sentence.has(Particle::Back);
    let something =
        sentence.has(Particle::It) || sentence.mentions.iter().any(|mention| mention.has(&Sense::Component));
    match verb {
        Verb::Keep => (found || about_drift || something || says_drift).then_some("found"),
        Verb::Reconcile => Some("committed"),
        Verb::Bring => (back || committed || about_drift).then_some("committed"),
        Verb::Undo => (about_drift || committed).then_some("committed"),
        // "Set it back to 3" gives a value; "put it back" brings it back.
        Verb::Set | Verb::Make | Verb::Delete => {
            let returns = back && (something || found) && !values;
            (about_drift || committed || returns).then_some("committed")
        }
        _ => None,
    }
}

/// "Plan the network folder", "plan ./infra/network": a root by its name, or a folder as it was typed.
pub(super) fn plan_root(sentence: &mut Sentence, (at, verb_is_sure): (usize, bool)) -> Option<Step> {
    sentence.take(at);
    let folder_word = sentence.places(|mention| mention.noun(Noun::Folder)).first().copied();
    let typed = sentence.places(is_folder).first().copied();
    if let Some(at) = typed {
        sentence.take(at);
        let folder = sentence.mentions[at].text.clone();
        let environment = places::environment(sentence);
        return (sentence.strangers() <= MOST_STRANGERS).then(|| {
            let arguments = Arguments::default().with("folder", Some(folder));
            arguments.with("environment", environment).call("propose_root")
        });
    }
    let is_sure = folder_word.is_some() || verb_is_sure;
    let name = name(sentence, at, folder_word).filter(|_| is_sure);
    let environment = places::environment(sentence);
    if sentence.strangers() > MOST_STRANGERS || (name.is_none() && folder_word.is_none()) {
        return None;
    }
    Some(Arguments::default().with("name", name).with("environment", environment).call("propose_root"))
}

/// The name beside the word for a folder, else right after the verb.
fn name(sentence: &mut Sentence, verb_at: usize, folder_word: Option<usize>) -> Option<String> {
    let skip = |mention: &Mention| is_filler(mention) || mention.is(Particle::Called) || mention.is(Particle::Of);
    let nameable = |at: &usize| {
        let mention = &sentence.mentions[*at];
        let word = |sense: &Sense| matches!(sense, Sense::Template(_) | Sense::Parameter(..) | Sense::Choice(..));
        sentence.is_free(*at) && is_name_like(mention) && (mention.guessed || mention.senses.iter().all(word))
    };
    // "Network" may be a template's word too: beside "folder" it is a name.
    let any_word = |at: &usize| {
        let mention = &sentence.mentions[*at];
        let relates = mention.senses.iter().any(|sense| matches!(sense, Sense::Particle(_) | Sense::Environment));
        sentence.is_free(*at) && is_name_like(mention) && !relates && mention.verb().is_none()
    };
    let beside = |at: usize| {
        let left = sentence.step(at, Way::Back, &skip).filter(any_word);
        left.or_else(|| sentence.step(at, Way::On, &skip).filter(any_word))
    };
    let after = || sentence.step(verb_at, Way::On, &skip).filter(nameable);
    let found = folder_word.and_then(beside).or_else(after)?;
    sentence.take(found);
    Some(sentence.mentions[found].text.clone())
}

/// Whether a word can only be a folder's path. An image such as `acme/api:2` is none.
fn is_folder(mention: &Mention) -> bool {
    let text = mention.text.as_str();
    let starts = ["/", "./", "../", "~/"].iter().any(|start| text.starts_with(start)) || text == "." || text == "..";
    matches!(mention.kind, TokenKind::Word | TokenKind::Quoted) && starts
}
