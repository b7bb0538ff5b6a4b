//! Creating, editing and leaving alone.
//! Run with the others of this folder.
//! Must never depend on another test's objects.

use crate::kit::{Scene, lines};
use chopmark_domain::draft::Verify;
use chopmark_domain::ports::Runner;
use chopmark_domain::problem::Code;
use chopmark_domain::run::Observed;
use serde_json::json;

#[tokio::test]
async fn a_deployment_is_created_scaled_and_given_another_image_as_planned() {
    let Some(scene) = Scene::begin("life").await else { return };
    let service = scene.object(
        "v1",
        "Service",
        "cart",
        json!({"spec": {
        "selector": scene.labels("cart"), "ports": [{"name": "web", "port": 80, "targetPort": 8080}]}}),
    );
    let objects =
        |replicas, image: &str| vec![scene.deployment("cart", replicas, json!({"image": image})), service.clone()];
    let draft = |replicas, image: &str| scene.draft("cart", Verify::Rollout, &objects(replicas, image));

    let step = scene.make(&draft(1, "localhost/web:1")).await;
    assert_eq!(lines(&step.actions, &scene.namespace), ["Create Deployment/NS/cart", "Create Service/NS/cart"]);
    let shown = step.actions[0].fields.iter().any(|field| field.path == "/spec/template/spec/containers/0/image");
    assert!(shown, "a new object shows the fields that were written: {:?}", step.actions[0].fields);
    let reports = std::mem::take(&mut *scene.reports.0.lock().unwrap());
    assert_eq!(reports[0], ("progress-applying".to_owned(), format!("Deployment/{}/cart", scene.namespace)));

    let step = scene.make(&draft(2, "localhost/web:1")).await;
    let expected = ["Update Deployment/NS/cart /spec/replicas", "Keep Service/NS/cart"];
    assert_eq!(lines(&step.actions, &scene.namespace), expected);

    let step = scene.make(&draft(2, "localhost/web:2")).await;
    let expected = ["Update Deployment/NS/cart /spec/template/spec/containers/0/image", "Keep Service/NS/cart"];
    assert_eq!(lines(&step.actions, &scene.namespace), expected);

    let unchanged = scene.plan(&draft(2, "localhost/web:2")).await.unwrap();
    assert_eq!(lines(&unchanged.actions, &scene.namespace), ["Keep Deployment/NS/cart", "Keep Service/NS/cart"]);
}

#[tokio::test]
async fn a_plan_is_the_same_until_a_field_of_it_is_edited_by_somebody() {
    let Some(scene) = Scene::begin("stable").await else { return };
    scene.make(&scene.draft("cart", Verify::Rollout, &[scene.deployment("cart", 1, json!({}))])).await;
    let draft =
        scene.draft("cart", Verify::Rollout, &[scene.deployment("cart", 2, json!({"image": "localhost/web:2"}))]);
    let first = scene.plan(&draft).await.unwrap();
    assert_eq!(scene.plan(&draft).await.unwrap(), first, "two plans of the same thing");

    // A status write moves the resourceVersion and nothing that people decide on.
    let status = json!({"status": {"conditions": [{"type": "Looked", "status": "True", "lastUpdateTime": "2026-01-01T00:00:00Z"}]}});
    let parameters = kube::api::PatchParams::default();
    let patch = kube::api::Patch::Merge(&status);
    scene.api("apps/v1", "Deployment").patch_status("cart", &parameters, &patch).await.unwrap();
    assert_eq!(scene.plan(&draft).await.unwrap(), first, "a status write");

    // P48: somebody edits a covered field between the plan and its start.
    scene.somebody_edits("apps/v1", "Deployment", "cart", json!({"spec": {"replicas": 3}})).await;
    let second = scene.plan(&draft).await.unwrap();
    assert_ne!((second.actions, second.preconditions), (first.actions.clone(), first.preconditions.clone()));

    // And if it slips in even later, the old plan takes nothing from somebody else.
    let failed = scene.apply(&draft, &first).await.unwrap_err();
    assert_eq!((failed.problem.code, failed.done), (Code::FieldConflict, vec![]));
    let live = scene.live("apps/v1", "Deployment", "cart").await.unwrap();
    assert_eq!(live["spec"]["replicas"], 3);
}

