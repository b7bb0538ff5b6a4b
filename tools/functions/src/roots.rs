//! Existing Terraform roots: which one is meant, and how that is known.
//! Used by the tools that list, plan, compare and bring back.
//! Must never take a folder for a root of ours because of its name alone.

use crate::asker::Asker;
use crate::outcome::Question;
use crate::resolve::ChosenEnvironment;
use crate::tool::Stop;
use crate::toolbox::Toolbox;
use chopmark_domain::component::{ComponentId, ComponentPath, ROOT_GROUP};
use chopmark_domain::environment::{Environment, Mode};
use chopmark_domain::proposal::Origin;
use std::path::PathBuf;

/// A root that an environment names.
#[derive(Debug, Clone)]
pub(crate) struct ChosenRoot {
    /// Its environment.
    pub(crate) environment: Environment,
    /// How the environment was chosen.
    pub(crate) environment_origin: Origin,
    /// The root as a component.
    pub(crate) component: ComponentId,
    /// Its folder, as configured.
    pub(crate) folder: PathBuf,
}

/// Every root of an environment, with its folder.
pub(crate) fn of(environment: &Environment) -> impl Iterator<Item = (ComponentId, &PathBuf)> {
    let roots = environment.terraform.iter().flat_map(|terraform| &terraform.roots);
    roots.filter_map(|(name, folder)| {
        let path = ComponentPath::new(ROOT_GROUP, name).ok()?;
        Some((ComponentId { environment: environment.name.clone(), path }, folder))
    })
}

/// The environment that was said; else the likeliest one in which anything can drift that we could see.
pub(crate) fn seen(toolbox: &Toolbox, asker: &Asker, said: Option<&str>) -> Result<ChosenEnvironment, Stop> {
    let first = toolbox.environment(asker, said)?;
    if said.is_some() || is_seen(&first.environment) {
        return Ok(first);
    }
    let all = toolbox.environments_by_likelihood(asker)?;
    Ok(all.into_iter().find(|place| is_seen(&place.environment)).unwrap_or(first))
}

/// Whether anything there can be compared: where others apply, only existing roots can.
fn is_seen(environment: &Environment) -> bool {
    environment.mode == Mode::Apply || of(environment).next().is_some()
}

impl Toolbox {
    /// The root of that name, said as `network`, `roots/network` or `dev/roots/network`. None when there is none;
    /// of several, the one where things were last done, else the person is asked.
    pub(crate) fn root(
        &self,
        asker: &Asker,
        environment: Option<&str>,
        name: &str,
    ) -> Result<Option<ChosenRoot>, Stop> {
        let (said, name) = match name.split('/').collect::<Vec<_>>().as_slice() {
            [name] | [ROOT_GROUP, name] => (environment, *name),
            [environment, ROOT_GROUP, name] => (Some(*environment), *name),
            _ => return Ok(None),
        };
        let places = match said {
            Some(environment) => vec![self.environment(asker, Some(environment))?],
            None => self.environments_by_likelihood(asker)?,
        };
        let mut elsewhere = Vec::new();
        for place in places {
            let found = of(&place.environment).find(|(component, _)| component.path.name() == name);
            let Some((component, folder)) = found.map(|(component, folder)| (component, folder.clone())) else {
                continue;
            };
            let is_likely = place.origin != Origin::Kept;
            let (environment, environment_origin) = (place.environment, place.origin);
            let root = ChosenRoot { environment, environment_origin, component, folder };
            if is_likely {
                return Ok(Some(root));
            }
            elsewhere.push(root);
        }
        if elsewhere.len() > 1 {
            let options = elsewhere.iter().map(|root| root.component.to_string()).collect();
            let question = Question::new("name", "Which of these is meant?", "指的是哪一个？");
            return Err(question.with_options(options).into());
        }
        Ok(elsewhere.pop())
    }
}
