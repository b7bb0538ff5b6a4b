//! Judge of publicity: what everybody may read or do.
//! One of the list in `judges`.
//! Must never take a policy for harmless because it could not be read.

use crate::case::Case;
use crate::finding;
use crate::resource::Resource;
use crate::walk::{last, walk};
use chopmark_domain::finding::{Finding, Severity};
use serde_json::Value;

/// The switches that keep a bucket shut, whatever its rules say.
const SHUT: [&str; 4] = ["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"];
/// The kind that holds them.
const SHUTTER: &str = "aws_s3_bucket_public_access_block";
/// Canned rules of buckets that open them.
const OPEN: [&str; 3] = ["public-read", "public-read-write", "authenticated-read"];
/// Groups that hold everybody, or everybody with an account anywhere.
const EVERYBODY: [&str; 2] = ["/groups/global/AllUsers", "/groups/global/AuthenticatedUsers"];
/// What everybody may do at most without being denied: looking.
const LOOKING: [&str; 5] = ["s3:Get", "s3:List", "s3:Head", "ecr:Get", "ecr:BatchGet"];

/// Warns of what everybody may read, denies what everybody may change.
pub(crate) fn verdict(case: &Case<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for resource in &case.resources {
        if resource.goes() && resource.action.kind == SHUTTER && bucket_stays(case) {
            findings.push(public(resource, Severity::Warn, SHUT[0]));
        }
        if !resource.is_set() {
            continue;
        }
        walk(&resource.after, &mut |pointer, value| {
            let field = last(pointer);
            let severity = match value {
                Value::Bool(false)
                    if resource.action.kind.ends_with("public_access_block") && SHUT.contains(&field) =>
                {
                    Some(Severity::Warn)
                }
                Value::String(acl) if field == "acl" && OPEN.contains(&acl.as_str()) => {
                    Some(writes(acl.contains("write")))
                }
                Value::String(group) if EVERYBODY.iter().any(|everybody| group.ends_with(everybody)) => {
                    Some(Severity::Warn)
                }
                Value::String(policy) if field.ends_with("policy") => everybody_may(policy),
                _ => None,
            };
            findings.extend(severity.map(|severity| public(resource, severity, pointer)));
        });
    }
    findings
}

/// Whether a bucket is left behind: when all go together, nothing is opened.
fn bucket_stays(case: &Case<'_>) -> bool {
    !case.resources.iter().any(|resource| resource.goes() && resource.action.kind == "aws_s3_bucket")
}

fn public(resource: &Resource<'_>, severity: Severity, field: &str) -> Finding {
    let id = if resource.action.kind.starts_with("aws_s3_") { "bucket-public" } else { "policy-public" };
    finding(id, severity, &resource.action.address, &[("field", field.trim_start_matches('/'))])
}

fn writes(writes: bool) -> Severity {
    if writes { Severity::Deny } else { Severity::Warn }
}

/// What a policy gives to everybody without a condition; none when nothing.
fn everybody_may(policy: &str) -> Option<Severity> {
    if !policy.trim_start().starts_with('{') {
        return None;
    }
    let Ok(policy) = serde_json::from_str::<Value>(policy) else { return Some(Severity::Warn) };
    let given = many(policy.get("Statement")).into_iter().filter(|statement| {
        let condition = statement.get("Condition").and_then(Value::as_object).is_some_and(|own| !own.is_empty());
        statement.get("Effect") == Some(&Value::from("Allow")) && !condition && is_everybody(statement)
    });
    given
        .map(|statement| {
            let actions = many(statement.get("Action"));
            let looks =
                |action: &&Value| action.as_str().is_some_and(|name| LOOKING.iter().any(|look| name.starts_with(look)));
            writes(actions.is_empty() || !actions.iter().all(looks))
        })
        .max()
}

fn is_everybody(statement: &Value) -> bool {
    let star = |value: &Value| value == "*";
    match statement.get("Principal") {
        Some(Value::Object(kinds)) => kinds.values().any(|value| many(Some(value)).into_iter().any(star)),
        Some(principal) => star(principal),
        None => statement.get("NotPrincipal").is_some(),
    }
}

/// One or several, as policies allow both.
fn many(value: Option<&Value>) -> Vec<&Value> {
    match value {
        Some(Value::Array(items)) => items.iter().collect(),
        Some(one) => vec![one],
        None => vec![],
    }
}
