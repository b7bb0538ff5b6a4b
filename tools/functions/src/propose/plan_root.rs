//! The tool `propose_root`: an existing folder of HCL, planned and applied as it stands.
//! Called by models and by `chopmark plan PATH`.
//! Must never take a folder from anybody but the person, who typed it at this machine.

use crate::asker::Asker;
use crate::outcome::{Question, ToolOutcome};
use crate::resolve::invalid;
use crate::roots;
use crate::tool::{Function, Stop, ToolKind};
use crate::toolbox::Toolbox;
use async_trait::async_trait;
use chopmark_domain::component::{ComponentId, ComponentPath, ROOT_GROUP};
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::proposal::{Intent, Origin, Proposal};
use schemars::JsonSchema;
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// The surface whose people have an account on this machine, and may read what they name there.
const HERE: &str = "terminal";
/// The longest name of a folder that becomes a component's name.
const LONGEST_NAME: usize = 63;

/// Propose to plan and apply an existing Terraform root: a folder of .tf files that somebody else keeps. Nothing is
/// applied: people see the plan and decide.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Arguments {
    /// The root's name in the configuration, such as network. Leave out when the person typed a folder.
    name: Option<String>,
    /// The folder exactly as the person typed it, such as ./infra/network. Never one that was not typed.
    folder: Option<String>,
    /// The environment, if the person named one.
    environment: Option<String>,
}

pub(crate) struct ProposeRoot;

#[async_trait]
impl Function for ProposeRoot {
    type Arguments = Arguments;
    const NAME: &'static str = "propose_root";
    const KIND: ToolKind = ToolKind::Propose;

    async fn run(&self, toolbox: &Toolbox, asker: &Asker, arguments: Arguments) -> Result<ToolOutcome, Stop> {
        let environment = arguments.environment.as_deref();
        match (&arguments.name, &arguments.folder) {
            (_, Some(folder)) => typed(toolbox, asker, environment, folder),
            (Some(name), None) => named(toolbox, asker, environment, name),
            (None, None) => {
                let options = names(toolbox, asker)?;
                let question = Question::new("name", "Which root or folder?", "哪个 Terraform 目录？");
                Err(question.with_options(options.into_iter().take(10).collect()).into())
            }
        }
    }
}

/// A root by its name in the configuration.
fn named(toolbox: &Toolbox, asker: &Asker, environment: Option<&str>, name: &str) -> Result<ToolOutcome, Stop> {
    let Some(root) = toolbox.root(asker, environment, name)? else {
        let names = names(toolbox, asker)?;
        return Err(Problem::new(Code::UnknownComponent)
            .with("component", crate::clean::text(name, 80))
            .with("nearest", crate::nearest::nearest(name, names.iter().map(String::as_str)).join(", "))
            .into());
    };
    Ok(proposal(root.component, root.environment_origin, root.folder))
}

/// A folder that the person typed. One that an environment names is that root; any other is planned in the environment
/// said, where a judge denies it with the reason.
fn typed(toolbox: &Toolbox, asker: &Asker, environment: Option<&str>, said: &str) -> Result<ToolOutcome, Stop> {
    // `chopmark plan network` may name either; a root that is configured needs no path.
    if !said.contains(['/', '\\', '.'])
        && let Some(root) = toolbox.root(asker, environment, said)?
    {
        return Ok(proposal(root.component, root.environment_origin, root.folder));
    }
    if asker.place.surface != HERE || !was_typed(&asker.said, said) {
        return Err(Problem::new(Code::RootUnreadable)
            .with("folder", crate::clean::text(said, 200))
            .with("reason", "only who works on this machine may name a folder, by typing it")
            .into());
    }
    let folder = absolute(said)?;
    let places = match environment {
        Some(environment) => vec![toolbox.environment(asker, Some(environment))?],
        None => toolbox.environments_by_likelihood(asker)?,
    };
    for place in &places {
        let found = roots::of(&place.environment).find(|(_, root)| same(root, &folder));
        if let Some((component, root)) = found {
            return Ok(proposal(component, place.origin.clone(), root.clone()));
        }
    }
    let place = toolbox.environment(asker, environment)?;
    let path = ComponentPath::new(ROOT_GROUP, &name_of(&folder)).map_err(|error| invalid(&error))?;
    let component = ComponentId { environment: place.environment.name, path };
    Ok(proposal(component, place.origin, folder))
}

/// The proposal to apply a root as it stands.
pub(super) fn proposal(component: ComponentId, environment_origin: Origin, folder: PathBuf) -> ToolOutcome {
    // The group follows from what it is: nobody chose it.
    let (group_origin, intent) = (Origin::Kept, Intent::Root { folder });
    Proposal { component, environment_origin, group_origin, intent, revises: None }.into()
}

/// The folder without symbolic links, as the configured ones are.
fn absolute(said: &str) -> Result<PathBuf, Problem> {
    std::fs::canonicalize(said).map_err(|error| {
        Problem::new(Code::RootUnreadable).with("folder", crate::clean::text(said, 200)).with("reason", error)
    })
}

fn same(configured: &Path, folder: &Path) -> bool {
    configured == folder || std::fs::canonicalize(configured).is_ok_and(|configured| configured == folder)
}

/// Whether the folder stands among the words as a whole, not as a part of a longer one.
fn was_typed(words: &str, folder: &str) -> bool {
    let continues = |c: char| c.is_alphanumeric() && c.is_ascii() || "/.-_~".contains(c);
    words.match_indices(folder).any(|(at, found)| {
        let before = words[..at].chars().next_back();
        let mut after = words[at + found.len()..].chars();
        let ends = match after.next() {
            // The full stop of a sentence.
            Some('.') => after.next().is_none_or(char::is_whitespace),
            next => !next.is_some_and(continues),
        };
        !folder.is_empty() && !before.is_some_and(continues) && ends
    })
}

/// A component's name from a folder's: other characters become dashes.
fn name_of(folder: &Path) -> String {
    let last = folder.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
    let plain: String = last.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let name: String = plain.trim_matches('-').chars().take(LONGEST_NAME).collect();
    let name = name.trim_end_matches('-');
    if name.is_empty() { "folder".to_owned() } else { name.to_owned() }
}

/// The names of all roots, likeliest environment first.
fn names(toolbox: &Toolbox, asker: &Asker) -> Result<Vec<String>, Stop> {
    let places = toolbox.environments_by_likelihood(asker)?;
    let all = places.iter().flat_map(|place| roots::of(&place.environment).map(|(component, _)| component));
    Ok(all.map(|component| component.path.name().to_owned()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_typed_as_a_whole_or_not_at_all() {
        assert!(was_typed("plan ./infra/network.", "./infra/network"));
        assert!(was_typed("计划一下./infra/network目录", "./infra/network"));
        assert!(!was_typed("plan ./infra/network", "/infra"));
        assert!(!was_typed("plan it. now", "."));
        assert!(!was_typed("plan the network folder", "/etc"));
        assert!(!was_typed("plan", ""));
    }

    #[test]
    fn any_folder_has_a_name_that_a_component_may_have() {
        let of = |folder: &str| name_of(Path::new(folder));
        assert_eq!(of("/srv/Net_Work.v2"), "net-work-v2");
        assert_eq!(of("/srv/网络"), "folder");
        assert_eq!(of("/"), "folder");
        assert_eq!(of(&format!("/{}", "a-".repeat(60))).len(), 63);
    }
}
