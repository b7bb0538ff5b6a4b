//! Apply: exactly the countersigned plan file, in the exec child, with progress for each resource.
//! Called by the runner under a countersigned plan and a live lease.
//! Must never plan anew, start a second time, nor begin before everything it rests on was looked at again.

use super::credentials::{self, Values};
use super::instructions::{Instructions, StatePlace};
use super::invoke::{self, Access};
use super::progress::{Seen, Watch};
use super::workspace::Workspace;
use super::{Tool, check, failure, scrub, state, target, turn};
use crate::confine::{End, Followed};
use chopmark_domain::ports::{Progress, StepFailed, Work};
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::run::Record;
use std::path::{Path, PathBuf};

/// Where the program leaves a state that it could not save, beside the files it was given.
pub(super) const UNSAVED: &str = "errored.tfstate";
/// Whether somebody holds the lock is answered at once: waiting for it would apply a plan that is then stale.
const ARGUMENTS: [&str; 4] = ["apply", "-json", "-input=false", "-lock-timeout=0s"];

/// Applies the step.
pub(super) async fn apply(
    tool: &Tool,
    work: Work<'_>,
    progress: &dyn Progress,
    record: &mut Record,
) -> Result<(), StepFailed> {
    let nothing = |problem| StepFailed { problem, done: Vec::new() };
    let instructions = Instructions::of(work.step).map_err(nothing)?;
    let address = super::address(work.environment).map_err(nothing)?;
    let workspace = Workspace::reopen(tool, address, &instructions)
        .map_err(|problem| nothing(problem.with("change", work.countersigned.change())))?;
    let credentials =
        credentials::pinned(&tool.key, &instructions.credentials, &address.credentials).map_err(nothing)?;
    let versions = target::versions(tool, &work.countersigned.draft().component);
    check::holds(tool, &workspace, work, &instructions, &credentials, &versions).await.map_err(nothing)?;
    if tool.confiner.is_interrupted() {
        return Err(nothing(cancelled(work)));
    }
    let turn = turn::take(tool, &work.step.target).await.map_err(nothing)?;
    check::begin(&workspace, work, &versions).map_err(nothing)?;
    let watch = Watch::new(progress, &work.step.actions);
    let plan = workspace.plan_file().display().to_string();
    let invocation =
        invoke::invocation(&workspace, &[&ARGUMENTS[..], &[plan.as_str()]].concat(), Access::Apply, &credentials);
    let followed = tool.confiner.follow(invocation, &|line| watch.line(line)).await.map_err(nothing)?;
    drop(turn);
    record.programs.push(followed.ran.record());
    progress.report("progress-saving-state", &work.step.target);
    let unsaved = keep_unsaved(&versions, &workspace);
    let ended = Ended { tool, work, instructions: &instructions, followed, seen: watch.heard(), unsaved };
    let outcome = ended.outcome(&workspace, &credentials).await;
    keep_state(&versions, &instructions.state);
    spend(&workspace);
    outcome
}

/// Keeps what the program could not save. Where that does not work, it stays where it is.
pub(super) fn keep_unsaved(versions: &Path, workspace: &Workspace) -> Option<PathBuf> {
    let left = workspace.bundle().join(UNSAVED);
    state::keep_unsaved(versions, &left).unwrap_or_else(|problem| {
        tracing::warn!(%problem, "an unsaved state has no copy");
        Some(left)
    })
}

/// Keeps the version that the apply made. The effect stands: a copy that is missing is said to whoever looks after
/// the machine, and fails nothing.
fn keep_state(versions: &Path, place: &StatePlace) {
    let StatePlace::Local { path } = place else { return };
    let kept = state::local(path).and_then(|state| state.map(|state| state::keep(versions, &state)).transpose());
    if let Err(problem) = kept {
        tracing::warn!(%problem, "a version of the state was not kept");
    }
}

/// A plan is used once, and holds values in clear.
fn spend(workspace: &Workspace) {
    let plan = workspace.plan_file();
    if let Err(error) = std::fs::remove_file(&plan) {
        tracing::warn!(%error, plan = %plan.display(), "a used plan file stays behind");
    }
}

/// Who cancelled, the engine knows.
fn cancelled(work: Work<'_>) -> Problem {
    Problem::new(Code::Cancelled).with("person", "-").with("run", work.run)
}

/// An apply that is over.
struct Ended<'a> {
    tool: &'a Tool,
    work: Work<'a>,
    instructions: &'a Instructions,
    followed: Followed,
    seen: Seen,
    unsaved: Option<PathBuf>,
}

impl Ended<'_> {
    async fn outcome(self, workspace: &Workspace, credentials: &Values) -> Result<(), StepFailed> {
        // Everything was done and saved: that somebody asked it to stop at that moment changes nothing.
        if self.followed.ran.exit == Some(0) && self.unsaved.is_none() {
            return Ok(());
        }
        let problem = scrub::scrub(self.tool, workspace, credentials, self.problem()).await;
        Err(StepFailed { problem, done: self.seen.done })
    }

    fn problem(&self) -> Problem {
        let told = self.told();
        let reason = told.facts.get("reason").cloned().unwrap_or_else(|| told.code.to_string());
        if let Some(copy) = &self.unsaved {
            return Problem::new(Code::StateNotSaved).with("copy", copy.display()).with("reason", reason);
        }
        // A call of a provider of which no end was heard: what it made may be there, and in no state.
        if let Some(open) = self.open() {
            return Problem::new(Code::OutcomeUnknown)
                .with("change", self.work.countersigned.change())
                .with("run", self.work.run)
                .with("reason", format!("{open}: {}", self.how()));
        }
        let about = self.seen.failed.iter().next();
        match self.followed.end {
            End::Interrupted => {
                about.into_iter().fold(cancelled(self.work), |problem, about| problem.with("about", about))
            }
            End::Timeout => Problem::new(Code::ProgramTimeout)
                .with("program", self.program())
                .with("seconds", self.instructions.apply_seconds)
                .with("output", reason),
            End::Itself | End::Flood if self.seen.done.is_empty() => told,
            End::Itself | End::Flood => {
                let partly =
                    Problem::new(Code::PartlyApplied).with("done", self.seen.done.join(", ")).with("reason", reason);
                about.into_iter().fold(partly, |problem, about| problem.with("about", about))
            }
        }
    }

    /// What the program said.
    fn told(&self) -> Problem {
        let problem = failure::problem(&self.followed.ran, "apply");
        match problem.code {
            Code::PlanGone => problem.with("change", self.work.countersigned.change()),
            _ => failure::placed(problem, &self.instructions.state),
        }
    }

    /// What nobody can tell from here. Every line was heard, and the program says that it begins with a resource before
    /// it does: so what was begun is known, and only whether it ended may not be. What was done before a kill may not
    /// have been saved where a state is saved now and then.
    fn open(&self) -> Option<String> {
        let killed = self.followed.ran.exit.is_none();
        let open: Vec<_> = self.seen.open.keys().chain(self.seen.done.iter().filter(|_| killed)).cloned().collect();
        (!open.is_empty()).then(|| open.join(", "))
    }

    fn how(&self) -> &'static str {
        match (self.followed.end, self.followed.ran.exit) {
            (End::Timeout, _) => "its time was over before it could finish",
            (End::Interrupted, _) => "it was asked to stop and did not finish in time",
            (End::Flood, _) => "it was stopped because it wrote without end",
            (End::Itself, None) => "it was killed",
            (End::Itself, Some(_)) => "the program broke off",
        }
    }

    fn program(&self) -> String {
        self.work.step.program.name.clone()
    }
}
