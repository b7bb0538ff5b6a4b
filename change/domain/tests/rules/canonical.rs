//! Canonical JSON: one spelling for each value, and it reads back as that value.
//! Run with hostile values.
//! Must never depend on the order in which a map was filled.

use chopmark_domain::canonical::to_string;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// Values as our records have them: no floats.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "[\u{0}-\u{20}\"\\\\/\u{7f}-\u{a0}\u{2028}\u{2029}\u{202e}验🦀]{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            proptest::collection::vec((any::<String>(), inner), 0..6)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn a_value_reads_back_from_its_one_spelling(value in value()) {
        let text = to_string(&value);
        let read: Value = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(&read, &value);
        prop_assert_eq!(to_string(&read), text.clone());
        prop_assert!(!text.chars().any(|c| u32::from(c) < 0x20), "a control character stands as it is");
    }

    #[test]
    fn the_order_in_which_a_map_was_filled_does_not_matter(
        keys in proptest::collection::btree_set(any::<String>(), 0..8),
    ) {
        let forward: Map<String, Value> = keys.iter().map(|key| (key.clone(), json!(1))).collect();
        let backward: Map<String, Value> = keys.iter().rev().map(|key| (key.clone(), json!(1))).collect();
        let text = to_string(&forward);
        prop_assert_eq!(&text, &to_string(&backward));
        let spelled: Vec<_> = keys.iter().map(|key| format!("{}:1", to_string(key))).collect();
        prop_assert_eq!(text, format!("{{{}}}", spelled.join(",")), "sorted by code point");
    }
}

#[test]
fn a_float_becomes_text_and_never_a_second_spelling_of_a_number() {
    assert_eq!(to_string(&json!({"a": 1.5, "b": 1e300, "c": -0.0})), r#"{"a":"1.5","b":"1e+300","c":"-0.0"}"#);
}
