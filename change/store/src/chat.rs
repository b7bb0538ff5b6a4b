//! What chat surfaces keep: events until they are served, messages until they are sent, cards, feeds, threads.
//! Called by bot/app/chat and the adapters through the port.
//! Must never lose an event that was acknowledged, or a message that was promised.

use crate::statements::{chat_cards, chat_inbox, chat_kept, chat_outbox};
use crate::words::{from_word, word};
use crate::{SqliteStore, failure};
use async_trait::async_trait;
use chopmark_domain::change::{Language, Place};
use chopmark_domain::ids::ChangeId;
use chopmark_domain::ports::{
    Answer, CardSlot, ChatRecords, Delivery, NewMessage, Outcome, Speaks, Subscription, WaitingMessage,
};
use chopmark_domain::problem::Problem;
use chopmark_domain::time::Timestamp;

/// How long ids of served events and keys of settled messages are kept: platforms repeat within minutes.
const KEPT: i64 = 24 * 60 * 60 * 1000;

#[async_trait]
impl ChatRecords for SqliteStore {
    async fn take(&self, delivery: &Delivery) -> Answer<bool> {
        self.intake.take(self, delivery).await
    }

    async fn unserved(&self, surface: &str, limit: u32) -> Answer<Vec<Delivery>> {
        let rows = chat_inbox::unserved(self.readers(), surface, limit).await;
        let rows = rows.map_err(|error| failure::problem("read events", &error))?;
        let delivery = |(id, raw, at)| Delivery { surface: surface.to_owned(), id, raw, at: Timestamp(at) };
        Ok(rows.into_iter().map(delivery).collect())
    }

    async fn finish(&self, surface: &str, id: &str, now: Timestamp) -> Answer<()> {
        let attempt = "finish an event";
        let failed = |error| failure::problem(attempt, &error);
        let mut transaction = self.write(attempt).await?;
        chat_inbox::finish(&mut *transaction, surface, id, now.0).await.map_err(failed)?;
        chat_inbox::forget(&mut *transaction, now.0.saturating_sub(KEPT)).await.map_err(failed)?;
        transaction.commit().await.map_err(failed)
    }

    async fn send(&self, messages: &[NewMessage]) -> Answer<()> {
        let attempt = "keep messages";
        let failed = |error| failure::problem(attempt, &error);
        if messages.is_empty() {
            return Ok(());
        }
        let mut transaction = self.write(attempt).await?;
        for message in messages {
            chat_outbox::send(&mut *transaction, message).await.map_err(failed)?;
        }
        transaction.commit().await.map_err(failed)
    }

    async fn due_messages(&self, surface: &str, now: Timestamp, limit: u32) -> Answer<Vec<WaitingMessage>> {
        let rows = chat_outbox::due(self.readers(), surface, now.0, limit).await;
        let rows = rows.map_err(|error| failure::problem("read messages", &error))?;
        Ok(rows.into_iter().map(waiting).collect())
    }

    async fn put_off(&self, number: i64, due_at: Timestamp) -> Answer<()> {
        let done = chat_outbox::put_off(self.writer(), number, due_at.0).await;
        done.map_err(|error| failure::problem("put a message off", &error))
    }

    async fn settle(&self, number: i64, outcome: &Outcome, now: Timestamp) -> Answer<()> {
        let attempt = "settle a message";
        let failed = |error| failure::problem(attempt, &error);
        let (message, given_up) = match outcome {
            Outcome::Sent(message) => (Some(message.as_str()), None),
            Outcome::GivenUp(why) => (None, Some(why.as_str())),
        };
        let mut transaction = self.write(attempt).await?;
        chat_outbox::settle(&mut *transaction, number, message, given_up, now.0).await.map_err(failed)?;
        chat_outbox::forget(&mut *transaction, now.0.saturating_sub(KEPT)).await.map_err(failed)?;
        transaction.commit().await.map_err(failed)
    }

    async fn want_card(&self, place: &Place, change: &ChangeId, language: Language, note: i64) -> Answer<()> {
        let language = word(&language)?;
        let done = chat_cards::want(self.writer(), place, change.as_str(), &language, note).await;
        done.map_err(|error| failure::problem("want a card", &error))
    }

    async fn raise_cards(&self, change: &ChangeId, note: i64) -> Answer<()> {
        let done = chat_cards::raise(self.writer(), change.as_str(), note).await;
        done.map_err(|error| failure::problem("raise cards", &error))
    }

    async fn due_cards(&self, surface: &str, now: Timestamp, limit: u32) -> Answer<Vec<CardSlot>> {
        let rows = chat_cards::due(self.readers(), surface, now.0, limit).await;
        rows.map_err(cards_unread)?.into_iter().map(slot).collect()
    }

    async fn card_of(&self, surface: &str, message: &str) -> Answer<Option<CardSlot>> {
        let row = chat_cards::by_message(self.readers(), surface, message).await;
        row.map_err(cards_unread)?.map(slot).transpose()
    }

    async fn card_at(&self, place: &Place, change: &ChangeId) -> Answer<Option<CardSlot>> {
        let row = chat_cards::at(self.readers(), place, change.as_str()).await;
        row.map_err(cards_unread)?.map(slot).transpose()
    }

    async fn cards_of(&self, change: &ChangeId) -> Answer<Vec<CardSlot>> {
        let rows = chat_cards::of(self.readers(), change.as_str()).await;
        rows.map_err(cards_unread)?.into_iter().map(slot).collect()
    }

