//! Forms that a press opened, filled in and sent.
//! Used by flows in which a platform asks for a name, a reason or values.
//! Must never send a form that was not opened.

use super::{Button, Member, Message, Platform, Which, wait_until};
use serde_json::{Value, json};

impl Platform {
    /// Waits for the form that somebody's press opened, of an act such as `reject`, and sends it.
    #[track_caller]
    pub(crate) fn fills(&self, who: Member, message: &Message, act: &str, values: &[(&str, &str)]) {
        let is_meant = |id: &Value| {
            let id = id.as_str().unwrap_or_default().to_owned();
            Button { word: String::new(), id, value: None, enabled: true }.is_for(act)
        };
        match self.which {
            Which::Discord => {
                let form = wait_until(|| {
                    let log = self.look("log");
                    let opened = log
                        .as_array()?
                        .iter()
                        .rev()
                        .find(|entry| entry["json"]["type"] == 9 && is_meant(&entry["json"]["data"]["custom_id"]))?
                        .clone();
                    Some(opened["json"]["data"].clone())
                });
                let form = form.expect("a form was opened");
                let fields: serde_json::Map<_, _> =
                    values.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
                self.control(
                    "modal",
                    &json!({"custom_id": form["custom_id"], "fields": fields, "message_id": message.id,
                        "channel_id": message.channel, "user": self.user(who)}),
                );
            }
            Which::Slack => {
                let view = wait_until(|| {
                    let state = self.look("state");
                    state["views"].as_array()?.iter().rev().find(|view| is_meant(&view["callback_id"])).cloned()
                });
                let view = view.expect("a form was opened");
                let blocks = view["blocks"].as_array().cloned().unwrap_or_default();
                let mut state = serde_json::Map::new();
                for (name, value) in values {
                    let block = blocks
                        .iter()
                        .find(|block| block["element"]["action_id"] == *name || block["block_id"] == *name);
                    let block = block.unwrap_or_else(|| panic!("no field {name} in {view}"));
                    let element = &block["element"];
                    let filled = match element["type"].as_str() {
                        Some("static_select") => {
                            json!({"type": "static_select", "selected_option": {"value": value,
                                "text": {"type": "plain_text", "text": value}}})
                        }
                        _ => json!({"type": "plain_text_input", "value": value}),
                    };
                    let key = element["action_id"].as_str().unwrap().to_owned();
                    state.insert(block["block_id"].as_str().unwrap().to_owned(), json!({key: filled}));
                }
                self.control("submit", &json!({"view_id": view["id"], "values": state, "user": self.user(who)}));
            }
        }
    }
}
