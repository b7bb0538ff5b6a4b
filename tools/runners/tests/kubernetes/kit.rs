//! What every test here needs: a namespace of its own, drafts, countersigned work, and the runner.
//! Used by the test modules.
//! Must never leave a namespace behind.

use crate::paper::{countersigned, environment};
use chopmark_domain::component::{ComponentFile, ComponentId, ComponentVersion, TemplatePin};
use chopmark_domain::draft::{Action, Content, Draft, Verify, WayBack};
use chopmark_domain::environment::{ClusterAddress, Environment};
use chopmark_domain::ids::{Epoch, RunId};
use chopmark_domain::lease::{LeaseRow, LiveLease};
use chopmark_domain::plan::{ResourceAction, Step, Verb};
use chopmark_domain::ports::{PlanRequest, Progress, Runner, StepFailed, Work};
use chopmark_domain::problem::Problem;
use chopmark_domain::run::{Record, Verification};
use chopmark_domain::time::Timestamp;
use chopmark_runners::kubernetes::{Kubernetes, Patience};
use chopmark_sources::cluster::Clusters;
use kube::api::{DeleteParams, DynamicObject, Patch, PatchParams, PostParams};
use kube::discovery::ApiResource;
use kube::{Api, Client};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// The variable that names the cluster.
const VARIABLE: &str = "CHOPMARK_TEST_KUBECONFIG";

/// The test cluster's kubeconfig; none, with a word why, where there is no cluster. In CI that is a failure.
pub(crate) fn kubeconfig() -> Option<PathBuf> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let path = std::env::var_os(VARIABLE).map(PathBuf::from);
    if path.is_none() {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "{VARIABLE} is not set");
        left_out();
    }
    path
}

#[expect(clippy::print_stderr, reason = "whoever runs the tests must see what was left out")]
fn left_out() {
    eprintln!("left out: {VARIABLE} names no cluster; tests/peers/kubernetes/up starts one");
}

/// A scene: one cluster, one namespace, one runner.
pub(crate) struct Scene {
    /// The cluster as an administrator reaches it.
    home: ClusterAddress,
    pub(crate) environment: Environment,
    pub(crate) namespace: String,
    pub(crate) runner: Kubernetes,
    pub(crate) client: Client,
    /// What the runner reported.
    pub(crate) reports: Reports,
}

