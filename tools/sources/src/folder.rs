//! Folders of HCL that are not ours: every file that takes part in planning them.
//! Read by the engine through domain's port, when a root is drafted and again before it starts.
//! Must never follow a link out of the folder, or leave out a file that Terraform would read.

use async_trait::async_trait;
use chopmark_domain::component::ComponentFile;
use chopmark_domain::ports::{Answer, Folders};
use chopmark_domain::problem::{Code, Problem};
use std::path::{Path, PathBuf};

/// How many files a root may have.
const MOST_FILES: usize = 500;
/// How large all of them may be together, in bytes.
const LARGEST: u64 = 4 << 20;
/// How large a file may be that is no configuration, in bytes: what is larger is data, and left out.
const LARGEST_OTHER: u64 = 1 << 20;
/// How deep local modules may be nested.
const DEEPEST: usize = 8;

/// Reads from this machine's file system.
#[derive(Debug, Clone, Copy, Default)]
pub struct HclFolders;

#[async_trait]
impl Folders for HclFolders {
    async fn read(&self, folder: &Path) -> Answer<(PathBuf, Vec<ComponentFile>)> {
        let folder = folder.to_owned();
        let name = folder.display().to_string();
        let read = tokio::task::spawn_blocking(move || read(&folder)).await;
        let unreadable =
            |reason: String| Problem::new(Code::RootUnreadable).with("folder", name).with("reason", reason);
        match read {
            Ok(Ok(found)) => Ok(found),
            Ok(Err(reason)) => Err(unreadable(reason)),
            Err(error) => Err(unreadable(error.to_string())),
        }
    }
}

fn read(folder: &Path) -> Result<(PathBuf, Vec<ComponentFile>), String> {
    let root = folder.canonicalize().map_err(|error| error.to_string())?;
    let mut gathered = Gathered { root, found: Vec::new(), bytes: 0 };
    gathered.folder(&gathered.root.clone(), "", 0)?;
    let Gathered { root, mut found, .. } = gathered;
    if !found.iter().any(|file| !file.name.contains('/') && file.is_terraform()) {
        return Err("it holds no .tf file".to_owned());
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok((root, found))
}

/// What was found so far.
struct Gathered {
    root: PathBuf,
    found: Vec<ComponentFile>,
    bytes: u64,
}

impl Gathered {
    fn folder(&mut self, folder: &Path, prefix: &str, depth: usize) -> Result<(), String> {
        if depth > DEEPEST {
            return Err(format!("{prefix} is nested too deep"));
        }
        for entry in std::fs::read_dir(folder).map_err(|error| format!("{prefix}: {error}"))? {
            let entry = entry.map_err(|error| format!("{prefix}: {error}"))?;
            let plain = entry.file_name().into_string().map_err(|name| format!("{} is no text", name.display()))?;
            if is_left_out(&plain) {
                continue;
            }
            let name = format!("{prefix}{plain}");
            let kind = entry.file_type().map_err(|error| format!("{name}: {error}"))?;
            if kind.is_dir() {
                self.folder(&entry.path(), &format!("{name}/"), depth + 1)?;
            } else if kind.is_file() || kind.is_symlink() && self.leads_inside(&entry.path()) {
                self.file(&entry.path(), name)?;
            } else {
                return Err(format!("{name} is a link that leads out of the folder, or no plain file"));
            }
        }
        Ok(())
    }

    /// Whether a link leads to a plain file of the folder.
    fn leads_inside(&self, link: &Path) -> bool {
        link.canonicalize().is_ok_and(|target| target.starts_with(&self.root) && target.is_file())
    }

    fn file(&mut self, path: &Path, name: String) -> Result<(), String> {
        let mut file = ComponentFile { name, text: String::new() };
        let unreadable = |error: std::io::Error, name: &str| format!("{name}: {error}");
        let length = path.metadata().map_err(|error| unreadable(error, &file.name))?.len();
        let configuration = is_configuration(&file);
        if !configuration && length > LARGEST_OTHER {
            return Ok(());
        }
        if self.bytes + length > LARGEST || self.found.len() >= MOST_FILES {
            return Err(format!("more than {MOST_FILES} files or {LARGEST} bytes"));
        }
        let bytes = std::fs::read(path).map_err(|error| unreadable(error, &file.name))?;
        match String::from_utf8(bytes) {
            Ok(text) => file.text = text,
            // Pictures, archives: a configuration that reads one is told so by the program.
            Err(_) if !configuration => return Ok(()),
            Err(_) => return Err(format!("{} is no text", file.name)),
        }
        self.bytes += length;
        self.found.push(file);
        Ok(())
    }
}

/// What Terraform reads by itself.
fn is_configuration(file: &ComponentFile) -> bool {
    file.is_terraform() || [".tfvars", ".tfvars.json", ".terraform.lock.hcl"].iter().any(|end| file.name.ends_with(end))
}

/// What Terraform makes itself or never reads: its own folder, states, plans, and hidden files other than its lock.
fn is_left_out(name: &str) -> bool {
    if name == ".terraform.lock.hcl" {
        return false;
    }
    name.starts_with('.')
        || name == "errored.tfstate"
        || [".tfstate", ".tfstate.backup", ".tfplan"].iter().any(|ending| name.ends_with(ending))
        || name == "terraform.tfstate.d"
}
