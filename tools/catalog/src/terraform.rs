//! What a Terraform template needs: providers with their majors, the variant that fits, and the two files about them.
//! Used by the loader, the drafter and for examples.
//! Must never write a credential, nor a setting that is no typed literal.

use crate::render::Rendered;
use crate::shape::Shape;
use crate::template::{ProviderNeed, Template};
use crate::write::{self, Syntax};
use chopmark_domain::component::ComponentFile;
use chopmark_domain::environment::Environment;
use chopmark_domain::literal::Literal;
use chopmark_domain::problem::{Code, Problem};
use std::collections::BTreeMap;

/// The file that says which versions are needed.
pub(crate) const VERSIONS: &str = "versions.tf";
/// The file with the providers' settings.
const PROVIDERS: &str = "providers.tf";
/// The program's version where a template says none: the first with `terraform_data`, which every OpenTofu has.
pub(crate) const REQUIRES: &str = ">= 1.4.0";
/// Settings that hold credentials: those travel in environment variables, by reference.
const CREDENTIALS: [&str; 8] =
    ["access_key", "api_key", "client_secret", "password", "private_key", "secret_key", "session_token", "token"];

/// The major of each provider, by its local name.
pub(crate) type Majors = BTreeMap<String, u32>;

/// Settings of each provider, by its local name.
pub(crate) type Settings = BTreeMap<String, BTreeMap<String, Literal>>;

/// The majors that a component of the template uses, given those that are there, by source or local name.
///
/// # Errors
/// [`Code::NoVariant`] when a provider is there in a major that the template does not know.
pub(crate) fn majors(template: &Template, there: &BTreeMap<String, u32>) -> Result<Majors, Problem> {
    let Some(terraform) = &template.terraform else { return Ok(Majors::new()) };
    let mut majors = Majors::new();
    for (name, need) in &terraform.providers {
        let newest = need.majors.iter().max().copied().unwrap_or_default();
        let major = there.get(&need.source).or_else(|| there.get(name)).copied().unwrap_or(newest);
        if !need.majors.contains(&major) {
            let supported: Vec<String> = need.majors.iter().map(ToString::to_string).collect();
            return Err(Problem::new(Code::NoVariant)
                .with("template", &template.name)
                .with("provider", &need.source)
                .with("version", major)
                .with("supported", supported.join(", ")));
        }
        majors.insert(name.clone(), major);
    }
    Ok(majors)
}

/// The majors that an environment has.
pub(crate) fn there(environment: &Environment) -> BTreeMap<String, u32> {
    environment.terraform.as_ref().map(|terraform| terraform.majors.clone()).unwrap_or_default()
}

/// The settings that an environment gives to the template's providers.
pub(crate) fn settings(environment: &Environment) -> Settings {
    environment.terraform.as_ref().map(|terraform| terraform.settings.clone()).unwrap_or_default()
}

/// The files that belong to no template: `versions.tf`, and `providers.tf` where there are settings.
///
/// # Errors
/// The file, and why it cannot be written.
pub(crate) fn files(
    template: &Template,
    majors: &Majors,
    settings: &Settings,
) -> Result<Vec<Rendered>, (&'static str, String)> {
    let Some(terraform) = &template.terraform else { return Ok(Vec::new()) };
    let mut files = vec![rendered(VERSIONS, versions(&terraform.requires, &terraform.providers, majors))?];
    let given = terraform.providers.keys().filter_map(|name| Some((name, settings.get(name)?)));
    let mut text = String::new();
    for (name, settings) in given.filter(|(_, settings)| !settings.is_empty()) {
        text.push_str(if text.is_empty() { "" } else { "\n" });
        provider(name, settings, &mut text).map_err(|reason| (PROVIDERS, reason))?;
    }
    if !text.is_empty() {
        files.push(rendered(PROVIDERS, text)?);
    }
    Ok(files)
}

fn rendered(name: &'static str, text: String) -> Result<Rendered, (&'static str, String)> {
    let file = ComponentFile { name: name.to_owned(), text };
    let shape = Shape::read(&file).map_err(|reason| (name, reason))?;
    Ok(Rendered { file, shape })
}

fn versions(requires: &str, providers: &BTreeMap<String, ProviderNeed>, majors: &Majors) -> String {
    let mut text = format!("terraform {{\n  required_version = {}\n", quoted(requires));
    if !providers.is_empty() {
        text.push_str("\n  required_providers {\n");
        for (name, need) in providers {
            let version = format!("~> {}.0", majors.get(name).copied().unwrap_or_default());
            let (source, version) = (quoted(&need.source), quoted(&version));
            text.push_str(&format!("    {name} = {{\n      source  = {source}\n      version = {version}\n    }}\n"));
        }
        text.push_str("  }\n");
    }
    text.push_str("}\n");
    text
}

/// A map directly below a provider is a nested block, as is each map of a list there; deeper ones are maps.
fn provider(name: &str, settings: &BTreeMap<String, Literal>, text: &mut String) -> Result<(), String> {
    text.push_str(&format!("provider {} {{\n", quoted(name)));
    attributes(settings.iter().filter(|(_, value)| blocks(value).is_none()), "  ", text)?;
    for (name, value) in settings {
        for block in blocks(value).into_iter().flatten() {
            text.push_str(&format!("\n  {} {{\n", word(name)?));
            attributes(block.iter(), "    ", text)?;
            text.push_str("  }\n");
        }
    }
    text.push_str("}\n");
    Ok(())
}

fn blocks(value: &Literal) -> Option<Vec<&BTreeMap<String, Literal>>> {
    match value {
        Literal::Map(entries) => Some(vec![entries]),
        Literal::List(items) if !items.is_empty() => {
            items.iter().map(|item| if let Literal::Map(entries) = item { Some(entries) } else { None }).collect()
        }
        Literal::List(_) | Literal::Bool(_) | Literal::Integer(_) | Literal::Text(_) => None,
    }
}

/// Aligned as the programs' own formatter does.
fn attributes<'a>(
    settings: impl Iterator<Item = (&'a String, &'a Literal)>,
    indent: &str,
    text: &mut String,
) -> Result<(), String> {
    let settings: Vec<_> = settings.collect();
    let widest = settings.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    for (name, value) in settings {
        text.push_str(&format!("{indent}{:widest$} = ", word(name)?));
        write::literal(Syntax::Hcl, value, text);
        text.push('\n');
    }
    Ok(())
}

/// A name that may stand without quotes, and that holds no credential.
fn word(name: &str) -> Result<&str, String> {
    let fits = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-');
    let begins = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    if !begins || !name.bytes().all(fits) {
        return Err(format!("{name:?} is no name of a setting"));
    }
    if CREDENTIALS.contains(&name) {
        return Err(format!("{name} is a credential, which travels in an environment variable"));
    }
    Ok(name)
}

fn quoted(value: &str) -> String {
    let mut text = String::new();
    write::text(Syntax::Hcl, value, &mut text);
    text
}
