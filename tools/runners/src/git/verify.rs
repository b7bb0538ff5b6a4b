//! Looking at what the branch holds: after an effect, and after a crash.
//! Called by the engine.
//! Must never believe what this program remembers: the branch is read back, at the remote where there is one.

use super::plan::{Instructions, planned_tree, tree_name};
use super::program::{Repository, Tool};
use chopmark_domain::environment::{Environment, Mode};
use chopmark_domain::ids::ObjectHash;
use chopmark_domain::plan::Step;
use chopmark_domain::ports::Progress;
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::run::{Observed, Record, Verification};
use std::sync::Arc;

/// How many versions of a folder are looked through for the planned one.
const VERSIONS: u32 = 20;

/// Whether the branch holds exactly the shown files.
pub(super) async fn verify(
    tool: &Arc<Tool>,
    environment: &Environment,
    step: &Step,
    record: &Record,
    progress: &dyn Progress,
) -> Result<Verification, Problem> {
    let repository = Repository::open(tool, &environment.repository)?;
    let instructions = Instructions::of(step)?;
    let at_remote = repository.address.remote.is_some() && (environment.mode == Mode::Gitops || !record.push_owed);
    let (head, place) = head(&repository, at_remote).await?;
    progress.report("progress-reading-back", &place);
    let folder = repository.folder(&head, &instructions.folder).await?;
    if instructions.hold_in(&folder) {
        return Ok(Verification::Passed { checks: vec![(place, head.to_string())] });
    }
    let names = |names: &mut dyn Iterator<Item = String>| names.collect::<Vec<_>>().join(", ");
    Ok(Verification::Failed {
        problem: Problem::new(Code::VerifyMismatch).with("object", place),
        evidence: vec![
            format!("{head}: {}", names(&mut folder.items.keys().cloned())),
            format!("planned: {}", names(&mut instructions.files.iter().map(|file| file.name.clone()))),
        ],
    })
}

/// The branch's commit where it counts, and the words for that place.
async fn head(repository: &Repository, at_remote: bool) -> Result<(ObjectHash, String), Problem> {
    let address = &repository.address;
    match (&address.remote, at_remote) {
        (Some(remote), true) => {
            let there = repository.fetch().await?;
            let place = format!("{}#{}", remote.url, address.branch);
            there.map(|head| (head, place)).ok_or_else(|| repository.about_remote(Code::RemoteMoved))
        }
        _ => Ok((repository.standing().await?.local, format!("{}#{}", address.path.display(), address.branch))),
    }
}

/// Whether the step's effect is there.
pub(super) async fn observe(tool: &Arc<Tool>, environment: &Environment, step: &Step) -> Observed {
    look(tool, environment, step).await.unwrap_or_else(|problem| Observed::Unknown(problem.to_string()))
}

async fn look(tool: &Arc<Tool>, environment: &Environment, step: &Step) -> Result<Observed, Problem> {
    let repository = Repository::open(tool, &environment.repository)?;
    let instructions = Instructions::of(step)?;
    let at_remote = repository.address.remote.is_some() && environment.mode == Mode::Gitops;
    let (head, _) = head(&repository, at_remote).await?;
    let folder = repository.folder(&head, &instructions.folder).await?;
    if instructions.hold_in(&folder) {
        return Ok(Observed::Applied);
    }
    if tree_name(&folder) == planned_tree(step)? {
        return Ok(Observed::NotStarted);
    }
    // Somebody moved the folder on. Whether ours was there before, its history says.
    for touch in repository.touches(&head, &instructions.folder, Some(VERSIONS), false).await? {
        if instructions.hold_in(&repository.folder(&touch.commit, &instructions.folder).await?) {
            return Ok(Observed::Applied);
        }
    }
    Ok(Observed::NotStarted)
}
