//! Verify: whether what was applied is there and works, and why not.
//! Called by the engine after the effect, with the reading identity.
//! Must never wait without end, nor call a rollout finished that its controller has not finished.

use super::instructions::{Deletion, Instructions};
use super::secret::masked;
use super::server::Server;
use super::{Patience, fields};
use chopmark_domain::draft::{Draft, Verify};
use chopmark_domain::facts::Trouble;
use chopmark_domain::plan::Step;
use chopmark_domain::ports::Progress;
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::proposal::ObjectReference;
use chopmark_domain::run::Verification;
use chopmark_sources::cluster::{Scope, snapshot};
use chopmark_sources::health::{Rollout, Snapshot, lasts, rollout};
use chopmark_sources::json;
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::time::Instant;

/// How often a workload's own status is read: cheap, one small request.
const POLL: Duration = Duration::from_millis(150);
/// How often pods, events and logs are read to find out why it takes so long.
const LOOK: Duration = Duration::from_secs(1);
/// How long what nothing probes must stay up before it is believed: a container that ends at once is ready for a moment.
/// Longer than the kubelet needs to see one end (its pods are looked at every second).
const SETTLE: Duration = Duration::from_secs(3);
/// Kinds that roll something out.
const WORKLOADS: [&str; 3] = ["Deployment", "StatefulSet", "DaemonSet"];

/// What was found, in the order it was looked at.
type Checks = Vec<(String, String)>;

/// Checks a step's objects, then what the draft says must come of them, then that the deleted are gone.
pub(super) async fn verify(
    server: &Server,
    draft: &Draft,
    step: &Step,
    patience: Patience,
    progress: &dyn Progress,
) -> Result<Verification, Problem> {
    let instructions = Instructions::of(step)?;
    let deadline = Instant::now() + patience.deadline;
    let mut checks = Checks::new();
    for object in &instructions.objects {
        if let Some(failed) = same(server, object).await? {
            return Ok(failed);
        }
        checks.push((json::reference(object).to_string(), "applied".to_owned()));
    }
    let mut waited_for: Vec<_> = instructions.objects.iter().map(json::reference).collect();
    waited_for.extend(instructions.patch.iter().map(|patch| patch.object.clone()));
    let waited_for = waited_for.into_iter().filter(|object| match draft.verify {
        Verify::Rollout => WORKLOADS.contains(&object.kind.as_str()),
        Verify::Completion => object.kind == "Job",
        Verify::Exists | Verify::SecondPlan => false,
    });
    for object in waited_for {
        match wait(server, &object, deadline, patience, progress).await? {
            Ok(found) => checks.push((object.to_string(), found)),
            Err(trouble) => return Ok(failed(&trouble)),
        }
    }
    for deletion in &instructions.deletes {
        if !gone(server, deletion, deadline, progress).await? {
            return Ok(mismatch(&deletion.object, "it does not go away"));
        }
        checks.push((deletion.object.to_string(), "gone".to_owned()));
    }
    Ok(Verification::Passed { checks })
}

/// Whether applying the object once more would change nothing.
async fn same(server: &Server, object: &Value) -> Result<Option<Verification>, Problem> {
    let reference = json::reference(object);
    let (Some(live), outcome) = server.try_out(&masked(object), false).await? else {
        return Ok(Some(mismatch(&reference, "it is not there")));
    };
    let result = match outcome {
        Ok(result) => result,
        Err(refused) => return Ok(Some(mismatch(&reference, &refused.problem(&reference, "").to_string()))),
    };
    let different = fields::differences(&live, &result);
    let names: Vec<_> = different.iter().map(|change| change.path.as_str()).collect();
    Ok((!names.is_empty()).then(|| mismatch(&reference, &names.join(", "))))
}

fn mismatch(object: &ObjectReference, reason: &str) -> Verification {
    let problem = Problem::new(Code::VerifyMismatch).with("about", object).with("reason", reason);
    Verification::Failed { problem, evidence: vec![format!("{object}: {reason}")] }
}

fn failed(trouble: &Trouble) -> Verification {
    let reason = trouble.evidence.first().map_or("", String::as_str);
    let problem = Problem::new(Code::RolloutFailed)
        .with("about", &trouble.object)
        .with("trouble", &trouble.kind)
        .with("reason", reason);
    Verification::Failed { problem, evidence: trouble.evidence.clone() }
}

