//! Messages: everything a person reads, in English and Chinese, compiled in.
//! Called by every crate that speaks to people.
//! Must never fail or panic: a missing message shows its key, a missing value shows an ellipsis.

use crate::escape;
use chopmark_domain::change::Language;
use chopmark_domain::problem::{Code, Problem};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use fluent_syntax::ast;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::LazyLock;

macro_rules! files {
    ($language:literal: $($name:literal),*) => {
        &[$(($name, include_str!(concat!("../../messages/", $language, "/", $name, ".ftl")))),*]
    };
}

/// Name and text of every English file; the Chinese ones have the same names.
const EN: &[(&str, &str)] = files!("en": "problems", "card", "findings", "view", "talk", "terminal", "doctor", "people", "chat", "discord", "setup");
const ZH: &[(&str, &str)] = files!("zh": "problems", "card", "findings", "view", "talk", "terminal", "doctor", "people", "chat", "discord", "setup");

static EN_BUNDLE: LazyLock<Bundle> = LazyLock::new(|| load("en", EN));
static ZH_BUNDLE: LazyLock<Bundle> = LazyLock::new(|| load("zh", ZH));

type Bundle = FluentBundle<FluentResource>;

/// Stands for a value that was not given, where a message only repeats it.
const MISSING: &str = "…";
/// Stands for a value that was not given, or is empty, where a message chooses its words by it: `[none]`.
const NONE: &str = "none";

fn load(language: &str, sources: &[(&str, &str)]) -> Bundle {
    let mut bundle = Bundle::new_concurrent(language.parse().into_iter().collect());
    // The marks around values would be foreign characters in copied names and ids.
    bundle.set_use_isolating(false);
    for (_, source) in sources {
        // A test refuses files with faults; at run time what can be read is used.
        let resource = FluentResource::try_new((*source).to_owned()).unwrap_or_else(|(resource, _)| resource);
        bundle.add_resource_overriding(resource);
    }
    bundle
}

fn bundle(language: Language) -> &'static Bundle {
    match language {
        Language::En => &EN_BUNDLE,
        Language::Zh => &ZH_BUNDLE,
    }
}

/// A value for a message's placeholder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arg<'a> {
    /// Text of any origin; escaped when it is put into the message.
    Text(&'a str),
    /// A count, by which a message may choose between one and many.
    Count(i64),
}

impl<'a> From<&'a str> for Arg<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a String> for Arg<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Arg<'_> {
    fn from(count: i64) -> Self {
        Self::Count(count)
    }
}

impl From<usize> for Arg<'_> {
    fn from(count: usize) -> Self {
        Self::Count(i64::try_from(count).unwrap_or(i64::MAX))
    }
}

/// The message of that key in that language. `key` may name an attribute, as in `cm-4008.next`.
/// Values are escaped; a key that does not exist is shown as it is.
pub fn text(language: Language, key: &str, args: &[(&str, Arg<'_>)]) -> String {
    find(language, key, args).unwrap_or_else(|| escape::visible(key))
}

/// The message of that key, if it exists.
pub fn find(language: Language, key: &str, args: &[(&str, Arg<'_>)]) -> Option<String> {
    let bundle = bundle(language);
    let pattern = pattern(bundle, key)?;
    let mut values = FluentArgs::with_capacity(args.len());
    for (name, value) in args {
        match value {
            Arg::Text("") => {}
            // A message is one line: a line break in a value is seen, and breaks nothing.
            Arg::Text(text) => values.set(*name, escape::visible(&text.trim_end().replace('\n', " ⏎ "))),
            Arg::Count(count) => values.set(*name, FluentValue::from(*count)),
        }
    }
    let (used, chosen) = variables(pattern);
    for name in used.iter().filter(|name| values.get(**name).is_none()).copied().collect::<Vec<_>>() {
        values.set(name, if chosen.contains(name) { NONE } else { MISSING });
    }
    Some(bundle.format_pattern(pattern, Some(&values), &mut Vec::new()).into_owned())
}

fn pattern<'a>(bundle: &'a Bundle, key: &str) -> Option<&'a ast::Pattern<&'a str>> {
    match key.split_once('.') {
        None => bundle.get_message(key)?.value(),
        Some((id, attribute)) => Some(bundle.get_message(id)?.get_attribute(attribute)?.value()),
    }
}

/// The names of the values that a message uses.
pub fn variables_of(language: Language, key: &str) -> Vec<&'static str> {
    pattern(bundle(language), key).map(|pattern| variables(pattern).0.into_iter().collect()).unwrap_or_default()
}

/// The variables a pattern uses, and those of them by which it chooses its words.
fn variables<'a>(pattern: &'a ast::Pattern<&'a str>) -> (BTreeSet<&'a str>, BTreeSet<&'a str>) {
    let (mut used, mut chosen) = (BTreeSet::new(), BTreeSet::new());
    visit(pattern, &mut used, &mut chosen);
    (used, chosen)
}

fn visit<'a>(pattern: &'a ast::Pattern<&'a str>, used: &mut BTreeSet<&'a str>, chosen: &mut BTreeSet<&'a str>) {
    for element in &pattern.elements {
        if let ast::PatternElement::Placeable { expression } = element {
            visit_expression(expression, used, chosen);
        }
    }
}

