//! The state of an object in a word or a count, for lists.
//! Called for every object of a list.
//! Must never show the value of a Secret or of a ConfigMap's key, only the keys.

use crate::health::pods;
use crate::json::{condition, integer, items, text};
use serde_json::Value;

/// The word or count.
pub(super) fn words(object: &Value) -> String {
    let count = |ready: &str, wanted: &str, absent: i64| {
        let wanted = integer(object, wanted).unwrap_or(absent);
        format!("{}/{wanted} ready", integer(object, ready).unwrap_or(0))
    };
    match text(object, "/kind") {
        "Pod" => pods::words(object),
        "Deployment" | "StatefulSet" | "ReplicaSet" | "ReplicationController" => {
            count("/status/readyReplicas", "/spec/replicas", 1)
        }
        "DaemonSet" => count("/status/numberReady", "/status/desiredNumberScheduled", 0),
        "Job" => job(object),
        "CronJob" => match object.pointer("/spec/suspend") {
            Some(Value::Bool(true)) => format!("{} (suspended)", text(object, "/spec/schedule")),
            _ => text(object, "/spec/schedule").to_owned(),
        },
        "Service" => service(object),
        "Ingress" => join(items(object, "/spec/rules").iter().map(|rule| text(rule, "/host"))),
        "HorizontalPodAutoscaler" => format!(
            "{} of {}-{}",
            integer(object, "/status/currentReplicas").unwrap_or(0),
            integer(object, "/spec/minReplicas").unwrap_or(1),
            integer(object, "/spec/maxReplicas").unwrap_or(0),
        ),
        "Secret" | "ConfigMap" => keys(object),
        "Node" => match condition(object, "Ready").map(|ready| text(ready, "/status")) {
            Some("True") => "Ready".to_owned(),
            _ => "NotReady".to_owned(),
        },
        "Event" => format!("{}: {}", text(object, "/reason"), text(object, "/message")),
        _ => other(object),
    }
}

fn job(object: &Value) -> String {
    match condition(object, "Failed").map(|failed| text(failed, "/status")) {
        Some("True") => "failed".to_owned(),
        _ => format!(
            "{}/{} succeeded",
            integer(object, "/status/succeeded").unwrap_or(0),
            integer(object, "/spec/completions").unwrap_or(1)
        ),
    }
}

fn service(object: &Value) -> String {
    let ports = items(object, "/spec/ports").iter().map(|port| {
        let protocol = text(port, "/protocol");
        format!("{}/{protocol}", integer(port, "/port").unwrap_or(0))
    });
    format!("{} {}", text(object, "/spec/type"), join(ports))
}

/// Names of the keys. A Secret's values are not read here, nor anywhere else in this crate.
fn keys(object: &Value) -> String {
    let names =
        object.get("data").and_then(Value::as_object).into_iter().flat_map(|data| data.keys().map(String::as_str));
    join(names)
}

/// The phase, or the `Ready` condition, whichever the kind has.
fn other(object: &Value) -> String {
    match (text(object, "/status/phase"), condition(object, "Ready")) {
        ("", Some(ready)) => format!("Ready={}", text(ready, "/status")),
        (phase, _) => phase.to_owned(),
    }
}

fn join<T: AsRef<str>>(words: impl Iterator<Item = T>) -> String {
    words.map(|word| word.as_ref().to_owned()).collect::<Vec<_>>().join(", ")
}
