//! Wishes about workloads that are not ours: single fields of one object.
//! Part of the planner.
//! Must never patch what one of our components has the name of.

use super::super::lexicon::Sense;
use super::super::places;
use super::super::planner::{Arguments, Scene, Step};
use super::super::senses::Mention;
use super::super::sentence::{Sentence, Way, is_filler, is_name_like};
use super::super::shapes::is_image;
use super::MOST_STRANGERS;
use serde_json::json;

/// Kinds whose replicas and images people change by hand, with their API version.
const WORKLOADS: [(&str, &str, &str); 3] = [
    ("deployments", "apps/v1", "Deployment"),
    ("statefulsets", "apps/v1", "StatefulSet"),
    ("daemonsets", "apps/v1", "DaemonSet"),
];

/// "Scale deployment legacy in shop to 3", where no component of ours has that name: fields of an object.
pub(super) fn patch(sentence: &mut Sentence, scene: &Scene<'_>) -> Option<Step> {
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
        // Beside the word for its kind, a word for a template, such as "api", is a name.
        let name = mention.is_open() || mention.senses.iter().all(|sense| matches!(sense, Sense::Template(_)));
        trial.is_free(*at) && (name || mention.guessed) && is_name_like(mention)
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
