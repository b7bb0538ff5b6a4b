//! Resolving: a person says what became of a run whose end is unknown.
//! Called by the router.
//! Must never lead back to a start: further work is a new change.

use crate::{Engine, entries};
use chopmark_domain::grounds::Subject;
use chopmark_domain::ids::{ChangeId, PersonId};
use chopmark_domain::lifecycle::Event;
use chopmark_domain::ports::Answer;
use chopmark_domain::rights::Right;

/// What a person found out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolution {
    /// It is all there.
    Applied,
    /// Some of it is there.
    Partial,
    /// Nothing of it is there.
    NotStarted,
}

impl Resolution {
    /// The word people type.
    pub fn word(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Partial => "partial",
            Self::NotStarted => "not_started",
        }
    }
}

impl Engine {
    /// Ends a change that needs attention.
    ///
    /// # Errors
    /// [`Code::NoRight`] for people who may not administer there; [`Code::WrongState`] when it does not need attention.
    pub async fn resolve(&self, id: &ChangeId, person: &PersonId, resolution: Resolution, why: &str) -> Answer<()> {
        let file = self.file(id).await?;
        let subject = Subject::of(&file.record.draft, &*self.ports.drafter);
        self.allow(person, Right::Administer, &subject.target(), &id.to_string()).await?;
        let entry = entries::resolved(&file.change, person, resolution.word(), why);
        let commit = self.transition(&file.change, &file.record, Event::ResolvedBy, vec![entry], |_| ())?;
        self.commit(commit).await
    }
}
