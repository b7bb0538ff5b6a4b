//! The judge: the shape by Slack's published types, lengths and counts by its documentation, safety by our own rules.
//! Used by every test here for every message and view.
//! Must never take a number from where it was drawn: they are written down again, from the documentation.

use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::sync::OnceLock;

/// Says what is left out; with `CI=true` nothing may be.
fn left_out(why: &str) {
    assert!(std::env::var("CI").as_deref() != Ok("true"), "left out although CI=true: {why}");
    let _ = writeln!(std::io::stderr(), "left out: {why}");
}

/// Slack's published description of one kind of document, by the name of the environment's variable and the file.
fn published(file: &str) -> Option<Value> {
    let folder = std::env::var("CHOPMARK_TEST_SLACK_SCHEMAS").ok()?;
    let text = std::fs::read_to_string(std::path::Path::new(&folder).join(file)).expect("the schema is there");
    Some(serde_json::from_str(&text).expect("the schema is JSON"))
}

/// The part of a description that is about one type, in the draft of JSON Schema that it is written in.
fn only(description: &Value, name: &str) -> Value {
    let (draft, definitions) = (&description["$schema"], &description["definitions"]);
    json!({"$schema": draft, "definitions": definitions, "$ref": format!("#/definitions/{name}")})
}

/// A validator for each type of block.
fn blocks() -> Option<&'static BTreeMap<String, jsonschema::Validator>> {
    static BLOCKS: OnceLock<Option<BTreeMap<String, jsonschema::Validator>>> = OnceLock::new();
    let made = || {
        let description = published("blocks.schema.json")?;
        let definitions = &description["definitions"];
        let named = definitions.as_object().expect("definitions").iter();
        let typed = named.filter_map(|(name, definition)| {
            let kind = definition["properties"]["type"]["const"].as_str().filter(|_| name.ends_with("Block"))?;
            let schema = only(&description, name);
            Some((kind.to_owned(), jsonschema::validator_for(&schema).expect("a schema")))
        });
        Some(typed.collect())
    };
    BLOCKS.get_or_init(made).as_ref()
}

fn view() -> Option<&'static jsonschema::Validator> {
    static VIEW: OnceLock<Option<jsonschema::Validator>> = OnceLock::new();
    let made = || {
        let description = published("view.schema.json")?;
        let schema = only(&description, "ModalView");
        Some(jsonschema::validator_for(&schema).expect("a schema"))
    };
    VIEW.get_or_init(made).as_ref()
}

fn length(value: &Value) -> usize {
    value.as_str().unwrap_or_default().chars().count()
}

/// What is wrong with a message. `mentions` are the ids that may be notified.
pub(crate) fn message(body: &Value, mentions: &[&str]) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut must = |holds: bool, what: String| {
        if !holds {
            wrong.push(what);
        }
    };
    let blocks = body["blocks"].as_array().expect("blocks");
    must((1..=45).contains(&blocks.len()), format!("{} blocks", blocks.len()));
    must(
        body["blocks"].to_string().chars().count() <= 12_000,
        format!("{} characters", body["blocks"].to_string().chars().count()),
    );
    let text = body["text"].as_str().unwrap_or_default();
    must((1..=4_000).contains(&text.chars().count()) && !text.contains('\n'), format!("text {text:?}"));
    for setting in ["unfurl_links", "unfurl_media", "link_names"] {
        must(body[setting] == json!(false), format!("{setting} is on"));
    }
    must(body["parse"] == json!("none"), "text is parsed".to_owned());
    let bare = mentions.iter().fold(text.to_owned(), |text, id| {
        text.replace(&format!("<@{id}>"), "").replace(&format!("<!subteam^{id}>"), "")
    });
    must(!bare.contains(['<', '>']), format!("markup in the text: {text}"));
    wrong.extend(all(blocks));
    for block in blocks {
        let kind = block["type"].as_str().unwrap_or_default();
        if !["header", "rich_text", "context", "actions"].contains(&kind) {
            wrong.push(format!("a block of type {kind}"));
        }
        safe(block, mentions, &mut wrong);
    }
    wrong
}

/// What is wrong with a modal.
pub(crate) fn modal(modal: &Value) -> Vec<String> {
    let mut wrong = all(modal["blocks"].as_array().expect("blocks"));
    for word in ["title", "submit", "close"] {
        if !(1..=24).contains(&length(&modal[word]["text"])) {
            wrong.push(format!("{word}: {}", modal[word]));
        }
    }
    if modal["blocks"].as_array().expect("blocks").len() > 100 || length(&modal["callback_id"]) > 255 {
        wrong.push("too many blocks, or too long an id".to_owned());
    }
    for error in view().into_iter().flat_map(|view| view.iter_errors(modal)) {
        wrong.push(format!("{}: {error}", error.instance_path()));
    }
    wrong
}

