//! Refs as a repository's own files hold them: as git reads them, without starting it for each look.
//! Used by reading and by talking to the remote.
//! Must never guess: what is not said in the plainest form is asked of git.

use super::memory::content;
use super::program::Repository;
use chopmark_domain::ids::ObjectHash;
use std::path::{Path, PathBuf};

/// More than a ref's file has.
const REF_BYTES: u64 = 1 << 10;
/// A longer list of refs, or a longer configuration, is git's to read.
const LIST_BYTES: u64 = 8 << 20;

/// What a ref is; none when there is no such ref.
pub(super) type Tip = Option<ObjectHash>;

/// A file says it in a form that only git reads.
#[derive(Debug)]
pub(super) struct AskGit;

/// The refs of one repository at one moment.
pub(super) struct Refs {
    own: PathBuf,
    common: PathBuf,
}

impl Refs {
    /// Of a repository that keeps refs as files. Other ways of keeping them are named by its configuration.
    pub(super) fn of(repository: &Repository) -> Result<Self, AskGit> {
        let (own, common) = (repository.own().to_owned(), repository.common().to_owned());
        let settings = content(&common.join("config"), LIST_BYTES).map_err(|_| AskGit)?.unwrap_or_default();
        let settings = String::from_utf8_lossy(&settings).to_ascii_lowercase();
        if settings.contains("refstorage") || std::fs::symlink_metadata(common.join("reftable")).is_ok() {
            return Err(AskGit);
        }
        Ok(Self { own, common })
    }

    /// Where a ref points. A file of its own comes before the list, as it does for git.
    pub(super) fn tip(&self, name: &str) -> Result<Tip, AskGit> {
        if let Some(text) = line(&self.common.join(name))? {
            return ObjectHash::parse(&text).map(Some).map_err(|_| AskGit);
        }
        let list = content(&self.common.join("packed-refs"), LIST_BYTES).map_err(|_| AskGit)?.unwrap_or_default();
        let list = String::from_utf8_lossy(&list);
        let named = |line: &&str| line.split_once(' ').is_some_and(|(_, packed)| packed == name);
        match list.lines().filter(|line| !line.starts_with(['#', '^'])).find(named) {
            None => Ok(None),
            Some(line) => ObjectHash::parse(line.split(' ').next().unwrap_or_default()).map(Some).map_err(|_| AskGit),
        }
    }

    /// Whether the work tree shows a branch.
    pub(super) fn is_checked_out(&self, branch: &str) -> Result<bool, AskGit> {
        let head = line(&self.own.join("HEAD"))?.ok_or(AskGit)?;
        match head.strip_prefix("ref: ") {
            Some(name) if name == branch => Ok(true),
            // Another branch, unless that one only stands for this one.
            Some(name) if name.starts_with("refs/heads/") && !name.contains("..") => self.tip(name).map(|_| false),
            Some(_) => Err(AskGit),
            None => ObjectHash::parse(&head).map(|_| false).map_err(|_| AskGit),
        }
    }
}

fn line(path: &Path) -> Result<Option<String>, AskGit> {
    // A folder where a ref could be is where longer names begin: no such ref.
    if path.is_dir() {
        return Ok(None);
    }
    let Some(bytes) = content(path, REF_BYTES).map_err(|_| AskGit)? else { return Ok(None) };
    let text = String::from_utf8(bytes).map_err(|_| AskGit)?;
    Ok(Some(text.trim_end().to_owned()))
}
