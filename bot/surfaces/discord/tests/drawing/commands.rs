//! Promises of commands: one registry, every command within Discord's limits, and each read back as it was said.
//! Run by `cargo test -p chopmark-discord --test drawing`.
//! Must never let a command be registered that the parser does not understand.

use super::judge;
use chopmark_discord::commands::{all, choices, hash, in_server, is_this, suggesting, text};
use chopmark_discord::limits;
use chopmark_protocol::chat::{Suggested, Suggesting};
use chopmark_protocol::command::{Command, Name, REGISTRY, parse};
use proptest::prelude::*;
use serde_json::{Value, json};

fn named(name: &str) -> Value {
    all().as_array().unwrap().iter().find(|command| command["name"] == name).cloned().unwrap()
}

fn used(name: &str, options: &[(&str, &str)]) -> Value {
    let options: Vec<_> =
        options.iter().map(|(name, value)| json!({"type": 3, "name": name, "value": value})).collect();
    json!({"id": "1", "type": 1, "name": name, "options": options})
}

#[test]
fn every_command_of_the_registry_is_there_but_for_what_only_a_terminal_can_do() {
    judge::commands(&all());
    judge::commands(&in_server());
    let names: Vec<_> = all().as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap().to_owned()).collect();
    assert_eq!(names.len(), REGISTRY.len() - 2 + 2, "without quit and audit export, with ask and make this a change");
    assert!(
        ["ask", "Make this a change", "stop-everything", "audit-verify"]
            .iter()
            .all(|name| names.contains(&(*name).to_owned()))
    );
    assert!(!names.iter().any(|name| name == "quit" || name == "audit-export"));
    insta::assert_snapshot!("commands", serde_json::to_string_pretty(&all()).unwrap());
}

#[test]
fn deciding_belongs_to_a_server_and_what_belongs_to_a_server_says_nothing_about_places() {
    for (name, contexts) in
        [("approve", json!([0])), ("resolve", json!([0])), ("status", json!([0, 1])), ("ask", json!([0, 1]))]
    {
        let command = named(name);
        assert_eq!(command["contexts"], contexts, "{name}");
        assert_eq!(
            (&command["integration_types"], &command["default_member_permissions"]),
            (&json!([0]), &Value::Null)
        );
    }
    // Whoever must stop everything can do it anywhere.
    assert_eq!(named("stop-everything")["contexts"], json!([0, 1]));
    for command in in_server().as_array().unwrap() {
        assert!(command.get("contexts").is_none() && command.get("integration_types").is_none());
    }
}

#[test]
fn the_same_list_has_the_same_hash_and_any_difference_another() {
    assert_eq!(hash(&all()), hash(&all()));
    assert_ne!(hash(&all()), hash(&in_server()));
    let mut other = all();
    other[0]["description"] = json!("something else");
    assert_ne!(hash(&all()), hash(&other));
}

#[test]
fn a_used_command_is_what_somebody_would_have_typed() {
    for (name, options, said) in [
        ("approve", &[("confirm", "cart"), ("change", "chg-7f3k")][..], "approve chg-7f3k --confirm cart"),
        ("reject", &[("why", "too\nmany")], "reject too many"),
        ("edit", &[("change", "chg-7f3k"), ("words", "3 replicas")], "edit chg-7f3k 3 replicas"),
        ("schedule", &[("when", "in nightly"), ("change", "chg-7f3k")], "schedule chg-7f3k in nightly"),
        ("resolve", &[("change", "chg-7f3k"), ("outcome", "not_started")], "resolve chg-7f3k not_started"),
        ("stop-everything", &[("why", "the database burns")], "stop everything because the database burns"),
        ("stop-everything", &[], "stop everything"),
        (
            "access-explain",
            &[("who", "bob"), ("action", "approve"), ("target", "chg-7f3k")],
            "access explain bob approve chg-7f3k",
        ),
        ("explain", &[("code", "CM-4008")], "explain CM-4008"),
        ("lang", &[("language", "zh")], "lang zh"),
        ("lang", &[("where", "here"), ("language", "auto")], "lang auto here"),
        ("subscribe", &[("kinds", "approvals failures")], "subscribe approvals failures"),
        ("ask", &[("words", "deploy cart in shop")], "deploy cart in shop"),
    ] {
        assert_eq!(text(&used(name, options)).as_deref(), Some(said), "{name}");
        assert!(name == "ask" || parse(said).is_some(), "{said}");
    }
    for none in
        [json!({}), json!({"name": 1}), used("quit", &[]), used("audit-export", &[]), used("ask", &[]), used("rm", &[])]
    {
        assert_eq!(text(&none), None, "{none}");
    }
}