#[tokio::test]
async fn a_namespace_and_what_stands_in_it_come_with_one_plan() {
    let Some(scene) = Scene::without_namespace("whole").await else { return };
    let name = scene.namespace.clone();
    let labels = json!({"chopmark.io/component": name, "chopmark.io/group": "cluster"});
    let namespace = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}});
    let quota = json!({"apiVersion": "v1", "kind": "ResourceQuota",
        "metadata": {"name": "limits", "namespace": name, "labels": labels}, "spec": {"hard": {"pods": "3"}}});
    let mut draft = scene.draft("x", Verify::Exists, &[quota.clone(), namespace.clone()]);
    draft.component = format!("dev/cluster/{name}").parse().unwrap();
    let step = scene.make(&draft).await;
    assert_eq!(lines(&step.actions, &name), ["Create Namespace/NS", "Create ResourceQuota/NS/limits"]);
    let caveats: Vec<_> = step.caveats.iter().map(|caveat| caveat.key.as_str()).collect();
    assert_eq!(caveats, ["caveat-not-dry-run"]);
    let again = scene.plan(&draft).await.unwrap();
    assert_eq!(lines(&again.actions, &name), ["Keep Namespace/NS", "Keep ResourceQuota/NS/limits"]);
}

#[tokio::test]
async fn a_missing_namespace_is_said_with_its_name() {
    let Some(scene) = Scene::without_namespace("none").await else { return };
    let map = scene.object("v1", "ConfigMap", "settings", json!({"data": {"a": "1"}}));
    let problem = scene.plan(&scene.draft("settings", Verify::Exists, &[map])).await.unwrap_err();
    assert_eq!(problem.code, Code::NamespaceMissing);
    assert_eq!(problem.facts["namespace"], scene.namespace);
}

#[tokio::test]
async fn a_field_that_no_kind_has_is_refused_when_planned() {
    let Some(scene) = Scene::begin("typo").await else { return };
    let draft = scene.draft("cart", Verify::Rollout, &[scene.deployment("cart", 1, json!({"imagee": "x"}))]);
    let problem = scene.plan(&draft).await.unwrap_err();
    assert_eq!(problem.code, Code::ClusterRefused, "{problem}");
    assert!(problem.facts["reason"].contains("imagee"), "{problem}");
    let unknown = scene.object("example.org/v1", "Dragon", "cart", json!({}));
    let problem = scene.plan(&scene.draft("cart", Verify::Exists, &[unknown])).await.unwrap_err();
    assert_eq!(problem.code, Code::UnknownKind);
}

#[tokio::test]
async fn after_a_crash_what_is_there_is_told_from_what_is_not() {
    let Some(scene) = Scene::begin("crash").await else { return };
    let map = |name: &str, value: &str| {
        let labels = scene.labels("pair");
        scene.object("v1", "ConfigMap", name, json!({"metadata": {"labels": labels}, "data": {"a": value}}))
    };
    let draft = scene.draft("pair", Verify::Exists, &[map("one", "1"), map("two", "1")]);
    let step = scene.plan(&draft).await.unwrap();
    assert_eq!(scene.runner.observe(&scene.environment, &step).await, Observed::NotStarted);
    let half = scene.draft("pair", Verify::Exists, &[map("one", "1")]);
    scene.make(&half).await;
    let one = format!("ConfigMap/{}/one", scene.namespace);
    assert_eq!(scene.runner.observe(&scene.environment, &step).await, Observed::Partial(vec![one]));
    scene.make(&draft).await;
    assert_eq!(scene.runner.observe(&scene.environment, &step).await, Observed::Applied);
}

#[tokio::test]
async fn a_job_whose_template_cannot_change_is_made_anew_and_says_so() {
    let Some(scene) = Scene::begin("job").await else { return };
    let job = |word: &str| {
        scene.object(
            "batch/v1",
            "Job",
            "task",
            json!({"spec": {"backoffLimit": 0, "template": {"spec": {
            "restartPolicy": "Never", "terminationGracePeriodSeconds": 0,
            "containers": [{"name": "task", "image": "localhost/web:1", "command": ["echo", word]}]}}}}),
        )
    };
    scene.make(&scene.draft("task", Verify::Completion, &[job("one")])).await;
    let step = scene.make(&scene.draft("task", Verify::Completion, &[job("two")])).await;
    let expected = ["Replace Job/NS/task /spec/template/spec/containers/0/command/1"];
    assert_eq!(lines(&step.actions, &scene.namespace), expected);
    assert_eq!(scene.runner.observe(&scene.environment, &step).await, Observed::Applied);
}
