//! The sections `[environments.<name>.terraform]`: program, providers, states and credentials by reference.
//! Read by `config::environments`.
//! Must never take a secret's value, nor a name that could leave its place in a path, a URL or a command line.

use super::clear::holds_secret;
use super::mirror;
use super::reader::{Section, is_variable};
use chopmark_domain::component::{ComponentPath, ROOT_GROUP};
use chopmark_domain::environment::{Backend, Providers, TerraformAddress};
use chopmark_domain::literal::Literal;
use chopmark_domain::problem::{Code, Problem};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

const KEYS: [&str; 12] = [
    "program",
    "mirror",
    "cache",
    "network_install",
    "versions",
    "apply_timeout",
    "ports",
    "settings",
    "backend",
    "credentials",
    "plan_credentials",
    "roots",
];

/// An hour: databases and certificates take half of one.
const APPLY_SECONDS: u64 = 60 * 60;
/// What providers speak: HTTPS.
const PORTS: [u16; 1] = [443];
/// Stands in a backend's settings for the component's group and name.
const COMPONENT: &str = "{component}";

/// Reads the section of an environment, if it is written. `data` is the data folder.
///
/// # Errors
/// A [`Problem`] with file, line and column.
pub(super) fn read(environment: &Section<'_, '_>, data: &Path) -> Result<Option<TerraformAddress>, Problem> {
    let Some(section) = environment.section("terraform", &KEYS)? else { return Ok(None) };
    let providers = providers(&section, data)?;
    let mut majors = match &providers {
        Providers::Mirror(folder) | Providers::Network { cache: folder } => mirror::majors(folder),
        Providers::BuiltIn => BTreeMap::new(),
    };
    majors.extend(versions(&section)?);
    Ok(Some(TerraformAddress {
        program: program(&section)?,
        providers,
        majors,
        settings: settings(&section)?,
        backend: backend(&section)?,
        plan_credentials: credentials(&section, "plan_credentials")?,
        credentials: credentials(&section, "credentials")?,
        ports: ports(&section)?,
        apply_seconds: section.seconds("apply_timeout")?.unwrap_or(APPLY_SECONDS),
        roots: roots(&section)?,
    }))
}

/// A name that is looked up, or an absolute path.
fn program(section: &Section<'_, '_>) -> Result<Option<String>, Problem> {
    let Some(written) = section.filled("program")? else { return Ok(None) };
    if is_word(written) {
        return Ok(Some(written.to_owned()));
    }
    let path = section.file("program")?.filter(|_| written.starts_with(['/', '~']));
    let path = path.and_then(|path| path.to_str().map(str::to_owned)).filter(|path| !path.contains(char::is_control));
    path.map(Some).ok_or_else(|| section.wrong("program", "\"terraform\" | \"tofu\" | \"/usr/bin/terraform\""))
}

/// Providers come from one place: a mirror, a cache that is already filled, or the network into a cache.
fn providers(section: &Section<'_, '_>, data: &Path) -> Result<Providers, Problem> {
    let (mirror, cache) = (section.file("mirror")?, section.file("cache")?);
    let network = section.truth("network_install")?.unwrap_or(false);
    match (mirror, cache, network) {
        (Some(_), Some(_), _) => Err(section.wrong("cache", "mirror | cache")),
        (Some(_), None, true) => Err(section.wrong("network_install", "false | cache = \"…\"")),
        (Some(folder), None, false) | (None, Some(folder), false) => Ok(Providers::Mirror(folder)),
        (None, cache, true) => {
            Ok(Providers::Network { cache: cache.unwrap_or_else(|| data.join("terraform/providers")) })
        }
        (None, None, false) => Ok(Providers::BuiltIn),
    }
}

