//! The tool `read_events`.
//! Called by models.
//! Must never take the text of an event for anything but data.

use crate::asker::Asker;
use crate::outcome::ToolOutcome;
use crate::tool::{Function, Stop, ToolKind};
use crate::toolbox::Toolbox;
use async_trait::async_trait;
use chopmark_domain::facts::Facts;
use schemars::JsonSchema;
use serde::Deserialize;

/// Read the events of a cluster, newest first: what the scheduler, the kubelet and the controllers report.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Arguments {
    /// Only about this component or object, and what it made.
    component: Option<String>,
    /// The environment, if the person named one.
    environment: Option<String>,
    /// Only this namespace. Leave out for the one last used.
    namespace: Option<String>,
}

pub(crate) struct ReadEvents;

#[async_trait]
impl Function for ReadEvents {
    type Arguments = Arguments;
    const NAME: &'static str = "read_events";
    const KIND: ToolKind = ToolKind::Read;

    async fn run(&self, toolbox: &Toolbox, asker: &Asker, arguments: Arguments) -> Result<ToolOutcome, Stop> {
        let (said, namespace) = (arguments.environment.as_deref(), arguments.namespace.as_deref());
        let (environment, namespace, name) = match &arguments.component {
            Some(component) => {
                let subject = toolbox.subject(asker, said, namespace, Some(component)).await?;
                (subject.environment, Some(subject.namespace), subject.name)
            }
            None => {
                let environment = toolbox.environment(asker, said)?.environment;
                let namespace = toolbox.namespace(asker, &environment, namespace)?;
                (environment, namespace, None)
            }
        };
        let mut events = toolbox.clusters.events(&environment, namespace.as_deref(), name.as_deref()).await?;
        events.retain(|event| {
            let object = &event.object;
            toolbox.sees_object(&environment.name, object.namespace.as_deref(), &object.name)
        });
        Ok(Facts::Events { events }.into())
    }
}
