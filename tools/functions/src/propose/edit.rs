//! The tool `propose_edit`: new values for a component, or for a change that still waits.
//! Called by models.
//! Must never touch somebody else's waiting change unless its id was named.

use crate::asker::Asker;
use crate::outcome::{Question, ToolOutcome};
use crate::propose::checked;
use crate::resolve::{ChosenComponent, WAITING};
use crate::tool::{Function, Stop, ToolKind};
use crate::toolbox::Toolbox;
use crate::values::Given;
use async_trait::async_trait;
use chopmark_catalog::Template;
use chopmark_domain::component::ComponentId;
use chopmark_domain::facts::ChangeFile;
use chopmark_domain::literal::Literal;
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::proposal::{Intent, Proposal};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Propose new values for a component: scale, another image, resources, any parameter of its template. Also edits a
/// change that still waits for a decision, as in "make it 4 instead". Nothing is changed: people see the plan and decide.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Arguments {
    /// The component: its name, group/name, or environment/group/name. Leave out when the person means what was last
    /// spoken of.
    component: Option<String>,
    /// The waiting change to edit, such as chg-7f3k, if the person named one.
    change: Option<String>,
    /// The environment, if the person named one.
    environment: Option<String>,
    /// The new values by parameter name, and only those. Entries of maps are added to the present ones; null removes.
    #[serde(default)]
    values: BTreeMap<String, Given>,
}

pub(crate) struct ProposeEdit;

#[async_trait]
impl Function for ProposeEdit {
    type Arguments = Arguments;
    const NAME: &'static str = "propose_edit";
    const KIND: ToolKind = ToolKind::Propose;

    async fn run(&self, toolbox: &Toolbox, asker: &Asker, arguments: Arguments) -> Result<ToolOutcome, Stop> {
        if let Some(file) = waiting(toolbox, asker, &arguments).await? {
            return revised(toolbox, &file, &arguments.values).await;
        }
        let chosen = toolbox.component(asker, arguments.environment.as_deref(), arguments.component.as_deref()).await?;
        edited(toolbox, chosen, &arguments.values)
    }
}

/// The waiting change that is meant, if one is.
async fn waiting(toolbox: &Toolbox, asker: &Asker, arguments: &Arguments) -> Result<Option<ChangeFile>, Stop> {
    if let Some(id) = &arguments.change {
        let file = toolbox.change(asker, Some(id)).await?;
        if !WAITING.contains(&file.change.state) || !is_editable(&file) {
            let state = serde_json::to_value(file.change.state).ok();
            let state = state.as_ref().and_then(|state| state.as_str()).unwrap_or_default().to_owned();
            return Err(Problem::new(Code::WrongState).with("change", id).with("state", state).into());
        }
        return Ok(Some(file));
    }
    for change in toolbox.waiting(asker).await? {
        let named = arguments.component.as_deref().is_none_or(|name| is_called(&change.component, name));
        let there = arguments.environment.as_deref().is_none_or(|name| change.component.environment.as_str() == name);
        if named && there {
            let file = toolbox.records.change(&change.id).await?;
            if let Some(file) = file.filter(is_editable) {
                return Ok(Some(file));
            }
        }
    }
    Ok(None)
}

fn is_editable(file: &ChangeFile) -> bool {
    matches!(file.record.proposal.intent, Intent::Create { .. } | Intent::Edit { .. })
}

/// Whether a component may be called so: by its name or by the end of its full name.
fn is_called(component: &ComponentId, name: &str) -> bool {
    let full = component.to_string();
    full == name || full.strip_suffix(name).is_some_and(|rest| rest.ends_with('/'))
}

/// The next revision of a waiting change: its own values with the new ones over them.
async fn revised(toolbox: &Toolbox, file: &ChangeFile, given: &BTreeMap<String, Given>) -> Result<ToolOutcome, Stop> {
    let before = &file.record.proposal;
    let component = before.component.clone();
    let current = match toolbox.settings.environments()?.get(&component.environment) {
        Some(environment) => toolbox.components.read(environment, &component.path).await?,
        None => None,
    };
    let (template, mut values, mut present) = match &before.intent {
        Intent::Create { template, values } => (template.clone(), values.clone(), BTreeMap::new()),
        Intent::Edit { values } => {
            let current = current.ok_or_else(|| crate::resolve::unknown(&component.to_string(), &[]))?;
            (current.template.name, values.clone(), current.values)
        }
        Intent::Restart { .. }
        | Intent::Delete
        | Intent::Reconcile
        | Intent::Root { .. }
        | Intent::Restore { .. }
        | Intent::Patch { .. } => {
            return Err(Problem::new(Code::NothingToActOn).into());
        }
    };
    let template = toolbox.template(template.as_str())?;
    if given.is_empty() {
        return Err(what_to_change(template, &component).into());
    }
    present.extend(values.iter().map(|(name, sourced)| (name.clone(), sourced.value.clone())));
    values.extend(checked(template, given, &present)?);
    let intent = match &before.intent {
        Intent::Create { template, .. } => Intent::Create { template: template.clone(), values },
        _ => Intent::Edit { values },
    };
    let revises = Some(file.change.id.clone());
    Ok(Proposal { intent, revises, ..before.clone() }.into())
}

fn edited(toolbox: &Toolbox, chosen: ChosenComponent, given: &BTreeMap<String, Given>) -> Result<ToolOutcome, Stop> {
    let ChosenComponent { environment_origin, group_origin, version, .. } = chosen;
    let template = toolbox.template(version.template.name.as_str())?;
    if given.is_empty() {
        return Err(what_to_change(template, &version.component).into());
    }
    let values = checked(template, given, &version.values)?;
    let differs = |name: &String, value: &Literal| version.values.get(name) != Some(value);
    if !values.iter().any(|(name, sourced)| differs(name, &sourced.value)) {
        return Err(Problem::new(Code::NothingToChange).with("component", &version.component).into());
    }
    let intent = Intent::Edit { values };
    Ok(Proposal { component: version.component, environment_origin, group_origin, intent, revises: None }.into())
}

fn what_to_change(template: &Template, component: &ComponentId) -> Question {
    let name = component.path.name();
    let en = format!("What should change in {name}? For example: make it 3 {}", example(template).0);
    let zh = format!("要改 {name} 的什么？例如：{}", example(template).1);
    let mut question = Question::new("values", en, zh);
    question.template = Some(template.name.clone());
    question.options = template.parameters.iter().map(|parameter| parameter.name.clone()).take(10).collect();
    question
}

fn example(template: &Template) -> (String, String) {
    let first = template.parameters.first();
    first.map(|parameter| (parameter.title.en.to_lowercase(), parameter.title.zh.clone())).unwrap_or_default()
}
