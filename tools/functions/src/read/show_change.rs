//! The tool `show_change`: also the answer to "explain this change".
//! Called by models and by `chopmark show`.
//! Must never explain from anything but the change's own record.

use crate::asker::Asker;
use crate::outcome::ToolOutcome;
use crate::tool::{Function, Stop, ToolKind};
use crate::toolbox::Toolbox;
use async_trait::async_trait;
use chopmark_domain::facts::Facts;
use schemars::JsonSchema;
use serde::Deserialize;

/// Show or explain one change in full: what was asked, what would run or ran, its risk with reasons, decisions, outcome.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Arguments {
    /// The change's id, such as chg-7f3k. Leave out for the one last spoken of.
    change: Option<String>,
}

pub(crate) struct ShowChange;

#[async_trait]
impl Function for ShowChange {
    type Arguments = Arguments;
    const NAME: &'static str = "show_change";
    const KIND: ToolKind = ToolKind::Read;

    async fn run(&self, toolbox: &Toolbox, asker: &Asker, arguments: Arguments) -> Result<ToolOutcome, Stop> {
        let file = toolbox.change(asker, arguments.change.as_deref()).await?;
        Ok(Facts::Change(Box::new(file)).into())
    }
}
