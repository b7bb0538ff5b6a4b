//! Needs: what of a configuration decides what `init` does, and where the configuration itself keeps its state.
//! Used by plan, so that what was initialised once serves every change that needs the same.
//! Must never call two configurations alike that need different providers, modules or backends.

use chopmark_domain::component::ComponentFile;
use chopmark_domain::digest::Digest;
use hcl_edit::expr::{Expression, ObjectKey};
use hcl_edit::structure::{Block, Body, Structure};
use serde_json::Value;
use std::collections::BTreeSet;

/// What a configuration needs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Needs {
    /// Everything that decides what `init` does, as words.
    pub(crate) words: BTreeSet<String>,
    /// Sources of providers that it requires or implies, such as `hashicorp/aws`.
    pub(crate) providers: BTreeSet<String>,
    /// The backend it names.
    pub(crate) backend: Option<OwnBackend>,
}

/// A backend that a configuration names itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OwnBackend {
    /// Terraform's name of it; `cloud` for the block of that name.
    pub(crate) kind: String,
    /// Its `path`, where that is a plain text.
    pub(crate) path: Option<String>,
}

impl Needs {
    /// The needs of a bundle.
    pub(crate) fn of(files: &[ComponentFile]) -> Self {
        let mut needs = Self::default();
        for file in files {
            if file.name == ".terraform.lock.hcl" {
                needs.words.insert(word(file));
            } else if !file.is_terraform() {
                continue;
            } else if file.name.contains('/') {
                // A module's file: what it needs counts, whatever it is.
                needs.words.insert(word(file));
            } else if file.name.ends_with(".json") {
                needs.words.insert(word(file));
                needs.read_json(&file.text);
            } else {
                match hcl_edit::parser::parse_body(&file.text) {
                    Ok(body) => needs.read(&body, file),
                    Err(_) => needs.opaque(file),
                }
            }
        }
        needs
    }

    fn read(&mut self, body: &Body, file: &ComponentFile) {
        for block in body.iter().filter_map(Structure::as_block) {
            let first = block.labels.first().map(|label| label.as_str()).unwrap_or_default();
            match block.ident.as_str() {
                "terraform" => {
                    self.words.insert(block.body.to_string());
                    self.settings(&block.body);
                }
                "provider" => self.implied(first),
                "resource" | "data" | "ephemeral" => {
                    let named = attribute(block, "provider").map(ToString::to_string);
                    let named = named.as_deref().map(str::trim).unwrap_or(first);
                    let name = named.split(['.', '_']).next().unwrap_or_default();
                    self.implied(name);
                }
                "variable" | "output" | "locals" | "moved" | "removed" => {}
                _ => self.opaque(file),
            }
        }
    }

    /// The blocks within `terraform { }`.
    fn settings(&mut self, body: &Body) {
        for block in body.iter().filter_map(Structure::as_block) {
            match block.ident.as_str() {
                "backend" => {
                    let kind = block.labels.first().map(|label| label.as_str()).unwrap_or_default().to_owned();
                    let path = attribute(block, "path").and_then(|path| path.as_str()).map(ToOwned::to_owned);
                    self.backend = Some(OwnBackend { kind, path });
                }
                "cloud" => self.backend = Some(OwnBackend { kind: "cloud".to_owned(), path: None }),
                "required_providers" => {
                    let entries = block.body.iter().filter_map(Structure::as_attribute);
                    for source in entries.filter_map(|entry| source(&entry.value)) {
                        self.providers.insert(source.to_owned());
                    }
                }
                _ => {}
            }
        }
    }

    fn read_json(&mut self, text: &str) {
        let Ok(read) = serde_json::from_str::<Value>(text) else { return };
        for settings in several(&read["terraform"]) {
            for (kind, block) in several(&settings["backend"]).iter().filter_map(|value| value.as_object()).flatten() {
                let path = several(block).first().and_then(|block| block["path"].as_str()).map(ToOwned::to_owned);
                self.backend = Some(OwnBackend { kind: kind.clone(), path });
            }
            if !settings["cloud"].is_null() {
                self.backend = Some(OwnBackend { kind: "cloud".to_owned(), path: None });
            }
        }
    }

    fn implied(&mut self, name: &str) {
        self.words.insert(format!("provider {name}"));
        if name != "terraform" {
            self.providers.insert(format!("hashicorp/{name}"));
        }
    }

    /// A file in which anything may decide.
    fn opaque(&mut self, file: &ComponentFile) {
        self.words.insert(word(file));
    }
}

fn word(file: &ComponentFile) -> String {
    format!("{} {}", file.name, Digest::of(file.text.as_bytes()))
}

fn attribute<'a>(block: &'a Block, name: &str) -> Option<&'a Expression> {
    block.body.iter().filter_map(Structure::as_attribute).find(|entry| entry.key.as_str() == name).map(|a| &a.value)
}

fn source(entry: &Expression) -> Option<&str> {
    let found = entry.as_object()?.iter().find(|(key, _)| match key {
        ObjectKey::Ident(name) => name.as_str() == "source",
        ObjectKey::Expression(expression) => expression.as_str() == Some("source"),
    });
    found?.1.expr().as_str()
}

/// JSON syntax writes one block as itself and several as a list.
fn several(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(items) => items.iter().collect(),
        Value::Null => Vec::new(),
        other => vec![other],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn needs(text: &str) -> Needs {
        Needs::of(&[ComponentFile { name: "main.tf".to_owned(), text: text.to_owned() }])
    }

    #[test]
    fn values_of_resources_need_nothing_new() {
        let note = |text: &str| needs(&format!("resource \"terraform_data\" \"a\" {{\n  input = {text:?}\n}}\n"));
        assert_eq!(note("one"), note("two"));
        assert_ne!(note("one"), needs("resource \"null_resource\" \"a\" {\n}\n"));
    }

    #[test]
    fn required_providers_and_the_own_backend_are_read() {
        let text = "terraform {\n  required_providers {\n    x = {\n      source = \"acme/x\"\n    }\n  }\n  backend \"local\" {\n    path = \"a.tfstate\"\n  }\n}\n";
        let found = needs(text);
        assert!(found.providers.contains("acme/x"));
        assert_eq!(found.backend, Some(OwnBackend { kind: "local".to_owned(), path: Some("a.tfstate".to_owned()) }));
    }

    #[test]
    fn a_provider_named_at_the_resource_counts() {
        let found = needs("resource \"aws_x\" \"a\" {\n  provider = other.west\n}\n");
        assert!(found.providers.contains("hashicorp/other"), "{found:?}");
    }
}
