//! The outlet of one request: what the router tells becomes cards' slots and messages in the outbox.
//! Made by the inbox for every request.
//! Must never say to everybody what is for one person, nor the same thing twice when a request is served again.

use super::Office;
use async_trait::async_trait;
use chopmark_domain::change::Language;
use chopmark_domain::ids::ChangeId;
use chopmark_domain::ports::{Answer, NewMessage};
use chopmark_domain::problem::{Code, Problem};
use chopmark_protocol::chat::{
    Act, Arrival, Audience, CardView, Content, Meant, Partial, Post, PostBody, Press, Pressed, alone,
};
use chopmark_protocol::command::{self, Command};
use chopmark_protocol::door::Outlet;
use chopmark_protocol::event::{Body, Event, Trouble};
use chopmark_protocol::plain;
use tokio::sync::Mutex;

/// Whether a request may have been served before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// It is served for the first time.
    First,
    /// A crash may have ended an earlier try at any point.
    Again,
}

/// Who sees what is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Privacy {
    /// Everything is for everybody.
    Open,
    /// Refusals and errors are for whoever asked.
    Troubles,
    /// Everything is for whoever asked.
    Alone,
}

/// Where cards go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cards {
    /// The card that is there moves on.
    InPlace,
    /// It was asked for: it comes below.
    Below,
}

/// The outlet of a request.
pub(super) struct Out<'o> {
    office: &'o Office,
    arrival: &'o Arrival,
    turn: Turn,
    privacy: Privacy,
    cards: Cards,
    to: Option<String>,
    told: Mutex<Told>,
}

/// What was told so far.
#[derive(Default)]
struct Told {
    /// How many messages.
    count: usize,
    /// What was understood, until it is known whether a card shows it.
    proposal: Option<Event>,
    /// The message of the partial answer.
    partial: Option<String>,
    /// What could not be kept.
    failed: Option<Problem>,
}

impl<'o> Out<'o> {
    /// An outlet for an arrival. `several` speak in its place.
    pub(super) fn new(office: &'o Office, arrival: &'o Arrival, turn: Turn, several: bool) -> Self {
        let (privacy, shows) = match &arrival.meant {
            Meant::Said(words) => (privacy_of(words, arrival.reply.is_some()), says_show(words)),
            Meant::Pressed(Press { what: Pressed::Say(words), .. }) => {
                (privacy_of(words, arrival.reply.is_some()), says_show(words))
            }
            Meant::Pressed(Press { what: Pressed::Act { act, .. }, .. }) => (Privacy::Alone, *act == Act::Show),
            Meant::Filled(_) => (Privacy::Troubles, false),
        };
        let to = (several && privacy != Privacy::Alone).then(|| arrival.speaker.name.clone());
        let cards = if shows { Cards::Below } else { Cards::InPlace };
        Self { office, arrival, turn, privacy, cards, to, told: Mutex::default() }
    }

    /// Everything was told: what was still held back is said, and what could not be kept comes back.
    ///
    /// # Errors
    /// The store could not be written: the request is to be served again.
    pub(super) async fn end(self) -> Answer<()> {
        let proposal = self.told.lock().await.proposal.take();
        if let Some(proposal) = proposal {
            self.post(proposal).await;
        }
        self.told.into_inner().failed.map_or(Ok(()), Err)
    }

    async fn card(&self, language: Language, change: &ChangeId) -> Answer<()> {
        let office = self.office;
        let note = office.house().store_notes().await?.max(1);
        let place = &self.arrival.speaker.place;
        let records = &office.0.records;
        if self.cards == Cards::Below
            && let Some(held) = records.card_at(place, change).await?
            && held.message.is_some()
        {
            let _hold = office.0.slots.wait(&(place.clone(), change.clone())).await;
            // Looked at again: it may have been drawn while we waited.
            if let Some(slot) = records.card_at(place, change).await?
                && let Some(old) = &slot.message
            {
                self.leave_a_line(language, change, old).await;
                records.drew(&office.anew(slot), office.now()).await?;
            }
        }
        records.want_card(place, change, language, note).await?;
        office.0.wakes.cards.notify_one();
        Ok(())
    }

    /// Whoever scrolls up finds where the card is now. An old picture that stays harms nothing: its buttons are looked up
    /// by their message.
    async fn leave_a_line(&self, language: Language, change: &ChangeId, old: &str) {
        let office = self.office;
        let Ok(file) = office.house().file(change).await else { return };
        let card = chopmark_protocol::card::Card::of(&file);
        let moment = office.moment();
        let view = CardView { card: &card, language, moment: &moment, progress: None, content: Content::Missing };
        let drawn = office.chat().moved(view);
        if let Err(fault) = office.chat().edit_card(&self.arrival.speaker.place, old, &drawn).await {
            tracing::info!(?fault, %change, "the old card stays as it was");
        }
    }

