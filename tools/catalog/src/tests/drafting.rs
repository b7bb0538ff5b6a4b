//! Promises about creating and changing components.
//! Run by cargo.
//! Must never compare less than whole values where a value is what is promised.

use super::{SHIPPED, cart, code, committed, create, draft, environment, names, object, proposal, said};
use chopmark_domain::draft::{Action, Content, Verify, WayBack};
use chopmark_domain::environment::Mode;
use chopmark_domain::literal::Literal;
use chopmark_domain::manifest::Manifest;
use chopmark_domain::ports::Drafter;
use chopmark_domain::problem::Code;
use chopmark_domain::proposal::{Intent, Origin};
use serde_json::json;
use std::collections::BTreeMap;

const CART: &str = "dev/shop/cart";

fn edit(values: &[(&str, Literal)]) -> Intent {
    Intent::Edit { values: said(values) }
}

#[test]
fn every_default_is_written_down_with_its_origin() {
    let made = draft(CART, create("web-service", said(&[("image", "nginx:1.27".into())])), None).unwrap();
    let Content::Component { template, values, .. } = &made.content else { panic!("{made:?}") };
    assert_eq!((values["image"].origin.clone(), values["port"].origin.clone()), (Origin::Said, Origin::Default));
    assert_eq!(values["port"].value, Literal::Integer(8080));
    assert_eq!(names(&made), ["component.toml", "deployment.yaml", "service.yaml"]);
    let manifest = Manifest::parse(&made.files()[0].text).unwrap();
    assert_eq!(&manifest.template, template);
    assert_eq!(manifest.values["memory"], Literal::from("128Mi"));
    assert_eq!((made.action, made.verify, made.way_back), (Action::Create, Verify::Rollout, WayBack::PreviousVersion));
}

#[test]
fn said_memory_is_request_and_limit() {
    let version = cart();
    let container = object(&draft(CART, edit(&[("cpu", "0.25".into())]), Some(&version)).unwrap(), "deployment.yaml")
        .pointer("/spec/template/spec/containers/0")
        .cloned()
        .unwrap();
    let amounts = json!({"cpu": "250m", "memory": "64Mi"});
    assert_eq!(container["resources"], json!({"requests": amounts, "limits": amounts}));
    assert_eq!(container["readinessProbe"]["tcpSocket"], json!({"port": "main"}));
}

#[test]
fn optional_objects_come_with_the_values_that_ask_for_them() {
    let values = said(&[
        ("image", "nginx:1.27".into()),
        ("host", "cart.example.com".into()),
        ("autoscale_max", 5.into()),
        ("path", "/healthz".into()),
    ]);
    let made = draft(CART, create("web-service", values), None).unwrap();
    let all = [
        "autoscaler.yaml",
        "component.toml",
        "deployment.yaml",
        "disruption-budget.yaml",
        "ingress.yaml",
        "service.yaml",
    ];
    assert_eq!(names(&made), all);
    assert!(object(&made, "deployment.yaml").pointer("/spec/replicas").is_none(), "an autoscaler owns replicas");
    let away = draft(CART, edit(&[("host", "".into())]), Some(&committed(&made))).unwrap();
    assert!(!names(&away).contains(&"ingress.yaml"), "empty text takes an optional value away");
}

#[test]
fn a_disruption_budget_comes_with_the_second_replica_and_stays() {
    let one = draft(CART, create("web-service", said(&[("image", "nginx:1.27".into())])), None).unwrap();
    let two = draft(CART, edit(&[("replicas", 2.into())]), Some(&committed(&one))).unwrap();
    assert!(names(&two).contains(&"disruption-budget.yaml"));
    let back = draft(CART, edit(&[("replicas", 1.into())]), Some(&committed(&two))).unwrap();
    assert!(names(&back).contains(&"disruption-budget.yaml"), "scaling down would delete an object");
}

#[test]
fn an_edit_keeps_every_other_value() {
    let version = cart();
    let edited = draft(CART, edit(&[("replicas", 3.into())]), Some(&version)).unwrap();
    let Content::Component { values, .. } = &edited.content else { panic!("{edited:?}") };
    assert_eq!((&values["replicas"].value, &values["replicas"].origin), (&Literal::Integer(3), &Origin::Said));
    assert_eq!((&values["image"].value, &values["image"].origin), (&"localhost/web:1".into(), &Origin::Kept));
    let mut expected = version.values.clone();
    expected.insert("replicas".into(), 3.into());
    assert_eq!(committed(&edited).values, expected);
}

#[test]
fn an_edit_that_changes_nothing_is_refused() {
    let version = cart();
    assert_eq!(code(draft(CART, edit(&[("replicas", 2.into())]), Some(&version))), Code::NothingToChange);
    assert_eq!(code(draft(CART, edit(&[("memory", "65536Ki".into())]), Some(&version))), Code::NothingToChange);
    assert_eq!(code(draft(CART, edit(&[("host", "".into())]), Some(&version))), Code::NothingToChange);
    assert_eq!(code(draft(CART, edit(&[]), Some(&version))), Code::NothingToChange);
}