fn visit_expression<'a>(
    expression: &'a ast::Expression<&'a str>,
    used: &mut BTreeSet<&'a str>,
    chosen: &mut BTreeSet<&'a str>,
) {
    use ast::InlineExpression::{Placeable, VariableReference};
    match expression {
        ast::Expression::Inline(VariableReference { id }) => {
            used.insert(id.name);
        }
        ast::Expression::Inline(Placeable { expression }) => visit_expression(expression, used, chosen),
        // Literals, terms and functions use no value of ours.
        ast::Expression::Inline(_) => {}
        ast::Expression::Select { selector, variants } => {
            if let VariableReference { id } = selector {
                used.insert(id.name);
                chosen.insert(id.name);
            }
            for variant in variants {
                visit(&variant.value, used, chosen);
            }
        }
    }
}

/// A problem in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProblemText {
    /// The stable code, such as `CM-4008`.
    pub code: String,
    /// What happened, in one sentence with its cause.
    pub what: String,
    /// What was and what was not changed.
    pub changed: String,
    /// The next step.
    pub next: String,
}

/// The words of a problem.
pub fn problem(language: Language, problem: &Problem) -> ProblemText {
    let facts: Vec<(&str, String)> =
        problem.facts.iter().map(|(name, value)| (name.as_str(), fact(language, problem, name, value))).collect();
    let args: Vec<_> = facts.iter().map(|(name, value)| (*name, Arg::from(value))).collect();
    let key = format!("cm-{}", problem.code.number());
    ProblemText {
        code: problem.code.to_string(),
        what: text(language, &key, &args),
        changed: text(language, &format!("{key}.changed"), &args),
        next: text(language, &format!("{key}.next"), &args),
    }
}

/// A fact in words, where it is a key: a state, the kind of a name with its rule, the kind of a value, what went
/// stale. Everything else is text from outside and stays as it is.
fn fact(language: Language, problem: &Problem, name: &str, value: &str) -> String {
    let noun = || problem.facts.get("what").map(|what| what.replace(' ', "-")).unwrap_or_default();
    let key = match (problem.code, name) {
        (Code::WrongState, "state") => format!("state-{value}"),
        (Code::InvalidName, "what") => format!("noun-{}", noun()),
        (Code::InvalidName, "rule") => format!("noun-{}.rule", noun()),
        (Code::InvalidParameter, "rule") => format!("value-{value}"),
        (Code::PlanStale, "what") => format!("stale-{value}"),
        (Code::TokenRefused, "reason") => format!("token-{value}"),
        (Code::RuleNotMet, "reason") => format!("void-{value}"),
        _ => return value.to_owned(),
    };
    find(language, &key, &[]).unwrap_or_else(|| value.to_owned())
}

#[cfg(test)]
mod tests;
