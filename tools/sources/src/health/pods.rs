//! Reading one pod: its state in a word, which container is worst off, which ones crash.
//! Called for lists, logs and reasons.
//! Must never say more than the pod's status does.

use crate::json::{condition, integer, items, text};
use serde_json::Value;

/// Reasons of waiting that mean an image cannot be had (kubelet, `images/types.go`).
pub(super) const IMAGE_REASONS: [&str; 6] = [
    "ErrImagePull",
    "ImagePullBackOff",
    "InvalidImageName",
    "ErrImageNeverPull",
    "ImageInspectError",
    "RegistryUnavailable",
];
/// Reasons of waiting that mean a container's program does not start or stay.
pub(super) const CRASH_REASONS: [&str; 5] =
    ["CrashLoopBackOff", "RunContainerError", "StartError", "CreateContainerError", "PostStartHookError"];

/// The statuses of init containers and containers, in the order they start.
pub(super) fn statuses(pod: &Value) -> impl Iterator<Item = &Value> {
    items(pod, "/status/initContainerStatuses").iter().chain(items(pod, "/status/containerStatuses"))
}

/// The phase, or why a container waits, with how many are ready.
pub fn words(pod: &Value) -> String {
    let all = items(pod, "/status/containerStatuses");
    let ready = all.iter().filter(|status| status.get("ready") == Some(&Value::Bool(true))).count();
    let waiting = statuses(pod).map(|status| text(status, "/state/waiting/reason")).find(|reason| !reason.is_empty());
    let terminating = pod.pointer("/metadata/deletionTimestamp").is_some();
    let state = if terminating { "Terminating" } else { waiting.unwrap_or_else(|| text(pod, "/status/phase")) };
    format!("{state} {ready}/{}", all.len().max(items(pod, "/spec/containers").len()))
}

/// The pod meant by a name: itself, or the worst off of those whose workload or component has that name.
pub fn to_ask<'a>(pods: &'a [Value], name: &str) -> Option<&'a Value> {
    if let Some(exact) = pods.iter().find(|pod| text(pod, "/metadata/name") == name) {
        return Some(exact);
    }
    let made_by = |pod: &&Value| {
        crate::json::label(pod, crate::label::COMPONENT) == Some(name)
            || text(pod, "/metadata/name").strip_prefix(name).is_some_and(|rest| rest.starts_with('-'))
    };
    pods.iter().filter(made_by).max_by_key(|pod| {
        let ready = condition(pod, "Ready").is_some_and(|ready| text(ready, "/status") == "True");
        (!crashing(pod).is_empty(), !ready, restarts(pod), crate::json::moment(pod, "/metadata/creationTimestamp"))
    })
}

fn restarts(pod: &Value) -> i64 {
    statuses(pod).filter_map(|status| integer(status, "/restartCount")).sum()
}

/// The container that crashes, else the one that is not ready, else the first.
pub fn worst_container(pod: &Value) -> String {
    let not_ready = |status: &&Value| {
        status.get("ready") != Some(&Value::Bool(true))
            && status.pointer("/state/terminated/exitCode") != Some(&0.into())
    };
    let name = match crashing(pod).into_iter().next() {
        Some((container, _)) => container,
        None => statuses(pod).find(not_ready).map(|status| text(status, "/name").to_owned()).unwrap_or_default(),
    };
    match name.is_empty() {
        true => text(pod, "/spec/containers/0/name").to_owned(),
        false => name,
    }
}

/// Whether the container before the present one of that name crashed.
pub fn crashed_before(pod: &Value, container: &str) -> bool {
    crashing(pod).into_iter().any(|(name, previous)| name == container && previous)
}

/// Containers that crash, each with whether its last words are in the container before it.
pub fn crashing(pod: &Value) -> Vec<(String, bool)> {
    statuses(pod)
        .filter_map(|status| {
            let name = text(status, "/name").to_owned();
            let failed =
                |state: &str| integer(status, &format!("/{state}/terminated/exitCode")).is_some_and(|code| code != 0);
            let waits = CRASH_REASONS.contains(&text(status, "/state/waiting/reason"));
            if failed("state") {
                Some((name, false))
            } else if failed("lastState") && (waits || status.get("ready") != Some(&Value::Bool(true))) {
                // The kubelet keeps the crashed container's log as that of the previous one.
                Some((name, integer(status, "/restartCount").unwrap_or(0) > 0 && !waits))
            } else {
                waits.then_some((name, false))
            }
        })
        .collect()
}
