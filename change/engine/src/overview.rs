//! What waits for whom: whether a person may decide on a change and has not yet.
//! Asked by the router for `status`; the same guard as at a decision.
//! Must never be taken for a right: a decision is guarded again.

use crate::Engine;
use chopmark_domain::approval::{Standing, Verdict};
use chopmark_domain::facts::ChangeFile;
use chopmark_domain::ids::PersonId;
use chopmark_domain::lifecycle::State;
use chopmark_domain::ports::Answer;

impl Engine {
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
