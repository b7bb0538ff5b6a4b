//! Which environment, namespace, component or change a call is about, and how that is known.
//! Used by every tool.
//! Must never guess between two things that fit: then the person is asked.

use crate::asker::Asker;
use crate::nearest::nearest;
use crate::outcome::Question;
use crate::tool::Stop;
use crate::toolbox::Toolbox;
use chopmark_catalog::Template;
use chopmark_domain::change::Change;
use chopmark_domain::component::{ComponentId, ComponentPath, ComponentVersion};
use chopmark_domain::environment::{ClusterAddress, Environment};
use chopmark_domain::facts::ChangeFile;
use chopmark_domain::ids::{ChangeId, EnvironmentName, InvalidName, TemplateName};
use chopmark_domain::lifecycle::State;
use chopmark_domain::ports::ChangeFilter;
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::proposal::Origin;

/// States in which a change can still be edited because it waits for people.
pub(crate) const WAITING: [State; 3] = [State::Draft, State::Planning, State::AwaitingApproval];

/// An environment with how it was chosen.
#[derive(Debug, Clone)]
pub(crate) struct ChosenEnvironment {
    /// Which.
    pub(crate) environment: Environment,
    /// How.
    pub(crate) origin: Origin,
}

/// A component that is there, with how it was chosen.
#[derive(Debug, Clone)]
pub(crate) struct ChosenComponent {
    /// Its environment.
    pub(crate) environment: Environment,
    /// How the environment was chosen.
    pub(crate) environment_origin: Origin,
    /// How the group was chosen.
    pub(crate) group_origin: Origin,
    /// Its present version.
    pub(crate) version: ComponentVersion,
}

/// A name that breaks its grammar, as a problem.
pub(crate) fn invalid(error: &InvalidName) -> Problem {
    Problem::new(Code::InvalidName).with("what", error.what).with("text", &error.text).with("rule", error.rule)
}

/// The parts of a component's name as said: `cart`, `shop/cart` or `dev/shop/cart`.
struct Reference<'a> {
    environment: Option<&'a str>,
    group: Option<&'a str>,
    name: &'a str,
}

impl<'a> Reference<'a> {
    fn parse(text: &'a str) -> Result<Self, Problem> {
        let parts: Vec<&str> = text.split('/').collect();
        let reference = match parts.as_slice() {
            [name] => Self { environment: None, group: None, name },
            [group, name] => Self { environment: None, group: Some(group), name },
            [environment, group, name] => Self { environment: Some(environment), group: Some(group), name },
            _ => {
                let rule = "a name, group/name or environment/group/name";
                let text: String = text.chars().take(80).collect();
                return Err(Problem::new(Code::InvalidName)
                    .with("what", "component")
                    .with("text", text)
                    .with("rule", rule));
            }
        };
        ComponentPath::new(reference.group.unwrap_or("x"), reference.name).map_err(|error| invalid(&error))?;
        Ok(reference)
    }
}

impl Toolbox {
    /// The environment that was said, else the one last used, else the default.
    pub(crate) fn environment(&self, asker: &Asker, said: Option<&str>) -> Result<ChosenEnvironment, Stop> {
        let environments = self.settings.environments()?;
        if let Some(text) = said {
            let found = EnvironmentName::parse(text).ok().and_then(|name| environments.get(&name).cloned());
            let environment = found.ok_or_else(|| {
                let names = environments.all.keys().map(EnvironmentName::as_str);
                Problem::new(Code::UnknownEnvironment)
                    .with("environment", crate::clean::text(text, 80))
                    .with("nearest", nearest(text, names).join(", "))
            })?;
            return Ok(ChosenEnvironment { environment, origin: Origin::Said });
        }
        let remembered = asker.memory.environment.as_ref().and_then(|name| environments.get(name));
        if let Some(environment) = remembered {
            return Ok(ChosenEnvironment { environment: environment.clone(), origin: Origin::Memory });
        }
        let default = environments.get(&environments.default).cloned();
        let environment = default.ok_or_else(|| {
            Problem::new(Code::UnknownEnvironment).with("environment", &environments.default).with("nearest", "")
        })?;
        Ok(ChosenEnvironment { environment, origin: Origin::Environment })
    }

