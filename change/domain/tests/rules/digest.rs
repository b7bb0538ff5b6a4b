//! What is countersigned is everything: each field, spoiled by itself, gives another digest.
//! Walks the serialised form, so that a field added later is tried without being named here.
//! Must never leave a leaf untried without saying which.

use crate::samples::{decision, drafts, planned, rule};
use chopmark_domain::approval::{Decision, SelfApproval, Verdict};
use chopmark_domain::calendar::{Span, Start, Zone};
use chopmark_domain::change::Planned;
use chopmark_domain::digest::{Digest, Fields};
use chopmark_domain::draft::{Content, Draft, WayBack};
use chopmark_domain::ids::{ChangeId, Revision};
use chopmark_domain::proposal::Origin;
use chopmark_domain::time::Timestamp;
use proptest::prelude::*;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Words that some enum of ours knows, to spoil one with another.
const WORDS: [&str; 26] = [
    "the_rule",
    "create",
    "edit",
    "delete",
    "update",
    "keep",
    "rollout",
    "exists",
    "apply",
    "gitops",
    "low",
    "severe",
    "note",
    "deny",
    "allowed",
    "forbidden",
    "said",
    "default",
    "value",
    "hidden",
    "approve",
    "reject",
    "other-name",
    "a/b",
    "prod/shop/other",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
];

