//! Judges of a plan: pure, over the draft's rendered objects and the plan's actions.
//! Called by the engine after every plan, through domain's port.
//! Must never do input or output; a judge that fails denies.

mod exposure;
mod image;
mod place;
mod reach;
mod secret;

use chopmark_domain::digest::Fields;
use chopmark_domain::draft::Draft;
use chopmark_domain::environment::Environment;
use chopmark_domain::finding::{Finding, Severity};
use chopmark_domain::plan::Plan;
use chopmark_domain::ports::Judges;
use chopmark_domain::rendered;
use serde_json::Value;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What a judge sees.
pub(crate) struct Case<'a> {
    pub(crate) environment: &'a Environment,
    pub(crate) draft: &'a Draft,
    pub(crate) plan: &'a Plan,
    /// File name and object, read once and strictly: the same reading that is applied.
    pub(crate) objects: &'a [(String, Value)],
}

/// A judge: its id, the version of its rule, and the rule.
pub(crate) struct Judge {
    pub(crate) id: &'static str,
    pub(crate) version: u32,
    pub(crate) judge: fn(&Case<'_>) -> Vec<Finding>,
}

/// Every judge, in the order in which findings are shown.
const JUDGES: [Judge; 5] = [secret::JUDGE, place::JUDGE, exposure::JUDGE, image::JUDGE, reach::JUDGE];

/// The shipped judges.
#[derive(Debug, Clone, Copy)]
pub struct Checks;

impl Checks {
    /// The judges that come with the program.
    pub fn shipped() -> Self {
        Self
    }
}

impl Judges for Checks {
    fn version(&self) -> String {
        let mut fields = Fields::new("chopmark/judges/v1");
        for judge in &JUDGES {
            fields.text(judge.id).text(&judge.version.to_string());
        }
        fields.finish().short()
    }

    fn judge(&self, environment: &Environment, draft: &Draft, plan: &Plan) -> Vec<Finding> {
        let objects = match rendered::objects(draft.files()) {
            Ok(objects) => objects,
            Err(error) => {
                return vec![finding("unreadable", Severity::Deny, &error.file, &[("reason", &error.reason)])];
            }
        };
        let case = Case { environment, draft, plan, objects: &objects };
        JUDGES.iter().flat_map(|judge| heard(judge, &case)).collect()
    }
}

/// What a judge says; one that panics denies.
fn heard(judge: &Judge, case: &Case<'_>) -> Vec<Finding> {
    let verdict = catch_unwind(AssertUnwindSafe(|| (judge.judge)(case)));
    verdict.unwrap_or_else(|_| vec![finding("judge-failed", Severity::Deny, judge.id, &[])])
}

/// A finding with the values of its message.
pub(crate) fn finding(id: &str, severity: Severity, about: &str, facts: &[(&str, &str)]) -> Finding {
    let facts: BTreeMap<_, _> = facts.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    Finding { id: id.to_owned(), severity, about: about.to_owned(), facts }
}

/// The pod specification within an object, wherever its kind keeps it.
pub(crate) fn pod(object: &Value) -> Option<&Value> {
    ["/spec/template/spec", "/spec/jobTemplate/spec/template/spec", "/spec"]
        .iter()
        .filter_map(|path| object.pointer(path))
        .find(|spec| spec.get("containers").is_some())
}

/// Every container of a pod, those that only prepare it included.
pub(crate) fn containers(pod: &Value) -> impl Iterator<Item = &Value> {
    ["containers", "initContainers"].into_iter().filter_map(|key| pod.get(key)?.as_array()).flatten()
}

/// A text field, empty when it is absent.
pub(crate) fn text<'a>(value: &'a Value, path: &str) -> &'a str {
    value.pointer(path).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests;
