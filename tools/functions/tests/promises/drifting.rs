//! What the tools make of drift and of existing roots.
//! Run by cargo test on a world in memory.
//! Must never need Terraform: what drifted is given.

use super::calling::{call, problem, proposal};
use super::kit::{World, alice, network};
use chopmark_domain::change::Place;
use chopmark_domain::facts::{Drift, Facts};
use chopmark_domain::plan::{FieldChange, ResourceAction, Shown, Verb};
use chopmark_domain::problem::Code;
use chopmark_domain::proposal::{Intent, Origin, Sourced};
use chopmark_functions::ToolOutcome;
use serde_json::json;
use std::collections::BTreeMap;

fn drifted(component: &str, verb: Verb) -> Drift {
    let shown = |text: &str| Some(Shown::Value(format!("{text:?}")));
    let field = FieldChange { path: "label".into(), before: shown("by hand"), after: shown("committed") };
    let action = ResourceAction {
        address: "terraform_data.note".into(),
        kind: "terraform_data".into(),
        verb,
        fields: vec![field],
        because: None,
    };
    Drift { component: component.parse().unwrap(), actions: vec![action], problem: None }
}

fn still(component: &str) -> Drift {
    Drift { component: component.parse().unwrap(), actions: vec![], problem: None }
}

fn world(drifts: Vec<Drift>) -> World {
    World { drifts, ..World::shop() }
}

#[test]
fn without_a_word_about_where_the_environment_is_looked_at_in_which_drift_can_be_seen() {
    let found = call(world(vec![drifted("dev/shop/cart", Verb::Update)]), &alice(), "read_drift", json!({}));
    let Ok(ToolOutcome::Facts(Facts::Drift { environment, components, .. })) = found else { panic!("{found:?}") };
    assert_eq!((environment.as_str(), components.len()), ("dev", 1), "local is the default, but others apply there");
    let said = call(world(vec![]), &alice(), "read_drift", json!({"environment": "local"}));
    let Ok(ToolOutcome::Facts(Facts::Drift { environment, .. })) = said else { panic!("{said:?}") };
    assert_eq!(environment.as_str(), "local");
}

#[test]
fn one_component_or_one_root_can_be_looked_at_alone() {
    let drifts = || world(vec![still("dev/roots/network"), drifted("dev/shop/cart", Verb::Update)]);
    for (name, component) in [("cart", "dev/shop/cart"), ("network", "dev/roots/network")] {
        let found = call(drifts(), &alice(), "read_drift", json!({"component": name}));
        let Ok(ToolOutcome::Facts(Facts::Drift { components, .. })) = found else { panic!("{found:?}") };
        assert_eq!(components.iter().map(|drift| drift.component.to_string()).collect::<Vec<_>>(), [component]);
    }
    assert_eq!(problem(drifts(), &alice(), "read_drift", json!({"component": "crat"})).code, Code::UnknownComponent);
}

#[test]
fn what_was_found_counts_as_text_from_outside() {
    let facts = Facts::Drift {
        environment: "dev".parse().unwrap(),
        components: vec![drifted("dev/shop/cart", Verb::Update)],
        at: chopmark_domain::time::Timestamp(0),
    };
    let (_, text) = chopmark_functions::clean::outside(&facts).unwrap();
    assert!(text.contains("by hand") && !text.contains("committed"), "{text}");
}

#[test]
fn bring_it_back_is_about_the_one_that_drifted() {
    let drifts = vec![drifted("dev/shop/cart", Verb::Update), still("dev/shop/till")];
    let mut asker = alice();
    asker.memory.environment = "dev".parse().ok();
    let back = proposal(world(drifts.clone()), &asker, "propose_reconcile", json!({"direction": "committed"}));
    assert_eq!((back.component.to_string().as_str(), &back.intent), ("dev/shop/cart", &Intent::Reconcile));
    assert_eq!((back.environment_origin, back.group_origin), (Origin::Memory, Origin::Memory));
    let named = json!({"component": "till", "environment": "dev", "direction": "committed"});
    asker.memory.used(&"dev/shop/cart".parse().unwrap());
    let back = proposal(world(drifts), &asker, "propose_reconcile", named);
    assert_eq!(back.component.to_string(), "dev/shop/till");

    let both = vec![drifted("dev/shop/cart", Verb::Update), drifted("dev/pay/till", Verb::Update)];
    let mut asker = alice();
    asker.memory.environment = "dev".parse().ok();
    let asked = call(world(both), &asker, "propose_reconcile", json!({"direction": "committed"}));
    let Ok(ToolOutcome::Question(asked)) = asked else { panic!("{asked:?}") };
    assert_eq!(asked.options, ["dev/shop/cart", "dev/pay/till"]);
    let none = problem(world(vec![still("dev/shop/cart")]), &asker, "propose_reconcile", json!({"direction": "found"}));
    assert_eq!(none.code, Code::NothingToActOn);
}

