//! Resolving: a person says what became of a run whose end is unknown.
//! Called by the router.
//! Must never lead back to a start: further work is a new change.

use crate::{Engine, entries};
use chopmark_domain::approval::Verdict;
use chopmark_domain::ids::{ChangeId, PersonId};
use chopmark_domain::lifecycle::Event;
use chopmark_domain::ports::Answer;
use chopmark_domain::problem::{Code, Problem};

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
    /// [`Code::MayNotDecide`] for people who may not approve there; [`Code::WrongState`] when it does not need attention.
    pub async fn resolve(&self, id: &ChangeId, person: &PersonId, resolution: Resolution, why: &str) -> Answer<()> {
        let file = self.file(id).await?;
        let rule = self.environment(&file.change.component.environment)?.rule;
        let authors = file.record.planned.as_ref().map(|planned| planned.authors.clone()).unwrap_or_default();
        let known = self.ports.settings.person(person);
        let may = known.is_some_and(|person| rule.admits(&person, &authors, Verdict::Approve).is_ok());
        if !may {
            let roles: Vec<_> = rule.approvers.iter().map(chopmark_domain::ids::Role::as_str).collect();
            return Err(Problem::new(Code::MayNotDecide).with("person", person).with("roles", roles.join(", ")));
        }
        let entry = entries::resolved(&file.change, person, resolution.word(), why);
        let commit = self.transition(&file.change, &file.record, Event::ResolvedBy, vec![entry], |_| ())?;
        self.commit(commit).await
    }
}
