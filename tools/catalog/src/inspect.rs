//! Looking at what was rendered: only declared kinds, each once; objects in the component's place, with its labels;
//! configurations screened as their lane demands.
//! Called on everything that was rendered and on everything that a restore brings back.
//! Must never repair what it finds.

use crate::shape::Shape;
use crate::template::{Scope, Template};
use chopmark_domain::component::{ComponentFile, ComponentPath};
use chopmark_domain::hcl::{self, Lane};
use serde_json::Value;
use std::collections::BTreeSet;

/// The labels by which people and programs find a component's objects.
fn labels(path: &ComponentPath) -> [(&'static str, &str); 4] {
    [
        ("app.kubernetes.io/name", path.name()),
        ("app.kubernetes.io/managed-by", "chopmark"),
        ("chopmark.io/component", path.name()),
        ("chopmark.io/group", path.group()),
    ]
}

/// Looks at every file with what stands in it.
///
/// # Errors
/// The file and what is wrong with it.
pub(crate) fn inspect<'a>(
    template: &Template,
    path: &ComponentPath,
    files: impl Iterator<Item = (&'a ComponentFile, &'a Shape)>,
) -> Result<(), (String, String)> {
    let (mut objects, mut configuration) = (Vec::new(), Vec::new());
    for (file, shape) in files {
        match shape {
            Shape::Object(object) => objects.push((file.name.as_str(), object)),
            Shape::Configuration(_) => configuration.push(file.clone()),
        }
    }
    match (template.terraform.is_some(), objects.first(), configuration.first()) {
        (true, Some((file, _)), _) => {
            Err(((*file).to_owned(), "an object of a cluster beside a configuration".to_owned()))
        }
        (true, None, _) => self::configuration(template, &configuration),
        (false, _, Some(file)) => Err((file.name.clone(), "a configuration beside objects of a cluster".to_owned())),
        (false, _, None) => self::objects(template, path, objects.into_iter()),
    }
}

/// Looks at every file of a configuration, those that are not HCL too: some of them join it silently.
///
/// # Errors
/// The file and what is wrong with it.
pub(crate) fn configuration(template: &Template, files: &[ComponentFile]) -> Result<(), (String, String)> {
    let sources = template.sources();
    let lane = Lane::Template { kinds: &template.kinds, providers: &sources };
    if let Err(refusals) = hcl::screen(files, lane) {
        return Err(refusals.into_iter().next().map_or_else(Default::default, |refusal| {
            (refusal.file, format!("{} in line {} ({})", refusal.what, refusal.line, refusal.rule))
        }));
    }
    let mut seen = BTreeSet::new();
    for resource in hcl::resources(files).map_err(|error| (error.file.clone(), error.to_string()))? {
        if !seen.insert(resource.address.clone()) {
            return Err((resource.file, format!("{} comes twice", resource.address)));
        }
    }
    if seen.is_empty() { Err((String::new(), "nothing was rendered".to_owned())) } else { Ok(()) }
}

fn objects<'a>(
    template: &Template,
    path: &ComponentPath,
    objects: impl Iterator<Item = (&'a str, &'a Value)>,
) -> Result<(), (String, String)> {
    let mut seen = BTreeSet::new();
    for (file, object) in objects {
        let file = file.to_owned();
        let text = |pointer: &str| object.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
        let kind = format!("{}/{}", text("/apiVersion"), text("/kind"));
        if !template.kinds.contains(&kind) {
            return Err((file, format!("{kind} is none of the kinds that the template declares")));
        }
        let namespace = object.pointer("/metadata/namespace").and_then(Value::as_str);
        let in_place = match template.scope {
            Scope::Namespace => namespace == Some(path.group()),
            Scope::Cluster => namespace.is_none_or(|namespace| namespace == path.name()),
            Scope::Main => false,
        };
        if !in_place {
            return Err((file, format!("{kind} is outside the component's namespace")));
        }
        for (label, value) in labels(path) {
            let found = object.pointer("/metadata/labels").and_then(|labels| labels.get(label)).and_then(Value::as_str);
            if found != Some(value) {
                return Err((file, format!("the label {label} is not {value}")));
            }
        }
        if !seen.insert((kind, text("/metadata/name"))) {
            return Err((file, "the same object comes twice".to_owned()));
        }
    }
    if seen.is_empty() {
        return Err((String::new(), "nothing was rendered".to_owned()));
    }
    Ok(())
}
