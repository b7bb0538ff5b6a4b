//! Exposure: pods that reach through to their node, or raise their own rights.
//! One of the judges of lib.rs; the fields are those of the Pod Security Standards, level baseline.
//! Must never be satisfied by silence where the default is dangerous.

use crate::{Case, Judge, containers, finding, pod};
use chopmark_domain::finding::{Finding, Severity};
use serde_json::Value;

pub(crate) const JUDGE: Judge = Judge { id: "node-access", version: 1, judge };

fn judge(case: &Case<'_>) -> Vec<Finding> {
    let mut found = vec![];
    for (file, object) in case.objects {
        let Some(pod) = pod(object) else { continue };
        for field in ["hostNetwork", "hostPID", "hostIPC"] {
            if pod.get(field) == Some(&Value::Bool(true)) {
                found.push(finding(JUDGE.id, Severity::Deny, file, &[("field", field)]));
            }
        }
        let volumes = pod.get("volumes").and_then(Value::as_array).into_iter().flatten();
        if volumes.into_iter().any(|volume| volume.get("hostPath").is_some()) {
            found.push(finding(JUDGE.id, Severity::Deny, file, &[("field", "hostPath")]));
        }
        if containers(pod).any(|container| container.pointer("/securityContext/privileged") == Some(&Value::Bool(true)))
        {
            found.push(finding(JUDGE.id, Severity::Deny, file, &[("field", "privileged")]));
        }
    }
    found
}
