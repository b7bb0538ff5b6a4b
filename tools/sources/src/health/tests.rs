//! What the cluster's objects say, in small snapshots as a real cluster writes them.
//! Run by `cargo test`.
//! Must never need a cluster.

use super::*;
use serde_json::json;

/// A deployment of two pods, with its replica set and one pod whose status is `pod`.
fn snapshot(deployment: Value, pod: Value) -> Snapshot {
    let owned = |name: &str, uid: &str, owner: &str| {
        json!({"name": name, "namespace": "shop", "uid": uid, "ownerReferences": [{"uid": owner}],
            "annotations": {"deployment.kubernetes.io/revision": "2"}})
    };
    let mut top = json!({"kind": "Deployment", "metadata": {"name": "cart", "namespace": "shop", "uid": "d", "generation": 3,
        "annotations": {"deployment.kubernetes.io/revision": "2"}}, "spec": {"replicas": 2}});
    top["status"] = deployment;
    let set = json!({"kind": "ReplicaSet", "metadata": owned("cart-1", "r", "d"), "spec": {"replicas": 2}});
    let mut one = json!({"kind": "Pod", "metadata": owned("cart-1-a", "p", "r"), "spec": {"restartPolicy": "Always"}});
    one["status"] = pod;
    Snapshot { objects: vec![top, set, one], ..Snapshot::default() }
}

fn rolling() -> Value {
    json!({"observedGeneration": 3, "replicas": 3, "updatedReplicas": 1, "readyReplicas": 2, "availableReplicas": 2})
}

fn finished() -> Value {
    json!({"observedGeneration": 3, "replicas": 2, "updatedReplicas": 2, "readyReplicas": 2, "availableReplicas": 2})
}

fn running() -> Value {
    json!({"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}],
        "containerStatuses": [{"name": "web", "ready": true, "state": {"running": {}}}]})
}

fn report(snapshot: &Snapshot) -> HealthReport {
    evaluate("dev/shop/cart", snapshot, Timestamp(7))
}

/// Verdict, ready and wanted, and each trouble with its first evidence.
fn short(snapshot: &Snapshot) -> (Health, i64, i64, Vec<(String, String)>) {
    let report = report(snapshot);
    let troubles = report.troubles.into_iter().map(|t| (t.kind, t.evidence.into_iter().next().unwrap_or_default()));
    (report.health, report.ready, report.wanted, troubles.collect())
}

#[test]
fn a_finished_rollout_is_healthy_and_a_running_one_is_on_its_way() {
    assert_eq!(short(&snapshot(finished(), running())), (Health::Healthy, 2, 2, vec![]));
    let waiting = vec![("not-ready".to_owned(), "2/2".to_owned())];
    assert_eq!(short(&snapshot(rolling(), running())), (Health::Progressing, 2, 2, waiting));
    assert_eq!(report(&Snapshot::default()).health, Health::Missing);
}

#[test]
fn what_the_controller_has_not_yet_seen_is_not_finished_and_has_no_trouble_yet() {
    let mut status = finished();
    status["observedGeneration"] = json!(2);
    let pulling = json!({"containerStatuses": [{"name": "web", "ready": false, "image": "x",
        "state": {"waiting": {"reason": "ImagePullBackOff", "message": "m"}}}]});
    assert_eq!(short(&snapshot(status, pulling)).0, Health::Progressing);
}

#[test]
fn each_cause_is_told_from_the_others_with_the_clusters_own_words() {
    let container = |rest: Value| {
        let mut status = json!({"name": "web", "ready": false, "image": "localhost/nope:9"});
        status
            .as_object_mut()
            .into_iter()
            .for_each(|status| status.extend(rest.as_object().cloned().unwrap_or_default()));
        json!({"phase": "Pending", "containerStatuses": [status]})
    };
    let waits = |reason: &str| container(json!({"state": {"waiting": {"reason": reason, "message": "said"}}}));
    let crashed = json!({"restartCount": 2, "state": {"waiting": {"reason": "CrashLoopBackOff"}},
        "lastState": {"terminated": {"exitCode": 3, "reason": "Error"}}});
    let killed = json!({"restartCount": 2, "state": {"running": {}},
        "lastState": {"terminated": {"exitCode": 137, "reason": "OOMKilled"}}});
    let unscheduled = json!({"phase": "Pending", "conditions": [{"type": "PodScheduled", "status": "False",
        "reason": "Unschedulable", "message": "0/1 nodes are available"}]});
    for (pod, kind, evidence) in [
        (waits("ImagePullBackOff"), "image-pull", "web: localhost/nope:9 (ImagePullBackOff)"),
        (waits("ErrImageNeverPull"), "image-pull", "web: localhost/nope:9 (ErrImageNeverPull)"),
        (waits("CreateContainerConfigError"), "config-missing", "web: said"),
        (waits("RunContainerError"), "crash-loop", "web: RunContainerError"),
        (container(crashed), "crash-loop", "web: Error, exit 3"),
        (container(killed), "out-of-memory", "web: OOMKilled, exit 137"),
        (unscheduled, "unschedulable", "0/1 nodes are available"),
    ] {
        let expected = vec![(kind.to_owned(), evidence.to_owned())];
        assert_eq!(short(&snapshot(rolling(), pod)), (Health::Unhealthy, 2, 2, expected));
    }
}

