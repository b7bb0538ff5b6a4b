//! What models outside the program never get to see: environments that are marked so, with all that is in them.
//! Drawn by the assistant before anything is sent; the tools of such a request read through it.
//! Must never show by what is missing what is there: hidden environments do not exist for whoever asks.

mod ports;

use crate::memory::Memory;
use chopmark_domain::component::{CLUSTER_GROUP, ComponentPath, MAIN_GROUP};
use chopmark_domain::environment::{Disclosure, Environments};
use chopmark_domain::facts::Facts;
use chopmark_domain::ids::EnvironmentName;
use chopmark_domain::ports::ChangeFilter;
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::proposal::ObjectReference;
use chopmark_functions::{Memory as Known, Toolbox, stands_in};
use chopmark_protocol::request::Heard;
use ports::{Few, Seen};
use serde_json::Value;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What stands for what is hidden.
const NOT_SHOWN: &str = "(not shown)";
/// Changes of a hidden environment whose names are known, newest first.
const MOST_CHANGES: u32 = 1_000;

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
        let names = match own_names(toolbox, &environments, &all).await? {
            Ok(names) => names,
            // Whoever does not know what is hidden lets nothing out.
            Err(environment) => return Ok(Look::Inside(environment)),
        };
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
            NOT_SHOWN.clone_into(value);
        }
        problem
    }

    /// The facts without what belongs to hidden environments: clusters are shared.
    pub(crate) fn facts<'a>(&self, facts: &'a Facts) -> Cow<'a, Facts> {
        if self.hidden.is_empty() {
            return Cow::Borrowed(facts);
        }
        let hides = |object: &ObjectReference| self.named(&object.to_string()).is_some();
        let mut seen = facts.clone();
        match &mut seen {
            Facts::Objects { objects, .. } => objects.retain(|object| {
                let ours = object.component.as_ref().is_some_and(|id| self.hidden.contains(&id.environment));
                !ours && !hides(&object.object)
            }),
            Facts::Events { events } => events.retain(|event| !hides(&event.object)),
            _ => {}
        }
        Cow::Owned(seen)
    }

    /// A text without the names that are hidden.
    pub(crate) fn text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let mut seen = Cow::Borrowed(text);
        let hidden = self.hidden.iter().map(EnvironmentName::as_str).chain(self.names.keys().map(String::as_str));
        for name in hidden.filter(|name| stands_in(text, name)) {
            seen = Cow::Owned(without(&seen, name));
        }
        seen
    }

    /// The memory of a conversation without what is hidden.
    pub(crate) fn memory(&self, memory: &Memory) -> Memory {
        let mut seen = memory.clone();
        seen.exchanges.retain(|exchange| {
            !exchange.inside && self.named(&exchange.said).is_none() && self.named(&exchange.answered).is_none()
        });
        let hides = |name: &EnvironmentName| self.hidden.contains(name);
        let component = memory.known.component.as_ref().is_some_and(|id| hides(&id.environment));
        let group = memory.known.group.as_ref().is_some_and(|group| self.named(group).is_some());
        if component || group || memory.known.environment.as_ref().is_some_and(hides) {
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

/// A text in which a name is not shown, however it is written.
fn without(text: &str, name: &str) -> String {
    let low = text.to_ascii_lowercase();
    let (mut out, mut kept) = (String::with_capacity(text.len()), 0);
    for (at, _) in low.match_indices(name) {
        let end = at + name.len();
        let edge = |byte: Option<&u8>| !byte.is_some_and(u8::is_ascii_alphanumeric);
        if edge(text.as_bytes()[..at].last()) && edge(text.as_bytes().get(end)) {
            out.push_str(&text[kept..at]);
            out.push_str(NOT_SHOWN);
            kept = end;
        }
    }
    out.push_str(&text[kept..]);
    out
}

/// Names of groups and components that stand in hidden environments and in no other: those that are there, those
/// that changes are about, and roots. The inner error is an environment of which nobody knows what is in it.
async fn own_names(
    toolbox: &Toolbox,
    environments: &Environments,
    hidden: &BTreeSet<EnvironmentName>,
) -> Result<Result<BTreeMap<String, EnvironmentName>, EnvironmentName>, Problem> {
    let (mut within, mut elsewhere) = (BTreeMap::new(), BTreeSet::from([CLUSTER_GROUP, MAIN_GROUP].map(str::to_owned)));
    for environment in environments.all.values() {
        let names = |path: &ComponentPath| [path.group().to_owned(), path.name().to_owned()];
        let present = match toolbox.components.list(environment).await {
            Ok(versions) => versions,
            Err(_) if hidden.contains(&environment.name) => return Ok(Err(environment.name.clone())),
            Err(_) => continue,
        };
        let mut all: Vec<String> = present.iter().flat_map(|version| names(&version.component.path)).collect();
        all.extend(environment.terraform.iter().flat_map(|terraform| terraform.roots.keys().cloned()));
        if hidden.contains(&environment.name) {
            let filter = ChangeFilter {
                environment: Some(environment.name.clone()),
                limit: MOST_CHANGES,
                ..ChangeFilter::default()
            };
            let changes = toolbox.records.changes(&filter).await?;
            all.extend(changes.iter().flat_map(|change| names(&change.component.path)));
            within.extend(all.into_iter().map(|name| (name, environment.name.clone())));
        } else {
            elsewhere.extend(all);
        }
    }
    within.retain(|name, _| !elsewhere.contains(name));
    Ok(Ok(within))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chopmark_domain::facts::{EventSummary, ObjectSummary};
    use chopmark_domain::time::Timestamp;

    fn object(namespace: &str, name: &str) -> ObjectReference {
        let (api_version, kind) = ("v1".to_owned(), "Pod".to_owned());
        ObjectReference { api_version, kind, namespace: Some(namespace.to_owned()), name: name.to_owned() }
    }

    #[test]
    fn what_another_environment_s_cluster_shows_of_a_hidden_one_is_left_out() -> Result<(), Box<dyn std::error::Error>>
    {
        let local = EnvironmentName::parse("local")?;
        let veil = Veil {
            hidden: Arc::new(BTreeSet::from([local.clone()])),
            names: BTreeMap::from([("treasury".to_owned(), local), ("vault".to_owned(), EnvironmentName::parse("x")?)]),
        };
        let summary = |object: ObjectReference| ObjectSummary {
            object,
            status: "1/1 ready".to_owned(),
            created_at: Timestamp(0),
            component: None,
        };
        let objects = ["treasury", "shop", "default"].map(|namespace| summary(object(namespace, "a-1")));
        let ours = ObjectSummary { component: Some("local/pay/safe".parse()?), ..summary(object("pay", "safe-1")) };
        let facts = Facts::Objects {
            environment: EnvironmentName::parse("dev")?,
            kind: "pods".to_owned(),
            objects: objects.into_iter().chain([ours]).collect(),
        };
        let seen = serde_json::to_string(&*veil.facts(&facts)).unwrap_or_default();
        assert!(seen.contains("shop") && seen.contains("default"), "{seen}");
        assert!(!seen.contains("treasury") && !seen.contains("safe"), "{seen}");
        let event = |object: ObjectReference| EventSummary {
            object,
            severity: "Normal".to_owned(),
            reason: "Pulled".to_owned(),
            message: "of VAULT in treasury.svc, not of vaults".to_owned(),
            count: 1,
            at: Timestamp(0),
        };
        let facts = Facts::Events { events: vec![event(object("treasury", "a")), event(object("shop", "vault-1"))] };
        assert_eq!(*veil.facts(&facts), Facts::Events { events: Vec::new() });
        let text = veil.text("of VAULT in treasury.svc, not of vaults; 在local里");
        assert_eq!(text, "of (not shown) in (not shown).svc, not of vaults; 在(not shown)里");
        assert!(matches!(veil.text("nothing of it"), Cow::Borrowed(_)));
        Ok(())
    }
}
