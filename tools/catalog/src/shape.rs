//! What stands in a file, whatever its language: the tree that rendering proves and inspection looks at.
//! Made by the renderer from every file, and from every file that a restore brings back.
//! Must never be made from a text that did not pass its language's screen.

use crate::screen;
use crate::write::Syntax;
use chopmark_domain::component::ComponentFile;
use chopmark_domain::hcl::{self, Tree};
use chopmark_domain::literal::Literal;
use chopmark_domain::rendered;
use serde_json::Value;
use std::collections::BTreeSet;

/// Around the number of a literal. Both are of the private-use area, which no template may hold.
pub(crate) const MARK_OPEN: char = '\u{e000}';
pub(crate) const MARK_CLOSE: char = '\u{e001}';

/// The tree of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Shape {
    /// An object of a cluster.
    Object(Value),
    /// A part of a Terraform configuration.
    Configuration(Tree),
}

impl Shape {
    /// Reads a file strictly.
    pub(crate) fn read(file: &ComponentFile) -> Result<Self, String> {
        match Syntax::of(&file.name) {
            Syntax::Yaml => {
                screen::screen(&file.text)?;
                rendered::object(file).map(Self::Object).map_err(|error| error.reason)
            }
            Syntax::Hcl => {
                let read = hcl::parse(file).map(Self::Configuration);
                read.map_err(|error| format!("{} in line {}", error.reason, error.line))
            }
        }
    }

    /// Puts the literals in place of their markers. A marker must be a whole literal and come once.
    pub(crate) fn put_in(&mut self, written: &[Literal], used: &mut [bool]) -> Result<(), String> {
        match self {
            Self::Object(object) => in_object(object, written, used),
            Self::Configuration(tree) => in_tree(tree, written, used),
        }
    }
}

fn in_object(tree: &mut Value, written: &[Literal], used: &mut [bool]) -> Result<(), String> {
    match tree {
        Value::String(text) => {
            if let Some(literal) = marked(text, written, used)? {
                *tree = serde_json::to_value(literal).map_err(|error| error.to_string())?;
            }
        }
        Value::Array(items) => {
            for item in items {
                in_object(item, written, used)?;
            }
        }
        Value::Object(entries) => {
            for (key, mut value) in std::mem::take(entries) {
                in_object(&mut value, written, used)?;
                let key = match marked(&key, written, used)? {
                    Some(Literal::Text(text)) => text.clone(),
                    Some(_) => return Err("a key that is no text".to_owned()),
                    None => key,
                };
                if entries.insert(key, value).is_some() {
                    return Err("a key that comes twice".to_owned());
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
    Ok(())
}

fn in_tree(tree: &mut Tree, written: &[Literal], used: &mut [bool]) -> Result<(), String> {
    match tree {
        Tree::Text(text) => {
            if let Some(literal) = marked(text, written, used)? {
                *tree = Tree::of(literal);
            }
        }
        Tree::Number(_) | Tree::Bool(_) => {}
        Tree::List(items) => {
            for item in items {
                in_tree(item, written, used)?;
            }
        }
        Tree::Object(entries) => {
            let mut keys = BTreeSet::new();
            for (key, value) in entries {
                in_tree(key, written, used)?;
                in_tree(value, written, used)?;
                match key {
                    Tree::Text(text) if !keys.insert(text.clone()) => {
                        return Err("a key that comes twice".to_owned());
                    }
                    Tree::Text(_) | Tree::Form { .. } => {}
                    Tree::Number(_) | Tree::Bool(_) | Tree::List(_) | Tree::Object(_) => {
                        return Err("a key that is no text".to_owned());
                    }
                }
            }
        }
        Tree::Form { words, parts } => {
            // A label, a name, or a text within quotes or a heredoc that holds more than the placeholder.
            if words.iter().any(|word| word.contains([MARK_OPEN, MARK_CLOSE])) {
                return Err("a placeholder is only part of a literal".to_owned());
            }
            for part in parts {
                in_tree(part, written, used)?;
            }
        }
    }
    Ok(())
}

fn marked<'a>(text: &str, written: &'a [Literal], used: &mut [bool]) -> Result<Option<&'a Literal>, String> {
    if !text.contains([MARK_OPEN, MARK_CLOSE]) {
        return Ok(None);
    }
    let number = text.strip_prefix(MARK_OPEN).and_then(|text| text.strip_suffix(MARK_CLOSE));
    let number = number
        .and_then(|number| number.parse::<usize>().ok())
        .filter(|number| *number < written.len() && !used[*number])
        .ok_or("a placeholder is only part of a literal")?;
    used[number] = true;
    Ok(Some(&written[number]))
}
