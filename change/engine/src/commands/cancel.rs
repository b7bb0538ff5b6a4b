//! Cancelling: a person withdraws a change, or interrupts its run.
//! Called by the router.
//! Must never claim that something stopped before it has.

use crate::{Engine, entries};
use chopmark_domain::grounds::Subject;
use chopmark_domain::ids::{ChangeId, PersonId};
use chopmark_domain::lifecycle::{Event, State};
use chopmark_domain::person::Actor;
use chopmark_domain::ports::Answer;
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::rights::Right;

impl Engine {
    /// Cancels a change that has not begun; asks a run that has to stop.
    ///
    /// # Errors
    /// [`Code::NoRight`] for people who neither asked nor may cancel there; [`Code::WrongState`] when it is over.
    pub async fn cancel(&self, id: &ChangeId, person: &PersonId) -> Answer<()> {
        let file = self.file(id).await?;
        // Who asked may have been joined to another identity since.
        if *person != self.ports.directory.current(&file.change.requester).await? {
            let subject = Subject::of(&file.record.draft, &*self.ports.drafter);
            self.allow(person, Right::Cancel, &subject.target(), &id.to_string()).await?;
        }
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
}
