//! What goes, and what goes with it.
//! Run with the others of this folder.
//! Must never depend on another test's objects.

use crate::kit::{Scene, lines};
use chopmark_domain::draft::{Action, Content, Verify};
use chopmark_domain::ports::Runner;
use chopmark_domain::problem::Code;
use chopmark_domain::run::{Observed, Verification};
use serde_json::json;

#[tokio::test]
async fn a_removed_component_takes_all_its_objects_by_name_and_nothing_else() {
    let Some(scene) = Scene::begin("remove").await else { return };
    let objects =
        [scene.deployment("cart", 1, json!({})), scene.object("v1", "ConfigMap", "cart", json!({"data": {"a": "1"}}))];
    scene.make(&scene.draft("cart", Verify::Rollout, &objects)).await;
    let other = scene.object("v1", "ConfigMap", "other", json!({"data": {"a": "1"}}));
    scene.make(&scene.draft("other", Verify::Exists, &[other])).await;

    let mut draft = scene.draft("cart", Verify::Exists, &[]);
    draft.action = Action::Delete;
    draft.content = Content::Removed { template: "thing".parse().unwrap() };
    // No record is given: the labels alone find them.
    let step = scene.plan(&draft).await.unwrap();
    assert_eq!(lines(&step.actions, &scene.namespace), ["Delete Deployment/NS/cart", "Delete ConfigMap/NS/cart"]);
    let recorded = scene.plan_after(&draft, Some(&scene.version("cart", &objects))).await.unwrap();
    assert_eq!(recorded, step, "the record and the labels say the same");
    scene.apply(&draft, &step).await.unwrap();
    assert!(matches!(scene.verify(&draft, &step).await, Verification::Passed { .. }));
    assert_eq!(scene.runner.observe(&scene.environment, &step).await, Observed::Applied);
    assert_eq!(scene.live("apps/v1", "Deployment", "cart").await, None);
    assert!(scene.live("v1", "ConfigMap", "other").await.is_some());
}

#[tokio::test]
async fn what_an_edit_no_longer_renders_is_a_named_delete() {
    let Some(scene) = Scene::begin("drop").await else { return };
    let map = |name: &str| {
        let labels = scene.labels("pair");
        scene.object("v1", "ConfigMap", name, json!({"metadata": {"labels": labels}, "data": {"a": "1"}}))
    };
    scene.make(&scene.draft("pair", Verify::Exists, &[map("one"), map("two")])).await;
    let draft = scene.draft("pair", Verify::Exists, &[map("one")]);
    let step = scene.plan(&draft).await.unwrap();
    assert_eq!(lines(&step.actions, &scene.namespace), ["Keep ConfigMap/NS/one", "Delete ConfigMap/NS/two"]);
    scene.apply(&draft, &step).await.unwrap();
    assert_eq!(scene.live("v1", "ConfigMap", "two").await, None);
}

#[tokio::test]
async fn an_object_made_anew_by_somebody_under_the_same_name_stays() {
    let Some(scene) = Scene::begin("anew").await else { return };
    let map = scene.object("v1", "ConfigMap", "settings", json!({"data": {"a": "1"}}));
    scene.make(&scene.draft("settings", Verify::Exists, std::slice::from_ref(&map))).await;
    let mut draft = scene.draft("settings", Verify::Exists, &[]);
    draft.content = Content::Removed { template: "thing".parse().unwrap() };
    let step = scene.plan(&draft).await.unwrap();

    let api = scene.api("v1", "ConfigMap");
    api.delete("settings", &kube::api::DeleteParams::default()).await.unwrap();
    let theirs = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings"}, "data": {"b": "1"}});
    scene.somebody_applies("somebody", &theirs).await;

    let failed = scene.apply(&draft, &step).await.unwrap_err();
    assert_eq!(failed.problem.code, Code::PlanStale, "{failed:?}");
    assert!(scene.live("v1", "ConfigMap", "settings").await.is_some());
    let again = scene.plan_after(&draft, Some(&scene.version("settings", &[map]))).await.unwrap();
    assert_eq!((again.actions.len(), again.caveats[0].key.as_str()), (0, "caveat-not-ours-stays"));
}

#[tokio::test]
async fn a_namespace_goes_with_everything_in_it_named() {
    let Some(scene) = Scene::without_namespace("bag").await else { return };
    let name = scene.namespace.clone();
    let labels = json!({"chopmark.io/component": name, "chopmark.io/group": "cluster"});
    let namespace = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}});
    let mut draft = scene.draft("x", Verify::Exists, std::slice::from_ref(&namespace));
    draft.component = format!("dev/cluster/{name}").parse().unwrap();
    scene.make(&draft).await;
    let theirs = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "theirs"}, "data": {"b": "1"}});
    scene.somebody_applies("somebody", &theirs).await;

    draft.content = Content::Removed { template: "namespace".parse().unwrap() };
    let mut version = scene.version("x", &[namespace]);
    version.component = draft.component.clone();
    let step = scene.plan_after(&draft, Some(&version)).await.unwrap();
    assert_eq!(lines(&step.actions, &name), ["Delete Namespace/NS", "Delete ConfigMap/NS/theirs"]);
    assert_eq!(step.actions[1].because, Some(format!("Namespace/{name}")));
    scene.apply(&draft, &step).await.unwrap();
    let verification = scene.verify(&draft, &step).await;
    assert!(matches!(verification, Verification::Passed { .. }), "{verification:?}");
}
