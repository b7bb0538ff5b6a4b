//! Buttons: presses as Slack's buttons, with its own dialog where one more press is asked.
//! Called by card and post.
//! Must never draw a button whose press can't be read back, nor two with the same id.

use super::rich::Block;
use crate::limits::{
    ACCESSIBILITY_LABEL_CHARACTERS, ACTIONS_ELEMENTS, BUTTON_CHARACTERS, CONFIRM_BUTTON_CHARACTERS,
    CONFIRM_TEXT_CHARACTERS, CONFIRM_TITLE_CHARACTERS,
};
use crate::markup::plain_text;
use chopmark_domain::change::Language;
use chopmark_protocol::budget::Budget;
use chopmark_protocol::chat::{Asks, Button, Press, Style};
use chopmark_protocol::messages::text;
use serde_json::{Value, json};

/// The buttons as one block; none when there are none. `target` is what they act on, for screen readers.
pub(super) fn block(buttons: &[Button], target: &str, language: Language) -> Option<Block> {
    let mut ids = std::collections::BTreeSet::new();
    let elements: Vec<Value> = buttons
        .iter()
        .filter_map(|button| element(button, target, language))
        .filter(|element| ids.insert(element["action_id"].to_string()))
        .take(ACTIONS_ELEMENTS)
        .collect();
    (!elements.is_empty()).then(|| Block::of(json!({"type": "actions", "elements": elements})))
}

fn element(button: &Button, target: &str, language: Language) -> Option<Value> {
    // Slack asks for the confirmation itself, before it sends the press.
    let asks = if button.press.asks == Asks::Confirmation { Asks::Nothing } else { button.press.asks };
    let id = Press { what: button.press.what.clone(), asks }.id()?;
    let label = &button.shown();
    let mut element = json!({
        "type": "button",
        "action_id": id,
        "text": plain_text(label, BUTTON_CHARACTERS),
        "accessibility_label": plain(&format!("{label} {target}"), ACCESSIBILITY_LABEL_CHARACTERS),
    });
    if let Some(style) = style(button.style) {
        element["style"] = json!(style);
    }
    if let Some(question) = &button.confirm {
        element["confirm"] = json!({
            "title": plain_text(&text(language, "chat-confirm-title", &[]), CONFIRM_TITLE_CHARACTERS),
            "text": plain_text(question, CONFIRM_TEXT_CHARACTERS),
            "confirm": plain_text(label, CONFIRM_BUTTON_CHARACTERS),
            "deny": plain_text(&text(language, "chat-confirm-no", &[]), CONFIRM_BUTTON_CHARACTERS),
            "style": style(button.style).unwrap_or("primary"),
        });
    }
    Some(element)
}

fn plain(text: &str, longest: usize) -> String {
    Budget::characters(longest).cut(text.trim())
}

fn style(style: Style) -> Option<&'static str> {
    match style {
        Style::Primary => Some("primary"),
        Style::Danger => Some("danger"),
        Style::Plain => None,
    }
}
