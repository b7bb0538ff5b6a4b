//! Places: where a value stands in what was rendered, as plans name it.
//! Used where a value that drifted is looked for.
//! Must never evaluate: what needs more than reading is not found.

use crate::render::Rendered;
use crate::shape::Shape;
use chopmark_domain::hcl::Tree;
use chopmark_domain::literal::Literal;
use std::collections::BTreeMap;

/// What AWS resources call the tags with those of the provider's settings, computed from the resource's own.
const ALL_TAGS: &str = "tags_all";
/// Deepest chain of locals: longer ones are not followed.
const DEEPEST: usize = 8;

/// An address and a path within it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    address: String,
    path: Vec<String>,
}

impl Place {
    /// The last step of the path.
    pub(crate) fn last(&self) -> &str {
        self.path.last().map_or("", String::as_str)
    }
}

/// Reads an address and a path, written as a JSON pointer (`/tags/owner`) or as Terraform does (`versioning[0].enabled`).
pub(crate) fn of(address: &str, path: &str) -> Option<Place> {
    let steps = match path.strip_prefix('/') {
        Some(pointer) => pointer.split('/').map(|step| step.replace("~1", "/").replace("~0", "~")).collect(),
        None => dotted(path)?,
    };
    Some(Place { address: address.to_owned(), path: steps })
}

/// `a.b[0]["c.d"]`.
fn dotted(path: &str) -> Option<Vec<String>> {
    let mut steps = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        if let Some(inner) = rest.strip_prefix("[\"") {
            let (key, behind) = inner.split_once("\"]")?;
            steps.push(key.to_owned());
            rest = behind;
        } else if let Some(inner) = rest.strip_prefix('[') {
            let (number, behind) = inner.split_once(']')?;
            steps.push(number.to_owned());
            rest = behind;
        } else {
            rest = rest.strip_prefix('.').unwrap_or(rest);
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            if end == 0 {
                return None;
            }
            steps.push(rest[..end].to_owned());
            rest = &rest[end..];
        }
    }
    if steps.is_empty() { None } else { Some(steps) }
}

/// What stands there, if it can be read.
pub(crate) fn find(files: &[Rendered], place: &Place) -> Option<Literal> {
    let pointer: String =
        place.path.iter().map(|step| format!("/{}", step.replace('~', "~0").replace('/', "~1"))).collect();
    let trees: Vec<&Tree> = files
        .iter()
        .filter_map(|file| if let Shape::Configuration(tree) = &file.shape { Some(tree) } else { None })
        .collect();
    if let Some((kind, name)) = place.address.split_once('.').filter(|_| !trees.is_empty()) {
        let locals = locals(&trees);
        // One of several made from one block: `aws_subnet.this["10.0.1.0/24"]`.
        let name = name.split_once('[').map_or(name, |(name, _)| name);
        let body = trees.iter().find_map(|tree| tree.resource(kind, name))?;
        let mut path = place.path.clone();
        if let Some(first) = path.first_mut().filter(|first| *first == ALL_TAGS) {
            *first = "tags".to_owned();
        }
        return plain(body, &locals, DEEPEST).at(&path)?.literal();
    }
    files.iter().find_map(|file| {
        let Shape::Object(object) = &file.shape else { return None };
        let text = |pointer: &str| object.pointer(pointer).and_then(serde_json::Value::as_str);
        let parts: Vec<&str> =
            ["/kind", "/metadata/namespace", "/metadata/name"].iter().filter_map(|part| text(part)).collect();
        if parts.join("/") != place.address {
            return None;
        }
        object.pointer(&pointer).and_then(|value| serde_json::from_value(value.clone()).ok())
    })
}

/// Every local by its name.
fn locals(trees: &[&Tree]) -> BTreeMap<String, Tree> {
    let mut locals = BTreeMap::new();
    for part in trees.iter().flat_map(|tree| parts(tree)) {
        let Tree::Form { words, parts: bodies } = part else { continue };
        if words.iter().map(String::as_str).ne(["block", "locals"]) {
            continue;
        }
        for attribute in bodies.iter().flat_map(parts) {
            if let Tree::Form { words, parts } = attribute
                && let ([kind, name], [value]) = (words.as_slice(), parts.as_slice())
                && kind == "attribute"
            {
                locals.insert(name.clone(), value.clone());
            }
        }
    }
    locals
}

fn parts(tree: &Tree) -> &[Tree] {
    if let Tree::Form { parts, .. } = tree { parts } else { &[] }
}

/// The tree with its locals, merges and conversions put in place of their names, as far as that needs no evaluation.
fn plain(tree: &Tree, locals: &BTreeMap<String, Tree>, depth: usize) -> Tree {
    if depth == 0 {
        return tree.clone();
    }
    let inner = |tree: &Tree| plain(tree, locals, depth);
    match tree {
        Tree::Text(_) | Tree::Number(_) | Tree::Bool(_) => tree.clone(),
        Tree::List(items) => Tree::List(items.iter().map(inner).collect()),
        Tree::Object(entries) => Tree::Object(entries.iter().map(|(key, value)| (inner(key), inner(value))).collect()),
        Tree::Form { words, parts } => {
            let words_are = |wanted: &[&str]| words.iter().map(String::as_str).eq(wanted.iter().copied());
            let unwrapped = ["tomap", "tolist", "toset", "tostring", "tonumber", "tobool"];
            let conversion = unwrapped.iter().any(|name| words_are(&["call", name]));
            match parts.as_slice() {
                [only] if words_are(&["parenthesis"]) || conversion => return inner(only),
                [Tree::Form { words: variable, .. }, Tree::Form { words: step, .. }]
                    if words_are(&["traversal"]) && variable.iter().map(String::as_str).eq(["variable", "local"]) =>
                {
                    if let [_, name] = step.as_slice()
                        && let Some(value) = locals.get(name)
                    {
                        return plain(value, locals, depth - 1);
                    }
                }
                _ => {}
            }
            let parts: Vec<Tree> = parts.iter().map(inner).collect();
            if words_are(&["call", "merge"])
                && let Some(merged) = merged(&parts)
            {
                return merged;
            }
            Tree::Form { words: words.clone(), parts }
        }
    }
}

/// The merge of objects; a later entry takes an earlier one's place.
fn merged(parts: &[Tree]) -> Option<Tree> {
    let mut all: Vec<(Tree, Tree)> = Vec::new();
    for part in parts {
        let Tree::Object(entries) = part else { return None };
        for (key, value) in entries {
            all.retain(|(other, _)| other != key);
            all.push((key.clone(), value.clone()));
        }
    }
    Some(Tree::Object(all))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_name_the_same_place() {
        for (one, other) in [
            ("/tags/owner", "tags.owner"),
            ("/versioning/0/enabled", "versioning[0].enabled"),
            ("/tags/a.b~1c", "tags[\"a.b/c\"]"),
        ] {
            assert_eq!(of("a.b", one), of("a.b", other));
        }
        for bad in ["", "a..b", "a[", "a[\"b"] {
            assert_eq!(of("a.b", bad), None, "{bad}");
        }
    }
}