impl Drop for Scene {
    /// Removes the namespace, however the test ended; the removal's end is not waited for. The test's own runtime may
    /// be gone already, so this is done in another.
    fn drop(&mut self) {
        let (address, name) = (self.home.clone(), self.namespace.clone());
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

/// Progress as it was reported.
#[derive(Default)]
pub(crate) struct Reports(pub(crate) Mutex<Vec<(String, String)>>);

impl Progress for Reports {
    fn report(&self, key: &str, about: &str) {
        self.0.lock().unwrap().push((key.to_owned(), about.to_owned()));
    }
}

/// Short times, so that a failure is seen soon; long enough for two tries at an image.
const PATIENCE: Patience = Patience { deadline: Duration::from_secs(60), grace: Duration::from_secs(3) };

impl Scene {
    /// A scene whose namespace exists. None where there is no cluster.
    pub(crate) async fn begin(name: &str) -> Option<Self> {
        let scene = Self::without_namespace(name).await?;
        let namespace = json!({"metadata": {"name": scene.namespace}});
        let api: Api<DynamicObject> = Api::all_with(scene.client.clone(), &resource("v1", "Namespace"));
        let namespace = serde_json::from_value(namespace).unwrap();
        api.create(&PostParams::default(), &namespace).await.unwrap();
        Some(scene)
    }

    /// A scene whose namespace does not exist yet.
    pub(crate) async fn without_namespace(name: &str) -> Option<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let path = kubeconfig()?;
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let namespace = format!("t-{name}-{}-{number}", std::process::id());
        let environment = environment(ClusterAddress { kubeconfig: Some(path), context: None, plan_context: None });
        let clusters = Clusters::new();
        let client = clusters.client(environment.cluster.as_ref().unwrap()).await.unwrap();
        let home = environment.cluster.clone().unwrap();
        Some(Self { home, environment, namespace, runner: runner(), client, reports: Reports::default() })
    }

    pub(crate) fn component(&self, name: &str) -> ComponentId {
        format!("dev/{}/{name}", self.namespace).parse().unwrap()
    }

    /// An object of the component, labelled, in the scene's namespace.
    pub(crate) fn object(&self, api_version: &str, kind: &str, name: &str, rest: Value) -> Value {
        let mut object = json!({"apiVersion": api_version, "kind": kind,
            "metadata": {"name": name, "namespace": self.namespace, "labels": self.labels(name)}});
        merge(&mut object, rest);
        object
    }

    pub(crate) fn labels(&self, name: &str) -> Value {
        json!({"chopmark.io/component": name, "chopmark.io/group": self.namespace})
    }

    /// A deployment of the test image.
    pub(crate) fn deployment(&self, name: &str, replicas: u32, container: Value) -> Value {
        let mut web = json!({"name": "web", "image": "localhost/web:1", "ports": [{"containerPort": 8080}]});
        merge(&mut web, container);
        let labels = self.labels(name);
        self.object("apps/v1", "Deployment", name, json!({"spec": {
            "replicas": replicas,
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": {"terminationGracePeriodSeconds": 0, "containers": [web]}},
        }}))
    }

    /// A component draft of these objects, one file each.
    pub(crate) fn draft(&self, name: &str, verify: Verify, objects: &[Value]) -> Draft {
        let content = Content::Component { template: template(), values: BTreeMap::new(), files: files(objects) };
        Draft {
            component: self.component(name),
            action: Action::Edit,
            content,
            verify,
            way_back: WayBack::PreviousVersion,
        }
    }

    /// The committed version that held these objects.
    pub(crate) fn version(&self, name: &str, objects: &[Value]) -> ComponentVersion {
        ComponentVersion {
            component: self.component(name),
            template: template(),
            values: BTreeMap::new(),
            files: files(objects),
            commit: "0".repeat(40).parse().unwrap(),
            change: None,
            at: Timestamp(0),
        }
    }

    pub(crate) async fn plan(&self, draft: &Draft) -> Result<Step, Problem> {
        self.plan_after(draft, None).await
    }

    pub(crate) async fn plan_after(&self, draft: &Draft, previous: Option<&ComponentVersion>) -> Result<Step, Problem> {
        self.runner
            .plan(PlanRequest {
                purpose: chopmark_domain::ports::PlanPurpose::Execute,
                environment: &self.environment,
                draft,
                previous,
            })
            .await
    }

    /// Countersigns and applies a step.
    pub(crate) async fn apply(&self, draft: &Draft, step: &Step) -> Result<(), StepFailed> {
        let countersigned = countersigned(draft, step);
        let run: RunId = "run-7f3k".parse().unwrap();
        let row = LeaseRow { name: "target:x".into(), holder: run.to_string(), epoch: Epoch(1), expires_at: None };
        let lease = LiveLease::confirm(row, run.as_str(), Epoch(1), Timestamp(0)).unwrap();
        let work =
            Work { countersigned: &countersigned, lease: &lease, environment: &self.environment, step, run: &run };
        self.runner.apply(work, &self.reports, &mut Record::default()).await
    }

    pub(crate) async fn verify(&self, draft: &Draft, step: &Step) -> Verification {
        self.runner.verify(&self.environment, draft, step, &Record::default(), &self.reports).await.unwrap()
    }

    /// Plans, applies and verifies, all of which must work.
    pub(crate) async fn make(&self, draft: &Draft) -> Step {
        let step = self.plan(draft).await.unwrap();
        self.apply(draft, &step).await.unwrap();
        let verification = self.verify(draft, &step).await;
        assert!(matches!(verification, Verification::Passed { .. }), "{verification:?}");
        step
    }

    pub(crate) fn api(&self, api_version: &str, kind: &str) -> Api<DynamicObject> {
        Api::namespaced_with(self.client.clone(), &self.namespace, &resource(api_version, kind))
    }

    pub(crate) async fn live(&self, api_version: &str, kind: &str, name: &str) -> Option<Value> {
        let object = self.api(api_version, kind).get_opt(name).await.unwrap()?;
        Some(serde_json::to_value(object).unwrap())
    }

    /// Somebody else applies an object under another name, taking what they want.
    pub(crate) async fn somebody_applies(&self, manager: &str, object: &Value) {
        let (api_version, kind) = (object["apiVersion"].as_str().unwrap(), object["kind"].as_str().unwrap());
        let name = object["metadata"]["name"].as_str().unwrap();
        let parameters = PatchParams::apply(manager).force();
        self.api(api_version, kind).patch(name, &parameters, &Patch::Apply(object)).await.unwrap();
    }

    /// Somebody else edits fields.
    pub(crate) async fn somebody_edits(&self, api_version: &str, kind: &str, name: &str, patch: Value) {
        let parameters = PatchParams { field_manager: Some("somebody".into()), ..PatchParams::default() };
        self.api(api_version, kind).patch(name, &parameters, &Patch::Merge(patch)).await.unwrap();
    }
}

/// The runner, with a key of its own and little patience.
pub(crate) fn runner() -> Kubernetes {
    Kubernetes::new(Clusters::new(), [7; 32]).with_patience(PATIENCE)
}

/// Every action as one line: verb, address, changed fields.
pub(crate) fn lines(actions: &[ResourceAction], namespace: &str) -> Vec<String> {
    actions
        .iter()
        .map(|action| {
            let fields: Vec<_> = action.fields.iter().map(|field| field.path.as_str()).collect();
            let fields = if action.verb == Verb::Create { String::new() } else { fields.join(" ") };
            format!("{:?} {} {fields}", action.verb, action.address.replace(namespace, "NS")).trim().to_owned()
        })
        .collect()
}

pub(crate) fn resource(api_version: &str, kind: &str) -> ApiResource {
    let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
    ApiResource::from_gvk(&kube::core::GroupVersionKind::gvk(group, version, kind))
}

fn files(objects: &[Value]) -> Vec<ComponentFile> {
    let name = |object: &Value| {
        format!("{}-{}.yaml", object["kind"], object["metadata"]["name"]).replace('"', "").to_lowercase()
    };
    objects.iter().map(|object| ComponentFile { name: name(object), text: object.to_string() }).collect()
}

fn template() -> TemplatePin {
    TemplatePin { name: "thing".parse().unwrap(), version: 1, digest: String::new() }
}

fn merge(into: &mut Value, from: Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (key, value) in from {
                merge(into.entry(key).or_insert(Value::Null), value);
            }
        }
        (into, from) => *into = from,
    }
}
