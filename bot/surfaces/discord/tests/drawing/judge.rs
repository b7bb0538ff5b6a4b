//! The judge of bodies: Discord's own published description, and the documented rules that it leaves out.
//! Used by every test of what is drawn; the description is the file that CHOPMARK_TEST_DISCORD_SPEC names.
//! Must never be more lenient than Discord.

use chopmark_discord::{draw::Message, limits};
use jsonschema::Validator;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// The bodies of the description that ours must be.
const MESSAGE: [&str; 4] = [
    "MessageCreateRequest",
    "MessageEditRequestPartial",
    "IncomingWebhookInteractionRequest",
    "IncomingWebhookUpdateRequestPartial",
];
const MODAL: &str = "ModalInteractionCallbackRequestData";
const COMMAND: &str = "ApplicationCommandUpdateRequest";

static DESCRIPTION: LazyLock<Option<BTreeMap<&str, Validator>>> = LazyLock::new(|| {
    let Ok(place) = std::env::var("CHOPMARK_TEST_DISCORD_SPEC") else {
        left_out(
            "CHOPMARK_TEST_DISCORD_SPEC names no description of Discord's API: bodies are judged by our rules only",
        );
        return None;
    };
    let description: Value = serde_json::from_str(&std::fs::read_to_string(place).unwrap()).unwrap();
    let one = |name: &'static str| {
        let schema = json!({"components": description["components"], "$ref": format!("#/components/schemas/{name}")});
        (name, jsonschema::validator_for(&schema).unwrap())
    };
    Some(MESSAGE.into_iter().chain([MODAL, COMMAND]).map(one).collect())
});

/// Says why a judge is left out; with `CI=true` none may be.
fn left_out(why: &str) {
    use std::io::Write as _;
    assert!(std::env::var("CI").as_deref() != Ok("true"), "left out although CI=true: {why}");
    // Past the test runner's capture, so that it is seen when the tests pass.
    let _ = writeln!(std::io::stderr(), "left out: {why}");
}

/// What the description finds; none without one.
fn faults(name: &str, body: &Value) -> Option<Vec<String>> {
    let validator = &DESCRIPTION.as_ref()?[name];
    Some(validator.iter_errors(body).map(|fault| format!("{}: {fault}", fault.instance_path())).collect())
}

fn described(name: &str, body: &Value) {
    assert_eq!(faults(name, body).unwrap_or_default(), Vec::<String>::new(), "{name} {body:#}");
}

#[test]
fn the_description_judges_and_finds_what_is_wrong() {
    let long = "x".repeat(46);
    let row = json!({"type": 1, "components": [{"type": 2, "style": 1, "label": "x".repeat(81), "custom_id": "a"}]});
    for (name, body) in [
        (MESSAGE[0], json!({"components": [row]})),
        (MESSAGE[1], json!({"components": [{"type": 10}]})),
        (MESSAGE[2], json!({"components": [{"type": 17, "components": []}]})),
        (MODAL, json!({"custom_id": "a", "title": long, "components": [row]})),
        (COMMAND, json!({"name": "x".repeat(33)})),
    ] {
        assert!(faults(name, &body).is_none_or(|faults| !faults.is_empty()), "{name} {body}");
    }
}

/// Every part of a body with all that it holds.
pub(crate) fn all_parts(body: &Value) -> Vec<&Value> {
    let mut out = Vec::new();
    let mut open: Vec<&Value> =
        body["components"].as_array().map(|list| list.iter().rev().collect()).unwrap_or_default();
    while let Some(part) = open.pop() {
        out.push(part);
        open.extend(part["components"].as_array().into_iter().flatten().rev());
    }
    out
}

/// All texts of a message, in order.
pub(crate) fn texts(body: &Value) -> Vec<&str> {
    all_parts(body).into_iter().filter(|part| part["type"] == 10).filter_map(|part| part["content"].as_str()).collect()
}

/// All buttons of a message, in order.
pub(crate) fn buttons(body: &Value) -> Vec<&Value> {
    all_parts(body).into_iter().filter(|part| part["type"] == 2).collect()
}

fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

/// A message with its files.
pub(crate) fn sent(message: &Message) {
    self::message(&message.body);
    let named: Vec<_> = message.body["attachments"].as_array().into_iter().flatten().collect();
    assert_eq!(named.len(), message.files.len());
    let shown: Vec<_> = all_parts(&message.body).into_iter().filter(|part| part["type"] == 13).collect();
    assert_eq!(shown.len(), message.files.len(), "each file is shown, and only files that are there");
    for (at, file) in message.files.iter().enumerate() {
        assert_eq!(named[at]["id"], at.to_string());
        assert_eq!(named[at]["filename"], file.name);
        let alt = named[at]["description"].as_str().unwrap();
        assert!(!alt.trim().is_empty() && units(alt) <= limits::ALT_TEXT, "{alt}");
        assert_eq!(shown[at]["file"]["url"], format!("attachment://{}", file.name));
        assert!(file.name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b)), "{}", file.name);
        assert!(file.text.len() <= limits::FILE);
    }
}

