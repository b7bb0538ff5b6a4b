//! The plan of an answer: which tool to call with what, or what to say when no tool fits.
//! Called by the offline model for each sentence that answers no open question.
//! Must never propose anything on a word it did not understand.

use super::always;
use super::lexicon::{Noun, Particle, Sense, Verb};
use super::propose;
use super::reading;
use super::senses::{Mention, Names, Vocabulary};
use super::sentence::{Sentence, Way, is_filler};
use super::tokens::TokenKind;
use super::unused;
use crate::context::Context;
use chopmark_catalog::Catalog;
use chopmark_domain::component::CLUSTER_GROUP;
use chopmark_domain::ids::TemplateName;
use serde_json::{Map, Value};

/// What follows from a sentence.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Step {
    /// Call a tool.
    Call {
        /// The tool.
        tool: &'static str,
        /// Its arguments.
        arguments: Value,
        /// Whether more was asked for than one request can do.
        more: bool,
        /// Words of the sentence that were used for nothing.
        unused: Vec<String>,
    },
    /// Say something of our own.
    Say(Saying),
}

/// What the planner says itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Saying {
    /// What can be said.
    Help,
    /// Decisions are commands.
    Decide,
    /// Nothing was done because of a "not".
    Negated,
    /// A question how to do something: say it as a wish.
    HowTo,
    /// One component at a time, by name.
    OneComponent,
    /// What is there keeps its name.
    KeepsName,
    /// It is so whatever is asked: template, and its facts by their places.
    Always(TemplateName, Vec<usize>),
    /// It can never be so: template, the fact that is against it, the word for it.
    Against(TemplateName, usize, String),
    /// Not understood; the nearest templates follow.
    Unsure,
}

/// Arguments of a call, built up.
#[derive(Debug, Default)]
pub(crate) struct Arguments(Map<String, Value>);

impl Arguments {
    /// Adds an argument if it has a value.
    pub(crate) fn with(mut self, name: &str, value: Option<impl Into<Value>>) -> Self {
        if let Some(value) = value {
            self.0.insert(name.to_owned(), value.into());
        }
        self
    }

    /// The call.
    pub(crate) fn call(self, tool: &'static str) -> Step {
        Step::Call { tool, arguments: Value::Object(self.0), more: false, unused: Vec::new() }
    }
}

/// Everything the steps of planning need.
pub(crate) struct Scene<'a> {
    /// What is known.
    pub(crate) context: &'a Context,
    /// The templates.
    pub(crate) catalog: &'a Catalog,
}

/// Names that exist now.
pub(crate) fn names(context: &Context) -> Names {
    let waiting = context.waiting.iter().map(|change| &change.component);
    let all = context.components.iter().map(|component| &component.id).chain(waiting);
    Names {
        environments: context.environments.iter().map(ToString::to_string).collect(),
        groups: context.groups().into_iter().map(str::to_owned).collect(),
        // A namespace's own component is named by the word namespace; its name alone says where.
        components: all.filter(|id| id.path.group() != CLUSTER_GROUP).map(|id| id.path.name().to_owned()).collect(),
    }
}

/// Plans the answer to a sentence.
pub(crate) fn plan(vocabulary: &Vocabulary, scene: &Scene<'_>, said: &str) -> Step {
    let mut mentions = vocabulary.read(said, &names(scene.context));
    name_what_is_acted_on(&mut mentions);
    let mut sentence = Sentence::new(mentions);
    let more = cut_second_wish(&mut sentence);
    match decide(&mut sentence, scene) {
        Step::Call { tool, arguments, .. } => {
            let proposes = tool.starts_with("propose_");
            let unused = if proposes {
                unused::phrases(&sentence, &unused::Wish::of(&arguments, scene.catalog), said)
            } else {
                Vec::new()
            };
            Step::Call { tool, arguments, more, unused }
        }
        say @ Step::Say(_) => say,
    }
}

fn is_action(verb: Verb) -> bool {
    matches!(
        verb,
        Verb::Create
            | Verb::Deploy
            | Verb::Scale
            | Verb::Restart
            | Verb::Delete
            | Verb::Undo
            | Verb::Reconcile
            | Verb::Bring
            | Verb::Keep
            | Verb::Set
            | Verb::Add
            | Verb::Make
    )
}