/// JSON pointers of every value, branches included.
fn pointers(value: &Value, at: String, all: &mut Vec<String>) {
    let escape = |key: &str| key.replace('~', "~0").replace('/', "~1");
    match value {
        Value::Object(entries) => {
            for (key, value) in entries {
                pointers(value, format!("{at}/{}", escape(key)), all);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                pointers(value, format!("{at}/{index}"), all);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
    all.push(at);
}

/// Other values that could stand in a place.
fn others(value: &Value) -> Vec<Value> {
    let mut others: Vec<Value> = match value {
        Value::Null => vec![json!("x"), json!(1)],
        Value::Bool(value) => vec![json!(!value)],
        Value::Number(number) => vec![json!(number.as_i64().unwrap_or(0) + 1)],
        Value::String(text) => {
            let mut others = vec![json!(format!("{text}x"))];
            others.extend(WORDS.iter().filter(|word| *word != text).map(|word| json!(word)));
            others
        }
        Value::Array(items) => vec![json!([]), json!([items.clone(), items.clone()].concat())],
        Value::Object(entries) => entries
            .keys()
            .map(|key| {
                let mut fewer = entries.clone();
                fewer.remove(key);
                Value::Object(fewer)
            })
            .collect(),
    };
    others.push(Value::Null);
    others
}

/// Spoils every place in turn; returns the places where a valid other value gives the same digest,
/// and the leaves for which no other value was valid by itself, such as the name of a variant.
fn insensitive<T>(whole: &T, digest: impl Fn(&T) -> Digest) -> (Vec<String>, BTreeSet<String>)
where
    T: serde::Serialize + DeserializeOwned + PartialEq,
{
    let value = serde_json::to_value(whole).unwrap();
    let mut all = vec![];
    pointers(&value, String::new(), &mut all);
    let (mut same, mut untried) = (vec![], BTreeSet::new());
    for pointer in all {
        let mut tried = false;
        for other in others(value.pointer(&pointer).unwrap()) {
            let mut spoiled = value.clone();
            *spoiled.pointer_mut(&pointer).unwrap() = other;
            let Ok(spoiled) = serde_json::from_value::<T>(spoiled) else { continue };
            if spoiled == *whole {
                continue;
            }
            tried = true;
            if digest(&spoiled) == digest(whole) {
                same.push(pointer.clone());
            }
        }
        if !tried && !value.pointer(&pointer).is_some_and(|value| value.is_object() || value.is_array()) {
            untried.insert(pointer);
        }
    }
    (same, untried)
}

fn id() -> ChangeId {
    ChangeId::parse("chg-7f3k").unwrap()
}

#[test]
fn every_field_of_a_plan_is_countersigned() {
    let draft = drafts().remove(0);
    let planned = planned(rule(2, SelfApproval::Allowed));
    let (same, untried) =
        insensitive(&planned, |planned: &Planned| planned.compute_digest(&id(), Revision::FIRST, &draft));
    assert_eq!(same, ["/digest"], "the digest is the answer, not a part of the question");
    // The name of a variant alone is no other value; another start with what belongs to it is, see below.
    assert_eq!(untried, BTreeSet::from(["/start/start".to_owned()]));
    let span = Span { from: Timestamp(1), until: Timestamp(2) };
    let later = Planned { start: Start::Within { window: None, span, zone: Zone::utc() }, ..planned.clone() };
    let digest = |planned: &Planned| planned.compute_digest(&id(), Revision::FIRST, &draft);
    assert_ne!(digest(&later), digest(&planned));
}

#[test]
fn every_field_of_a_draft_is_countersigned() {
    let planned = planned(rule(1, SelfApproval::Allowed));
    let mut untried = BTreeSet::new();
    for draft in drafts() {
        let spoiled = insensitive(&draft, |draft: &Draft| planned.compute_digest(&id(), Revision::FIRST, draft));
        assert_eq!(spoiled.0, Vec::<String>::new());
        untried.extend(spoiled.1);
    }
    // Names of variants that hold something: the test below.
    let variants = [
        "/content/content",
        "/content/values/flags/origin/from",
        "/content/values/image/origin/from",
        "/content/values/replicas/origin/from",
        "/way_back/way",
    ];
    assert_eq!(untried, variants.map(str::to_owned).into());
}

#[test]
fn every_form_of_a_draft_and_origin_of_a_value_is_countersigned() {
    let planned = planned(rule(1, SelfApproval::Allowed));
    let mut all = drafts();
    all.push(Draft { way_back: WayBack::PreviousVersion, ..all[0].clone() });
    for origin in [Origin::Said, Origin::Default, Origin::Environment, Origin::Memory, Origin::Kept] {
        let mut draft = all[0].clone();
        if let Content::Component { values, .. } = &mut draft.content {
            values.values_mut().for_each(|value| value.origin = origin.clone());
        }
        all.push(draft);
    }
    let digests: BTreeSet<_> = all.iter().map(|draft| planned.compute_digest(&id(), Revision::FIRST, draft)).collect();
    assert_eq!(digests.len(), all.len());
}

#[test]
fn a_plan_is_countersigned_for_one_change_and_revision() {
    let (draft, planned) = (drafts().remove(0), planned(rule(1, SelfApproval::Allowed)));
    let other = ChangeId::parse("chg-7f3m").unwrap();
    let digests = BTreeSet::from([
        planned.compute_digest(&id(), Revision(1), &draft),
        planned.compute_digest(&id(), Revision(2), &draft),
        planned.compute_digest(&other, Revision(1), &draft),
    ]);
    assert_eq!(digests.len(), 3);
}

#[test]
fn every_field_of_a_decision_is_sealed() {
    let mut sealed = decision("ann", Verdict::Approve, Digest::of(b"x"));
    sealed.decision.reason = Some("because".to_owned());
    let (same, untried) = insensitive(&sealed.decision, Decision::sealed_bytes);
    assert_eq!(same, Vec::<String>::new());
    assert_eq!(untried, BTreeSet::new());
}

proptest! {
    /// No two lists of fields share bytes, however their contents are cut.
    #[test]
    fn different_lists_of_fields_have_different_digests(
        one in proptest::collection::vec("[ab\0]{0,3}", 0..5),
        two in proptest::collection::vec("[ab\0]{0,3}", 0..5),
    ) {
        let digest = |list: &[String]| {
            let mut fields = Fields::new("test");
            for text in list {
                fields.text(text);
            }
            fields.finish()
        };
        prop_assert_eq!(digest(&one) == digest(&two), one == two);
    }
}
