//! Promises about the app's manifest.
//! Run with the others.
//! Must never accept a scope that nothing is said about.

use chopmark_protocol::chat::FormKind;
use chopmark_slack::commands::COMMAND;
use chopmark_slack::manifest::{self, SCOPES, Transport};
use serde_json::Value;

fn transports() -> [Transport; 2] {
    let at = |path: &str| format!("https://chat.example.com/slack/{path}");
    [
        Transport::Socket,
        Transport::Http { events: at("events"), interactivity: at("interactivity"), commands: at("commands") },
    ]
}

#[test]
fn what_is_printed_is_yaml_that_says_the_same_as_the_manifest() {
    for transport in transports() {
        let printed = manifest::manifest(&transport);
        let read: Value = serde_saphyr::from_str(&printed).expect("YAML");
        assert_eq!(read, manifest::value(&transport), "{printed}");
    }
    insta::assert_snapshot!("manifest", manifest::manifest(&Transport::Socket));
}

#[test]
fn over_a_socket_it_names_no_address_and_over_http_every_one() {
    let [socket, http] = transports();
    assert!(!manifest::manifest(&socket).contains("http"));
    assert!(manifest::manifest(&socket).contains("socket_mode_enabled: true"));
    let printed = manifest::manifest(&http);
    assert!(printed.contains("socket_mode_enabled: false"));
    for path in ["events", "interactivity", "commands"] {
        assert!(printed.contains(&format!("https://chat.example.com/slack/{path}\"")), "{printed}");
    }
}

#[test]
fn every_event_has_the_scope_that_lets_it_be_heard_and_none_reaches_further() {
    let scopes: Vec<&str> = SCOPES.iter().map(|(scope, _)| *scope).collect();
    for (event, scope) in [
        ("app_mention", "app_mentions:read"),
        ("message.channels", "channels:history"),
        ("message.groups", "groups:history"),
        ("message.im", "im:history"),
    ] {
        assert!(manifest::EVENTS.contains(&event) && scopes.contains(&scope));
    }
    assert!(scopes.iter().all(|scope| !scope.contains("admin") && !scope.contains("mpim")));
    assert!(SCOPES.iter().all(|(_, why)| !why.is_empty()));
    assert_eq!(FormKind::Ask.id().as_deref(), Some(manifest::ASK));
    assert!(FormKind::parse(manifest::QUOTE).is_none(), "a shortcut is no form by itself");
    assert!(manifest::manifest(&Transport::Socket).contains(&format!("command: \"{COMMAND}\"")));
}

#[test]
#[ignore = "no package holds Slack's description of manifests: name a copy in CHOPMARK_TEST_SLACK_MANIFEST_SCHEMA"]
fn it_is_what_slacks_description_of_manifests_asks_for() {
    let place = std::env::var("CHOPMARK_TEST_SLACK_MANIFEST_SCHEMA").unwrap();
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(place).unwrap()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for transport in transports() {
        let manifest = manifest::value(&transport);
        let wrong: Vec<String> =
            validator.iter_errors(&manifest).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert_eq!(wrong, Vec::<String>::new());
    }
}

#[test]
fn its_words_are_as_short_as_slack_wants_them() {
    let value = manifest::value(&Transport::Socket);
    let length = |value: &Value| value.as_str().unwrap().chars().count();
    assert!(length(&value["display_information"]["description"]) <= 140);
    assert!((175..=4_000).contains(&length(&value["display_information"]["long_description"])));
    for shortcut in value["features"]["shortcuts"].as_array().unwrap() {
        assert!(length(&shortcut["name"]) <= 24 && length(&shortcut["description"]) <= 150);
    }
    assert!(length(&value["features"]["slash_commands"][0]["usage_hint"]) <= 1_000);
}
