//! The tool `list_objects`.
//! Called by models.
//! Must never hand on more of an object than its summary: no spec, no data, no secret.

use crate::asker::Asker;
use crate::outcome::ToolOutcome;
use crate::tool::{Function, Stop, ToolKind};
use crate::toolbox::Toolbox;
use async_trait::async_trait;
use chopmark_domain::facts::Facts;
use schemars::JsonSchema;
use serde::Deserialize;

/// List the objects of a kind in an environment's cluster, ours or not, with their state.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Arguments {
    /// The kind by any name that kubectl knows, such as pods, deploy or Ingress.
    #[schemars(length(min = 1, max = 80))]
    kind: String,
    /// The environment, if the person named one.
    environment: Option<String>,
    /// Only this namespace. Leave out for the one last used.
    namespace: Option<String>,
    /// True for the objects of all namespaces.
    all_namespaces: Option<bool>,
}

pub(crate) struct ListObjects;

#[async_trait]
impl Function for ListObjects {
    type Arguments = Arguments;
    const NAME: &'static str = "list_objects";
    const KIND: ToolKind = ToolKind::Read;

    async fn run(&self, toolbox: &Toolbox, asker: &Asker, arguments: Arguments) -> Result<ToolOutcome, Stop> {
        let environment = toolbox.environment(asker, arguments.environment.as_deref())?.environment;
        let namespace = if arguments.all_namespaces == Some(true) {
            None
        } else {
            toolbox.namespace(asker, &environment, arguments.namespace.as_deref())?
        };
        let mut objects = toolbox.clusters.objects(&environment, &arguments.kind, namespace.as_deref()).await?;
        objects.retain(|found| {
            let object = &found.object;
            toolbox.sees_object(&environment.name, object.namespace.as_deref(), &object.name)
        });
        Ok(Facts::Objects { environment: environment.name, kind: arguments.kind, objects }.into())
    }
}
