//! The surface port: what an adapter gives the program, and what the program gives an adapter.
//! `Chat` is implemented once for every platform, `Desk` by bot/app/chat.
//! Must never acknowledge an event that was not taken: after a restart the platform's retry is the only copy.

use super::{Arrival, CardView, Drawn, Form, FormAsked, Outgoing, Speaker};
use crate::card::Card;
use async_trait::async_trait;
use chopmark_domain::change::{Language, Place};
use chopmark_domain::ids::Identity;
use chopmark_domain::ports::Delivery;
use chopmark_domain::problem::Problem;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// What did not exist any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gone {
    /// The message.
    Message,
    /// The channel or thread; or nobody may write there, or they take no direct messages.
    Place,
}

/// Why a platform did not do something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Not now: a limit, an outage, a cut connection. Whether it happened may be unknown: trying again with the same
    /// key doubles nothing.
    Later {
        /// When to try again, where the platform said so.
        after: Option<Duration>,
        /// Why.
        why: String,
    },
    /// Something is gone.
    Gone {
        /// What.
        what: Gone,
        /// The platform's words.
        why: String,
    },
    /// It will not work until a person acts: a token revoked, a scope or permission missing.
    Refused(Problem),
    /// The platform found it malformed: a fault of ours, which trying again does not mend.
    Invalid(String),
}

/// Whether an event was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It is new, and kept: acknowledge it.
    New,
    /// It was taken before: acknowledge it.
    Again,
}

/// What is typed where suggestions are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Suggesting {
    /// A change.
    Change,
    /// A template.
    Template,
    /// A parameter and value of an edit, such as `replicas=3`.
    Words,
}

/// A suggestion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggested {
    /// What is sent.
    pub value: String,
    /// What is shown.
    pub label: String,
}

/// What the program does for an adapter.
#[async_trait]
pub trait Desk: Send + Sync {
    /// Keeps an event. Quick: one insert.
    ///
    /// # Errors
    /// The store can't be written: do not acknowledge, so that the platform tries again.
    async fn take(&self, delivery: Delivery) -> Result<Taken, Problem>;
    /// The form that a press or a shortcut asks for; checks the right first. Quick: no network.
    ///
    /// # Errors
    /// They may not, or the change no longer waits: to be answered to them alone.
    async fn form(&self, asked: FormAsked) -> Result<Form, Problem>;
    /// What fits what was typed, at most 25. Quick: from memory and the store.
    async fn suggestions(&self, speaker: &Speaker, what: Suggesting, typed: &str) -> Vec<Suggested>;
}

/// A part of an answer that is still being thought about.
#[derive(Debug, Clone, Copy)]
pub struct Partial<'p> {
    /// Where.
    pub place: &'p Place,
    /// To whom.
    pub to: &'p Identity,
    /// In which language it is introduced.
    pub language: Language,
    /// Everything said so far: a model's words.
    pub text: &'p str,
    /// What the last call answered; none the first time.
    pub handle: Option<&'p str>,
}

/// A request over HTTP, as it came.
#[derive(Debug, Clone)]
pub struct HttpCall {
    /// The path.
    pub path: String,
    /// The headers, with names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The bytes of the body.
    pub body: Vec<u8>,
}

/// Its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpReply {
    /// The status.
    pub status: u16,
    /// The type of the body.
    pub content_type: &'static str,
    /// The body.
    pub body: Vec<u8>,
}

/// What a look at one part of a set-up found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is as it must be.
    Fine,
    /// It works, but not fully.
    Warning,
    /// It does not work.
    Failing,
}

/// One line of the doctor about a platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// How it is.
    pub verdict: Verdict,
    /// Key of the message, such as `doctor-discord-token`.
    pub key: &'static str,
    /// What the message holds.
    pub args: BTreeMap<&'static str, String>,
}

/// A chat platform.
#[async_trait]
pub trait Chat: Send + Sync {
    /// The surface's name, such as `discord`.
    fn name(&self) -> &'static str;

    /// Hears the platform until told to stop, over a connection that this program opens. Breaks are mended inside.
    ///
    /// # Errors
    /// [`Fault::Refused`]: no try will mend it until a person acts.
    async fn listen(&self, desk: Arc<dyn Desk>, stop: watch::Receiver<bool>) -> Result<(), Fault>;

    /// The paths of HTTP that this platform calls; empty where that way in is not configured.
    fn paths(&self) -> Vec<&'static str>;

    /// Answers a call on one of them. What is unsigned, signed wrongly, or too old changes nothing.
    async fn called(&self, call: HttpCall, desk: &dyn Desk) -> HttpReply;

    /// Reads an event that was taken. None for what means nothing to us. May ask the platform where a thread is.
    ///
    /// # Errors
    /// [`Fault::Later`]: read it again then.
    async fn read(&self, delivery: &Delivery) -> Result<Option<Arrival>, Fault>;

    /// Shows that it was heard: typing, a status, a mark. Not more than once for an arrival, and not important.
    async fn sign(&self, arrival: &Arrival);

    /// Shows what was said so far, at a civil rate: it may leave calls out. Not kept, and not important.
    async fn partial(&self, partial: Partial<'_>) -> Result<Option<String>, Fault>;

    /// Sends a post; the id of the (first) message, unique within the surface.
    ///
    /// # Errors
    /// Why it did not work.
    async fn post(&self, outgoing: Outgoing<'_>) -> Result<String, Fault>;

    /// A card's picture within the platform's limits. Pure.
    fn card(&self, view: CardView<'_>) -> Drawn;

    /// A line in the place of a card that is shown anew further down, with nothing to press. Pure.
    fn moved(&self, view: CardView<'_>) -> Drawn {
        let card = Card { controls: vec![], ..view.card.clone() };
        self.card(CardView { card: &card, ..view })
    }

    /// Posts a card; the id of the message, unique within the surface (on Slack channel and time together).
    ///
    /// # Errors
    /// Why it did not work.
    async fn post_card(&self, place: &Place, key: &str, drawn: &Drawn, tries: u32) -> Result<String, Fault>;

    /// Draws a card anew in place.
    ///
    /// # Errors
    /// Why it did not work.
    async fn edit_card(&self, place: &Place, message: &str, drawn: &Drawn) -> Result<(), Fault>;

    /// The groups that the platform says somebody is in now; none for somebody who is not there any more.
    ///
    /// # Errors
    /// Why it could not be asked.
    async fn groups(&self, identity: &Identity) -> Result<Option<BTreeSet<Identity>>, Fault>;

    /// The place where somebody can be told something alone.
    ///
    /// # Errors
    /// Why it could not be found.
    async fn direct(&self, identity: &Identity) -> Result<Place, Fault>;

    /// Looks at the set-up: token, scopes, intents, permissions, clock.
    async fn check(&self) -> Vec<Check>;
}