    /// Every environment, the likeliest first: the one last used, the default, the others.
    pub(crate) fn environments_by_likelihood(&self, asker: &Asker) -> Result<Vec<ChosenEnvironment>, Stop> {
        let first = self.environment(asker, None)?;
        let environments = self.settings.environments()?;
        let mut all = vec![first];
        let default = environments.get(&environments.default).into_iter();
        for environment in default.chain(environments.all.values()) {
            if all.iter().all(|chosen| chosen.environment.name != environment.name) {
                let origin = if environment.name == environments.default { Origin::Environment } else { Origin::Kept };
                all.push(ChosenEnvironment { environment: environment.clone(), origin });
            }
        }
        Ok(all)
    }

    /// The template of that name.
    pub(crate) fn template(&self, name: &str) -> Result<&Template, Problem> {
        TemplateName::parse(name).ok().and_then(|name| self.catalog.get(&name)).ok_or_else(|| {
            let names: Vec<String> = self.catalog.templates().map(|template| template.name.to_string()).collect();
            Problem::new(Code::UnknownTemplate)
                .with("template", crate::clean::text(name, 80))
                .with("nearest", nearest(name, names.iter().map(String::as_str)).join(", "))
        })
    }

    /// The cluster behind an environment.
    pub(crate) fn cluster<'a>(&self, environment: &'a Environment) -> Result<&'a ClusterAddress, Problem> {
        environment.cluster.as_ref().ok_or_else(|| Problem::new(Code::NoCluster).with("environment", &environment.name))
    }

    /// The component that is meant. Without a name it is the one last spoken of.
    pub(crate) async fn component(
        &self,
        asker: &Asker,
        environment: Option<&str>,
        name: Option<&str>,
    ) -> Result<ChosenComponent, Stop> {
        let remembered = asker.memory.component.as_ref().map(ToString::to_string);
        let Some(text) = name.map(str::to_owned).or(remembered) else {
            return Err(self.which_component(asker, environment).await?.into());
        };
        let reference = Reference::parse(&text)?;
        let said = reference.environment.filter(|_| name.is_some()).or(environment);
        let places = match said.or(reference.environment) {
            Some(environment) => vec![self.environment(asker, Some(environment))?],
            None => self.environments_by_likelihood(asker)?,
        };
        let mut known = Vec::new();
        let mut elsewhere = Vec::new();
        for (rank, place) in places.iter().enumerate() {
            let versions = match self.components.list(&place.environment).await {
                Ok(versions) => versions,
                Err(problem) if rank == 0 => return Err(problem.into()),
                Err(problem) => {
                    tracing::warn!(environment = %place.environment.name, %problem, "components could not be listed");
                    continue;
                }
            };
            known.extend(versions.iter().map(|version| version.component.clone()));
            let fits = |version: &ComponentVersion| {
                let path = &version.component.path;
                path.name() == reference.name && reference.group.is_none_or(|group| group == path.group())
            };
            let matches: Vec<_> = versions.into_iter().filter(fits).map(|version| (place, version)).collect();
            if place.origin == Origin::Kept {
                elsewhere.extend(matches);
            } else if !matches.is_empty() {
                return choose(asker, &reference, name.is_some(), matches);
            }
        }
        if elsewhere.is_empty() {
            Err(match self.root(asker, said, &text)? {
                Some(root) => Problem::new(Code::NotOurs).with("component", root.component).into(),
                None => unknown(&text, &known).into(),
            })
        } else {
            choose(asker, &reference, true, elsewhere)
        }
    }

    async fn which_component(&self, asker: &Asker, environment: Option<&str>) -> Result<Question, Stop> {
        let chosen = self.environment(asker, environment)?;
        let versions = self.components.list(&chosen.environment).await?;
        let mut options: Vec<String> = versions.iter().map(|version| version.component.path.to_string()).collect();
        options.truncate(10);
        Ok(Question::new("component", "Which component?", "哪个组件？").with_options(options))
    }

    /// The asker's own waiting changes: the one last spoken of, then those of this place, newest first.
    pub(crate) async fn waiting(&self, asker: &Asker) -> Result<Vec<Change>, Problem> {
        let filter = ChangeFilter {
            states: WAITING.to_vec(),
            place: Some(asker.place.clone()),
            limit: 50,
            ..ChangeFilter::default()
        };
        let mut changes = self.records.changes(&filter).await?;
        if let Some(id) = &asker.memory.change {
            let spoken_of = self.records.change(id).await?.map(|file| file.change);
            changes.retain(|change| change.id != *id);
            changes.splice(0..0, spoken_of.filter(|change| WAITING.contains(&change.state)));
        }
        changes.retain(|change| change.requester == asker.person);
        Ok(changes)
    }

    /// The change that is meant: by its id, else the one last spoken of, else the newest of this place.
    pub(crate) async fn change(&self, asker: &Asker, id: Option<&str>) -> Result<ChangeFile, Stop> {
        let meant = match id {
            Some(text) => Some(ChangeId::parse(text).map_err(|error| invalid(&error))?),
            None => match asker.memory.change.clone() {
                Some(id) => Some(id),
                None => {
                    let place = Some(asker.place.clone());
                    let filter = ChangeFilter { place, limit: 1, ..ChangeFilter::default() };
                    self.records.changes(&filter).await?.pop().map(|change| change.id)
                }
            },
        };
        let Some(meant) = meant else { return Err(Problem::new(Code::NothingToActOn).into()) };
        let file = self.records.change(&meant).await?;
        Ok(file.ok_or_else(|| Problem::new(Code::UnknownChange).with("change", &meant))?)
    }
}

