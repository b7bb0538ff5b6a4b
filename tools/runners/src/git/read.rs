//! Reading a repository by plumbing: where its branch stands, folders, files and history at a commit.
//! Used by every operation of the git runner.
//! Must never read a loose file for what is committed, nor follow a link that is.

use super::program::{Repository, failed, text};
use chopmark_domain::ids::{ChangeId, ObjectHash};
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::time::Timestamp;
use std::collections::BTreeMap;

/// The mode of a plain file in a tree.
pub(super) const PLAIN: &str = "100644";
/// The largest file we read, as for YAML in shared/security.md 5.13.
const FILE_BYTES: usize = 512 << 10;

/// Where the branch stands, here and, as last seen, at the remote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Standing {
    /// The local branch.
    pub(super) local: ObjectHash,
    /// What desired state is built on: the local branch, or the remote's when that is ahead.
    pub(super) base: ObjectHash,
    /// How the two lie to one another.
    pub(super) drift: Drift,
    /// Whether the work tree shows the branch.
    pub(super) checked_out: bool,
}

/// How the local branch and the remote's, as last seen, lie to one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Drift {
    /// The same commit, or there is no remote.
    Level,
    /// So many commits here are not at the remote.
    Ahead(u64),
    /// The remote has commits that are not here.
    Behind,
    /// Both have commits that the other has not.
    Diverged,
}

/// One entry of a component's folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item {
    pub(super) mode: String,
    pub(super) hash: ObjectHash,
    /// The bytes; for a submodule its commit, in words.
    pub(super) bytes: Vec<u8>,
}

/// A component's folder at a commit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Folder {
    /// Its tree; none when it does not exist.
    pub(super) tree: Option<ObjectHash>,
    /// Everything in it, folders within it included, by path within it.
    pub(super) items: BTreeMap<String, Item>,
}

/// A commit that touched something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Touch {
    pub(super) commit: ObjectHash,
    pub(super) at: Timestamp,
    pub(super) title: String,
    pub(super) change: Option<ChangeId>,
    /// The run that made it; a commit by hand has none.
    pub(super) run: Option<String>,
    /// What it touched, when asked for.
    pub(super) paths: Vec<String>,
}

impl Repository {
    /// Where the branch stands.
    pub(super) async fn standing(&self) -> Result<Standing, Problem> {
        let (branch, seen) = (self.address.branch_ref(), self.address.seen_ref());
        let format = "--format=%(refname) %(objectname) %(HEAD)";
        let refs = text(&self.read(&["for-each-ref", format, &branch, &seen], Vec::new()).await?);
        let find = |name: &str| {
            refs.lines().find_map(|line| {
                let mut words = line.split(' ');
                (words.next() == Some(name)).then(|| (words.next().map(ObjectHash::parse), words.next() == Some("*")))
            })
        };
        let Some((Some(Ok(local)), checked_out)) = find(&branch) else {
            let path = self.address.path.display().to_string();
            return Err(super::address::unusable(&path, format!("it has no branch {}", self.address.branch)));
        };
        let seen = match find(&seen) {
            Some((Some(Ok(seen)), _)) if self.address.remote.is_some() => seen,
            _ => local.clone(),
        };
        let drift = self.drift(&local, &seen).await?;
        let base = if drift == Drift::Behind { seen } else { local.clone() };
        Ok(Standing { local, base, drift, checked_out })
    }

    async fn drift(&self, local: &ObjectHash, seen: &ObjectHash) -> Result<Drift, Problem> {
        if local == seen {
            return Ok(Drift::Level);
        }
        let range = format!("{local}...{seen}");
        let counts = text(&self.read(&["rev-list", "--count", "--left-right", &range, "--"], Vec::new()).await?);
        let mut counts = counts.split_whitespace().map(|count| count.parse::<u64>().unwrap_or(u64::MAX));
        Ok(match (counts.next(), counts.next()) {
            (Some(ahead), Some(0)) => Drift::Ahead(ahead),
            (Some(0), Some(_)) => Drift::Behind,
            _ => Drift::Diverged,
        })
    }

