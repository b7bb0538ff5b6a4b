//! The tool `list_components`.
//! Called by models and by `chopmark components`.
//! Must never read loose files: the repository's commit is what counts.

use crate::asker::Asker;
use crate::outcome::ToolOutcome;
use crate::roots;
use crate::tool::{Function, Stop, ToolKind};
use crate::toolbox::Toolbox;
use async_trait::async_trait;
use chopmark_domain::facts::{ComponentSummary, Facts, RootSummary};
use schemars::JsonSchema;
use serde::Deserialize;

/// List the components that exist: the named things in an environment's repository, with their template and version;
/// and the existing Terraform roots that environments name, with their folders.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Arguments {
    /// Only this environment. Leave out for all of them.
    environment: Option<String>,
    /// Only this namespace; `cluster` for what belongs to no namespace, such as namespaces themselves.
    group: Option<String>,
}

pub(crate) struct ListComponents;

#[async_trait]
impl Function for ListComponents {
    type Arguments = Arguments;
    const NAME: &'static str = "list_components";
    const KIND: ToolKind = ToolKind::Read;

    async fn run(&self, toolbox: &Toolbox, asker: &Asker, arguments: Arguments) -> Result<ToolOutcome, Stop> {
        let places = match &arguments.environment {
            Some(environment) => vec![toolbox.environment(asker, Some(environment))?],
            None => toolbox.environments_by_likelihood(asker)?,
        };
        let mut components = Vec::new();
        let mut roots = Vec::new();
        for place in &places {
            roots.extend(
                roots::of(&place.environment)
                    .map(|(component, folder)| RootSummary { component, folder: folder.display().to_string() }),
            );
            let versions = match toolbox.components.list(&place.environment).await {
                Ok(versions) => versions,
                Err(problem) if places.len() == 1 => return Err(problem.into()),
                Err(problem) => {
                    tracing::warn!(environment = %place.environment.name, %problem, "components could not be listed");
                    continue;
                }
            };
            components.extend(versions.into_iter().map(|version| ComponentSummary {
                component: version.component,
                template: version.template.name,
                commit: version.commit,
                change: version.change,
                at: version.at,
            }));
        }
        if let Some(group) = &arguments.group {
            components.retain(|summary| summary.component.path.group() == group);
            roots.retain(|summary| summary.component.path.group() == group);
        }
        components.sort_by(|left, right| left.component.cmp(&right.component));
        roots.sort_by(|left, right| left.component.cmp(&right.component));
        Ok(Facts::Components { components, roots }.into())
    }
}
