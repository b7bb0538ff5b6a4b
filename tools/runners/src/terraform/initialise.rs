//! Initialising: `init`, once for everything that needs the same providers and the same backend.
//! Called by plan; what it makes is read by every later call.
//! Must never let two calls write into the same folder, nor keep what only half came about.

use super::bundle::{Bundle, LOCK, folders};
use super::invoke::{self, Access};
use super::workspace::{Workspace, folder, unwritable, write};
use super::{Tool, failure};
use chopmark_domain::digest::{Digest, Fields};
use chopmark_domain::environment::{Providers, TerraformAddress};
use chopmark_domain::problem::{Code, Problem};
use secrecy::SecretString;
use std::collections::BTreeMap;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Within an entry: the lock file that `init` made, empty where it made none. Its presence says that the entry is whole.
const WHOLE: &str = "lock";
/// How long an entry stays that nobody uses.
const KEPT: Duration = Duration::from_secs(30 * 24 * 3600);
/// How long an entry that is not whole may be in the making.
const MAKING: Duration = Duration::from_secs(3600);

/// Makes sure that a workspace is initialised.
///
/// # Errors
/// What `init` says, as a problem.
pub(crate) async fn initialise(
    tool: &Tool,
    address: &TerraformAddress,
    workspace: &mut Workspace,
    bundle: &Bundle,
    program: &Digest,
    credentials: &BTreeMap<String, SecretString>,
) -> Result<(), Problem> {
    let all = tool.data.join("initialised");
    let entry = all.join(key(address, workspace, bundle, program)?.to_string().split_at(24).0);
    if is_whole(&entry) {
        touch(&entry);
        return take(workspace, bundle, &entry);
    }
    sweep(&all);
    folder(&all).map_err(|error| unwritable(&all, &error))?;
    if std::fs::DirBuilder::new().mode(0o700).create(&entry).is_err() {
        // Somebody else makes it now, or died over it: this plan has its own.
        let own = workspace.folder.join("own");
        run(tool, workspace, bundle, own.join("data"), credentials).await?;
        return workspace.initialised(own.join("data"));
    }
    let made = run(tool, workspace, bundle, entry.join("data"), credentials).await;
    let lock = || std::fs::read_to_string(workspace.bundle().join(LOCK)).unwrap_or_default();
    match made.and_then(|()| write(&entry, WHOLE, &lock()).map_err(|error| unwritable(&entry, &error))) {
        Ok(()) => workspace.initialised(entry.join("data")),
        Err(problem) => {
            let _swept_later = std::fs::remove_dir_all(&entry);
            Err(problem)
        }
    }
}

async fn run(
    tool: &Tool,
    workspace: &mut Workspace,
    bundle: &Bundle,
    data: PathBuf,
    credentials: &BTreeMap<String, SecretString>,
) -> Result<(), Problem> {
    folder(&data).map_err(|error| unwritable(&data, &error))?;
    workspace.data = data;
    let mut arguments = vec!["init", "-input=false", "-no-color"];
    if bundle.lock().is_some() {
        arguments.push("-lockfile=readonly");
    }
    let ran = invoke::run(tool, workspace, &arguments, Access::Initialise, credentials).await?;
    if ran.exit == Some(0) { Ok(()) } else { Err(told(failure::problem(&ran, "init"), workspace, bundle)) }
}

/// What `init` says, with where it looked. A provider that is there and is not the one that was locked is not missing.
fn told(problem: Problem, workspace: &Workspace, bundle: &Bundle) -> Problem {
    let reason = problem.facts.get("reason").cloned().unwrap_or_default();
    match (problem.code, &workspace.mirror) {
        (Code::ProviderMissing, _) if bundle.lock().is_some() && reason.contains("checksums") => {
            Problem::new(Code::ConfigurationInvalid).with("file", LOCK).with("reason", reason)
        }
        (Code::ProviderMissing, Some(mirror)) => problem.with("place", mirror.display()),
        _ => problem,
    }
}

/// Takes what was initialised before, with its lock file.
fn take(workspace: &mut Workspace, bundle: &Bundle, entry: &Path) -> Result<(), Problem> {
    let lock = std::fs::read_to_string(entry.join(WHOLE)).map_err(|error| unwritable(entry, &error))?;
    if bundle.lock().is_none() && !lock.is_empty() {
        write(&workspace.bundle(), LOCK, &lock).map_err(|error| unwritable(&workspace.bundle(), &error))?;
    }
    workspace.initialised(entry.join("data"))
}

/// Everything that decides what `init` makes: program, place and content of the mirror, backend, needs.
fn key(
    address: &TerraformAddress,
    workspace: &Workspace,
    bundle: &Bundle,
    program: &Digest,
) -> Result<Digest, Problem> {
    let mut fields = Fields::new("chopmark/terraform/initialised/v1");
    fields.bytes(program.bytes());
    for path in [workspace.settings(), workspace.bundle().join(super::workspace::BACKEND_FILE)] {
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        fields.text(&text);
    }
    if let Providers::Mirror(mirror) = &address.providers {
        for host in folders(mirror) {
            for version in folders(&host).iter().flat_map(|n| folders(n)).flat_map(|kind| folders(&kind)) {
                fields.text(&version.to_string_lossy());
            }
        }
    }
    for word in &bundle.needs.words {
        fields.text(word);
    }
    Ok(fields.finish())
}

/// Whether everything is there, and every provider that it links to.
fn is_whole(entry: &Path) -> bool {
    let kinds = folders(&entry.join("data/providers"));
    let kinds = kinds.iter().flat_map(|host| folders(host)).flat_map(|namespace| folders(&namespace));
    let platforms = kinds.flat_map(|kind| folders(&kind)).flat_map(std::fs::read_dir);
    entry.join(WHOLE).is_file() && platforms.flatten().flatten().all(|platform| platform.path().exists())
}

/// Entries that nobody uses any more, and those that were never finished.
fn sweep(all: &Path) {
    for entry in folders(all) {
        let limit = if entry.join(WHOLE).is_file() { KEPT } else { MAKING };
        if age(&entry).is_some_and(|age| age > limit) {
            let _next_time = std::fs::remove_dir_all(entry);
        }
    }
}

/// Says that an entry is in use.
fn touch(entry: &Path) {
    // A folder's own time: whether it could be set decides only when it is made anew.
    if let Ok(open) = std::fs::File::open(entry) {
        let now = rustix::fs::Timespec { tv_sec: 0, tv_nsec: rustix::fs::UTIME_NOW };
        let times = rustix::fs::Timestamps { last_access: now, last_modification: now };
        let _unimportant = rustix::fs::futimens(open, &times);
    }
}

/// How long ago a folder was written to.
pub(crate) fn age(folder: &Path) -> Option<Duration> {
    folder.metadata().ok()?.modified().ok()?.elapsed().ok()
}
