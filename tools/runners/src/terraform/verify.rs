//! Verify: it worked when a second plan of the same files finds nothing to do.
//! Called by the engine after the apply, with the reading credentials.
//! Must never change anything, nor pass what it could not look at.

use super::instructions::Instructions;
use super::invoke::{self, Access};
use super::workspace::Workspace;
use super::{Terraform, credentials, failure, scrub, state};
use chopmark_domain::draft::Draft;
use chopmark_domain::environment::Environment;
use chopmark_domain::plan::{Step, Verb};
use chopmark_domain::ports::{Answer, PlanPurpose, PlanRequest, Progress, Runner as _};
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::run::{Record, Verification};
use serde::Deserialize;

/// The lock is not taken: nothing is written, and somebody who plans at this moment is not kept from it.
const ARGUMENTS: [&str; 5] = ["plan", "-json", "-input=false", "-lock=false", "-detailed-exitcode"];

/// Plans a second time. After a removal, what is recorded must be empty.
pub(super) async fn verify(
    terraform: &Terraform,
    environment: &Environment,
    draft: &Draft,
    step: &Step,
    _record: &Record,
    progress: &dyn Progress,
) -> Answer<Verification> {
    let tool = &terraform.tool;
    let address = super::address(environment)?;
    let instructions = Instructions::of(step)?;
    let credentials = credentials::resolve(credentials::reading(address))?;
    progress.report("progress-second-plan", &draft.component.to_string());
    let workspace = match Workspace::reopen(tool, address, &instructions) {
        Ok(workspace) => workspace,
        // What was kept is gone, after a restart or by hand: everything is made anew.
        Err(_) if !instructions.destroys => return afresh(terraform, environment, draft).await,
        Err(problem) => return Err(problem),
    };
    if instructions.destroys {
        let left = state::current(tool, &workspace, &instructions.state, &credentials).await?;
        let left: Vec<_> = left.into_iter().flat_map(|state| state.addresses).collect();
        return Ok(if left.is_empty() { passed(step, "gone") } else { mismatch(&left, "still recorded") });
    }
    let ran = invoke::run(tool, &workspace, &ARGUMENTS, Access::Plan, &credentials).await?;
    match ran.exit {
        Some(0) => Ok(passed(step, "unchanged")),
        // The fields that differ are worth a plan that reads them.
        Some(2) => match afresh(terraform, environment, draft).await {
            Ok(failed @ Verification::Failed { .. }) => Ok(failed),
            Ok(Verification::Passed { .. }) | Err(_) => Ok(mismatch(&planned(&ran.stdout.kept), "would change again")),
        },
        _ => Err(scrub::scrub(tool, &workspace, &credentials, failure::problem(&ran, "plan")).await),
    }
}

/// A second plan through all of planning.
async fn afresh(terraform: &Terraform, environment: &Environment, draft: &Draft) -> Answer<Verification> {
    let request = PlanRequest { purpose: PlanPurpose::Compare, environment, draft, previous: None };
    let again = terraform.plan(request).await?;
    let changes = again.actions.iter().filter(|action| action.verb != Verb::Keep);
    let words = changes.map(|action| {
        let fields: Vec<_> = action.fields.iter().map(|field| field.path.as_str()).collect();
        format!("{} ({})", action.address, fields.join(", "))
    });
    let outputs = again.outputs.iter().map(|output| format!("output {}", output.path));
    let differences: Vec<_> = words.chain(outputs).collect();
    Ok(if differences.is_empty() { passed(&again, "unchanged") } else { mismatch(&differences, "would change again") })
}

fn passed(step: &Step, finding: &str) -> Verification {
    Verification::Passed {
        checks: step.actions.iter().map(|action| (action.address.clone(), finding.to_owned())).collect(),
    }
}

fn mismatch(about: &[String], reason: &str) -> Verification {
    let problem = Problem::new(Code::VerifyMismatch).with("about", about.join(", ")).with("reason", reason);
    Verification::Failed { problem, evidence: about.iter().map(|about| format!("{about}: {reason}")).collect() }
}

/// A line of a plan's output, as far as changes go.
#[derive(Deserialize)]
struct Line {
    #[serde(rename = "type")]
    kind: String,
    change: Option<Change>,
}

#[derive(Deserialize)]
struct Change {
    resource: Resource,
    action: String,
}

#[derive(Deserialize)]
struct Resource {
    addr: String,
}

/// The addresses that a plan would change. Reading again changes nothing.
pub(super) fn planned(output: &[u8]) -> Vec<String> {
    let lines = output.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice::<Line>(line).ok());
    let changes = lines.filter(|line| line.kind == "planned_change").filter_map(|line| line.change);
    changes
        .filter(|change| !matches!(change.action.as_str(), "noop" | "read"))
        .map(|change| change.resource.addr)
        .collect()
}
