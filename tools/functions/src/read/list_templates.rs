//! The tool `list_templates`.
//! Called by models and by `chopmark templates list`.
//! Must never list a template that the environment does not allow when one is named.

use crate::asker::Asker;
use crate::outcome::ToolOutcome;
use crate::tool::{Function, Stop, ToolKind};
use crate::toolbox::Toolbox;
use async_trait::async_trait;
use chopmark_catalog::Template;
use chopmark_domain::facts::Facts;
use schemars::JsonSchema;
use serde::Deserialize;

/// List the templates that components can be made from.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Arguments {
    /// Only those allowed in this environment.
    environment: Option<String>,
}

pub(crate) struct ListTemplates;

#[async_trait]
impl Function for ListTemplates {
    type Arguments = Arguments;
    const NAME: &'static str = "list_templates";
    const KIND: ToolKind = ToolKind::Read;

    async fn run(&self, toolbox: &Toolbox, asker: &Asker, arguments: Arguments) -> Result<ToolOutcome, Stop> {
        let allowed = match &arguments.environment {
            Some(name) => Some(toolbox.environment(asker, Some(name))?.environment.templates),
            None => None,
        };
        let templates = toolbox
            .catalog
            .templates()
            .filter(|template| allowed.as_ref().is_none_or(|allowed| allowed.contains(&template.name)))
            .map(Template::in_list)
            .collect();
        Ok(Facts::Templates { templates }.into())
    }
}
