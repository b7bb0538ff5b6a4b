//! Applying a countersigned step: one commit of exactly the planned files, on the branch and, in gitops, at the remote.
//! Called in the exec child only.
//! Must never commit on another folder than the planned one, nor a second time for the same run.

use super::edits::{self, Edits};
use super::folder::Folder;
use super::message::message;
use super::plan::{Instructions, files, planned_tree, stale, target, tree_name};
use super::program::{Repository, Tool, failed, text};
use super::read::{Drift, PLAIN, Standing, hash, unreadable};
use super::refresh::{Difference, follow, refresh};
use super::remote::Pushed;
use chopmark_domain::environment::Mode;
use chopmark_domain::ids::ObjectHash;
use chopmark_domain::plan::Verb;
use chopmark_domain::ports::{Progress, StepFailed, Work};
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::run::Record;
use std::collections::BTreeMap;
use std::sync::Arc;

/// How often a commit is rebuilt on a branch that others move at the same moment, elsewhere than in our folder.
const TRIES: usize = 5;
/// How many commits back a run looks for its own: its ticket is used once, so an earlier try was moments ago.
const OWN_COMMITS: u32 = 200;

/// Applies a step.
pub(super) async fn apply(
    tool: &Arc<Tool>,
    work: Work<'_>,
    progress: &dyn Progress,
    record: &mut Record,
) -> Result<(), StepFailed> {
    record.isolation = tool.confiner.isolation().to_owned();
    let nothing = |problem| StepFailed { problem, done: Vec::new() };
    let repository = Repository::open(tool, &work.environment.repository).map_err(nothing)?;
    let done = commit(&repository, work, progress, record).await;
    record.programs.extend(repository.take_runs());
    done.map_err(nothing)
}

/// What happened to a commit that was offered to the branch.
enum Offered {
    Taken,
    Moved,
}

async fn commit(
    repository: &Repository,
    work: Work<'_>,
    progress: &dyn Progress,
    record: &mut Record,
) -> Result<(), Problem> {
    let plan = work.countersigned.plan();
    if !plan.steps.contains(work.step) {
        return Err(Problem::new(Code::DigestMismatch).with("change", work.countersigned.change()));
    }
    let instructions = Instructions::of(work.step)?;
    let place = repository.address.component(&work.countersigned.draft().component.path);
    if instructions.folder != place || instructions.files != files(work.countersigned.draft())? {
        return Err(Problem::new(Code::DigestMismatch).with("change", work.countersigned.change()));
    }
    for _ in 0..TRIES {
        let standing = repository.standing().await?;
        // Asked side by side; what is asked one by one below finds these answers, and tells what went wrong.
        let (own, ..) = tokio::join!(
            own_commit(repository, &standing, work.run.as_str()),
            repository.folder(&standing.base, &place),
            repository.touches(&standing.base, &place, Some(1), false),
            edits::staged(repository, &place),
        );
        if let Some(own) = own? {
            progress.report("progress-commit-found", own.as_str());
            settle(repository, work, record, own);
            return Ok(());
        }
        let (folder, unfinished) = check(repository, work, &standing, &place).await?;
        record.previous_version =
            repository.touches(&standing.base, &place, Some(1), false).await?.pop().map(|touch| touch.commit);
        if planned_tree(work.step)? == super::plan::ABSENT {
            record.previous_version = None;
        }
        // The branch holds the files already, as when only the target has to be brought back: nothing to record.
        if work.step.actions.iter().all(|action| action.verb == Verb::Keep) {
            return Ok(());
        }
        let made = match make(repository, work, &standing.base, &instructions).await {
            Ok(made) => made,
            // A try that was killed may have left its mark.
            Err(_) => {
                drop_mark(repository, work).await;
                make(repository, work, &standing.base, &instructions).await?
            }
        };
        let Made { commit: made, files } = made;
        progress.report("progress-committing", made.as_str());
        let offered = offer(repository, work, &standing, &made, progress).await;
        if !matches!(offered, Ok(Offered::Taken)) {
            drop_mark(repository, work).await;
        }
        match offered? {
            Offered::Moved => continue,
            Offered::Taken => {
                settle(repository, work, record, made.clone());
                if standing.checked_out {
                    let from = unfinished.as_ref().unwrap_or(&standing.local);
                    // The commit stands. A work tree that could not follow shows as an unfinished run.
                    let followed = if *from == standing.base {
                        follow(repository, differences(&place, &folder, files)).await
                    } else {
                        refresh(repository, Some(from), &made).await
                    };
                    if let Err(problem) = followed {
                        tracing::warn!(%problem, "worktree.behind");
                    }
                }
                return Ok(());
            }
        }
    }
    // Whoever moves the branch faster than a commit is made does not let anybody in.
    Err(Problem::new(Code::PlanStale).with("what", repository.address.branch_ref()))
}