/// Right after what is to be done, a word such as `hello` is no greeting: it names what it is done to.
fn name_what_is_acted_on(mentions: &mut [Mention]) {
    for at in 1..mentions.len() {
        let acts = mentions[at - 1].verb().is_some_and(is_action);
        let mention = &mut mentions[at];
        if acts && mention.kind == TokenKind::Word && !mention.text.contains(' ') {
            mention.senses.retain(|sense| *sense != Sense::Verb(Verb::Help));
        }
    }
}

/// Drops what follows "and then", when it is another wish. One request, one card.
fn cut_second_wish(sentence: &mut Sentence) -> bool {
    let joins = |mention: &Mention| {
        mention.is(Particle::Then)
            || mention.is(Particle::With)
            || mention.kind == TokenKind::Stop
            || mention.text == "&&"
    };
    for at in sentence.places(joins) {
        let rest = &sentence.mentions[at + 1..];
        let next = rest.iter().find(|mention| !is_filler(mention) && !mention.is(Particle::With));
        let wish = next.filter(|next| !next.guessed).and_then(Mention::verb).is_some_and(|verb| {
            // "Scale cart to 3 and set its memory" is one edit; "and restart it" is another wish.
            let edits = matches!(verb, Verb::Set | Verb::Add | Verb::Make | Verb::Scale);
            let joined = sentence.mentions[at].is(Particle::With);
            // "And host shop.example.com" names a value.
            let word = next.is_some_and(|next| next.senses.iter().any(|sense| matches!(sense, Sense::Parameter(..))));
            is_action(verb) && !(joined && (edits || word))
        });
        let before = sentence.mentions[..at].iter().any(|mention| mention.verb().is_some_and(is_action));
        if wish && before {
            sentence.mentions.truncate(at);
            return true;
        }
    }
    false
}

/// The first piece that is not a filler, a greeting's comma or politeness.
fn first_content(sentence: &Sentence) -> Option<usize> {
    (0..sentence.mentions.len()).find(|at| {
        let mention = &sentence.mentions[*at];
        !mention.separates() && (!is_filler(mention) || mention.verb().is_some())
    })
}

/// The verb that says what to do, if the sentence is a wish, with its place.
fn wish(sentence: &Sentence) -> Option<(usize, Verb)> {
    let verbs = sentence.verbs();
    // 用镜像 x 部署 …, "use image x to deploy …": the first verb only says with what.
    let makes = |verb: &Verb| matches!(verb, Verb::Create | Verb::Deploy);
    let using = verbs.clone().next().filter(|(at, verb)| {
        *verb == Verb::Set && matches!(sentence.mentions[*at].text.to_lowercase().as_str(), "用" | "使用" | "use")
    });
    if let (Some(_), Some(made)) = (using, verbs.clone().find(|(_, verb)| makes(verb))) {
        return Some(made);
    }
    let exact = verbs.clone().find(|(at, verb)| !sentence.mentions[*at].guessed && is_strong(sentence, *at, *verb));
    exact.or_else(|| verbs.clone().find(|(at, verb)| is_strong(sentence, *at, *verb)))
}

/// Whether a word that can be a verb is one here: at the head of the sentence or after 把 and a name, not
/// "the change" or "memory use".
fn is_strong(sentence: &Sentence, at: usize, verb: Verb) -> bool {
    let mention = &sentence.mentions[at];
    if mention.kind == TokenKind::Han {
        return verb != Verb::Add || !mention.is(Particle::With) || at == 0;
    }
    let before = at.checked_sub(1).map(|before| &sentence.mentions[before]);
    let after_article = before.is_some_and(|before| {
        ["the", "a", "an", "this", "that", "last", "my", "latest"].contains(&before.text.to_lowercase().as_str())
    });
    let also_noun = mention.senses.iter().any(|sense| matches!(sense, Sense::Noun(_) | Sense::Parameter(..)));
    let head = first_content(sentence) == Some(at);
    head || (!after_article && (!also_noun || verb == Verb::Scale))
}

/// Whether the sentence asks something instead of wishing it.
fn asks(sentence: &Sentence) -> bool {
    let Some(first) = first_content(sentence).map(|at| &sentence.mentions[at]) else { return false };
    let asks_first = [Particle::What, Particle::Who, Particle::Why, Particle::Is].iter().any(|p| first.is(*p));
    let asks_within = sentence.mentions.iter().any(|mention| {
        mention.kind == TokenKind::Han
            && (mention.is(Particle::What) || mention.is(Particle::Who) || mention.is(Particle::Why))
    });
    let polite = sentence.has(Particle::Object);
    asks_first || asks_within || (sentence.has(Particle::Ask) && !polite && sentence.has_noun(Noun::Health))
}

