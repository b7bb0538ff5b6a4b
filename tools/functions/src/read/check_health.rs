//! The tool `check_health`.
//! Called by models.
//! Must never call something healthy that it has not looked at.

use crate::asker::Asker;
use crate::outcome::ToolOutcome;
use crate::tool::{Function, Stop, ToolKind};
use crate::toolbox::Toolbox;
use async_trait::async_trait;
use chopmark_domain::facts::{Facts, Health};
use chopmark_domain::problem::{Code, Problem};
use chopmark_sources::cluster::Scope;
use schemars::JsonSchema;
use serde::Deserialize;

/// Check whether a component, an object or a whole namespace is healthy, with the reason when it is not: rollout, pods,
/// image pulls, crashes with their last log lines, scheduling, probes.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Arguments {
    /// The component, workload or pod. Leave out for the component last spoken of, unless a namespace is named.
    component: Option<String>,
    /// The environment, if the person named one.
    environment: Option<String>,
    /// The namespace, if the person named one; alone it asks about everything in it.
    namespace: Option<String>,
}

pub(crate) struct CheckHealth;

#[async_trait]
impl Function for CheckHealth {
    type Arguments = Arguments;
    const NAME: &'static str = "check_health";
    const KIND: ToolKind = ToolKind::Read;

    async fn run(&self, toolbox: &Toolbox, asker: &Asker, arguments: Arguments) -> Result<ToolOutcome, Stop> {
        let (said, namespace) = (arguments.environment.as_deref(), arguments.namespace.as_deref());
        let name = arguments.component.as_deref();
        let now = toolbox.clock.now();
        let whole = name.is_none() && (namespace.is_some() || asker.memory.component.is_none());
        if let (true, Some(namespace)) = (whole, namespace.or(asker.memory.group.as_deref())) {
            let environment = toolbox.environment(asker, said)?.environment;
            // Of a namespace in which something is hidden nothing is said: its health is that of all in it.
            if !toolbox.sees_object(&environment.name, Some(namespace), "any-other-name") {
                return Err(Problem::new(Code::UnknownComponent)
                    .with("component", namespace)
                    .with("nearest", "")
                    .into());
            }
            let report = toolbox.clusters.health(&environment, &Scope::Namespace(namespace.to_owned()), now).await?;
            return Ok(Facts::Health(report).into());
        }
        let subject = toolbox.subject(asker, said, namespace, name).await?;
        let report = toolbox.clusters.health(&subject.environment, &subject.scope(), now).await?;
        match (subject.component, report.health, name) {
            (None, Health::Missing, Some(name)) => Err(Problem::new(Code::UnknownComponent)
                .with("component", name)
                .with("nearest", subject.nearest)
                .into()),
            _ => Ok(Facts::Health(report).into()),
        }
    }
}
