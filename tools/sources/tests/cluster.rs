//! Reading a real cluster: objects of any kind, events, logs, health.
//! Run by `cargo test` with CHOPMARK_TEST_KUBECONFIG; without it every test says why it is left out.
//! Must never touch a namespace that the test did not make.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use chopmark_domain::approval::{ApprovalRule, SelfApproval};
use chopmark_domain::component::ComponentPath;
use chopmark_domain::environment::{ClusterAddress, Environment, Mode, RepositoryAddress};
use chopmark_domain::facts::{Health, HealthReport};
use chopmark_domain::problem::Code;
use chopmark_domain::time::Timestamp;
use chopmark_sources::cluster::{Clusters, Scope};
use kube::api::{DeleteParams, DynamicObject, PostParams};
use kube::core::GroupVersionKind;
use kube::discovery::ApiResource;
use kube::{Api, Client};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::time::{Duration, Instant};

const VARIABLE: &str = "CHOPMARK_TEST_KUBECONFIG";

struct Scene {
    clusters: Clusters,
    environment: Environment,
    client: Client,
    namespace: String,
}

fn environment(kubeconfig: PathBuf) -> Environment {
    let rule = ApprovalRule {
        approvers: std::collections::BTreeSet::new(),
        needed: 1,
        self_approval: SelfApproval::Forbidden,
        expires_after_seconds: 60,
        written_at: String::new(),
        ..ApprovalRule::default()
    };
    let repository = RepositoryAddress { path: "/".into(), branch: "main".into(), folder: String::new(), remote: None };
    let cluster = Some(ClusterAddress { kubeconfig: Some(kubeconfig), context: None, plan_context: None });
    Environment {
        name: "dev".parse().unwrap(),
        mode: Mode::Apply,
        repository,
        cluster,
        terraform: None,
        disclosure: chopmark_domain::environment::Disclosure::Allowed,
        rules: rule.into(),
        windows: chopmark_domain::calendar::Windows::default(),
        effects: chopmark_domain::policy::Effects::Allowed,
        templates: vec![],
    }
}

#[expect(clippy::print_stderr, reason = "whoever runs the tests must see what was left out")]
async fn scene(name: &str) -> Option<Scene> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let Some(path) = std::env::var_os(VARIABLE) else {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "{VARIABLE} is not set");
        eprintln!("left out: {VARIABLE} names no cluster; tests/peers/kubernetes/up starts one");
        return None;
    };
    let (clusters, environment) = (Clusters::new(), environment(path.into()));
    let client = clusters.client(environment.cluster.as_ref().unwrap()).await.unwrap();
    let scene = Scene { clusters, environment, client, namespace: format!("s-{name}-{}", std::process::id()) };
    scene.create(json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": scene.namespace}})).await;
    Some(scene)
}

impl Drop for Scene {
    fn drop(&mut self) {
        let (address, name) = (self.environment.cluster.clone().unwrap(), self.namespace.clone());
        let remove = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let client = Clusters::new().client(&address).await.unwrap();
                let api: Api<DynamicObject> = Api::all_with(client, &resource("v1", "Namespace"));
                let _ = api.delete(&name, &DeleteParams::background()).await;
            });
        };
        let _ = std::thread::spawn(remove).join();
    }
}

fn resource(api_version: &str, kind: &str) -> ApiResource {
    let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
    ApiResource::from_gvk(&GroupVersionKind::gvk(group, version, kind))
}

impl Scene {
    async fn create(&self, object: Value) {
        let kind = resource(object["apiVersion"].as_str().unwrap(), object["kind"].as_str().unwrap());
        let api: Api<DynamicObject> = match object["kind"].as_str() {
            Some("Namespace") => Api::all_with(self.client.clone(), &kind),
            _ => Api::namespaced_with(self.client.clone(), &self.namespace, &kind),
        };
        api.create(&PostParams::default(), &serde_json::from_value(object).unwrap()).await.unwrap();
    }

    async fn deploy(&self, name: &str, command: Value) {
        let labels = json!({"chopmark.io/component": name, "chopmark.io/group": self.namespace});
        self.create(
            json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name, "labels": labels},
            "spec": {"replicas": 1, "selector": {"matchLabels": labels}, "template": {"metadata": {"labels": labels},
            "spec": {"terminationGracePeriodSeconds": 0, "containers": [
                {"name": "web", "image": "localhost/web:1", "command": command}]}}}}),
        )
        .await;
    }

    /// Waits until the report is as asked, at most a minute.
    async fn until(&self, scope: &Scope, good: impl Fn(&HealthReport) -> bool) -> HealthReport {
        let begun = Instant::now();
        loop {
            let report = self.clusters.health(&self.environment, scope, Timestamp(0)).await.unwrap();
            if good(&report) {
                return report;
            }
            assert!(begun.elapsed() < Duration::from_secs(60), "still: {report:?}");
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }
}

