//! The shape of template.toml, read strictly: every key is known, every fault has its line.
//! Used by the loader only.
//! Must never give a default that decides for the author what a template may produce.

use crate::broken::{BrokenTemplate, nearest};
use crate::source::Source;
use crate::template::{Addresses, Always};
use crate::words::Words;
use chopmark_domain::facts::Bilingual;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use toml::Spanned;

/// template.toml.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Metadata {
    pub(crate) version: u32,
    pub(crate) title: Bilingual,
    pub(crate) summary: Bilingual,
    pub(crate) words: Words,
    pub(crate) scope: crate::template::Scope,
    pub(crate) kinds: Vec<Spanned<String>>,
    pub(crate) verify: chopmark_domain::draft::Verify,
    pub(crate) terraform: Option<RawTerraform>,
    #[serde(default)]
    pub(crate) restart: RawRestart,
    pub(crate) name: Option<RawName>,
    #[serde(default)]
    pub(crate) way_back: RawWayBack,
    #[serde(default)]
    pub(crate) orders: Vec<Spanned<RawOrder>>,
    #[serde(default)]
    pub(crate) addresses: Vec<Spanned<Addresses>>,
    #[serde(default)]
    pub(crate) always: Vec<Always>,
    #[serde(default)]
    pub(crate) parameters: Vec<Spanned<RawParameter>>,
}

/// What a Terraform template needs.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawTerraform {
    pub(crate) requires: Option<Spanned<String>>,
    #[serde(default)]
    pub(crate) providers: std::collections::BTreeMap<String, Spanned<RawProvider>>,
}

/// A provider it needs.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawProvider {
    pub(crate) source: String,
    pub(crate) majors: Vec<u32>,
}

/// How components start anew.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RawRestart {
    #[default]
    Never,
    Annotation,
    Counter(String),
}

/// What a component's name must be.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawName {
    pub(crate) longest: Option<usize>,
    #[serde(default)]
    pub(crate) letter_first: bool,
}

/// What undo cannot bring back, by what is undone; absent means that it brings back everything.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawWayBack {
    pub(crate) create: Option<String>,
    pub(crate) edit: Option<String>,
    pub(crate) delete: Option<String>,
}

/// Two parameters of which one may not be larger than the other.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawOrder {
    pub(crate) least: String,
    pub(crate) most: String,
}

/// One parameter.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawParameter {
    pub(crate) name: Spanned<String>,
    #[serde(rename = "type")]
    pub(crate) kind: RawKind,
    pub(crate) title: Bilingual,
    #[serde(default)]
    pub(crate) words: Words,
    #[serde(default)]
    pub(crate) required: bool,
    pub(crate) default: Option<Spanned<chopmark_domain::literal::Literal>>,
    pub(crate) default_when: Option<Spanned<String>>,
    pub(crate) unit: Option<Bilingual>,
    pub(crate) least: Option<Spanned<RawBound>>,
    pub(crate) most: Option<Spanned<RawBound>>,
    pub(crate) longest: Option<usize>,
    pub(crate) options: Option<Vec<RawOption>>,
    pub(crate) keys: Option<crate::parameter::KeyKind>,
    pub(crate) values: Option<RawEntry>,
    pub(crate) items: Option<RawEntry>,
}

/// A bound: a number or a quantity.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum RawBound {
    Number(i64),
    Text(String),
}

/// The name of a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RawKind {
    Text,
    Integer,
    Bool,
    Choice,
    Name,
    Image,
    Port,
    Cpu,
    Memory,
    Duration,
    Schedule,
    TimeZone,
    Host,
    Cidr,
    Path,
    Secret,
    Map,
    List,
}

/// The type of the values of a map or list.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RawEntry {
    Text,
    Secret,
    Name,
    Cidr,
}

/// One value of a choice.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawOption {
    pub(crate) value: String,
    pub(crate) title: Bilingual,
    #[serde(default)]
    pub(crate) words: Words,
}

/// An example: sentences, what they mean, and what that renders.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawExample {
    pub(crate) sentence: Bilingual,
    pub(crate) group: String,
    pub(crate) component: String,
    #[serde(default)]
    pub(crate) values: std::collections::BTreeMap<String, chopmark_domain::literal::Literal>,
    #[serde(default)]
    pub(crate) majors: std::collections::BTreeMap<String, u32>,
    pub(crate) expected: std::collections::BTreeMap<String, String>,
}

/// Reads a file of a template.
pub(crate) fn read<T: DeserializeOwned>(source: &Source, file: &str) -> Result<T, BrokenTemplate> {
    let text = source.files.get(file).map_or("", String::as_str);
    toml::from_str(text).map_err(|error| {
        let span = error.span().unwrap_or(0..0);
        let broken = source.fault_at(file, span, error.message());
        match remedy(error.message()) {
            Some(remedy) => broken.remedy(remedy),
            None => broken,
        }
    })
}

/// The nearest valid name, from the names that serde lists after the wrong one.
fn remedy(message: &str) -> Option<String> {
    let names: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let (wrong, valid) = names.split_first()?;
    message
        .contains("expected")
        .then(|| nearest(wrong, valid.iter().copied()))
        .flatten()
        .map(|name| format!("did you mean `{name}`?"))
}
