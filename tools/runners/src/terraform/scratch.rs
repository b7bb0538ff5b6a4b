//! Scratch: where workspaces are, how long they stay, and how they go.
//! Used by plan and apply; discarded by the engine at a change's end, swept when nobody did.
//! Must never leave a plan file longer than anybody can use it: it holds values in clear.

use super::Tool;
use super::bundle::folders;
use super::initialise::age;
use super::instructions::Instructions;
use super::workspace::{Workspace, folder, tmp, unwritable};
use chopmark_domain::plan::Step;
use chopmark_domain::problem::Problem;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Component, Path, PathBuf};
use std::time::Duration;

/// How long a scratch folder stays that nobody discarded: no approval waits that long.
const KEPT: Duration = Duration::from_secs(14 * 24 * 3600);

/// A workspace that goes when this is dropped.
#[derive(Debug)]
pub(crate) struct Scratch {
    pub(crate) workspace: Workspace,
    made: tempfile::TempDir,
    kept: bool,
}

impl Scratch {
    /// A new folder of its own, seen as a workspace.
    ///
    /// # Errors
    /// It cannot be made.
    pub(crate) fn make(tool: &Tool, workspace: impl FnOnce(PathBuf) -> Workspace) -> Result<Self, Problem> {
        let all = all(tool);
        sweep(&all);
        let own = std::fs::Permissions::from_mode(0o700);
        let make = || tempfile::Builder::new().prefix("p").rand_bytes(11).permissions(own).tempdir_in(&all);
        let made = folder(&all).and_then(|()| make()).map_err(|error| unwritable(&all, &error))?;
        Ok(Self { workspace: workspace(made.path().to_owned()), made, kept: false })
    }

    /// Keeps it until it is discarded; the name by which it is found again.
    pub(crate) fn keep(mut self) -> String {
        self.kept = true;
        self.made.disable_cleanup(true);
        self.made.path().file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let tmp = self.workspace.tmp();
        // What is inside goes with the folder.
        if !self.kept && !tmp.starts_with(self.made.path()) {
            let _gone_already = std::fs::remove_dir_all(tmp);
        }
    }
}

/// `<data>/terraform/scratch`.
fn all(tool: &Tool) -> PathBuf {
    tool.data.join("scratch")
}

/// The folder that an Execute plan kept; none when it kept nothing.
pub(crate) fn kept(tool: &Tool, instructions: &Instructions) -> Option<PathBuf> {
    let mut parts = Path::new(&instructions.scratch).components();
    let name = match (parts.next(), parts.next()) {
        (Some(Component::Normal(name)), None) => name,
        _ => return None,
    };
    Some(all(tool).join(name))
}

/// Deletes what was kept for a step. Again and again without harm.
pub(crate) async fn discard(tool: &Tool, step: &Step) {
    let Some(folder) = Instructions::of(step).ok().and_then(|instructions| kept(tool, &instructions)) else { return };
    let removed = tokio::task::spawn_blocking(move || remove(&folder)).await;
    if let Err(error) = removed {
        tracing::warn!(%error, "a scratch folder stays behind");
    }
}

/// Deletes a scratch folder with everything in it; what is gone already is no trouble.
fn remove(folder: &Path) {
    let tmp = tmp(folder);
    for part in [tmp.as_path(), folder] {
        if let Err(error) = std::fs::remove_dir_all(part)
            && error.kind() != std::io::ErrorKind::NotFound
        {
            tracing::warn!(folder = %part.display(), %error, "a scratch folder stays behind");
        }
    }
}

/// Deletes what nobody discarded in its time.
fn sweep(all: &Path) {
    for folder in folders(all) {
        if age(&folder).is_some_and(|age| age > KEPT) {
            remove(&folder);
        }
    }
}
