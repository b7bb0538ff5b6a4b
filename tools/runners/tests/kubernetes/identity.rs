//! The plan identity, and clusters that are not the one meant.
//! Run with the others of this folder.
//! Must never leave the policy behind.

use crate::kit::{Scene, kubeconfig, lines, resource, runner};
use crate::paper::environment;
use chopmark_domain::draft::Verify;
use chopmark_domain::environment::ClusterAddress;
use chopmark_domain::ports::{PlanRequest, Runner};
use chopmark_domain::problem::Code;
use chopmark_domain::run::Observed;
use chopmark_runners::kubernetes::plan_identity::{Hold, POLICY, check, manifests};
use chopmark_sources::cluster::Clusters;
use kube::Api;
use kube::api::{DeleteParams, DynamicObject, Patch, PatchParams};
use serde_json::{Value, json};
use std::time::Duration;

/// Applies every object of a stream of YAML documents as an administrator does.
async fn administer(client: &kube::Client, text: &str) {
    for document in text.split("\n---\n") {
        let object: Value = serde_saphyr::from_str(document).unwrap();
        let kind = resource(object["apiVersion"].as_str().unwrap(), object["kind"].as_str().unwrap());
        let api: Api<DynamicObject> = match object["metadata"]["namespace"].as_str() {
            Some(namespace) => Api::namespaced_with(client.clone(), namespace, &kind),
            None => Api::all_with(client.clone(), &kind),
        };
        let parameters = PatchParams::apply("administrator").force();
        api.patch(object["metadata"]["name"].as_str().unwrap(), &parameters, &Patch::Apply(&object)).await.unwrap();
    }
}

