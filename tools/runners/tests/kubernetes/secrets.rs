//! Secrets by reference.
//! Run with the others of this folder.
//! Must never print a value: the canary stands for one.

use crate::kit::{Scene, runner};
use chopmark_domain::draft::Verify;
use chopmark_domain::plan::{Shown, Step};
use chopmark_domain::ports::Runner;
use chopmark_domain::problem::Code;
use chopmark_domain::run::Observed;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

const CANARY: &str = "CANARY-7f3k";

fn secret(scene: &Scene, reference: &str) -> Value {
    let references = json!({"password": reference}).to_string();
    let annotations = json!({"chopmark.io/secret-references": references});
    scene.object("v1", "Secret", "db", json!({"metadata": {"annotations": annotations}, "type": "Opaque"}))
}

fn no_canary(step: &Step) {
    let text = format!("{step:?}");
    assert!(!text.contains(CANARY) && !text.contains("Q0FOQVJZ"), "the plan holds the value: {text}");
}

#[tokio::test]
async fn a_secret_is_filled_in_at_apply_and_stands_nowhere_before() {
    let Some(mut scene) = Scene::begin("secret").await else { return };
    let value = Arc::new(Mutex::new(CANARY.to_owned()));
    let source = value.clone();
    scene.runner = runner().with_variables(Arc::new(move |name| {
        (name == "DB_PASSWORD").then(|| source.lock().unwrap().clone().into_bytes().into())
    }));
    let draft = scene.draft("db", Verify::Exists, &[secret(&scene, "env:DB_PASSWORD")]);
    let step = scene.make(&draft).await;
    no_canary(&step);
    let hidden = step.actions[0].fields.iter().find(|field| field.path == "/data/password").unwrap();
    assert!(matches!(&hidden.after, Some(Shown::Hidden(digest)) if digest.len() == 64), "{hidden:?}");
    let live = scene.live("v1", "Secret", "db").await.unwrap();
    assert_eq!(live["data"]["password"], "Q0FOQVJZLTdmM2s=");
    assert_eq!(scene.runner.observe(&scene.environment, &step).await, Observed::Applied);
    assert_eq!(scene.plan(&draft).await.unwrap().actions[0].fields, [], "nothing changed");

    // Another value is another plan, and a plan made for the old value does not run.
    *value.lock().unwrap() = "CANARY-other".to_owned();
    let other = scene.plan(&draft).await.unwrap();
    assert_eq!(other.actions[0].fields.len(), 1);
    no_canary(&other);
    *value.lock().unwrap() = "CANARY-third".to_owned();
    let failed = scene.apply(&draft, &other).await.unwrap_err();
    assert_eq!((failed.problem.code, failed.done.len()), (Code::PlanStale, 0));
    assert!(!failed.problem.to_string().contains("CANARY"));
}

#[tokio::test]
async fn a_value_that_somebody_edited_in_the_cluster_shows_as_a_difference() {
    let Some(mut scene) = Scene::begin("drift").await else { return };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("password");
    std::fs::write(&path, CANARY).unwrap();
    scene.runner = runner().with_variables(Arc::new(|_| None));
    let draft = scene.draft("db", Verify::Exists, &[secret(&scene, &format!("file:{}", path.display()))]);
    scene.make(&draft).await;
    scene.somebody_edits("v1", "Secret", "db", json!({"data": {"password": "eA=="}})).await;
    let step = scene.plan(&draft).await.unwrap();
    no_canary(&step);
    let paths: Vec<_> =
        step.actions.iter().flat_map(|action| &action.fields).map(|field| field.path.as_str()).collect();
    assert_eq!(paths, ["/data/password"]);
}

#[tokio::test]
async fn a_secret_that_cannot_be_read_is_named_by_its_reference() {
    let Some(mut scene) = Scene::begin("absent").await else { return };
    scene.runner = runner().with_variables(Arc::new(|_| None));
    for (reference, code) in [
        ("env:ABSENT", Code::SecretUnreadable),
        ("file:/no/such/file", Code::SecretUnreadable),
        ("file:/proc/self/environ", Code::SecretUnreadable),
        ("file:relative", Code::SecretUnreadable),
        ("file:/tmp", Code::SecretUnreadable),
        ("plain", Code::InvalidSecretReference),
    ] {
        let draft = scene.draft("db", Verify::Exists, &[secret(&scene, reference)]);
        let problem = scene.plan(&draft).await.unwrap_err();
        assert_eq!((problem.code, problem.facts["reference"].as_str()), (code, reference));
    }
}