/// A message without files.
pub(crate) fn message(body: &Value) {
    for name in MESSAGE {
        described(name, body);
    }
    known(body, &["flags", "components", "allowed_mentions", "attachments"]);
    let flags = body["flags"].as_u64().unwrap();
    assert_eq!(flags & (1 << 15), 1 << 15, "of the second generation");
    assert_eq!(flags & (1 << 2), 1 << 2, "nothing is unfurled");
    assert_eq!(flags & !((1 << 15) | (1 << 2) | (1 << 6)), 0);
    let mentions = &body["allowed_mentions"];
    known(mentions, &["parse", "users", "roles", "replied_user"]);
    assert_eq!((&mentions["parse"], &mentions["replied_user"]), (&json!([]), &json!(false)));
    assert!(["users", "roles"].iter().all(|kind| mentions[kind].as_array().unwrap().len() <= 100));
    let parts = all_parts(body);
    assert!(!parts.is_empty() && parts.len() <= limits::COMPONENTS, "{} parts", parts.len());
    let texts = texts(body);
    let (chars, utf16, bytes) =
        texts.iter().fold((0, 0, 0), |(a, b, c), text| (a + text.chars().count(), b + units(text), c + text.len()));
    assert!(chars <= 3_900 && utf16 <= 3_900 && bytes <= 9_800, "{chars} {utf16} {bytes}");
    for text in texts {
        assert!(!text.trim().is_empty());
        assert!(text.matches("```").count().is_multiple_of(2), "a block of code is not closed: {text}");
    }
    let mut ids = BTreeSet::new();
    for part in parts {
        match part["type"].as_u64().unwrap() {
            1 => {
                known(part, &["type", "components"]);
                assert!((1..=5).contains(&part["components"].as_array().unwrap().len()));
            }
            2 => {
                known(part, &["type", "style", "label", "custom_id", "disabled"]);
                let id = part["custom_id"].as_str().unwrap();
                assert!((1..=100).contains(&id.chars().count()) && ids.insert(id), "{id}");
                let label = part["label"].as_str().unwrap();
                assert!(!label.trim().is_empty() && units(label) <= 80, "{label}");
            }
            10 => known(part, &["type", "content"]),
            13 => known(part, &["type", "file"]),
            14 => known(part, &["type", "divider", "spacing"]),
            17 => known(part, &["type", "accent_color", "components"]),
            other => panic!("a part of type {other}"),
        }
    }
    let primary = buttons(body).iter().filter(|button| button["style"] == 1).count();
    assert!(primary <= 1, "{primary} primary buttons");
}

/// The data of a modal.
pub(crate) fn modal(data: &Value) {
    described(MODAL, data);
    known(data, &["custom_id", "title", "components"]);
    assert!((1..=100).contains(&data["custom_id"].as_str().unwrap().chars().count()));
    let title = data["title"].as_str().unwrap();
    assert!(!title.trim().is_empty() && units(title) <= 45);
    let rows = data["components"].as_array().unwrap();
    assert!((1..=5).contains(&rows.len()));
    let mut ids = BTreeSet::new();
    for row in rows {
        known(row, &["type", "components"]);
        let [input] = row["components"].as_array().unwrap().as_slice() else { panic!("a row holds one input: {row}") };
        known(input, &["type", "custom_id", "style", "label", "required", "max_length", "placeholder", "value"]);
        assert_eq!((&row["type"], &input["type"]), (&json!(1), &json!(4)));
        assert!(ids.insert(input["custom_id"].as_str().unwrap()));
        let label = input["label"].as_str().unwrap();
        assert!(!label.trim().is_empty() && units(label) <= 45);
        assert!(input.get("placeholder").is_none_or(|hint| units(hint.as_str().unwrap()) <= 100));
        assert!(input.get("value").is_none_or(|value| units(value.as_str().unwrap()) <= 4_000));
    }
}

/// A list of commands as it is registered.
pub(crate) fn commands(list: &Value) {
    let list = list.as_array().unwrap();
    assert!(list.len() <= limits::COMMANDS);
    let mut names = BTreeSet::new();
    for command in list {
        described(COMMAND, command);
        let kind = command["type"].as_u64().unwrap();
        assert!(names.insert((kind, command["name"].as_str().unwrap())), "one name, one command");
        let mut size = 0;
        let mut optional = false;
        let options = command["options"].as_array().map(Vec::as_slice).unwrap_or_default();
        assert!(options.len() <= limits::OPTIONS);
        for named in std::iter::once(command).chain(options) {
            let all = |field: &str| {
                let others =
                    named[format!("{field}_localizations")].as_object().into_iter().flatten().map(|(_, text)| text);
                named
                    .get(field)
                    .into_iter()
                    .chain(others)
                    .map(|text| text.as_str().unwrap().to_owned())
                    .collect::<Vec<_>>()
            };
            for name in all("name") {
                assert!((1..=limits::COMMAND_NAME).contains(&units(&name)), "{name}");
                // Discord's pattern for commands and options: letters and digits of any script, dashes, lower case.
                let plain = name.chars().all(|c| c.is_alphanumeric() || c == '-') && name == name.to_lowercase();
                assert!(plain || kind == 3, "{name}");
            }
            let descriptions = all("description");
            assert_eq!(descriptions.len(), if kind == 1 { 3 } else { 0 }, "English and both kinds of Chinese");
            assert!(descriptions.iter().all(|text| (1..=limits::DESCRIPTION).contains(&units(text))));
            let longest = |texts: Vec<String>| texts.iter().map(|text| units(text)).max().unwrap_or(0);
            size += longest(all("name")) + longest(descriptions);
            for choice in named["choices"].as_array().into_iter().flatten() {
                size += units(choice["name"].as_str().unwrap()) + units(choice["value"].as_str().unwrap());
            }
        }
        assert!(size <= limits::COMMAND, "{size}");
        for option in options {
            let required = option["required"].as_bool().unwrap();
            assert!(!(optional && required), "what must be given stands before what may be");
            optional |= !required;
            assert!(option.get("choices").is_none() || option.get("autocomplete").is_none());
        }
    }
}

/// Discord ignores fields that it does not know: a misspelt one would be lost without a word.
fn known(object: &Value, fields: &[&str]) {
    for field in object.as_object().unwrap().keys() {
        assert!(fields.contains(&field.as_str()), "{field} in {object:#}");
    }
}
