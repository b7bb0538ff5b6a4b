//! The Kubernetes runner: whole objects by server-side apply, field patches of what is not ours, named deletes.
//! Called by the engine (plan, verify, observe) and by the exec child (apply).
//! Must never force a field, or delete an object, that the countersigned step does not name.

mod apply;
mod fields;
mod instructions;
mod observe;
mod ownership;
mod patch;
mod plan;
pub mod plan_identity;
mod removal;
pub(crate) mod secret;
mod server;
mod verify;

pub use secret::Variables;

use async_trait::async_trait;
use chopmark_domain::draft::Draft;
use chopmark_domain::environment::{ClusterAddress, Environment};
use chopmark_domain::ids::RunnerName;
use chopmark_domain::plan::Step;
use chopmark_domain::ports::{Answer, PlanRequest, Progress, Runner, StepFailed, Work};
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::run::{Observed, Record, Verification};
use chopmark_sources::cluster::{Clusters, Purpose};
use server::Server;
use std::time::Duration;

/// The runner's name in plans.
pub const NAME: &str = "kubernetes";

/// How long the runner waits for what a cluster does by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// Until a rollout, a job or a deletion is called failed.
    pub deadline: Duration,
    /// Until a trouble that waiting does not mend is believed: the kubelet tries an image again within seconds.
    pub grace: Duration,
}

impl Default for Patience {
    /// 90 s and 10 s: pods of small images start in seconds, and a probe's default of three failures takes 30.
    fn default() -> Self {
        Self { deadline: Duration::from_secs(90), grace: Duration::from_secs(10) }
    }
}

/// The runner.
pub struct Kubernetes {
    clusters: Clusters,
    vault: secret::Vault,
    patience: Patience,
}

impl Kubernetes {
    /// `key` is the install's: under it the values of secrets are digested.
    pub fn new(clusters: Clusters, key: [u8; 32]) -> Self {
        let vault = secret::Vault::new(key.to_vec().into(), secret::process_variables());
        Self { clusters, vault, patience: Patience::default() }
    }

    /// The same reading the environment variables that secrets refer to from elsewhere than the process.
    #[must_use]
    pub fn with_variables(self, variables: Variables) -> Self {
        Self { vault: self.vault.with_variables(variables), ..self }
    }

    /// The same with another patience.
    #[must_use]
    pub fn with_patience(self, patience: Patience) -> Self {
        Self { patience, ..self }
    }

    async fn server(&self, environment: &Environment, purpose: Purpose) -> Result<Server, Problem> {
        let address = address(environment)?;
        Ok(Server::new(self.clusters.connect(address, purpose).await?))
    }
}

fn address(environment: &Environment) -> Result<&ClusterAddress, Problem> {
    environment.cluster.as_ref().ok_or_else(|| Problem::new(Code::NoCluster).with("environment", &environment.name))
}

#[async_trait]
impl Runner for Kubernetes {
    fn name(&self) -> RunnerName {
        runner_name()
    }

    async fn plan(&self, request: PlanRequest<'_>) -> Answer<Step> {
        let server = self.server(request.environment, Purpose::Read).await?;
        plan::plan(&server, &self.vault, request).await
    }

    async fn apply(&self, work: Work<'_>, progress: &dyn Progress, _record: &mut Record) -> Result<(), StepFailed> {
        let nothing_done = |problem| StepFailed { problem, done: Vec::new() };
        if !work.countersigned.plan().steps.contains(work.step) || work.step.runner != self.name() {
            return Err(nothing_done(Problem::new(Code::DigestMismatch)));
        }
        let server = self.server(work.environment, Purpose::Act).await.map_err(nothing_done)?;
        apply::apply(&server, &self.vault, work, self.patience, progress).await
    }

    async fn publish(&self, _environment: &Environment, _step: &Step) -> Answer<()> {
        Ok(())
    }

    async fn verify(
        &self,
        environment: &Environment,
        draft: &Draft,
        step: &Step,
        _record: &Record,
        progress: &dyn Progress,
    ) -> Answer<Verification> {
        let server = self.server(environment, Purpose::Read).await?;
        verify::verify(&server, draft, step, self.patience, progress).await
    }

    async fn observe(&self, environment: &Environment, step: &Step) -> Observed {
        match self.server(environment, Purpose::Read).await {
            Ok(server) => observe::observe(&server, step).await,
            Err(problem) => Observed::Unknown(problem.to_string()),
        }
    }
}

/// The name as an id.
fn runner_name() -> RunnerName {
    match RunnerName::parse(NAME) {
        Ok(name) => name,
        Err(_) => unreachable!("the runner's own name is a DNS label"),
    }
}
