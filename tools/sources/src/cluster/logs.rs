//! The tail of a container's log.
//! Called by the tool `read_logs` and by health, for the last words of a container that crashes.
//! Must never be unbounded, nor be taken for instructions: log lines are text from outside.

use super::connection::check_name;
use super::{Clusters, Connection};
use crate::health::pods;
use crate::json;
use chopmark_domain::environment::Environment;
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::proposal::ObjectReference;
use kube::api::LogParams;
use kube::core::Request;
use serde_json::Value;

/// Bytes that are read of one log: enough for the longest tail, and no more from a line without an end.
const BYTES: i64 = 256 * 1024;
/// Lines that may be asked for.
const MOST: u32 = 1000;
/// Pods of a workload that are looked through.
const PODS: usize = 500;

/// The last lines of one container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogTail {
    /// The pod.
    pub pod: String,
    /// The container.
    pub container: String,
    /// Whether they are those of the container before, which crashed.
    pub previous: bool,
    /// Oldest first: text from outside.
    pub lines: Vec<String>,
}

impl Clusters {
    /// The last lines of a pod, or of the pod of a workload or component of that name that is worst off. Of a
    /// container that keeps crashing the lines before the crash are what says why, so those are read.
    ///
    /// # Errors
    /// [`Code::UnknownObject`] when no pod belongs to that name.
    pub async fn logs(
        &self,
        environment: &Environment,
        namespace: &str,
        name: &str,
        tail: u32,
    ) -> Result<LogTail, Problem> {
        let connection = self.reader(environment).await?;
        let unknown = || {
            let object = ObjectReference {
                api_version: "v1".into(),
                kind: "Pod".into(),
                namespace: Some(namespace.to_owned()),
                name: name.to_owned(),
            };
            Problem::new(Code::UnknownObject).with("object", object).with("environment", &environment.name)
        };
        let kind = connection.kind("v1", "Pod").await?.ok_or_else(unknown)?;
        let pods = connection.list(&kind, Some(namespace), None, PODS).await?.objects;
        let pod = pods::to_ask(&pods, name).ok_or_else(unknown)?;
        let container = pods::worst_container(pod);
        let previous = pods::crashed_before(pod, &container);
        let pod_name = json::text(pod, "/metadata/name");
        let lines = match tail_of(&connection, namespace, pod_name, &container, previous, tail).await {
            // The container before may be collected already; what there is, is better than nothing.
            Err(_) if previous => tail_of(&connection, namespace, pod_name, &container, false, tail).await?,
            other => other?,
        };
        Ok(LogTail { pod: pod_name.to_owned(), container, previous, lines })
    }
}

/// The last lines of one container.
pub(super) async fn tail_of(
    connection: &Connection,
    namespace: &str,
    pod: &str,
    container: &str,
    previous: bool,
    tail: u32,
) -> Result<Vec<String>, Problem> {
    let about = format!("Pod/{namespace}/{pod}");
    for name in [namespace, pod, container] {
        check_name(name, &about)?;
    }
    let parameters = LogParams {
        container: Some(container.to_owned()),
        previous,
        limit_bytes: Some(BYTES),
        tail_lines: Some(i64::from(tail.clamp(1, MOST))),
        ..LogParams::default()
    };
    let request = Request::new(format!("/api/v1/namespaces/{namespace}/pods")).logs(pod, &parameters);
    let request =
        request.map_err(|error| Problem::new(Code::ClusterRefused).with("about", &about).with("reason", error))?;
    let text = connection.client().request_text(request).await.map_err(|error| connection.problem(&error, &about))?;
    Ok(text.lines().map(str::to_owned).collect())
}

/// The last words of every container that crashes, by `pod/container`.
pub(super) async fn last_words(connection: &Connection, pods: &[Value], tail: u32) -> Vec<(String, Vec<String>)> {
    let mut all = Vec::new();
    for pod in pods {
        let (namespace, name) = (json::text(pod, "/metadata/namespace"), json::text(pod, "/metadata/name"));
        for (container, previous) in pods::crashing(pod) {
            if let Ok(lines) = tail_of(connection, namespace, name, &container, previous, tail).await {
                all.push((format!("{name}/{container}"), lines));
            }
        }
    }
    all
}
