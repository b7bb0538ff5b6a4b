//! Questions: which reading tool answers them.
//! Part of the planner.
//! Must never answer a wish for change as if it were a question.

use super::lexicon::{Noun, Particle, Sense, Verb};
use super::places;
use super::planner::{Arguments, Scene, Step};
use super::sentence::{Sentence, Way, is_filler};
use super::tokens::TokenKind;
use serde_json::json;

/// Whether the sentence wants to see something, although no word of it asks.
pub(crate) fn is_reading(sentence: &Sentence) -> bool {
    let verb = sentence.verbs().next().map(|(_, verb)| verb);
    let sees = matches!(verb, Some(Verb::List | Verb::Show | Verb::Explain));
    // "logs of cart", "cart 的日志", "cart 健康吗": the noun alone is the question.
    let topic = [Noun::Log, Noun::Event, Noun::Health, Noun::Happened, Noun::Ledger, Noun::Waiting, Noun::Drift];
    let about = topic.into_iter().any(|noun| sentence.has_noun(noun));
    sees || (verb.is_none() && about) || leads_with_noun(sentence)
}

/// Whether the first word that means something is a thing to read, such as "logs" or "变更".
fn leads_with_noun(sentence: &Sentence) -> bool {
    let first = sentence.mentions.iter().find(|mention| !mention.separates() && !is_filler(mention));
    first.is_some_and(|first| {
        let nouns = [Noun::Log, Noun::Event, Noun::Happened, Noun::Ledger, Noun::Waiting, Noun::Component];
        let named = nouns.into_iter().any(|noun| first.noun(noun));
        named && first.verb().is_none() && !first.senses.iter().any(|sense| matches!(sense, Sense::Template(_)))
    })
}

/// The reading call for the sentence, if it is about something that can be read.
pub(crate) fn plan(sentence: &mut Sentence, scene: &Scene<'_>) -> Option<Step> {
    if sentence.has_noun(Noun::Drift) {
        return Some(drift(sentence, scene));
    }
    let change = places::change(sentence);
    if is_about_approvers(sentence) {
        return Some(Arguments::default().with("change", change).call("who_may_approve"));
    }
    if sentence.has_noun(Noun::Ledger) {
        return Some(Arguments::default().with("change", change).call("read_ledger"));
    }
    let explains = sentence.has_verb(Verb::Explain);
    if change.is_some() || (explains && places_nothing_else(sentence)) {
        return Some(Arguments::default().with("change", change).call("show_change"));
    }
    let lists = sentence.has_verb(Verb::List) || sentence.has(Particle::What);
    if sentence.has_noun(Noun::Log) && !sentence.has_noun(Noun::Happened) {
        return Some(logs(sentence, scene));
    }
    if sentence.has_noun(Noun::Event) {
        return Some(about(sentence, scene).call("read_events"));
    }
    if is_about_changes(sentence) {
        return Some(changes(sentence, scene));
    }
    if sentence.has_noun(Noun::Template) {
        let environment = places::environment(sentence);
        return Some(Arguments::default().with("environment", environment).call("list_templates"));
    }
    let shows = sentence.has_verb(Verb::Show);
    let kind = kind(sentence);
    let lists = lists || (kind.is_some() && sentence.has(Particle::Is) && !names_component(sentence));
    let other_kind = kind.as_ref().filter(|(_, kind)| kind != "namespaces");
    let health = sentence.has_noun(Noun::Health) && !(lists && other_kind.is_some());
    if health && (sentence.has(Particle::Is) || other_kind.is_none()) && !is_about_running(sentence) {
        return Some(about(sentence, scene).call("check_health"));
    }
    if let (Some((at, kind)), true) = (kind, lists || shows)
        && (lists || !names_component(sentence))
    {
        sentence.take(at);
        return Some(objects(sentence, &kind));
    }
    if sentence.has_noun(Noun::Component) || sentence.has_noun(Noun::Running) || is_about_running(sentence) {
        return Some(components(sentence));
    }
    if shows || explains || sentence.has(Particle::What) {
        return one_thing(sentence, scene);
    }
    if lists {
        return unknown_kind(sentence);
    }
    None
}

