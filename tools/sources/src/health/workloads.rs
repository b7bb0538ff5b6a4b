//! Rollouts: how far a workload is, by its own status, with the troubles of its pods.
//! Called by `evaluate` for reports and by the Kubernetes runner while it waits.
//! Must never call a workload complete whose controller has not yet seen its latest version.

use super::{Snapshot, reasons};
use crate::json::{annotation, condition, integer, items, owned_by, text};
use chopmark_domain::facts::Trouble;
use chopmark_domain::proposal::ObjectReference;
use serde_json::Value;

/// Annotation by which the Deployment controller numbers its ReplicaSets (Kubernetes, `deployment/util`).
const REVISION: &str = "deployment.kubernetes.io/revision";

/// How far a workload is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rollout {
    /// The workload.
    pub object: ObjectReference,
    /// Whether everything wanted is there in its latest version.
    pub complete: bool,
    /// Pods ready.
    pub ready: i64,
    /// Pods wanted.
    pub wanted: i64,
    /// What is wrong.
    pub troubles: Vec<Trouble>,
}

/// How far an object is; none for kinds that roll nothing out and for objects that a workload owns, which are
/// judged with their owner.
pub fn rollout(object: &Value, snapshot: &Snapshot) -> Option<Rollout> {
    if !items(object, "/metadata/ownerReferences").is_empty() && owner_is_here(object, snapshot) {
        return None;
    }
    match text(object, "/kind") {
        "Deployment" => Some(deployment(object, snapshot)),
        "StatefulSet" => Some(stateful_set(object, snapshot)),
        "DaemonSet" => Some(daemon_set(object, snapshot)),
        "ReplicaSet" => Some(replica_set(object, snapshot)),
        "Job" => Some(job(object, snapshot)),
        "CronJob" => Some(cron_job(object, snapshot)),
        "Pod" => Some(pod(object, snapshot)),
        _ => None,
    }
}

fn owner_is_here(object: &Value, snapshot: &Snapshot) -> bool {
    snapshot.objects.iter().any(|owner| owned_by(object, text(owner, "/metadata/uid")))
}

/// Whether the controller has seen the object as it is now.
fn observed(object: &Value) -> bool {
    let generation = integer(object, "/metadata/generation").unwrap_or(0);
    integer(object, "/status/observedGeneration").unwrap_or(0) >= generation
}

fn of(object: &Value, complete: bool, ready: i64, wanted: i64, mut troubles: Vec<Trouble>) -> Rollout {
    if !complete && troubles.is_empty() {
        let evidence = vec![format!("{ready}/{wanted}")];
        troubles.push(reasons::trouble("not-ready", object, evidence));
    }
    let complete = complete && troubles.is_empty();
    Rollout { object: crate::json::reference(object), complete, ready, wanted, troubles }
}

/// The three numbers agree when the new version is everywhere and nothing of an old one is left, which is what
/// `kubectl rollout status` waits for too.
fn deployment(object: &Value, snapshot: &Snapshot) -> Rollout {
    let status = |field: &str| integer(object, &format!("/status/{field}")).unwrap_or(0);
    let wanted = integer(object, "/spec/replicas").unwrap_or(1);
    let seen = observed(object);
    let complete = seen
        && status("updatedReplicas") == wanted
        && status("replicas") == wanted
        && status("availableReplicas") == wanted;
    let mut troubles = Vec::new();
    if seen {
        // Only pods of the latest version say how this version does: those of the one before are on their way out.
        let revision = annotation(object, REVISION);
        for set in owned("ReplicaSet", object, snapshot).filter(|set| annotation(set, REVISION) == revision) {
            troubles.extend(reasons::of_maker(set, snapshot));
            troubles.extend(owned("Pod", set, snapshot).flat_map(|pod| reasons::of_pod(pod, snapshot)));
        }
        troubles.extend(reasons::of_maker(object, snapshot));
    }
    of(object, complete, status("readyReplicas").min(wanted), wanted, troubles)
}

fn stateful_set(object: &Value, snapshot: &Snapshot) -> Rollout {
    let status = |field: &str| integer(object, &format!("/status/{field}")).unwrap_or(0);
    let wanted = integer(object, "/spec/replicas").unwrap_or(1);
    let complete = observed(object)
        && status("readyReplicas") == wanted
        && (status("updatedReplicas") == wanted || text(object, "/spec/updateStrategy/type") == "OnDelete")
        && status("replicas") == wanted;
    let troubles = of_owned_pods(object, snapshot);
    of(object, complete, status("readyReplicas"), wanted, troubles)
}

fn daemon_set(object: &Value, snapshot: &Snapshot) -> Rollout {
    let status = |field: &str| integer(object, &format!("/status/{field}")).unwrap_or(0);
    let wanted = status("desiredNumberScheduled");
    let complete =
        observed(object) && status("updatedNumberScheduled") == wanted && status("numberAvailable") == wanted;
    let troubles = of_owned_pods(object, snapshot);
    of(object, complete, status("numberReady"), wanted, troubles)
}

fn replica_set(object: &Value, snapshot: &Snapshot) -> Rollout {
    let wanted = integer(object, "/spec/replicas").unwrap_or(1);
    let ready = integer(object, "/status/readyReplicas").unwrap_or(0);
    let troubles = of_owned_pods(object, snapshot);
    of(object, observed(object) && ready == wanted, ready, wanted, troubles)
}

fn job(object: &Value, snapshot: &Snapshot) -> Rollout {
    let wanted = integer(object, "/spec/completions").unwrap_or(1);
    let succeeded = integer(object, "/status/succeeded").unwrap_or(0);
    let is = |kind: &str| condition(object, kind).is_some_and(|condition| text(condition, "/status") == "True");
    if is("Complete") {
        return of(object, true, succeeded, wanted, Vec::new());
    }
    let mut troubles = of_owned_pods(object, snapshot);
    if is("Failed") {
        troubles.insert(0, reasons::job_failed(object, snapshot));
    }
    of(object, false, succeeded, wanted, troubles)
}

/// A schedule is well when its latest job did not fail; whether one runs now says nothing.
fn cron_job(object: &Value, snapshot: &Snapshot) -> Rollout {
    let latest =
        owned("Job", object, snapshot).max_by_key(|job| crate::json::moment(job, "/metadata/creationTimestamp"));
    let failed = latest.filter(|job| condition(job, "Failed").is_some_and(|c| text(c, "/status") == "True"));
    let troubles = failed.map(|job| reasons::job_failed(job, snapshot)).into_iter().collect();
    of(object, true, 0, 0, troubles)
}

fn pod(object: &Value, snapshot: &Snapshot) -> Rollout {
    let finished = text(object, "/status/phase") == "Succeeded";
    let ready = condition(object, "Ready").is_some_and(|ready| text(ready, "/status") == "True");
    let troubles = if finished { Vec::new() } else { reasons::of_pod(object, snapshot) };
    of(object, finished || ready, i64::from(ready), i64::from(!finished), troubles)
}

fn of_owned_pods(object: &Value, snapshot: &Snapshot) -> Vec<Trouble> {
    let mut troubles = reasons::of_maker(object, snapshot);
    troubles.extend(owned("Pod", object, snapshot).flat_map(|pod| reasons::of_pod(pod, snapshot)));
    troubles
}

fn owned<'a>(kind: &'a str, owner: &'a Value, snapshot: &'a Snapshot) -> impl Iterator<Item = &'a Value> {
    snapshot.of_kind(kind).filter(move |object| owned_by(object, text(owner, "/metadata/uid")))
}
