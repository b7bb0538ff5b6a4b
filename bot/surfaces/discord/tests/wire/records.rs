//! Records in memory: threads and pinned languages, which is what an adapter reads.
//! Used by every test of the wire.
//! Must never be asked for what only the program keeps.

use async_trait::async_trait;
use chopmark_domain::change::{Language, Place};
use chopmark_domain::ids::ChangeId;
use chopmark_domain::ports::{
    Answer, CardSlot, ChatRecords, Delivery, NewMessage, Outcome, Speaks, Subscription, WaitingMessage,
};
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::time::Timestamp;
use std::sync::Mutex;

#[derive(Default)]
pub(crate) struct Shelf {
    threads: Mutex<Vec<(Place, String)>>,
    languages: Mutex<Vec<(Speaks, Language)>>,
}

fn no<T>() -> Answer<T> {
    Err(Problem::new(Code::Internal).with("what", "an adapter does not ask this"))
}

#[async_trait]
impl ChatRecords for Shelf {
    async fn keep_thread(&self, place: &Place, real: &str) -> Answer<()> {
        let mut threads = self.threads.lock().unwrap();
        threads.retain(|(known, _)| known != place);
        threads.push((place.clone(), real.to_owned()));
        Ok(())
    }
    async fn thread(&self, place: &Place) -> Answer<Option<String>> {
        let threads = self.threads.lock().unwrap();
        Ok(threads.iter().find(|(known, _)| known == place).map(|(_, real)| real.clone()))
    }
    async fn place_of_thread(&self, surface: &str, real: &str) -> Answer<Option<Place>> {
        let threads = self.threads.lock().unwrap();
        let fits = |(place, known): &&(Place, String)| place.surface == surface && known == real;
        Ok(threads.iter().find(fits).map(|(place, _)| place.clone()))
    }
    async fn pin_language(&self, whose: &Speaks, language: Option<Language>) -> Answer<()> {
        let mut languages = self.languages.lock().unwrap();
        languages.retain(|(known, _)| known != whose);
        languages.extend(language.map(|language| (whose.clone(), language)));
        Ok(())
    }
    async fn pinned_language(&self, whose: &Speaks) -> Answer<Option<Language>> {
        let languages = self.languages.lock().unwrap();
        Ok(languages.iter().find(|(known, _)| known == whose).map(|(_, language)| *language))
    }

    async fn take(&self, _: &Delivery) -> Answer<bool> {
        no()
    }
    async fn unserved(&self, _: &str, _: u32) -> Answer<Vec<Delivery>> {
        no()
    }
    async fn finish(&self, _: &str, _: &str, _: Timestamp) -> Answer<()> {
        no()
    }
    async fn send(&self, _: &[NewMessage]) -> Answer<()> {
        no()
    }
    async fn due_messages(&self, _: &str, _: Timestamp, _: u32) -> Answer<Vec<WaitingMessage>> {
        no()
    }
    async fn put_off(&self, _: i64, _: Timestamp) -> Answer<()> {
        no()
    }
    async fn settle(&self, _: i64, _: &Outcome, _: Timestamp) -> Answer<()> {
        no()
    }
    async fn want_card(&self, _: &Place, _: &ChangeId, _: Language, _: i64) -> Answer<()> {
        no()
    }
    async fn raise_cards(&self, _: &ChangeId, _: i64) -> Answer<()> {
        no()
    }
    async fn due_cards(&self, _: &str, _: Timestamp, _: u32) -> Answer<Vec<CardSlot>> {
        no()
    }
    async fn card_of(&self, _: &str, _: &str) -> Answer<Option<CardSlot>> {
        no()
    }
    async fn card_at(&self, _: &Place, _: &ChangeId) -> Answer<Option<CardSlot>> {
        no()
    }
    async fn cards_of(&self, _: &ChangeId) -> Answer<Vec<CardSlot>> {
        no()
    }
    async fn drew(&self, _: &CardSlot, _: Timestamp) -> Answer<()> {
        no()
    }
    async fn fed(&self, _: &str) -> Answer<Option<i64>> {
        no()
    }
    async fn feed(&self, _: &str, _: i64, _: &[NewMessage]) -> Answer<()> {
        no()
    }
    async fn subscribe(&self, _: &Subscription, _: Timestamp) -> Answer<bool> {
        no()
    }
    async fn unsubscribe(&self, _: &Subscription) -> Answer<bool> {
        no()
    }
    async fn subscriptions(&self, _: &str) -> Answer<Vec<Subscription>> {
        no()
    }
}