#[test]
fn every_command_without_options_is_understood_or_has_an_option_that_must_be_given() {
    for command in all().as_array().unwrap().iter().filter(|command| command["type"] == 1 && command["name"] != "ask") {
        let name = command["name"].as_str().unwrap();
        let said = text(&used(name, &[])).unwrap();
        let needs = command["options"].as_array().unwrap().iter().any(|option| option["required"] == true);
        assert_eq!(parse(&said).is_some(), !needs, "{said}");
        assert_ne!(parse(&said), Some(Command::Quit));
    }
    assert!(REGISTRY.iter().any(|form| form.name == Name::Quit), "it is left out on purpose");
}

#[test]
fn suggestions_are_asked_for_changes_templates_and_words_and_answered_within_limits() {
    let typing = |name: &str, option: &str, value: &str| {
        let mut data = used(name, &[("change", "chg-7f3k")]);
        data["options"] = json!([{"type": 3, "name": option, "value": value, "focused": true}]);
        suggesting(&data)
    };
    assert_eq!(typing("approve", "change", "7f"), Some((Suggesting::Change, "7f".into())));
    assert_eq!(typing("templates", "template", "bu"), Some((Suggesting::Template, "bu".into())));
    assert_eq!(typing("edit", "words", "repl"), Some((Suggesting::Words, "repl".into())));
    assert_eq!(typing("reject", "why", "x"), None);
    assert_eq!(suggesting(&used("approve", &[("change", "7f")])), None);
    for command in all().as_array().unwrap().iter().filter(|command| command["type"] == 1) {
        for option in command["options"].as_array().unwrap().iter().filter(|option| option["name"] == "change") {
            assert_eq!(option["autocomplete"], true, "{}", command["name"]);
        }
    }
    let one = |value: String| Suggested { label: format!("{value} · 等待批准 {}", "长".repeat(200)), value };
    let many: Vec<_> =
        (0..40).map(|at| one(format!("chg-{at}"))).chain([one("x".repeat(101)), one(String::new())]).collect();
    let drawn = choices(&many);
    let drawn = drawn["choices"].as_array().unwrap();
    assert_eq!(drawn.len(), limits::OPTIONS);
    assert!(drawn.iter().all(|choice| choice["name"].as_str().unwrap().chars().count() <= 100));
}

#[test]
fn the_message_command_is_told_from_the_others() {
    assert!(is_this(&json!({"type": 3, "name": "Make this a change", "target_id": "1"})));
    assert!(!is_this(&used("ask", &[])));
    let this = named("Make this a change");
    assert_eq!((&this["type"], this.get("description"), this.get("options")), (&json!(3), None, None));
    assert_eq!(this["name_localizations"]["zh-CN"], "将此提为变更");
}

proptest! {
    #[test]
    fn no_value_makes_more_than_one_line_or_another_command(value in any::<String>()) {
        let said = text(&used("reject", &[("change", "chg-7f3k"), ("why", &value)])).unwrap();
        prop_assert!(!said.contains(['\n', '\r']));
        prop_assert!(said.starts_with("reject chg-7f3k"));
    }
}
