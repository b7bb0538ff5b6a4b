//! What is kept of a conversation between two sentences.
//! Used by the router; the assistant's part is its own.
//! Must never hold a right or a decision.

use super::Following;
use chopmark_assistant::Memory;
use chopmark_domain::change::{Language, Place};
use chopmark_domain::component::ComponentId;
use chopmark_domain::ids::{ChangeId, Identity};
use chopmark_domain::ports::{Answer, Conversations};
use chopmark_domain::problem::{Code, Problem};
use serde::{Deserialize, Serialize};

/// What is kept.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Conversation {
    /// The language the person pinned.
    pub(super) pinned: Option<Language>,
    /// The language last spoken.
    pub(super) language: Option<Language>,
    /// The change last drawn.
    pub(super) change: Option<ChangeId>,
    /// What the assistant remembers.
    memory: Memory,
}

impl Conversation {
    /// What was kept for a place. What an older version kept and nobody understands any more is forgotten.
    pub(super) async fn recall(store: &dyn Conversations, place: &Place) -> Answer<Self> {
        let kept = store.recall(place).await?;
        Ok(kept.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
    }

    /// Whose memory it is: of a surface where several speak in one place, each person's own, so that nobody's "it" or
    /// open question becomes another's.
    pub(super) fn key(following: Following, place: &Place, identity: &Identity) -> Place {
        match following {
            Following::Request => place.clone(),
            Following::Feed => Place { thread: format!("{} {identity}", place.thread), ..place.clone() },
        }
    }

    /// That there is a conversation: nothing of what anybody said.
    pub(super) fn trace(&self) -> Self {
        Self { change: self.change.clone(), ..Self::default() }
    }

    /// Keeps it.
    pub(super) async fn remember(&self, store: &dyn Conversations, place: &Place) -> Answer<()> {
        let text = serde_json::to_string(self).map_err(|error| Problem::new(Code::Internal).with("what", error))?;
        store.remember(place, &text).await
    }

    /// What the assistant starts from.
    pub(super) fn memory(&self) -> Memory {
        let mut memory = self.memory.clone();
        memory.known.change.clone_from(&self.change);
        memory
    }

    /// What the assistant wants to remember.
    pub(super) fn keep(&mut self, memory: Memory) {
        self.memory = memory;
    }

    /// A change was made from a proposal: it is what "it" means next.
    pub(super) fn proposed(&mut self, change: &ChangeId, component: &ComponentId) {
        self.change = Some(change.clone());
        self.memory.proposed(change, component);
    }
}
