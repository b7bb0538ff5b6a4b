//! Gathering what health is judged by: objects, their pods, events and last log lines.
//! Called by the tool `check_health`, and by the Kubernetes runner while a change takes effect.
//! Must never judge: `crate::health` does, from these values alone.

use super::{Clusters, Connection, events, logs};
use crate::health::{Snapshot, evaluate, pods};
use crate::{json, label};
use chopmark_domain::component::{CLUSTER_GROUP, ComponentPath};
use chopmark_domain::environment::Environment;
use chopmark_domain::facts::HealthReport;
use chopmark_domain::problem::Problem;
use chopmark_domain::time::Timestamp;
use serde_json::Value;

/// Kinds that say something about health, with what they make.
const KINDS: [(&str, &str); 7] = [
    ("apps/v1", "Deployment"),
    ("apps/v1", "StatefulSet"),
    ("apps/v1", "DaemonSet"),
    ("apps/v1", "ReplicaSet"),
    ("batch/v1", "Job"),
    ("batch/v1", "CronJob"),
    ("v1", "Pod"),
];
/// How many objects of a kind are looked at.
const MOST: usize = 1000;
/// Log lines that are kept of a container that crashes.
const LAST_WORDS: u32 = 10;
/// Pods whose logs are asked for: one is enough to know why, a few tell a pattern.
const ASKED: usize = 3;

/// What health is asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// The objects labelled as a component; of a namespace's own component, everything in that namespace.
    Component(ComponentPath),
    /// Everything in a namespace.
    Namespace(String),
    /// The workload, job or pod of that name, of any kind.
    Object {
        /// Its namespace.
        namespace: String,
        /// Its name.
        name: String,
    },
}

impl Scope {
    /// What was asked about, for people, such as `dev/shop/cart`.
    pub fn subject(&self, environment: &Environment) -> String {
        match self {
            Self::Component(path) => format!("{}/{path}", environment.name),
            Self::Namespace(namespace) => format!("{}/{namespace}", environment.name),
            Self::Object { namespace, name } => format!("{}/{namespace}/{name}", environment.name),
        }
    }

    /// The namespace to look into.
    fn namespace(&self) -> &str {
        match self {
            Self::Component(path) if path.group() == CLUSTER_GROUP => path.name(),
            Self::Component(path) => path.group(),
            Self::Namespace(namespace) | Self::Object { namespace, .. } => namespace,
        }
    }

    /// Whether an object is meant by itself. What those make is found through owners.
    fn names(&self, object: &Value) -> bool {
        match self {
            Self::Component(path) if path.group() == CLUSTER_GROUP => true,
            Self::Component(path) => label::component(object).as_ref() == Some(path),
            Self::Namespace(_) => true,
            Self::Object { name, .. } => json::text(object, "/metadata/name") == name,
        }
    }
}

impl Clusters {
    /// How well something is, with the evidence.
    ///
    /// # Errors
    /// The environment has no cluster, or the cluster cannot be read.
    pub async fn health(
        &self,
        environment: &Environment,
        scope: &Scope,
        at: Timestamp,
    ) -> Result<HealthReport, Problem> {
        let connection = self.reader(environment).await?;
        let snapshot = snapshot(&connection, scope).await?;
        Ok(evaluate(&scope.subject(environment), &snapshot, at))
    }
}

/// Everything that health is judged by.
///
/// # Errors
/// The cluster cannot be read.
pub async fn snapshot(connection: &Connection, scope: &Scope) -> Result<Snapshot, Problem> {
    let mut objects = Vec::new();
    for (api_version, name) in KINDS {
        if let Some(kind) = connection.kind(api_version, name).await? {
            objects.extend(connection.list(&kind, Some(scope.namespace()), None, MOST).await?.objects);
        }
    }
    let objects = meant(objects, scope);
    let pods: Vec<_> = objects.iter().filter(|object| json::text(object, "/kind") == "Pod").cloned().collect();
    let troubled: Vec<_> = pods.into_iter().filter(|pod| !pods::crashing(pod).is_empty()).take(ASKED).collect();
    let logs = logs::last_words(connection, &troubled, LAST_WORDS).await;
    let events = events::raw(connection, Some(scope.namespace())).await?;
    Ok(Snapshot { objects, events, logs: logs.into_iter().collect() })
}

/// The objects that a scope names, with everything they own, however deep.
fn meant(all: Vec<Value>, scope: &Scope) -> Vec<Value> {
    let (mut meant, mut rest): (Vec<_>, Vec<_>) = all.into_iter().partition(|object| scope.names(object));
    loop {
        let owned =
            |object: &Value| meant.iter().any(|owner| json::owned_by(object, json::text(owner, "/metadata/uid")));
        let (found, left): (Vec<_>, Vec<_>) = rest.into_iter().partition(owned);
        if found.is_empty() {
            return meant;
        }
        meant.extend(found);
        rest = left;
    }
}
