//! Edits of a component's folder that a person made and has not committed.
//! Asked by plan and apply: such edits are never overwritten, nor taken along.
//! Must never mistake what a run that was killed left behind for a person's work.

use super::folder::Folder;
use super::program::{Repository, text};
use super::read::{PLAIN, Standing};
use super::worktree::{self, Loose};
use chopmark_domain::ids::ObjectHash;
use chopmark_domain::problem::{Code, Problem};
use std::collections::BTreeSet;

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Edits {
    /// The work tree shows the branch as committed, or shows another branch.
    None,
    /// A run moved the branch and was killed before the work tree followed: it still shows this commit.
    Unfinished(ObjectHash),
    /// A person edited these files.
    Files(Vec<String>),
}

/// Looks for edits in a component's folder. `at_base` is the folder at the standing's base.
pub(super) async fn find(
    repository: &Repository,
    standing: &Standing,
    place: &str,
    at_base: &Folder,
) -> Result<Edits, Problem> {
    if !standing.checked_out {
        return Ok(Edits::None);
    }
    let staged = staged(repository, place).await?;
    let committed = if standing.base == standing.local {
        at_base.clone()
    } else {
        repository.folder(&standing.local, place).await?
    };
    let loose = worktree::list(&repository.address.path, place).map_err(|error| {
        super::address::unusable(&repository.address.path.display().to_string(), format!("{place}: {error}"))
    })?;
    let names: BTreeSet<&String> =
        committed.items.keys().chain(loose.keys()).chain(staged.iter().map(|(name, _)| name)).collect();
    let edited = |folder: &Folder, name: &str| !shows(folder, &loose, name) || !in_index(folder, &staged, name);
    let files: Vec<String> = names.into_iter().filter(|name| edited(&committed, name)).cloned().collect();
    if files.is_empty() {
        return Ok(Edits::None);
    }
    // Only a commit of ours leaves the work tree behind, and then every file shows it or the one before.
    let last = repository.touches(&standing.local, place, Some(1), false).await?;
    if let Some(last) = last.first().filter(|last| last.run.is_some()) {
        let before = text(
            &repository
                .read(&["rev-parse", "--verify", "--end-of-options", &format!("{}^", last.commit)], Vec::new())
                .await?,
        );
        let before = super::read::hash(before.trim())?;
        let earlier = repository.folder(&before, place).await?;
        let either = |name: &String| {
            (shows(&committed, &loose, name) || shows(&earlier, &loose, name))
                && (in_index(&committed, &staged, name) || in_index(&earlier, &staged, name))
        };
        if files.iter().all(either) {
            return Ok(Edits::Unfinished(before));
        }
    }
    Ok(Edits::Files(files))
}

/// The problem to raise when a person edited files.
pub(super) fn refuse(repository: &Repository, edits: &Edits) -> Result<(), Problem> {
    match edits {
        Edits::None | Edits::Unfinished(_) => Ok(()),
        Edits::Files(files) => Err(Problem::new(Code::RepositoryEdited)
            .with("path", repository.address.path.display())
            .with("files", files.join(", "))),
    }
}

/// Whether the work tree has of a file exactly what the folder has. What is no plain file cannot be
/// compared: a work tree may show a link as a link or as a file.
fn shows(folder: &Folder, loose: &Loose, name: &str) -> bool {
    match (folder.items.get(name), loose.get(name)) {
        (Some(item), _) if !item.mode.starts_with("100") => true,
        (Some(item), Some(Some(bytes))) => item.bytes == *bytes,
        (None, None) => true,
        // Files kept by an editor are not listed; a committed one is then simply not looked at.
        (Some(_), None) => name.rsplit('/').next().is_some_and(|last| last.starts_with('.') || last.ends_with('~')),
        (Some(_) | None, Some(_)) => false,
    }
}

/// Whether the index has of a file exactly what the folder has.
fn in_index(folder: &Folder, staged: &[(String, ObjectHash)], name: &str) -> bool {
    let staged = staged.iter().find(|(path, _)| path == name).map(|(_, hash)| hash);
    staged == folder.items.get(name).map(|item| &item.hash)
}

/// What the index has of a folder.
pub(super) async fn staged(repository: &Repository, place: &str) -> Result<Vec<(String, ObjectHash)>, Problem> {
    let out = text(&repository.read_index(&["ls-files", "--stage", "-z", "--full-name", "--", place]).await?);
    let mut staged = Vec::new();
    for line in out.split('\0').filter(|line| !line.is_empty()) {
        let Some((meta, path)) = line.split_once('\t') else { continue };
        let (Some(hash), Some(name)) =
            (meta.split(' ').nth(1), path.strip_prefix(place).and_then(|rest| rest.strip_prefix('/')))
        else {
            continue;
        };
        staged.push((name.to_owned(), super::read::hash(hash)?));
    }
    Ok(staged)
}

/// Whether files of the folder that are committed must be plain for the work tree to follow.
pub(super) fn is_plain(mode: &str) -> bool {
    mode == PLAIN || mode == "100755"
}
