//! Planning: what committing a draft would change in the component's folder.
//! Called before approval and again at the start; its step is what `apply` executes.
//! Must never change anything but our own note of where the remote is.

use super::components::plain_files;
use super::edits;
use super::folder::Folder;
use super::program::{Repository, Tool};
use super::read::{Drift, PLAIN, Standing};
use chopmark_domain::canonical;
use chopmark_domain::component::{ComponentFile, ComponentVersion};
use chopmark_domain::draft::{Content, Draft};
use chopmark_domain::environment::Mode;
use chopmark_domain::ids::{ObjectHash, RunnerName};
use chopmark_domain::plan::{Caveat, FieldChange, ResourceAction, Shown, Step, Verb};
use chopmark_domain::ports::PlanRequest;
use chopmark_domain::problem::{Code, Problem};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The kind of every resource of this runner.
const KIND: &str = "file";
/// The precondition for a folder that is not there.
pub(super) const ABSENT: &str = "absent";
/// Name of the precondition: the tree of the component's folder.
pub(super) const FOLDER_TREE: &str = "folder-tree";
/// Name of the precondition: the branch.
const BRANCH: &str = "branch";

/// What `apply` writes. As canonical JSON it is part of what is countersigned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Instructions {
    /// The form of this record.
    pub(super) version: u32,
    /// The component's folder within the repository.
    pub(super) folder: String,
    /// Every file that the folder holds afterwards; none: the folder goes.
    pub(super) files: Vec<ComponentFile>,
}

impl Instructions {
    /// The only form there is so far.
    const VERSION: u32 = 1;

    /// Reads a step's instructions.
    pub(super) fn of(step: &Step) -> Result<Self, Problem> {
        let broken = |reason: String| Problem::new(Code::Internal).with("reason", reason);
        let read: Self = serde_json::from_str(&step.instructions).map_err(|error| broken(error.to_string()))?;
        if read.version == Self::VERSION {
            Ok(read)
        } else {
            Err(broken(format!("instructions of version {}", read.version)))
        }
    }

    /// Whether a folder holds exactly these files, and nothing else.
    pub(super) fn hold_in(&self, folder: &Folder) -> bool {
        folder.items.len() == self.files.len()
            && self.files.iter().all(|file| {
                folder
                    .items
                    .get(&file.name)
                    .is_some_and(|item| item.mode == PLAIN && item.bytes == file.text.as_bytes())
            })
    }
}

/// Plans a draft.
pub(super) async fn plan(tool: &Arc<Tool>, name: &RunnerName, request: PlanRequest<'_>) -> Result<Step, Problem> {
    let PlanRequest { environment, draft, previous, .. } = request;
    let files = files(draft)?;
    let repository = Repository::open(tool, &environment.repository)?;
    let mut caveats = Vec::new();
    if let Err(problem) = repository.fetch().await {
        if environment.mode == Mode::Gitops || problem.code != Code::RemoteUnreachable {
            return Err(problem);
        }
        caveats.push(caveat("caveat-remote-unreachable", problem.facts.get("remote")));
    }
    let standing = repository.standing().await?;
    match standing.drift {
        Drift::Diverged if environment.mode == Mode::Gitops => {
            return Err(repository.about_remote(Code::RemoteMoved));
        }
        Drift::Diverged => caveats.push(caveat("caveat-remote-moved", Some(&repository.address.branch))),
        Drift::Ahead(commits) if environment.mode == Mode::Gitops => {
            caveats.push(caveat("caveat-unpushed-commits", Some(&commits.to_string())));
        }
        Drift::Ahead(_) | Drift::Level | Drift::Behind => {}
    }
    let place = repository.address.component(&draft.component.path);
    let (root, folder, program) =
        tokio::join!(repository.root(&standing.base), repository.folder(&standing.base, &place), tool.version());
    let (root, folder) = (root?, folder?);
    edits::refuse(&repository, &edits::find(&repository, &standing, &place, &folder).await?)?;
    expect_same(&repository, previous, &folder)?;
    if tool.confiner.isolation() == "reduced" {
        caveats.push(caveat("caveat-reduced-isolation", Some(&"git".to_owned())));
    }
    let instructions = Instructions { version: Instructions::VERSION, folder: place, files };
    Ok(Step {
        runner: name.clone(),
        target: target(&repository, &root, &instructions.folder),
        preconditions: vec![
            (BRANCH.to_owned(), repository.address.branch.clone()),
            (FOLDER_TREE.to_owned(), tree_name(&folder)),
        ],
        actions: actions(draft, &instructions, &folder),
        instructions: canonical::to_string(&instructions),
        program: program?,
        outputs: vec![],
        caveats,
    })
}

