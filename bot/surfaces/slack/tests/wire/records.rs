//! The store's side, in memory: threads, which is all that the adapter itself keeps.
//! Used by the kit.
//! Must never answer what the adapter has no business to ask.

use async_trait::async_trait;
use chopmark_domain::change::{Language, Place};
use chopmark_domain::ids::ChangeId;
use chopmark_domain::ports::{
    Answer, CardSlot, ChatRecords, Delivery, NewMessage, Outcome, Speaks, Subscription, WaitingMessage,
};
use chopmark_domain::time::Timestamp;
use std::collections::BTreeMap;
use std::sync::Mutex;

#[derive(Default)]
pub(crate) struct Records {
    pub(crate) threads: Mutex<BTreeMap<Place, String>>,
}

fn never<T>() -> Answer<T> {
    panic!("an adapter keeps threads only")
}

#[async_trait]
impl ChatRecords for Records {
    async fn take(&self, _: &Delivery) -> Answer<bool> {
        never()
    }
    async fn unserved(&self, _: &str, _: u32) -> Answer<Vec<Delivery>> {
        never()
    }
    async fn finish(&self, _: &str, _: &str, _: Timestamp) -> Answer<()> {
        never()
    }
    async fn send(&self, _: &[NewMessage]) -> Answer<()> {
        never()
    }
    async fn due_messages(&self, _: &str, _: Timestamp, _: u32) -> Answer<Vec<WaitingMessage>> {
        never()
    }
    async fn put_off(&self, _: i64, _: Timestamp) -> Answer<()> {
        never()
    }
    async fn settle(&self, _: i64, _: &Outcome, _: Timestamp) -> Answer<()> {
        never()
    }
    async fn want_card(&self, _: &Place, _: &ChangeId, _: Language, _: i64) -> Answer<()> {
        never()
    }
    async fn raise_cards(&self, _: &ChangeId, _: i64) -> Answer<()> {
        never()
    }
    async fn due_cards(&self, _: &str, _: Timestamp, _: u32) -> Answer<Vec<CardSlot>> {
        never()
    }
    async fn card_of(&self, _: &str, _: &str) -> Answer<Option<CardSlot>> {
        never()
    }
    async fn card_at(&self, _: &Place, _: &ChangeId) -> Answer<Option<CardSlot>> {
        never()
    }
    async fn cards_of(&self, _: &ChangeId) -> Answer<Vec<CardSlot>> {
        never()
    }
    async fn drew(&self, _: &CardSlot, _: Timestamp) -> Answer<()> {
        never()
    }
    async fn fed(&self, _: &str) -> Answer<Option<i64>> {
        never()
    }
    async fn feed(&self, _: &str, _: i64, _: &[NewMessage]) -> Answer<()> {
        never()
    }
    async fn subscribe(&self, _: &Subscription, _: Timestamp) -> Answer<bool> {
        never()
    }
    async fn unsubscribe(&self, _: &Subscription) -> Answer<bool> {
        never()
    }
    async fn subscriptions(&self, _: &str) -> Answer<Vec<Subscription>> {
        never()
    }
    async fn pin_language(&self, _: &Speaks, _: Option<Language>) -> Answer<()> {
        never()
    }
    async fn pinned_language(&self, _: &Speaks) -> Answer<Option<Language>> {
        never()
    }
    async fn keep_thread(&self, place: &Place, real: &str) -> Answer<()> {
        let mut threads = self.threads.lock().unwrap();
        assert!(
            !threads.iter().any(|(other, kept)| kept == real && other != place),
            "a thread that is kept for two places: {real}"
        );
        threads.insert(place.clone(), real.to_owned());
        Ok(())
    }
    async fn thread(&self, place: &Place) -> Answer<Option<String>> {
        Ok(self.threads.lock().unwrap().get(place).cloned())
    }
    async fn place_of_thread(&self, _: &str, _: &str) -> Answer<Option<Place>> {
        never()
    }
}