/// "What is running in shop": the components there.
fn is_about_running(sentence: &Sentence) -> bool {
    let named = sentence.mentions.iter().any(|mention| mention.has(&Sense::Component));
    let runs = ["running", "up and running", "运行", "在运行", "在跑"];
    let running = sentence.mentions.iter().any(|mention| runs.contains(&mention.text.to_lowercase().as_str()));
    sentence.has(Particle::What) && !sentence.has(Particle::Why) && running && !named
}

fn names_component(sentence: &Sentence) -> bool {
    sentence.mentions.iter().any(|mention| mention.has(&Sense::Component))
}

fn is_about_approvers(sentence: &Sentence) -> bool {
    let who = sentence.has(Particle::Who);
    let decides = sentence.mentions.iter().any(|mention| {
        mention.verb() == Some(Verb::Decide)
            || ["审批", "审批人", "approver", "approvers"].contains(&mention.text.as_str())
    });
    let named =
        sentence.mentions.iter().any(|mention| ["审批人", "approver", "approvers"].contains(&mention.text.as_str()));
    (who && decides) || named
}

fn is_about_changes(sentence: &Sentence) -> bool {
    let noun = sentence.has_noun(Noun::Change) || sentence.has_noun(Noun::Happened);
    let span = sentence.first(|sense| matches!(sense, Sense::Since(_)).then_some(())).is_some();
    let stage = sentence.has_noun(Noun::Waiting);
    noun || stage || (span && sentence.has(Particle::What)) || (span && sentence.has(Particle::Who))
}

/// Whether nothing but "this" or "the change" is explained.
fn places_nothing_else(sentence: &Sentence) -> bool {
    !sentence.mentions.iter().any(|mention| mention.has(&Sense::Component)) && sentence.strangers() == 0
}

fn changes(sentence: &mut Sentence, scene: &Scene<'_>) -> Step {
    let since = sentence.first(|sense| match sense {
        Sense::Since(since) => Some(since.clone()),
        _ => None,
    });
    let stage = [(Noun::Waiting, "waiting"), (Noun::Troubled, "troubled"), (Noun::Running, "running")]
        .into_iter()
        .find(|(noun, _)| sentence.mentions.iter().any(|mention| mention.noun(*noun) && !mention.noun(Noun::Health)))
        .map(|(_, stage)| stage);
    let environment = places::environment(sentence);
    let known = sentence.places(|mention| mention.has(&Sense::Component)).first().copied();
    let component = places::full_name(sentence, scene.context)
        .or_else(|| known.map(|at| sentence.mentions[at].text.to_lowercase()));
    Arguments::default()
        .with("environment", environment)
        .with("component", component)
        .with("stage", stage)
        .with("since", since.map(|(_, since)| since))
        .call("list_changes")
}

/// "What drifted in dev?", "did reports drift?": everything, or the one that is named.
fn drift(sentence: &mut Sentence, scene: &Scene<'_>) -> Step {
    let environment = places::environment(sentence);
    let known = names_component(sentence);
    let full = places::full_name(sentence, scene.context);
    let named = |sentence: &mut Sentence| {
        let one = known || sentence.strangers() == 1;
        one.then(|| places::component(sentence, scene.context)).flatten()
    };
    let component = full.or_else(|| named(sentence));
    Arguments::default().with("environment", environment).with("component", component).call("read_drift")
}

fn logs(sentence: &mut Sentence, scene: &Scene<'_>) -> Step {
    let lines = sentence.places(|mention| mention.noun(Noun::Line)).into_iter().find_map(|at| {
        let before = sentence.step(at, Way::Back, &|mention| mention.number.is_none() && is_filler(mention))?;
        sentence.mentions[before].number
    });
    about(sentence, scene).with("lines", lines.filter(|lines| (1..=1000).contains(lines))).call("read_logs")
}

