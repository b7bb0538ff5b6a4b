//! What waits for whom: whether a person may decide on a change and has not yet, and who all may.
//! Asked by the router for `status` and by chat surfaces for mentions; the same guard as at a decision.
//! Must never be taken for a right: a decision is guarded again.

use crate::Engine;
use chopmark_domain::approval::{Standing, Verdict};
use chopmark_domain::deciders::{Decider, Deciders};
use chopmark_domain::facts::ChangeFile;
use chopmark_domain::ids::{PersonId, Role};
use chopmark_domain::lifecycle::State;
use chopmark_domain::person::Person;
use chopmark_domain::ports::Answer;
use std::collections::BTreeSet;

/// Who may approve a change now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Approvers {
    /// People known by name whose approval would count and is not given yet, with the roles by which they may.
    pub people: Vec<Decider>,
    /// Roles of which anybody may who asked for nothing of it: groups of them can be told as one.
    pub roles: BTreeSet<Role>,
    /// How many approvals were given.
    pub given: usize,
}

impl Engine {
    /// Who may approve a change now; nobody where it waits for none.
    ///
    /// # Errors
    /// The configuration does not parse, or the records cannot be read.
    pub async fn approvers(&self, file: &ChangeFile) -> Answer<Approvers> {
        let (State::AwaitingApproval, Some(planned)) = (file.change.state, &file.record.planned) else {
            return Ok(Approvers::default());
        };
        let everybody = self.ports.directory.people().await?;
        let ids: Vec<_> = everybody.iter().map(|person| person.id.clone()).collect();
        let grounds = self.grounds(file, &ids).await?;
        let Standing::Waiting { approved_by } = self.standing(planned, &file.decisions, &grounds) else {
            return Ok(Approvers::default());
        };
        let holds = |sealed: &_| self.ports.seals.holds(sealed);
        let authority = grounds.authority(&holds);
        let deciders = Deciders::of(planned, &file.decisions, &authority, everybody);
        let anybody = |role: &Role| {
            let somebody = PersonId::named("somebody-of-a-group").ok();
            let somebody =
                somebody.map(|id| Person { name: id.to_string(), id, roles: BTreeSet::from([role.clone()]) });
            somebody.is_some_and(|person| authority.admits(&person, planned, Verdict::Approve).is_ok())
        };
        let roles = planned.rule.approvers.iter().filter(|role| anybody(role)).cloned().collect();
        Ok(Approvers { people: deciders.able, roles, given: approved_by.len() })
    }

    /// Whether a change waits for this person's decision: they may approve it and have not.
    ///
    /// # Errors
    /// The configuration does not parse, or the records cannot be read.
    pub async fn awaits(&self, file: &ChangeFile, person: &PersonId) -> Answer<bool> {
        let (State::AwaitingApproval, Some(planned)) = (file.change.state, &file.record.planned) else {
            return Ok(false);
        };
        let grounds = self.grounds(file, std::slice::from_ref(person)).await?;
        let Some(known) = grounds.people.get(person) else { return Ok(false) };
        let holds = |sealed: &_| self.ports.seals.holds(sealed);
        if grounds.authority(&holds).admits(known, planned, Verdict::Approve).is_err() {
            return Ok(false);
        }
        Ok(match self.standing(planned, &file.decisions, &grounds) {
            Standing::Waiting { approved_by } => !approved_by.contains(&known.id),
            Standing::Met { .. } | Standing::Rejected { .. } | Standing::Expired => false,
        })
    }
}
