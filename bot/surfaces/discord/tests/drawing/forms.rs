//! Promises of forms: what Discord takes of them, and what comes back.
//! Run by `cargo test -p chopmark-discord --test drawing`.
//! Must never fill in what a modal would cut.

use super::judge;
use chopmark_discord::modal::{filled, modal};
use chopmark_domain::digest::Digest;
use chopmark_domain::ids::{ChangeId, Revision};
use chopmark_protocol::chat::{Act, Asks, Choice, Field, FieldKind, Form, FormKind, Press, Pressed};
use chopmark_protocol::request::Seen;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;

fn form(fields: Vec<Field>) -> Form {
    let seen = Some(Seen { revision: Revision(u32::MAX), digest: Digest::of(b"plan") });
    let change = ChangeId::parse("chg-7f3kabcdefgh").unwrap();
    let press = Press { what: Pressed::Act { act: Act::Edit, change, seen }, asks: Asks::Form };
    Form {
        kind: FormKind::Of(press),
        title: "Edit chg-7f3k".to_owned(),
        intro: Some("Only what differs changes.".to_owned()),
        fields,
        submit: "Send".to_owned(),
        close: "Back".to_owned(),
    }
}

fn field(name: &str, kind: FieldKind) -> Field {
    let value = Some("2".to_owned());
    Field { name: name.to_owned(), label: "副本数 replicas".to_owned(), hint: None, kind, value, required: true }
}

fn sizes() -> FieldKind {
    let choice = |value: &str| Choice { value: value.to_owned(), label: value.to_uppercase() };
    FieldKind::Choice(["small", "medium", "large"].map(choice).to_vec())
}

#[test]
fn a_form_is_a_modal_of_rows_with_its_choices_in_the_empty_field() {
    let note = Field { value: None, ..field("note", FieldKind::Text) };
    let made = modal(&form(vec![field("size", sizes()), note])).unwrap();
    judge::modal(&made);
    let inputs: Vec<&Value> = made["components"].as_array().unwrap().iter().map(|row| &row["components"][0]).collect();
    assert_eq!(inputs[0]["placeholder"], "small | medium | large");
    assert_eq!((&inputs[0]["style"], &inputs[1]["style"]), (&json!(1), &json!(2)));
    assert_eq!(inputs[1]["placeholder"], "Only what differs changes.");
    assert_eq!(made["custom_id"].as_str().unwrap().len(), 100);
    // Where every empty field has a hint of its own, the explanation follows the first one.
    let name = Field { value: None, hint: Some("cart".to_owned()), ..field("name", FieldKind::Line) };
    let made = modal(&form(vec![name])).unwrap();
    assert_eq!(made["components"][0]["components"][0]["placeholder"], "cart · Only what differs changes.");
}

#[test]
fn more_fields_than_a_modal_takes_are_left_to_words_and_more_choices_than_fit_end_in_an_ellipsis() {
    let many = (0..9).map(|at| field(&format!("f{at}"), FieldKind::Line)).collect();
    let made = modal(&form(many)).unwrap();
    judge::modal(&made);
    assert_eq!(made["components"].as_array().unwrap().len(), 5);
    let choices = (0..40).map(|at| Choice { value: format!("cn-north-{at}"), label: String::new() }).collect();
    let made = modal(&form(vec![field("region", FieldKind::Choice(choices))])).unwrap();
    let hint = made["components"][0]["components"][0]["placeholder"].as_str().unwrap();
    assert!(hint.starts_with("cn-north-0 | cn-north-1 | ") && hint.ends_with(" | …"), "{hint}");
    assert!(modal(&form(vec![])).is_none());
}

#[test]
fn a_value_that_would_come_back_cut_is_not_put_in() {
    let mut long = field("motd", FieldKind::Text);
    long.value = Some("字".repeat(4_001));
    let mut broken = field("name", FieldKind::Line);
    broken.value = Some("two\nlines".to_owned());
    let made = modal(&form(vec![long, broken])).unwrap();
    judge::modal(&made);
    for row in made["components"].as_array().unwrap() {
        assert_eq!(row["components"][0].get("value"), None);
    }
}

#[test]
fn what_was_filled_in_comes_back_with_what_it_was_for() {
    let asked = form(vec![field("replicas", FieldKind::Line)]);
    let id = asked.kind.id().unwrap();
    let data = json!({"custom_id": id, "components": [
        {"type": 1, "components": [{"type": 4, "custom_id": "replicas", "value": "３ 个"}]},
        {"type": 18, "component": {"type": 4, "custom_id": "note", "value": ""}},
    ]});
    let back = filled(&data).unwrap();
    assert_eq!(back.kind, asked.kind);
    assert_eq!(back.values, BTreeMap::from([("note".into(), String::new()), ("replicas".into(), "３ 个".into())]));
    let ask = json!({"custom_id": "chop.ask", "components": []});
    assert_eq!(filled(&ask).unwrap().kind, FormKind::Ask);
    for bad in [json!({}), json!({"custom_id": "x", "components": []}), json!({"custom_id": 1}), json!([])] {
        assert_eq!(filled(&bad), None, "{bad}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_words_make_a_modal_that_discord_takes(words in any::<String>(), more in "[购物车🚀a\u{301}|]{0,300}") {
        let text = format!("{more}{words}");
        let choice = Choice { value: text.clone(), label: text.clone() };
        let mut fields = vec![field("a", FieldKind::Choice(vec![choice.clone(), choice])), field("b", FieldKind::Text)];
        for field in &mut fields {
            (field.label, field.hint, field.value) = (text.clone(), Some(text.clone()), Some(text.clone()));
        }
        let made = modal(&Form { title: text.clone(), intro: Some(text.clone()), ..form(fields) }).unwrap();
        judge::modal(&made);
    }
}
