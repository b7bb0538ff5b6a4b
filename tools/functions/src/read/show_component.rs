//! The tool `show_component`.
//! Called by models and by `chopmark components show`.
//! Must never resolve a secret: the repository holds references, and references are shown.

use crate::asker::Asker;
use crate::outcome::ToolOutcome;
use crate::tool::{Function, Stop, ToolKind};
use crate::toolbox::Toolbox;
use async_trait::async_trait;
use chopmark_domain::facts::Facts;
use schemars::JsonSchema;
use serde::Deserialize;

/// Versions of a component's history that are shown.
const HISTORY: u32 = 20;

/// Show one component: its template, values, rendered files and the history of its versions.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Arguments {
    /// The component: its name, group/name, or environment/group/name. Leave out for the one last spoken of.
    component: Option<String>,
    /// The environment, if the person named one.
    environment: Option<String>,
}

pub(crate) struct ShowComponent;

#[async_trait]
impl Function for ShowComponent {
    type Arguments = Arguments;
    const NAME: &'static str = "show_component";
    const KIND: ToolKind = ToolKind::Read;

    async fn run(&self, toolbox: &Toolbox, asker: &Asker, arguments: Arguments) -> Result<ToolOutcome, Stop> {
        let chosen = toolbox.component(asker, arguments.environment.as_deref(), arguments.component.as_deref()).await?;
        let path = &chosen.version.component.path;
        let history = toolbox.components.history(&chosen.environment, path, HISTORY).await?;
        Ok(Facts::Component { version: chosen.version, history }.into())
    }
}
