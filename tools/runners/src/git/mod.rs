//! The git runner: desired state in an environment's repository, by plumbing, under countersigned plans only.
//! Called by the engine through the ports `Runner` and `Components`, and by the app to prepare a repository.
//! Must never force, run a hook, touch a work tree that was edited, or name a repository by anything but what it is.

mod address;
mod apply;
mod components;
mod edits;
mod folder;
mod memory;
mod message;
mod plan;
mod prepare;
mod program;
mod publish;
mod read;
mod refresh;
mod refs;
mod remote;
mod verify;
mod worktree;

pub use address::remote_fault;
pub use program::Author;

use crate::confine::Confiner;
use async_trait::async_trait;
use chopmark_domain::draft::Draft;
use chopmark_domain::environment::Environment;
use chopmark_domain::ids::{InvalidName, RunnerName};
use chopmark_domain::plan::{Program, Step};
use chopmark_domain::ports::{Answer, PlanRequest, Progress, Runner, StepFailed, Work};
use chopmark_domain::problem::Problem;
use chopmark_domain::run::{Observed, Record, Verification};
use program::Tool;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// The runner's name in plans.
pub const NAME: &str = "git";

/// The git runner. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Git {
    tool: Arc<Tool>,
    name: RunnerName,
}

impl Git {
    /// A runner that uses the program at an absolute path, such as [`crate::confine::find`] gives. Of
    /// `credentials`, `HOME` and `SSH_AUTH_SOCK` are passed on, and only to calls that talk to the remote.
    ///
    /// # Errors
    /// Never; the name of the runner is checked like every name.
    pub fn new(
        program: PathBuf,
        confiner: Confiner,
        author: Author,
        mut credentials: BTreeMap<String, String>,
    ) -> Result<Self, InvalidName> {
        credentials.retain(|name, _| matches!(name.as_str(), "HOME" | "SSH_AUTH_SOCK"));
        let author = Author { name: plain(&author.name), email: plain(&author.email) };
        let (version, memory) = (tokio::sync::OnceCell::new(), Arc::default());
        let tool = Arc::new(Tool { program, confiner, author, credentials, version, memory });
        Ok(Self { tool, name: RunnerName::parse(NAME)? })
    }

    /// Makes sure that an environment's repository is there: makes it when the folder is missing or empty,
    /// with a first commit or with what the remote's branch holds; otherwise checks that it can be used.
    ///
    /// # Errors
    /// [`chopmark_domain::problem::Code::RepositoryUnusable`], [`chopmark_domain::problem::Code::RemoteUnreachable`], or what git says.
    pub async fn prepare(&self, environment: &Environment) -> Result<(), Problem> {
        prepare::prepare(&self.tool, &environment.repository).await
    }

    /// The program: name, version and digest.
    ///
    /// # Errors
    /// It cannot be run.
    pub async fn program(&self) -> Result<Program, Problem> {
        self.tool.version().await
    }
}

/// A name without what git gives a meaning to in an author's line.
fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() && !matches!(c, '<' | '>')).collect()
}

#[async_trait]
impl Runner for Git {
    fn name(&self) -> RunnerName {
        self.name.clone()
    }

    async fn plan(&self, request: PlanRequest<'_>) -> Answer<Step> {
        plan::plan(&self.tool, &self.name, request).await
    }

    async fn apply(&self, work: Work<'_>, progress: &dyn Progress, record: &mut Record) -> Result<(), StepFailed> {
        apply::apply(&self.tool, work, progress, record).await
    }

    async fn publish(&self, environment: &Environment, step: &Step) -> Answer<()> {
        publish::publish(&self.tool, environment, step).await
    }

    async fn verify(
        &self,
        environment: &Environment,
        _draft: &Draft,
        step: &Step,
        record: &Record,
        progress: &dyn Progress,
    ) -> Answer<Verification> {
        verify::verify(&self.tool, environment, step, record, progress).await
    }

    async fn observe(&self, environment: &Environment, step: &Step) -> Observed {
        verify::observe(&self.tool, environment, step).await
    }
}
