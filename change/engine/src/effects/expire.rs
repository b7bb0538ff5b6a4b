//! Expiring: nobody decided in time.
//! Served at the expiry of every plan.
//! Must never end a change that has moved on or got another revision.

use super::Served;
use crate::transition::ends_at;
use crate::{Engine, entries, holds};
use chopmark_domain::calendar::Start;
use chopmark_domain::facts::ChangeFile;
use chopmark_domain::holds::Hold;
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
        let now = self.ports.clock.now();
        let left = ends_at(planned).since(now);
        if left > 0 {
            return Ok(Served::Again(Duration::from_millis(left.unsigned_abs())));
        }
        let (problem, word) = match &planned.start {
            Start::Within { window, span, zone } if now >= span.until => {
                let missed = Hold::Missed { window: window.clone(), until: span.until, zone: zone.clone() };
                (holds::problem(&missed, &file.change, planned), "window_missed")
            }
            Start::Within { .. } | Start::AtOnce => {
                (Problem::new(Code::PlanExpired).with("change", &file.change.id), "expired")
            }
        };
        let entry = entries::ended(&file.change, entries::worker(), word, None);
        let commit = self.transition(&file.change, &file.record, Event::TimeOver, vec![entry], |change| {
            change.problem = Some(problem);
        })?;
        self.commit(commit).await?;
        Ok(Served::Yes)
    }
}
