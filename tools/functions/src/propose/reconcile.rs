//! The tool `propose_reconcile`: what drifted goes back to what is committed, or is adopted.
//! Called by models.
//! Must never adopt one part of what drifted and drop another without a word.

use crate::asker::Asker;
use crate::outcome::{Question, ToolOutcome};
use crate::propose::plan_root;
use crate::resolve::ChosenComponent;
use crate::roots;
use crate::tool::{Function, Stop, ToolKind};
use crate::toolbox::Toolbox;
use async_trait::async_trait;
use chopmark_catalog::Catalog;
use chopmark_domain::component::{ComponentId, ComponentPath, ComponentVersion};
use chopmark_domain::environment::Environment;
use chopmark_domain::facts::Drift;
use chopmark_domain::literal::Literal;
use chopmark_domain::plan::{FieldChange, ResourceAction, Shown, Verb};
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::proposal::{Intent, Origin, Proposal, Sourced};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Propose what to do about drift of one component or existing root: bring what is there back to what is committed, or
/// keep what is there by committing it. Nothing is changed: people see the plan and decide.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Arguments {
    /// The component or root that drifted. Leave out when the person named none.
    component: Option<String>,
    /// The environment, if the person named one.
    environment: Option<String>,
    /// Which of the two is to be: what is committed, or what was found there.
    direction: Direction,
}

/// Which of the two is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Direction {
    /// What is committed: put it back.
    Committed,
    /// What was found there: keep it.
    Found,
}

/// Attributes that repeat others, with those: AWS adds its default tags, `terraform_data` puts out what it was given.
const REPEATED: [(&str, &str); 2] = [("/tags_all", "/tags"), ("/output", "/input")];

/// How many places that cannot be adopted are named.
const MOST_NAMED: usize = 10;

pub(crate) struct ProposeReconcile;

#[async_trait]
impl Function for ProposeReconcile {
    type Arguments = Arguments;
    const NAME: &'static str = "propose_reconcile";
    const KIND: ToolKind = ToolKind::Propose;

    async fn run(&self, toolbox: &Toolbox, asker: &Asker, arguments: Arguments) -> Result<ToolOutcome, Stop> {
        let environment = arguments.environment.as_deref();
        let name = match &arguments.component {
            Some(name) => name.clone(),
            None => meant(toolbox, asker, environment).await?,
        };
        if let Some(root) = toolbox.root(asker, environment, &name)? {
            return match arguments.direction {
                Direction::Committed => Ok(plan_root::proposal(root.component, root.environment_origin, root.folder)),
                Direction::Found => Err(Problem::new(Code::NotOurs).with("component", &root.component).into()),
            };
        }
        let was_said = arguments.component.is_some();
        let chosen = toolbox.component(asker, environment, Some(&name)).await?;
        let intent = match arguments.direction {
            Direction::Committed => Intent::Reconcile,
            Direction::Found => Intent::Edit { values: found(toolbox, &chosen).await? },
        };
        let by_memory = |origin: Origin| if was_said { origin } else { Origin::Memory };
        Ok(Proposal {
            component: chosen.version.component,
            environment_origin: by_memory(chosen.environment_origin),
            group_origin: by_memory(chosen.group_origin),
            intent,
            revises: None,
        }
        .into())
    }
}

/// The one that is meant when nobody named it: the one last spoken of if it drifted, else the only one that did.
async fn meant(toolbox: &Toolbox, asker: &Asker, environment: Option<&str>) -> Result<String, Stop> {
    let place = roots::seen(toolbox, asker, environment)?;
    let spoken_of = asker.memory.component.as_ref().filter(|known| known.environment == place.environment.name);
    if let Some(known) = spoken_of
        && !drift(toolbox, &place.environment, &known.path).await?.actions.is_empty()
    {
        return Ok(known.to_string());
    }
    let all = toolbox.drifts.drift(&place.environment, None).await?;
    let drifted: Vec<String> =
        all.iter().filter(|drift| !drift.actions.is_empty()).map(|drift| drift.component.to_string()).collect();
    match drifted.as_slice() {
        [only] => Ok(only.clone()),
        [] => Err(all
            .into_iter()
            .find_map(|drift| drift.problem)
            .map_or_else(|| Problem::new(Code::NothingToActOn).with("what", "reconcile").into(), Stop::from)),
        _ => Err(Question::new("component", "Which of these?", "哪一个？").with_options(drifted).into()),
    }
}

