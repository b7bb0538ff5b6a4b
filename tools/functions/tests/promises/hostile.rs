//! Hostile arguments: whatever a model sends, a tool answers with a value or a problem, and never acts.
//! Run by cargo test.
//! Must never find an input that panics.

use super::kit::{World, alice};
use chopmark_domain::problem::Code;
use chopmark_functions::{ToolOutcome, list};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// Texts that have broken parsers, shells, templates and people.
fn hostile_text() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "\"; }",
        "${x}",
        "%{x}",
        "{{ x }}",
        "no",
        "0x1f",
        "1e3",
        "!!python/object",
        "../../etc/passwd",
        "$(id)",
        "3; rm -rf /",
        "\u{202e}evil",
        "\u{0}",
        "-",
        "--force",
        "cart",
        "dev/shop/cart",
        "chg-7f3k",
        "a/b/c/d",
        "",
        "💥",
        "env:PATH",
        "file:/etc/shadow",
    ]);
    prop_oneof![known.prop_map(str::to_owned), any::<String>(), "[a-z0-9-]{1,80}"]
}

fn hostile_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(|number| json!(number)),
        hostile_text().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(hostile_text(), inner, 0..4)
                .prop_map(|entries| Value::Object(entries.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// Names of real arguments, so that more than the schema is reached.
fn arguments() -> impl Strategy<Value = Value> {
    let names = prop::sample::select(vec![
        "component",
        "environment",
        "group",
        "namespace",
        "change",
        "values",
        "template",
        "name",
        "version",
        "object",
        "fields",
        "kind",
        "lines",
        "limit",
        "since",
        "stage",
        "force",
    ]);
    let parameters =
        prop::sample::select(vec!["image", "replicas", "port", "memory", "cpu", "environment", "data", "host"]);
    let values = prop::collection::btree_map(parameters, hostile_value(), 0..4)
        .prop_map(|entries| json!(entries.into_iter().collect::<std::collections::BTreeMap<_, _>>()));
    let entries = prop::collection::btree_map(
        names,
        prop_oneof![hostile_value(), hostile_text().prop_map(Value::from), values],
        0..5,
    );
    prop_oneof![4 => entries.prop_map(|entries| json!(entries)), 1 => hostile_value()]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn whatever_is_sent_a_tool_answers_and_nothing_panics(tool in 0..list::list().len(), arguments in arguments()) {
        let name = list::list()[tool].name();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let outcome = runtime.block_on(World::shop().toolbox().call(&alice(), name, arguments.clone()));
        if let Ok(ToolOutcome::Proposal(proposal)) = &outcome {
            // What is proposed names one valid component, and values are those of accepted parameters.
            prop_assert!(proposal.component.to_string().parse::<chopmark_domain::component::ComponentId>().is_ok());
            prop_assert!(!arguments.to_string().contains("\"force\""));
        }
    }

    #[test]
    fn a_tool_that_does_not_exist_is_refused(name in "[a-z_]{1,20}") {
        prop_assume!(list::find(&name).is_none());
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let outcome = runtime.block_on(World::shop().toolbox().call(&alice(), &name, json!({})));
        prop_assert_eq!(outcome.map_err(|problem| problem.code).err(), Some(Code::UnknownTool));
    }
}
