//! The tool `propose_create`.
//! Called by models.
//! Must never fill in a value that nobody said: defaults are the catalogue's, and the card lists them.

use crate::asker::Asker;
use crate::outcome::{Question, ToolOutcome};
use crate::propose::{ask_for, checked};
use crate::resolve::{ChosenEnvironment, invalid};
use crate::tool::{Function, Stop, ToolKind};
use crate::toolbox::Toolbox;
use crate::values::Given;
use async_trait::async_trait;
use chopmark_catalog::{Scope, Template};
use chopmark_domain::component::{CLUSTER_GROUP, ComponentId, ComponentPath, MAIN_GROUP};
use chopmark_domain::environment::Environment;
use chopmark_domain::ids::ChangeId;
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::proposal::{Intent, Origin, Proposal};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// Propose a new component from a template. Nothing is created: people see the plan and decide.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Arguments {
    /// The template, such as web-service.
    template: String,
    /// The new component's name, in the person's spelling. Leave out when nobody said one.
    name: Option<String>,
    /// The environment. Leave out when nobody said one.
    environment: Option<String>,
    /// The namespace it goes into, or the group the person named. Leave out when nobody said one, and for templates that
    /// belong to no namespace.
    group: Option<String>,
    /// Values by parameter name. Only what the person said.
    #[serde(default)]
    values: BTreeMap<String, Given>,
}

pub(crate) struct ProposeCreate;

#[async_trait]
impl Function for ProposeCreate {
    type Arguments = Arguments;
    const NAME: &'static str = "propose_create";
    const KIND: ToolKind = ToolKind::Propose;

    async fn run(&self, toolbox: &Toolbox, asker: &Asker, arguments: Arguments) -> Result<ToolOutcome, Stop> {
        let template = toolbox.template(&arguments.template)?;
        let place = toolbox.environment(asker, arguments.environment.as_deref())?;
        let environment = &place.environment;
        if !environment.templates.contains(&template.name) {
            return Err(Problem::new(Code::TemplateNotAllowed)
                .with("template", &template.name)
                .with("environment", &environment.name)
                .into());
        }
        let values = checked(template, &arguments.values, &BTreeMap::new())?;
        let missing = template.parameters.iter().find(|parameter| {
            parameter.required && parameter.default.is_none() && !values.contains_key(&parameter.name)
        });
        if let Some(parameter) = missing {
            return Err(ask_for(template, parameter, arguments.name.as_deref()).into());
        }
        let Some(name) = &arguments.name else {
            return Err(ask_name(template, values.get("image").and_then(|image| image.value.as_text())).into());
        };
        let (group, group_origin) = self.group(toolbox, asker, &arguments, template, &place).await?;
        let path = ComponentPath::new(&group, name).map_err(|error| invalid(&error))?;
        if toolbox.components.read(environment, &path).await?.is_some() {
            let component = ComponentId { environment: environment.name.clone(), path };
            return Err(Problem::new(Code::ComponentExists).with("component", component).into());
        }
        let component = ComponentId { environment: environment.name.clone(), path };
        let intent = Intent::Create { template: template.name.clone(), values };
        let revises = waiting_create(toolbox, asker, &component).await?;
        Ok(Proposal { component, environment_origin: place.origin, group_origin, intent, revises }.into())
    }
}

impl ProposeCreate {
    async fn group(
        &self,
        toolbox: &Toolbox,
        asker: &Asker,
        arguments: &Arguments,
        template: &Template,
        place: &ChosenEnvironment,
    ) -> Result<(String, Origin), Stop> {
        if template.scope == Scope::Cluster {
            return Ok((CLUSTER_GROUP.to_owned(), Origin::Default));
        }
        if let Some(group) = &arguments.group {
            return Ok((group.clone(), Origin::Said));
        }
        // It is in no namespace: what was last spoken of says nothing about it.
        if template.scope == Scope::Main {
            return Ok((MAIN_GROUP.to_owned(), Origin::Default));
        }
        let same_environment = asker.memory.environment.as_ref() == Some(&place.environment.name);
        if let (Some(group), true) = (&asker.memory.group, same_environment) {
            return Ok((group.clone(), Origin::Memory));
        }
        Err(self.ask_group(toolbox, &place.environment).await?.into())
    }

    async fn ask_group(&self, toolbox: &Toolbox, environment: &Environment) -> Result<Question, Problem> {
        let versions = toolbox.components.list(environment).await?;
        let groups: BTreeSet<String> = versions
            .iter()
            .map(|version| {
                let path = &version.component.path;
                if path.group() == CLUSTER_GROUP { path.name() } else { path.group() }.to_owned()
            })
            .collect();
        let (en, zh) = ("In which namespace?", "放在哪个命名空间？");
        Ok(Question::new("group", en, zh).with_options(groups.into_iter().take(10).collect()))
    }
}

/// Asks for a name; an image suggests one, such as nginx for docker.io/library/nginx:1.27.
fn ask_name(template: &Template, image: Option<&str>) -> Question {
    let mut question = Question::new("name", "What should it be called?", "它叫什么名字？");
    question.template = Some(template.name.clone());
    question.guess = image.and_then(|image| {
        let last = image.rsplit('/').next()?;
        let name = last.split([':', '@']).next()?;
        chopmark_domain::ids::is_dns_label(name).then(|| name.to_owned())
    });
    question
}

/// The asker's own waiting change that would create the same component: the new proposal takes its place.
async fn waiting_create(
    toolbox: &Toolbox,
    asker: &Asker,
    component: &ComponentId,
) -> Result<Option<ChangeId>, Problem> {
    for change in toolbox.waiting(asker).await?.into_iter().filter(|change| change.component == *component) {
        let file = toolbox.records.change(&change.id).await?;
        if file.is_some_and(|file| matches!(file.record.proposal.intent, Intent::Create { .. })) {
            return Ok(Some(change.id));
        }
    }
    Ok(None)
}
