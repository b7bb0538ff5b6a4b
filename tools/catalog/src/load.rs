//! Loading: from the text of a template's files to a template that may be used.
//! Called once for each template when the catalogue is made, and by `templates check`.
//! Must never let a template through whose examples do not render to the expected bytes.

use crate::authoring;
use crate::broken::{BrokenTemplate, nearest};
use crate::example::{self, Expected};
use crate::metadata::{self, Metadata, RawRestart};
use crate::parameter::{Parameter, ParameterKind};
use crate::parameters;
use crate::render::{RenderFault, Renderer};
use crate::settle::RESTARTED_AT;
use crate::source::{METADATA, Source};
use crate::template::{NameRule, Order, Restart, Template, WaysBack};
use chopmark_domain::digest::Fields;
use chopmark_domain::draft::WayBack;
use chopmark_domain::ids::TemplateName;
use std::collections::BTreeMap;

/// A template with what renders it.
#[derive(Debug, Clone)]
pub(crate) struct Loaded {
    pub(crate) template: Template,
    pub(crate) renderer: Renderer,
}

/// Checks everything and compiles.
pub(crate) fn load(source: &Source) -> Result<Loaded, BrokenTemplate> {
    let (loaded, expected) = read(source)?;
    for (example, expected) in loaded.template.examples.iter().zip(&expected) {
        example::check(source, &loaded, example, expected)?;
    }
    Ok(loaded)
}

/// Reads a template without comparing its examples.
pub(crate) fn read(source: &Source) -> Result<(Loaded, Vec<Expected>), BrokenTemplate> {
    let name = TemplateName::parse(&source.name).map_err(|error| source.fault(METADATA, error.to_string()))?;
    if !source.files.contains_key(METADATA) {
        return Err(source.fault(METADATA, "is missing"));
    }
    let files = files(source)?;
    let metadata: Metadata = metadata::read(source, METADATA)?;
    let mut parameters: Vec<Parameter> = Vec::new();
    for raw in &metadata.parameters {
        let parameter = parameters::parameter(source, raw)?;
        if parameters.iter().any(|other| other.name == parameter.name) {
            return Err(source.fault_at(METADATA, raw.as_ref().name.span(), "a second parameter of this name"));
        }
        parameters.push(parameter);
    }
    let mut known: Vec<&str> = parameters.iter().map(|parameter| parameter.name.as_str()).collect();
    known.push("component");
    if matches!(metadata.restart, RawRestart::Annotation) {
        known.push(RESTARTED_AT);
    }
    let renderer = Renderer::compile(&files, &known).map_err(|fault| render_fault(source, fault))?;
    let (examples, expected) = example::read(source)?;
    let template = Template {
        name,
        family: source.family.clone(),
        version: metadata.version,
        digest: digest(source, &files),
        restart: restart(source, &metadata, &parameters)?,
        orders: orders(source, &metadata, &parameters)?,
        kinds: kinds(source, &metadata)?,
        title: metadata.title,
        summary: metadata.summary,
        words: metadata.words,
        parameters,
        scope: metadata.scope,
        component: NameRule {
            longest: metadata.name.as_ref().and_then(|name| name.longest).unwrap_or(63),
            letter_first: metadata.name.as_ref().is_some_and(|name| name.letter_first),
        },
        verify: metadata.verify,
        way_back: WaysBack {
            create: way_back(metadata.way_back.create),
            edit: way_back(metadata.way_back.edit),
            delete: way_back(metadata.way_back.delete),
        },
        examples,
    };
    if template.examples.is_empty() {
        return Err(source.fault(METADATA, "a template needs an example: examples/<name>.toml"));
    }
    Ok((Loaded { template, renderer }, expected))
}

fn way_back(lost: Option<String>) -> WayBack {
    lost.map_or(WayBack::PreviousVersion, WayBack::NotEverything)
}