fn decide(sentence: &mut Sentence, scene: &Scene<'_>) -> Step {
    let Some(first) = first_content(sentence) else { return Step::Say(Saying::Unsure) };
    if is_consent(sentence) {
        return Step::Say(Saying::Decide);
    }
    if sentence.has_verb(Verb::Help) && sentence.strangers() == 0 && !has_wish_before_help(sentence) {
        return Step::Say(Saying::Help);
    }
    if renames(sentence) && !asks(sentence) {
        return Step::Say(Saying::KeepsName);
    }
    if let Some(saying) = always::is_it(sentence, scene) {
        return Step::Say(saying);
    }
    if asks(sentence) || reading::is_reading(sentence) {
        return reading::plan(sentence, scene).unwrap_or(Step::Say(Saying::Unsure));
    }
    if is_negated(sentence) {
        return Step::Say(Saying::Negated);
    }
    if sentence.mentions[first].is(Particle::How) || sentence.mentions[first].is(Particle::If) {
        return Step::Say(Saying::HowTo);
    }
    if sentence.has_verb(Verb::Decide) && !has_action(sentence) {
        return Step::Say(Saying::Decide);
    }
    let wish = wish(sentence);
    // Who wants something made and is not understood wants nothing read: a "record" is not always the ledger's.
    let makes = matches!(wish, Some((_, Verb::Create | Verb::Deploy)));
    let proposed = propose::plan(sentence, scene, wish);
    let read = |sentence: &mut Sentence| if makes { None } else { reading::plan(sentence, scene) };
    proposed.or_else(|| read(sentence)).unwrap_or(Step::Say(Saying::Unsure))
}

/// "Call it logs instead", of what is there already or waits.
fn renames(sentence: &Sentence) -> bool {
    let calls_it = |mention: &Mention| ["call it", "name it"].contains(&mention.text.to_lowercase().as_str());
    let makes = |mention: &Mention| {
        matches!(mention.verb(), Some(Verb::Create | Verb::Deploy | Verb::Add | Verb::Make))
            || mention.senses.iter().any(|sense| matches!(sense, Sense::Template(_)))
    };
    sentence.has_verb(Verb::Rename) || (sentence.mentions.iter().any(calls_it) && !sentence.mentions.iter().any(makes))
}

fn has_action(sentence: &Sentence) -> bool {
    sentence.mentions.iter().filter_map(|mention| mention.verb()).any(is_action)
}

fn has_wish_before_help(sentence: &Sentence) -> bool {
    let verbs: Vec<Verb> = sentence.mentions.iter().filter_map(|mention| mention.verb()).collect();
    verbs.into_iter().any(is_action)
        || sentence.mentions.iter().any(|mention| mention.verb().is_none() && is_topic(mention))
}

/// Whether a piece names something that can be read about.
fn is_topic(mention: &Mention) -> bool {
    mention.senses.iter().any(|sense| matches!(sense, Sense::Noun(_) | Sense::Kind(_) | Sense::Component))
}

/// Whether everything that is said is agreement or a decision in words: that decides nothing.
fn is_consent(sentence: &Sentence) -> bool {
    let mut agrees = false;
    for mention in sentence.mentions.iter().filter(|mention| !mention.separates()) {
        let yes = mention.is(Particle::Yes) || mention.verb() == Some(Verb::Decide);
        agrees |= yes;
        let neutral = is_filler(mention)
            || mention.is(Particle::It)
            || mention.is(Particle::With)
            || mention.is(Particle::Called)
            || mention.is(Particle::Not)
            || mention.is(Particle::Without)
            || mention.is(Particle::Object)
            || mention.is(Particle::Then)
            || mention.noun(Noun::Change)
            || mention.text.starts_with("chg-");
        if !yes && !neutral {
            return false;
        }
    }
    agrees
}

/// Whether an action is forbidden: a "not" right before it.
fn is_negated(sentence: &Sentence) -> bool {
    sentence.places(|mention| mention.is(Particle::Not)).into_iter().any(|at| {
        let skip =
            |mention: &Mention| is_filler(mention) || mention.is(Particle::Object) || mention.has(&Sense::Component);
        let next = sentence.step(at, Way::On, &skip);
        next.and_then(|next| sentence.mentions[next].verb()).is_some_and(is_action)
    })
}
