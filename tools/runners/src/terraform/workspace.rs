//! Workspaces: a scratch folder per plan, with the files that are planned, the settings and what was initialised.
//! Made by plan; opened again by apply; deleted by discard and by the sweep.
//! Must never write into a component's or a root's own folder.

use super::Tool;
use super::instructions::Instructions;
use chopmark_domain::environment::TerraformAddress;
use chopmark_domain::plan::Step;
use chopmark_domain::problem::{Code, Problem};
use std::path::{Path, PathBuf};

/// A scratch folder in use.
#[derive(Debug, Clone)]
pub(crate) struct Workspace {
    /// The scratch folder: `bundle/`, `out/`, `tmp/`, the program's settings, and `state` that leads to a local state.
    pub(crate) folder: PathBuf,
    /// What was initialised (`TF_DATA_DIR`).
    pub(crate) data: PathBuf,
    /// The program.
    pub(crate) program: PathBuf,
    /// Folders of providers: what is there may be executed.
    pub(crate) providers: Vec<PathBuf>,
    /// The folder of a local state.
    pub(crate) state: Option<PathBuf>,
    /// TCP ports that may be connected to.
    pub(crate) ports: Vec<u16>,
    /// Seconds that an apply may take.
    pub(crate) apply_seconds: u64,
}

impl Workspace {
    /// The files that are planned; the program runs here.
    pub(crate) fn bundle(&self) -> PathBuf {
        self.folder.join("bundle")
    }

    /// The plan file.
    pub(crate) fn plan_file(&self) -> PathBuf {
        self.folder.join("out").join("plan.bin")
    }

    /// Temporary files and the sockets of providers.
    pub(crate) fn tmp(&self) -> PathBuf {
        self.folder.join("tmp")
    }

    /// The program's settings (`TF_CLI_CONFIG_FILE`).
    pub(crate) fn settings(&self) -> PathBuf {
        self.folder.join("settings.tfrc")
    }

    /// Opens the workspace that an Execute plan kept.
    ///
    /// # Errors
    /// [`Code::PlanGone`] when it is not there.
    pub(crate) fn reopen(
        _tool: &Tool,
        _address: &TerraformAddress,
        _instructions: &Instructions,
    ) -> Result<Self, Problem> {
        Err(Problem::new(Code::Internal).with("reason", "not yet"))
    }
}

/// `<data>/terraform/scratch`.
pub(crate) fn scratch(tool: &Tool) -> PathBuf {
    tool.data.join("scratch")
}

/// Deletes what was kept for a step. Again and again without harm.
pub(crate) async fn discard(tool: &Tool, step: &Step) {
    let Ok(instructions) = Instructions::of(step) else { return };
    if !instructions.scratch.is_empty() && Path::new(&instructions.scratch).components().count() == 1 {
        remove(&scratch(tool).join(instructions.scratch)).await;
    }
}

/// Deletes a folder with everything in it; what is gone already is no trouble.
pub(crate) async fn remove(folder: &Path) {
    if let Err(error) = tokio::fs::remove_dir_all(folder).await
        && error.kind() != std::io::ErrorKind::NotFound
    {
        tracing::warn!(folder = %folder.display(), %error, "a scratch folder stays behind");
    }
}
