//! Reminding: those who may approve are told again that a change waits.
//! Served twice for every plan: when its rule says, and before it expires.
//! Must never remind of a change that has moved on, nor anybody who has decided or may not.

use super::Served;
use crate::Engine;
use crate::transition::reminder_at;
use chopmark_domain::approval::{SealedDecision, Verdict};
use chopmark_domain::facts::ChangeFile;
use chopmark_domain::lifecycle::State;
use chopmark_domain::note::{NoteBody, Occasion};
use chopmark_domain::ports::Answer;

impl Engine {
    pub(super) async fn remind(&self, file: ChangeFile, occasion: Occasion) -> Answer<Served> {
        let (State::AwaitingApproval, Some(planned)) = (file.change.state, &file.record.planned) else {
            return Ok(Served::Yes);
        };
        // The wake-up of an earlier revision: the present plan has one of its own.
        if reminder_at(planned, occasion).is_none_or(|at| self.ports.clock.now() < at) {
            return Ok(Served::Yes);
        }
        let everybody = self.ports.directory.people().await?;
        let ids: Vec<_> = everybody.iter().map(|person| person.id.clone()).collect();
        let grounds = self.grounds(&file, &ids).await?;
        let holds = |sealed: &SealedDecision| self.ports.seals.holds(sealed);
        let authority = grounds.authority(&holds);
        let decided = |sealed: &SealedDecision| authority.counts(planned, sealed).ok().map(|person| &person.id);
        let decided: Vec<_> = file.decisions.iter().filter_map(decided).collect();
        let may = everybody.iter().filter(|person| authority.admits(person, planned, Verdict::Approve).is_ok());
        let people: Vec<_> = may.map(|person| &person.id).filter(|id| !decided.contains(id)).cloned().collect();
        if !people.is_empty() {
            self.ports.journal.tell(&file.change.id, NoteBody::Reminder { people, occasion }).await?;
        }
        Ok(Served::Yes)
    }
}