fn settle(repository: &Repository, work: Work<'_>, record: &mut Record, commit: ObjectHash) {
    record.commit = Some(commit);
    record.push_owed = work.environment.mode == Mode::Apply && repository.address.remote.is_some();
}

/// Everything that was true when it was planned must be true now. Gives the folder as it is, and the commit that
/// the work tree shows when an earlier run was killed before it could follow.
async fn check(
    repository: &Repository,
    work: Work<'_>,
    standing: &Standing,
    place: &str,
) -> Result<(Folder, Option<ObjectHash>), Problem> {
    if standing.drift == Drift::Diverged && work.environment.mode == Mode::Gitops {
        return Err(repository.about_remote(Code::RemoteMoved));
    }
    let (root, folder) = tokio::join!(repository.root(&standing.base), repository.folder(&standing.base, place));
    let folder = folder?;
    let (target, planned) = (target(repository, &root?, place), planned_tree(work.step)?);
    if target != work.step.target {
        return Err(Problem::new(Code::PlanStale)
            .with("what", "target")
            .with("before", &work.step.target)
            .with("after", target));
    }
    let found = tree_name(&folder);
    if found != planned {
        return Err(stale(standing, planned, &found));
    }
    let edited = edits::find(repository, standing, place, &folder).await?;
    edits::refuse(repository, &edited)?;
    match edited {
        Edits::Unfinished(commit) => Ok((folder, Some(commit))),
        Edits::None | Edits::Files(_) => Ok((folder, None)),
    }
}

async fn own_commit(repository: &Repository, standing: &Standing, run: &str) -> Result<Option<ObjectHash>, Problem> {
    let touches = repository.touches(&standing.base, "", Some(OWN_COMMITS), false).await?;
    Ok(touches.into_iter().find(|touch| touch.run.as_deref() == Some(run)).map(|touch| touch.commit))
}

fn mark(work: Work<'_>) -> String {
    format!("refs/chopmark/runs/{}", work.run)
}

/// A commit that was made, and the files of its folder by their paths.
struct Made {
    commit: ObjectHash,
    files: BTreeMap<String, ObjectHash>,
}

/// What a commit changed in its folder.
fn differences(place: &str, before: &Folder, mut after: BTreeMap<String, ObjectHash>) -> Vec<Difference> {
    let mut all = Vec::new();
    for (name, item) in &before.items {
        let path = format!("{place}/{name}");
        let after = after.remove(&path);
        let plain = edits::is_plain(&item.mode);
        if !(item.mode == PLAIN && after.as_ref() == Some(&item.hash)) {
            let after = after.map(|hash| (PLAIN.to_owned(), hash));
            all.push(Difference { path, before: Some(item.hash.clone()), after, plain });
        }
    }
    let new = |(path, hash)| Difference { path, before: None, after: Some((PLAIN.to_owned(), hash)), plain: true };
    all.extend(after.into_iter().map(new));
    all
}

