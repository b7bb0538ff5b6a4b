//! Workspaces: a scratch folder per plan, with the files that are planned, the program's settings, and a way to the state.
//! Made by plan; opened again by apply; deleted by discard and by the sweep.
//! Must never write into a component's or a root's own folder.

use super::bundle::Bundle;
use super::instructions::{Instructions, StatePlace};
use super::settings;
use super::{Tool, initialise};
use chopmark_domain::digest::Digest;
use chopmark_domain::environment::{Providers, TerraformAddress};
use chopmark_domain::plan::Step;
use chopmark_domain::problem::{Code, Problem};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Component, Path, PathBuf};
use std::time::Duration;

/// The file that says where the state is. An override: it also stands above what an existing root says.
pub(crate) const BACKEND_FILE: &str = "zzzz_chopmark_override.tf.json";
/// A unix socket's path holds 107 bytes; providers put `/plugin` and a number of ten digits behind the folder.
const LONGEST_TMP: usize = 88;
/// How long a scratch folder stays that nobody discarded: no approval waits that long.
const KEPT: Duration = Duration::from_secs(14 * 24 * 3600);

/// A scratch folder in use.
#[derive(Debug, Clone)]
pub(crate) struct Workspace {
    /// The scratch folder: `bundle/`, `out/`, `tmp/`, the program's settings, and `state` that leads to a local state.
    pub(crate) folder: PathBuf,
    /// What was initialised (`TF_DATA_DIR`).
    pub(crate) data: PathBuf,
    /// The program.
    pub(crate) program: PathBuf,
    /// Where providers come from: what is there may be executed.
    pub(crate) mirror: Option<PathBuf>,
    /// Where `init` keeps what it fetched: it may write there.
    pub(crate) cache: Option<PathBuf>,
    /// The folder of a local state.
    pub(crate) state: Option<PathBuf>,
    /// TCP ports that may be connected to.
    pub(crate) ports: Vec<u16>,
    /// Seconds that an apply may take.
    pub(crate) apply_seconds: u64,
}

impl Workspace {
    /// Makes a workspace for a bundle. It goes when the answer is dropped, unless it is kept.
    ///
    /// # Errors
    /// It cannot be written.
    pub(crate) fn make(
        tool: &Tool,
        address: &TerraformAddress,
        bundle: &Bundle,
        program: &Path,
        state: &StatePlace,
        ports: Vec<u16>,
    ) -> Result<Scratch, Problem> {
        let scratch = scratch(tool);
        sweep(&scratch);
        let made = folder(&scratch).and_then(|()| {
            tempfile::Builder::new()
                .prefix("p")
                .permissions(std::fs::Permissions::from_mode(0o700))
                .rand_bytes(11)
                .tempdir_in(&scratch)
        });
        let made = made.map_err(|error| unwritable(&scratch, &error))?;
        let workspace = Self::at(made.path().to_owned(), PathBuf::new(), address, program, state, ports);
        let scratch = Scratch { workspace, made, kept: false };
        scratch.workspace.fill(address, bundle, state).map_err(|error| unwritable(scratch.made.path(), &error))?;
        Ok(scratch)
    }

    /// Opens the workspace that an Execute plan kept.
    ///
    /// # Errors
    /// [`Code::PlanGone`] when it is not there.
    pub(crate) fn reopen(
        tool: &Tool,
        address: &TerraformAddress,
        instructions: &Instructions,
    ) -> Result<Self, Problem> {
        let gone = || Problem::new(Code::PlanGone);
        let folder = kept(tool, instructions).ok_or_else(gone)?;
        let data = std::fs::read_link(folder.join("data")).map_err(|_| gone())?;
        let (program, ports) = (&instructions.program, instructions.ports.clone());
        let mut workspace = Self::at(folder, data, address, program, &instructions.state, ports);
        workspace.apply_seconds = instructions.apply_seconds;
        if workspace.bundle().is_dir() && workspace.data.is_dir() { Ok(workspace) } else { Err(gone()) }
    }