/// The files to render, by name; every other file must be one that a template has.
fn files(source: &Source) -> Result<BTreeMap<String, String>, BrokenTemplate> {
    let plain = |stem: &str| chopmark_domain::ids::is_dns_label(stem);
    let mut files = BTreeMap::new();
    for (path, text) in &source.files {
        if let Some(stem) = path.strip_prefix("files/").and_then(|name| name.strip_suffix(".yaml")) {
            if plain(stem) {
                authoring::check(text)
                    .map_err(|mistake| source.fault_at(path, mistake.span, mistake.reason).remedy(mistake.remedy))?;
                files.insert(format!("{stem}.yaml"), text.clone());
                continue;
            }
        } else if path == METADATA
            || path.strip_prefix("examples/").and_then(|name| name.strip_suffix(".toml")).is_some_and(plain)
        {
            continue;
        }
        return Err(source.fault(path, "no template may have this file").remedy(
            "template.toml, files/<name>.yaml and examples/<name>.toml, names in lower-case letters, digits and dashes",
        ));
    }
    if files.is_empty() {
        return Err(source.fault(METADATA, "there is nothing in files/"));
    }
    Ok(files)
}

fn digest(source: &Source, files: &BTreeMap<String, String>) -> String {
    let mut fields = Fields::new("chopmark/template/v1");
    fields.text(&source.name).text(source.metadata());
    for (name, text) in files {
        fields.text(name).text(text);
    }
    fields.finish().to_string()
}

fn kinds(source: &Source, metadata: &Metadata) -> Result<Vec<String>, BrokenTemplate> {
    for kind in &metadata.kinds {
        let parts = kind.as_ref().split('/').count();
        if !(2..=3).contains(&parts) || kind.as_ref().split('/').any(str::is_empty) {
            let fault = source.fault_at(METADATA, kind.span(), "not a kind with its version");
            return Err(fault.remedy("write it as apps/v1/Deployment or v1/Service"));
        }
    }
    if metadata.kinds.is_empty() {
        return Err(source.fault(METADATA, "`kinds` is empty: the template could produce nothing"));
    }
    Ok(metadata.kinds.iter().map(|kind| kind.as_ref().clone()).collect())
}

fn restart(source: &Source, metadata: &Metadata, parameters: &[Parameter]) -> Result<Restart, BrokenTemplate> {
    Ok(match &metadata.restart {
        RawRestart::Never => Restart::Never,
        RawRestart::Annotation => Restart::Annotation,
        RawRestart::Counter(name) => {
            let found = parameters.iter().find(|parameter| parameter.name == *name);
            if !found.is_some_and(|p| matches!(p.kind, ParameterKind::Integer { .. }) && p.default.is_some()) {
                let reason = format!("the counter `{name}` is no integer parameter with a default");
                return Err(source.fault(METADATA, reason));
            }
            Restart::Counter(name.clone())
        }
    })
}

fn orders(source: &Source, metadata: &Metadata, parameters: &[Parameter]) -> Result<Vec<Order>, BrokenTemplate> {
    let names = || parameters.iter().map(|parameter| parameter.name.as_str());
    let mut orders = Vec::new();
    for raw in &metadata.orders {
        for name in [&raw.as_ref().least, &raw.as_ref().most] {
            if !names().any(|known| known == name) {
                let fault = source.fault_at(METADATA, raw.span(), format!("there is no parameter `{name}`"));
                return Err(match nearest(name, names()) {
                    Some(near) => fault.remedy(format!("did you mean `{near}`?")),
                    None => fault,
                });
            }
        }
        orders.push(Order { least: raw.as_ref().least.clone(), most: raw.as_ref().most.clone() });
    }
    Ok(orders)
}

/// A fault of rendering at its line of the template's file.
fn render_fault(source: &Source, fault: RenderFault) -> BrokenTemplate {
    let file = format!("files/{}", fault.file);
    let text = source.files.get(&file).map_or("", String::as_str);
    let before: usize = text.split_inclusive('\n').take(fault.line.unwrap_or(1).saturating_sub(1)).map(str::len).sum();
    let length = text[before..].lines().next().map_or(0, str::len);
    source.fault_at(&file, before..before + length, fault.reason)
}
