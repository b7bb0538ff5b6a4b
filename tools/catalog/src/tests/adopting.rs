//! Promises about keeping what drifted: the one value that makes it so is found, or none is.
//! Run by cargo.
//! Must never accept a value that renders to something else than what was found.

use super::terraform::{catalog, reports, with};
use super::{SHIPPED, cart, committed, create, environment, proposal, said};
use chopmark_domain::component::ComponentVersion;
use chopmark_domain::environment::{Environment, Mode};
use chopmark_domain::literal::Literal;
use chopmark_domain::ports::Drafter;
use std::collections::BTreeMap;

fn adopted(version: &ComponentVersion, path: &str, found: Option<Literal>) -> Option<(String, Literal)> {
    catalog().adopt(version, &with(&[], &[]), "aws_s3_bucket.this", path, found.as_ref())
}

fn map(entries: &[(&str, &str)]) -> Literal {
    Literal::Map(entries.iter().map(|(key, value)| ((*key).to_owned(), Literal::from(*value))).collect())
}

#[test]
fn a_tag_changed_by_hand_is_the_value_behind_it() {
    let owner = |text: &str| Some(("owner".to_owned(), Literal::from(text)));
    for path in ["/tags/owner", "tags.owner", "/tags_all/owner"] {
        assert_eq!(adopted(&reports(), path, Some("bob".into())), owner("bob"), "{path}");
    }
    assert_eq!(
        adopted(&reports(), "/force_destroy", Some(Literal::Bool(true))),
        Some(("locked".into(), Literal::Bool(true)))
    );
    assert_eq!(adopted(&reports(), "/keep", Some(3.into())), Some(("versions".into(), 3.into())));
}

#[test]
fn a_tag_put_there_by_hand_becomes_an_entry_and_one_taken_away_goes() {
    let mut tagged = reports();
    let added = adopted(&tagged, "/tags/team", Some("shop".into()));
    assert_eq!(added, Some(("tags".into(), map(&[("team", "shop")]))));
    tagged.values.insert("tags".into(), map(&[("team", "shop"), ("tier", "one")]));
    let changed = adopted(&tagged, "/tags/tier", Some("two".into()));
    assert_eq!(changed, Some(("tags".into(), map(&[("team", "shop"), ("tier", "two")]))));
    assert_eq!(adopted(&tagged, "/tags/tier", None), Some(("tags".into(), map(&[("team", "shop")]))));
}

#[test]
fn what_no_value_makes_so_is_not_adopted() {
    assert_eq!(adopted(&reports(), "/bucket", Some("other".into())), None, "a name is no value");
    assert_eq!(adopted(&reports(), "/tags/owner", Some("ann".into())), None, "it is so already");
    assert_eq!(adopted(&reports(), "/tags/owner", None), None, "an owner is required");
    assert_eq!(adopted(&reports(), "/keep", Some(99.into())), None, "out of bounds");
    assert_eq!(adopted(&reports(), "/acl", Some("public".into())), None);
    let elsewhere = catalog().adopt(&reports(), &with(&[], &[]), "aws_s3_bucket.b", "/keep", Some(&3.into()));
    assert_eq!(elsewhere, None);
}

#[test]
fn fields_of_a_cluster_s_objects_are_adopted_too() {
    let adopt = |address: &str, path: &str, found: Literal| {
        SHIPPED.adopt(&cart(), &environment(Mode::Apply), address, path, Some(&found))
    };
    let at = "Deployment/shop/cart";
    assert_eq!(adopt(at, "/spec/replicas", 5.into()), Some(("replicas".into(), 5.into())));
    let image = "/spec/template/spec/containers/0/image";
    assert_eq!(adopt(at, image, "localhost/web:2".into()), Some(("image".into(), "localhost/web:2".into())));
    assert_eq!(adopt(at, "/spec/paused", Literal::Bool(true)), None);
    assert_eq!(adopt("Deployment/shop/other", "/spec/replicas", 5.into()), None);
    let mut version = cart();
    version.values.insert("environment".into(), Literal::Map(BTreeMap::from([("MODE".into(), "a".into())])));
    let found = SHIPPED.adopt(
        &version,
        &environment(Mode::Apply),
        at,
        "/spec/template/spec/containers/0/env/0/value",
        Some(&"b".into()),
    );
    assert_eq!(found, Some(("environment".into(), map(&[("MODE", "b")]))));
}

#[test]
fn the_shipped_terraform_templates_take_up_what_was_changed_by_hand() {
    let environment = Environment { terraform: with(&[], &[]).terraform, ..environment(Mode::Apply) };
    let make = |template: &str, values: &[(&str, Literal)]| {
        let created = proposal("dev/main/reports", create(template, said(values)));
        committed(&SHIPPED.draft(&created, &environment, None, None).unwrap())
    };
    let adopt = |version: &ComponentVersion, address: &str, path: &str, found: Literal| {
        SHIPPED.adopt(version, &environment, address, path, Some(&found))
    };
    let bucket = make("object-storage", &[]);
    let tag = Some(("tags".to_owned(), map(&[("owner", "ann")])));
    assert_eq!(adopt(&bucket, "aws_s3_bucket.this", "/tags/owner", "ann".into()), tag);
    assert_eq!(adopt(&bucket, "aws_s3_bucket.this", "/tags/ManagedBy", "me".into()), None, "that is ours to say");
    assert_eq!(
        adopt(&bucket, "aws_s3_bucket_versioning.this", "/versioning_configuration/0/status", "Off".into()),
        None
    );
    let subnets = Literal::List(vec!["10.0.1.0/24".into()]);
    let network = make("network", &[("range", "10.0.0.0/16".into()), ("subnets", subnets)]);
    let subnet = "aws_subnet.this[\"10.0.1.0/24\"]";
    assert_eq!(adopt(&network, subnet, "/tags_all/owner", "ann".into()), tag);
    let note = make("note", &[("text", "hello".into())]);
    let text = Some(("text".to_owned(), Literal::from("bye")));
    assert_eq!(adopt(&note, "terraform_data.this", "/input/text", "bye".into()), text);
    let answers = Literal::List(vec!["192.0.2.1".into(), "192.0.2.2".into()]);
    let values = [("zone", "Z1".into()), ("record_name", "www.example.com".into()), ("answers", answers)];
    let record = make("dns-record", &values);
    let (about, moved) = ("aws_route53_record.this", Literal::List(vec!["192.0.2.1".into(), "192.0.2.9".into()]));
    assert_eq!(adopt(&record, about, "/ttl", 60.into()), Some(("ttl".into(), "1m".into())));
    assert_eq!(adopt(&record, about, "/records/1", "192.0.2.9".into()), Some(("answers".into(), moved)));
}
