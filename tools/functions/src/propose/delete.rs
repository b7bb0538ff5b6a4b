//! The tool `propose_delete`.
//! Called by models.
//! Must never delete by a pattern or several things at once.

use crate::asker::Asker;
use crate::outcome::ToolOutcome;
use crate::tool::{Function, Stop, ToolKind};
use crate::toolbox::Toolbox;
use async_trait::async_trait;
use chopmark_domain::proposal::{Intent, Proposal};
use schemars::JsonSchema;
use serde::Deserialize;

/// Propose to delete one component and everything it made. Always severe. Nothing is deleted: people see the plan and
/// decide.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Arguments {
    /// The component: its name, group/name, or environment/group/name; a namespace's own component is cluster/name.
    /// Leave out for the one last spoken of.
    component: Option<String>,
    /// The environment, if the person named one.
    environment: Option<String>,
}

pub(crate) struct ProposeDelete;

#[async_trait]
impl Function for ProposeDelete {
    type Arguments = Arguments;
    const NAME: &'static str = "propose_delete";
    const KIND: ToolKind = ToolKind::Propose;

    async fn run(&self, toolbox: &Toolbox, asker: &Asker, arguments: Arguments) -> Result<ToolOutcome, Stop> {
        let chosen = toolbox.component(asker, arguments.environment.as_deref(), arguments.component.as_deref()).await?;
        Ok(Proposal {
            component: chosen.version.component,
            environment_origin: chosen.environment_origin,
            group_origin: chosen.group_origin,
            intent: Intent::Delete,
            revises: None,
        }
        .into())
    }
}
