//! The manifest: `component.toml` in each component's folder, saying which template and values made the rest.
//! Written by the catalogue, read by the git runner.
//! Must never hold a rendered file or a secret, only values and references.

use crate::component::TemplatePin;
use crate::literal::Literal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The file's name.
pub const MANIFEST_NAME: &str = "component.toml";

/// The content of `component.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The template.
    pub template: TemplatePin,
    /// The values it was rendered with; defaults included, so that a later default changes nothing.
    pub values: BTreeMap<String, Literal>,
}

/// A manifest that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("component.toml cannot be read: {0}")]
pub struct InvalidManifest(String);

impl Manifest {
    /// The file's text.
    ///
    /// # Errors
    /// [`InvalidManifest`] when a value cannot be written as TOML.
    pub fn to_text(&self) -> Result<String, InvalidManifest> {
        toml::to_string_pretty(self).map_err(|error| InvalidManifest(error.to_string()))
    }

    /// Reads the file's text.
    ///
    /// # Errors
    /// [`InvalidManifest`] with the line.
    pub fn parse(text: &str) -> Result<Self, InvalidManifest> {
        toml::from_str(text).map_err(|error| InvalidManifest(error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_reads_back_whatever_its_strings_hold() {
        let hostile = "a\"b\n'''\n${x} %{y} \u{202e} 验 \\";
        let values = BTreeMap::from([
            ("text".to_owned(), Literal::from(hostile)),
            ("count".to_owned(), Literal::Integer(3)),
            ("flags".to_owned(), Literal::List(vec![Literal::Bool(true)])),
            ("env".to_owned(), Literal::Map(BTreeMap::from([("A".to_owned(), Literal::from("1"))]))),
        ]);
        let Ok(name) = crate::ids::TemplateName::parse("web-service") else { unreachable!() };
        let manifest = Manifest { template: TemplatePin { name, version: 1, digest: "00".into() }, values };
        let text = manifest.to_text();
        assert_eq!(text.as_deref().map(Manifest::parse), Ok(Ok(manifest)));
    }
}
