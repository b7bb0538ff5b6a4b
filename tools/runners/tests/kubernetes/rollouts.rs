//! Rollouts that do not work, and why.
//! Run with the others of this folder.
//! Must never depend on another test's objects.

use crate::kit::Scene;
use chopmark_domain::draft::Verify;
use chopmark_domain::problem::Code;
use chopmark_domain::run::Verification;
use serde_json::{Value, json};

/// Applies a deployment whose container is so, and gives trouble and evidence of the verification that must fail.
async fn trouble(scene: &Scene, container: Value) -> (String, String) {
    let draft = scene.draft("cart", Verify::Rollout, &[scene.deployment("cart", 1, container)]);
    let step = scene.plan(&draft).await.unwrap();
    scene.apply(&draft, &step).await.unwrap();
    match scene.verify(&draft, &step).await {
        Verification::Failed { problem, evidence } => {
            assert_eq!(problem.code, Code::RolloutFailed, "{problem}");
            (problem.facts["trouble"].clone(), evidence.join("\n"))
        }
        passed => panic!("{passed:?}"),
    }
}

#[tokio::test]
async fn an_image_that_cannot_be_pulled_fails_with_its_name_and_the_old_version_mends_it() {
    let Some(scene) = Scene::begin("pull").await else { return };
    let good = scene.draft("cart", Verify::Rollout, &[scene.deployment("cart", 1, json!({}))]);
    scene.make(&good).await;
    let (kind, evidence) = trouble(&scene, json!({"image": "localhost/nope:9"})).await;
    assert_eq!(kind, "image-pull");
    assert!(evidence.contains("localhost/nope:9"), "{evidence}");
    scene.make(&good).await;
}

#[tokio::test]
async fn a_container_that_crashes_fails_with_its_last_words() {
    let Some(scene) = Scene::begin("loop").await else { return };
    let (kind, evidence) = trouble(&scene, json!({"command": ["sh", "-c", "echo no such table: carts; exit 3"]})).await;
    assert_eq!(kind, "crash-loop");
    assert!(evidence.contains("exit 3") && evidence.contains("no such table: carts"), "{evidence}");
}

#[tokio::test]
async fn a_pod_that_no_node_takes_fails_with_the_schedulers_reason() {
    let Some(scene) = Scene::begin("big").await else { return };
    let (kind, evidence) = trouble(&scene, json!({"resources": {"requests": {"memory": "4Ti"}}})).await;
    assert_eq!(kind, "unschedulable");
    assert!(evidence.contains("Insufficient memory"), "{evidence}");
}

#[tokio::test]
async fn a_missing_config_map_and_a_failing_probe_are_told_apart() {
    let Some(scene) = Scene::begin("config").await else { return };
    let (kind, evidence) = trouble(&scene, json!({"envFrom": [{"configMapRef": {"name": "absent"}}]})).await;
    assert_eq!(kind, "config-missing");
    assert!(evidence.contains("absent"), "{evidence}");
    let probe = json!({"readinessProbe": {"tcpSocket": {"port": 9}, "periodSeconds": 1}});
    let (kind, evidence) = trouble(&scene, probe).await;
    assert_eq!(kind, "probe-failing");
    assert!(evidence.contains("Readiness probe failed"), "{evidence}");
}

#[tokio::test]
async fn a_quota_that_is_used_up_is_named() {
    let Some(scene) = Scene::begin("quota").await else { return };
    let quota = scene.object("v1", "ResourceQuota", "limits", json!({"spec": {"hard": {"pods": "0"}}}));
    scene.make(&scene.draft("limits", Verify::Exists, &[quota])).await;
    let (kind, evidence) = trouble(&scene, json!({})).await;
    assert_eq!(kind, "quota");
    assert!(evidence.contains("exceeded quota: limits"), "{evidence}");
}

#[tokio::test]
async fn a_job_that_gives_up_fails_with_its_last_words() {
    let Some(scene) = Scene::begin("task").await else { return };
    let job = scene.object(
        "batch/v1",
        "Job",
        "task",
        json!({"spec": {"backoffLimit": 0, "template": {"spec": {
        "restartPolicy": "Never", "containers": [
            {"name": "task", "image": "localhost/web:1", "command": ["sh", "-c", "echo disk is full; exit 7"]}]}}}}),
    );
    let draft = scene.draft("task", Verify::Completion, &[job]);
    let step = scene.plan(&draft).await.unwrap();
    scene.apply(&draft, &step).await.unwrap();
    let Verification::Failed { problem, evidence } = scene.verify(&draft, &step).await else { panic!("it passed") };
    assert!(["job-failed", "crash-loop"].contains(&problem.facts["trouble"].as_str()), "{problem}");
    let evidence = evidence.join("\n");
    assert!(evidence.contains("exit 7") && evidence.contains("disk is full"), "{evidence}");
}
