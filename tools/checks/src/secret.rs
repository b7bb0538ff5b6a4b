//! Secrets in clear: values that look like credentials in what would be committed.
//! One of the judges of lib.rs.
//! Must never repeat the value it found.

use crate::{Case, Judge, finding};
use chopmark_domain::finding::{Finding, Severity};
use serde_json::Value;

pub(crate) const JUDGE: Judge = Judge { id: "secret-in-clear", version: 1, judge };

/// Beginnings of credentials that issuers publish so that scanners find them.
const BEGINNINGS: [&str; 11] =
    ["AKIA", "ASIA", "ghp_", "gho_", "ghs_", "github_pat_", "glpat-", "xoxb-", "xoxp-", "sk-ant-", "AIza"];
/// Marks of private keys (RFC 7468).
const KEY_MARK: &str = "PRIVATE KEY-----";
/// Names of fields that hold credentials.
const NAMES: [&str; 8] = ["password", "passwd", "secret", "token", "apikey", "api_key", "access_key", "private_key"];
/// Bits per character from which a text is taken for random rather than for words.
const RANDOM_BITS: f64 = 3.5;

fn judge(case: &Case<'_>) -> Vec<Finding> {
    let mut found = vec![];
    for (file, object) in case.objects {
        // A secret's own object holds references only; the runner fills the values in.
        walk(object, "", &mut |path, value| {
            if is_secret(path, value) {
                found.push(finding(JUDGE.id, Severity::Deny, file, &[("path", path)]));
            }
        });
    }
    found
}

fn walk(value: &Value, path: &str, visit: &mut dyn FnMut(&str, &str)) {
    match value {
        Value::String(text) => visit(path, text),
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                // An environment variable is a name and a value beside each other.
                let named = item.get("name").and_then(Value::as_str);
                let place = named.map_or_else(|| format!("{path}/{at}"), |name| format!("{path}/{name}"));
                walk(item, &place, visit);
            }
        }
        Value::Object(entries) => {
            for (key, item) in entries {
                walk(item, &format!("{path}/{key}"), visit);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn is_secret(path: &str, value: &str) -> bool {
    if value.contains(KEY_MARK) || BEGINNINGS.iter().any(|begin| begins_credential(value, begin)) {
        return true;
    }
    // The place counts only where people put values of their own.
    let free = path.contains("/env/") || path.starts_with("/data/") || path.starts_with("/stringData/");
    let lower = path.to_ascii_lowercase();
    free && NAMES.iter().any(|name| lower.contains(name))
        && !value.is_empty()
        && value.len() >= 8
        && !value.starts_with("env:")
        && !value.starts_with("file:")
        && bits(value) >= RANDOM_BITS
}

fn begins_credential(value: &str, begin: &str) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    value
        .split(|c: char| !word(c))
        .any(|part| part.strip_prefix(begin).is_some_and(|rest| rest.len() >= 12 && bits(rest) > 2.5))
}

/// Shannon entropy per character.
fn bits(text: &str) -> f64 {
    let mut counts = std::collections::BTreeMap::new();
    for c in text.chars() {
        *counts.entry(c).or_insert(0_u32) += 1;
    }
    let total = f64::from(counts.values().sum::<u32>());
    counts.values().map(|count| f64::from(*count) / total).map(|share| -share * share.log2()).sum()
}
