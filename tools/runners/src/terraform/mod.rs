//! The Terraform runner: plans by the real program in a confined scratch folder, applies exactly the plan file.
//! Called by the engine (plan, verify, observe, discard) and by the exec child (apply).
//! Must never apply anything but the countersigned plan file, nor show a sensitive value.

mod apply;
mod bundle;
mod check;
mod credentials;
mod failure;
mod fields;
mod initialise;
mod instructions;
mod invoke;
mod mask;
mod needs;
mod observe;
mod plan;
mod program;
mod progress;
mod scratch;
mod scrub;
mod settings;
mod show;
mod state;
mod target;
mod turn;
mod verify;
mod workspace;

use crate::confine::Confiner;
use async_trait::async_trait;
use chopmark_domain::draft::Draft;
use chopmark_domain::environment::{Environment, TerraformAddress};
use chopmark_domain::ids::RunnerName;
use chopmark_domain::plan::Step;
use chopmark_domain::ports::{Answer, PlanRequest, Progress, Runner, Sharing, StepFailed, Work};
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::run::{Observed, Record, Verification};
use secrecy::SecretSlice;
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;

/// The runner's name in plans.
pub const NAME: &str = "terraform";

/// The runner. Cheap to clone.
#[derive(Clone)]
pub struct Terraform {
    tool: Arc<Tool>,
}

/// What all parts of the runner share.
struct Tool {
    confiner: Confiner,
    /// `<data>/terraform`.
    data: PathBuf,
    /// The install's key: under it sensitive values are digested.
    key: SecretSlice<u8>,
    /// Where programs are looked for.
    search: OsString,
    programs: program::Known,
}

impl Terraform {
    /// A runner that keeps its folders in `data`, digests sensitive values under the install's `key`, and looks for
    /// programs on `search`.
    pub fn new(confiner: Confiner, data: PathBuf, key: [u8; 32], search: OsString) -> Self {
        let (data, key) = (data.join("terraform"), key.to_vec().into());
        Self { tool: Arc::new(Tool { confiner, data, key, search, programs: program::Known::default() }) }
    }
}

/// How an environment uses Terraform.
///
/// # Errors
/// [`Code::NoTerraform`].
fn address(environment: &Environment) -> Result<&TerraformAddress, Problem> {
    environment.terraform.as_ref().ok_or_else(|| Problem::new(Code::NoTerraform).with("environment", &environment.name))
}

#[async_trait]
impl Runner for Terraform {
    fn name(&self) -> RunnerName {
        runner_name()
    }

    fn sharing(&self) -> Sharing {
        Sharing::Nobody
    }

    async fn plan(&self, request: PlanRequest<'_>) -> Answer<Step> {
        plan::plan(&self.tool, request).await
    }

    async fn apply(&self, work: Work<'_>, progress: &dyn Progress, record: &mut Record) -> Result<(), StepFailed> {
        if !work.countersigned.plan().steps.contains(work.step) || work.step.runner != self.name() {
            return Err(StepFailed { problem: Problem::new(Code::DigestMismatch), done: Vec::new() });
        }
        apply::apply(&self.tool, work, progress, record).await
    }

    async fn publish(&self, _environment: &Environment, _step: &Step) -> Answer<()> {
        Ok(())
    }

    async fn verify(
        &self,
        environment: &Environment,
        draft: &Draft,
        step: &Step,
        record: &Record,
        progress: &dyn Progress,
    ) -> Answer<Verification> {
        verify::verify(self, environment, draft, step, record, progress).await
    }

    async fn observe(&self, environment: &Environment, step: &Step) -> Observed {
        observe::observe(&self.tool, environment, step).await
    }

    async fn holds(&self, environment: &Environment, step: &Step) -> Answer<()> {
        check::kept(&self.tool, environment, step)
    }

    async fn discard(&self, step: &Step) {
        scratch::discard(&self.tool, step).await;
    }
}

/// The name as an id.
fn runner_name() -> RunnerName {
    match RunnerName::parse(NAME) {
        Ok(name) => name,
        Err(_) => unreachable!("the runner's own name is a DNS label"),
    }
}
