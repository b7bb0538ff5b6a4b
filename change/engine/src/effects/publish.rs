//! Publishing: the push that a run still owes, retried alone until it arrives.
//! Served after a push failed.
//! Must never touch the change's state: its effect is over.

use super::{HELD, Served};
use crate::{Engine, entries};
use chopmark_domain::facts::ChangeFile;
use chopmark_domain::ports::Answer;
use std::time::Duration;

/// How long to wait before the next try.
const AGAIN: Duration = Duration::from_secs(60);

impl Engine {
    pub(super) async fn publish(&self, file: ChangeFile) -> Answer<Served> {
        // What a push sets off elsewhere is an effect, too.
        if self.halted().await?.is_some() {
            return Ok(Served::Again(HELD));
        }
        match self.publish_steps(&file).await {
            Ok(()) => {
                self.ports.journal.record(vec![entries::pushed(&file.change)]).await?;
                Ok(Served::Yes)
            }
            Err(problem) => {
                tracing::warn!(change = %file.change.id, code = %problem.code, "the push is still owed");
                Ok(Served::Again(AGAIN))
            }
        }
    }

    pub(super) async fn publish_steps(&self, file: &ChangeFile) -> Answer<()> {
        let environment = self.environment(&file.change.component.environment)?;
        for step in file.record.planned.iter().flat_map(|planned| &planned.plan.steps) {
            self.runner_of(step)?.publish(&environment, step).await?;
        }
        Ok(())
    }
}
