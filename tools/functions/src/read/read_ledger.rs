//! The tool `read_ledger`.
//! Called by models.
//! Must never re-word an entry: what is stored is what is handed on.

use crate::asker::Asker;
use crate::outcome::ToolOutcome;
use crate::tool::{Function, Stop, ToolKind};
use crate::toolbox::Toolbox;
use async_trait::async_trait;
use chopmark_domain::facts::Facts;
use chopmark_domain::ports::LedgerFilter;
use chopmark_domain::problem::{Code, Problem};
use schemars::JsonSchema;
use serde::Deserialize;

/// Read the newest entries of the ledger, the tamper-evident record of who asked, decided and ran what.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Arguments {
    /// Only entries about this change, such as chg-7f3k.
    change: Option<String>,
    /// At most so many; 20 when left out.
    #[schemars(range(min = 1, max = 200))]
    limit: Option<u32>,
}

pub(crate) struct ReadLedger;

#[async_trait]
impl Function for ReadLedger {
    type Arguments = Arguments;
    const NAME: &'static str = "read_ledger";
    const KIND: ToolKind = ToolKind::Read;

    async fn run(&self, toolbox: &Toolbox, asker: &Asker, arguments: Arguments) -> Result<ToolOutcome, Stop> {
        let limit = arguments.limit.unwrap_or(20).min(200);
        let (after, change) = match &arguments.change {
            Some(id) => (0, Some(toolbox.change(asker, Some(id)).await?.change.id)),
            None => {
                let (newest, _) = toolbox.records.ledger_head().await?;
                ((newest - i64::from(limit)).max(0), None)
            }
        };
        let entries = toolbox.records.ledger(&LedgerFilter { after, change, limit }).await?;
        let entries: Result<Vec<_>, _> = entries.iter().map(|entry| entry.content()).collect();
        let entries = entries.map_err(|error| Problem::new(Code::LedgerBroken).with("fault", error))?;
        Ok(Facts::Ledger { entries }.into())
    }
}