/// How one component drifted.
async fn drift(toolbox: &Toolbox, environment: &Environment, path: &ComponentPath) -> Result<Drift, Stop> {
    let drifts = toolbox.drifts.drift(environment, Some(path)).await?;
    let found = drifts.into_iter().find(|drift| drift.component.path == *path);
    Ok(found.unwrap_or_else(|| {
        let component = ComponentId { environment: environment.name.clone(), path: path.clone() };
        Drift { component, actions: vec![], problem: None }
    }))
}

/// Every field that drifted, as values of the component's template.
async fn found(toolbox: &Toolbox, chosen: &ChosenComponent) -> Result<BTreeMap<String, Sourced>, Stop> {
    let component = &chosen.version.component;
    let drift = drift(toolbox, &chosen.environment, &component.path).await?;
    if let Some(problem) = drift.problem {
        return Err(problem.into());
    }
    if drift.actions.is_empty() {
        return Err(Problem::new(Code::NothingToChange).with("component", component).into());
    }
    let mut adopting =
        Adopting { catalog: &toolbox.catalog, chosen, version: chosen.version.clone(), found: BTreeMap::new() };
    let mut foreign: Vec<String> = drift.actions.iter().flat_map(|action| adopting.resource(action)).collect();
    if !foreign.is_empty() {
        foreign.truncate(MOST_NAMED);
        let about = foreign.join(", ");
        return Err(Problem::new(Code::CannotAdopt).with("component", component).with("about", about).into());
    }
    let sourced = |value| Sourced { value, origin: Origin::Found };
    Ok(adopting.found.into_iter().map(|(name, value)| (name, sourced(value))).collect())
}

/// The values of a component that become those that were found. Each is adopted on top of those before it, so that
/// two entries of one map both count.
struct Adopting<'a> {
    catalog: &'a Catalog,
    chosen: &'a ChosenComponent,
    version: ComponentVersion,
    found: BTreeMap<String, Literal>,
}

impl Adopting<'_> {
    /// Adopts one resource's fields; returns what of it is no value.
    fn resource(&mut self, action: &ResourceAction) -> Vec<String> {
        // What is gone, or is there besides, cannot be said by a value.
        let own: Vec<&FieldChange> = action.fields.iter().filter(|field| !follows(field, &action.fields)).collect();
        if matches!(action.verb, Verb::Create | Verb::Delete) || own.is_empty() {
            return vec![action.address.clone()];
        }
        let foreign = own.into_iter().filter(|field| self.field(&action.address, field).is_none());
        foreign.map(|field| format!("{} {}", action.address, field.path)).collect()
    }

    fn field(&mut self, address: &str, field: &FieldChange) -> Option<()> {
        let found = match &field.before {
            None => None,
            Some(Shown::Value(json)) => Some(serde_json::from_str::<Literal>(json).ok()?),
            // What nobody may see cannot be committed either.
            Some(Shown::Hidden(_)) => return None,
        };
        let environment = &self.chosen.environment;
        let (name, value) = self.catalog.adopt(&self.version, environment, address, &field.path, found.as_ref())?;
        self.version.values.insert(name.clone(), value.clone());
        self.found.insert(name, value);
        Some(())
    }
}

/// Whether a field only follows from others: what the provider works out, and what repeats another one.
fn follows(field: &FieldChange, all: &[FieldChange]) -> bool {
    let unknown = field.after.as_ref().is_some_and(|after| after.stands_for(Shown::KNOWN_AFTER_APPLY));
    let repeats = REPEATED.iter().any(|(copy, original)| {
        let rest = field.path.strip_prefix(copy).filter(|rest| rest.is_empty() || rest.starts_with('/'));
        rest.is_some_and(|rest| all.iter().any(|other| other.path == format!("{original}{rest}")))
    });
    unknown || repeats
}
