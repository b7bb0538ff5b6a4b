//! A template's files by their paths, and which of them render for which major of a provider.
//! Made by the loader; asked by the drafter and for examples.
//! Must never let one rendering hold two files of the same name.

use crate::authoring;
use crate::broken::BrokenTemplate;
use crate::source::{METADATA, Source};
use crate::template::Terraform;
use crate::terraform::Majors;
use crate::write::Syntax;
use chopmark_domain::ids::is_dns_label;
use std::collections::BTreeMap;

/// The names that a configuration's files have; the two about providers are written by the catalogue.
const CONFIGURATION: [&str; 3] = ["main.tf", "outputs.tf", "variables.tf"];
/// What a template may consist of.
const MAY: &str = "template.toml, examples/<name>.toml and files/<name>.yaml, or files/{main,outputs,variables}.tf and \
                   files/<provider>-<major>/{main,outputs,variables}.tf; names in lower-case letters, digits and dashes";

/// The texts of files by their paths below `files/`.
pub(crate) type Files = BTreeMap<String, String>;

/// The files to render; every other file must be one that a template has.
pub(crate) fn read(source: &Source) -> Result<Files, BrokenTemplate> {
    let mut files = Files::new();
    for (path, text) in &source.files {
        if let Some(name) = path.strip_prefix("files/").filter(|name| is_file(name)) {
            authoring::check(Syntax::of(name), text)
                .map_err(|mistake| source.fault_at(path, mistake.span, mistake.reason).remedy(mistake.remedy))?;
            files.insert(name.to_owned(), text.clone());
        } else if path != METADATA
            && !path.strip_prefix("examples/").and_then(|name| name.strip_suffix(".toml")).is_some_and(is_dns_label)
        {
            return Err(source.fault(path, "no template may have this file").remedy(MAY));
        }
    }
    if files.is_empty() {
        return Err(source.fault(METADATA, "there is nothing in files/"));
    }
    Ok(files)
}

fn is_file(name: &str) -> bool {
    match name.split_once('/') {
        Some((variant, name)) => is_dns_label(variant) && CONFIGURATION.contains(&name),
        None => CONFIGURATION.contains(&name) || name.strip_suffix(".yaml").is_some_and(is_dns_label),
    }
}

/// Checks that the files fit what the metadata says about Terraform.
pub(crate) fn fit(source: &Source, files: &Files, terraform: Option<&Terraform>) -> Result<(), BrokenTemplate> {
    let Some(terraform) = terraform else {
        return match files.keys().find(|path| Syntax::of(path) == Syntax::Hcl) {
            Some(path) => {
                let fault =
                    source.fault(&format!("files/{path}"), "a Terraform file of a template without [terraform]");
                Err(fault.remedy("add the table [terraform] to template.toml"))
            }
            None => Ok(()),
        };
    };
    for path in files.keys() {
        let fault = |reason: &str| source.fault(&format!("files/{path}"), reason);
        if Syntax::of(path) == Syntax::Yaml {
            return Err(fault("an object of a cluster in a Terraform template"));
        }
        let Some((variant, name)) = path.split_once('/') else { continue };
        if files.contains_key(name) {
            return Err(fault("a file of a variant that is also common to all"));
        }
        if split(terraform, variant).is_none() {
            let variants: Vec<String> = terraform
                .providers
                .iter()
                .flat_map(|(provider, need)| need.majors.iter().map(move |major| format!("{provider}-{major}")))
                .collect();
            let fault = fault("the variant is no provider of the template with one of its majors");
            return Err(fault.remedy(format!("it may be {}", variants.join(", "))));
        }
    }
    for (provider, need) in &terraform.providers {
        let has = |major: &u32| files.keys().any(|path| path.starts_with(&format!("{provider}-{major}/")));
        // A variant holds until the next one: only the lowest major must have its own.
        let missing = need.majors.iter().min().filter(|major| !has(major));
        if let (Some(missing), true) = (missing, need.majors.iter().any(has)) {
            let reason = format!("there are variants of {provider}, but none for its major {missing}");
            return Err(source.fault(METADATA, reason).remedy(format!("add files/{provider}-{missing}/main.tf")));
        }
    }
    Ok(())
}

/// The paths that render with these majors, common ones first. Of a provider's variants it is the one of its major, or
/// the nearest below: a folder holds until the next one.
pub(crate) fn chosen<'a>(files: &'a [String], majors: &'a Majors) -> impl Iterator<Item = &'a str> {
    let common = files.iter().filter(|path| !path.contains('/'));
    let of = |path: &'a str, provider: &str| -> Option<u32> {
        path.split_once('/')?.0.strip_prefix(provider)?.strip_prefix('-')?.parse().ok()
    };
    let variants = majors.iter().flat_map(move |(provider, major)| {
        let there = files.iter().filter_map(|path| of(path, provider)).filter(|there| there <= major).max();
        files.iter().filter(move |path| there.is_some() && of(path, provider) == there)
    });
    common.chain(variants).map(String::as_str)
}

/// The provider and the major of a variant's name, if the template has both.
fn split<'a>(terraform: &Terraform, variant: &'a str) -> Option<(&'a str, u32)> {
    let (provider, major) = variant.rsplit_once('-')?;
    let major = major.parse().ok()?;
    terraform.providers.get(provider)?.majors.contains(&major).then_some((provider, major))
}