/// What the folder's tree is called in preconditions.
pub(super) fn tree_name(folder: &Folder) -> String {
    folder.tree.as_ref().map_or_else(|| ABSENT.to_owned(), ToString::to_string)
}

/// What a repository's folder is, whatever it is called here: its first commit, and where the branch lives.
pub(super) fn target(repository: &Repository, root: &ObjectHash, place: &str) -> String {
    let address = &repository.address;
    let lives_at =
        address.remote.as_ref().map_or_else(|| address.path.display().to_string(), |remote| remote.url.clone());
    canonical::to_string(&BTreeMap::from([
        ("git", root.as_str()),
        ("at", lives_at.as_str()),
        ("branch", address.branch.as_str()),
        ("folder", place),
    ]))
}

fn caveat(key: &str, about: Option<&String>) -> Caveat {
    Caveat { key: key.to_owned(), about: about.cloned().unwrap_or_default() }
}

/// The files of a draft, with names that cannot lead out of the folder.
pub(super) fn files(draft: &Draft) -> Result<Vec<ComponentFile>, Problem> {
    if let Content::Fields { object, .. } = &draft.content {
        return Err(Problem::new(Code::Internal).with("reason", format!("a patch of {object} has no files")));
    }
    let mut files = draft.files().to_vec();
    files.sort_by(|a, b| a.name.cmp(&b.name));
    for (i, file) in files.iter().enumerate() {
        if !super::address::is_file_name(&file.name) || i > 0 && files[i - 1].name == file.name {
            return Err(Problem::new(Code::RenderMismatch)
                .with("template", template(draft))
                .with("file", &file.name)
                .with("reason", "this cannot be the name of a file here"));
        }
    }
    Ok(files)
}

fn template(draft: &Draft) -> &str {
    match &draft.content {
        Content::Component { template, .. } => template.name.as_str(),
        Content::Removed { template } => template.as_str(),
        Content::Root { .. } | Content::Fields { .. } => "",
    }
}

/// The draft was rendered on a version; when fetching brought another, it would undo what others did.
fn expect_same(repository: &Repository, previous: Option<&ComponentVersion>, folder: &Folder) -> Result<(), Problem> {
    match previous {
        Some(previous) if previous.files != plain_files(folder) => {
            let what = previous.component.to_string();
            Err(repository.about_remote(Code::RemoteMoved).with("what", what))
        }
        _ => Ok(()),
    }
}

fn actions(draft: &Draft, instructions: &Instructions, folder: &Folder) -> Vec<ResourceAction> {
    let wanted: BTreeMap<&str, &str> =
        instructions.files.iter().map(|file| (file.name.as_str(), file.text.as_str())).collect();
    let mut names: Vec<&str> = wanted.keys().copied().chain(folder.items.keys().map(String::as_str)).collect();
    names.sort_unstable();
    names.dedup();
    let show = |text: &str| Shown::Value(canonical::to_string(text));
    let mut actions = Vec::new();
    for name in names {
        let before = folder.items.get(name);
        let after = wanted.get(name).copied();
        let verb = match (before, after) {
            (Some(before), Some(after)) if before.mode == PLAIN && before.bytes == after.as_bytes() => continue,
            (Some(_), Some(_)) => Verb::Update,
            (Some(_), None) => Verb::Delete,
            (None, _) => Verb::Create,
        };
        // A link or a program in the folder is named as what it is.
        let because = before.filter(|item| item.mode != PLAIN).map(|item| format!("mode {}", item.mode));
        actions.push(ResourceAction {
            address: format!("{}/{name}", draft.component.path),
            kind: KIND.to_owned(),
            verb,
            fields: vec![FieldChange {
                path: name.to_owned(),
                before: before.map(|item| show(&String::from_utf8_lossy(&item.bytes))),
                after: after.map(show),
            }],
            because,
        });
    }
    actions
}

/// The tree the folder must still have at the start.
pub(super) fn planned_tree(step: &Step) -> Result<&str, Problem> {
    let found = step.preconditions.iter().find(|(name, _)| name == FOLDER_TREE).map(|(_, tree)| tree.as_str());
    found.ok_or_else(|| Problem::new(Code::Internal).with("reason", "the step names no tree"))
}

/// What of the standing says that the planned start is gone.
pub(super) fn stale(standing: &Standing, planned: &str, found: &str) -> Problem {
    Problem::new(Code::PlanStale)
        .with("what", format!("{FOLDER_TREE} at {}", standing.base))
        .with("before", planned)
        .with("after", found)
}
