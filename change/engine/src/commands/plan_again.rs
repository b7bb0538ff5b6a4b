//! Planning again: what ended without an effect, asked for anew.
//! Called by the router.
//! Must never revive a row: it is a new change, with decisions of its own.

use super::Asked;
use crate::{Engine, transition::wrong_state};
use chopmark_domain::calendar::Start;
use chopmark_domain::change::Change;
use chopmark_domain::ids::ChangeId;
use chopmark_domain::lifecycle::State;
use chopmark_domain::ports::{Answer, ChangeFilter};

/// States in which a change ended and nothing of it happened.
const ENDED_WITHOUT_EFFECT: [State; 5] =
    [State::Expired, State::Superseded, State::PlanFailed, State::Cancelled, State::Rejected];

impl Engine {
    /// Proposes what a change proposed, planned on what is there now. Asked twice, it is one change: the one that took
    /// its place and still waits.
    ///
    /// # Errors
    /// [`chopmark_domain::problem::Code::WrongState`] when it did not end without an effect; what proposing refuses.
    pub async fn plan_again(&self, id: &ChangeId, asked: &Asked) -> Answer<ChangeId> {
        let file = self.file(id).await?;
        if !ENDED_WITHOUT_EFFECT.contains(&file.change.state) {
            return Err(wrong_state(&file.change));
        }
        self.may_propose(&file.record.proposal, asked).await?;
        if let Some(successor) = self.successors(&file.change).await?.into_iter().find(|next| !next.state.is_terminal())
        {
            return Ok(successor.id);
        }
        // A time that is over is not wished again; a window comes again.
        let over = |wish: &Start| matches!(wish, Start::Within { window: None, span, .. } if span.from <= self.ports.clock.now());
        let wish = Some(file.change.wish.clone()).filter(|wish| !over(wish)).unwrap_or_default();
        let asked = Asked { text: file.change.request.clone(), ..asked.clone() };
        self.insert(file.record.proposal.clone(), &asked, Some(&file), wish).await
    }

    /// Changes that took the place of another.
    pub(crate) async fn successors(&self, of: &Change) -> Answer<Vec<Change>> {
        let filter = ChangeFilter {
            component: Some(of.component.clone()),
            since: Some(of.created_at),
            limit: 1000,
            ..ChangeFilter::default()
        };
        let known = self.ports.records.changes(&filter).await?;
        Ok(known.into_iter().filter(|change| change.replaces.as_ref() == Some(&of.id)).collect())
    }
}
