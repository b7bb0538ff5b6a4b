//! Scrubbing: what a failed apply says, without the values that nobody may see.
//! Used by apply before a problem leaves it: providers repeat in their errors what they were given.
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
    let plan = workspace.plan_file().display().to_string();
    let planned = show(tool, workspace, &["show", "-json", &plan], Access::Show, &Values::new()).await;
    // What was made only now stands in the state alone. Where that cannot be read, little can have been made.
    let recorded = show(tool, workspace, &["show", "-json"], Access::Plan, credentials).await.unwrap_or_default();
    let mask = planned.map(|planned| Mask::of(&tool.key, &planned, credentials.values()).and_state(&recorded));
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
