//! Hostile values: whatever text a parameter is given, it is refused by its rule or comes back as exactly that text,
//! and nothing else of the rendered objects moves.
//! Run by cargo, for every parameter of every shipped template.
//! Must never be satisfied by a refusal where the parameter takes any text.

use super::{SHIPPED, draft, said};
use crate::parameter::{EntryKind, KeyKind, Parameter, ParameterKind};
use crate::template::{Example, Template};
use chopmark_domain::draft::Draft;
use chopmark_domain::hcl::{self, Tree};
use chopmark_domain::literal::Literal;
use chopmark_domain::manifest::{MANIFEST_NAME, Manifest};
use chopmark_domain::problem::Code;
use chopmark_domain::proposal::Intent;
use chopmark_domain::rendered;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::Value;
use std::collections::BTreeMap;
use unicode_normalization::UnicodeNormalization;

/// Texts that have broken renderers before (attack-cases.md P29 to P33), and their kin.
const CORPUS: &[&str] = &[
    "web\" }\nresource \"terraform_data\" \"x\" {\n input = \"y",
    "${file(\"/etc/passwd\")}",
    "%{ for x in [1] }A%{ endfor }",
    "nginx\n      hostNetwork: true",
    "\"; }",
    "NO",
    "no",
    "on",
    "1.20",
    "012",
    "12:34:56",
    "null",
    "~",
    "1e3",
    "0x1f",
    "0o17",
    ".5",
    ".inf",
    ".nan",
    "*a",
    "&a x",
    "!!str x",
    "!<tag:x> y",
    "<<",
    "{{ 7*7 }}{% raw %}",
    "{# x #}",
    "\u{e000}0\u{e001}",
    "\"\u{e000}0\u{e001}\"",
    "\u{e001}\u{e000}",
    "🎉❤\u{fe0f}👩\u{200d}💻",
    "\u{85}\u{2028}\u{2029}\u{feff}",
    "\u{202e}evil\u{202c}",
    "\u{e0041}\u{e007f}",
    "\0\u{1}\u{7f}\u{9f}",
    "a\r\nb\tc",
    " leading and trailing ",
    "---\na: b",
    "...",
    "# comment",
    "- item",
    "? key",
    "key: value",
    "[a, b",
    "'''",
    "\"\"\"",
    "\\u0000\\n\\",
    "@at `tick` |pipe >fold",
    "2001-01-01T00:00:00Z",
    "\u{fffe}\u{ffff}\u{fffd}",
    "é\u{301}验戳",
];

/// Every value of the parameter that carries the text.
fn carriers(kind: &ParameterKind, text: &str) -> Vec<Literal> {
    let map = |key: &str, value: &str| Literal::Map(BTreeMap::from([(key.to_owned(), value.into())]));
    match kind {
        ParameterKind::Map { keys, .. } => {
            let key = match keys {
                KeyKind::Variable => "KEY",
                KeyKind::File => "key.txt",
            };
            vec![map(key, text), map(text, "value"), text.into()]
        }
        ParameterKind::List { .. } => vec![Literal::List(vec![text.into(), "x".into()]), text.into()],
        _ => vec![text.into()],
    }
}

/// Whether the kind takes any text in that place, so that a refusal would be a fault.
fn takes_anything(kind: &ParameterKind, value: &Literal) -> bool {
    match (kind, value) {
        (ParameterKind::Text { .. }, Literal::Text(_)) => true,
        (ParameterKind::Map { values: EntryKind::Text { .. }, keys, .. }, Literal::Map(entries)) => {
            entries.keys().all(|key| keys.admits(key))
        }
        (ParameterKind::List { items: EntryKind::Text { .. }, .. }, Literal::List(_)) => true,
        _ => false,
    }
}

fn leaves(value: &Value, into: &mut Vec<String>) {
    match value {
        Value::String(text) => into.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| leaves(item, into)),
        Value::Object(entries) => entries.iter().for_each(|(key, value)| {
            into.push(key.clone());
            leaves(value, into);
        }),
        _ => {}
    }
}

/// The tree with every text made alike: what is left is its shape.
fn shape(value: &Value) -> Value {
    match value {
        Value::String(_) => Value::from("text"),
        Value::Array(items) => items.iter().map(shape).collect(),
        Value::Object(entries) => entries.iter().map(|(key, value)| (key.clone(), shape(value))).collect(),
        other => other.clone(),
    }
}

/// Everything that was rendered, by file: objects of a cluster as they are, configurations as lists of their parts.
fn objects(draft: &Draft) -> Vec<(String, Value)> {
    let configurations = draft.files().iter().filter(|file| file.is_terraform());
    let configurations = configurations.map(|file| (file.name.clone(), listed(&hcl::parse(file).unwrap())));
    rendered::objects(draft.files()).unwrap().into_iter().chain(configurations).collect()
}

