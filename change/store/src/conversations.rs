//! What surfaces keep: deliveries claimed once, memories of places.
//! Called by the surfaces and the assistant through the port.
//! Must never answer true twice for one delivery.

use crate::{SqliteStore, failure, statements};
use async_trait::async_trait;
use chopmark_domain::change::Place;
use chopmark_domain::ports::{Answer, Clock as _, Conversations};

#[async_trait]
impl Conversations for SqliteStore {
    async fn claim(&self, surface: &str, delivery: &str) -> Answer<bool> {
        let new = statements::conversations::claim(self.writer(), surface, delivery, self.clock.now().0).await;
        new.map(|rows| rows == 1).map_err(|error| failure::problem("claim a delivery", &error))
    }

    async fn recall(&self, place: &Place) -> Answer<Option<String>> {
        let memory = statements::conversations::recall(self.readers(), place).await;
        memory.map_err(|error| failure::problem("recall a conversation", &error))
    }

    async fn remember(&self, place: &Place, memory: &str) -> Answer<()> {
        let done = statements::conversations::remember(self.writer(), place, memory, self.clock.now().0).await;
        done.map_err(|error| failure::problem("remember a conversation", &error))
    }
}