/// Major versions that the configuration says, by provider.
fn versions(section: &Section<'_, '_>) -> Result<BTreeMap<String, u32>, Problem> {
    let mut all = BTreeMap::new();
    let Some(own) = section.entries_of("versions")? else { return Ok(all) };
    for provider in own.keys() {
        let source = if provider.contains('/') { provider.to_owned() } else { format!("hashicorp/{provider}") };
        if !source.split('/').all(is_identifier) || source.matches('/').count() != 1 {
            return Err(named(&own, provider, "aws"));
        }
        let major = own.number(provider, 0..=9_999)?.and_then(|major| u32::try_from(major).ok());
        all.extend(major.map(|major| (source, major)));
    }
    Ok(all)
}

fn settings(section: &Section<'_, '_>) -> Result<BTreeMap<String, BTreeMap<String, Literal>>, Problem> {
    let mut all = BTreeMap::new();
    let Some(providers) = section.entries_of("settings")? else { return Ok(all) };
    for provider in providers.keys() {
        if !is_identifier(provider) {
            return Err(named(&providers, provider, "aws"));
        }
        if let Some(own) = providers.entries_of(provider)? {
            all.insert(provider.to_owned(), values(&own)?);
        }
    }
    Ok(all)
}

/// Typed values by name, none of them a secret.
fn values(section: &Section<'_, '_>) -> Result<BTreeMap<String, Literal>, Problem> {
    let mut values = BTreeMap::new();
    for key in section.keys() {
        if !is_identifier(key) {
            return Err(named(section, key, "region"));
        }
        let Some(value) = section.literal(key)? else { continue };
        if holds_secret(key, &value) {
            return Err(section.hidden(key, "[….terraform.credentials] NAME = \"env:NAME\" | \"file:/path\""));
        }
        if !texts(&value).iter().all(|text| is_plain(text)) {
            return Err(section.wrong(key, "\"…\""));
        }
        values.insert(key.to_owned(), value);
    }
    Ok(values)
}

/// The backends whose state stays with its owner; those that run elsewhere, such as `remote`, are none.
const BACKENDS: [&str; 10] = ["local", "s3", "gcs", "azurerm", "pg", "http", "kubernetes", "consul", "cos", "oss"];

/// Settings that name a place within the backend: they become part of a path, a URL or an object's name.
const PLACES: [&str; 12] = [
    "key",
    "path",
    "prefix",
    "workspace_dir",
    "workspace_key_prefix",
    "bucket",
    "container_name",
    "storage_account_name",
    "schema_name",
    "secret_suffix",
    "namespace",
    "workspace",
];

fn backend(section: &Section<'_, '_>) -> Result<Option<Backend>, Problem> {
    let Some(own) = section.section("backend", &["kind", "settings"])? else { return Ok(None) };
    let kind = own.choice("kind", &BACKENDS.map(|kind| (kind, kind)))?.ok_or_else(|| own.missing("kind"))?;
    let Some(written) = own.entries_of("settings")? else { return Err(own.missing("settings")) };
    let settings = values(&written)?;
    for (key, value) in &settings {
        let place = PLACES.contains(&key.as_str());
        if place && !value.as_text().is_some_and(is_place) {
            return Err(written.wrong(key, "\"states/{component}\""));
        }
        if let Some(text) = value.as_text()
            && !is_filled_in(text)
        {
            return Err(written.wrong(key, COMPONENT));
        }
    }
    // Two components in one state would each delete what the other made.
    if !settings.values().any(|value| value.as_text().is_some_and(|text| text.contains(COMPONENT))) {
        return Err(own.problem(Code::ConfigValue, "settings").with("value", kind).with("expected", COMPONENT));
    }
    Ok(Some(Backend { kind: kind.to_owned(), settings }))
}

/// Environment variables with a reference each.
fn credentials(section: &Section<'_, '_>, key: &str) -> Result<BTreeMap<String, String>, Problem> {
    let mut all = BTreeMap::new();
    let Some(own) = section.entries_of(key)? else { return Ok(all) };
    for variable in own.keys() {
        if !is_credential(variable) {
            return Err(named(&own, variable, "AWS_SECRET_ACCESS_KEY"));
        }
        let reference = own.reference(variable)?.ok_or_else(|| own.missing(variable))?;
        all.insert(variable.to_owned(), reference);
    }
    Ok(all)
}