fn listed(tree: &Tree) -> Value {
    match tree {
        Tree::Text(text) => Value::from(text.as_str()),
        Tree::Number(number) => Value::Object([(format!("number {number}"), Value::Null)].into_iter().collect()),
        Tree::Bool(value) => Value::from(*value),
        Tree::List(items) => items.iter().map(listed).collect(),
        Tree::Object(entries) => entries.iter().flat_map(|(key, value)| [listed(key), listed(value)]).collect(),
        Tree::Form { words, parts } => {
            Value::Object([(words.join(" "), parts.iter().map(listed).collect())].into_iter().collect())
        }
    }
}

fn make(template: &Template, example: &Example, parameter: &Parameter, value: Literal) -> Result<Draft, Code> {
    let mut values = example.values.clone();
    values.insert(parameter.name.clone(), value);
    // An answer that must be an address takes no other text: it is tried as the type that takes any.
    for rule in template.addresses.iter().filter(|rule| rule.parameter == parameter.name) {
        values.insert(rule.when.clone(), "TXT".into());
    }
    let values: Vec<(&str, Literal)> = values.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    let intent = Intent::Create { template: template.name.clone(), values: said(&values) };
    let component = format!("dev/{}/{}", example.group, example.component);
    draft(&component, intent, None).map_err(|problem| problem.code)
}

fn check(template: &Template, example: &Example, parameter: &Parameter, text: &str) {
    let of_terraform = template.terraform.is_some();
    // Terraform keeps texts composed, and no provider's protocol carries NUL.
    let text = &if of_terraform { text.nfc().collect() } else { text.to_owned() };
    for value in carriers(&parameter.kind, text) {
        let about = format!("{} {} {value:?}", template.name, parameter.name);
        let made = match make(template, example, parameter, value.clone()) {
            Ok(made) => made,
            Err(code) => {
                let refusal = matches!(code, Code::InvalidParameter | Code::InvalidSecretReference);
                // An optional text that is empty is unset; a required one still may not be refused.
                let cannot_be = of_terraform && text.contains('\0');
                assert!(refusal && (cannot_be || !takes_anything(&parameter.kind, &value)), "{about}: {code}");
                continue;
            }
        };
        let manifest = made.files().iter().find(|file| file.name == MANIFEST_NAME).unwrap();
        let kept = Manifest::parse(&manifest.text).unwrap().values;
        if takes_anything(&parameter.kind, &value) && !text.is_empty() {
            assert_eq!(kept.get(&parameter.name), Some(&value), "{about}");
            let mut texts = Vec::new();
            objects(&made).iter().for_each(|(_, object)| leaves(object, &mut texts));
            assert!(texts.iter().any(|found| found == text), "{about}: not in the objects");
            let harmless = carriers(&parameter.kind, "harmless").into_iter().next().unwrap();
            let plain = make(template, example, parameter, harmless).unwrap();
            let shapes = |draft: &Draft| -> Vec<(String, Value)> {
                objects(draft).into_iter().map(|(file, object)| (file, shape(&object))).collect()
            };
            let same_place = value == carriers(&parameter.kind, text)[0];
            assert!(!same_place || shapes(&made) == shapes(&plain), "{about}: another shape");
        }
    }
}

fn each_parameter(mut visit: impl FnMut(&Template, &Example, &Parameter)) {
    for template in SHIPPED.templates() {
        for parameter in &template.parameters {
            visit(template, &template.examples[0], parameter);
        }
    }
}

#[test]
fn known_attacks_come_back_as_the_text_they_are() {
    each_parameter(|template, example, parameter| {
        for text in CORPUS {
            check(template, example, parameter, text);
        }
    });
}

#[test]
fn any_text_comes_back_as_the_text_it_is() {
    each_parameter(|template, example, parameter| {
        // A draft takes about 3 ms without optimisation; free text gets more of the time.
        let free = matches!(
            parameter.kind,
            ParameterKind::Text { .. } | ParameterKind::Map { .. } | ParameterKind::List { .. }
        );
        let mut runner = TestRunner::new(Config { cases: if free { 50 } else { 10 }, ..Config::default() });
        let nasty = proptest::collection::vec(prop_oneof![any::<char>().prop_map(String::from), piece()], 0..12);
        let text = prop_oneof![any::<String>(), nasty.prop_map(|pieces| pieces.concat())];
        runner
            .run(&text, |text| {
                check(template, example, parameter, &text);
                Ok(())
            })
            .unwrap();
    });
}

/// A piece of some language that takes part in rendering or reading.
fn piece() -> impl Strategy<Value = String> {
    let corpus = proptest::sample::select(CORPUS).prop_map(str::to_owned);
    let signs = proptest::sample::select(
        &[
            "{{", "}}", "{%", "%}", "${", "%{", "\"", "'", "\\", "\n", "\r", ": ", " #", "|", ">", "\u{e000}",
            "\u{e001}", "\u{2028}", "\0",
        ][..],
    );
    prop_oneof![corpus, signs.prop_map(str::to_owned)]
}