#[test]
fn the_last_words_of_a_crashed_container_are_evidence() {
    let crashed = json!({"containerStatuses": [{"name": "web", "ready": false, "state": {"waiting": {"reason": "CrashLoopBackOff"}},
        "lastState": {"terminated": {"exitCode": 1, "reason": "Error"}}}]});
    let mut snapshot = snapshot(rolling(), crashed);
    snapshot.logs.insert("cart-1-a/web".into(), vec!["no such table: carts".into()]);
    assert_eq!(report(&snapshot).troubles[0].evidence, ["web: Error, exit 1", "no such table: carts"]);
}

#[test]
fn pods_of_the_version_before_and_pods_being_removed_say_nothing_about_this_one() {
    let broken = json!({"containerStatuses": [{"name": "web", "ready": false, "image": "x",
        "state": {"waiting": {"reason": "ImagePullBackOff"}}}]});
    let mut before = snapshot(rolling(), broken.clone());
    before.objects[1]["metadata"]["annotations"]["deployment.kubernetes.io/revision"] = json!("1");
    assert_eq!(short(&before).0, Health::Progressing);
    let mut removed = snapshot(rolling(), broken);
    removed.objects[2]["metadata"]["deletionTimestamp"] = json!("2026-01-01T00:00:00Z");
    assert_eq!(short(&removed).0, Health::Progressing);
}

#[test]
fn a_failing_probe_and_a_missing_volume_are_found_in_events() {
    let starting = |phase: &str| {
        json!({"phase": phase, "conditions": [{"type": "Ready", "status": "False"}],
        "containerStatuses": [{"name": "web", "ready": false, "state": {"running": {}}}]})
    };
    let event = |reason: &str, message: &str| json!({"type": "Warning", "reason": reason, "message": message, "involvedObject": {"uid": "p"}});
    for (phase, reason, kind) in
        [("Running", "Unhealthy", "probe-failing"), ("Pending", "FailedMount", "config-missing")]
    {
        let mut snapshot = snapshot(rolling(), starting(phase));
        snapshot.events = vec![event(reason, "why"), event("Other", "no"), event(reason, "why")];
        assert_eq!(short(&snapshot).3, [(kind.to_owned(), "why".to_owned())]);
    }
}

#[test]
fn a_quota_that_keeps_pods_from_being_made_is_named() {
    let mut snapshot = snapshot(rolling(), running());
    snapshot.objects[1]["status"] = json!({"conditions": [{"type": "ReplicaFailure", "status": "True",
        "message": "pods is forbidden: exceeded quota: limits"}]});
    assert_eq!(short(&snapshot).3, [("quota".to_owned(), "pods is forbidden: exceeded quota: limits".to_owned())]);
}

#[test]
fn a_job_is_finished_or_failed_as_it_says() {
    let job = |status: Value| Snapshot {
        objects: vec![json!({"kind": "Job", "metadata": {"name": "task", "uid": "j"}, "status": status})],
        ..Snapshot::default()
    };
    let done = json!({"succeeded": 1, "conditions": [{"type": "Complete", "status": "True"}]});
    assert_eq!(short(&job(done)), (Health::Healthy, 1, 1, vec![]));
    let failed =
        json!({"conditions": [{"type": "Failed", "status": "True", "reason": "BackoffLimitExceeded", "message": "m"}]});
    assert_eq!(short(&job(failed)).3, [("job-failed".to_owned(), "BackoffLimitExceeded: m".to_owned())]);
}

proptest::proptest! {
    /// Whatever a server writes, judging it neither panics nor calls a workload healthy that is not ready.
    #[test]
    fn strange_objects_are_judged_without_panic(text in ".{0,40}", number in proptest::num::i64::ANY) {
        let odd = json!({"observedGeneration": text, "replicas": number, "conditions": text, "containerStatuses": [text, number, null]});
        let mut snapshot = snapshot(odd.clone(), odd);
        snapshot.events = vec![json!(text), json!({"type": "Warning", "reason": "Unhealthy", "involvedObject": number})];
        proptest::prop_assert_ne!(report(&snapshot).health, Health::Healthy);
    }
}