#[test]
fn what_no_value_can_say_is_not_adopted_and_is_named() {
    for verb in [Verb::Create, Verb::Delete, Verb::Update] {
        let world = world(vec![drifted("dev/shop/cart", verb)]);
        let refused = problem(world, &alice(), "propose_reconcile", json!({"component": "cart", "direction": "found"}));
        assert_eq!(refused.code, Code::CannotAdopt);
        assert!(refused.facts["about"].starts_with("terraform_data.note"), "{refused:?}");
    }
    let same = json!({"component": "cart", "direction": "found"});
    assert_eq!(
        problem(world(vec![still("dev/shop/cart")]), &alice(), "propose_reconcile", same).code,
        Code::NothingToChange
    );
}

#[test]
fn what_drifted_is_adopted_as_values_that_were_found() {
    let mut drift = drifted("dev/shop/cart", Verb::Update);
    let shown = |text: &str| Some(Shown::Value(text.to_owned()));
    drift.actions[0].address = "Deployment/shop/cart".into();
    drift.actions[0].fields = vec![
        FieldChange { path: "/spec/replicas".into(), before: shown("5"), after: shown("2") },
        FieldChange { path: "/metadata/uid".into(), before: shown("\"a\""), after: shown("\"(known after apply)\"") },
    ];
    let keep = json!({"component": "cart", "direction": "found"});
    let kept = proposal(world(vec![drift.clone()]), &alice(), "propose_reconcile", keep.clone());
    let found = Sourced { value: 5.into(), origin: Origin::Found };
    assert_eq!(kept.intent, Intent::Edit { values: BTreeMap::from([("replicas".to_owned(), found)]) });

    drift.actions[0].fields.push(FieldChange { path: "/spec/paused".into(), before: shown("true"), after: None });
    let refused = problem(world(vec![drift]), &alice(), "propose_reconcile", keep);
    assert_eq!(refused.facts["about"], "Deployment/shop/cart /spec/paused");
}

#[test]
fn a_root_is_planned_by_its_name_and_its_files_are_left_alone() {
    let planned = proposal(World::shop(), &alice(), "propose_root", json!({"name": "network"}));
    assert_eq!(planned.component.to_string(), "dev/roots/network");
    assert_eq!(planned.intent, Intent::Root { folder: network() });
    let back = json!({"component": "network", "direction": "committed"});
    let back = proposal(World::shop(), &alice(), "propose_reconcile", back);
    assert_eq!(back.intent, Intent::Root { folder: network() });
    let keep = json!({"component": "network", "direction": "found"});
    assert_eq!(problem(World::shop(), &alice(), "propose_reconcile", keep).code, Code::NotOurs);
    let delete = problem(World::shop(), &alice(), "propose_delete", json!({"component": "network"}));
    assert_eq!(delete.code, Code::NotOurs);
    let unknown = problem(World::shop(), &alice(), "propose_root", json!({"name": "netwrok"}));
    assert_eq!((unknown.code, unknown.facts["nearest"].as_str()), (Code::UnknownComponent, "network"));
}

#[test]
fn a_folder_is_planned_only_when_the_person_typed_it_here() {
    let folder = env!("CARGO_MANIFEST_DIR");
    let mut asker = alice();
    let untyped = problem(World::shop(), &asker, "propose_root", json!({"folder": folder}));
    assert_eq!(untyped.code, Code::RootUnreadable);
    asker.said = format!("plan {folder}");
    let planned = proposal(World::shop(), &asker, "propose_root", json!({"folder": folder}));
    assert_eq!(planned.component.to_string(), "local/roots/functions");
    assert_eq!(planned.intent, Intent::Root { folder: std::fs::canonicalize(folder).unwrap() });
    asker.place = Place { surface: "web".to_owned(), ..asker.place.clone() };
    let elsewhere = problem(World::shop(), &asker, "propose_root", json!({"folder": folder}));
    assert_eq!(elsewhere.code, Code::RootUnreadable);

    let mut asker = alice();
    asker.said = format!("plan {}", network().display());
    let named = proposal(World::shop(), &asker, "propose_root", json!({"folder": network().to_str()}));
    assert_eq!(named.component.to_string(), "dev/roots/network", "a folder that an environment names is that root");
}

#[test]
fn roots_are_listed_beside_components() {
    let listed = call(World::shop(), &alice(), "list_components", json!({}));
    let Ok(ToolOutcome::Facts(Facts::Components { roots, .. })) = listed else { panic!("{listed:?}") };
    assert_eq!(roots.iter().map(|root| root.component.to_string()).collect::<Vec<_>>(), ["dev/roots/network"]);
}
