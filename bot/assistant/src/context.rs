//! What is known when a request comes in: environments, components, what waits, what was last spoken of.
//! Gathered by the turn loop for every request; given to models as values and, in the prompt, as words.
//! Must never hold text from outside beyond names that passed their grammar.

use crate::memory::{Memory, OpenQuestion};
use chopmark_domain::change::{Change, Language};
use chopmark_domain::component::{CLUSTER_GROUP, ComponentId};
use chopmark_domain::ids::{ChangeId, EnvironmentName, TemplateName};
use chopmark_domain::lifecycle::State;
use chopmark_domain::literal::Literal;
use chopmark_domain::ports::ChangeFilter;
use chopmark_domain::problem::Problem;
use chopmark_domain::proposal::{Intent, Origin};
use chopmark_functions::{Asker, Memory as Known, Toolbox};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Components that are named to a model; the others are found by the tools.
const MOST_COMPONENTS: usize = 300;
/// Waiting changes that are named to a model.
const MOST_WAITING: u32 = 10;

/// States in which a change waits and can still be edited.
const WAITING: [State; 3] = [State::Draft, State::Planning, State::AwaitingApproval];

/// What is known.
#[derive(Debug, Clone, Serialize)]
pub struct Context {
    /// The language to answer in.
    pub language: Language,
    /// The person's words, plain.
    pub said: String,
    /// Environments.
    pub environments: Vec<EnvironmentName>,
    /// The one that is meant when nobody says another.
    pub default_environment: EnvironmentName,
    /// Templates that may be used in any of the environments.
    #[serde(skip)]
    pub templates: BTreeSet<TemplateName>,
    /// Components that exist.
    pub components: Vec<KnownComponent>,
    /// Changes that still wait: the one last spoken of, then the person's own in this place, newest first.
    pub waiting: Vec<WaitingChange>,
    /// What was last spoken of.
    pub known: Known,
    /// The question that was asked last, if it is still open.
    #[serde(skip)]
    pub open: Option<OpenQuestion>,
}

/// A component that exists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KnownComponent {
    /// Which.
    pub id: ComponentId,
    /// Its template.
    pub template: TemplateName,
    /// Its values; a model asks for them with `show_component`.
    #[serde(skip)]
    pub values: BTreeMap<String, Literal>,
}

/// A change that still waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WaitingChange {
    /// Which.
    pub id: ChangeId,
    /// What it is about.
    pub component: ComponentId,
    /// The template of what it makes or edits; none when it cannot be edited by values.
    pub template: Option<TemplateName>,
    /// The parameters whose values the person said.
    pub said: Vec<String>,
}

impl Context {
    /// Gathers what is known. A repository that cannot be read leaves its components out: the tools say so
    /// when they are needed.
    ///
    /// # Errors
    /// The configuration or the records cannot be read.
    pub async fn gather(toolbox: &Toolbox, asker: &Asker, said: &str, memory: &Memory) -> Result<Self, Problem> {
        let environments = toolbox.settings.environments()?;
        let mut components = Vec::new();
        for environment in environments.all.values() {
            match toolbox.components.list(environment).await {
                Ok(versions) => components.extend(versions.into_iter().map(|version| KnownComponent {
                    id: version.component,
                    template: version.template.name,
                    values: version.values,
                })),
                Err(problem) => tracing::warn!(environment = %environment.name, %problem, "components are not known"),
            }
        }
        components.truncate(MOST_COMPONENTS);
        let filter = ChangeFilter {
            states: WAITING.to_vec(),
            place: Some(asker.place.clone()),
            limit: MOST_WAITING,
            ..ChangeFilter::default()
        };
        let mut changes = toolbox.records.changes(&filter).await?;
        changes.retain(|change| change.requester == asker.person);
        // The change last spoken of comes first, wherever it was asked for.
        if let Some(id) = &memory.known.change {
            let spoken_of = toolbox.records.change(id).await?.map(|file| file.change);
            changes.retain(|change| change.id != *id);
            changes.splice(0..0, spoken_of.filter(|change| WAITING.contains(&change.state)));
        }
        let mut waiting = Vec::new();
        for change in changes {
            waiting.push(waiting_change(toolbox, change, &components).await?);
        }
        Ok(Self {
            language: asker.language,
            said: said.to_owned(),
            environments: environments.all.keys().cloned().collect(),
            default_environment: environments.default.clone(),
            templates: environments.all.values().flat_map(|environment| environment.templates.clone()).collect(),
            components,
            waiting,
            known: memory.known.clone(),
            open: memory.open.clone(),
        })
    }

    /// Namespaces that are known: those of components, and those that components are.
    pub fn groups(&self) -> BTreeSet<&str> {
        let existing = self.components.iter().map(|component| &component.id);
        let waiting = self.waiting.iter().map(|change| &change.component);
        let named = existing.chain(waiting).map(namespace_of);
        named.chain(self.known.group.as_deref()).collect()
    }

    /// The component that a reference such as `cart` or `shop/cart` can only mean, if exactly one fits.
    pub fn find(&self, reference: &str) -> Option<&KnownComponent> {
        let mut fitting = self.components.iter().filter(|component| {
            let full = component.id.to_string();
            full == reference || full.strip_suffix(reference).is_some_and(|rest| rest.ends_with('/'))
        });
        let first = fitting.next()?;
        fitting.next().is_none().then_some(first)
    }
}

/// The namespace a component is in, or that it is.
fn namespace_of(id: &ComponentId) -> &str {
    if id.path.group() == CLUSTER_GROUP { id.path.name() } else { id.path.group() }
}

async fn waiting_change(
    toolbox: &Toolbox,
    change: Change,
    components: &[KnownComponent],
) -> Result<WaitingChange, Problem> {
    let present = components.iter().find(|component| component.id == change.component);
    let file = toolbox.records.change(&change.id).await?;
    let (template, values) = match file.map(|file| file.record.proposal.intent) {
        Some(Intent::Create { template, values }) => (Some(template), values),
        Some(Intent::Edit { values }) => (present.map(|component| component.template.clone()), values),
        Some(
            Intent::Restart { .. }
            | Intent::Delete
            | Intent::Reconcile
            | Intent::Root { .. }
            | Intent::Restore { .. }
            | Intent::Patch { .. },
        )
        | None => (None, BTreeMap::new()),
    };
    let said = values.into_iter().filter(|(_, sourced)| sourced.origin == Origin::Said).map(|(name, _)| name).collect();
    Ok(WaitingChange { id: change.id, component: change.component, template, said })
}
