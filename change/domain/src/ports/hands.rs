//! Ports of the hands: planning, executing, and watching what executes.
//! Implemented by tools/runners; called by the engine and by the exec child.
//! Must never be given to a tool: what a model reaches cannot name a runner.

use super::Answer;
use crate::component::ComponentVersion;
use crate::countersigned::Countersigned;
use crate::draft::Draft;
use crate::environment::Environment;
use crate::ids::{RunId, RunnerName};
use crate::lease::LiveLease;
use crate::plan::Step;
use crate::problem::Problem;
use crate::run::{Observed, Outcome, Record, Run, Verification};
use async_trait::async_trait;

/// What a plan is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlanPurpose {
    /// To be shown, countersigned and executed: what the apply needs is kept until [`Runner::discard`].
    Execute,
    /// To be compared with another, or to see what drifted: nothing is kept.
    Compare,
}

/// What a runner plans.
#[derive(Debug, Clone, Copy)]
pub struct PlanRequest<'a> {
    /// What for.
    pub purpose: PlanPurpose,
    /// Where.
    pub environment: &'a Environment,
    /// What.
    pub draft: &'a Draft,
    /// The component's committed version, whose resources go when the draft no longer has them.
    pub previous: Option<&'a ComponentVersion>,
}

/// What a runner is allowed to execute: a countersigned plan's step, under a live lease.
#[derive(Debug, Clone, Copy)]
pub struct Work<'a> {
    /// The right to act.
    pub countersigned: &'a Countersigned,
    /// The fence.
    pub lease: &'a LiveLease,
    /// Where.
    pub environment: &'a Environment,
    /// Which step of the plan.
    pub step: &'a Step,
    /// The run.
    pub run: &'a RunId,
}

/// Where a runner reports what it is doing, as a message key and what it is about.
pub trait Progress: Send + Sync {
    /// Reports.
    fn report(&self, key: &str, about: &str);
}

/// A step that failed, with what is known done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepFailed {
    /// Why.
    pub problem: Problem,
    /// Addresses known to have changed.
    pub done: Vec<String>,
}

/// What may change side by side on one target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sharing {
    /// It holds many components, such as a namespace or a repository: each of them changes on its own.
    ByComponent,
    /// It is one thing, such as a state: one change at a time, whatever components and environments lead to it.
    Nobody,
}

/// The only hands. The engine alone holds one.
#[async_trait]
pub trait Runner: Send + Sync {
    /// Its name in plans.
    fn name(&self) -> RunnerName;
    /// Who may change something on its targets while a change executes there.
    fn sharing(&self) -> Sharing {
        Sharing::ByComponent
    }
    /// What executing the draft would do. Changes nothing.
    async fn plan(&self, request: PlanRequest<'_>) -> Answer<Step>;
    /// Executes exactly the step's instructions. Called in the exec child only.
    async fn apply(&self, work: Work<'_>, progress: &dyn Progress, record: &mut Record) -> Result<(), StepFailed>;
    /// What is done after all steps took effect and may be tried again alone, such as a push. A problem here fails nothing.
    async fn publish(&self, environment: &Environment, step: &Step) -> Answer<()>;
    /// Whether it worked.
    async fn verify(
        &self,
        environment: &Environment,
        draft: &Draft,
        step: &Step,
        record: &Record,
        progress: &dyn Progress,
    ) -> Answer<Verification>;
    /// What of the step is there, asked of the real system after a crash.
    async fn observe(&self, environment: &Environment, step: &Step) -> Observed;
    /// Whether what [`PlanPurpose::Execute`] kept is still, byte for byte, what was countersigned. Asked right before the
    /// ticket is used, so that a plan somebody touched costs nothing but a new plan; apply looks again.
    ///
    /// # Errors
    /// [`crate::problem::Code::PlanGone`].
    async fn holds(&self, _environment: &Environment, _step: &Step) -> Answer<()> {
        Ok(())
    }
    /// Deletes what [`PlanPurpose::Execute`] kept for a step that will not be executed, or was. Called again and again
    /// without harm.
    async fn discard(&self, _step: &Step) {}
}

/// What is known of an exec child.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Execution {
    /// There is no sign that it ever began: nothing was changed.
    NeverBegan,
    /// It or a process of it lives.
    Running,
    /// It wrote its outcome.
    Finished(Outcome),
    /// It began, no process of it lives, and there is no outcome.
    Lost {
        /// The last lines of its output.
        tail: Vec<String>,
    },
}

/// Starting and watching exec children.
#[async_trait]
pub trait Executor: Send + Sync {
    /// Starts `chopmark exec RUN`. Returns when the child has its spool folder.
    async fn start(&self, run: &Run) -> Answer<()>;
    /// Whether there is any sign of the child. Asking closes nothing.
    async fn has_begun(&self, _run: &RunId) -> Answer<bool> {
        Ok(true)
    }
    /// What is known. Where there is no sign of a child, the run is closed to it.
    async fn look(&self, run: &RunId) -> Answer<Execution>;
    /// Progress lines (key, about) after the first `skip`.
    async fn progress(&self, run: &RunId, skip: usize) -> Answer<Vec<(String, String)>>;
    /// Asks it to stop: interrupt, then terminate, then kill the group.
    async fn stop(&self, run: &RunId) -> Answer<()>;
}