    /// The first commit of a branch's own line: what a repository is recognised by, whatever it is called.
    pub(super) async fn root(&self, commit: &ObjectHash) -> Result<ObjectHash, Problem> {
        let arguments = ["rev-list", "--first-parent", "--max-parents=0", commit.as_str(), "--"];
        let out = text(&self.read(&arguments, Vec::new()).await?);
        hash(out.lines().next().unwrap_or_default())
    }

    /// A component's folder at a commit.
    ///
    /// # Errors
    /// [`Code::RepositoryUnusable`] when a file, a link or a submodule stands where its folder should.
    pub(super) async fn folder(&self, commit: &ObjectHash, path: &str) -> Result<Folder, Problem> {
        let arguments = ["ls-tree", "-r", "-t", "-z", "--full-tree", commit.as_str(), "--", path];
        let mut folder = Folder::default();
        let mut wanted = Vec::new();
        for entry in tree_entries(&self.read(&arguments, Vec::new()).await?)? {
            match entry.path.strip_prefix(path).and_then(|rest| rest.strip_prefix('/')) {
                Some(name) if entry.kind != "tree" => wanted.push((name.to_owned(), entry)),
                None if entry.kind == "tree" && entry.path == path => folder.tree = Some(entry.hash),
                Some(_) | None => {}
            }
        }
        if folder.tree.is_none() {
            self.expect_room(commit, path).await?;
        }
        let blobs =
            self.blobs(wanted.iter().filter(|(_, entry)| entry.kind == "blob").map(|(_, entry)| &entry.hash)).await?;
        for (name, TreeEntry { mode, hash, .. }) in wanted {
            let bytes = blobs.get(&hash).cloned().unwrap_or_else(|| format!("submodule {hash}\n").into_bytes());
            folder.items.insert(name, Item { mode, hash, bytes });
        }
        Ok(folder)
    }

    /// Where a folder is to be made, nothing else may stand, and nothing but folders on the way to it.
    async fn expect_room(&self, commit: &ObjectHash, path: &str) -> Result<(), Problem> {
        let ends = path.match_indices('/').map(|(end, _)| end).chain([path.len()]);
        let mut arguments = vec!["ls-tree", "-z", "--full-tree", commit.as_str(), "--"];
        arguments.extend(ends.map(|end| &path[..end]));
        match tree_entries(&self.read(&arguments, Vec::new()).await?)?.iter().find(|entry| entry.kind != "tree") {
            None => Ok(()),
            Some(entry) => {
                let place = self.address.path.display().to_string();
                Err(super::address::unusable(&place, format!("{} is no folder", entry.path)))
            }
        }
    }

    /// The tree entries below a path at a commit.
    pub(super) async fn entries(&self, commit: &ObjectHash, path: &str) -> Result<Vec<TreeEntry>, Problem> {
        let mut arguments = vec!["ls-tree", "-r", "-z", "--full-tree", commit.as_str(), "--"];
        if !path.is_empty() {
            arguments.push(path);
        }
        tree_entries(&self.read(&arguments, Vec::new()).await?)
    }

