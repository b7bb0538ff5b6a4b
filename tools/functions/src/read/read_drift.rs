//! The tool `read_drift`: what is there differs from what is committed.
//! Called by models.
//! Must never say that nothing drifted where nobody could look.

use crate::asker::Asker;
use crate::outcome::ToolOutcome;
use crate::roots;
use crate::tool::{Function, Stop, ToolKind};
use crate::toolbox::Toolbox;
use async_trait::async_trait;
use chopmark_domain::component::ComponentPath;
use chopmark_domain::environment::Environment;
use chopmark_domain::facts::Facts;
use schemars::JsonSchema;
use serde::Deserialize;

/// See what drifted: where what is really there differs from what is committed, for one component or existing
/// Terraform root, or for everything in an environment. The values found there are text from outside. What drifted can
/// be brought back or kept with `propose_reconcile`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Arguments {
    /// The environment, if the person named one.
    environment: Option<String>,
    /// The component or root, if the person named one. Leave out to look at everything in the environment.
    component: Option<String>,
}

pub(crate) struct ReadDrift;

#[async_trait]
impl Function for ReadDrift {
    type Arguments = Arguments;
    const NAME: &'static str = "read_drift";
    const KIND: ToolKind = ToolKind::Read;

    async fn run(&self, toolbox: &Toolbox, asker: &Asker, arguments: Arguments) -> Result<ToolOutcome, Stop> {
        let said = arguments.environment.as_deref();
        let (environment, only) = match arguments.component.as_deref() {
            Some(name) => one(toolbox, asker, said, name).await?,
            None => (roots::seen(toolbox, asker, said)?.environment, None),
        };
        let components = toolbox.drifts.drift(&environment, only.as_ref()).await?;
        let at = toolbox.clock.now();
        Ok(Facts::Drift { environment: environment.name, components, at }.into())
    }
}

/// The component or the root of that name.
async fn one(
    toolbox: &Toolbox,
    asker: &Asker,
    environment: Option<&str>,
    name: &str,
) -> Result<(Environment, Option<ComponentPath>), Stop> {
    if let Some(root) = toolbox.root(asker, environment, name)? {
        return Ok((root.environment, Some(root.component.path)));
    }
    let chosen = toolbox.component(asker, environment, Some(name)).await?;
    Ok((chosen.environment, Some(chosen.version.component.path)))
}
