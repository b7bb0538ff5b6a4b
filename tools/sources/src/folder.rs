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
    let mut found = Vec::new();
    let mut bytes = 0;
    gather(&root, "", 0, &mut found, &mut bytes)?;
    if !found.iter().any(|file| !file.name.contains('/') && file.is_terraform()) {
        return Err("it holds no .tf file".to_owned());
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok((root, found))
}

fn gather(
    folder: &Path,
    prefix: &str,
    depth: usize,
    found: &mut Vec<ComponentFile>,
    bytes: &mut u64,
) -> Result<(), String> {
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
            gather(&entry.path(), &format!("{name}/"), depth + 1, found, bytes)?;
            continue;
        }
        if !kind.is_file() {
            return Err(format!("{name} is a link or no plain file"));
        }
        *bytes += entry.metadata().map_err(|error| format!("{name}: {error}"))?.len();
        if *bytes > LARGEST || found.len() >= MOST_FILES {
            return Err(format!("more than {MOST_FILES} files or {LARGEST} bytes"));
        }
        let text = std::fs::read(entry.path()).map_err(|error| format!("{name}: {error}"))?;
        let text = String::from_utf8(text).map_err(|_| format!("{name} is no text"))?;
        found.push(ComponentFile { name, text });
    }
    Ok(())
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
