//! Promises about forms as modals, and about what comes back.
//! Run with the others.
//! Must never accept a value that was altered to fit.

use crate::{judge, kit};
use chopmark_domain::digest::Digest;
use chopmark_domain::ids::Revision;
use chopmark_protocol::chat::{Act, Asks, Choice, Field, FieldKind, Form, FormKind, Press, Pressed};
use chopmark_protocol::request::Seen;
use chopmark_slack::view;
use proptest::prelude::*;
use serde_json::{Value, json};

fn edit() -> FormKind {
    let seen = Seen { revision: Revision(u32::MAX), digest: Digest::of(b"plan") };
    let what = Pressed::Act { act: Act::Edit, change: kit::id("chg-7f3k2p"), seen: Some(seen) };
    FormKind::Of(Press { what, asks: Asks::Form })
}

fn field(name: &str, kind: FieldKind, value: Option<&str>) -> Field {
    Field {
        name: name.into(),
        label: "副本".into(),
        hint: Some("How many".into()),
        kind,
        value: value.map(str::to_owned),
        required: true,
    }
}

fn choices(values: &[&str]) -> FieldKind {
    FieldKind::Choice(
        values.iter().map(|value| Choice { value: (*value).into(), label: value.to_uppercase() }).collect(),
    )
}

fn form(kind: FormKind, fields: Vec<Field>) -> Form {
    let word = |word: &str| word.to_owned();
    Form {
        kind,
        title: word("Edit shop/cart"),
        intro: Some(word("Only what you change is changed.")),
        fields,
        submit: word("Plan it"),
        close: word("Back"),
    }
}

fn drawn(form: &Form) -> Value {
    let view = view::view(form).expect("a view");
    assert_eq!(judge::modal(&view), Vec::<String>::new());
    view
}

/// What Slack sends back when a view is sent as it is drawn.
fn submitted(view: &Value, typed: &[(&str, &str)]) -> Value {
    let inputs = view["blocks"].as_array().unwrap().iter().filter(|block| block["type"] == "input");
    let values: serde_json::Map<String, Value> = inputs
        .map(|block| {
            let (name, element) = (block["block_id"].as_str().unwrap(), &block["element"]);
            let said = typed.iter().find(|(field, _)| *field == name).map(|(_, said)| json!(said));
            let answer = match element["type"].as_str().unwrap() {
                "static_select" => {
                    let chosen =
                        said.map(|said| json!({"value": said})).or_else(|| element.get("initial_option").cloned());
                    json!({"type": "static_select", "selected_option": chosen})
                }
                kind => json!({"type": kind, "value": said.or_else(|| element.get("initial_value").cloned())}),
            };
            (name.to_owned(), json!({element["action_id"].as_str().unwrap(): answer}))
        })
        .collect();
    json!({"type": "view_submission", "view": {"callback_id": view["callback_id"], "state": {"values": values}}})
}

#[test]
fn what_is_filled_in_comes_back_with_what_it_is_for() {
    let fields = vec![
        field("replicas", FieldKind::Line, Some("2")),
        field("size", choices(&["small", "large"]), Some("small")),
        field("note", FieldKind::Text, None),
    ];
    let view = drawn(&form(edit(), fields));
    let filled = view::filled(&submitted(&view, &[("replicas", "3"), ("note", "")])).unwrap();
    assert_eq!(filled.kind, edit());
    let values: Vec<_> = filled.values.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(values, [("replicas", "3"), ("size", "small")], "an empty field says nothing");
    assert_eq!(view::filled(&submitted(&view, &[])["view"]).unwrap().values["replicas"], "2");
    for foreign in [json!({}), json!({"view": {"callback_id": "theirs", "state": {"values": {}}}}), json!({"view": 3})]
    {
        assert_eq!(view::filled(&foreign), None);
    }
}

#[test]
fn a_value_that_slack_cannot_hold_is_not_altered_but_left_as_it_is() {
    let long = "生".repeat(3_001);
    let view = drawn(&form(edit(), vec![field("policy", FieldKind::Text, Some(&long))]));
    assert!(view["blocks"][1]["element"].get("initial_value").is_none());
    assert_eq!(view["blocks"][1]["optional"], true, "it may stay empty: then the value stays");
    assert_eq!(view::filled(&submitted(&view, &[])).unwrap().values.len(), 0);
    let ask = drawn(&form(FormKind::Ask, vec![field("words", FieldKind::Text, Some(&long))]));
    let words = ask["blocks"][1]["element"]["initial_value"].as_str().unwrap();
    assert!(words.chars().count() <= 3_000 && words.ends_with('…'), "a quoted message is cut where they see it");
}

#[test]
fn choices_that_a_menu_cannot_hold_are_typed_instead() {
    let long = "x".repeat(151);
    let many: Vec<String> = (0..101).map(|i| format!("v{i}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    for (values, value) in
        [(vec!["a", &long], None), (many, None), (vec![], None), (vec!["", "b"], None), (vec!["a", "b"], Some("c"))]
    {
        let view = drawn(&form(edit(), vec![field("size", choices(&values), value)]));
        assert_eq!(view["blocks"][1]["element"]["type"], "plain_text_input", "{values:?}");
    }
    let view = drawn(&form(edit(), vec![field("size", choices(&["a", "b"]), Some("b"))]));
    assert_eq!(view["blocks"][1]["element"]["initial_option"]["value"], "b");
}

#[test]
fn words_of_the_frame_fit_in_both_languages() {
    let mut form = form(edit(), vec![]);
    (form.title, form.submit, form.close) =
        ("修改生产环境中的购物车服务的副本数与镜像版本以及其他".into(), "a".repeat(30), String::new());
    assert!(drawn(&form)["title"]["text"].as_str().unwrap().ends_with('…'));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_text_makes_a_view_that_slack_refuses(text in crate::hostile::nasty(), name in "[a-zA-Z0-9_-]{1,60}", times in 1_usize..60) {
        let long = text.repeat(times);
        let fields = vec![
            Field { name, label: long.clone(), hint: Some(long.clone()), kind: FieldKind::Text, value: Some(long.clone()), required: true },
            Field { name: "menu".into(), label: text.clone(), hint: None, kind: choices(&[&text, "b"]), value: Some(text.clone()), required: false },
        ];
        let form = Form { kind: edit(), title: text.clone(), intro: Some(long), fields, submit: text.clone(), close: text };
        drawn(&form);
    }
}
