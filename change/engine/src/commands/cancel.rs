//! Cancelling: a person withdraws a change, or interrupts its run.
//! Called by the router.
//! Must never claim that something stopped before it has.

use crate::{Engine, entries};
use chopmark_domain::approval::Verdict;
use chopmark_domain::change::Change;
use chopmark_domain::ids::{ChangeId, PersonId};
use chopmark_domain::lifecycle::{Event, State};
use chopmark_domain::person::Actor;
use chopmark_domain::ports::Answer;
use chopmark_domain::problem::{Code, Problem};
use std::collections::BTreeSet;

impl Engine {
    /// Cancels a change that has not begun; asks a run that has to stop.
    ///
    /// # Errors
    /// [`Code::MayNotDecide`] for people who neither asked nor may decide; [`Code::WrongState`] when it is over.
    pub async fn cancel(&self, id: &ChangeId, person: &PersonId) -> Answer<()> {
        let file = self.file(id).await?;
        self.may_cancel(&file.change, person)?;
        if let (State::Executing, Some(run)) = (file.change.state, &file.run) {
            self.ports.journal.record(vec![entries::stop_asked(&file.change, &run.id, person)]).await?;
            return self.ports.executor.stop(&run.id).await;
        }
        let problem = Problem::new(Code::Cancelled).with("person", person);
        let entry = entries::ended(&file.change, Actor::Person(person.clone()), "cancelled", None);
        let commit = self.transition(&file.change, &file.record, Event::CancelledBy, vec![entry], |change| {
            change.problem = Some(problem);
        })?;
        self.commit(commit).await
    }

    fn may_cancel(&self, change: &Change, person: &PersonId) -> Answer<()> {
        let rule = self.environment(&change.component.environment)?.rule;
        let known = self.ports.settings.person(person);
        let may = *person == change.requester
            || known.is_some_and(|person| rule.admits(&person, &BTreeSet::new(), Verdict::Reject).is_ok());
        if may { Ok(()) } else { Err(Problem::new(Code::MayNotDecide).with("person", person).with("roles", "")) }
    }
}
