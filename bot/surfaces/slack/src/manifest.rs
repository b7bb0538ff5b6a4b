//! The app's manifest: what Slack is asked for, and nothing more.
//! Printed by `chopmark init slack`; the scopes are read by the doctor.
//! Must never ask for a scope or event that nothing here uses.

use crate::commands;
use serde_json::{Value, json};

/// How events come in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Transport {
    /// Over a socket that this program opens.
    Socket,
    /// By HTTP, signed.
    Http {
        /// Where events go.
        events: String,
        /// Where presses, forms and shortcuts go.
        interactivity: String,
        /// Where slash commands go.
        commands: String,
    },
}

/// Every scope with what it is for (docs.slack.dev/reference/scopes).
pub const SCOPES: [(&str, &str); 14] = [
    ("app_mentions:read", "hear who mentions it"),
    ("channels:history", "follow a thread without a mention, in public channels"),
    ("groups:history", "the same in private channels"),
    ("im:history", "hear direct messages"),
    ("channels:read", "see whether a public channel is archived"),
    ("groups:read", "the same for private channels"),
    ("im:read", "the same for direct messages"),
    ("im:write", "tell somebody something alone"),
    ("chat:write", "answer, and draw cards"),
    ("commands", "the slash command and the shortcuts"),
    ("files:write", "the whole plan as a file in the thread"),
    ("reactions:write", "show that something was heard"),
    ("usergroups:read", "know which groups somebody is in"),
    ("users:read", "know what somebody is called, and that an account is closed"),
];

/// Every event it hears (docs.slack.dev/reference/events).
pub const EVENTS: [&str; 4] = ["app_mention", "message.channels", "message.groups", "message.im"];

/// The `callback_id` of the shortcut that opens a form for a request.
pub const ASK: &str = "chop.ask";

/// The `callback_id` of the message's shortcut that makes a change of it.
pub const QUOTE: &str = "chop.quote";

/// Longest usage hint (api.slack.com/reference/manifests, `features.slash_commands`: 1,000 characters); Slack shows
/// one line of it.
const USAGE: usize = 250;

/// The manifest as YAML, which Slack takes under "Create app from manifest".
pub fn manifest(transport: &Transport) -> String {
    let mut yaml = String::new();
    write(&mut yaml, &value(transport), 0);
    yaml
}

/// The manifest.
pub fn value(transport: &Transport) -> Value {
    let mut command = json!({
        "command": commands::COMMAND,
        "description": "Draft, see and approve changes / 起草、查看并批准变更",
        "usage_hint": commands::usage_hint(USAGE),
        "should_escape": false,
    });
    let mut subscriptions = json!({"bot_events": EVENTS});
    let mut interactivity = json!({"is_enabled": true});
    if let Transport::Http { events, interactivity: presses, commands } = transport {
        command["url"] = json!(commands);
        subscriptions["request_url"] = json!(events);
        interactivity["request_url"] = json!(presses);
    }
    json!({
        "display_information": {
            "name": "Chopmark",
            "description": "The model drafts, a human countersigns, an audited runner executes.",
            "long_description": "Say what you want in plain words, in English or Chinese. Chopmark drafts the change, \
                shows on a card exactly what would run, and waits until the people who may approve it have done so. \
                What runs is byte for byte what was approved, and every step is kept in a ledger.",
            "background_color": "#7a1f1f",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": false,
                "messages_tab_enabled": true,
                "messages_tab_read_only_enabled": false,
            },
            "bot_user": {"display_name": "Chopmark", "always_online": true},
            "shortcuts": [
                {
                    "name": "Ask Chopmark",
                    "type": "global",
                    "callback_id": ASK,
                    "description": "Say what you want changed or want to know",
                },
                {
                    "name": "Make this a change",
                    "type": "message",
                    "callback_id": QUOTE,
                    "description": "Begin a request with this message as its words",
                },
            ],
            "slash_commands": [command],
        },
        "oauth_config": {"scopes": {"bot": SCOPES.map(|(scope, _)| scope)}},
        "settings": {
            "event_subscriptions": subscriptions,
            "interactivity": interactivity,
            "org_deploy_enabled": false,
            "socket_mode_enabled": *transport == Transport::Socket,
            "token_rotation_enabled": false,
        },
    })
}

/// Writes a value as YAML in block style; a text as JSON writes it, which YAML reads alike.
fn write(yaml: &mut String, value: &Value, depth: usize) {
    let pad = "  ".repeat(depth);
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                yaml.push_str(&format!("{pad}{name}:"));
                nested(yaml, field, depth);
            }
        }
        Value::Array(entries) => {
            for entry in entries {
                let mut text = String::new();
                match entry {
                    Value::Object(_) | Value::Array(_) => write(&mut text, entry, depth + 1),
                    scalar => text = format!("{pad}  {scalar}\n"),
                }
                // The dash takes the place of the first line's last indentation.
                yaml.push_str(&format!("{pad}- {}", &text[pad.len() + 2..]));
            }
        }
        scalar => yaml.push_str(&format!("{pad}{scalar}\n")),
    }
}

fn nested(yaml: &mut String, field: &Value, depth: usize) {
    match field {
        Value::Object(fields) if !fields.is_empty() => {
            yaml.push('\n');
            write(yaml, field, depth + 1);
        }
        Value::Array(entries) if !entries.is_empty() => {
            yaml.push('\n');
            write(yaml, field, depth + 1);
        }
        scalar => yaml.push_str(&format!(" {scalar}\n")),
    }
}
