//! What chat platforms need to be kept: events before they are acknowledged, messages until they are delivered, and
//! which message shows which change.
//! Implemented by change/store; used by bot/app around every chat surface.
//! Must never be where anything is decided: a row here only says what was said and what is to be shown.

use super::Answer;
use crate::change::{Language, Place};
use crate::digest::Digest;
use crate::ids::ChangeId;
use crate::time::Timestamp;
use async_trait::async_trait;
use serde::{Deserialize, Serialize};

/// An event of a platform, as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The surface, such as `discord`.
    pub surface: String,
    /// The platform's id of the event: the same one is taken once.
    pub id: String,
    /// The event, as the surface's adapter will read it again.
    pub raw: String,
    /// When it came.
    pub at: Timestamp,
}

/// A message that is to be sent once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMessage {
    /// What makes it the same message however often it is asked for, such as `finished/chg-7f3k/4`.
    pub key: String,
    /// Where to.
    pub place: Place,
    /// What: JSON of bot/protocol's `Post`.
    pub body: String,
    /// Not before.
    pub due_at: Timestamp,
}

/// A message that waits to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingMessage {
    /// Its number: messages of one place are sent in this order.
    pub number: i64,
    /// The message.
    pub message: NewMessage,
    /// How often it was tried.
    pub tries: u32,
}

/// What became of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The platform has it, under this id.
    Sent(String),
    /// It can't be delivered, and never will be: why.
    GivenUp(String),
}

/// The message that shows a change in one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardSlot {
    /// Where.
    pub place: Place,
    /// Which change.
    pub change: ChangeId,
    /// In which language it is drawn.
    pub language: Language,
    /// The platform's id of the message; none until it was posted.
    pub message: Option<String>,
    /// The newest note that it should show.
    pub wanted: i64,
    /// The newest note that it shows.
    pub shown: i64,
    /// The digest whose whole content was delivered here.
    pub content: Option<Digest>,
    /// How often the present picture was tried.
    pub tries: u32,
}

/// Kinds of news that a channel can subscribe to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NewsKind {
    /// Changes that wait for approval.
    Approvals,
    /// Changes that failed or need somebody, and the stop switch.
    Failures,
    /// Budgets that are used up.
    Budget,
    /// Alerts.
    Alerts,
}

/// A channel's subscription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// The channel; its thread is empty.
    pub place: Place,
    /// To what.
    pub kind: NewsKind,
}

/// Whose language is pinned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Speaks {
    /// An identity's.
    Identity(crate::ids::Identity),
    /// A channel's.
    Channel {
        /// The surface.
        surface: String,
        /// The channel.
        channel: String,
    },
}

/// What chat surfaces keep.
#[async_trait]
pub trait ChatRecords: Send + Sync {
    // ---- in ----
    /// Keeps an event before it is acknowledged; false when it was taken before.
    async fn take(&self, delivery: &Delivery) -> Answer<bool>;
    /// Events that nobody has served to their end, oldest first.
    async fn unserved(&self, surface: &str, limit: u32) -> Answer<Vec<Delivery>>;
    /// The event was served; its text is forgotten, its id is kept for a day.
    async fn finish(&self, surface: &str, id: &str, now: Timestamp) -> Answer<()>;

    // ---- out ----
    /// Keeps messages to be sent; one whose key was kept before changes nothing.
    async fn send(&self, messages: &[NewMessage]) -> Answer<()>;
    /// Messages that are due, by number.
    async fn due_messages(&self, surface: &str, now: Timestamp, limit: u32) -> Answer<Vec<WaitingMessage>>;
    /// Puts a message off after a try.
    async fn put_off(&self, number: i64, due_at: Timestamp) -> Answer<()>;
    /// What became of it; its text is forgotten.
    async fn settle(&self, number: i64, outcome: &Outcome, now: Timestamp) -> Answer<()>;

    // ---- cards ----
    /// A card is wanted in a place, showing at least that note: made if it is not there, else raised. A message that is
    /// there keeps its language: whoever presses a button of it may speak another.
    async fn want_card(&self, place: &Place, change: &ChangeId, language: Language, note: i64) -> Answer<()>;
    /// Every card of a change is to show at least that note.
    async fn raise_cards(&self, change: &ChangeId, note: i64) -> Answer<()>;
    /// Cards of a surface that show less than is wanted and are due, longest unshown first.
    async fn due_cards(&self, surface: &str, now: Timestamp, limit: u32) -> Answer<Vec<CardSlot>>;
    /// The card that a message shows.
    async fn card_of(&self, surface: &str, message: &str) -> Answer<Option<CardSlot>>;
    /// The card of a change in a place.
    async fn card_at(&self, place: &Place, change: &ChangeId) -> Answer<Option<CardSlot>>;
    /// Every card of a change.
    async fn cards_of(&self, change: &ChangeId) -> Answer<Vec<CardSlot>>;
    /// Keeps message, shown and content of a slot; not before `due_at` it is drawn again.
    async fn drew(&self, slot: &CardSlot, due_at: Timestamp) -> Answer<()>;

    // ---- feed ----
    /// The newest note that was handed to a surface's messages; none before the first.
    async fn fed(&self, surface: &str) -> Answer<Option<i64>>;
    /// Keeps it, with what the notes up to it led to, in one transaction.
    async fn feed(&self, surface: &str, note: i64, messages: &[NewMessage]) -> Answer<()>;

    // ---- people and channels ----
    /// Subscribes a channel; false when it was.
    async fn subscribe(&self, subscription: &Subscription, now: Timestamp) -> Answer<bool>;
    /// Ends a subscription; false when there was none.
    async fn unsubscribe(&self, subscription: &Subscription) -> Answer<bool>;
    /// The subscriptions of a surface.
    async fn subscriptions(&self, surface: &str) -> Answer<Vec<Subscription>>;
    /// Pins a language, or lets go of it.
    async fn pin_language(&self, whose: &Speaks, language: Option<Language>) -> Answer<()>;
    /// The language pinned.
    async fn pinned_language(&self, whose: &Speaks) -> Answer<Option<Language>>;
    /// Where a thread really is on its platform, where its id was chosen before the platform gave it one.
    async fn keep_thread(&self, place: &Place, real: &str) -> Answer<()>;
    /// The same, read.
    async fn thread(&self, place: &Place) -> Answer<Option<String>>;
    /// The place of a platform's thread that was kept so.
    async fn place_of_thread(&self, surface: &str, real: &str) -> Answer<Option<Place>>;
}
