//! Forms as Discord's modals, and what comes back from them.
//! Called by the adapter when a press or a shortcut asks for a form, and when one was sent.
//! Must never decide what a value means: what was typed is checked like words.

use crate::{limits, markup};
use chopmark_protocol::chat::{Field, FieldKind, Filled, Form, FormKind};
use chopmark_protocol::escape::visible;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What parts the choices in an empty field.
const OR: &str = " | ";

/// The data of the callback that opens the form (type 9): rows of text inputs, which every client and library of
/// today can draw and read. None for a form without an id or a field, which no act has.
pub fn modal(form: &Form) -> Option<Value> {
    let id = form.kind.id().filter(|id| id.chars().count() <= limits::CUSTOM_ID)?;
    let fields = &form.fields[..form.fields.len().min(limits::MODAL_ROWS)];
    // A modal of rows has no place for an explanation: it stands in the first empty field, after what belongs there.
    let explained = fields
        .iter()
        .position(|field| field.value.is_none() && hint(field).is_none())
        .or_else(|| fields.iter().position(|field| field.value.is_none()));
    let row = |(at, field): (usize, &Field)| {
        let intro = form.intro.as_deref().filter(|_| explained == Some(at)).map(visible);
        let hint = hint(field).into_iter().chain(intro).collect::<Vec<_>>().join(" · ");
        json!({"type": 1, "components": [input(field, &hint)]})
    };
    let rows: Vec<Value> = fields.iter().enumerate().map(row).collect();
    let title = named(&form.title, limits::MODAL_TITLE);
    (!rows.is_empty()).then(|| json!({"custom_id": id, "title": title, "components": rows}))
}

fn input(field: &Field, hint: &str) -> Value {
    let style = if matches!(field.kind, FieldKind::Text) { 2 } else { 1 };
    let mut input = json!({
        "type": 4,
        "custom_id": field.name,
        "style": style,
        "label": named(&field.label, limits::FIELD_LABEL),
        "required": field.required,
        "max_length": limits::FIELD_VALUE,
    });
    if !hint.trim().is_empty() {
        input["placeholder"] = json!(markup::cut(hint, limits::FIELD_HINT));
    }
    // A value that does not fit would come back cut: the person writes it anew.
    if let Some(value) = field.value.as_ref().filter(|value| fits(value, &field.kind)) {
        input["value"] = json!(value);
    }
    input
}

/// Whether a field can hold a value as it is: one line holds no line break.
fn fits(value: &str, kind: &FieldKind) -> bool {
    let is_line = !matches!(kind, FieldKind::Text);
    !value.is_empty()
        && value.encode_utf16().count() <= limits::FIELD_VALUE
        && !(is_line && value.contains(['\n', '\r']))
}

/// What belongs in a field: the choices, as many of them as fit, else its hint.
fn hint(field: &Field) -> Option<String> {
    let FieldKind::Choice(choices) = &field.kind else { return field.hint.as_deref().map(visible) };
    let mut out = String::new();
    for (at, choice) in choices.iter().enumerate() {
        let next = format!("{out}{}{}", if at == 0 { "" } else { OR }, visible(&choice.value));
        let more = if at + 1 == choices.len() { "" } else { " | …" };
        if next.encode_utf16().count() + more.encode_utf16().count() > limits::FIELD_HINT {
            return Some(if at == 0 { next } else { format!("{out}{OR}…") });
        }
        out = next;
    }
    (!out.is_empty()).then_some(out)
}

/// A title or label, which Discord refuses when it is empty.
fn named(text: &str, most: usize) -> String {
    let shown = markup::cut(visible(text).trim(), most);
    if shown.is_empty() { "…".to_owned() } else { shown }
}

/// What was sent, from the data of the interaction (type 5); none for a form that is none of ours.
pub fn filled(data: &Value) -> Option<Filled> {
    let kind = FormKind::parse(data.get("custom_id")?.as_str()?)?;
    let mut values = BTreeMap::new();
    for row in data.get("components")?.as_array()? {
        // A row holds inputs; a label, of newer clients, holds one.
        let inputs = row.get("components").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        for input in inputs.iter().chain(row.get("component")) {
            let text = |name: &str| input.get(name).and_then(Value::as_str);
            if let (Some(name), Some(value)) = (text("custom_id"), text("value")) {
                values.insert(name.to_owned(), value.to_owned());
            }
        }
    }
    Some(Filled { kind, values })
}