/// Waits for one workload. The outer error is that the cluster could not be asked; the inner one is the trouble.
async fn wait(
    server: &Server,
    object: &ObjectReference,
    deadline: Instant,
    patience: Patience,
    progress: &dyn Progress,
) -> Result<Result<String, Trouble>, Problem> {
    let mut look_at = Instant::now() + LOOK;
    let mut since: BTreeMap<String, Instant> = BTreeMap::new();
    let mut told = String::new();
    let mut complete_since = None;
    loop {
        let Some(live) = server.live(object).await? else {
            return Ok(Err(Trouble {
                kind: "not-ready".into(),
                object: object.to_string(),
                evidence: vec!["gone".into()],
            }));
        };
        let alone = Snapshot { objects: vec![live.clone()], ..Snapshot::default() };
        let state = rollout(&live, &alone);
        let now = Instant::now();
        if let Some(found) = state.as_ref().filter(|state| state.complete).map(words) {
            let since = *complete_since.get_or_insert(now);
            if is_probed(&live) || now.duration_since(since) >= SETTLE {
                progress.report("progress-ready", &format!("{object} {found}"));
                return Ok(Ok(found));
            }
            tokio::time::sleep(POLL).await;
            continue;
        }
        complete_since = None;
        let (over, look) = (now >= deadline, now >= look_at);
        if over || look || has_failed(state.as_ref()) {
            look_at = now + LOOK;
            let state = closer(server, object, &live).await?;
            let found = state.as_ref().map(words).unwrap_or_default();
            if found != told {
                progress.report("progress-waiting", &format!("{object} {found}"));
                told = found;
            }
            let troubles = state.map(|state| state.troubles).unwrap_or_default();
            since.retain(|kind, _| troubles.iter().any(|trouble| trouble.kind == *kind));
            for trouble in troubles.iter().filter(|trouble| lasts(trouble)) {
                let first = *since.entry(trouble.kind.clone()).or_insert(now);
                if over || trouble.kind == "job-failed" || now.duration_since(first) >= patience.grace {
                    return Ok(Err(trouble.clone()));
                }
            }
            if over {
                let slow =
                    || Trouble { kind: "not-ready".into(), object: object.to_string(), evidence: vec![told.clone()] };
                return Ok(Err(troubles.into_iter().next().unwrap_or_else(slow)));
            }
        }
        tokio::time::sleep(POLL).await;
    }
}

/// Whether ready means more than started: every container is probed, the server itself waits before it calls a pod
/// available, or the workload ends by itself.
fn is_probed(live: &Value) -> bool {
    let waits = live.pointer("/spec/minReadySeconds").and_then(Value::as_u64).is_some_and(|seconds| seconds > 0);
    let containers = live.pointer("/spec/template/spec/containers").and_then(Value::as_array);
    let probed = containers.is_some_and(|all| all.iter().all(|one| one.get("readinessProbe").is_some()));
    waits || probed || json::text(live, "/kind") == "Job"
}

fn has_failed(state: Option<&Rollout>) -> bool {
    state.is_some_and(|state| state.troubles.iter().any(|trouble| trouble.kind == "job-failed"))
}

/// The workload with its pods, events and last log lines.
async fn closer(server: &Server, object: &ObjectReference, live: &Value) -> Result<Option<Rollout>, Problem> {
    let scope = Scope::Object { namespace: object.namespace.clone().unwrap_or_default(), name: object.name.clone() };
    let snapshot = snapshot(server.connection(), &scope).await?;
    let uid = json::text(live, "/metadata/uid");
    let current = snapshot.objects.iter().find(|found| json::text(found, "/metadata/uid") == uid).unwrap_or(live);
    Ok(rollout(current, &snapshot))
}

fn words(state: &Rollout) -> String {
    format!("{}/{}", state.ready, state.wanted)
}

async fn gone(
    server: &Server,
    deletion: &Deletion,
    deadline: Instant,
    progress: &dyn Progress,
) -> Result<bool, Problem> {
    let mut told = false;
    loop {
        let live = server.live(&deletion.object).await?;
        if live.is_none_or(|live| json::text(&live, "/metadata/uid") != deletion.uid) {
            return Ok(true);
        }
        if Instant::now() >= deadline {
            return Ok(false);
        }
        if !std::mem::replace(&mut told, true) {
            progress.report("progress-waiting-gone", &deletion.object.to_string());
        }
        tokio::time::sleep(POLL).await;
    }
}
