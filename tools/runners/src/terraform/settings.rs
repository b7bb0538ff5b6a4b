//! Settings: what the program is told about providers and about where the state is.
//! Written into the workspace by plan.
//! Must never hold a credential, nor open a way to a registry that the environment does not open.

use super::instructions::StatePlace;
use chopmark_domain::component::ComponentId;
use chopmark_domain::environment::{Backend, Providers, TerraformAddress};
use chopmark_domain::literal::Literal;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::path::PathBuf;

/// The program's settings file: where providers are installed from, and nothing else. Nothing at all where only what is
/// built in may be used.
pub(crate) fn program(providers: &Providers) -> String {
    let (cache, method) = match providers {
        Providers::BuiltIn => (String::new(), String::new()),
        Providers::Mirror(mirror) => {
            let path = Value::from(mirror.display().to_string());
            (String::new(), format!("  filesystem_mirror {{\n    path = {path}\n  }}\n"))
        }
        Providers::Network { cache } => {
            let path = Value::from(cache.display().to_string());
            (format!("plugin_cache_dir = {path}\n"), "  direct {\n  }\n".to_owned())
        }
    };
    format!("disable_checkpoint = true\n{cache}provider_installation {{\n{method}}}\n")
}

/// The file that names the backend; none where an existing root names its own, elsewhere than on this machine.
pub(crate) fn backend(state: &StatePlace) -> Option<String> {
    let (kind, settings) = match state {
        // The scratch folder's link `state` leads to the state's folder: so what is initialised serves every component.
        StatePlace::Local { path } => {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            ("local", json!({"path": escaped(&format!("../state/{name}"))}))
        }
        StatePlace::Backend { kind, address: settings } => {
            let settings: Value = serde_json::from_str(settings).unwrap_or_default();
            (kind.as_str(), escape_all(settings))
        }
        StatePlace::Root { .. } => return None,
    };
    Some(json!({"terraform": {"backend": {kind: settings}}}).to_string())
}

/// A backend's settings for one component, as JSON.
pub(crate) fn of_component(backend: &Backend, component: &ComponentId) -> Value {
    let path = component.path.to_string();
    let settings = backend.settings.iter().map(|(name, value)| (name.clone(), json(value, &path)));
    Value::Object(settings.collect::<Map<_, _>>())
}

/// The file of a component's state where the backend is a folder of this machine.
pub(crate) fn local_path(backend: &Backend, component: &ComponentId) -> Option<PathBuf> {
    let path = backend.settings.get("path").filter(|_| backend.kind == "local")?.as_text()?;
    Some(PathBuf::from(path.replace("{component}", &component.path.to_string())))
}

/// TCP ports that a plan may connect to: HTTPS, those the environment names, and those in its own settings' addresses.
pub(crate) fn ports(address: &TerraformAddress) -> Vec<u16> {
    if address.providers == Providers::BuiltIn && address.backend.is_none() && address.ports.is_empty() {
        return Vec::new();
    }
    let mut ports: BTreeSet<u16> = address.ports.iter().copied().chain([443]).collect();
    let settings = address.settings.values().chain(address.backend.iter().map(|backend| &backend.settings));
    for literal in settings.flat_map(|settings| settings.values()) {
        gather_ports(literal, &mut ports);
    }
    ports.into_iter().collect()
}

fn gather_ports(literal: &Literal, ports: &mut BTreeSet<u16>) {
    match literal {
        Literal::Text(text) => ports.extend(port(text)),
        Literal::List(items) => items.iter().for_each(|item| gather_ports(item, ports)),
        Literal::Map(entries) => entries.values().for_each(|entry| gather_ports(entry, ports)),
        Literal::Bool(_) | Literal::Integer(_) => {}
    }
}

/// The port that an address such as `http://127.0.0.1:5000/path` writes out.
fn port(text: &str) -> Option<u16> {
    let authority = text.split_once("://")?.1.split(['/', '?', '#']).next()?;
    authority.rsplit_once(':')?.1.parse().ok()
}

fn json(literal: &Literal, component: &str) -> Value {
    match literal {
        Literal::Bool(value) => json!(value),
        Literal::Integer(number) => json!(number),
        Literal::Text(text) => json!(text.replace("{component}", component)),
        Literal::List(items) => items.iter().map(|item| json(item, component)).collect(),
        Literal::Map(entries) => {
            Value::Object(entries.iter().map(|(key, value)| (key.clone(), json(value, component))).collect())
        }
    }
}

/// Texts of JSON configurations are templates: a backend's stay what they are.
fn escape_all(value: Value) -> Value {
    match value {
        Value::String(text) => escaped(&text).into(),
        Value::Array(items) => items.into_iter().map(escape_all).collect(),
        Value::Object(entries) => Value::Object(entries.into_iter().map(|(key, v)| (key, escape_all(v))).collect()),
        other => other,
    }
}

fn escaped(text: &str) -> String {
    text.replace("${", "$${").replace("%{", "%%{")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_written_port_is_opened() {
        assert_eq!(port("http://127.0.0.1:5000/x"), Some(5000));
        assert_eq!(port("https://[::1]:8443"), Some(8443));
        assert_eq!(port("http://169.254.169.254/latest"), None);
        assert_eq!(port("arn:aws:iam::1:role/x"), None);
    }
}
