//! What an apply rests on, looked at again in the exec child right before it begins.
//! Called by apply; nothing starts when anything here does not hold.
//! Must never be satisfied by a name: bytes, lineage and serial decide.

use super::credentials::Values;
use super::instructions::{Instructions, ProviderPin, StatePlace};
use super::workspace::{Workspace, unwritable};
use super::{Tool, program, state, target};
use chopmark_domain::digest::Digest;
use chopmark_domain::environment::Environment;
use chopmark_domain::plan::Step;
use chopmark_domain::ports::Work;
use chopmark_domain::problem::{Code, Problem};
use std::ffi::OsString;
use std::io::Write as _;
use std::os::unix::ffi::OsStringExt as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

/// In the scratch folder: says that the program was, or was about to be, started. By its absence a look after a
/// crash knows that nothing began. It holds the folder in which the versions of the state are kept.
const BEGUN: &str = "begun";

/// Whether plan file and bundle are the countersigned ones, and nothing was begun with them.
///
/// # Errors
/// [`Code::PlanGone`].
pub(super) fn kept(tool: &Tool, environment: &Environment, step: &Step) -> Result<(), Problem> {
    let instructions = Instructions::of(step)?;
    let workspace = Workspace::reopen(tool, super::address(environment)?, &instructions)?;
    same(&workspace, &instructions)
}

fn same(workspace: &Workspace, instructions: &Instructions) -> Result<(), Problem> {
    let plan = digest(&workspace.plan_file()) == Some(instructions.plan);
    if begun(workspace).is_none() && plan && workspace.files()? == instructions.files {
        Ok(())
    } else {
        Err(Problem::new(Code::PlanGone))
    }
}

/// Everything that was true at plan.
///
/// # Errors
/// [`Code::PlanGone`] when what was kept is not what was countersigned; [`Code::PlanStale`] with the fact `what` when
/// the world moved.
pub(super) async fn holds(
    tool: &Tool,
    workspace: &Workspace,
    work: Work<'_>,
    instructions: &Instructions,
    credentials: &Values,
    versions: &Path,
) -> Result<(), Problem> {
    same(workspace, instructions).map_err(|problem| problem.with("change", work.countersigned.change()))?;
    let stale = |what: &str, before: &str, after: &str| {
        Problem::new(Code::PlanStale).with("what", what).with("before", before).with("after", after)
    };
    if instructions.workspace != target::WORKSPACE {
        return Err(stale("workspace", &instructions.workspace, target::WORKSPACE));
    }
    let binary = program::digest(tool, &instructions.program).await?.to_string();
    if work.step.program.digest.as_deref() != Some(binary.as_str()) {
        return Err(stale("program", work.step.program.digest.as_deref().unwrap_or("-"), &binary));
    }
    if let Some((before, after)) = differing(&instructions.providers, &target::providers(tool, &workspace.data).await?)
    {
        return Err(stale("providers", &before, &after));
    }
    let planned = work.step.preconditions.iter().find(|(name, _)| name == state::PRECONDITION);
    let planned = planned.map_or(state::NONE, |(_, mark)| mark.as_str());
    let now = state::current(tool, workspace, &instructions.state, credentials).await?;
    let mark = state::mark(now.as_ref());
    if mark != planned {
        return Err(stale("state", planned, &mark));
    }
    // Kept before anything can change it: every version can be returned to by hand.
    match now.filter(|_| matches!(instructions.state, StatePlace::Local { .. })) {
        Some(now) => state::keep(versions, &now).map(|_| ()),
        None => Ok(()),
    }
}

/// Says, for good, that the program is about to be started.
///
/// # Errors
/// It cannot be said: then nothing starts.
pub(super) fn begin(workspace: &Workspace, work: Work<'_>, versions: &Path) -> Result<(), Problem> {
    let path = workspace.folder.join(BEGUN);
    let write = || {
        let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
        file.write_all(versions.as_os_str().as_encoded_bytes())?;
        file.sync_all()?;
        std::fs::File::open(&workspace.folder)?.sync_all()
    };
    write().map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => Problem::new(Code::PlanGone).with("change", work.countersigned.change()),
        _ => unwritable(&path, &error),
    })
}

/// Where the versions of the state are kept, if the program was, or was about to be, started in this workspace.
pub(super) fn begun(workspace: &Workspace) -> Option<PathBuf> {
    let mark = workspace.folder.join(BEGUN);
    mark.exists().then(|| PathBuf::from(OsString::from_vec(std::fs::read(&mark).unwrap_or_default())))
}

fn digest(path: &Path) -> Option<Digest> {
    std::fs::read(path).ok().map(|bytes| Digest::of(&bytes))
}

/// The first provider that is another now.
fn differing(before: &[ProviderPin], after: &[ProviderPin]) -> Option<(String, String)> {
    let words = |pin: &ProviderPin| format!("{} {} {}", pin.source, pin.version, pin.digest.short());
    let changed = before.iter().find(|pin| !after.contains(pin));
    let added = after.iter().find(|pin| !before.contains(pin));
    let differ = changed.is_some() || added.is_some();
    differ.then(|| (changed.map_or_else(|| "-".to_owned(), words), added.map_or_else(|| "-".to_owned(), words)))
}
