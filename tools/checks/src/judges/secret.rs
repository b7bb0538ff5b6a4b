//! Judge of secrets: values that nobody should read do not stand in a repository or on a card.
//! One of the list in `judges`.
//! Must never repeat the value it found: a finding names the field only.

use crate::case::Case;
use crate::finding;
use crate::walk::{last, walk};
use chopmark_domain::component::ComponentFile;
use chopmark_domain::finding::{Finding, SECRET_IN_CLEAR, Severity};
use chopmark_domain::hcl::Tree;
use chopmark_domain::manifest::MANIFEST_NAME;
use serde_json::Value;

/// Annotation of a Secret whose values are references, filled in at apply.
const REFERENCES: &str = "/metadata/annotations/chopmark.io~1secret-references";
/// Last words of names that hold a secret itself.
const NAMES: [&str; 11] = [
    "password",
    "passwd",
    "passphrase",
    "secret",
    "token",
    "apikey",
    "api_key",
    "private_key",
    "access_key",
    "secret_key",
    "credentials",
];
/// Shortest value that is taken for a secret because of its name; shorter ones are switches and placeholders.
const SHORTEST: usize = 6;

/// Denies secrets in clear, by the form of a value or by its name.
pub(crate) fn verdict(case: &Case<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (address, object) in &case.objects {
        let mut deny = |field: &str| {
            findings.push(finding(SECRET_IN_CLEAR, Severity::Deny, address, &[("path", field)]));
        };
        let kind = object.get("kind").and_then(Value::as_str).unwrap_or_default();
        if kind == "Secret" && object.pointer(REFERENCES).is_none() {
            for part in ["data", "stringData"] {
                if object.get(part).and_then(Value::as_object).is_some_and(|data| !data.is_empty()) {
                    deny(&format!("/{part}"));
                }
            }
        }
        let config = kind == "ConfigMap";
        walk(object, &mut |pointer, value| {
            let Value::String(text) = value else {
                if let Some(name) = named_secret(value) {
                    deny(&format!("{pointer}[{name}]"));
                }
                return;
            };
            let data_key = config && pointer.starts_with("/data/") && names_secret(last(pointer));
            if has_secret_form(text) || (data_key && could_be_secret(text)) {
                deny(pointer);
            }
        });
    }
    if case.files.iter().any(ComponentFile::is_terraform) {
        for file in case.files.iter().filter(|file| file.name != MANIFEST_NAME) {
            let lines = file.text.lines().enumerate().filter(|(_, line)| has_secret_form(line));
            findings.extend(lines.map(|(number, _)| in_file(&file.name, &format!("{}:{}", file.name, number + 1))));
        }
        for (file, tree) in &case.configuration {
            settings(tree, &mut vec![], &mut |path| findings.push(in_file(file, path)));
        }
    }
    findings
}

fn in_file(file: &str, path: &str) -> Finding {
    finding(SECRET_IN_CLEAR, Severity::Deny, file, &[("path", path)])
}

/// Calls `deny` with the path of every setting whose name says secret and whose value is a text.
fn settings(tree: &Tree, path: &mut Vec<String>, deny: &mut dyn FnMut(&str)) {
    let is_secret = |tree: &Tree| matches!(tree, Tree::Text(text) if could_be_secret(text));
    match tree {
        Tree::Form { words, parts } => {
            let own = match words.split_first() {
                // A variable's default is called as the variable is.
                Some((first, [name])) if first == "attribute" && name == "default" => None,
                Some((first, names)) if first == "attribute" || first == "block" => Some(names.join(".")),
                _ => None,
            };
            let entered = usize::from(own.is_some());
            path.extend(own);
            let setting = words.first().is_some_and(|first| first == "attribute");
            if setting && parts.iter().any(is_secret) && path.last().is_some_and(|own| names_secret(own)) {
                deny(&path.join("."));
            }
            parts.iter().for_each(|part| settings(part, path, deny));
            path.truncate(path.len() - entered);
        }
        Tree::Object(entries) => {
            let named = |wanted: &str| {
                let found = entries.iter().find(|(key, _)| matches!(key, Tree::Text(key) if key == wanted));
                found.map(|(_, value)| value)
            };
            if let (Some(Tree::Text(name)), Some(value)) = (named("name"), named("value"))
                && names_secret(name)
                && is_secret(value)
            {
                deny(&format!("{}[{name}]", path.join(".")));
            }
            for (key, value) in entries {
                let name = if let Tree::Text(name) = key { name.as_str() } else { "…" };
                path.push(name.to_owned());
                if names_secret(name) && is_secret(value) {
                    deny(&path.join("."));
                }
                settings(value, path, deny);
                path.pop();
            }
        }
        Tree::List(items) => items.iter().for_each(|item| settings(item, path, deny)),
        Tree::Text(_) | Tree::Number(_) | Tree::Bool(_) => {}
    }
}

/// The name of an environment variable with a secret in clear: `{name: DB_PASSWORD, value: …}`.
fn named_secret(value: &Value) -> Option<&str> {
    let name = value.get("name")?.as_str()?;
    let clear = value.get("value")?.as_str()?;
    (names_secret(name) && could_be_secret(clear)).then_some(name)
}

/// Whether a name ends in a word for secrets; `TOKEN_FILE` or `PASSWORD_MIN_LENGTH` do not.
fn names_secret(name: &str) -> bool {
    let name = name.to_lowercase().replace(['-', '.'], "_");
    NAMES.iter().any(|word| name == *word || name.strip_suffix(word).is_some_and(|rest| rest.ends_with('_')))
}

/// Whether a value may be the secret itself, rather than a switch, a number, a path, an address or a reference.
fn could_be_secret(value: &str) -> bool {
    value.chars().count() >= SHORTEST
        && !value.starts_with(['/', '$'])
        && !value.starts_with("env:")
        && !value.starts_with("file:")
        && !value.contains("://")
        && value.parse::<f64>().is_err()
}

/// Whether a value has the form of a well-known credential, whatever it is called.
fn has_secret_form(text: &str) -> bool {
    let key_block = text.contains("-----BEGIN ") && text.contains("PRIVATE KEY-----");
    key_block || text.split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '=' | ',')).any(is_credential)
}

/// Forms documented by those who issue them: AWS key ids, GitHub, GitLab, Slack and Stripe tokens, JSON web
/// tokens, and addresses with a password in them.
fn is_credential(word: &str) -> bool {
    let rest_is = |prefix: &str, least: usize| {
        word.strip_prefix(prefix).is_some_and(|rest| {
            rest.len() >= least && rest.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
        })
    };
    let aws = ["AKIA", "ASIA"].iter().any(|prefix| word.len() == 20 && rest_is(prefix, 16));
    let tokens = [
        ("ghp_", 20),
        ("gho_", 20),
        ("ghs_", 20),
        ("github_pat_", 40),
        ("glpat-", 20),
        ("xoxb-", 20),
        ("xoxp-", 20),
        ("sk_live_", 16),
    ];
    let web_token = word.starts_with("eyJ") && word.len() > 40 && word.split('.').count() == 3;
    aws || tokens.iter().any(|(prefix, least)| rest_is(prefix, *least)) || web_token || has_password(word)
}

/// `scheme://user:password@host`.
fn has_password(word: &str) -> bool {
    let Some((_, rest)) = word.split_once("://") else { return false };
    let authority = rest.split('/').next().unwrap_or_default();
    authority
        .rsplit_once('@')
        .and_then(|(user, _)| user.split_once(':'))
        .is_some_and(|(_, password)| !password.is_empty() && !password.starts_with('$'))
}
