//! Reasons: which trouble a pod or its maker has, with the cluster's own words as evidence.
//! Called by workloads for every pod of a workload's latest version.
//! Must never name a cause that the cluster does not name.

use super::Snapshot;
use super::pods::{CRASH_REASONS, IMAGE_REASONS, statuses};
use crate::json::{condition, integer, items, text};
use chopmark_domain::facts::Trouble;
use serde_json::Value;

/// How many pieces of evidence one trouble carries: the message and the last words of a container.
const EVIDENCE: usize = 12;

/// A trouble of an object.
pub(super) fn trouble(kind: &str, object: &Value, mut evidence: Vec<String>) -> Trouble {
    evidence.retain(|line| !line.is_empty());
    evidence.dedup();
    evidence.truncate(EVIDENCE);
    Trouble { kind: kind.to_owned(), object: crate::json::reference(object).to_string(), evidence }
}

/// What is wrong with a pod; nothing for one that is being removed.
pub(super) fn of_pod(pod: &Value, snapshot: &Snapshot) -> Vec<Trouble> {
    if pod.pointer("/metadata/deletionTimestamp").is_some() {
        return Vec::new();
    }
    let mut troubles: Vec<_> = statuses(pod).filter_map(|status| of_container(pod, status, snapshot)).collect();
    if let Some(scheduled) = condition(pod, "PodScheduled")
        && text(scheduled, "/reason") == "Unschedulable"
    {
        troubles.push(trouble("unschedulable", pod, vec![text(scheduled, "/message").to_owned()]));
    }
    if troubles.is_empty() && text(pod, "/status/phase") != "Succeeded" {
        let ready = condition(pod, "Ready").is_some_and(|ready| text(ready, "/status") == "True");
        let mounts = snapshot.warnings(pod, &["FailedMount", "FailedAttachVolume"]);
        let probes = snapshot.warnings(pod, &["Unhealthy"]);
        if !ready && !mounts.is_empty() && text(pod, "/status/phase") == "Pending" {
            troubles.push(trouble("config-missing", pod, mounts));
        } else if !ready && !probes.is_empty() {
            troubles.push(trouble("probe-failing", pod, probes));
        }
    }
    troubles
}

fn of_container(pod: &Value, status: &Value, snapshot: &Snapshot) -> Option<Trouble> {
    let container = text(status, "/name");
    let (reason, message) = (text(status, "/state/waiting/reason"), text(status, "/state/waiting/message"));
    let ended = ["/state/terminated", "/lastState/terminated"]
        .iter()
        .filter_map(|place| status.pointer(place))
        .find(|ended| integer(ended, "/exitCode").is_some_and(|code| code != 0));
    if IMAGE_REASONS.contains(&reason) {
        let image = format!("{container}: {} ({reason})", text(status, "/image"));
        return Some(trouble("image-pull", pod, vec![image, message.to_owned()]));
    }
    if reason == "CreateContainerConfigError" {
        return Some(trouble("config-missing", pod, vec![format!("{container}: {message}")]));
    }
    // A container that crashed and runs again is in trouble until it is ready.
    let down = status.get("ready") != Some(&Value::Bool(true));
    let running_job = text(pod, "/spec/restartPolicy") != "Always" && text(pod, "/status/phase") == "Succeeded";
    if !down || running_job || (ended.is_none() && !CRASH_REASONS.contains(&reason)) {
        return None;
    }
    let mut evidence = vec![format!("{container}: {}", ended.map_or_else(|| reason.to_owned(), ending))];
    evidence.push(message.to_owned());
    if let Some(ended) = ended {
        evidence.push(text(ended, "/message").to_owned());
    }
    let name = text(pod, "/metadata/name");
    evidence.extend(snapshot.logs.get(&format!("{name}/{container}")).cloned().unwrap_or_default());
    let memory = ended.is_some_and(|ended| text(ended, "/reason") == "OOMKilled");
    let probed = snapshot.warnings(pod, &["Unhealthy"]).into_iter().filter(|line| line.starts_with("Liveness"));
    evidence.extend(probed);
    Some(trouble(if memory { "out-of-memory" } else { "crash-loop" }, pod, evidence))
}

fn ending(ended: &Value) -> String {
    format!("{}, exit {}", text(ended, "/reason"), integer(ended, "/exitCode").unwrap_or_default())
}

/// What keeps a workload from making pods at all: a quota, or a refusal on the way in.
pub(super) fn of_maker(object: &Value, snapshot: &Snapshot) -> Vec<Trouble> {
    let failure = condition(object, "ReplicaFailure")
        .filter(|condition| text(condition, "/status") == "True")
        .map(|condition| text(condition, "/message").to_owned());
    // A job says it in events alone; those stay after it got its pods, so they count only while it has none.
    let starved = text(object, "/kind") == "Job" && integer(object, "/status/active").unwrap_or(0) == 0;
    let events = if starved { snapshot.warnings(object, &["FailedCreate"]) } else { Vec::new() };
    let mut messages: Vec<_> = failure.into_iter().chain(events).collect();
    messages.truncate(1);
    messages
        .into_iter()
        .map(|message| {
            let kind = if message.contains("exceeded quota") || message.contains("must specify") {
                "quota"
            } else {
                "config-missing"
            };
            trouble(kind, object, vec![message])
        })
        .collect()
}

/// A job that gave up, with its reason and the last words of its pods.
pub(super) fn job_failed(job: &Value, snapshot: &Snapshot) -> Trouble {
    let failed = condition(job, "Failed").cloned().unwrap_or_default();
    let mut evidence = vec![format!("{}: {}", text(&failed, "/reason"), text(&failed, "/message"))];
    let uid = text(job, "/metadata/uid");
    for pod in snapshot.of_kind("Pod").filter(|pod| crate::json::owned_by(pod, uid)) {
        for status in items(pod, "/status/containerStatuses") {
            if let Some(ended) = status.pointer("/state/terminated") {
                evidence.push(format!("{}: {}", text(status, "/name"), ending(ended)));
            }
            let key = format!("{}/{}", text(pod, "/metadata/name"), text(status, "/name"));
            evidence.extend(snapshot.logs.get(&key).cloned().unwrap_or_default());
        }
    }
    trouble("job-failed", job, evidence)
}
