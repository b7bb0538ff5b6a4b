//! Promises about messages: both languages say everything, with the same values.
//! Run with the crate's tests.
//! Must never reach the program.

use super::*;
use std::collections::BTreeMap;

/// Key of every message and attribute, with the variables it uses.
type Keys = BTreeMap<String, BTreeSet<String>>;

fn keys(files: &[(&str, &str)]) -> Keys {
    let mut keys = Keys::new();
    for (file, source) in files {
        let resource = match FluentResource::try_new((*source).to_owned()) {
            Ok(resource) => resource,
            Err((_, errors)) => panic!("{file}: {errors:?}"),
        };
        for entry in resource.entries() {
            let ast::Entry::Message(message) = entry else {
                assert!(!matches!(entry, ast::Entry::Junk { .. }), "{file}: {entry:?}");
                continue;
            };
            let mut add = |key: String, pattern: &ast::Pattern<&str>| {
                let names = variables(pattern).0.into_iter().map(str::to_owned).collect();
                assert!(keys.insert(key.clone(), names).is_none(), "{file}: {key} is there twice");
            };
            if let Some(value) = &message.value {
                add(message.id.name.to_owned(), value);
            }
            for attribute in &message.attributes {
                add(format!("{}.{}", message.id.name, attribute.id.name), &attribute.value);
            }
        }
    }
    keys
}

#[test]
fn both_languages_say_everything_with_the_same_values() {
    let (en, zh) = (keys(EN), keys(ZH));
    let differ = |a: &Keys, b: &Keys| -> Vec<String> {
        a.iter()
            .filter(|(key, names)| b.get(*key) != Some(names))
            .map(|(key, names)| format!("{key} {names:?}"))
            .collect()
    };
    assert_eq!((differ(&en, &zh), differ(&zh, &en)), (vec![], vec![]));
}

#[test]
fn every_code_says_what_happened_what_changed_and_what_is_next() {
    for keys in [keys(EN), keys(ZH)] {
        for code in Code::ALL {
            for part in ["", ".changed", ".next"] {
                let key = format!("cm-{}{part}", code.number());
                assert!(keys.contains_key(&key), "{key} is missing");
            }
        }
        let known: BTreeSet<String> = Code::ALL.iter().map(|code| format!("cm-{}", code.number())).collect();
        let strays: Vec<_> =
            keys.keys().filter(|key| key.starts_with("cm-") && !key.contains('.') && !known.contains(*key)).collect();
        assert!(strays.is_empty(), "{strays:?} belong to no code");
    }
}

#[test]
fn no_message_shows_a_foreign_mark_or_a_hole_even_without_values() {
    for language in [Language::En, Language::Zh] {
        for key in keys(EN).keys() {
            let said = text(language, key, &[]);
            assert!(!said.contains("{$") && !said.contains('\u{2068}'), "{key}: {said}");
            assert!(said.chars().all(|c| c == '\n' || !escape::is_hazardous(c)), "{key}: {said}");
        }
    }
}

#[test]
fn values_cannot_carry_a_control_or_another_message_into_the_words() {
    let hostile = "\u{1b}[2J{ $other }\u{202e}\nline";
    let problem = Problem::new(Code::UnknownComponent).with("component", hostile).with("nearest", "");
    assert_eq!(
        super::problem(Language::En, &problem).what,
        "There is no component \\u{1b}[2J{ $other }\\u{202e} ⏎ line."
    );
}

#[test]
fn counts_and_missing_values_choose_the_words() {
    let one = text(Language::En, "time-hours", &[("count", Arg::from(1_i64))]);
    let two = text(Language::En, "time-hours", &[("count", Arg::from(2_i64))]);
    assert_eq!((one.as_str(), two.as_str()), ("1 hour", "2 hours"));
    let unknown = |nearest: &str| {
        let problem = Problem::new(Code::UnknownTemplate).with("template", "web").with("nearest", nearest);
        super::problem(Language::En, &problem).next
    };
    assert_eq!(unknown(""), "`templates` lists what there is.");
    assert_eq!(unknown("web-service"), "Did you mean web-service? `templates` lists what there is.");
}

#[test]
fn facts_that_are_keys_are_said_in_words() {
    let wrong = Problem::new(Code::WrongState).with("change", "chg-7f3k").with("state", "awaiting_approval");
    assert_eq!(super::problem(Language::Zh, &wrong).what, "chg-7f3k 不允许这样做：它的状态是 等待批准。");
    let name = Problem::new(Code::InvalidName).with("what", "component").with("text", "A b").with("rule", "x");
    assert!(super::problem(Language::Zh, &name).what.starts_with("“A b”不是有效的 组件名，规则是：1 到 63 个"));
}
