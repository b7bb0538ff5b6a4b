//! The desk: where an adapter hands in what it hears, and asks for forms and suggestions.
//! Called by the adapters at once when something happens, in any process.
//! Must never do more than one insert before an event is acknowledged.

use super::wake::Wakes;
use super::{forms, suggest};
use crate::assemble::House;
use async_trait::async_trait;
use chopmark_domain::ports::{ChatRecords, Delivery};
use chopmark_domain::problem::Problem;
use chopmark_protocol::chat::{Desk, Form, FormAsked, Speaker, Suggested, Suggesting, Taken};
use std::sync::Arc;

/// The desk of one platform in this process.
pub struct FrontDesk {
    house: Arc<House>,
    records: Arc<dyn ChatRecords>,
    wakes: Arc<Wakes>,
}

impl FrontDesk {
    pub(super) fn new(house: Arc<House>, records: Arc<dyn ChatRecords>, wakes: Arc<Wakes>) -> Self {
        Self { house, records, wakes }
    }
}

#[async_trait]
impl Desk for FrontDesk {
    async fn take(&self, delivery: Delivery) -> Result<Taken, Problem> {
        let new = self.records.take(&delivery).await?;
        self.wakes.inbox.notify_one();
        Ok(if new { Taken::New } else { Taken::Again })
    }

    async fn form(&self, asked: FormAsked) -> Result<Form, Problem> {
        forms::form(&self.house, asked).await
    }

    async fn suggestions(&self, speaker: &Speaker, what: Suggesting, typed: &str) -> Vec<Suggested> {
        suggest::suggestions(&self.house, speaker, what, typed).await
    }
}
