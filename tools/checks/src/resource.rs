//! Terraform's resources as judges look at them: what each will be, put together from the plan's changed fields.
//! Made with the case.
//! Must never let a change pass that the draft's own files do not declare.

use crate::finding;
use chopmark_domain::draft::Draft;
use chopmark_domain::finding::{Finding, Severity};
use chopmark_domain::hcl;
use chopmark_domain::plan::{Plan, ResourceAction, Shown, Verb};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// Name of the runner whose actions are resources.
const TERRAFORM: &str = "terraform";

/// A resource that changes.
pub(crate) struct Resource<'a> {
    /// What happens to it, with its address and kind.
    pub(crate) action: &'a ResourceAction,
    /// What is set: everything of a new one, of an edited one what changes. Hidden values are null. Lists may be trees
    /// whose keys are positions.
    pub(crate) after: Value,
}

impl Resource<'_> {
    /// Whether it will be there, in another form than now.
    pub(crate) fn is_set(&self) -> bool {
        matches!(self.action.verb, Verb::Create | Verb::Update | Verb::Replace | Verb::TakeOver)
    }

    /// Whether it goes for good.
    pub(crate) fn goes(&self) -> bool {
        self.action.verb == Verb::Delete
    }

    /// A field at its top, where the plan sets it.
    pub(crate) fn field(&self, name: &str) -> Option<&Value> {
        self.after.get(name)
    }
}

/// The resources of the Terraform step; none without one.
pub(crate) fn of<'a>(draft: &Draft, plan: &'a Plan) -> Result<Vec<Resource<'a>>, Finding> {
    let Some(step) = plan.steps.iter().find(|step| step.runner.as_str() == TERRAFORM) else { return Ok(vec![]) };
    let declared: BTreeSet<String> = hcl::resources(draft.files())
        .map_err(|error| finding("unreadable", Severity::Deny, &error.file.clone(), &[("reason", &error.to_string())]))?
        .into_iter()
        .map(|resource| resource.address)
        .collect();
    let stranger = step.actions.iter().find(|action| {
        !matches!(action.verb, Verb::Delete | Verb::Keep) && !declared.contains(&without_keys(&action.address))
    });
    match stranger {
        Some(action) => Err(finding("not-what-runs", Severity::Deny, &action.address, &[])),
        None => Ok(step.actions.iter().map(|action| Resource { action, after: after(action) }).collect()),
    }
}

/// The address without the keys of instances: `module.vpc.aws_subnet.a` for `module.vpc[0].aws_subnet.a["x.y"]`.
fn without_keys(address: &str) -> String {
    let (mut plain, mut inside, mut quoted, mut escaped) = (String::new(), false, false, false);
    for c in address.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' if inside => quoted = !quoted,
            '[' if !quoted => inside = true,
            ']' if !quoted => inside = false,
            _ if !inside => plain.push(c),
            _ => {}
        }
    }
    plain
}

/// What is set, as one tree.
fn after(action: &ResourceAction) -> Value {
    let mut tree = Value::Object(Map::new());
    for field in &action.fields {
        let value = match &field.after {
            Some(Shown::Value(text)) => serde_json::from_str(text).unwrap_or_else(|_| Value::from(text.as_str())),
            Some(Shown::Hidden(_)) | None => Value::Null,
        };
        let mut place = &mut tree;
        for key in keys(&field.path) {
            if !place.is_object() {
                *place = Value::Object(Map::new());
            }
            place = &mut place[key];
        }
        *place = value;
    }
    tree
}

/// The keys of a JSON pointer.
fn keys(path: &str) -> impl Iterator<Item = String> {
    path.split('/').filter(|key| !key.is_empty()).map(|key| key.replace("~1", "/").replace("~0", "~"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_known_without_the_keys_of_its_instances() {
        for (address, plain) in [
            ("aws_vpc.this", "aws_vpc.this"),
            ("aws_subnet.this[\"10.0.1.0/24\"]", "aws_subnet.this"),
            ("aws_subnet.this[0]", "aws_subnet.this"),
            ("module.vpc[\"a]\\\".b\"].aws_subnet.a[\"x.y\"]", "module.vpc.aws_subnet.a"),
        ] {
            assert_eq!(without_keys(address), plain);
        }
    }
}
