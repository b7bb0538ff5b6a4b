//! The tool `propose_restore`: an earlier version of a component; undo is this.
//! Called by models.
//! Must never promise more than the previous version: what data is lost is on the card.

use crate::asker::Asker;
use crate::nearest::nearest;
use crate::outcome::ToolOutcome;
use crate::resolve::{ChosenComponent, ChosenEnvironment};
use crate::tool::{Function, Stop, ToolKind};
use crate::toolbox::Toolbox;
use async_trait::async_trait;
use chopmark_domain::component::{ComponentId, ComponentPath};
use chopmark_domain::facts::{ChangeFile, VersionSummary};
use chopmark_domain::ids::ChangeId;
use chopmark_domain::lifecycle::State;
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::proposal::{Intent, Origin, Proposal};
use schemars::JsonSchema;
use serde::Deserialize;

/// How far back a version is looked for.
const HISTORY: u32 = 200;

/// Propose to return a component to an earlier version: the one before its last change, before a named change, or a
/// named commit. Nothing is restored: people see the plan and decide.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Arguments {
    /// The component: its name, group/name, or environment/group/name; also one that was deleted, then as group/name.
    /// Leave out for the one last spoken of.
    component: Option<String>,
    /// The environment, if the person named one.
    environment: Option<String>,
    /// The change to undo, such as chg-7f3k, if the person named one.
    change: Option<String>,
    /// The commit to return to, or its first 7 or more digits, if the person named one.
    version: Option<String>,
}

pub(crate) struct ProposeRestore;

#[async_trait]
impl Function for ProposeRestore {
    type Arguments = Arguments;
    const NAME: &'static str = "propose_restore";
    const KIND: ToolKind = ToolKind::Propose;

    async fn run(&self, toolbox: &Toolbox, asker: &Asker, arguments: Arguments) -> Result<ToolOutcome, Stop> {
        if let Some(id) = &arguments.change {
            return undo_change(toolbox.change(asker, Some(id)).await?);
        }
        let target = target(toolbox, asker, &arguments).await?;
        let history = toolbox.components.history(&target.place.environment, &target.id.path, HISTORY).await?;
        let Some(newest) = history.first() else {
            return Err(crate::resolve::unknown(&target.id.to_string(), &[]).into());
        };
        let intent = match &arguments.version {
            Some(version) => Intent::Restore { version: Some(find(&history, version)?.commit.clone()), undoes: None },
            None => Intent::Restore {
                version: history.get(1).map(|version| version.commit.clone()),
                undoes: newest.change.clone(),
            },
        };
        Ok(Proposal {
            component: target.id,
            environment_origin: target.place.origin,
            group_origin: target.group_origin,
            intent,
            revises: None,
        }
        .into())
    }
}

struct Target {
    place: ChosenEnvironment,
    id: ComponentId,
    group_origin: Origin,
}

/// The component that is meant: one that is there, or one that was and whose history still is.
async fn target(toolbox: &Toolbox, asker: &Asker, arguments: &Arguments) -> Result<Target, Stop> {
    let (environment, name) = (arguments.environment.as_deref(), arguments.component.as_deref());
    let stop = match toolbox.component(asker, environment, name).await {
        Ok(ChosenComponent { environment, environment_origin, group_origin, version }) => {
            let place = ChosenEnvironment { environment, origin: environment_origin };
            return Ok(Target { place, id: version.component, group_origin });
        }
        Err(Stop::Problem(problem)) if problem.code == Code::UnknownComponent => Stop::Problem(problem),
        Err(stop) => return Err(stop),
    };
    let remembered = asker.memory.component.as_ref();
    let (place, path, group_origin) = match (name, remembered) {
        (Some(name), remembered) => {
            let (said, path) = match name.splitn(3, '/').collect::<Vec<_>>().as_slice() {
                [environment, group, name] => (Some(*environment), ComponentPath::new(group, name)),
                [group, name] => (environment, ComponentPath::new(group, name)),
                _ => match remembered.filter(|component| component.path.name() == name) {
                    Some(component) => (environment, Ok(component.path.clone())),
                    None => match asker.memory.group.as_deref() {
                        Some(group) => (environment, ComponentPath::new(group, name)),
                        None => return Err(stop),
                    },
                },
            };
            let Ok(path) = path else { return Err(stop) };
            let origin = if name.contains('/') { Origin::Said } else { Origin::Memory };
            (toolbox.environment(asker, said)?, path, origin)
        }
        (None, Some(component)) => {
            let name = component.environment.as_str();
            let place = ChosenEnvironment { origin: Origin::Memory, ..toolbox.environment(asker, Some(name))? };
            (place, component.path.clone(), Origin::Memory)
        }
        (None, None) => return Err(stop),
    };
    if toolbox.components.history(&place.environment, &path, 1).await?.is_empty() {
        return Err(stop);
    }
    let id = ComponentId { environment: place.environment.name.clone(), path };
    Ok(Target { place, id, group_origin })
}

/// The version before a change. Only a change that took effect has one.
fn undo_change(file: ChangeFile) -> Result<ToolOutcome, Stop> {
    let change = file.change;
    if !took_effect(change.state) {
        return Err(nothing_to_undo(&change.id).into());
    }
    let intent = match &file.record.proposal.intent {
        Intent::Patch { .. } | Intent::Root { .. } | Intent::Reconcile => {
            return Err(nothing_to_undo(&change.id).into());
        }
        _ => Intent::Restore { version: change.previous_version, undoes: Some(change.id) },
    };
    Ok(Proposal {
        component: change.component,
        environment_origin: Origin::Said,
        group_origin: Origin::Said,
        intent,
        revises: None,
    }
    .into())
}

fn took_effect(state: State) -> bool {
    matches!(state, State::Succeeded | State::Degraded | State::Failed | State::Resolved)
}

fn nothing_to_undo(change: &ChangeId) -> Problem {
    Problem::new(Code::NothingToActOn).with("change", change)
}

fn find<'a>(history: &'a [VersionSummary], version: &str) -> Result<&'a VersionSummary, Problem> {
    let long_enough = version.len() >= 7;
    let mut fitting = history.iter().filter(|known| long_enough && known.commit.as_str().starts_with(version));
    match (fitting.next(), fitting.next()) {
        (Some(one), None) => Ok(one),
        _ => {
            let commits = history.iter().map(|known| known.commit.as_str());
            Err(Problem::new(Code::UnknownVersion)
                .with("version", crate::clean::text(version, 80))
                .with("nearest", nearest(version, commits).join(", ")))
        }
    }
}
