//! Observe: what of a step is there, asked of the real system after a crash.
//! Called by the engine when a run began and left no outcome.
//! Must never change anything, nor call something not begun that may have been.
//!
//! What is known of an apply that nobody saw the end of, from the surest:
//! - Without the mark that [`super::check`] leaves right before it starts the program, no program was started.
//! - With it, a second plan that finds nothing to do says that everything is there.
//! - What the second plan no longer wants was done. It looks at the real things, not only at what was recorded: so
//!   for an update or a delete its word holds both ways.
//! - What it still wants to *create* may exist all the same. A killed program saves nothing more, and a provider may
//!   have finished its call; Terraform saves a local state after each resource, but a remote one, and OpenTofu every
//!   one, at most every twenty seconds: then the thing is there and in no state. Only what lives in the state alone
//!   (`terraform_data`) is certainly absent when the state lacks it. So as soon as one other such create is open,
//!   nothing is never the answer: a person has to look.

use super::instructions::{Instructions, StatePlace};
use super::invoke::{self, Access};
use super::state::State;
use super::workspace::Workspace;
use super::{Tool, apply, check, credentials, failure, scrub, state, verify};
use chopmark_domain::environment::Environment;
use chopmark_domain::plan::{ResourceAction, Step, Verb};
use chopmark_domain::problem::Problem;
use chopmark_domain::run::Observed;
use std::collections::BTreeSet;

/// A kind whose resources are nowhere but in the state.
const ONLY_RECORDED: &str = "terraform_data";
/// The lock may still be said to be held by the program that was killed; nothing is written here.
const ARGUMENTS: [&str; 5] = ["plan", "-json", "-input=false", "-lock=false", "-detailed-exitcode"];

/// Looks.
pub(super) async fn observe(tool: &Tool, environment: &Environment, step: &Step) -> Observed {
    look(tool, environment, step).await.unwrap_or_else(|problem| Observed::Unknown(problem.to_string()))
}

async fn look(tool: &Tool, environment: &Environment, step: &Step) -> Result<Observed, Problem> {
    let (address, instructions) = (super::address(environment)?, Instructions::of(step)?);
    let Ok(workspace) = Workspace::reopen(tool, address, &instructions) else {
        return Ok(recorded(step, &instructions));
    };
    let Some(versions) = check::begun(&workspace) else { return Ok(Observed::NotStarted) };
    // The folder goes when the change is over; this must not go with it.
    if let Some(copy) = apply::keep_unsaved(&versions, &workspace) {
        return Ok(Observed::Unknown(format!("the state could not be saved; it is in {}", copy.display())));
    }
    let credentials = credentials::resolve(credentials::reading(address))?;
    let mut arguments = ARGUMENTS.to_vec();
    if instructions.destroys {
        arguments.push("-destroy");
    }
    let ran = invoke::run(tool, &workspace, &arguments, Access::Plan, &credentials).await?;
    match ran.exit {
        Some(0) => Ok(Observed::Applied),
        Some(2) => Ok(judged(step, &verify::planned(&ran.stdout.kept))),
        _ => Err(scrub::scrub(tool, &workspace, &credentials, failure::problem(&ran, "plan")).await),
    }
}

/// What it means that these addresses would still be changed.
fn judged(step: &Step, open: &[String]) -> Observed {
    let open: BTreeSet<&str> = open.iter().map(String::as_str).collect();
    let (open, done): (Vec<_>, Vec<_>) = changes(step).partition(|action| open.contains(action.address.as_str()));
    let done: Vec<_> = done.iter().map(|action| action.address.clone()).collect();
    let uncertain = open
        .iter()
        .filter(|action| matches!(action.verb, Verb::Create | Verb::Replace) && action.kind != ONLY_RECORDED);
    let uncertain: Vec<_> = uncertain.map(|action| action.address.as_str()).collect();
    match (done.is_empty(), uncertain.is_empty()) {
        (false, _) => Observed::Partial(done),
        (true, true) => Observed::NotStarted,
        (true, false) => {
            Observed::Unknown(format!("not recorded, and yet it may have been made: {}", uncertain.join(", ")))
        }
    }
}

/// Without the folder there is no second plan: only what was recorded speaks, and only for what it says.
fn recorded(step: &Step, instructions: &Instructions) -> Observed {
    let gone = || Observed::Unknown("what the plan kept is gone".to_owned());
    let StatePlace::Local { path } = &instructions.state else { return gone() };
    let Ok(now) = state::local(path) else { return gone() };
    let planned = step.preconditions.iter().find(|(name, _)| name == state::PRECONDITION);
    if planned.is_some_and(|(_, mark)| *mark == state::mark(now.as_ref())) {
        return gone();
    }
    let is_done = |action: &&ResourceAction| match action.verb {
        Verb::Create => has(now.as_ref(), &action.address),
        Verb::Delete => !has(now.as_ref(), &action.address),
        Verb::Update | Verb::Replace | Verb::TakeOver | Verb::Keep => false,
    };
    let (done, open): (Vec<_>, Vec<_>) = changes(step).partition(is_done);
    match (done.is_empty(), open.is_empty()) {
        (true, _) => gone(),
        (false, true) => Observed::Applied,
        (false, false) => Observed::Partial(done.iter().map(|action| action.address.clone()).collect()),
    }
}

fn has(state: Option<&State>, address: &str) -> bool {
    state.is_some_and(|state| state.addresses.contains(address))
}

fn changes(step: &Step) -> impl Iterator<Item = &ResourceAction> {
    step.actions.iter().filter(|action| action.verb != Verb::Keep)
}
