//! The tool `who_may_approve`.
//! Called by models.
//! Must never count people by anything but the rule the change was planned under and their roles now.

use crate::asker::Asker;
use crate::outcome::ToolOutcome;
use crate::tool::{Function, Stop, ToolKind};
use crate::toolbox::Toolbox;
use async_trait::async_trait;
use chopmark_domain::approval::Verdict;
use chopmark_domain::facts::Facts;
use chopmark_domain::problem::{Code, Problem};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeSet;

/// Say who may approve a change, how many are needed and whether the requester counts.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Arguments {
    /// The change's id, such as chg-7f3k. Leave out for the one last spoken of.
    change: Option<String>,
}

pub(crate) struct WhoMayApprove;

#[async_trait]
impl Function for WhoMayApprove {
    type Arguments = Arguments;
    const NAME: &'static str = "who_may_approve";
    const KIND: ToolKind = ToolKind::Read;

    async fn run(&self, toolbox: &Toolbox, asker: &Asker, arguments: Arguments) -> Result<ToolOutcome, Stop> {
        let file = toolbox.change(asker, arguments.change.as_deref()).await?;
        let name = &file.change.component.environment;
        let rule = match &file.record.planned {
            Some(planned) => planned.rule.clone(),
            None => {
                let environments = toolbox.settings.environments()?;
                let found = environments.get(name).map(|environment| environment.rules.usual.clone());
                found.ok_or_else(|| {
                    Problem::new(Code::UnknownEnvironment).with("environment", name).with("nearest", "")
                })?
            }
        };
        let requester = BTreeSet::from([file.change.requester.clone()]);
        let authors = file.record.planned.as_ref().map_or(&requester, |planned| &planned.authors);
        let people = toolbox
            .directory
            .people()
            .await?
            .into_iter()
            .filter(|person| rule.admits(person, authors, Verdict::Approve).is_ok())
            .map(|person| person.id)
            .collect();
        Ok(Facts::Approvers { change: file.change.id, rule, people }.into())
    }
}
