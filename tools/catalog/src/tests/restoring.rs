//! Promises about deleting, restoring, patching and revising.
//! Run by cargo.
//! Must never let a restored byte differ.

use super::{SHIPPED, cart, code, create, draft, environment, proposal, said};
use chopmark_domain::component::{ComponentFile, ComponentVersion};
use chopmark_domain::draft::{Action, Content, Verify, WayBack};
use chopmark_domain::environment::Mode;
use chopmark_domain::ids::{ChangeId, ObjectHash};
use chopmark_domain::literal::Literal;
use chopmark_domain::ports::Drafter;
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::proposal::{Intent, ObjectReference, Origin, Proposal};
use std::collections::BTreeMap;

const CART: &str = "dev/shop/cart";

fn restore(
    version: Option<&ComponentVersion>,
    current: Option<&ComponentVersion>,
) -> Result<chopmark_domain::draft::Draft, Problem> {
    let commit = version.map(|version| version.commit.clone());
    let proposed = proposal(CART, Intent::Restore { version: commit, undoes: None });
    SHIPPED.draft(&proposed, &environment(Mode::Apply), current, version)
}

#[test]
fn a_delete_removes_what_is_there_and_only_that() {
    let gone = draft(CART, Intent::Delete, Some(&cart())).unwrap();
    assert_eq!(gone.content, Content::Removed { template: cart().template.name });
    assert_eq!((gone.action, gone.files().len()), (Action::Delete, 0));
    assert_eq!(code(draft(CART, Intent::Delete, None)), Code::UnknownComponent);
}

#[test]
fn deleting_a_namespace_says_that_its_content_does_not_come_back() {
    let made = draft("dev/cluster/shop", create("namespace", said(&[])), None).unwrap();
    let gone = draft("dev/cluster/shop", Intent::Delete, Some(&super::committed(&made))).unwrap();
    assert_eq!(gone.way_back, WayBack::NotEverything("data".into()));
}

#[test]
fn a_restored_version_has_the_same_bytes() {
    let old = cart();
    let edited = draft(CART, Intent::Edit { values: said(&[("replicas", 5.into())]) }, Some(&old)).unwrap();
    let new = super::committed(&edited);
    let restored = restore(Some(&old), Some(&new)).unwrap();
    assert_eq!((restored.files(), restored.action), (old.files.as_slice(), Action::Restore));
    let after_delete = restore(Some(&old), None).unwrap();
    assert_eq!(after_delete.files(), old.files);
    assert_eq!(code(restore(Some(&old), Some(&old))), Code::NothingToChange);
}

#[test]
fn restoring_what_was_before_a_creation_removes() {
    let removed = restore(None, Some(&cart())).unwrap();
    assert_eq!(removed.content, Content::Removed { template: cart().template.name });
    assert_eq!(removed.action, Action::Restore);
    let unknown = Intent::Restore { version: Some(ObjectHash::parse(&"b".repeat(40)).unwrap()), undoes: None };
    assert_eq!(code(draft(CART, unknown, Some(&cart()))), Code::UnknownVersion);
}

#[test]
fn a_version_edited_by_hand_is_screened_before_it_comes_back() {
    let object = "apiVersion: v1\nkind: Secret\nmetadata: {name: x, namespace: shop}\n";
    for (name, text) in [
        ("extra.yaml", "a: &a {b: c}\nd: *a\n"),
        ("extra.yaml", "a: !!str b\n"),
        ("extra.yaml", object),
        ("../outside.yaml", "a: b\n"),
        ("sub/dir.yaml", "a: b\n"),
        (".git", "x"),
        ("", "x"),
    ] {
        let mut version = cart();
        version.files.push(ComponentFile { name: name.into(), text: text.into() });
        assert_eq!(code(restore(Some(&version), None)), Code::RenderMismatch, "{name}: {text}");
    }
    let mut version = cart();
    for file in &mut version.files {
        file.text = file.text.replace("namespace: \"shop\"", "namespace: \"kube-system\"");
    }
    assert_eq!(code(restore(Some(&version), None)), Code::RenderMismatch);
}