/// The documented numbers, and the published types.
fn all(blocks: &[Value]) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut most = |where_: &str, value: &Value, longest: usize| {
        if length(value) > longest {
            wrong.push(format!("{where_}: {} of {longest}", length(value)));
        }
    };
    for block in blocks {
        match block["type"].as_str().unwrap_or_default() {
            "header" => most("header", &block["text"]["text"], 150),
            "section" => most("section", &block["text"]["text"], 3_000),
            "rich_text" => most("rich_text", &json!(block.to_string()), 3_000),
            "context" => {
                assert!(block["elements"].as_array().unwrap().len() <= 10);
                block["elements"].as_array().unwrap().iter().for_each(|text| most("context", &text["text"], 3_000));
            }
            "actions" => {
                let buttons = block["elements"].as_array().unwrap();
                let ids: BTreeSet<_> = buttons.iter().map(|button| button["action_id"].to_string()).collect();
                assert!((1..=25).contains(&buttons.len()) && ids.len() == buttons.len(), "{block}");
                for button in buttons {
                    most("button", &button["text"]["text"], 75);
                    most("label", &button["accessibility_label"], 75);
                    most("action_id", &button["action_id"], 255);
                    most("dialog's title", &button["confirm"]["title"]["text"], 100);
                    most("dialog's text", &button["confirm"]["text"]["text"], 300);
                    most("dialog's yes", &button["confirm"]["confirm"]["text"], 30);
                    most("dialog's no", &button["confirm"]["deny"]["text"], 30);
                }
            }
            "input" => {
                most("block_id", &block["block_id"], 255);
                most("label", &block["label"]["text"], 2_000);
                most("hint", &block["hint"]["text"], 2_000);
                let element = &block["element"];
                most("value", &element["initial_value"], 3_000);
                most("placeholder", &element["placeholder"]["text"], 150);
                assert!(element["max_length"].as_u64().unwrap_or_default() <= 3_000);
                let options = element["options"].as_array().cloned().unwrap_or_default();
                assert!(options.len() <= 100);
                for option in options {
                    most("option", &option["text"]["text"], 75);
                    most("option's value", &option["value"], 150);
                }
            }
            _ => {}
        }
    }
    for block in blocks {
        let Some(known) = self::blocks() else { continue };
        match known.get(block["type"].as_str().unwrap_or_default()) {
            Some(validator) => {
                wrong.extend(validator.iter_errors(block).map(|error| format!("{}: {error}", error.instance_path())))
            }
            None => wrong.push(format!("a block that Slack does not publish: {block}")),
        }
    }
    wrong
}

/// Nothing that is alive but what we mean to be.
fn safe(value: &Value, mentions: &[&str], wrong: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            let kind = fields.get("type").and_then(Value::as_str).unwrap_or_default();
            let id = fields.get("user_id").or(fields.get("usergroup_id")).and_then(Value::as_str);
            let dead = [
                "header",
                "rich_text",
                "context",
                "actions",
                "button",
                "plain_text",
                "text",
                "rich_text_section",
                "rich_text_list",
                "rich_text_preformatted",
                "rich_text_quote",
                "",
            ];
            if !dead.contains(&kind) && !id.is_some_and(|id| mentions.contains(&id)) {
                wrong.push(format!("alive: {value}"));
            }
            if kind == "plain_text" && fields.get("emoji") != Some(&json!(false)) {
                wrong.push(format!("emoji by name: {value}"));
            }
            let text = fields.get("text").and_then(Value::as_str);
            if text.is_some_and(|text| {
                text.is_empty() || text.chars().any(|c| c != '\n' && chopmark_protocol::escape::is_hazardous(c))
            }) {
                wrong.push(format!("empty, or with what is not seen: {value}"));
            }
            fields.values().for_each(|value| safe(value, mentions, wrong));
        }
        Value::Array(entries) => entries.iter().for_each(|value| safe(value, mentions, wrong)),
        _ => {}
    }
}

#[test]
fn everything_is_judged_by_the_types_that_slack_publishes() {
    if std::env::var("CHOPMARK_TEST_SLACK_SCHEMAS").is_err() {
        return left_out("CHOPMARK_TEST_SLACK_SCHEMAS names no folder: messages and views are judged by numbers only");
    }
    let known = blocks().expect("blocks");
    assert!(known.len() > 10 && view().is_some());
    assert!(!known["header"].is_valid(&json!({"type": "header", "text": {"type": "mrkdwn", "text": "x"}})));
}
