//! Fields and objects that belong to others.
//! Run with the others of this folder.
//! Must never depend on another test's objects.

use crate::kit::{Scene, lines};
use chopmark_domain::draft::Verify;
use chopmark_domain::plan::Verb;
use chopmark_domain::problem::Code;
use serde_json::json;

/// P47: what an autoscaler owns is taken over only where the card says so.
#[tokio::test]
async fn replicas_that_an_autoscaler_owns_are_taken_over_only_when_countersigned() {
    let Some(scene) = Scene::begin("owner").await else { return };
    let draft = |replicas| {
        scene.draft("cart", Verify::Rollout, &[scene.deployment("cart", replicas, json!({"image": "localhost/web:1"}))])
    };
    scene.make(&draft(1)).await;
    let unaware = scene.plan(&draft(3)).await.unwrap();
    let theirs =
        json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "cart"}, "spec": {"replicas": 2}});
    scene.somebody_applies("autoscaler", &theirs).await;

    let failed = scene.apply(&draft(3), &unaware).await.unwrap_err();
    assert_eq!(failed.problem.code, Code::FieldConflict);
    assert_eq!(
        (failed.problem.facts["owner"].as_str(), failed.problem.facts["fields"].as_str()),
        ("autoscaler", ".spec.replicas")
    );
    assert_eq!(scene.live("apps/v1", "Deployment", "cart").await.unwrap()["spec"]["replicas"], 2);

    let step = scene.plan(&draft(3)).await.unwrap();
    assert_eq!(lines(&step.actions, &scene.namespace), ["TakeOver Deployment/NS/cart@autoscaler /spec/replicas"]);
    assert_eq!(step.actions[0].because.as_deref(), Some("autoscaler: .spec.replicas"));
    assert_eq!(scene.plan(&draft(3)).await.unwrap(), step, "two plans of the same thing");
    scene.apply(&draft(3), &step).await.unwrap();
    assert_eq!(scene.live("apps/v1", "Deployment", "cart").await.unwrap()["spec"]["replicas"], 3);
}

#[tokio::test]
async fn what_another_field_needs_stands_beside_what_is_taken_over() {
    let Some(scene) = Scene::begin("beside").await else { return };
    scene.make(&scene.draft("cart", Verify::Rollout, &[scene.deployment("cart", 1, json!({}))])).await;
    let theirs = json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "cart"},
        "spec": {"template": {"spec": {"containers": [{"name": "web", "image": "localhost/web:2"}]}}}});
    scene.somebody_applies("ci", &theirs).await;
    let draft =
        scene.draft("cart", Verify::Rollout, &[scene.deployment("cart", 2, json!({"image": "localhost/web:1"}))]);
    let step = scene.plan(&draft).await.unwrap();
    let expected = [
        "TakeOver Deployment/NS/cart@ci /spec/template/spec/containers/0/image",
        "Update Deployment/NS/cart /spec/replicas",
    ];
    assert_eq!(lines(&step.actions, &scene.namespace), expected);
}

#[tokio::test]
async fn objects_of_helm_argo_cd_flux_and_other_components_are_refused_with_their_owner() {
    let Some(scene) = Scene::begin("foreign").await else { return };
    for (i, (metadata, owner)) in [
        (json!({"annotations": {"meta.helm.sh/release-name": "shop"}}), "Helm (shop)"),
        (json!({"annotations": {"argocd.argoproj.io/tracking-id": "shop:x"}}), "Argo CD (shop:x)"),
        (json!({"labels": {"kustomize.toolkit.fluxcd.io/name": "apps"}}), "Flux (apps)"),
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("map-{i}");
        let theirs = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name,
            "labels": metadata["labels"], "annotations": metadata["annotations"]}, "data": {"a": "1"}});
        scene.somebody_applies("somebody", &theirs).await;
        let ours = scene.object("v1", "ConfigMap", &name, json!({"data": {"a": "2"}}));
        let problem = scene.plan(&scene.draft(&name, Verify::Exists, &[ours])).await.unwrap_err();
        assert_eq!((problem.code, problem.facts["owner"].as_str()), (Code::ManagedElsewhere, owner));
    }
    let map = scene.object("v1", "ConfigMap", "ours", json!({"data": {"a": "1"}}));
    scene.make(&scene.draft("ours", Verify::Exists, std::slice::from_ref(&map))).await;
    let problem = scene.plan(&scene.draft("other", Verify::Exists, &[map])).await.unwrap_err();
    let owner = format!("chopmark ({}/ours)", scene.namespace);
    assert_eq!((problem.code, problem.facts["owner"].as_str()), (Code::ManagedElsewhere, owner.as_str()));
}

#[tokio::test]
async fn an_object_that_is_there_and_nobodys_is_adopted_with_a_word() {
    let Some(scene) = Scene::begin("adopt").await else { return };
    let theirs = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings"}, "data": {"b": "1"}});
    scene.somebody_applies("somebody", &theirs).await;
    let ours = scene.object("v1", "ConfigMap", "settings", json!({"data": {"a": "2"}}));
    let draft = scene.draft("settings", Verify::Exists, &[ours]);
    let step = scene.plan(&draft).await.unwrap();
    assert_eq!(step.actions[0].verb, Verb::Update);
    assert_eq!(step.caveats[0].key, "caveat-adopts");
    scene.apply(&draft, &step).await.unwrap();
    let live = scene.live("v1", "ConfigMap", "settings").await.unwrap();
    assert_eq!(live["data"], json!({"a": "2", "b": "1"}));
}

#[tokio::test]
async fn an_object_that_came_after_the_plan_is_not_overwritten() {
    let Some(scene) = Scene::begin("after").await else { return };
    let ours = scene.object("v1", "ConfigMap", "settings", json!({"data": {"a": "2"}}));
    let draft = scene.draft("settings", Verify::Exists, &[ours]);
    let step = scene.plan(&draft).await.unwrap();
    let theirs = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings"}, "data": {"b": "1"}});
    scene.somebody_applies("somebody", &theirs).await;
    let failed = scene.apply(&draft, &step).await.unwrap_err();
    assert_eq!((failed.problem.code, failed.done), (Code::PlanStale, vec![]));
    assert_eq!(scene.live("v1", "ConfigMap", "settings").await.unwrap()["data"], json!({"b": "1"}));
}
