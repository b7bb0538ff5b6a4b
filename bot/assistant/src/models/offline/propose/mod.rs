//! Wishes: which proposing tool takes them, with which arguments.
//! Part of the planner.
//! Must never turn half a sentence into a proposal: what is missing is asked by the tool, what is foreign stops it.

mod create;
mod drift;
mod edit;
mod patch;

use super::lexicon::{Noun, Particle, Sense, Verb};
use super::places;
use super::planner::{Arguments, Saying, Scene, Step};
use super::senses::Mention;
use super::sentence::{Sentence, Way, is_filler, is_name_like};
use create::{create, head};
use edit::edit;
pub(super) use edit::template_of;

/// Words without meaning that a wish may hold besides what was understood: more, and it is another sentence.
const MOST_STRANGERS: usize = 2;

/// The proposing call for the sentence.
pub(crate) fn plan(sentence: &mut Sentence, scene: &Scene<'_>, wish: Option<(usize, Verb)>) -> Option<Step> {
    if let Some(drifted) = wish.and_then(|wish| tried(sentence, |trial| drift::reconcile(trial, scene, wish))) {
        return Some(drifted);
    }
    match wish {
        Some((at, Verb::Restart)) => on_component(sentence, scene, at, "propose_restart"),
        Some((at, Verb::Delete)) => on_component(sentence, scene, at, "propose_delete"),
        Some((at, Verb::Undo)) => undo(sentence, scene, at),
        Some((at, verb @ (Verb::Create | Verb::Deploy))) => {
            create(sentence, scene, (at, verb)).or_else(|| edit_what_is_there(sentence, scene, wish))
        }
        Some((at, verb @ (Verb::Add | Verb::Make))) => {
            let there = is_about_something_there(sentence);
            if there { None } else { create(sentence, scene, (at, verb)) }.or_else(|| edit(sentence, scene, wish))
        }
        Some((_, Verb::Scale | Verb::Set)) => edit(sentence, scene, wish),
        Some((at, Verb::Plan)) => {
            let is_sure = !sentence.mentions[at].guessed;
            tried(sentence, |trial| drift::plan_root(trial, (at, is_sure)))
        }
        Some((_, Verb::Reconcile | Verb::Bring | Verb::Keep)) => edit(sentence, scene, None),
        None => match need(sentence) {
            Some(at) => create(sentence, scene, (at, Verb::Create)),
            None => edit(sentence, scene, None),
        },
        Some((_, Verb::Rename | Verb::List | Verb::Show | Verb::Explain | Verb::Decide | Verb::Help)) => None,
    }
}

/// Tries a way to understand the sentence: what it gave a place keeps it only if something came of it.
fn tried(sentence: &mut Sentence, way: impl FnOnce(&mut Sentence) -> Option<Step>) -> Option<Step> {
    let mut trial = sentence.clone();
    let step = way(&mut trial)?;
    *sentence = trial;
    Some(step)
}

/// "I need a namespace billing": the need stands for a verb when a template's word follows.
fn need(sentence: &Sentence) -> Option<usize> {
    let needs = [
        "i need",
        "need",
        "i want",
        "want",
        "i'd like",
        "we'd like",
        "can we have",
        "can i have",
        "could we have",
        "could i have",
        "may i have",
        "需要",
        "我要",
        "要",
        "想要",
    ];
    let at = sentence.places(|mention| needs.contains(&mention.text.to_lowercase().as_str())).first().copied()?;
    head(sentence, at).filter(|_| !is_about_something_there(sentence)).map(|_| at)
}

fn is_about_something_there(sentence: &Sentence) -> bool {
    sentence.has(Particle::It) || sentence.mentions.iter().any(|mention| mention.has(&Sense::Component))
}

/// A verb that makes something new edits only what is known to be there.
fn edit_what_is_there(sentence: &mut Sentence, scene: &Scene<'_>, wish: Option<(usize, Verb)>) -> Option<Step> {
    let named = sentence.mentions.iter().any(|mention| mention.has(&Sense::Component));
    named.then(|| edit(sentence, scene, wish)).flatten()
}

