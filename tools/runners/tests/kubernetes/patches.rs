//! Field patches of objects that are not ours.
//! Run with the others of this folder.
//! Must never depend on another test's objects.

use crate::kit::{Scene, lines};
use chopmark_domain::draft::{Action, Content, Draft, Verify};
use chopmark_domain::literal::Literal;
use chopmark_domain::ports::Runner;
use chopmark_domain::problem::Code;
use chopmark_domain::proposal::ObjectReference;
use chopmark_domain::run::Observed;
use serde_json::json;
use std::collections::BTreeMap;

fn patch(scene: &Scene, kind: (&str, &str), name: &str, fields: &[(&str, Option<Literal>)]) -> Draft {
    let object = ObjectReference {
        api_version: kind.0.to_owned(),
        kind: kind.1.to_owned(),
        namespace: Some(scene.namespace.clone()),
        name: name.to_owned(),
    };
    let fields: BTreeMap<_, _> = fields.iter().map(|(path, value)| ((*path).to_owned(), value.clone())).collect();
    let mut draft = scene.draft(name, Verify::Exists, &[]);
    draft.action = Action::Patch;
    draft.content = Content::Fields { object, fields };
    draft
}

#[tokio::test]
async fn single_fields_of_a_foreign_object_are_changed_and_no_others() {
    let Some(scene) = Scene::begin("patch").await else { return };
    let theirs = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "theirs"}, "data": {"a": "1", "b": "1", "c": "1"}});
    scene.somebody_applies("somebody", &theirs).await;
    let draft = patch(
        &scene,
        ("v1", "ConfigMap"),
        "theirs",
        &[
            ("/data/a", Some(Literal::from("2"))),
            ("/data/b", None),
            ("/metadata/annotations/example.org~1why", Some(Literal::from("asked"))),
        ],
    );
    let step = scene.plan(&draft).await.unwrap();
    assert_eq!(
        lines(&step.actions, &scene.namespace),
        ["Update ConfigMap/NS/theirs /data/a /data/b /metadata/annotations"]
    );
    assert_eq!(scene.runner.observe(&scene.environment, &step).await, Observed::NotStarted);

    // A write to another part of the object moves its version; the patch still fits the very object.
    scene.somebody_edits("v1", "ConfigMap", "theirs", json!({"data": {"c": "2"}})).await;
    scene.apply(&draft, &step).await.unwrap();
    let live = scene.live("v1", "ConfigMap", "theirs").await.unwrap();
    assert_eq!(live["data"], json!({"a": "2", "c": "2"}));
    assert_eq!(live["metadata"]["annotations"], json!({"example.org/why": "asked"}));
    assert_eq!(scene.runner.observe(&scene.environment, &step).await, Observed::Applied);
}

#[tokio::test]
async fn a_patch_does_not_reach_another_object_of_the_same_name() {
    let Some(scene) = Scene::begin("uid").await else { return };
    let theirs = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "theirs"}, "data": {"a": "1"}});
    scene.somebody_applies("somebody", &theirs).await;
    let draft = patch(&scene, ("v1", "ConfigMap"), "theirs", &[("/data/a", Some(Literal::from("2")))]);
    let step = scene.plan(&draft).await.unwrap();
    scene.api("v1", "ConfigMap").delete("theirs", &kube::api::DeleteParams::default()).await.unwrap();
    scene.somebody_applies("somebody", &theirs).await;
    let failed = scene.apply(&draft, &step).await.unwrap_err();
    assert_eq!((failed.problem.code, failed.done.len()), (Code::PlanStale, 0));
    assert_eq!(scene.live("v1", "ConfigMap", "theirs").await.unwrap()["data"]["a"], "1");
}

/// The server itself refuses a patch whose resourceVersion is no longer the object's.
#[tokio::test]
async fn a_patch_with_a_stale_version_is_refused_by_the_server() {
    let Some(scene) = Scene::begin("stale").await else { return };
    let theirs = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "theirs"}, "data": {"a": "1"}});
    scene.somebody_applies("somebody", &theirs).await;
    let draft = patch(&scene, ("v1", "ConfigMap"), "theirs", &[("/data/a", Some(Literal::from("2")))]);
    let step = scene.plan(&draft).await.unwrap();
    let mut instructions: serde_json::Value = serde_json::from_str(&step.instructions).unwrap();
    // An older version named behind the one just read stands for a read that is overtaken every time.
    let stale = json!({"op": "replace", "path": "/metadata/resourceVersion", "value": "1"});
    instructions["patch"]["operations"].as_array_mut().unwrap().insert(0, stale);
    let mut step = step;
    step.instructions = instructions.to_string();
    let failed = scene.apply(&draft, &step).await.unwrap_err();
    assert_eq!(failed.problem.code, Code::PlanStale, "{failed:?}");
    assert_eq!(scene.live("v1", "ConfigMap", "theirs").await.unwrap()["data"]["a"], "1");
}

#[tokio::test]
async fn what_is_ours_or_another_tools_is_not_patched() {
    let Some(scene) = Scene::begin("whose").await else { return };
    let ours = scene.object("v1", "ConfigMap", "ours", json!({"data": {"a": "1"}}));
    scene.make(&scene.draft("ours", Verify::Exists, &[ours])).await;
    let helm = json!({"apiVersion": "v1", "kind": "ConfigMap", "data": {"a": "1"},
        "metadata": {"name": "helm", "annotations": {"meta.helm.sh/release-name": "shop"}}});
    scene.somebody_applies("somebody", &helm).await;
    for (name, code) in
        [("ours", Code::ManagedElsewhere), ("helm", Code::ManagedElsewhere), ("absent", Code::UnknownObject)]
    {
        let draft = patch(&scene, ("v1", "ConfigMap"), name, &[("/data/a", Some(Literal::from("2")))]);
        assert_eq!(scene.plan(&draft).await.unwrap_err().code, code, "{name}");
    }
}
