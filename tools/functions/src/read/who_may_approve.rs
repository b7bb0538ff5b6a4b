//! The tool `who_may_approve`.
//! Called by models.
//! Must never count people by anything but the guard of decisions itself, with the rule the change was planned under.

use crate::asker::Asker;
use crate::outcome::ToolOutcome;
use crate::tool::{Function, Stop, ToolKind};
use crate::toolbox::Toolbox;
use async_trait::async_trait;
use chopmark_domain::approval::SealedDecision;
use chopmark_domain::deciders::able;
use chopmark_domain::facts::Facts;
use chopmark_domain::grounds::{Grounds, Sources};
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
        let sources = Sources {
            settings: &*toolbox.settings,
            directory: &*toolbox.directory,
            drafter: &*toolbox.catalog,
            seals: None,
        };
        let grounds = Grounds::gather(&file, &[], sources, toolbox.clock.now()).await?;
        let (rule, authors) = match &file.record.planned {
            Some(planned) => (planned.rule.clone(), planned.authors.clone()),
            None => {
                let name = &file.change.component.environment;
                let environments = toolbox.settings.environments()?;
                let found = environments.get(name).map(|environment| environment.rules.usual.clone());
                let unknown = || Problem::new(Code::UnknownEnvironment).with("environment", name).with("nearest", "");
                (
                    found.ok_or_else(unknown)?,
                    BTreeSet::from([file.change.requester.clone(), file.record.author.clone()]),
                )
            }
        };
        // No decision is counted here, so that nobody needs the key: only who could give one is asked.
        let nobodys = |_: &SealedDecision| false;
        let everybody = toolbox.directory.people().await?;
        let able = able(&grounds.authority(&nobodys), &rule, &authors, everybody);
        let people = able.iter().map(|decider| decider.person.clone()).collect();
        Ok(Facts::Approvers { change: file.change.id, rule, people, able }.into())
    }
}
