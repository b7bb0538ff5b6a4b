//! Health: whether workloads do what they should, and why not, from the cluster's own objects.
//! Called by `Clusters::health`, and by the Kubernetes runner to tell a finished rollout from a failed one.
//! Must never ask the cluster, nor read a clock: the same objects give the same report.

pub mod pods;
mod reasons;
mod workloads;

pub use workloads::{Rollout, rollout};

use crate::json::text;
use chopmark_domain::facts::{Health, HealthReport, Trouble};
use chopmark_domain::time::Timestamp;
use serde_json::Value;
use std::collections::BTreeMap;

/// Troubles that do not pass by waiting, worst first; the rest of a report's order follows it.
pub const LASTING: [&str; 8] = [
    "image-pull",
    "crash-loop",
    "out-of-memory",
    "config-missing",
    "unschedulable",
    "quota",
    "job-failed",
    "probe-failing",
];

/// What health is judged by.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Snapshot {
    /// Workloads, jobs and pods, with everything they own.
    pub objects: Vec<Value>,
    /// Events of their namespace.
    pub events: Vec<Value>,
    /// Last log lines of containers that crash, by `pod/container`.
    pub logs: BTreeMap<String, Vec<String>>,
}

impl Snapshot {
    /// Objects of a kind.
    pub(crate) fn of_kind<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Value> {
        self.objects.iter().filter(move |object| text(object, "/kind") == kind)
    }

    /// Messages of warnings about an object with one of the reasons, newest last as the cluster gives them.
    pub(crate) fn warnings(&self, object: &Value, reasons: &[&str]) -> Vec<String> {
        let uid = text(object, "/metadata/uid");
        let about = |event: &&Value| {
            text(event, "/type") == "Warning"
                && text(event, "/involvedObject/uid") == uid
                && reasons.contains(&text(event, "/reason"))
        };
        let mut messages: Vec<_> =
            self.events.iter().filter(about).map(|event| text(event, "/message").trim().to_owned()).collect();
        messages.dedup();
        messages
    }
}

/// The report. `Unhealthy` means a trouble that waiting does not mend; `Progressing` means on its way.
pub fn evaluate(subject: &str, snapshot: &Snapshot, at: Timestamp) -> HealthReport {
    let rollouts: Vec<_> = snapshot.objects.iter().filter_map(|object| rollout(object, snapshot)).collect();
    let mut report = HealthReport {
        subject: subject.to_owned(),
        health: Health::Missing,
        ready: rollouts.iter().map(|rollout| rollout.ready).sum(),
        wanted: rollouts.iter().map(|rollout| rollout.wanted).sum(),
        troubles: rollouts.iter().flat_map(|rollout| rollout.troubles.clone()).collect(),
        at,
    };
    report.troubles.sort_by_key(rank);
    report.troubles.dedup();
    report.health = if report.troubles.iter().any(lasts) {
        Health::Unhealthy
    } else if rollouts.iter().any(|rollout| !rollout.complete) {
        Health::Progressing
    } else if rollouts.is_empty() {
        if snapshot.objects.is_empty() { Health::Missing } else { Health::Unknown }
    } else {
        Health::Healthy
    };
    report
}

/// Whether waiting does not mend it.
pub fn lasts(trouble: &Trouble) -> bool {
    LASTING.contains(&trouble.kind.as_str())
}

fn rank(trouble: &Trouble) -> usize {
    LASTING.iter().position(|kind| *kind == trouble.kind).unwrap_or(LASTING.len())
}

#[cfg(test)]
mod tests;
