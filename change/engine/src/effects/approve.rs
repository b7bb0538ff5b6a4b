//! Approving by rule: a class of changes that the configuration itself lets through.
//! Served once for every plan that waits.
//! Must never approve what the rule for that plan, as it is now, does not.

use super::{HELD, Served};
use crate::{Engine, entries};
use chopmark_domain::approval::{Approval, Standing};
use chopmark_domain::facts::ChangeFile;
use chopmark_domain::lifecycle::{Event, State};
use chopmark_domain::ports::Answer;

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
            let entry = entries::countersigned(&file.change, planned, &by);
            let commit = self.transition(&file.change, &file.record, Event::RuleMet, vec![entry], |_| ())?;
            self.commit(commit).await?;
        }
        Ok(Served::Yes)
    }
}
