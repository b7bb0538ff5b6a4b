//! Loading: from the text of a template's files to a template that may be used.
//! Called once for each template when the catalogue is made, and by `templates check`.
//! Must never let a template through whose examples do not render to the expected bytes.

use crate::broken::{BrokenTemplate, nearest};
use crate::example::{self, Expected};
use crate::files::{self, Files};
use crate::metadata::{self, Metadata, RawRestart, RawTerraform};
use crate::parameter::{EntryKind, Parameter, ParameterKind};
use crate::parameters;
use crate::render::{RenderFault, Renderer};
use crate::settle::RESTARTED_AT;
use crate::source::{METADATA, Source};
use crate::template::{Addresses, NameRule, Order, ProviderNeed, Restart, Scope, Template, Terraform, WaysBack};
use crate::terraform::REQUIRES;
use chopmark_domain::digest::Fields;
use chopmark_domain::draft::WayBack;
use chopmark_domain::ids::{TemplateName, is_dns_label};
use std::collections::BTreeMap;

/// Before the type of a Terraform resource.
const TERRAFORM_KIND: &str = "terraform/";

/// A template with what renders it.
#[derive(Debug, Clone)]
pub(crate) struct Loaded {
    pub(crate) template: Template,
    pub(crate) renderer: Renderer,
    /// The paths of its files below `files/`.
    pub(crate) files: Vec<String>,
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
    let files = files::read(source)?;
    let metadata: Metadata = metadata::read(source, METADATA)?;
    if metadata.scope == Scope::Main && metadata.terraform.is_none() {
        return Err(source.fault(METADATA, "the scope `main` is for Terraform templates").remedy("add [terraform]"));
    }
    let terraform = metadata.terraform.as_ref().map(|raw| terraform(source, &metadata, raw)).transpose()?;
    files::fit(source, &files, terraform.as_ref())?;
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
        addresses: addresses(source, &metadata, &parameters)?,
        always: metadata.always.clone(),
        kinds: kinds(source, &metadata)?,
        title: metadata.title,
        summary: metadata.summary,
        words: metadata.words,
        parameters,
        scope: metadata.scope,
        terraform,
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
    Ok((Loaded { template, renderer, files: files.into_keys().collect() }, expected))
}

fn way_back(lost: Option<String>) -> WayBack {
    lost.map_or(WayBack::PreviousVersion, WayBack::NotEverything)
}

/// What it needs of Terraform. What is written into `versions.tf` holds nothing that means something else there.
fn terraform(source: &Source, metadata: &Metadata, raw: &RawTerraform) -> Result<Terraform, BrokenTemplate> {
    if metadata.scope != Scope::Main {
        return Err(source.fault(METADATA, "a Terraform template has another scope").remedy("scope = \"main\""));
    }
    let requires = raw.requires.as_ref().map_or(REQUIRES, |requires| requires.as_ref());
    if !requires.chars().all(|c| c.is_ascii_digit() || "<>=!~,. ".contains(c)) {
        let span = raw.requires.as_ref().map_or(0..0, toml::Spanned::span);
        return Err(source.fault_at(METADATA, span, "not a range of versions").remedy("requires = \">= 1.4.0\""));
    }
    let mut providers = BTreeMap::new();
    for (name, raw) in &raw.providers {
        let fault = |reason: &str| source.fault_at(METADATA, raw.span(), reason);
        let mut majors = raw.as_ref().majors.clone();
        majors.sort_unstable();
        majors.dedup();
        let source_fits =
            raw.as_ref().source.split('/').count() == 2 && raw.as_ref().source.split('/').all(is_dns_label);
        if !is_dns_label(name) || !source_fits || majors.is_empty() {
            return Err(fault("a provider needs a name, a source and majors")
                .remedy("[terraform.providers.aws] with source = \"hashicorp/aws\" and majors = [3, 5]"));
        }
        providers.insert(name.clone(), ProviderNeed { source: raw.as_ref().source.clone(), majors });
    }
    Ok(Terraform { requires: requires.to_owned(), providers })
}

fn digest(source: &Source, files: &Files) -> String {
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
        let of_terraform = kind.as_ref().starts_with(TERRAFORM_KIND);
        let fits = if metadata.terraform.is_some() { of_terraform && parts == 2 } else { (2..=3).contains(&parts) };
        if !fits || kind.as_ref().split('/').any(str::is_empty) {
            let fault = source.fault_at(METADATA, kind.span(), "not a kind as this template has them");
            return Err(fault.remedy("write it as apps/v1/Deployment or v1/Service, or as terraform/aws_s3_bucket"));
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

fn addresses(source: &Source, metadata: &Metadata, parameters: &[Parameter]) -> Result<Vec<Addresses>, BrokenTemplate> {
    let kind = |name: &str| parameters.iter().find(|parameter| parameter.name == name).map(|found| &found.kind);
    let check = |raw: &Addresses| {
        let of_text = match kind(&raw.parameter) {
            Some(ParameterKind::Text { .. }) => true,
            Some(ParameterKind::List { items, .. }) => matches!(items, EntryKind::Text { .. }),
            _ => false,
        };
        let chosen = match kind(&raw.when) {
            Some(ParameterKind::Choice { options }) => options.iter().any(|option| option.value == raw.is),
            _ => false,
        };
        match (of_text, chosen) {
            (false, _) => Err(format!("`{}` is no text and no list of texts", raw.parameter)),
            (true, false) => Err(format!("`{}` is no choice that can be `{}`", raw.when, raw.is)),
            (true, true) => Ok(raw.clone()),
        }
    };
    let all = metadata.addresses.iter();
    all.map(|raw| check(raw.as_ref()).map_err(|reason| source.fault_at(METADATA, raw.span(), reason))).collect()
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
