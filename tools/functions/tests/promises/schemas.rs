//! The schemas of all tools, as models read them.
//! Run by cargo test; the recorded file is reviewed like an interface, because it is one.
//! Must never change by accident.

use chopmark_functions::list;
use serde_json::{Map, Value};

#[test]
fn the_schemas_that_models_read_are_recorded() {
    let tools: Map<String, Value> = list::list().iter().map(|tool| (tool.name().to_owned(), tool.schema())).collect();
    insta::assert_json_snapshot!(tools);
}

#[test]
fn every_tool_says_what_it_does_and_refuses_what_it_does_not_know() {
    for tool in list::list() {
        let schema = tool.schema();
        let description = schema.get("description").and_then(Value::as_str).unwrap_or_default();
        assert!(description.len() > 40, "{}", tool.name());
        assert_eq!(schema.get("additionalProperties"), Some(&Value::Bool(false)), "{}", tool.name());
        let properties = schema.get("properties").and_then(Value::as_object).cloned().unwrap_or_default();
        for (name, property) in properties {
            let text = property.to_string();
            assert!(text.contains("description"), "{}.{name} has no words", tool.name());
        }
    }
}

#[test]
fn no_tool_takes_an_address_a_path_or_a_command() {
    let allowed = ["propose_patch"];
    for tool in list::list().iter().filter(|tool| !allowed.contains(&tool.name())) {
        let schema = tool.schema();
        let properties = schema.get("properties").and_then(Value::as_object).cloned().unwrap_or_default();
        for name in properties.keys() {
            let forbidden = ["url", "path", "file", "command", "shell", "script", "endpoint", "kubeconfig"];
            assert!(!forbidden.iter().any(|word| name.contains(word)), "{}.{name}", tool.name());
        }
    }
}