    async fn drew(&self, slot: &CardSlot, due_at: Timestamp) -> Answer<()> {
        let row = chat_cards::Row {
            surface: slot.place.surface.clone(),
            channel: slot.place.channel.clone(),
            thread: slot.place.thread.clone(),
            change_id: slot.change.to_string(),
            language: word(&slot.language)?,
            message: slot.message.clone(),
            wanted: slot.wanted,
            shown: slot.shown,
            content: slot.content.map(|digest| digest.to_string()),
            tries: i64::from(slot.tries),
        };
        let done = chat_cards::drew(self.writer(), &row, due_at.0).await;
        done.map_err(|error| failure::problem("keep a card", &error))
    }

    async fn fed(&self, surface: &str) -> Answer<Option<i64>> {
        let note = chat_kept::fed(self.readers(), surface).await;
        note.map_err(|error| failure::problem("read a feed", &error))
    }

    async fn feed(&self, surface: &str, note: i64, messages: &[NewMessage]) -> Answer<()> {
        let attempt = "move a feed on";
        let failed = |error| failure::problem(attempt, &error);
        let mut transaction = self.write(attempt).await?;
        // Whoever came first has written what these notes lead to.
        if chat_kept::feed(&mut *transaction, surface, note).await.map_err(failed)? == 1 {
            for message in messages {
                chat_outbox::send(&mut *transaction, message).await.map_err(failed)?;
            }
        }
        transaction.commit().await.map_err(failed)
    }

    async fn subscribe(&self, subscription: &Subscription, now: Timestamp) -> Answer<bool> {
        let kind = word(&subscription.kind)?;
        let rows = chat_kept::subscribe(self.writer(), &subscription.place, &kind, now.0).await;
        rows.map(|rows| rows == 1).map_err(|error| failure::problem("subscribe a channel", &error))
    }

    async fn unsubscribe(&self, subscription: &Subscription) -> Answer<bool> {
        let kind = word(&subscription.kind)?;
        let rows = chat_kept::unsubscribe(self.writer(), &subscription.place, &kind).await;
        rows.map(|rows| rows == 1).map_err(|error| failure::problem("end a subscription", &error))
    }

    async fn subscriptions(&self, surface: &str) -> Answer<Vec<Subscription>> {
        let rows = chat_kept::subscriptions(self.readers(), surface).await;
        let rows = rows.map_err(|error| failure::problem("read subscriptions", &error))?;
        let subscription = |(channel, kind): (String, String)| {
            let place = Place { surface: surface.to_owned(), channel, thread: String::new() };
            Ok(Subscription { place, kind: from_word("a subscription", &kind)? })
        };
        rows.into_iter().map(subscription).collect()
    }

    async fn pin_language(&self, whose: &Speaks, language: Option<Language>) -> Answer<()> {
        let key = speaks(whose);
        let done = match language {
            Some(language) => chat_kept::pin(self.writer(), &key, &word(&language)?).await,
            None => chat_kept::unpin(self.writer(), &key).await,
        };
        done.map_err(|error| failure::problem("pin a language", &error))
    }

    async fn pinned_language(&self, whose: &Speaks) -> Answer<Option<Language>> {
        let language = chat_kept::pinned(self.readers(), &speaks(whose)).await;
        let language = language.map_err(|error| failure::problem("read a pinned language", &error))?;
        language.map(|language| from_word("a language", &language)).transpose()
    }

    async fn keep_thread(&self, place: &Place, real: &str) -> Answer<()> {
        let done = chat_kept::keep_thread(self.writer(), place, real).await;
        done.map_err(|error| failure::problem("keep a thread", &error))
    }

    async fn thread(&self, place: &Place) -> Answer<Option<String>> {
        let real = chat_kept::thread(self.readers(), place).await;
        real.map_err(|error| failure::problem("read a thread", &error))
    }

    async fn place_of_thread(&self, surface: &str, real: &str) -> Answer<Option<Place>> {
        let found = chat_kept::place_of(self.readers(), surface, real).await;
        let found = found.map_err(|error| failure::problem("read a thread", &error))?;
        Ok(found.map(|(channel, thread)| Place { surface: surface.to_owned(), channel, thread }))
    }
}

fn cards_unread(error: sqlx::Error) -> Problem {
    failure::problem("read cards", &error)
}

fn waiting(row: chat_outbox::Row) -> WaitingMessage {
    let place = Place { surface: row.surface, channel: row.channel, thread: row.thread };
    WaitingMessage {
        number: row.number,
        message: NewMessage { key: row.key, place, body: row.body, due_at: Timestamp(row.due_at) },
        tries: u32::try_from(row.tries).unwrap_or(u32::MAX),
    }
}

fn slot(row: chat_cards::Row) -> Answer<CardSlot> {
    Ok(CardSlot {
        place: Place { surface: row.surface, channel: row.channel, thread: row.thread },
        change: from_word("a card's change", &row.change_id)?,
        language: from_word("a card's language", &row.language)?,
        message: row.message,
        wanted: row.wanted,
        shown: row.shown,
        content: row.content.map(|digest| from_word("a card's content", &digest)).transpose()?,
        tries: u32::try_from(row.tries).unwrap_or(u32::MAX),
    })
}

/// What a pinned language is kept under; an identity has its colon before any space.
fn speaks(whose: &Speaks) -> String {
    match whose {
        Speaks::Identity(identity) => identity.to_string(),
        Speaks::Channel { surface, channel } => format!("channel {surface}/{channel}"),
    }
}
