//! A message as people see it: its words, its buttons, its files.
//! Read from what the platform keeps.
//! Must never show what a person would not see.

use super::{Spot, Which};
use serde_json::Value;

/// A button.
#[derive(Debug, Clone)]
pub(crate) struct Button {
    pub(crate) word: String,
    pub(crate) id: String,
    pub(crate) value: Option<String>,
    pub(crate) enabled: bool,
}

/// A message.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    pub(crate) id: String,
    pub(crate) channel: String,
    pub(crate) thread: Option<String>,
    /// Every word on it, with those of its files.
    pub(crate) text: String,
    pub(crate) buttons: Vec<Button>,
}

impl Button {
    /// Whether it stands for an act, in whatever language it is written; or has that word on it.
    pub(crate) fn is_for(&self, act: &str) -> bool {
        let acts = [
            ("approve", 'a'),
            ("reject", 'r'),
            ("edit", 'e'),
            ("details", 'd'),
            ("cancel", 'c'),
            ("undo", 'u'),
            ("show", 's'),
        ];
        let letter = acts.iter().find(|(name, _)| *name == act).map(|(_, letter)| *letter);
        match letter {
            Some(letter) => self.id.strip_prefix("chop.").is_some_and(|rest| rest.starts_with(letter)),
            None => self.word.eq_ignore_ascii_case(act),
        }
    }
}

impl Message {
    pub(super) fn read(which: Which, message: &Value) -> Self {
        let text = |name: &str| message[name].as_str().unwrap_or_default().to_owned();
        let (mut words, mut buttons) = (Vec::new(), Vec::new());
        match which {
            Which::Discord => {
                collect(message, &["content", "text", "title", "description", "label", "filename"], &mut words);
                discord_buttons(&message["components"], &mut buttons);
                Self { id: text("id"), channel: text("channel_id"), thread: None, text: words.join("\n"), buttons }
            }
            Which::Slack => {
                collect(message, &["text", "title", "name", "content"], &mut words);
                slack_buttons(&message["blocks"], &mut buttons);
                let thread = message["thread_ts"].as_str().map(str::to_owned);
                Self { id: text("ts"), channel: text("channel"), thread, text: words.join("\n"), buttons }
            }
        }
    }

    /// Where it stands.
    pub(crate) fn spot(&self) -> Spot {
        Spot { channel: self.channel.clone(), thread: self.thread.clone() }
    }

    /// Whether it stands in a place, or began it.
    pub(super) fn is_in(&self, spot: &Spot) -> bool {
        let thread = spot.thread.as_deref();
        // On Discord a thread is a channel of its own.
        let own = thread.is_some_and(|thread| self.channel == thread);
        let inside = self.channel == spot.channel && (thread.is_none() || self.thread.as_deref() == thread);
        own || inside
    }

    /// The channel, and the thread in it.
    pub(crate) fn stands(&self) -> (String, Option<String>) {
        (self.channel.clone(), self.thread.clone())
    }

    /// Whether it is a card, not a file or a word beside it.
    pub(super) fn is_card(&self) -> bool {
        (self.text.contains("· revision ") || self.text.contains("· 修订 ")) && !self.text.contains(".txt")
    }

    /// A button by its word.
    #[track_caller]
    pub(crate) fn button(&self, word: &str) -> &Button {
        let found = self.buttons.iter().find(|button| button.is_for(word));
        found.unwrap_or_else(|| panic!("no button {word:?} on {self:#?}"))
    }

    /// The change that it names.
    #[track_caller]
    pub(crate) fn change(&self) -> String {
        let start = self.text.find("chg-").unwrap_or_else(|| panic!("no change on {self:#?}"));
        let id = self.text[start + 4..].chars().take_while(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
        format!("chg-{}", id.collect::<String>())
    }
}

/// Every text under these names, however deep.
fn collect(value: &Value, names: &[&str], into: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(text) if names.contains(&name.as_str()) => into.push(text.clone()),
                    // Who wrote it and what it is about to the program are no words on it.
                    _ if ["author", "user", "metadata", "member", "mentions"].contains(&name.as_str()) => {}
                    value => collect(value, names, into),
                }
            }
        }
        Value::Array(all) => all.iter().for_each(|value| collect(value, names, into)),
        _ => {}
    }
}

fn discord_buttons(value: &Value, into: &mut Vec<Button>) {
    match value {
        Value::Object(fields) => {
            if let (Some(2), Some(id)) = (fields.get("type").and_then(Value::as_u64), fields.get("custom_id")) {
                into.push(Button {
                    word: fields.get("label").and_then(Value::as_str).unwrap_or_default().to_owned(),
                    id: id.as_str().unwrap_or_default().to_owned(),
                    value: None,
                    enabled: fields.get("disabled").and_then(Value::as_bool) != Some(true),
                });
            }
            fields.values().for_each(|value| discord_buttons(value, into));
        }
        Value::Array(all) => all.iter().for_each(|value| discord_buttons(value, into)),
        _ => {}
    }
}

fn slack_buttons(value: &Value, into: &mut Vec<Button>) {
    match value {
        Value::Object(fields) => {
            if fields.get("type").and_then(Value::as_str) == Some("button")
                && let Some(id) = fields.get("action_id").and_then(Value::as_str)
            {
                let word = fields.get("text").and_then(|text| text["text"].as_str()).unwrap_or_default();
                into.push(Button {
                    word: word.to_owned(),
                    id: id.to_owned(),
                    value: fields.get("value").and_then(Value::as_str).map(str::to_owned),
                    enabled: true,
                });
            }
            fields.values().for_each(|value| slack_buttons(value, into));
        }
        Value::Array(all) => all.iter().for_each(|value| slack_buttons(value, into)),
        _ => {}
    }
}
