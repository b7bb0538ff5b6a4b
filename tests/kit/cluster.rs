//! The real Kubernetes that `tests/run` has started, seen from outside.
//! Used by flows and scripts that need pods to run.
//! Must never go through the program: kubectl is the witness.

use super::scene::Scene;
use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A namespace of the cluster that one test has to itself.
pub(crate) struct Cluster {
    /// The kubeconfig.
    pub(crate) kubeconfig: String,
    namespace: String,
    _turn: Option<MutexGuard<'static, ()>>,
}

/// The namespace `shop` of the sessions that are typed as they stand.
static SHOP: Mutex<()> = Mutex::new(());

impl Cluster {
    /// The cluster with that namespace absent; none where no cluster runs.
    pub(crate) fn with(namespace: &str) -> Option<Self> {
        let Ok(kubeconfig) = std::env::var("CHOPMARK_TEST_KUBECONFIG") else {
            super::left_out("Kubernetes: CHOPMARK_TEST_KUBECONFIG is not set; `tests/run` starts one as root on Linux");
            return None;
        };
        let turn = (namespace == "shop").then(|| SHOP.lock().unwrap_or_else(PoisonError::into_inner));
        let cluster = Self { kubeconfig, namespace: namespace.to_owned(), _turn: turn };
        cluster.clear();
        Some(cluster)
    }

    /// The same with the namespace there, and a scene with the running component `cart` in it.
    pub(crate) fn with_cart(namespace: &str) -> Option<(Self, Scene)> {
        let cluster = Self::with(namespace)?;
        cluster.kubectl(&["create", "namespace", namespace]);
        let scene = cluster.scene();
        scene.carry_out(&format!(
            "deploy image localhost/web:1 as cart in {namespace} with 1 replica, 64Mi memory, port 8080"
        ));
        Some((cluster, scene))
    }

    /// A field of the deployment `cart`, by its path.
    pub(crate) fn cart(&self, path: &str) -> String {
        let path = format!("jsonpath={{{path}}}");
        self.kubectl(&["get", "deployment", "cart", "-n", &self.namespace, "-o", &path])
    }

    fn clear(&self) {
        self.try_kubectl(&["delete", "namespace", &self.namespace, "--ignore-not-found", "--wait", "--timeout=90s"]);
    }

    fn try_kubectl(&self, arguments: &[&str]) -> (bool, String) {
        let output = Command::new("kubectl")
            .args(arguments)
            .env("KUBECONFIG", &self.kubeconfig)
            .output()
            .expect("kubectl is installed");
        let words = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8_lossy(&words).trim_end().to_owned())
    }

    /// Runs kubectl and returns what it says.
    #[track_caller]
    pub(crate) fn kubectl(&self, arguments: &[&str]) -> String {
        let (well, words) = self.try_kubectl(arguments);
        assert!(well, "kubectl {arguments:?}: {words}");
        words
    }

    /// A configuration whose environment `dev` applies to this cluster.
    pub(crate) fn config(&self) -> String {
        format!(
            "default_environment = \"dev\"\n[environments.dev]\nmode = \"apply\"\n\
             [environments.dev.kubernetes]\nkubeconfig = \"{}\"\n\
             [environments.dev.approval]\napprovers = [\"owner\"]\nself_approval = true\n",
            self.kubeconfig
        )
    }

    /// A scene with that configuration.
    pub(crate) fn scene(&self) -> Scene {
        Scene::with_config(&self.config())
    }

    /// The namespace.
    pub(crate) fn namespace(&self) -> &str {
        &self.namespace
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.try_kubectl(&["delete", "namespace", &self.namespace, "--ignore-not-found", "--wait=false"]);
    }
}