#[test]
fn a_component_made_by_an_older_template_is_edited_with_the_present_one() {
    let mut version = cart();
    version.template.digest = "0".repeat(64);
    let edited = draft(CART, edit(&[("replicas", 3.into())]), Some(&version)).unwrap();
    let Content::Component { template, .. } = &edited.content else { panic!("{edited:?}") };
    let shipped = SHIPPED.get(&version.template.name).unwrap();
    assert_eq!(template, &shipped.pin(), "the draft carries the pin of what rendered it");
    version.values.insert("no_longer_there".into(), 1.into());
    assert_eq!(code(draft(CART, edit(&[("replicas", 3.into())]), Some(&version))), Code::UnknownParameter);
    version.values.remove("no_longer_there");
    version.values.insert("replicas".into(), Literal::Integer(100_000));
    assert_eq!(code(draft(CART, edit(&[("port", 80.into())]), Some(&version))), Code::InvalidParameter);
}

#[test]
fn values_that_do_not_go_together_are_refused() {
    let version = cart();
    for values in [
        vec![("memory", "128Mi".into()), ("memory_limit", "64Mi".into())],
        vec![("autoscale_min", 5.into()), ("autoscale_max", 4.into())],
    ] {
        assert_eq!(code(draft(CART, edit(&values), Some(&version))), Code::InvalidParameter, "{values:?}");
    }
}

#[test]
fn what_is_a_range_or_an_address_is_checked_as_one() {
    let list = |items: &[&str]| Literal::List(items.iter().map(|item| (*item).into()).collect());
    let network = |values: &[(&str, Literal)]| draft("dev/main/core", create("network", said(values)), None);
    let record = |kind: &str, answer: &str| {
        let values = [("zone", "Z1".into()), ("record_name", "www.example.com".into()), ("record_type", kind.into())];
        let values = said(&[values.as_slice(), &[("answers", list(&[answer]))]].concat());
        draft("dev/main/www", create("dns-record", values), None)
    };
    for (range, rule) in [("banana", "cidr"), ("10.0.0.5/16", "cidr"), ("10.0.0.0/8", "bounds")] {
        let problem = network(&[("range", range.into())]).unwrap_err();
        assert_eq!((problem.code, problem.facts["rule"].as_str()), (Code::InvalidParameter, rule), "{range}");
    }
    let problem = network(&[("range", "10.0.0.0/16".into()), ("subnets", list(&["banana"]))]).unwrap_err();
    assert_eq!((problem.facts["parameter"].as_str(), problem.facts["rule"].as_str()), ("subnets", "cidr"));
    assert!(network(&[("range", "10.0.0.0/16".into()), ("subnets", list(&["10.0.1.0/24"]))]).is_ok());
    for (kind, answer) in [("ipv4", "banana"), ("ipv4", "2001:db8::1"), ("ipv6", "203.0.113.10")] {
        let problem = record(kind, answer).unwrap_err();
        assert_eq!((problem.code, problem.facts["rule"].as_str()), (Code::InvalidParameter, kind), "{answer}");
    }
    for (kind, answer) in [("ipv4", "203.0.113.10"), ("ipv6", "2001:db8::1"), ("CNAME", "banana.example.com")] {
        assert!(record(kind, answer).is_ok(), "{kind} {answer}");
    }
}

#[test]
fn bounds_hold_and_their_facts_say_which() {
    let given = |name, value: Literal| {
        let values = said(&[("image", "nginx:1.27".into()), (name, value)]);
        draft(CART, create("web-service", values), None).unwrap_err()
    };
    let problem = given("replicas", 501.into());
    assert_eq!((problem.code, problem.facts["most"].as_str()), (Code::InvalidParameter, "500"));
    for (name, value) in [
        ("replicas", Literal::Integer(-1)),
        ("replicas", "3; rm -rf /".into()),
        ("replicas", "012".into()),
        ("replicas", "1e1".into()),
        ("replicas", Literal::Bool(true)),
        ("port", 0.into()),
        ("port", 65536.into()),
        ("memory", "64m".into()),
        ("memory", 64.into()),
        ("cpu", "0".into()),
        ("environment", "A=1".into()),
        ("environment", Literal::Map(BTreeMap::from([("A=B".into(), "1".into())]))),
        ("path", "healthz".into()),
    ] {
        assert_eq!(given(name, value.clone()).code, Code::InvalidParameter, "{name}={value}");
    }
    assert_eq!(given("replica", 1.into()).facts["nearest"], "replicas");
    assert_eq!(code(draft(CART, create("web-service", said(&[])), None)), Code::MissingParameter);
    let problem = draft(CART, create("web-servce", said(&[])), None).unwrap_err();
    assert_eq!((problem.code, problem.facts["nearest"].as_str()), (Code::UnknownTemplate, "web-service"));
}

