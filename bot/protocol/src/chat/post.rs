//! Posts: what goes out besides cards, and the pictures of cards.
//! Kept in the outbox as JSON until delivered; drawn by the adapters when they are sent.
//! Must never mention anybody who is not in `mentions`, whatever the words say.

use super::Reply;
use crate::card::Card;
use crate::event::Event;
use crate::moment::Moment;
use chopmark_domain::change::{Language, Place};
use chopmark_domain::ids::Identity;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Who sees a post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "audience")]
pub enum Audience {
    /// Everybody in the place.
    Everybody,
    /// One person.
    Only {
        /// Who.
        identity: Identity,
        /// How, while that works.
        reply: Option<Reply>,
    },
}

/// A file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Its name, such as `chg-7f3k-1.txt`.
    pub name: String,
    /// What it is, for people who can't open it.
    pub description: String,
    /// Its text.
    pub text: String,
}

/// What is posted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "post")]
pub enum PostBody {
    /// An event: an answer, a question, a problem, a notice, the end of a change. Never a card: cards have slots.
    Event {
        /// Which.
        event: Box<Event>,
    },
    /// A file with its line.
    File {
        /// Which.
        file: Attachment,
        /// In which language it is introduced.
        language: Language,
    },
}

/// A message that is sent once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// Who sees it.
    pub audience: Audience,
    /// Who is notified: people, or groups of them.
    pub mentions: Vec<Identity>,
    /// How whoever it answers is called, where several people speak: to address them without notifying.
    pub to: Option<String>,
    /// What.
    pub body: PostBody,
    /// The message of a partial answer that it takes the place of: the adapter's own word for it.
    pub replaces: Option<String>,
}

impl Post {
    /// An event for everybody in a place, who is not notified of it.
    pub fn open(event: Event) -> Self {
        let body = PostBody::Event { event: Box::new(event) };
        Self { audience: Audience::Everybody, mentions: vec![], to: None, body, replaces: None }
    }
}

/// A post on its way.
#[derive(Debug, Clone, Copy)]
pub struct Outgoing<'p> {
    /// What makes it the same message when it is tried again.
    pub key: &'p str,
    /// Where to.
    pub place: &'p Place,
    /// What.
    pub post: &'p Post,
    /// The reader's present.
    pub moment: &'p Moment,
    /// How often it was tried before: an adapter whose platform can't recognise a message looks for it first.
    pub tries: u32,
}

/// Whether the whole content of a card's digest was delivered to its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// It stands on the card or in a file beside it.
    Delivered,
    /// Not yet.
    Missing,
}

/// What a card's picture is made of.
#[derive(Debug, Clone, Copy)]
pub struct CardView<'c> {
    /// The card.
    pub card: &'c Card,
    /// In which language.
    pub language: Language,
    /// The reader's present.
    pub moment: &'c Moment,
    /// The last word of a run's progress, in that language; none when nothing runs.
    pub progress: Option<&'c str>,
    /// Whether everything was delivered, besides what fits on the card.
    pub content: Content,
}

/// A picture of a card for one platform.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn {
    /// The platform's message.
    pub body: Value,
    /// Whether nothing was left out: then no file is needed before approve works.
    pub whole: bool,
    /// Whether everything that goes is on it: when not, it can't be approved from there.
    pub losses_shown: bool,
}
