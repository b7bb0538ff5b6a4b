//! Expiring: nobody decided in time.
//! Served at the expiry of every plan.
//! Must never end a change that has moved on or got another revision.

use super::Served;
use crate::{Engine, entries};
use chopmark_domain::facts::ChangeFile;
use chopmark_domain::lifecycle::{Event, State};
use chopmark_domain::ports::Answer;
use chopmark_domain::problem::{Code, Problem};
use std::time::Duration;

impl Engine {
    pub(super) async fn expire(&self, file: ChangeFile) -> Answer<Served> {
        if file.change.state != State::AwaitingApproval {
            return Ok(Served::Yes);
        }
        let Some(planned) = &file.record.planned else { return Ok(Served::Yes) };
        let left = planned.expires_at.since(self.ports.clock.now());
        if left > 0 {
            return Ok(Served::Again(Duration::from_millis(left.unsigned_abs())));
        }
        let problem = Problem::new(Code::PlanExpired).with("change", &file.change.id);
        let entry = entries::ended(&file.change, entries::worker(), "expired", None);
        let commit = self.transition(&file.change, &file.record, Event::TimeOver, vec![entry], |change| {
            change.problem = Some(problem);
        })?;
        self.commit(commit).await?;
        Ok(Served::Yes)
    }
}