#[test]
fn a_component_is_made_once_and_where_its_template_belongs() {
    let image = || said(&[("image", "nginx:1.27".into())]);
    assert_eq!(code(draft(CART, create("web-service", image()), Some(&cart()))), Code::ComponentExists);
    for (component, template, values) in [
        ("dev/cluster/cart", "web-service", image()),
        ("dev/shop/team", "namespace", said(&[])),
        ("dev/cluster/cluster", "namespace", said(&[])),
        ("dev/cluster/kube-system", "namespace", said(&[])),
        ("dev/shop/1cart", "web-service", image()),
        (&format!("dev/shop/{}", "a".repeat(53)), "job", image()),
    ] {
        assert_eq!(code(draft(component, create(template, values), None)), Code::InvalidName, "{component}");
    }
    let mut here = environment(Mode::Apply);
    here.templates.clear();
    let proposed = proposal(CART, create("web-service", image()));
    assert_eq!(code(SHIPPED.draft(&proposed, &here, None, None)), Code::TemplateNotAllowed);
}

#[test]
fn a_secret_holds_references_and_needs_hands_that_fill_it() {
    let given = |reference: &str| {
        let references = Literal::Map(BTreeMap::from([("password".into(), reference.into())]));
        create("secret", said(&[("references", references)]))
    };
    let made = draft("dev/shop/database", given("env:DB_PASSWORD"), None).unwrap();
    let secret = object(&made, "secret.yaml");
    assert!(secret.get("data").is_none() && secret.get("stringData").is_none());
    let references = "{\"password\":\"env:DB_PASSWORD\"}";
    assert_eq!(secret["metadata"]["annotations"], json!({"chopmark.io/secret-references": references}));
    let refused = draft("dev/shop/database", given("hunter2"), None).unwrap_err();
    assert_eq!(refused.code, Code::InvalidSecretReference);
    assert!(!format!("{refused:?}").contains("hunter2"), "what may be a secret is not repeated: {refused:?}");
    let gitops = environment(Mode::Gitops);
    let proposed = proposal("dev/shop/database", given("env:DB_PASSWORD"));
    assert_eq!(code(SHIPPED.draft(&proposed, &gitops, None, None)), Code::SecretNeedsApply);
}

#[test]
fn a_restart_changes_the_pods_and_nothing_else() {
    let version = cart();
    let restarted = draft(CART, Intent::Restart { asked_at: 1_767_225_600_000 }, Some(&version)).unwrap();
    let annotations = "/spec/template/metadata/annotations";
    let expected = json!({"chopmark.io/restarted-at": "2026-01-01T00:00:00Z"});
    let deployment = object(&restarted, "deployment.yaml");
    assert_eq!(deployment.pointer(annotations), Some(&expected));
    let scaled = draft(CART, edit(&[("replicas", 3.into())]), Some(&committed(&restarted))).unwrap();
    let deployment = object(&scaled, "deployment.yaml");
    assert_eq!(deployment.pointer(annotations), Some(&expected), "a later edit restarts nothing");
    let data = Literal::Map(BTreeMap::from([("A".into(), "1".into())]));
    let settings = draft("dev/shop/settings", create("config-map", said(&[("data", data)])), None).unwrap();
    let restart = draft("dev/shop/settings", Intent::Restart { asked_at: 0 }, Some(&committed(&settings)));
    assert_eq!(code(restart), Code::CannotRestart);
}

#[test]
fn a_job_runs_again_as_an_object_of_its_own() {
    let made = draft("dev/shop/migrate", create("job", said(&[("image", "a:1".into())])), None).unwrap();
    let again = draft("dev/shop/migrate", Intent::Restart { asked_at: 0 }, Some(&committed(&made))).unwrap();
    let edited = draft("dev/shop/migrate", edit(&[("image", "a:2".into())]), Some(&committed(&again))).unwrap();
    let name = |draft| object(draft, "job.yaml")["metadata"]["name"].clone();
    assert_eq!([name(&made), name(&again), name(&edited)], ["migrate-1", "migrate-2", "migrate-3"]);
    let same = draft("dev/shop/migrate", edit(&[("image", "a:2".into())]), Some(&committed(&edited)));
    assert_eq!(code(same), Code::NothingToChange);
}

#[test]
fn a_namespace_brings_only_what_was_asked_for() {
    let plain = draft("dev/cluster/shop", create("namespace", said(&[])), None).unwrap();
    assert_eq!(names(&plain), ["component.toml", "namespace.yaml"]);
    let values = said(&[("quota_memory", "8Gi".into()), ("network", "deny-incoming".into())]);
    let full = draft("dev/cluster/shop", create("namespace", values), None).unwrap();
    assert_eq!(names(&full), ["component.toml", "limits.yaml", "namespace.yaml", "network-policy.yaml", "quota.yaml"]);
}
