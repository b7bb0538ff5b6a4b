//! Scrubbing: what a failed call says, without the values that nobody may see.
//! Used by apply, verify and observe: providers repeat in their errors what they were given.
//! Must never let a text through when it cannot be told what is hidden in it.

use super::Tool;
use super::credentials::Values;
use super::invoke::{self, Access};
use super::mask::Mask;
use super::workspace::Workspace;
use chopmark_domain::problem::{Code, Problem};
use serde_json::Value;

/// What stands for words of which nobody knows what they hold.
const WITHHELD: &str = "•••";
/// Facts that hold the program's own words.
const WORDS: [&str; 2] = ["reason", "output"];

/// A problem as it may be seen.
pub(super) async fn scrub(tool: &Tool, workspace: &Workspace, credentials: &Values, mut problem: Problem) -> Problem {
    // These are told by what they name; the holder of a lock is in no plan.
    if matches!(problem.code, Code::StateLocked | Code::PlanStale | Code::PlanGone | Code::Cancelled) {
        return problem;
    }
    let plan = workspace.plan_file();
    let arguments = ["show", "-json", &plan.display().to_string()];
    let planned = match plan.exists() {
        true => show(tool, workspace, &arguments, Access::Show, &Values::new()).await,
        // Used up by the apply: what it made sensitive is recorded.
        false => None,
    };
    let recorded = show(tool, workspace, &arguments[..2], Access::Plan, credentials).await;
    let known = planned.is_some() || (recorded.is_some() && !plan.exists());
    let (planned, recorded) = (planned.unwrap_or_default(), recorded.unwrap_or_default());
    let mask = known.then(|| Mask::of(&tool.key, &planned, credentials.values()).and_state(&recorded));
    for (_, text) in problem.facts.iter_mut().filter(|(name, _)| WORDS.contains(&name.as_str())) {
        *text = mask.as_ref().map_or_else(|| WITHHELD.to_owned(), |mask| mask.scrubbed(text));
    }
    problem
}

async fn show(
    tool: &Tool,
    workspace: &Workspace,
    arguments: &[&str],
    access: Access,
    credentials: &Values,
) -> Option<Value> {
    let ran = invoke::run(tool, workspace, arguments, access, credentials).await.ok()?;
    let whole = ran.exit == Some(0) && ran.stdout.is_whole();
    serde_json::from_slice(&ran.stdout.kept).ok().filter(|_| whole)
}
