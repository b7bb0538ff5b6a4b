//! What models outside the program never get to see: environments that are marked so, with all that is in them.
//! Drawn by the assistant before anything is sent; the tools of such a request read through it.
//! Must never show by what is missing what is there: hidden environments do not exist for whoever asks.

mod ports;

use crate::memory::Memory;
use chopmark_domain::component::{CLUSTER_GROUP, MAIN_GROUP};
use chopmark_domain::environment::{Disclosure, Environments};
use chopmark_domain::ids::EnvironmentName;
use chopmark_domain::problem::{Code, Problem};
use chopmark_functions::{Memory as Known, Toolbox, stands_in};
use chopmark_protocol::request::Heard;
use ports::{Few, Seen};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Whether a request may leave the program.
pub(crate) enum Look {
    /// It may not: it means that environment.
    Inside(EnvironmentName),
    /// It may, without what the veil hides.
    Outside(Veil),
}

/// What is hidden.
#[derive(Debug, Clone, Default)]
pub(crate) struct Veil {
    hidden: Arc<BTreeSet<EnvironmentName>>,
    /// Names of groups and components that only hidden environments have, with one that has them.
    names: BTreeMap<String, EnvironmentName>,
}

impl Veil {
    /// Looks at what a request means.
    ///
    /// # Errors
    /// The configuration or the records cannot be read.
    pub(crate) async fn look(toolbox: &Toolbox, heard: &Heard, memory: &Memory) -> Result<Look, Problem> {
        let environments = toolbox.settings.environments()?;
        let hidden = |name: &&EnvironmentName| {
            environments.get(name).is_some_and(|environment| environment.disclosure == Disclosure::Never)
        };
        let all: BTreeSet<EnvironmentName> = environments.all.keys().filter(hidden).cloned().collect();
        if all.is_empty() {
            return Ok(Look::Outside(Self::default()));
        }
        let names = own_names(toolbox, &environments, &all).await;
        let veil = Self { hidden: Arc::new(all), names };
        Ok(match veil.meant(toolbox, &environments, &heard.plain, memory).await? {
            Some(environment) => Look::Inside(environment),
            None => Look::Outside(veil),
        })
    }

    /// The hidden environment that a request means: by its words, else by what was spoken of, else by default.
    async fn meant(
        &self,
        toolbox: &Toolbox,
        environments: &Environments,
        said: &str,
        memory: &Memory,
    ) -> Result<Option<EnvironmentName>, Problem> {
        if let Some(name) = self.named(said) {
            return Ok(Some(name));
        }
        for word in said.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).filter(|w| w.starts_with("chg-")) {
            let Ok(id) = word.parse() else { continue };
            let file = toolbox.records.change(&id).await?;
            if let Some(file) = file.filter(|file| self.hidden.contains(&file.change.component.environment)) {
                return Ok(Some(file.change.component.environment));
            }
        }
        let open = memory.open.as_ref().and_then(|open| self.named_in(&open.arguments));
        if open.is_some() {
            return Ok(open);
        }
        // Another environment is named: then neither what was spoken of nor the default is meant.
        if environments.all.keys().any(|name| stands_in(said, name.as_str())) {
            return Ok(None);
        }
        let known = memory.known.environment.as_ref().or(memory.known.component.as_ref().map(|id| &id.environment));
        let meant = known.unwrap_or(&environments.default);
        let of_change = match &memory.known.change {
            Some(id) => toolbox.records.change(id).await?.map(|file| file.change.component.environment),
            None => None,
        };
        let meant = of_change.filter(|name| self.hidden.contains(name)).unwrap_or_else(|| meant.clone());
        Ok(self.hidden.contains(&meant).then_some(meant))
    }

    /// The hidden environment that a text names, by its own name or by that of something only hidden ones have.
    pub(crate) fn named(&self, text: &str) -> Option<EnvironmentName> {
        let by_name = || self.names.iter().find(|(name, _)| stands_in(text, name)).map(|(_, environment)| environment);
        self.direct(text).or_else(|| by_name().cloned())
    }

    /// The hidden environment that any text among arguments names.
    fn named_in(&self, arguments: &Value) -> Option<EnvironmentName> {
        match arguments {
            Value::String(text) => self.named(text),
            Value::Array(items) => items.iter().find_map(|item| self.named_in(item)),
            Value::Object(entries) => {
                entries.iter().find_map(|(key, value)| self.named_in(value).or_else(|| self.direct(key)))
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => None,
        }
    }

    fn direct(&self, text: &str) -> Option<EnvironmentName> {
        self.hidden.iter().find(|name| stands_in(text, name.as_str())).cloned()
    }

    /// Refuses a call that names what is hidden.
    ///
    /// # Errors
    /// [`Code::NeverSent`].
    pub(crate) fn check(&self, arguments: &Value) -> Result<(), Problem> {
        if self.hidden.is_empty() {
            return Ok(());
        }
        match self.named_in(arguments) {
            Some(environment) => Err(Problem::new(Code::NeverSent).with("environment", environment)),
            None => Ok(()),
        }
    }

    /// The problem without what is hidden, for whoever must not see it.
    pub(crate) fn cover(&self, problem: &Problem) -> Problem {
        let mut problem = problem.clone();
        for value in problem.facts.values_mut().filter(|value| self.named(value).is_some()) {
            "(not shown)".clone_into(value);
        }
        problem
    }

    /// The memory of a conversation without what is hidden.
    pub(crate) fn memory(&self, memory: &Memory) -> Memory {
        let mut seen = memory.clone();
        seen.exchanges.retain(|exchange| {
            !exchange.inside && self.named(&exchange.said).is_none() && self.named(&exchange.answered).is_none()
        });
        let hides = |name: &EnvironmentName| self.hidden.contains(name);
        let component = memory.known.component.as_ref().is_some_and(|id| hides(&id.environment));
        if component || memory.known.environment.as_ref().is_some_and(hides) {
            seen.known = Known { change: memory.known.change.clone(), ..Known::default() };
        }
        seen
    }

    /// The toolbox in which hidden environments do not exist.
    pub(crate) fn over(&self, toolbox: &Toolbox) -> Toolbox {
        if self.hidden.is_empty() {
            return toolbox.clone();
        }
        Toolbox {
            settings: Arc::new(Few { all: toolbox.settings.clone(), hidden: self.hidden.clone() }),
            records: Arc::new(Seen { all: toolbox.records.clone(), hidden: self.hidden.clone() }),
            ..toolbox.clone()
        }
    }
}

/// Names of groups and components that stand in hidden environments and in no other.
async fn own_names(
    toolbox: &Toolbox,
    environments: &Environments,
    hidden: &BTreeSet<EnvironmentName>,
) -> BTreeMap<String, EnvironmentName> {
    let (mut within, mut elsewhere) = (BTreeMap::new(), BTreeSet::from([CLUSTER_GROUP, MAIN_GROUP].map(str::to_owned)));
    for environment in environments.all.values() {
        let Ok(versions) = toolbox.components.list(environment).await else { continue };
        let names = versions.iter().flat_map(|version| {
            let path = &version.component.path;
            [path.group().to_owned(), path.name().to_owned()]
        });
        if hidden.contains(&environment.name) {
            within.extend(names.map(|name| (name, environment.name.clone())));
        } else {
            elsewhere.extend(names);
        }
    }
    within.retain(|name, _| !elsewhere.contains(name));
    within
}