/// Component, environment and namespace of a question about something in a cluster.
fn about(sentence: &mut Sentence, scene: &Scene<'_>) -> Arguments {
    let environment = places::environment(sentence);
    let known = sentence.mentions.iter().any(|mention| mention.has(&Sense::Component));
    let pronoun = sentence.has(Particle::It);
    let full = places::full_name(sentence, scene.context);
    let (component, namespace) = match full {
        Some(full) => (Some(full), None),
        None if known => {
            let component = places::component(sentence, scene.context);
            (component, places::group(sentence))
        }
        None => {
            let namespace = places::group(sentence);
            let component = if pronoun { None } else { places::component(sentence, scene.context) };
            (component, namespace)
        }
    };
    Arguments::default().with("component", component).with("environment", environment).with("namespace", namespace)
}

/// The kind that is asked for. Beside another kind, the word namespace says where.
fn kind(sentence: &Sentence) -> Option<(usize, String)> {
    let of = |wanted: fn(&str) -> bool| {
        sentence.first(|sense| match sense {
            Sense::Kind(kind) if wanted(kind) => Some(kind.clone()),
            _ => None,
        })
    };
    of(|kind| kind != "namespaces").or_else(|| of(|_| true))
}

fn objects(sentence: &mut Sentence, kind: &str) -> Step {
    let environment = places::environment(sentence);
    let cluster_scoped = ["namespaces", "nodes"].contains(&kind);
    let namespace = if cluster_scoped { None } else { places::group(sentence) };
    let everywhere = ["all", "all namespaces", "所有", "所有的", "全部", "全部的"];
    let all = namespace.is_none()
        && (cluster_scoped
            || sentence.mentions.iter().any(|mention| everywhere.contains(&mention.text.to_lowercase().as_str())));
    Arguments::default()
        .with("kind", Some(json!(kind)))
        .with("environment", environment)
        .with("namespace", namespace)
        .with("all_namespaces", all.then_some(true))
        .call("list_objects")
}

fn components(sentence: &mut Sentence) -> Step {
    let environment = places::environment(sentence);
    let group = places::group(sentence);
    Arguments::default().with("environment", environment).with("group", group).call("list_components")
}

/// "Show cart": one component; a name that is unknown is only taken when little else is.
fn one_thing(sentence: &mut Sentence, scene: &Scene<'_>) -> Option<Step> {
    let environment = places::environment(sentence);
    let known = sentence.mentions.iter().any(|mention| mention.has(&Sense::Component));
    let pronoun = sentence.has(Particle::It) && sentence.strangers() == 0;
    if !known && pronoun {
        let tool = if scene.context.known.change.is_some() { "show_change" } else { "show_component" };
        return Some(Arguments::default().call(tool));
    }
    if !known && (sentence.strangers() != 1 || sentence.has(Particle::What)) {
        return (environment.is_some() || sentence.mentions.iter().any(|mention| mention.has(&Sense::Group)))
            .then(|| {
                let group = places::group(sentence);
                Arguments::default().with("environment", environment).with("group", group).call("list_components")
            })
            .filter(|_| sentence.strangers() == 0);
    }
    let component = places::component(sentence, scene.context)?;
    let full = match places::group(sentence) {
        Some(group) if !component.contains('/') => format!("{group}/{component}"),
        _ => component,
    };
    Some(Arguments::default().with("component", Some(full)).with("environment", environment).call("show_component"))
}

/// "List certificates in shop": a kind that only the cluster knows.
fn unknown_kind(sentence: &mut Sentence) -> Option<Step> {
    let at = sentence.places(|mention| mention.verb() == Some(Verb::List)).first().copied()?;
    let next = sentence.step(at, Way::On, &is_filler)?;
    let mention = &sentence.mentions[next];
    let is_word = mention.kind == TokenKind::Word
        && (mention.is_open() || mention.guessed)
        && mention.text.chars().all(|c| c.is_ascii_alphabetic() || c == '.');
    if !is_word || sentence.strangers() > 2 {
        return None;
    }
    let kind = mention.text.to_lowercase();
    sentence.take(next);
    let step = objects(sentence, &kind);
    (sentence.strangers() == 0).then_some(step)
}