    fn at(
        folder: PathBuf,
        data: PathBuf,
        address: &TerraformAddress,
        program: &Path,
        state: &StatePlace,
        ports: Vec<u16>,
    ) -> Self {
        let (mirror, cache) = match &address.providers {
            Providers::BuiltIn => (None, None),
            Providers::Mirror(mirror) => (Some(mirror.clone()), None),
            Providers::Network { cache } => (None, Some(cache.clone())),
        };
        let state = match state {
            StatePlace::Local { path } => path.parent().map(Path::to_owned),
            StatePlace::Backend { .. } | StatePlace::Root { .. } => None,
        };
        let (program, apply_seconds) = (program.to_owned(), address.apply_seconds);
        Self { folder, data, program, mirror, cache, state, ports, apply_seconds }
    }

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
        tmp(&self.folder)
    }

    /// The program's settings (`TF_CLI_CONFIG_FILE`).
    pub(crate) fn settings(&self) -> PathBuf {
        self.folder.join("settings.tfrc")
    }

    /// Digests of everything in the bundle, the lock file and what was added included, by name.
    ///
    /// # Errors
    /// A file cannot be read.
    pub(crate) fn files(&self) -> Result<Vec<(String, Digest)>, Problem> {
        let mut found = Vec::new();
        let bundle = self.bundle();
        list(&bundle, "", &mut found).map_err(|error| unwritable(&bundle, &error))?;
        found.sort();
        Ok(found)
    }

    /// Remembers where what it needs was initialised.
    ///
    /// # Errors
    /// It cannot be written.
    pub(crate) fn initialised(&mut self, data: PathBuf) -> Result<(), Problem> {
        let link = self.folder.join("data");
        if link != data {
            std::os::unix::fs::symlink(&data, &link).map_err(|error| unwritable(&link, &error))?;
        }
        self.data = data;
        Ok(())
    }

    fn fill(&self, address: &TerraformAddress, bundle: &Bundle, state: &StatePlace) -> std::io::Result<()> {
        for part in [self.bundle(), self.folder.join("out"), self.tmp()] {
            folder(&part)?;
        }
        for place in self.cache.iter().chain(&self.state) {
            folder(place)?;
        }
        for file in &bundle.files {
            write(&self.bundle(), &file.name, &file.text)?;
        }
        if let Some(text) = settings::backend(state) {
            write(&self.bundle(), BACKEND_FILE, &text)?;
        }
        if let Some(state) = &self.state {
            std::os::unix::fs::symlink(state, self.folder.join("state"))?;
        }
        write(&self.folder, "settings.tfrc", &settings::program(&address.providers))
    }
}

/// A workspace that goes when this is dropped.
#[derive(Debug)]
pub(crate) struct Scratch {
    pub(crate) workspace: Workspace,
    made: tempfile::TempDir,
    kept: bool,
}

impl Scratch {
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
pub(crate) fn scratch(tool: &Tool) -> PathBuf {
    tool.data.join("scratch")
}

/// The folder that an Execute plan kept; none when it kept nothing.
fn kept(tool: &Tool, instructions: &Instructions) -> Option<PathBuf> {
    let mut parts = Path::new(&instructions.scratch).components();
    let name = match (parts.next(), parts.next()) {
        (Some(Component::Normal(name)), None) => name,
        _ => return None,
    };
    Some(scratch(tool).join(name))
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
pub(crate) fn remove(folder: &Path) {
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
fn sweep(scratch: &Path) {
    for folder in super::bundle::folders(scratch) {
        if initialise::age(&folder).is_some_and(|age| age > KEPT) {
            remove(&folder);
        }
    }
}

/// Where temporary files are: in the scratch folder, or where a socket's path would be too long, in the machine's own.
fn tmp(folder: &Path) -> PathBuf {
    let inside = folder.join("tmp");
    if inside.as_os_str().len() <= LONGEST_TMP {
        return inside;
    }
    let name = Digest::of(folder.as_os_str().as_encoded_bytes()).short();
    std::env::temp_dir().join(format!("chopmark-{name}"))
}

/// Makes a folder that nobody else can read.
pub(crate) fn folder(path: &Path) -> std::io::Result<()> {
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// Writes a file that is not there yet, read-only.
pub(crate) fn write(below: &Path, name: &str, text: &str) -> std::io::Result<()> {
    let path = below.join(name);
    if let Some(parent) = path.parent() {
        folder(parent)?;
    }
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o400).open(path)?;
    file.write_all(text.as_bytes())
}

fn list(folder: &Path, prefix: &str, found: &mut Vec<(String, Digest)>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().display());
        if entry.file_type()?.is_dir() {
            list(&entry.path(), &format!("{name}/"), found)?;
        } else {
            found.push((name, Digest::of(&std::fs::read(entry.path())?)));
        }
    }
    Ok(())
}

/// What cannot be written or read in the data folder.
pub(crate) fn unwritable(place: &Path, error: &std::io::Error) -> Problem {
    let code = if error.kind() == std::io::ErrorKind::StorageFull { Code::DiskFull } else { Code::DataNotWritable };
    Problem::new(code).with("path", place.display()).with("reason", error)
}