fn patch(kind: &str, pointer: &str, value: Option<Literal>) -> Intent {
    let object = ObjectReference {
        api_version: "apps/v1".into(),
        kind: kind.into(),
        namespace: Some("shop".into()),
        name: "cart".into(),
    };
    Intent::Patch { object, fields: BTreeMap::from([(pointer.to_owned(), value)]) }
}

#[test]
fn a_patch_touches_fields_and_never_what_an_object_is() {
    let patched = draft(CART, patch("Deployment", "/spec/replicas", Some(3.into())), None).unwrap();
    assert_eq!((patched.action, patched.verify), (Action::Patch, Verify::Rollout));
    for pointer in
        ["/metadata/name", "/metadata", "/kind", "/status/phase", "/metadata/ownerReferences/0", "spec", "/a~2", ""]
    {
        assert_eq!(code(draft(CART, patch("Deployment", pointer, None), None)), Code::InvalidParameter, "{pointer}");
    }
    let clear = draft(CART, patch("Secret", "/data/password", Some("aHVudGVyMg==".into())), None).unwrap_err();
    assert_eq!(clear.code, Code::InvalidSecretReference);
    assert!(!format!("{clear:?}").contains("aHVud"), "{clear:?}");
    assert!(draft(CART, patch("Deployment", "/metadata/labels/team", Some("a".into())), None).is_ok());
}

fn revised(waiting: Intent, edit: Intent) -> Result<Intent, Problem> {
    let mut edit = proposal(CART, edit);
    edit.revises = Some(ChangeId::parse("chg-7f3k").unwrap());
    SHIPPED.revise(&proposal(CART, waiting), &edit).map(|revised: Proposal| {
        assert_eq!(revised.revises, edit.revises);
        revised.intent
    })
}

#[test]
fn an_edit_of_a_waiting_change_replaces_values_and_keeps_the_rest() {
    let waiting = create("web-service", said(&[("image", "a:1".into()), ("replicas", 3.into())]));
    let edit = Intent::Edit { values: said(&[("replicas", 4.into())]) };
    let both = create("web-service", said(&[("image", "a:1".into()), ("replicas", 4.into())]));
    assert_eq!(revised(waiting.clone(), edit.clone()), Ok(both.clone()));
    assert_eq!(revised(waiting.clone(), both.clone()), Ok(both.clone()), "a full set of values is an edit too");
    assert_eq!(code(revised(waiting.clone(), waiting.clone())), Code::NothingToChange);
    let scale = |replicas: i64| Intent::Edit { values: said(&[("replicas", replicas.into())]) };
    assert_eq!(revised(scale(3), scale(4)), Ok(scale(4)), "scale to 3, then make it 4");
    for waiting in [Intent::Delete, Intent::Restart { asked_at: 0 }, Intent::Restore { version: None, undoes: None }] {
        assert_eq!(code(revised(waiting, edit.clone())), Code::CannotRevise);
    }
    let elsewhere = proposal("dev/shop/other", edit);
    assert_eq!(code(SHIPPED.revise(&proposal(CART, waiting), &elsewhere)), Code::CannotRevise);
}

#[test]
fn a_value_said_again_keeps_its_origin() {
    let mut waiting = said(&[("image", "a:1".into()), ("port", 80.into())]);
    waiting.get_mut("port").unwrap().origin = Origin::OutsideText("log".into());
    let again = Intent::Edit { values: said(&[("port", 80.into()), ("image", "a:2".into())]) };
    let Ok(Intent::Create { values, .. }) = revised(create("web-service", waiting), again) else { panic!("no create") };
    assert_eq!(values["port"].origin, Origin::OutsideText("log".into()));
}
