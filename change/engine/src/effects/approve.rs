//! Approving by rule: a class of changes that the configuration itself lets through.
//! Served once for every plan that waits.
//! Must never approve what the rule for that plan, as it is now, does not.

use super::{HELD, Served};
use crate::{Engine, entries, holds};
use chopmark_domain::approval::{Approval, Standing};
use chopmark_domain::facts::ChangeFile;
use chopmark_domain::lifecycle::{Event, State};
use chopmark_domain::ports::Answer;
use std::collections::BTreeSet;

impl Engine {
    pub(super) async fn count_rule(&self, file: ChangeFile) -> Answer<Served> {
        let (State::AwaitingApproval, Some(planned)) = (file.change.state, &file.record.planned) else {
            return Ok(Served::Yes);
        };
        // No rule approves what no person may.
        if self.halted().await?.is_some() {
            return Ok(Served::Again(HELD));
        }
        let grounds = self.grounds(&file, &[]).await?;
        if let Standing::Met { approved_by: by @ Approval::Rule(_) } = self.standing(planned, &file.decisions, &grounds)
        {
            let passes = match self.held(planned, &grounds, holds::Asked::ToApprove(Some(&BTreeSet::new()))).await? {
                Ok(passes) => passes,
                Err(hold) => {
                    self.warn_once(&file.change.id, holds::problem(&hold, &file.change, planned)).await?;
                    return Ok(Served::Again(holds::look_again(&hold, planned, self.ports.clock.now())));
                }
            };
            let entry = entries::countersigned(&file.change, planned, &by, &passes);
            let commit = self.transition(&file.change, &file.record, Event::RuleMet, vec![entry], |change| {
                change.passes = passes;
            })?;
            self.commit(commit).await?;
        }
        Ok(Served::Yes)
    }
}
