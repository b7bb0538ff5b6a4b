//! Bringing a clean work tree and its index up to the branch after a commit of ours.
//! Called by apply and prepare.
//! Must never overwrite a file that differs from what was committed before.

use super::edits::is_plain;
use super::program::{Repository, text};
use super::read::hash;
use super::worktree;
use chopmark_domain::ids::ObjectHash;
use chopmark_domain::problem::Problem;

/// One file that differs between two commits.
pub(super) struct Difference {
    pub(super) path: String,
    pub(super) before: Option<ObjectHash>,
    pub(super) after: Option<(String, ObjectHash)>,
    /// Whether it is a file on both sides, as far as it is there.
    pub(super) plain: bool,
}

/// Brings every file that differs between two commits from the first to the second, where the work tree
/// shows the first. A problem here leaves the commit as it is: a person's git then shows the difference.
pub(super) async fn refresh(
    repository: &Repository,
    from: Option<&ObjectHash>,
    to: &ObjectHash,
) -> Result<(), Problem> {
    follow(repository, differences(repository, from, to).await?).await
}

/// Brings the work tree and its index along with what differs.
pub(super) async fn follow(repository: &Repository, mut differences: Vec<Difference>) -> Result<(), Problem> {
    // A removal comes first, so that a file can take the place of a folder.
    differences.sort_by_key(|difference| difference.after.is_some());
    let wanted = differences.iter().filter(|difference| difference.plain);
    let hashes: Vec<&ObjectHash> = wanted
        .flat_map(|difference| difference.before.iter().chain(difference.after.iter().map(|(_, hash)| hash)))
        .collect();
    let blobs = repository.blobs(hashes.into_iter()).await?;
    let mut index = Vec::new();
    for difference in differences.iter().filter(|difference| difference.plain) {
        let old = difference.before.as_ref().and_then(|hash| blobs.get(hash));
        let new = difference.after.as_ref().and_then(|(_, hash)| blobs.get(hash));
        let now = worktree::read(&repository.address.path, &difference.path);
        if now.as_ref() != old && now.as_ref() != new {
            tracing::warn!(file = difference.path, "worktree.kept: it differs from what was committed before");
            continue;
        }
        let followed = match new {
            Some(bytes) if now.as_ref() == Some(bytes) => Ok(()),
            Some(bytes) => worktree::write(&repository.address.path, &difference.path, bytes),
            None => worktree::remove(&repository.address.path, &difference.path).map_err(Into::into),
        };
        if let Err(error) = followed {
            tracing::warn!(file = difference.path, %error, "worktree.behind");
            continue;
        }
        let line = match &difference.after {
            Some((mode, hash)) => format!("{mode} {hash}\t{}\0", difference.path),
            None => {
                let length = difference.before.as_ref().map_or(0, |hash| hash.as_str().len());
                format!("0 {}\t{}\0", "0".repeat(length), difference.path)
            }
        };
        index.extend_from_slice(line.as_bytes());
    }
    if !index.is_empty() {
        repository.write(&["update-index", "-z", "--index-info"], index).await?;
    }
    Ok(())
}

async fn differences(
    repository: &Repository,
    from: Option<&ObjectHash>,
    to: &ObjectHash,
) -> Result<Vec<Difference>, Problem> {
    let mut arguments = vec!["diff-tree", "-r", "-z", "--no-renames", "--no-commit-id"];
    match from {
        Some(from) => arguments.extend([from.as_str(), to.as_str()]),
        None => arguments.extend(["--root", to.as_str()]),
    }
    arguments.push("--");
    let out = text(&repository.read(&arguments, Vec::new()).await?);
    let mut fields = out.split('\0').filter(|field| !field.is_empty());
    let mut all = Vec::new();
    while let (Some(meta), Some(path)) = (fields.next(), fields.next()) {
        let words: Vec<&str> = meta.trim_start_matches(':').split(' ').collect();
        let [old_mode, new_mode, old, new, _] = words.as_slice() else { continue };
        let absent = |mode: &str| mode == "000000";
        all.push(Difference {
            path: path.to_owned(),
            before: if absent(old_mode) { None } else { Some(hash(old)?) },
            after: if absent(new_mode) { None } else { Some(((*new_mode).to_owned(), hash(new)?)) },
            plain: [old_mode, new_mode].into_iter().all(|mode| absent(mode) || is_plain(mode)),
        });
    }
    Ok(all)
}
