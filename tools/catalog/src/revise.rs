//! Revising: what a waiting proposal becomes when something else is said about it.
//! Called by the engine when an edit names a change that waits.
//! Must never change what kind of change waits: an edit replaces values, nothing more.

use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::proposal::{Intent, Proposal};

/// The waiting proposal with the edit's values in place of its own.
///
/// # Errors
/// [`Code::CannotRevise`] when they are not about the same thing or the waiting one has no values;
/// [`Code::NothingToChange`] when nothing would differ.
pub(crate) fn revise(waiting: &Proposal, edit: &Proposal) -> Result<Proposal, Problem> {
    let cannot = || {
        let change = edit.revises.as_ref().map(ToString::to_string).unwrap_or_default();
        Problem::new(Code::CannotRevise).with("change", change).with("component", &waiting.component)
    };
    if waiting.component != edit.component {
        return Err(cannot());
    }
    let intent = match (&waiting.intent, &edit.intent) {
        (Intent::Create { template, values }, Intent::Edit { values: new }) => {
            Intent::Create { template: template.clone(), values: over(values, new) }
        }
        (Intent::Create { template, values }, Intent::Create { template: other, values: new }) => {
            let values = if template == other { over(values, new) } else { new.clone() };
            Intent::Create { template: other.clone(), values }
        }
        (Intent::Edit { values }, Intent::Edit { values: new }) => Intent::Edit { values: over(values, new) },
        (Intent::Patch { object, fields }, Intent::Patch { object: other, fields: new }) if object == other => {
            let mut fields = fields.clone();
            fields.extend(new.clone());
            Intent::Patch { object: object.clone(), fields }
        }
        (
            Intent::Create { .. }
            | Intent::Edit { .. }
            | Intent::Patch { .. }
            | Intent::Restart { .. }
            | Intent::Delete
            | Intent::Reconcile
            | Intent::Root { .. }
            | Intent::Restore { .. },
            _,
        ) => return Err(cannot()),
    };
    if intent == waiting.intent {
        return Err(Problem::new(Code::NothingToChange).with("component", &waiting.component));
    }
    Ok(Proposal { intent, revises: edit.revises.clone(), ..waiting.clone() })
}

/// New values over old ones. A value that is said again as it was keeps its origin.
fn over(old: &crate::settle::Values, new: &crate::settle::Values) -> crate::settle::Values {
    let mut values = old.clone();
    for (name, sourced) in new {
        if values.get(name).is_none_or(|present| present.value != sourced.value) {
            values.insert(name.clone(), sourced.clone());
        }
    }
    values
}