#[tokio::test]
async fn objects_of_any_kind_are_listed_by_any_name_and_secrets_keep_their_values() {
    let Some(scene) = scene("list").await else { return };
    scene.create(json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "db"}, "stringData": {"password": "CANARY"}})).await;
    let labels = json!({"chopmark.io/component": "settings", "chopmark.io/group": scene.namespace});
    scene.create(json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings", "labels": labels}, "data": {"b": "", "a": ""}})).await;
    let list = async |kind: &str| scene.clusters.objects(&scene.environment, kind, Some(&scene.namespace)).await;
    for kind in ["secret", "secrets", "Secret"] {
        let found = list(kind).await.unwrap();
        assert_eq!((found.len(), found[0].status.as_str()), (1, "password"), "{kind}");
        assert!(!format!("{found:?}").contains("CANARY") && !format!("{found:?}").contains("Q0FOQVJZ"));
    }
    let found = list("cm").await.unwrap();
    let ours = found.iter().find(|object| object.object.name == "settings").unwrap();
    assert_eq!(ours.status, "a, b");
    assert_eq!(ours.component.as_ref().unwrap().to_string(), format!("dev/{}/settings", scene.namespace));
    assert!(ours.created_at > Timestamp(0));
    for kind in ["ingress", "deploy", "netpol", "cronjobs.batch", "HPA", "ev"] {
        assert!(list(kind).await.is_ok(), "{kind}");
    }
    let nodes = scene.clusters.objects(&scene.environment, "nodes", None).await.unwrap();
    assert_eq!(nodes[0].status, "Ready");
    let problem = list("dragons").await.unwrap_err();
    assert_eq!((problem.code, problem.facts["kind"].as_str()), (Code::UnknownKind, "dragons"));
    let escape = scene.clusters.objects(&scene.environment, "pods", Some("../../secrets")).await;
    assert_eq!(escape.unwrap_err().code, Code::ClusterRefused);
}

#[tokio::test]
async fn a_crashing_workload_tells_why_in_health_logs_and_events() {
    let Some(scene) = scene("crash").await else { return };
    scene.deploy("cart", json!(["sh", "-c", "echo no such table: carts; exit 3"])).await;
    let scope = Scope::Component(ComponentPath::new(&scene.namespace, "cart").unwrap());
    let crash = |report: &HealthReport| {
        report
            .troubles
            .iter()
            .any(|t| t.kind == "crash-loop" && t.evidence.iter().any(|line| line.contains("no such table")))
    };
    let report = scene.until(&scope, crash).await;
    assert_eq!((report.health, report.ready, report.wanted), (Health::Unhealthy, 0, 1));
    let logs = scene.clusters.logs(&scene.environment, &scene.namespace, "cart", 5).await.unwrap();
    assert_eq!((logs.container.as_str(), logs.lines), ("web", vec!["no such table: carts".to_owned()]));
    let events = scene.clusters.events(&scene.environment, Some(&scene.namespace), Some("cart")).await.unwrap();
    assert!(events.iter().any(|event| event.reason == "ScalingReplicaSet"), "{events:?}");
    assert!(events.is_sorted_by_key(|event| std::cmp::Reverse(event.at)), "newest first");
    let unknown = scene.clusters.logs(&scene.environment, &scene.namespace, "nothing", 5).await.unwrap_err();
    assert_eq!(unknown.code, Code::UnknownObject);
}

#[tokio::test]
async fn a_workload_that_runs_is_healthy_by_component_by_name_and_in_its_namespace() {
    let Some(scene) = scene("well").await else { return };
    scene.deploy("cart", json!(["httpd", "-f", "-p", "8080"])).await;
    let namespace = scene.namespace.clone();
    for scope in [
        Scope::Component(ComponentPath::new(&namespace, "cart").unwrap()),
        Scope::Object { namespace: namespace.clone(), name: "cart".into() },
        Scope::Namespace(namespace.clone()),
        Scope::Component(ComponentPath::new("cluster", &namespace).unwrap()),
    ] {
        let report = scene.until(&scope, |report| report.health == Health::Healthy).await;
        assert_eq!((report.ready, report.wanted, report.troubles.len()), (1, 1, 0), "{scope:?}");
    }
    let nothing = Scope::Object { namespace, name: "nothing".into() };
    assert_eq!(
        scene.clusters.health(&scene.environment, &nothing, Timestamp(0)).await.unwrap().health,
        Health::Missing
    );
}

#[tokio::test]
async fn a_cluster_that_is_not_there_is_unreachable_and_no_secret_is_said() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("kubeconfig");
    let write = |server: &str| {
        let config = json!({"apiVersion": "v1", "kind": "Config", "current-context": "a",
            "clusters": [{"name": "a", "cluster": {"server": server}}],
            "users": [{"name": "a", "user": {"token": "CANARY"}}],
            "contexts": [{"name": "a", "context": {"cluster": "a", "user": "a"}}]});
        std::fs::write(&file, config.to_string()).unwrap();
    };
    // A port that was free a moment ago refuses; a name of the reserved top level does not resolve (RFC 6761).
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for server in [format!("https://{free}"), "https://cluster.invalid".to_owned(), "no address".to_owned()] {
        write(&server);
        let problem = Clusters::new().objects(&environment(file.clone()), "pods", None).await.unwrap_err();
        assert_eq!(problem.code, Code::ClusterUnreachable, "{problem}");
        assert!(!problem.to_string().contains("CANARY"), "{problem}");
    }
    std::fs::write(&file, "users: [{name: a, user: {token: CANARY\n").unwrap();
    let problem = Clusters::new().objects(&environment(file.clone()), "pods", None).await.unwrap_err();
    assert!(problem.code == Code::ClusterUnreachable && !problem.to_string().contains("CANARY"), "{problem}");
    let mut nowhere = environment(file);
    nowhere.cluster = None;
    let problem = Clusters::new().objects(&nowhere, "pods", None).await.unwrap_err();
    assert_eq!(problem.code, Code::NoCluster);
}
