//! How answers look in both languages.
//! Run with the crate's tests.
//! Must never depend on the machine's clock or zone.

use crate::kit;
use chopmark_domain::change::Language;
use chopmark_domain::component::{ComponentVersion, TemplatePin};
use chopmark_domain::facts::{
    Bilingual, ComponentSummary, Drift, EventSummary, Facts, Health, HealthReport, ObjectSummary, RootSummary,
    TemplateSummary, Trouble, VersionSummary,
};
use chopmark_domain::ids::{EnvironmentName, ObjectHash};
use chopmark_domain::ledger::{EntryContent, EntryKind};
use chopmark_domain::literal::Literal;
use chopmark_domain::person::Actor;
use chopmark_domain::proposal::ObjectReference;
use chopmark_domain::time::Timestamp;
use chopmark_protocol::line::plain;
use chopmark_protocol::view;
use std::collections::BTreeMap;

fn ago(seconds: i64) -> Timestamp {
    Timestamp(kit::moment().now.0 - seconds * 1000)
}

fn commit() -> ObjectHash {
    ObjectHash::parse(&"ab12".repeat(10)).unwrap()
}

fn object(kind: &str, name: &str) -> ObjectReference {
    ObjectReference { api_version: "v1".into(), kind: kind.into(), namespace: Some("shop".into()), name: name.into() }
}

fn drift(components: Vec<Drift>) -> Facts {
    Facts::Drift { environment: EnvironmentName::parse("dev").unwrap(), components, at: ago(0) }
}

fn every() -> Vec<Facts> {
    let changes = vec![kit::create().change, kit::degraded().change];
    let summary = |component: &str, change: Option<&str>, seconds| ComponentSummary {
        component: component.parse().unwrap(),
        template: kit::template("web-service"),
        commit: commit(),
        change: change.map(kit::id),
        at: ago(seconds),
    };
    vec![
        Facts::Components { components: vec![], roots: vec![] },
        Facts::Components {
            components: vec![summary("dev/shop/cart", Some("chg-7f3k2p"), 90), summary("dev/cluster/shop", None, 9000)],
            roots: vec![RootSummary {
                component: "dev/roots/network".parse().unwrap(),
                folder: "/infra/network".into(),
            }],
        },
        Facts::Component {
            version: ComponentVersion {
                component: "dev/shop/cart".parse().unwrap(),
                template: TemplatePin { name: kit::template("web-service"), version: 1, digest: String::new() },
                values: BTreeMap::from([("image".into(), Literal::from("web:1")), ("replicas".into(), 2.into())]),
                files: vec![],
                commit: commit(),
                change: Some(kit::id("chg-7f3k2p")),
                at: ago(90),
            },
            history: vec![
                VersionSummary {
                    commit: commit(),
                    change: Some(kit::id("chg-7f3k2p")),
                    title: "Create dev/shop/cart".into(),
                    at: ago(90),
                },
                VersionSummary { commit: commit(), change: None, title: "修复端口".into(), at: ago(900_000) },
            ],
        },
        Facts::Changes { changes: vec![], since: Some(ago(50_000)) },
        Facts::Changes { changes, since: None },
        Facts::Approvers {
            change: kit::id("chg-7f3k2p"),
            rule: kit::rule(2, chopmark_domain::approval::SelfApproval::Forbidden),
            people: vec![kit::person("terminal:1001"), kit::person("terminal:1002")],
            able: [("terminal:1001", "Bob"), ("terminal:1002", "卡萝")]
                .map(|(id, name)| chopmark_domain::deciders::Decider {
                    person: kit::person(id),
                    name: name.to_owned(),
                    roles: vec!["keeper".parse().unwrap()],
                })
                .to_vec(),
        },
        Facts::Ledger {
            entries: vec![EntryContent {
                version: 1,
                sequence: 7,
                at: ago(30),
                kind: EntryKind::Countersigned,
                actor: Actor::Person(kit::person("terminal:1000")),
                change: Some(kit::id("chg-7f3k2p")),
                digest: Some(chopmark_domain::digest::Digest::of(b"x")),
                payload: serde_json::Value::Null,
            }],
        },
        Facts::LedgerVerified { entries: 42, head: "f".repeat(64), against: "internal".into() },
        Facts::Objects {
            environment: EnvironmentName::parse("dev").unwrap(),
            kind: "Pod".into(),
            objects: vec![ObjectSummary {
                object: object("Pod", "cart-1"),
                status: "Running".into(),
                created_at: ago(600),
                component: "dev/shop/cart".parse().ok(),
            }],
        },
        Facts::Events {
            events: vec![EventSummary {
                object: object("Pod", "cart-1"),
                severity: "Warning".into(),
                reason: "BackOff".into(),
                message: "Back-off pulling image".into(),
                count: 4,
                at: ago(20),
            }],
        },
        Facts::Logs {
            pod: "cart-1".into(),
            container: "web".into(),
            lines: vec!["ready on :8080".into(), "\u{1b}[2Jpwn".into()],
        },
        Facts::Health(HealthReport {
            subject: "dev/shop/cart".into(),
            health: Health::Unhealthy,
            ready: 1,
            wanted: 3,
            troubles: vec![Trouble {
                kind: "image-pull".into(),
                object: "Pod/shop/cart-1".into(),
                evidence: vec!["Back-off pulling image \"localhost/nope:9\"".into()],
            }],
            at: ago(0),
        }),
        Facts::Health(HealthReport {
            subject: "dev/shop/cart".into(),
            health: Health::Healthy,
            ready: 3,
            wanted: 3,
            troubles: vec![],
            at: ago(0),
        }),
        drift(kit::drifted()),
        drift(kit::drifted().split_off(3)),
        drift(vec![]),
        Facts::Templates {
            templates: vec![TemplateSummary {
                name: kit::template("web-service"),
                family: "kubernetes".into(),
                title: Bilingual { en: "Web service".into(), zh: "Web 服务".into() },
                summary: Bilingual { en: "Pods behind a service.".into(), zh: "一组 Pod 与服务。".into() },
            }],
        },
    ]
}

#[test]
fn answers_are_drawn_from_facts_in_both_languages() {
    for (language, name) in [(Language::En, "answers_en"), (Language::Zh, "answers_zh")] {
        let pages: Vec<_> = every().iter().map(|facts| plain(&view::facts(facts, language, &kit::moment()))).collect();
        insta::assert_snapshot!(name, pages.join("\n\n"));
    }
}
