//! Workspaces: a scratch folder per plan, with the files that are planned, the program's settings, and a way to the state.
//! Made by plan; opened again by apply, verify and observe.
//! Must never write into a component's or a root's own folder.

use super::bundle::Bundle;
use super::instructions::{Instructions, StatePlace};
use super::scratch::{self, Scratch};
use super::{Tool, settings};
use chopmark_domain::digest::Digest;
use chopmark_domain::environment::{Providers, TerraformAddress};
use chopmark_domain::problem::{Code, Problem};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

/// The file that says where the state is. An override: it also stands above what an existing root says.
pub(crate) const BACKEND_FILE: &str = "zzzz_chopmark_override.tf.json";
/// A unix socket's path holds 107 bytes; providers put `/plugin` and a number of ten digits behind the folder.
const LONGEST_TMP: usize = 88;

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
        let scratch = Scratch::make(tool, |folder| Self::at(folder, PathBuf::new(), address, program, state, ports))?;
        let filled = scratch.workspace.fill(address, bundle, state);
        filled.map_err(|error| unwritable(&scratch.workspace.folder, &error))?;
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
        let folder = scratch::kept(tool, instructions).ok_or_else(gone)?;
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
        for part in [self.bundle(), self.folder.join("out")] {
            folder(&part)?;
        }
        // Never one that is there already: outside the scratch folder, somebody else could have made it.
        std::fs::DirBuilder::new().mode(0o700).create(self.tmp())?;
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

/// Where temporary files are: in the scratch folder, or where a socket's path would be too long, in the machine's own.
pub(crate) fn tmp(folder: &Path) -> PathBuf {
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
