//! Records that keep nothing: an adapter is made with them to look at a set-up, and for nothing else.
//! Used by the doctor's look at chat platforms.
//! Must never be given to an adapter that listens: what it took would be lost.

use async_trait::async_trait;
use chopmark_domain::change::{Language, Place};
use chopmark_domain::ids::ChangeId;
use chopmark_domain::ports::{
    Answer, CardSlot, ChatRecords, Delivery, NewMessage, Outcome, Speaks, Subscription, WaitingMessage,
};
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::time::Timestamp;

/// Nothing is there, and nothing can be kept.
#[derive(Debug, Clone, Copy)]
pub(super) struct Nothing;

fn refused<T>() -> Answer<T> {
    Err(Problem::new(Code::Internal).with("what", "an adapter that only looks wanted something kept"))
}

#[async_trait]
impl ChatRecords for Nothing {
    async fn take(&self, _delivery: &Delivery) -> Answer<bool> {
        refused()
    }
    async fn unserved(&self, _surface: &str, _limit: u32) -> Answer<Vec<Delivery>> {
        Ok(Vec::new())
    }
    async fn finish(&self, _surface: &str, _id: &str, _now: Timestamp) -> Answer<()> {
        refused()
    }
    async fn send(&self, _messages: &[NewMessage]) -> Answer<()> {
        refused()
    }
    async fn due_messages(&self, _surface: &str, _now: Timestamp, _limit: u32) -> Answer<Vec<WaitingMessage>> {
        Ok(Vec::new())
    }
    async fn put_off(&self, _number: i64, _due_at: Timestamp) -> Answer<()> {
        refused()
    }
    async fn settle(&self, _number: i64, _outcome: &Outcome, _now: Timestamp) -> Answer<()> {
        refused()
    }
    async fn want_card(&self, _place: &Place, _change: &ChangeId, _language: Language, _note: i64) -> Answer<()> {
        refused()
    }
    async fn raise_cards(&self, _change: &ChangeId, _note: i64) -> Answer<()> {
        refused()
    }
    async fn due_cards(&self, _surface: &str, _now: Timestamp, _limit: u32) -> Answer<Vec<CardSlot>> {
        Ok(Vec::new())
    }
    async fn card_of(&self, _surface: &str, _message: &str) -> Answer<Option<CardSlot>> {
        Ok(None)
    }
    async fn card_at(&self, _place: &Place, _change: &ChangeId) -> Answer<Option<CardSlot>> {
        Ok(None)
    }
    async fn cards_of(&self, _change: &ChangeId) -> Answer<Vec<CardSlot>> {
        Ok(Vec::new())
    }
    async fn drew(&self, _slot: &CardSlot, _due_at: Timestamp) -> Answer<()> {
        refused()
    }
    async fn fed(&self, _surface: &str) -> Answer<Option<i64>> {
        Ok(None)
    }
    async fn feed(&self, _surface: &str, _note: i64, _messages: &[NewMessage]) -> Answer<()> {
        refused()
    }
    async fn subscribe(&self, _subscription: &Subscription, _now: Timestamp) -> Answer<bool> {
        refused()
    }
    async fn unsubscribe(&self, _subscription: &Subscription) -> Answer<bool> {
        refused()
    }
    async fn subscriptions(&self, _surface: &str) -> Answer<Vec<Subscription>> {
        Ok(Vec::new())
    }
    async fn pin_language(&self, _whose: &Speaks, _language: Option<Language>) -> Answer<()> {
        refused()
    }
    async fn pinned_language(&self, _whose: &Speaks) -> Answer<Option<Language>> {
        Ok(None)
    }
    async fn keep_thread(&self, _place: &Place, _real: &str) -> Answer<()> {
        refused()
    }
    async fn thread(&self, _place: &Place) -> Answer<Option<String>> {
        Ok(None)
    }
    async fn place_of_thread(&self, _surface: &str, _real: &str) -> Answer<Option<Place>> {
        Ok(None)
    }
}