/// What stands right after a verb, or between 把 and it: the thing it is about, whatever else it could mean.
fn object_of(sentence: &Sentence, verb_at: usize) -> Option<usize> {
    let skip = |mention: &Mention| is_filler(mention) || mention.is(Particle::Of) || mention.noun(Noun::Component);
    let fits = |at: &usize| {
        let mention = &sentence.mentions[*at];
        let place = mention.is(Particle::In) || mention.is(Particle::It) || mention.is(Particle::With);
        let article = at.checked_sub(1).map(|before| sentence.mentions[before].text.to_lowercase());
        let definite = article.is_some_and(|word| ["the", "this", "that", "my", "our"].contains(&word.as_str()));
        let meaning = mention.senses.iter().any(|sense| matches!(sense, Sense::Template(_) | Sense::Kind(_)));
        let next = sentence.mentions.get(at + 1);
        let says_where = next.is_some_and(|next| next.is(Particle::Inside) || next.is(Particle::Of));
        sentence.is_free(*at)
            && !place
            && is_name_like(mention)
            && (mention.is_open()
                || mention.guessed
                || mention.has(&Sense::Component)
                || (mention.has(&Sense::Group) && !says_where)
                || (meaning && !definite))
    };
    let after = sentence.step(verb_at, Way::On, &skip).filter(fits);
    let object = sentence.places(|mention| mention.is(Particle::Object)).first().copied();
    let between = || object.and_then(|at| sentence.step(at, Way::On, &skip)).filter(fits);
    after.or_else(between)
}

/// A component named by the sentence, with the namespace it is in when one is said.
fn named_component(sentence: &mut Sentence, scene: &Scene<'_>, verb_at: usize) -> Option<String> {
    if let Some(full) = places::full_name(sentence, scene.context) {
        return Some(full);
    }
    if let Some(namespace) = namespace_itself(sentence) {
        return Some(format!("{}/{namespace}", chopmark_domain::component::CLUSTER_GROUP));
    }
    let known = sentence.places(|mention| mention.has(&Sense::Component));
    let known = known.into_iter().find(|at| sentence.is_free(*at));
    let at = known.or_else(|| object_of(sentence, verb_at));
    let name = match at {
        Some(at) => {
            sentence.take(at);
            sentence.mentions[at].text.clone()
        }
        None => {
            let group = places::group(sentence);
            let name = places::component(sentence, scene.context)?;
            return Some(group.map_or(name.clone(), |group| format!("{group}/{name}")));
        }
    };
    let group = places::group(sentence).filter(|_| !name.contains('/'));
    Some(group.map_or(name.clone(), |group| format!("{group}/{name}")))
}

/// "Namespace shop" where the namespace itself is meant: the word stands after the verb, not after "in".
fn namespace_itself(sentence: &mut Sentence) -> Option<String> {
    let at = sentence.places(|mention| mention.noun(Noun::Namespace)).first().copied()?;
    let before = sentence.step(at, Way::Back, &is_filler);
    let in_place = before.is_some_and(|before| {
        let before = &sentence.mentions[before];
        before.is(Particle::In) || before.is(Particle::Toward) || before.has(&Sense::Component)
    });
    let named = sentence.mentions.iter().any(|mention| mention.has(&Sense::Component) && !mention.has(&Sense::Group));
    if in_place || named {
        return None;
    }
    sentence.take(at);
    places::beside(sentence, at)
}

fn on_component(sentence: &mut Sentence, scene: &Scene<'_>, at: usize, tool: &'static str) -> Option<Step> {
    sentence.take(at);
    let environment = places::environment(sentence);
    let component = named_component(sentence, scene, at);
    if sentence.strangers() > MOST_STRANGERS {
        return None;
    }
    if component.is_none() && !means_the_last(sentence) {
        return Some(Step::Say(Saying::OneComponent));
    }
    Some(Arguments::default().with("component", component).with("environment", environment).call(tool))
}

/// Whether "it" is said, or nothing at all beside the verb.
fn means_the_last(sentence: &Sentence) -> bool {
    let everything = ["all", "all the", "everything", "所有", "所有的", "全部", "全部的", "整个"];
    let all = sentence.mentions.iter().any(|mention| everything.contains(&mention.text.to_lowercase().as_str()));
    let place = sentence.mentions.iter().any(|mention| mention.has(&Sense::Group) || mention.noun(Noun::Namespace));
    !all && !place
}

fn undo(sentence: &mut Sentence, scene: &Scene<'_>, at: usize) -> Option<Step> {
    sentence.take(at);
    let change = places::change(sentence);
    let environment = places::environment(sentence);
    let commit = sentence.places(|mention| {
        let text = &mention.text;
        (7..=64).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
            && text.bytes().any(|b| b.is_ascii_digit())
    });
    let version = commit.first().map(|at| {
        sentence.take(*at);
        sentence.mentions[*at].text.clone()
    });
    let component = if change.is_some() { None } else { named_component(sentence, scene, at) };
    if sentence.strangers() > MOST_STRANGERS {
        return None;
    }
    let arguments = Arguments::default().with("component", component).with("environment", environment);
    Some(arguments.with("change", change).with("version", version).call("propose_restore"))
}
