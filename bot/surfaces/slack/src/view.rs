//! Views: a form as a modal, and what was filled into it.
//! Called by the adapter at a press or shortcut, and when the view is sent.
//! Must never alter a value that stands in a field already: one that does not fit is left out.

use crate::limits::{
    CALLBACK_ID_CHARACTERS, INPUT_CHARACTERS, LABEL_CHARACTERS, OPTION_CHARACTERS, OPTION_VALUE_CHARACTERS, OPTIONS,
    VIEW_BLOCKS, VIEW_TITLE_CHARACTERS,
};
use crate::markup::{plain_text, visible};
use chopmark_protocol::budget::Budget;
use chopmark_protocol::chat::{Choice, Field, FieldKind, Filled, Form, FormKind};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// What every element is called; a field's name is its block's.
const ACTION: &str = "value";

/// Longest part of the explanation over the fields.
const INTRO: usize = 2_900;

/// Longest hint.
const PLACEHOLDER: usize = 150;

/// Fields a form can have: as many as Slack's blocks, less the explanation.
pub const FIELDS: usize = VIEW_BLOCKS - 10;

/// The form as a modal; the adapter adds `private_metadata`. None when what it is for is too long to come back, which
/// no act is.
pub fn view(form: &Form) -> Option<Value> {
    let id = form.kind.id().filter(|id| id.chars().count() <= CALLBACK_ID_CHARACTERS)?;
    let intro = form.intro.iter().flat_map(|intro| Budget::characters(INTRO).split(&visible(intro)));
    let mut blocks: Vec<Value> = intro
        .filter(|part| !part.trim().is_empty())
        .take(VIEW_BLOCKS - FIELDS)
        .map(|part| json!({"type": "section", "text": plain_text(&part, INTRO)}))
        .collect();
    let mut names = BTreeSet::new();
    let fields = form.fields.iter().filter(|field| names.insert(field.name.as_str()));
    blocks.extend(fields.take(FIELDS).map(|field| input(field, &form.kind)));
    Some(json!({
        "type": "modal",
        "callback_id": id,
        "title": plain_text(&form.title, VIEW_TITLE_CHARACTERS),
        "submit": plain_text(&form.submit, VIEW_TITLE_CHARACTERS),
        "close": plain_text(&form.close, VIEW_TITLE_CHARACTERS),
        "blocks": blocks,
    }))
}

fn input(field: &Field, kind: &FormKind) -> Value {
    let (element, required) = match &field.kind {
        FieldKind::Choice(choices) => match menu(choices, field.value.as_deref()) {
            Some(menu) => (menu, field.required),
            None => line(field, kind),
        },
        FieldKind::Line | FieldKind::Text => line(field, kind),
    };
    let label = if field.label.trim().is_empty() { &field.name } else { &field.label };
    let mut block = json!({
        "type": "input",
        "block_id": field.name,
        "label": plain_text(label, LABEL_CHARACTERS),
        "element": element,
        "optional": !required,
    });
    if let Some(hint) = field.hint.as_deref().filter(|hint| !hint.trim().is_empty()) {
        block["hint"] = plain_text(hint, LABEL_CHARACTERS);
    }
    block
}

/// A field to type into, and whether it must be filled. A value that Slack can't hold is left out, and the field may
/// stay empty then: what was there stays. Words of a request are cut instead, since whoever sends them sees it.
fn line(field: &Field, kind: &FormKind) -> (Value, bool) {
    let mut element = json!({
        "type": "plain_text_input",
        "action_id": ACTION,
        "multiline": field.kind == FieldKind::Text,
        "max_length": INPUT_CHARACTERS,
    });
    let room = Budget::characters(INPUT_CHARACTERS);
    match field.value.as_deref().filter(|value| !value.is_empty()) {
        Some(value) if room.holds(value) => {
            element["initial_value"] = json!(value);
            // A line break in one line would be lost.
            element["multiline"] = json!(field.kind == FieldKind::Text || value.contains('\n'));
        }
        Some(value) if *kind == FormKind::Ask => element["initial_value"] = json!(room.cut(value)),
        Some(value) => {
            element["placeholder"] = plain_text(value, PLACEHOLDER);
            return (element, false);
        }
        None => {}
    }
    (element, field.required)
}

/// A menu; none where Slack's can't offer every choice as it is.
fn menu(choices: &[Choice], value: Option<&str>) -> Option<Value> {
    let mut sent = BTreeSet::new();
    let choices: Vec<&Choice> = choices.iter().filter(|choice| sent.insert(choice.value.as_str())).collect();
    let fits = |choice: &&Choice| (1..=OPTION_VALUE_CHARACTERS).contains(&choice.value.chars().count());
    let known = value.is_none_or(|value| value.is_empty() || sent.contains(value));
    if choices.is_empty() || choices.len() > OPTIONS || !choices.iter().all(fits) || !known {
        return None;
    }
    let option = |choice: &Choice| {
        let label = if choice.label.trim().is_empty() { &choice.value } else { &choice.label };
        json!({"text": plain_text(label, OPTION_CHARACTERS), "value": choice.value})
    };
    let options: Vec<Value> = choices.iter().map(|choice| option(choice)).collect();
    let mut menu = json!({"type": "static_select", "action_id": ACTION, "options": options});
    if let Some(chosen) = choices.iter().find(|choice| Some(choice.value.as_str()) == value) {
        menu["initial_option"] = option(chosen);
    }
    Some(menu)
}

/// What was filled in: from a `view_submission`, or its `view`. Fields left empty are left out. None for a view that
/// isn't ours.
pub fn filled(sent: &Value) -> Option<Filled> {
    let view = sent.get("view").unwrap_or(sent);
    let kind = FormKind::parse(view.get("callback_id")?.as_str()?)?;
    let fields = view.get("state")?.get("values")?.as_object()?;
    let values: BTreeMap<String, String> =
        fields.iter().filter_map(|(name, elements)| Some((name.clone(), value(elements.get(ACTION)?)?))).collect();
    Some(Filled { kind, values })
}

fn value(element: &Value) -> Option<String> {
    let chosen = element.get("selected_option").and_then(|option| option.get("value"));
    let said = chosen.or_else(|| element.get("value"))?.as_str()?;
    (!said.is_empty()).then(|| said.to_owned())
}