/// Which of several components of one name is meant.
fn choose(
    asker: &Asker,
    reference: &Reference<'_>,
    was_said: bool,
    matches: Vec<(&ChosenEnvironment, ComponentVersion)>,
) -> Result<ChosenComponent, Stop> {
    let memory = &asker.memory;
    let remembered = |version: &ComponentVersion| {
        memory.component.as_ref() == Some(&version.component)
            || (memory.environment.as_ref() == Some(&version.component.environment)
                && memory.group.as_deref() == Some(version.component.path.group()))
    };
    let several = matches.len() > 1;
    let options: Vec<String> = matches.iter().map(|(_, version)| version.component.to_string()).collect();
    let mut fitting: Vec<_> =
        if several { matches.into_iter().filter(|(_, version)| remembered(version)).collect() } else { matches };
    let (Some((place, version)), true) = (fitting.pop(), fitting.is_empty()) else {
        let question = Question::new("component", "Which of these is meant?", "指的是哪一个？");
        return Err(question.with_options(options).into());
    };
    let by_memory = several || !was_said;
    let group_origin = match reference.group {
        Some(_) if was_said => Origin::Said,
        _ if by_memory => Origin::Memory,
        _ => Origin::Kept,
    };
    let environment_origin =
        if reference.environment.is_some() && !was_said { Origin::Memory } else { place.origin.clone() };
    Ok(ChosenComponent { environment: place.environment.clone(), environment_origin, group_origin, version })
}

/// There is no such component; the nearest names are suggested.
pub(crate) fn unknown(text: &str, known: &[ComponentId]) -> Problem {
    let names: Vec<String> = known
        .iter()
        .map(|component| if text.contains('/') { component.path.to_string() } else { component.path.name().to_owned() })
        .collect();
    Problem::new(Code::UnknownComponent)
        .with("component", crate::clean::text(text, 80))
        .with("nearest", nearest(text, names.iter().map(String::as_str)).join(", "))
}
