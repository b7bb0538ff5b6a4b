//! Showing: the program's plan as actions that a person can read and that compare as equal when they mean the same.
//! Called by plan with what `show -json` said.
//! Must never leave a change out, nor put a sensitive value into one.

use super::bundle::refused;
use super::fields::Differences;
use super::mask::Mask;
use chopmark_domain::canonical;
use chopmark_domain::plan::{FieldChange, ResourceAction, Verb};
use chopmark_domain::problem::{Code, Problem};
use serde_json::Value;

/// Actions and outputs of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shown {
    /// What happens to each resource; what is destroyed first.
    pub(super) actions: Vec<ResourceAction>,
    /// Outputs that change.
    pub(super) outputs: Vec<FieldChange>,
}

/// Reads a plan.
///
/// # Errors
/// It is not whole, or something in its configuration would run.
pub(super) fn show(plan: &Value, mask: &Mask<'_>) -> Result<Shown, Problem> {
    let broken = |reason: &str| Problem::new(Code::ProgramFailed).with("program", "plan").with("reason", reason);
    if !plan.is_object() {
        return Err(broken("its answer is no plan"));
    }
    if plan["errored"] == true || plan["complete"] == false {
        return Err(broken("the plan is not complete"));
    }
    if let Some(what) = provisioner(&plan["configuration"]["root_module"]) {
        return Err(refused("", 0, &what, "provisioner"));
    }
    let differences = Differences { mask, moment: plan["timestamp"].as_str().unwrap_or_default() };
    let mut actions = Vec::new();
    let changes = plan["resource_changes"].as_array().into_iter().flatten();
    for resource in changes.filter(|resource| resource["mode"] != "data") {
        actions.extend(action(resource, &differences)?);
    }
    actions.sort_by(|a: &ResourceAction, b| {
        (a.verb != Verb::Delete, &a.address).cmp(&(b.verb != Verb::Delete, &b.address))
    });
    Ok(Shown { actions, outputs: outputs(plan, &differences) })
}

/// What goes, as it is now: the address, and everything that is known of it. A card says of it that it goes; that it is
/// still what it was when somebody agreed to that, only this can tell.
pub(super) fn going(plan: &Value) -> impl Iterator<Item = (String, String)> + '_ {
    let changes = plan["resource_changes"].as_array().into_iter().flatten();
    let goes = |resource: &&Value| {
        resource["mode"] != "data"
            && resource["change"]["actions"].as_array().into_iter().flatten().any(|a| a == "delete")
    };
    changes.filter(goes).map(|resource| {
        let address = resource["address"].as_str().unwrap_or_default().to_owned();
        (address, canonical::to_string(&resource["change"]["before"]))
    })
}

/// The configuration's own checks that do not hold: they stop nothing, and whoever wrote them wants it known.
pub(super) fn failing(plan: &Value) -> impl Iterator<Item = String> + '_ {
    let checks = plan["checks"].as_array().into_iter().flatten();
    let failed = checks.filter(|check| check["address"]["kind"] == "check" && check["status"] == "fail");
    failed.map(|check| {
        let problems = check["instances"].as_array().into_iter().flatten();
        let problems = problems.flat_map(|instance| instance["problems"].as_array().into_iter().flatten());
        let words: Vec<&str> = problems.filter_map(|problem| problem["message"].as_str()).collect();
        format!("{}: {}", check["address"]["to_display"].as_str().unwrap_or_default(), words.join("; "))
    })
}

fn action(resource: &Value, differences: &Differences<'_>) -> Result<Option<ResourceAction>, Problem> {
    let change = &resource["change"];
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut address = text(&resource["address"]);
    if let Some(deposed) = resource["deposed"].as_str() {
        address = format!("{address} (deposed {deposed})");
    }
    let words: Vec<&str> = change["actions"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let imported = change["importing"]["id"].as_str();
    let moved = resource["previous_address"].as_str();
    let verb = match words.as_slice() {
        ["create"] => Verb::Create,
        ["update"] => Verb::Update,
        ["delete"] | ["forget"] => Verb::Delete,
        ["delete", "create"] | ["create", "delete"] | ["create", "forget"] => Verb::Replace,
        ["no-op"] if imported.is_some() => Verb::TakeOver,
        ["no-op"] if moved.is_some() => Verb::Update,
        ["no-op"] | ["read"] | [] => return Ok(None),
        other => {
            let reason = format!("it wants {} for {address}, which is not known here", other.join(" and "));
            return Err(Problem::new(Code::ProgramFailed).with("program", "plan").with("reason", reason));
        }
    };
    let mut fields = if verb == Verb::Delete { Vec::new() } else { differences.of_resource(&address, resource) };
    if let Some(moved) = moved {
        fields.insert(0, differences.plain("address", moved, &address));
    }
    let because = match verb {
        Verb::Replace => Some(reason(resource)),
        Verb::Delete if words == ["forget"] => Some("forget".to_owned()),
        _ => imported.map(|id| format!("import {id}")),
    };
    let because = because.filter(|text| !differences.mask.hides(text));
    Ok(Some(ResourceAction { address, kind: text(&resource["type"]), verb, fields, because }))
}

/// What forces a replacement: the attributes, or the program's own word for another reason.
fn reason(resource: &Value) -> String {
    let paths = resource["change"]["replace_paths"].as_array().into_iter().flatten();
    let paths: Vec<String> = paths.filter_map(Value::as_array).map(|path| written(path)).collect();
    if paths.is_empty() {
        let word = resource["action_reason"].as_str().unwrap_or_default();
        return word.strip_prefix("replace_because_").unwrap_or(word).replace('_', " ");
    }
    paths.join(", ")
}

/// A path as Terraform writes it: `tags["a"]`, `versioning[0].enabled`.
fn written(path: &[Value]) -> String {
    let mut text = String::new();
    for step in path {
        match step {
            Value::String(name) if text.is_empty() => text.push_str(name),
            Value::String(name) => text.push_str(&format!(".{name}")),
            other => text.push_str(&format!("[{other}]")),
        }
    }
    text
}

fn outputs(plan: &Value, differences: &Differences<'_>) -> Vec<FieldChange> {
    let mut changed = Vec::new();
    for (name, change) in plan["output_changes"].as_object().into_iter().flatten() {
        if change["actions"] != serde_json::json!(["no-op"]) {
            changed.extend(differences.of_output(name, change));
        }
    }
    changed
}

/// The first provisioner of a module or of those it calls. The screen has looked before: this is the program's own word.
fn provisioner(module: &Value) -> Option<String> {
    let resources = module["resources"].as_array().into_iter().flatten();
    let mut found = resources.filter_map(|resource| {
        let first = resource["provisioners"].as_array()?.first()?;
        Some(format!("provisioner {} in {}", first["type"], resource["address"].as_str().unwrap_or_default()))
    });
    found.next().or_else(|| module["module_calls"].as_object()?.values().find_map(|call| provisioner(&call["module"])))
}
