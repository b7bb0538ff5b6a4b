//! A block as both spellings of a configuration have it, HCL's own and JSON: kind, labels, settings, inner blocks.
//! Made for each file; what the screen's rules and the list of resources look at.
//! Must never lose a block: what cannot be told from a setting counts as both.

use super::json::{Json, Object};
use super::read::line;
use hcl_edit::Span;
use hcl_edit::expr::Expression;
use hcl_edit::structure::Body;

/// A block with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) kind: String,
    pub(super) labels: Vec<String>,
    pub(super) line: usize,
    pub(super) settings: Vec<Setting>,
    pub(super) inner: Vec<Block>,
}

/// A setting of a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Setting {
    pub(super) name: String,
    /// Its text, where it is a literal text.
    pub(super) text: Option<String>,
    /// The entries of a literal object whose values are literal texts or objects of them, such as those of
    /// `required_providers`; empty for anything else.
    pub(super) entries: Vec<(String, Option<String>)>,
    pub(super) line: usize,
}

impl Block {
    /// The label at a position; empty where there is none.
    pub(super) fn label(&self, position: usize) -> &str {
        self.labels.get(position).map_or("", String::as_str)
    }

    /// The setting of that name.
    pub(super) fn setting(&self, name: &str) -> Option<&Setting> {
        self.settings.iter().find(|setting| setting.name == name)
    }

    /// Itself and everything in it.
    pub(super) fn all(&self) -> Vec<&Block> {
        let mut all = vec![self];
        for inner in &self.inner {
            all.extend(inner.all());
        }
        all
    }

    /// As a person would name it: `provisioner "local-exec"`.
    pub(super) fn shown(&self) -> String {
        let labels = self.labels.iter().map(|label| format!(" {label:?}"));
        std::iter::once(self.kind.clone()).chain(labels).collect()
    }
}

/// The blocks of a body in HCL's own syntax.
pub(super) fn of_body(body: &Body, text: &str) -> Vec<Block> {
    let block = |block: &hcl_edit::structure::Block| Block {
        kind: block.ident.as_str().to_owned(),
        labels: block.labels.iter().map(|label| label.as_str().to_owned()).collect(),
        line: line(text, block.span().unwrap_or(0..0).start),
        settings: settings(&block.body, text),
        inner: of_body(&block.body, text),
    };
    body.blocks().map(block).collect()
}

fn settings(body: &Body, text: &str) -> Vec<Setting> {
    let setting = |attribute: &hcl_edit::structure::Attribute| Setting {
        name: attribute.key.as_str().to_owned(),
        text: attribute.value.as_str().map(str::to_owned),
        entries: entries(&attribute.value),
        line: line(text, attribute.span().unwrap_or(0..0).start),
    };
    body.attributes().map(setting).collect()
}

fn entries(value: &Expression) -> Vec<(String, Option<String>)> {
    let Expression::Object(object) = value else { return Vec::new() };
    object
        .iter()
        .map(|(key, value)| {
            let name = match key.as_ident() {
                Some(ident) => ident.as_str(),
                None => key.as_expr().and_then(Expression::as_str).unwrap_or_default(),
            };
            (name.to_owned(), value.expr().as_str().map(str::to_owned))
        })
        .collect()
}

/// The blocks of a whole file in JSON.
pub(super) fn of_json(object: &Object, text: &str) -> Vec<Block> {
    object.iter().flat_map(|(kind, value)| blocks(kind, value, labels(kind, true), Vec::new(), text)).collect()
}

/// How many labels a block of that kind has. Within other blocks only some kinds matter to any rule.
fn labels(kind: &str, top: bool) -> usize {
    match kind {
        "resource" | "data" | "ephemeral" if top => 2,
        "provider" | "module" | "variable" | "output" | "check" if top => 1,
        "data" | "key_provider" | "method" => 2,
        "provisioner" | "backend" | "dynamic" => 1,
        _ => 0,
    }
}

fn blocks(kind: &str, value: &Json, left: usize, labels_so_far: Vec<String>, text: &str) -> Vec<Block> {
    match value {
        Json::List(items) => {
            items.iter().flat_map(|item| blocks(kind, item, left, labels_so_far.clone(), text)).collect()
        }
        Json::Object(entries) if left > 0 => entries
            .iter()
            .flat_map(|(label, value)| {
                let labels = labels_so_far.iter().cloned().chain([label.clone()]).collect();
                blocks(kind, value, left - 1, labels, text)
            })
            .collect(),
        Json::Object(entries) => {
            let about = labels_so_far.last().map_or(kind, String::as_str);
            vec![Block {
                line: mentioned(text, about),
                settings: entries.iter().map(|(name, value)| json_setting(name, value, text)).collect(),
                inner: entries
                    .iter()
                    .flat_map(|(kind, value)| blocks(kind, value, labels(kind, false), Vec::new(), text))
                    .collect(),
                kind: kind.to_owned(),
                labels: labels_so_far,
            }]
        }
        Json::Text(_) | Json::Other => Vec::new(),
    }
}

fn json_setting(name: &str, value: &Json, text: &str) -> Setting {
    let entries = match value {
        Json::Object(entries) => {
            entries.iter().map(|(key, value)| (key.clone(), value.as_text().map(str::to_owned))).collect()
        }
        Json::Text(_) | Json::List(_) | Json::Other => Vec::new(),
    };
    // A `${` in JSON is an expression, and so no literal text.
    let literal = value.as_text().filter(|text| !text.contains("${") && !text.contains("%{"));
    Setting { name: name.to_owned(), text: literal.map(str::to_owned), entries, line: mentioned(text, name) }
}

/// The line of a name's first mention: JSON is read without places.
pub(super) fn mentioned(text: &str, name: &str) -> usize {
    text.find(&format!("\"{name}\"")).map_or(1, |position| line(text, position))
}
