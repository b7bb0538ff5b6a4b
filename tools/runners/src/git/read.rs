//! Reading a repository by plumbing: where its branch stands, its trees and its history at a commit.
//! Used by every operation of the git runner.
//! Must never read a loose file for what is committed, nor follow a link that is.

use super::program::{Repository, failed, text};
use super::refs::{AskGit, Refs, Tip};
use chopmark_domain::ids::{ChangeId, ObjectHash};
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::time::Timestamp;

/// The mode of a plain file in a tree.
pub(super) const PLAIN: &str = "100644";

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

/// A commit that touched something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Touch {
    pub(super) commit: ObjectHash,
    pub(super) parents: Vec<ObjectHash>,
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
        let (local, seen, checked_out) = match self.tips(&branch, &seen) {
            Ok(tips) => tips,
            Err(AskGit) => self.asked_tips(&branch, &seen).await?,
        };
        let Some(local) = local else {
            let path = self.address.path.display().to_string();
            return Err(super::address::unusable(&path, format!("it has no branch {}", self.address.branch)));
        };
        let seen = seen.filter(|_| self.address.remote.is_some()).unwrap_or_else(|| local.clone());
        let drift = self.drift(&local, &seen).await?;
        let base = if drift == Drift::Behind { seen } else { local.clone() };
        Ok(Standing { local, base, drift, checked_out })
    }

    /// Branch, what was last seen of the remote's, and whether the work tree shows the branch.
    fn tips(&self, branch: &str, seen: &str) -> Result<(Tip, Tip, bool), AskGit> {
        let refs = Refs::of(self)?;
        Ok((refs.tip(branch)?, refs.tip(seen)?, refs.is_checked_out(branch)?))
    }

    async fn asked_tips(&self, branch: &str, seen: &str) -> Result<(Tip, Tip, bool), Problem> {
        let format = "--format=%(refname) %(objectname) %(HEAD)";
        let refs = text(&self.read(&["for-each-ref", format, branch, seen], Vec::new()).await?);
        let find = |name: &str| {
            let line = refs.lines().find(|line| line.split(' ').next() == Some(name))?;
            let mut words = line.split(' ').skip(1);
            Some((words.next().and_then(|hash| ObjectHash::parse(hash).ok())?, words.next() == Some("*")))
        };
        let (branch, seen) = (find(branch), find(seen));
        let checked_out = branch.as_ref().is_some_and(|(_, checked_out)| *checked_out);
        Ok((branch.map(|(hash, _)| hash), seen.map(|(hash, _)| hash), checked_out))
    }

    async fn drift(&self, local: &ObjectHash, seen: &ObjectHash) -> Result<Drift, Problem> {
        if local == seen {
            return Ok(Drift::Level);
        }
        let range = format!("{local}...{seen}");
        let counts = text(&self.recall(&["rev-list", "--count", "--left-right", &range, "--"], Vec::new()).await?);
        let mut counts = counts.split_whitespace().map(|count| count.parse::<u64>().unwrap_or(u64::MAX));
        Ok(match (counts.next(), counts.next()) {
            (Some(ahead), Some(0)) => Drift::Ahead(ahead),
            (Some(0), Some(_)) => Drift::Behind,
            _ => Drift::Diverged,
        })
    }

    /// The first commit of a branch's own line: what a repository is recognised by, whatever it is called.
    pub(super) async fn root(&self, commit: &ObjectHash) -> Result<ObjectHash, Problem> {
        if let Some(root) = self.kept.root(commit) {
            return Ok(root);
        }
        let arguments = ["rev-list", "--first-parent", "--max-parents=0", commit.as_str(), "--"];
        let out = text(&self.read(&arguments, Vec::new()).await?);
        let root = hash(out.lines().next().unwrap_or_default())?;
        self.kept.keep_root(commit, &root);
        Ok(root)
    }

    /// The tree entries below a path at a commit.
    pub(super) async fn entries(&self, commit: &ObjectHash, path: &str) -> Result<Vec<TreeEntry>, Problem> {
        let mut arguments = vec!["ls-tree", "-r", "-z", "--full-tree", commit.as_str(), "--"];
        if !path.is_empty() {
            arguments.push(path);
        }
        tree_entries(&self.recall(&arguments, Vec::new()).await?)
    }

    /// The commits that touched a path, newest first; everything when the path is empty.
    pub(super) async fn touches(
        &self,
        commit: &ObjectHash,
        path: &str,
        limit: Option<u32>,
        names: bool,
    ) -> Result<Vec<Touch>, Problem> {
        if let (false, Some(touches)) = (names, self.known_touches(commit, path)?) {
            return Ok(touches.into_iter().take(limit.map_or(usize::MAX, |limit| limit as usize)).collect());
        }
        let count = limit.map(|limit| format!("--max-count={limit}"));
        let touches = touches(&self.recall(&log(commit, path, count.as_deref(), names), Vec::new()).await?)?;
        for touch in &touches {
            self.kept.keep_parent(&touch.commit, touch.parents.first());
        }
        Ok(touches)
    }

    /// The same, out of the history of all components, when that was asked for and is one line: with merges, git
    /// leaves out what a path did not need.
    fn known_touches(&self, commit: &ObjectHash, path: &str) -> Result<Option<Vec<Touch>>, Problem> {
        let folder = &self.address.folder;
        let within = folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
        let Some(out) = self.kept.call(&log(commit, folder, None, true), &[]).filter(|_| within) else {
            return Ok(None);
        };
        let mut all = touches(&out)?;
        if all.iter().any(|touch| touch.parents.len() > 1) {
            return Ok(None);
        }
        let touched =
            |name: &String| name.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        all.retain(|touch| path.is_empty() || touch.paths.iter().any(touched));
        Ok(Some(all.into_iter().map(|touch| Touch { paths: Vec::new(), ..touch }).collect()))
    }
}

/// The arguments that ask for a history.
fn log<'a>(commit: &'a ObjectHash, path: &'a str, count: Option<&'a str>, names: bool) -> Vec<&'a str> {
    // A record begins with \x01: no component's path can.
    let format = "--format=%x01%H%x00%P%x00%ct%x00%s%x00%(trailers:key=Chopmark-Change,valueonly,separator=%x20)%x00%(trailers:key=Chopmark-Run,valueonly,separator=%x20)";
    let mut arguments = vec!["log", "-z", "--no-renames", format];
    arguments.extend(count);
    arguments.extend(names.then_some("--name-only"));
    arguments.extend([commit.as_str(), "--"]);
    if !path.is_empty() {
        arguments.push(path);
    }
    arguments
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
pub(super) fn tree_entries(out: &[u8]) -> Result<Vec<TreeEntry>, Problem> {
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
            let (parents, seconds, title, change, run) = (next()?, next()?, next()?, next()?, next()?);
            let seconds: i64 = seconds.parse().map_err(|_| unreadable("log"))?;
            let run = run.trim().to_owned();
            all.push(Touch {
                commit: hash(commit)?,
                parents: parents.split_whitespace().map(hash).collect::<Result<_, _>>()?,
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

pub(super) fn unreadable(command: &str) -> Problem {
    failed(command, "its answer was not understood")
}