    async fn post(&self, event: Event) {
        let mut told = self.told.lock().await;
        let post = Post {
            audience: self.audience(&event.body),
            mentions: vec![],
            to: self.to.clone(),
            replaces: told.partial.take(),
            body: PostBody::Event { event: Box::new(event) },
        };
        let surface = self.office.surface();
        let key = format!("{surface}/{}/{}", self.arrival.delivery, told.count);
        told.count += 1;
        let kept = match body(&post) {
            Ok(body) => {
                let place = self.arrival.speaker.place.clone();
                let message = NewMessage { key, place, body, due_at: self.office.now() };
                self.office.0.records.send(&[message]).await
            }
            Err(problem) => Err(problem),
        };
        match kept {
            Ok(()) => self.office.0.wakes.outbox.notify_one(),
            Err(problem) => told.failed = Some(problem),
        }
    }

    fn audience(&self, body: &Body) -> Audience {
        let trouble = matches!(body, Body::Refusal(_) | Body::Error(_));
        let only = match self.privacy {
            Privacy::Open => false,
            Privacy::Troubles => trouble,
            Privacy::Alone => true,
        };
        if only {
            let identity = self.arrival.speaker.identity.clone();
            Audience::Only { identity, reply: self.arrival.reply.clone() }
        } else {
            Audience::Everybody
        }
    }

    /// Whether a refusal only says that this very request was served before a crash.
    async fn is_an_echo(&self, trouble: &Trouble) -> bool {
        if self.turn == Turn::First {
            return false;
        }
        let is = |code: Code| code.to_string() == trouble.words.code;
        if is(Code::AlreadyDecided) {
            return true;
        }
        let Some(change) = trouble.change.as_ref().filter(|_| is(Code::WrongState)) else { return false };
        let Ok(file) = self.office.house().file(change).await else { return false };
        let me = Some(&self.arrival.speaker.identity);
        let mut decisions = file.decisions.iter().map(|sealed| &sealed.decision);
        decisions.any(|decision| decision.identity.as_ref() == me && decision.at >= self.arrival.at)
    }
}

#[async_trait]
impl Outlet for Out<'_> {
    async fn event(&self, event: Event) {
        match &event.body {
            Body::Card(card) => {
                self.told.lock().await.proposal = None;
                if let Err(problem) = self.card(event.language, &card.change).await {
                    self.told.lock().await.failed = Some(problem);
                }
            }
            Body::Proposal(_) => self.told.lock().await.proposal = Some(event),
            // The card shows it, and the feed tells of ends.
            Body::Progress(_) | Body::Result(_) => {}
            Body::Refusal(trouble) | Body::Error(trouble) if self.is_an_echo(trouble).await => {}
            Body::Answer(_) | Body::Question(_) | Body::Refusal(_) | Body::Error(_) | Body::Notice(_) => {
                let proposal = self.told.lock().await.proposal.take();
                if let Some(proposal) = proposal {
                    self.post(proposal).await;
                }
                self.post(event).await;
            }
        }
    }

    async fn partial(&self, language: Language, said: &str) {
        if self.privacy == Privacy::Alone || said.is_empty() {
            return;
        }
        let mut told = self.told.lock().await;
        let speaker = &self.arrival.speaker;
        let partial = Partial {
            place: &speaker.place,
            to: &speaker.identity,
            language,
            text: said,
            handle: told.partial.as_deref(),
        };
        match self.office.chat().partial(partial).await {
            Ok(Some(handle)) => told.partial = Some(handle),
            Ok(None) => {}
            Err(fault) => tracing::debug!(?fault, "a part of an answer was not shown"),
        }
    }
}

/// A slash command may be between the person and us; a code for joining is, however it was asked for.
fn privacy_of(words: &str, can_answer_alone: bool) -> Privacy {
    let link = matches!(command::parse(&plain::plain(words)), Some(Command::Link { .. }));
    if link || (can_answer_alone && alone(words)) { Privacy::Alone } else { Privacy::Open }
}

fn says_show(words: &str) -> bool {
    matches!(command::parse(&plain::plain(words)), Some(Command::Show { .. }))
}

/// A post as the outbox keeps it.
///
/// # Errors
/// It is none that can be written, which no post of ours is.
pub(super) fn body(post: &Post) -> Answer<String> {
    serde_json::to_string(post).map_err(|error| Problem::new(Code::Internal).with("what", error))
}
