//! Masks: which values of a plan are sensitive, and what stands in their place.
//! Used by `show` for every value that leaves the program's own files.
//! Must never let a sensitive value through because it stands in a field that nobody marked.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chopmark_domain::canonical;
use chopmark_domain::digest::Fields;
use chopmark_domain::plan::Shown;
use hmac::{Hmac, Mac};
use secrecy::{ExposeSecret as _, SecretSlice, SecretString};
use serde_json::Value;
use sha2::Sha256;
use std::collections::BTreeSet;

/// From how many characters a sensitive text is looked for inside others: shorter ones stand in too much.
const INSIDE: usize = 6;
/// From how many characters a part of a sensitive text is looked for in what a program says.
const PART: usize = 8;
/// From how many digits a sensitive number is taken for itself wherever it stands.
const DIGITS: usize = 4;

/// The key, and every sensitive value that is known, in the forms in which it can stand elsewhere.
pub(super) struct Mask<'a> {
    key: &'a SecretSlice<u8>,
    whole: BTreeSet<String>,
    inside: BTreeSet<String>,
}

impl<'a> Mask<'a> {
    /// Gathers what a plan marks as sensitive, and what the credentials hold.
    pub(super) fn of<'c>(
        key: &'a SecretSlice<u8>,
        plan: &Value,
        credentials: impl Iterator<Item = &'c SecretString>,
    ) -> Self {
        let mut mask = Self { key, whole: BTreeSet::new(), inside: BTreeSet::new() };
        for secret in credentials {
            mask.learn_text(secret.expose_secret());
        }
        let changes = ["resource_changes", "resource_drift"].into_iter().filter_map(|list| plan[list].as_array());
        for change in changes.flatten().map(|resource| &resource["change"]) {
            mask.learn_change(change);
        }
        for change in plan["output_changes"].as_object().into_iter().flat_map(|outputs| outputs.values()) {
            mask.learn_change(change);
        }
        // A variable's value stands in the plan without any mark; only its declaration has one.
        let declared = plan["configuration"]["root_module"]["variables"].as_object();
        for (name, _) in declared.into_iter().flatten().filter(|(_, variable)| variable["sensitive"] == true) {
            mask.learn(&plan["variables"][name]["value"]);
        }
        mask
    }

    /// The same, knowing also what a state marks as sensitive: what an apply made was in no plan.
    pub(super) fn and_state(mut self, state: &Value) -> Self {
        self.learn_module(&state["values"]["root_module"]);
        self
    }

    fn learn_module(&mut self, module: &Value) {
        for resource in module["resources"].as_array().into_iter().flatten() {
            self.learn_marked(&resource["values"], &resource["sensitive_values"]);
        }
        for child in module["child_modules"].as_array().into_iter().flatten() {
            self.learn_module(child);
        }
    }

    fn learn_change(&mut self, change: &Value) {
        for side in ["before", "after"] {
            self.learn_marked(&change[side], &change[format!("{side}_sensitive")]);
        }
    }

    fn learn_marked(&mut self, value: &Value, marks: &Value) {
        match marks {
            Value::Bool(true) => self.learn(value),
            Value::Object(marks) => marks.iter().for_each(|(key, marks)| self.learn_marked(&value[key], marks)),
            Value::Array(marks) => marks.iter().enumerate().for_each(|(i, marks)| self.learn_marked(&value[i], marks)),
            _ => {}
        }
    }

    fn learn(&mut self, value: &Value) {
        match value {
            Value::String(text) => self.learn_text(text),
            Value::Number(number) => {
                let text = number.to_string();
                if text.len() >= DIGITS {
                    self.whole.insert(text);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.learn(item)),
            Value::Object(entries) => entries.values().for_each(|entry| self.learn(entry)),
            Value::Null | Value::Bool(_) => {}
        }
    }

    fn learn_text(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        self.whole.insert(text.to_owned());
        if text.chars().count() >= INSIDE {
            let quoted = Value::from(text).to_string();
            let forms = [text.to_owned(), quoted.trim_matches('"').to_owned(), STANDARD.encode(text)];
            self.inside.extend(forms);
        }
    }

    /// Whether a value holds something that is known to be sensitive.
    pub(super) fn knows(&self, value: &Value) -> bool {
        match value {
            Value::String(text) => {
                self.whole.contains(text) || self.inside.iter().any(|secret| text.contains(secret.as_str()))
            }
            Value::Number(number) => self.whole.contains(&number.to_string()),
            Value::Array(items) => items.iter().any(|item| self.knows(item)),
            Value::Object(entries) => entries.iter().any(|(key, entry)| {
                self.knows(entry) || self.inside.iter().any(|secret| key.contains(secret.as_str()))
            }),
            Value::Null | Value::Bool(_) => false,
        }
    }

    /// A text for people: nothing, where it holds something sensitive.
    pub(super) fn hides(&self, text: &str) -> bool {
        self.inside.iter().any(|secret| text.contains(secret.as_str()))
    }

    /// A text for people, without anything sensitive in it.
    pub(super) fn scrubbed(&self, text: &str) -> String {
        // An error may repeat a part: the folder of a path, the password of an address.
        let parts = |secret: &'_ String| -> Vec<String> {
            let parts = secret.split(|c: char| c.is_whitespace() || "/\\:@?&=,;\"'".contains(c));
            parts.filter(|part| part.chars().count() >= PART).map(ToOwned::to_owned).collect()
        };
        let mut secrets: Vec<_> = self.inside.iter().flat_map(parts).chain(self.inside.iter().cloned()).collect();
        // The longest first: one secret may hold another.
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        secrets.into_iter().fold(text.to_owned(), |text, secret| text.replace(&secret, "•••"))
    }

    /// What stands for a sensitive value: a keyed hash, bound to its field, so that equal values elsewhere do not show.
    pub(super) fn hidden(&self, address: &str, path: &str, value: &Value) -> Shown {
        let mut fields = Fields::new("chopmark/terraform/value/v1");
        fields.text(address).text(path).text(&canonical::to_string(value));
        Shown::Hidden(keyed(self.key, fields.finish().bytes()))
    }
}

/// A keyed hash of bytes, in hexadecimal.
pub(super) fn keyed(key: &SecretSlice<u8>, bytes: &[u8]) -> String {
    // HMAC takes keys of every length, so there is always one; without it nothing would compare as equal.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key.expose_secret()) else { return String::new() };
    mac.update(bytes);
    mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}