/// A kubeconfig with the given account's token beside the administrator's.
async fn with_plan_context(scene: &Scene, account: &str, folder: &std::path::Path) -> ClusterAddress {
    let request =
        json!({"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {"expirationSeconds": 600}});
    let path = format!("/api/v1/namespaces/{}/serviceaccounts/{account}/token", scene.namespace);
    let request = http::Request::post(path).body(serde_json::to_vec(&request).unwrap()).unwrap();
    let answer: Value = scene.client.request(request).await.unwrap();
    let text = std::fs::read_to_string(kubeconfig().unwrap()).unwrap();
    let mut config: Value = serde_saphyr::from_str(&text).unwrap();
    let cluster = config["clusters"][0]["name"].clone();
    config["users"].as_array_mut().unwrap().push(json!({"name": "plan", "user": {"token": answer["status"]["token"]}}));
    let context = json!({"name": "plan", "context": {"cluster": cluster, "user": "plan"}});
    config["contexts"].as_array_mut().unwrap().push(context);
    let file = folder.join("kubeconfig");
    std::fs::write(&file, config.to_string()).unwrap();
    ClusterAddress { kubeconfig: Some(file), context: None, plan_context: Some("plan".into()) }
}

/// The policy's name is one per cluster, so this is one test: an identity without it, then with it.
#[tokio::test]
async fn the_printed_policy_lets_the_plan_identity_do_dry_runs_and_nothing_else() {
    let Some(mut scene) = Scene::begin("plan").await else { return };
    let text = manifests(&scene.namespace, "plan").unwrap();
    let (rights, policy) = text.split_once("\n---\napiVersion: admissionregistration").unwrap();
    administer(&scene.client, rights).await;
    let folder = tempfile::tempdir().unwrap();
    let address = with_plan_context(&scene, "plan", folder.path()).await;
    assert_eq!(check(&Clusters::new(), &address).await.unwrap(), Hold::Loose, "without the policy it can write");

    administer(&scene.client, &format!("apiVersion: admissionregistration{policy}")).await;
    let mut hold = Hold::Loose;
    // The server takes up a new policy within about a second.
    for _ in 0..100 {
        hold = check(&Clusters::new(), &address).await.unwrap();
        if hold == Hold::Held {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(hold, Hold::Held);

    scene.runner = runner();
    scene.environment = environment(address.clone());
    let draft = scene.draft("cart", Verify::Rollout, &[scene.deployment("cart", 1, json!({}))]);
    let step = scene.make(&draft).await;
    assert_eq!(lines(&step.actions, &scene.namespace), ["Create Deployment/NS/cart"]);

    // The very same apply, but with the plan identity in the place of the acting one.
    let acting = ClusterAddress { context: Some("plan".into()), plan_context: None, ..address };
    scene.environment = environment(acting);
    let draft = scene.draft("cart", Verify::Rollout, &[scene.deployment("cart", 2, json!({}))]);
    let step = scene.plan(&draft).await.unwrap();
    let failed = scene.apply(&draft, &step).await.unwrap_err();
    assert!(failed.problem.facts["reason"].contains(POLICY), "{failed:?}");
    assert_eq!(scene.live("apps/v1", "Deployment", "cart").await.unwrap()["spec"]["replicas"], 1);

    for (version, kind, name) in [
        ("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicyBinding", POLICY),
        ("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy", POLICY),
        ("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", "plan"),
        ("rbac.authorization.k8s.io/v1", "ClusterRole", "plan"),
    ] {
        let api: Api<DynamicObject> = Api::all_with(scene.client.clone(), &resource(version, kind));
        api.delete(name, &DeleteParams::default()).await.unwrap();
    }
}

#[test]
fn a_name_that_could_end_the_policys_expression_is_refused() {
    assert_eq!(manifests("a\" || true || \"", "plan").unwrap_err().code, Code::InvalidName);
}

#[tokio::test]
async fn an_identity_without_rights_hears_which_one_is_missing() {
    let Some(mut scene) = Scene::begin("weak").await else { return };
    let account = json!({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "weak"}});
    scene.somebody_applies("administrator", &account).await;
    let folder = tempfile::tempdir().unwrap();
    let address = with_plan_context(&scene, "weak", folder.path()).await;
    scene.environment = environment(address.clone());
    let map = scene.object("v1", "ConfigMap", "settings", json!({}));
    let problem = scene.plan(&scene.draft("settings", Verify::Exists, &[map])).await.unwrap_err();
    assert_eq!(problem.code, Code::ClusterForbidden);
    assert!(problem.facts["right"].contains("get resource \"namespaces\""), "{problem}");
    assert_eq!(check(&Clusters::new(), &address).await.unwrap(), Hold::Powerless);
}

#[tokio::test]
async fn a_plan_for_one_cluster_does_not_run_on_another() {
    let Some(scene) = Scene::begin("other").await else { return };
    let map = scene.object("v1", "ConfigMap", "settings", json!({"data": {"a": "1"}}));
    let draft = scene.draft("settings", Verify::Exists, &[map]);
    let mut step = scene.plan(&draft).await.unwrap();
    let uid = step.preconditions[0].1.clone();
    step.instructions = step.instructions.replace(&uid, "00000000-0000-0000-0000-000000000000");
    let failed = scene.apply(&draft, &step).await.unwrap_err();
    assert_eq!((failed.problem.code, failed.done.len()), (Code::PlanStale, 0));
    assert_eq!(scene.live("v1", "ConfigMap", "settings").await, None);
}

/// No cluster is needed: a port that accepts and stays silent stands for one that hangs.
#[tokio::test]
async fn a_cluster_that_does_not_answer_is_said_to_be_unreachable_in_time() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("kubeconfig");
    let config = json!({"apiVersion": "v1", "kind": "Config", "current-context": "a",
        "clusters": [{"name": "a", "cluster": {"server": format!("https://{}", silent.local_addr().unwrap())}}],
        "users": [{"name": "a", "user": {"token": "CANARY"}}],
        "contexts": [{"name": "a", "context": {"cluster": "a", "user": "a"}}]});
    std::fs::write(&file, config.to_string()).unwrap();
    let environment = environment(ClusterAddress { kubeconfig: Some(file), context: None, plan_context: None });
    let runner = runner();
    let draft = chopmark_domain::draft::Draft {
        component: "dev/shop/cart".parse().unwrap(),
        action: chopmark_domain::draft::Action::Delete,
        content: chopmark_domain::draft::Content::Removed { template: "thing".parse().unwrap() },
        verify: Verify::Exists,
        way_back: chopmark_domain::draft::WayBack::PreviousVersion,
    };
    let request = PlanRequest {
        purpose: chopmark_domain::ports::PlanPurpose::Execute,
        environment: &environment,
        draft: &draft,
        previous: None,
    };
    let planned = tokio::time::timeout(Duration::from_secs(10), runner.plan(request)).await.unwrap();
    let problem = planned.unwrap_err();
    assert_eq!(problem.code, Code::ClusterUnreachable, "{problem}");
    assert!(!problem.to_string().contains("CANARY"));
    let step = chopmark_domain::plan::Step {
        runner: runner.name(),
        target: String::new(),
        preconditions: vec![],
        instructions: json!({"cluster": "", "objects": [], "known": {}, "replaced": [], "forced": {}, "deletes": [], "patch": null})
            .to_string(),
        program: chopmark_domain::plan::Program { name: String::new(), version: String::new(), digest: None },
        actions: vec![],
        outputs: vec![], caveats: vec![],
    };
    assert!(matches!(runner.observe(&environment, &step).await, Observed::Unknown(_)));
}