    /// The contents of blobs, in one call.
    pub(super) async fn blobs<'a>(
        &self,
        hashes: impl Iterator<Item = &'a ObjectHash>,
    ) -> Result<BTreeMap<ObjectHash, Vec<u8>>, Problem> {
        let input: String = hashes.map(|hash| format!("{hash}\n")).collect();
        if input.is_empty() {
            return Ok(BTreeMap::new());
        }
        let out = self.read(&["cat-file", "--batch"], input.into_bytes()).await?;
        let mut rest = out.as_slice();
        let mut blobs = BTreeMap::new();
        while !rest.is_empty() {
            let end = rest.iter().position(|byte| *byte == b'\n').ok_or_else(|| unreadable("cat-file"))?;
            let head = text(&rest[..end]);
            let words: Vec<&str> = head.split(' ').collect();
            let [name, "blob", size] = words.as_slice() else { return Err(failed("cat-file", &head)) };
            let size: usize = size.parse().map_err(|_| unreadable("cat-file"))?;
            if size > FILE_BYTES {
                return Err(failed("cat-file", &format!("a file has {size} bytes; at most {FILE_BYTES} are read")));
            }
            let body = rest.get(end + 1..end + 1 + size).ok_or_else(|| unreadable("cat-file"))?;
            blobs.insert(hash(name)?, body.to_vec());
            rest = rest.get(end + 2 + size..).unwrap_or_default();
        }
        Ok(blobs)
    }

    /// The commits that touched a path, newest first; everything when the path is empty.
    pub(super) async fn touches(
        &self,
        commit: &ObjectHash,
        path: &str,
        limit: Option<u32>,
        names: bool,
    ) -> Result<Vec<Touch>, Problem> {
        let count = limit.map(|limit| format!("--max-count={limit}"));
        // A record begins with \x01: no component's path can.
        let format = "--format=%x01%H%x00%ct%x00%s%x00%(trailers:key=Chopmark-Change,valueonly,separator=%x20)%x00%(trailers:key=Chopmark-Run,valueonly,separator=%x20)";
        let mut arguments = vec!["log", "-z", "--no-renames", format];
        arguments.extend(count.as_deref());
        arguments.extend(names.then_some("--name-only"));
        arguments.extend([commit.as_str(), "--"]);
        if !path.is_empty() {
            arguments.push(path);
        }
        touches(&self.read(&arguments, Vec::new()).await?)
    }
}

/// One line of `ls-tree`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TreeEntry {
    pub(super) mode: String,
    pub(super) kind: String,
    pub(super) hash: ObjectHash,
    pub(super) path: String,
}

/// Entries whose names are no text are kept under a name that says so: they can only ever be shown.
fn tree_entries(out: &[u8]) -> Result<Vec<TreeEntry>, Problem> {
    out.split(|byte| *byte == 0)
        .filter(|line| !line.is_empty())
        .map(|line| {
            let line = text(line);
            let (meta, path) = line.split_once('\t').ok_or_else(|| unreadable("ls-tree"))?;
            let words: Vec<&str> = meta.split(' ').collect();
            let [mode, kind, name] = words.as_slice() else { return Err(unreadable("ls-tree")) };
            Ok(TreeEntry {
                mode: (*mode).to_owned(),
                kind: (*kind).to_owned(),
                hash: hash(name)?,
                path: path.to_owned(),
            })
        })
        .collect()
}

fn touches(out: &[u8]) -> Result<Vec<Touch>, Problem> {
    let mut fields = out.split(|byte| *byte == 0).map(text).peekable();
    let mut all: Vec<Touch> = Vec::new();
    while let Some(field) = fields.next() {
        // With names, git puts a line break between a record and its first name.
        let field = field.trim_start_matches('\n');
        if let Some(commit) = field.strip_prefix('\x01') {
            let mut next = || fields.next().ok_or_else(|| unreadable("log"));
            let (seconds, title, change, run) = (next()?, next()?, next()?, next()?);
            let seconds: i64 = seconds.parse().map_err(|_| unreadable("log"))?;
            let run = run.trim().to_owned();
            all.push(Touch {
                commit: hash(commit)?,
                at: Timestamp(seconds.saturating_mul(1000)),
                title,
                change: ChangeId::parse(change.trim()).ok(),
                run: (!run.is_empty()).then_some(run),
                paths: Vec::new(),
            });
        } else if let (false, Some(touch)) = (field.is_empty(), all.last_mut()) {
            touch.paths.push(field.to_owned());
        }
    }
    Ok(all)
}

pub(super) fn hash(text: &str) -> Result<ObjectHash, Problem> {
    ObjectHash::parse(text).map_err(|error| Problem::new(Code::Internal).with("reason", error))
}

fn unreadable(command: &str) -> Problem {
    failed(command, "its answer was not understood")
}
