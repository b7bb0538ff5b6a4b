//! Wishes: which proposing tool takes them, with which arguments.
//! Part of the planner.
//! Must never turn half a sentence into a proposal: what is missing is asked by the tool, what is foreign stops it.

use super::lexicon::{Noun, Particle, Sense, Verb};
use super::places;
use super::planner::{Arguments, Saying, Scene, Step};
use super::senses::Mention;
use super::sentence::{Sentence, Way, is_filler, is_name_like};
use super::tokens::TokenKind;
use super::values::{is_image, values};
use chopmark_catalog::{ParameterKind, Restart, Scope, Template};
use chopmark_domain::draft::Verify;
use chopmark_domain::literal::Literal;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Words without meaning that a wish may hold besides what was understood: more, and it is another sentence.
const MOST_STRANGERS: usize = 2;

/// The proposing call for the sentence.
pub(crate) fn plan(sentence: &mut Sentence, scene: &Scene<'_>, wish: Option<(usize, Verb)>) -> Option<Step> {
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
        None => match need(sentence) {
            Some(at) => create(sentence, scene, (at, Verb::Create)),
            None => edit(sentence, scene, None),
        },
        Some((_, Verb::List | Verb::Show | Verb::Explain | Verb::Decide | Verb::Help)) => None,
    }
}

/// "I need a namespace billing": the need stands for a verb when a template's word follows.
fn need(sentence: &Sentence) -> Option<usize> {
    let needs = ["i need", "need", "i want", "want", "需要", "我要", "要", "想要"];
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

// ---- restart, delete, undo ---------------------------------------------------------------------------

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
            && (mention.is_open() || mention.guessed || mention.has(&Sense::Component)
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

// ---- create ----------------------------------------------------------------------------------------------

fn create(sentence: &Sentence, scene: &Scene<'_>, (verb_at, verb): (usize, Verb)) -> Option<Step> {
    let sentence = &mut sentence.clone();
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
    };
    let values = values(sentence, template);
    let image = template.parameters.iter().any(|p| p.kind == ParameterKind::Image && values.contains_key(&p.name));
    if template_at.is_none() && !image {
        return None;
    }
    // "Deploy api from image x": the template is known by the image, so its word is the name.
    let word = || template_at.filter(|at| image && *at == verb_at + 1).map(|at| sentence.mentions[at].text.clone());
    let name = name.or_else(word).or_else(|| last_name(sentence, verb_at));
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
fn head(sentence: &Sentence, verb_at: usize) -> Option<usize> {
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

// ---- edit ------------------------------------------------------------------------------------------------

fn edit(sentence: &mut Sentence, scene: &Scene<'_>, wish: Option<(usize, Verb)>) -> Option<Step> {
    if let Some(patch) = patch(sentence, scene) {
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
    let mut given = match template {
        Some(template) => given(sentence, scene, template, component.as_deref(), wish),
        None => any_values(sentence, scene, wish),
    };
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
fn template_of<'a>(scene: &'a Scene<'_>, component: Option<&str>) -> Option<&'a Template> {
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

// ---- patch -----------------------------------------------------------------------------------------------

/// Kinds whose replicas and images people change by hand, with their API version.
const WORKLOADS: [(&str, &str, &str); 3] = [
    ("deployments", "apps/v1", "Deployment"),
    ("statefulsets", "apps/v1", "StatefulSet"),
    ("daemonsets", "apps/v1", "DaemonSet"),
];

/// "Scale deployment legacy in shop to 3", where no component of ours has that name: fields of an object.
fn patch(sentence: &mut Sentence, scene: &Scene<'_>) -> Option<Step> {
    let (kind_at, kind) = sentence.first(|sense| match sense {
        Sense::Kind(kind) => WORKLOADS.iter().find(|(name, ..)| name == kind),
        _ => None,
    })?;
    if sentence.mentions.iter().any(|mention| mention.has(&Sense::Component)) {
        return None;
    }
    let mut trial = sentence.clone();
    trial.take(kind_at);
    let environment = places::environment(&mut trial);
    let skip = |mention: &Mention| is_filler(mention);
    let name_at = trial.step(kind_at, Way::On, &skip).filter(|at| {
        let mention = &trial.mentions[*at];
        trial.is_free(*at) && (mention.is_open() || mention.guessed) && is_name_like(mention)
    })?;
    trial.take(name_at);
    let name = trial.mentions[name_at].text.clone();
    if scene.context.find(&name).is_some() {
        return None;
    }
    let namespace = places::group(&mut trial);
    let image = trial.places(|mention| is_image(&mention.text)).first().copied();
    let number = trial.places(|mention| mention.number.is_some()).first().copied();
    let (pointer, value, at) = match (image, number) {
        (Some(at), _) => ("/spec/template/spec/containers/0/image", json!(trial.mentions[at].text), at),
        (None, Some(at)) => ("/spec/replicas", json!(trial.mentions[at].number), at),
        (None, None) => return None,
    };
    trial.take(at);
    if trial.strangers() > MOST_STRANGERS {
        return None;
    }
    *sentence = trial;
    let (_, api_version, kind) = kind;
    let mut object = json!({"api_version": api_version, "kind": kind, "name": name});
    if let Some(namespace) = namespace {
        object["namespace"] = json!(namespace);
    }
    Some(
        Arguments::default()
            .with("object", Some(object))
            .with("environment", environment)
            .with("fields", Some(json!({pointer: value})))
            .call("propose_patch"),
    )
}