/// Builds blobs, tree and commit in one call, under a mark of its own: no index, no work tree, no branch.
async fn make(
    repository: &Repository,
    work: Work<'_>,
    base: &ObjectHash,
    instructions: &Instructions,
) -> Result<Made, Problem> {
    let author = &repository.tool.author;
    let mut input = Vec::new();
    let mut line = |text: &str| input.extend_from_slice(format!("{text}\n").as_bytes());
    line("feature done");
    line(&format!("commit {}", mark(work)));
    line("mark :1");
    line(&format!("author {} <{}> now", author.name, author.email));
    line(&format!("committer {} <{}> now", author.name, author.email));
    let message = message(work.countersigned, work.run);
    line(&format!("data {}\n{message}", message.len()));
    line(&format!("from {base}"));
    if work.step.actions.iter().any(|action| action.verb != Verb::Create) {
        line(&format!("D {}", instructions.folder));
    }
    for file in &instructions.files {
        line(&format!("M {} inline {}/{}", super::read::PLAIN, instructions.folder, file.name));
        line(&format!("data {}\n{}", file.text.len(), file.text));
    }
    line("\nget-mark :1");
    for file in &instructions.files {
        line(&format!("ls :1 {}/{}", instructions.folder, file.name));
    }
    line("done");
    let out = text(&repository.write(&["fast-import", "--quiet", "--date-format=now"], input).await?);
    let mut lines = out.lines();
    let mut next = || lines.next().ok_or_else(|| unreadable("fast-import"));
    let commit = hash(next()?)?;
    repository.kept.keep_parent(&commit, Some(base));
    let mut files = BTreeMap::new();
    for file in &instructions.files {
        let meta = next()?.split('\t').next().unwrap_or_default();
        let blob = hash(meta.rsplit(' ').next().unwrap_or_default())?;
        repository.kept.keep_blob(&blob, file.text.as_bytes());
        files.insert(format!("{}/{}", instructions.folder, file.name), blob);
    }
    Ok(Made { commit, files })
}

/// Removes the mark of this run's unfinished commit, if there is one.
async fn drop_mark(repository: &Repository, work: Work<'_>) {
    let mark = mark(work);
    if let Err(problem) = repository.write(&["update-ref", "--no-deref", "-d", &mark], Vec::new()).await {
        tracing::warn!(%problem, mark, "mark.kept");
    }
}

/// In gitops the remote is asked first: its branch is the effect. The local branch follows.
async fn offer(
    repository: &Repository,
    work: Work<'_>,
    standing: &Standing,
    made: &ObjectHash,
    progress: &dyn Progress,
) -> Result<Offered, Problem> {
    let pushes = work.environment.mode == Mode::Gitops && repository.address.remote.is_some();
    if pushes {
        progress
            .report("progress-pushing", repository.address.remote.as_ref().map_or("", |remote| remote.url.as_str()));
        match settled(repository, repository.push(made).await?, made).await? {
            Pushed::Done => {}
            Pushed::Moved => {
                repository.fetch().await?;
                return Ok(Offered::Moved);
            }
            Pushed::Refused(reason) => return Err(failed("push", &reason)),
            Pushed::Unknown(reason) => {
                return Err(repository.about_remote(Code::OutcomeUnknown).with("run", work.run).with("reason", reason));
            }
        }
    }
    let branch = repository.address.branch_ref();
    let mut input = format!("start\nupdate {branch} {made} {}\ndelete {} {made}\n", standing.local, mark(work));
    if pushes {
        input += &format!("update {} {made}\n", repository.address.seen_ref());
    }
    input += "prepare\ncommit\n";
    let arguments = ["update-ref", "-m", "chopmark", "--stdin"];
    match repository.write(&arguments, input.into_bytes()).await {
        Ok(_) => Ok(Offered::Taken),
        // The remote has it: that a person moved the local branch meanwhile undoes nothing.
        Err(problem) if pushes => {
            tracing::warn!(%problem, "branch.behind");
            repository.fetch().await?;
            drop_mark(repository, work).await;
            Ok(Offered::Taken)
        }
        Err(problem) => {
            let now = repository.standing().await?;
            if now.local == standing.local { Err(problem) } else { Ok(Offered::Moved) }
        }
    }
}

/// A push without an answer may have arrived: the remote is asked what it has.
async fn settled(repository: &Repository, pushed: Pushed, made: &ObjectHash) -> Result<Pushed, Problem> {
    let Pushed::Unknown(reason) = pushed else { return Ok(pushed) };
    match repository.fetch().await {
        Ok(Some(there)) if there == *made => Ok(Pushed::Done),
        // It answers, and has it not: nothing was changed.
        Ok(_) => Err(repository.about_remote(Code::RemoteUnreachable).with("reason", reason)),
        Err(_) => Ok(Pushed::Unknown(reason)),
    }
}
