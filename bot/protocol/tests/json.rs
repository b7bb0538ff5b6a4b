//! The promise that docs/json.md shows events exactly as they are printed.
//! Run with the crate's tests; `UPDATE=1` rewrites the examples.
//! Must never let a field appear or vanish without the page saying so.

use crate::kit;
use chopmark_domain::change::Language;
use chopmark_domain::facts::Facts;
use chopmark_domain::lifecycle::State;
use chopmark_domain::problem::{Code, Problem};
use chopmark_protocol::event::{Body, Event, Question};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn page() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/json.md")
}

/// One event of each kind, in the order of the page.
fn examples() -> Vec<(&'static str, Event)> {
    let language = Language::En;
    let file = kit::create();
    let id = &file.change.id;
    let question = Question {
        parameter: "image".into(),
        template: Some(kit::template("web-service")),
        text: "Which image?".into(),
        options: vec![],
        guess: None,
    };
    let facts = Facts::LedgerVerified { entries: 42, head: "0".repeat(64), against: "internal".into() };
    vec![
        ("answer", Event::answer(language, String::new(), Some(facts))),
        ("question", Event::new(language, Body::Question(question))),
        ("proposal", Event::proposal(language, &file.record.proposal)),
        ("card", Event::card(language, &file)),
        ("progress", Event::progress(language, id, "progress-applying", "Deployment/shop/cart")),
        ("result", Event::finished(language, &kit::degraded())),
        (
            "refusal",
            Event::problem(
                language,
                &Problem::new(Code::SelfApprovalForbidden).with("change", id).with("others", "bob"),
                Some(id),
            ),
        ),
        (
            "error",
            Event::problem(
                language,
                &Problem::new(Code::ClusterUnreachable).with("cluster", "dev").with("reason", "connection refused"),
                None,
            ),
        ),
        ("notice", Event::notice(language, "A kubeconfig is here.".into(), None)),
    ]
}

/// The page's text with the examples as they are now.
fn renewed(text: &str) -> String {
    let mut out = text.to_owned();
    for (kind, event) in examples() {
        let begin = format!("<!-- example {kind} -->\n```json\n");
        let Some(start) = out.find(&begin).map(|at| at + begin.len()) else { continue };
        let end = start + out[start..].find("\n```").unwrap();
        out.replace_range(start..end, &serde_json::to_string_pretty(&event).unwrap());
    }
    out
}

#[test]
fn every_example_of_the_page_is_an_event_and_every_kind_has_one() {
    let text = std::fs::read_to_string(page()).unwrap();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(page(), renewed(&text)).unwrap();
    }
    let text = std::fs::read_to_string(page()).unwrap();
    assert!(text == renewed(&text), "docs/json.md is stale: UPDATE=1 cargo test -p chopmark-protocol rewrites it");
    let blocks: Vec<&str> = text.split("```json\n").skip(1).filter_map(|rest| rest.split("\n```").next()).collect();
    let mut kinds = BTreeSet::new();
    for block in blocks {
        let value: serde_json::Value = serde_json::from_str(block).expect(block);
        let event: Event = serde_json::from_value(value.clone()).expect(block);
        assert_eq!(serde_json::to_value(&event).unwrap(), value);
        kinds.insert(value["kind"].as_str().unwrap().to_owned());
    }
    let expected: BTreeSet<_> = examples().into_iter().map(|(kind, _)| kind.to_owned()).collect();
    assert_eq!(kinds, expected);
}

#[test]
fn every_field_of_every_event_is_explained_on_the_page() {
    let text = std::fs::read_to_string(page()).unwrap();
    for (kind, event) in examples() {
        let serde_json::Value::Object(fields) = serde_json::to_value(&event).unwrap() else { unreachable!() };
        for field in fields.keys() {
            assert!(text.contains(&format!("| `{field}` |")), "{kind}: {field} is not explained");
        }
    }
}

#[test]
fn every_state_is_named_on_the_page() {
    let text = std::fs::read_to_string(page()).unwrap();
    for state in State::ALL {
        let name = serde_json::to_value(state).unwrap();
        assert!(text.contains(&format!("`{}`", name.as_str().unwrap())), "{name}");
    }
}

#[test]
fn a_line_of_json_is_one_line_and_reads_back() {
    for (_, event) in examples() {
        let line = event.to_json_line().unwrap();
        assert!(!line.contains('\n'));
        assert_eq!(serde_json::from_str::<Event>(&line).unwrap(), event);
    }
}
