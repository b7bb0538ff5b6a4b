//! The floor: a bare kube-rs program that does the same dry runs, commit, applies and waits.
//! Works on the objects that Chopmark rendered, under other names.
//! Must never do less than the program does to the world.

use super::kit::cluster::Cluster;
use super::kit::world::Repository;
use chopmark_domain::component::ComponentFile;
use chopmark_domain::rendered;
use k8s_openapi::api::apps::v1::Deployment;
use kube::api::{Api, ApiResource, DynamicObject, Patch, PatchParams};
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::core::GroupVersionKind;
use kube::runtime::wait::await_condition;
use kube::{Client, Config};
use serde_json::Value;
use std::path::{Path, PathBuf};
use tokio::runtime::Runtime;

/// A program without records, approval or recovery.
pub(crate) struct Bare {
    runtime: Runtime,
    client: Client,
    folder: PathBuf,
    repository: Repository,
}

impl Bare {
    /// Copies what was rendered, under another name, and applies it once.
    pub(crate) fn prepare(cluster: &Cluster, rendered: &Path, folder: &Path) -> Self {
        let runtime = Runtime::new().unwrap();
        let client = runtime.block_on(async {
            let kubeconfig = Kubeconfig::read_from(&cluster.kubeconfig).unwrap();
            let config = Config::from_custom_kubeconfig(kubeconfig, &KubeConfigOptions::default()).await.unwrap();
            Client::try_from(config).unwrap()
        });
        std::fs::create_dir_all(folder).unwrap();
        let repository = Repository::at(folder);
        repository.git(&["init", "--quiet", "--initial-branch=main"]);
        for entry in std::fs::read_dir(rendered.join("bench/cart")).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|ending| ending == "yaml") {
                let text = std::fs::read_to_string(&path).unwrap().replace("cart", "bare");
                std::fs::write(folder.join(path.file_name().unwrap()), text).unwrap();
            }
        }
        repository.git(&["add", "--all"]);
        repository.git(&["commit", "--quiet", "--message=Begin"]);
        let bare = Self { runtime, client, folder: folder.to_owned(), repository };
        bare.change("localhost/web:1");
        bare
    }

    /// Changes the image and waits until it runs.
    pub(crate) fn change(&self, image: &str) {
        let mut objects = Vec::new();
        for entry in std::fs::read_dir(&self.folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|ending| ending != "yaml") {
                continue;
            }
            let mut text = std::fs::read_to_string(&path).unwrap();
            for old in ["localhost/web:1", "localhost/web:2"] {
                text = text.replace(old, image);
            }
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            objects.push((path, text.clone(), rendered::object(&ComponentFile { name, text }).unwrap()));
        }
        // The plan, and once more before the start.
        for _ in 0..2 {
            objects.iter().for_each(|(_, _, object)| self.apply(object, true));
        }
        objects.iter().for_each(|(path, text, _)| std::fs::write(path, text).unwrap());
        self.repository.git(&["add", "--all"]);
        self.repository.git(&["commit", "--quiet", "--allow-empty", "--message=Change"]);
        objects.iter().for_each(|(_, _, object)| self.apply(object, false));
        let deployments: Api<Deployment> = Api::namespaced(self.client.clone(), "bench");
        self.runtime.block_on(await_condition(deployments, "bare", rolled_out)).unwrap();
    }

    fn apply(&self, object: &Value, dry: bool) {
        let text = |pointer: &str| object.pointer(pointer).and_then(Value::as_str).unwrap();
        let (group, version) = text("/apiVersion").split_once('/').unwrap_or(("", text("/apiVersion")));
        let resource = ApiResource::from_gvk(&GroupVersionKind::gvk(group, version, text("/kind")));
        let api: Api<DynamicObject> = Api::namespaced_with(self.client.clone(), "bench", &resource);
        let parameters = PatchParams { dry_run: dry, ..PatchParams::apply("bare") };
        self.runtime.block_on(async {
            api.get_opt(text("/metadata/name")).await.unwrap();
            api.patch(text("/metadata/name"), &parameters, &Patch::Apply(object)).await.unwrap();
        });
    }
}

/// The controller has seen this generation, and every pod of it is available and no other is counted.
fn rolled_out(deployment: Option<&Deployment>) -> bool {
    let Some(deployment) = deployment else { return false };
    let (Some(spec), Some(status)) = (&deployment.spec, &deployment.status) else { return false };
    let wanted = spec.replicas.unwrap_or(1);
    status.observed_generation == deployment.metadata.generation
        && [status.updated_replicas, status.available_replicas, status.replicas].iter().all(|n| *n == Some(wanted))
}
