//! What people say and what the offline planner makes of it, row by row.
//! Run by cargo test; the rows are in sentences.toml.
//! Must never be made to pass by removing a row: a row is a promise.

use super::kit::{Row, rows, understood};
use chopmark_domain::change::Language;
use chopmark_functions::list;
use serde_json::Value;

/// Why a row does not hold, if it does not.
fn fault(row: &Row, say: &str) -> Option<String> {
    let reply = understood(row, say);
    let language =
        if say.chars().any(|c| u32::from(c) > 0x2E80 && u32::from(c) < 0xA000) { Language::Zh } else { Language::En };
    let called = reply.calls.first().map(|call| (call.tool.as_str(), &call.arguments));
    if row.maybe {
        let exact = called.filter(|(_, arguments)| arguments.pointer("/values/replicas") == Some(&Value::from(3)));
        return exact.map(|call| format!("{say:?} proposed {call:?}"));
    }
    if row.proposes_nothing {
        let proposed = called.filter(|(tool, _)| tool.starts_with("propose_"));
        return proposed.map(|call| format!("{say:?} proposed {call:?}"));
    }
    if let Some(key) = &row.says {
        let expected = chopmark_protocol::messages::text(language, key, &[]);
        let prefix = expected.split('…').next().unwrap_or_default();
        let holds = called.is_none() && reply.text.starts_with(prefix);
        return (!holds).then(|| format!("{say:?} should say {key}, but: {called:?} {:?}", reply.text));
    }
    if row.always || row.against {
        let sign = match (row.always, language) {
            (true, Language::En) => "It is so already",
            (true, Language::Zh) => "本来就是这样",
            (false, Language::En) => "cannot be had here",
            (false, Language::Zh) => "这里做不到",
        };
        let holds = called.is_none() && reply.text.contains(sign);
        return (!holds).then(|| format!("{say:?} should say {sign:?}, but: {called:?} {:?}", reply.text));
    }
    let (tool, arguments) = match called {
        Some(call) => call,
        None => return Some(format!("{say:?} should call {:?}, but says {:?}", row.tool, reply.text)),
    };
    let with = serde_json::to_value(&row.with).unwrap();
    if !row.unused.is_empty() {
        let quoted: Vec<String> = row.unused.iter().map(|words| format!("“{words}”")).collect();
        let words = quoted.join(if language == Language::Zh { "、" } else { ", " });
        let notice = chopmark_protocol::messages::text(language, "talk-unused", &[("words", (&words).into())]);
        if reply.text != notice {
            return Some(format!("{say:?} should say {notice:?}, but says {:?}", reply.text));
        }
    }
    let adds = row.adds.as_ref();
    let adds = adds.as_ref().map(|key| chopmark_protocol::messages::text(language, key, &[])).unwrap_or_default();
    if row.unused.is_empty() && reply.text != adds {
        return Some(format!("{say:?} should add {adds:?}, but adds {:?}", reply.text));
    }
    let same = row.tool.as_deref() == Some(tool) && (row.not_with || *arguments == with);
    (!same).then(|| format!("{say:?}\n    should be {:?} {with}\n    but is    {tool:?} {arguments}", row.tool))
}

#[test]
fn every_sentence_becomes_the_call_it_means() {
    let rows = rows();
    let sentences: usize = rows.iter().map(|row| row.say.len()).sum();
    assert!(sentences >= 120, "{sentences}");
    let faults: Vec<String> = rows.iter().flat_map(|row| row.say.iter().filter_map(|say| fault(row, say))).collect();
    assert!(faults.is_empty(), "{} of {sentences}\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn every_call_fits_the_schema_of_its_tool() {
    for row in rows() {
        for say in &row.say {
            for call in understood(&row, say).calls {
                let tool = list::find(&call.tool).unwrap();
                let validator = jsonschema::validator_for(&tool.schema()).unwrap();
                let fault = validator.validate(&call.arguments).err().map(|error| error.to_string());
                assert_eq!(fault, None, "{say:?} {}", call.arguments);
            }
        }
    }
}

#[test]
fn every_example_of_every_template_is_understood() {
    let catalog = super::kit::catalog();
    let mut faults = Vec::new();
    for template in catalog.templates() {
        for example in &template.examples {
            for say in [&example.sentence.en, &example.sentence.zh] {
                let reply = understood(&Row::default(), say);
                let arguments = reply.calls.first().map(|call| call.arguments.clone()).unwrap_or_default();
                let values: std::collections::BTreeMap<String, Value> = example
                    .values
                    .iter()
                    .map(|(name, value)| (name.clone(), serde_json::to_value(value).unwrap()))
                    .collect();
                let given = arguments.get("values").cloned().unwrap_or_default();
                let page_differs = say == &example.sentence.zh && values.contains_key("page");
                let same = arguments.get("template").and_then(Value::as_str) == Some(template.name.as_str())
                    && arguments.get("name").and_then(Value::as_str) == Some(example.component.as_str())
                    && (page_differs || given == serde_json::to_value(&values).unwrap());
                if !same {
                    faults.push(format!(
                        "{say:?}\n    should be {} {values:?}\n    but is    {arguments}",
                        template.name
                    ));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