fn ports(section: &Section<'_, '_>) -> Result<Vec<u16>, Problem> {
    Ok(section.numbers("ports", 1..=65_535)?.map_or_else(
        || PORTS.to_vec(),
        |ports| ports.into_iter().filter_map(|port| u16::try_from(port).ok()).collect(),
    ))
}

fn roots(section: &Section<'_, '_>) -> Result<BTreeMap<String, PathBuf>, Problem> {
    let mut all: BTreeMap<String, PathBuf> = BTreeMap::new();
    let Some(own) = section.entries_of("roots")? else { return Ok(all) };
    for name in own.keys() {
        if ComponentPath::new(ROOT_GROUP, name).is_err() {
            return Err(named(&own, name, "network"));
        }
        let folder = own.file(name)?.ok_or_else(|| own.missing(name))?;
        // Without links and dots, as it is read: judges compare it whole. One that is not there yet stays as it is written.
        let folder = folder.canonicalize().unwrap_or(folder);
        if let Some((other, _)) = all.iter().find(|(_, known)| **known == folder) {
            return Err(own.wrong(name, &format!("≠ {}.{other}", own.path())));
        }
        all.insert(name.to_owned(), folder);
    }
    Ok(all)
}

fn named(section: &Section<'_, '_>, key: &str, expected: &str) -> Problem {
    let shown: String = key.chars().take(80).collect();
    section.problem_at_name(Code::ConfigValue, key).with("value", shown).with("expected", expected)
}

/// A program's name without any path.
fn is_word(text: &str) -> bool {
    text.len() <= 64
        && text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'))
}

/// A name as HCL writes them.
fn is_identifier(text: &str) -> bool {
    text.len() <= 64
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-'))
}

/// Variables that choose what a program does, rather than who it is.
fn is_credential(name: &str) -> bool {
    let allowed = ["TF_VAR_", "TF_HTTP_", "TF_TOKEN_"];
    let refused = ["TF_", "TOFU_", "LD_", "DYLD_", "GODEBUG", "GOTRACEBACK", "GRPC_", "OTEL_", "CHOPMARK_"];
    let exactly =
        ["PATH", "HOME", "TMPDIR", "SHELL", "IFS", "ENV", "BASH_ENV", "TERRAFORM_CONFIG", "CHECKPOINT_DISABLE"];
    is_variable(name)
        && !exactly.contains(&name)
        && (allowed.iter().any(|begin| name.starts_with(begin)) || !refused.iter().any(|begin| name.starts_with(begin)))
}

/// A place within a backend: no way up, no option, nothing that a shell or a URL reads.
fn is_place(text: &str) -> bool {
    let text = text.replace(COMPONENT, "component");
    let part = |part: &str| !part.is_empty() && !part.starts_with(['.', '-', '~']);
    (1..=200).contains(&text.len())
        && text.strip_prefix('/').unwrap_or(&text).split('/').all(part)
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '/'))
}

/// Braces stand for the component and nothing else.
fn is_filled_in(text: &str) -> bool {
    !text.replace(COMPONENT, "").contains(['{', '}'])
}

fn is_plain(text: &str) -> bool {
    text.len() <= 1_000 && !text.contains(char::is_control)
}

/// Every text of a value.
fn texts(value: &Literal) -> Vec<&str> {
    match value {
        Literal::Text(text) => vec![text],
        Literal::List(items) => items.iter().flat_map(texts).collect(),
        Literal::Map(entries) => entries.values().flat_map(texts).collect(),
        Literal::Bool(_) | Literal::Integer(_) => vec![],
    }
}

#[cfg(test)]
#[path = "terraform_tests.rs"]
mod tests;
