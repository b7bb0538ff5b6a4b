//! Cards: each slot's message shows the newest state of its change, at a civil rate.
//! Run by the one process that serves the platform.
//! Must never leave a message behind for good: what is wanted stays due until it is shown.

use super::picture::{self, Picture};
use super::slots::Key;
use super::wake::{rest, stopped};
use super::{Office, elsewhere};
use chopmark_domain::digest::Digest;
use chopmark_domain::ids::ChangeId;
use chopmark_domain::lifecycle::State;
use chopmark_domain::note::NoteBody;
use chopmark_domain::ports::{Answer, CardSlot, ChangeFilter, Records as _};
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::time::Timestamp;
use chopmark_engine::crash;
use chopmark_protocol::chat::{Audience, Fault, Gone};
use chopmark_protocol::event::Event;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// Cards that are drawn at once, in as many messages.
const AT_ONCE: usize = 16;
/// As many messages are remembered; then it begins anew, and some are drawn once more than needed.
const MESSAGES: usize = 20_000;
/// As many of the latest notes are looked through for progress after a start.
const NOTES: i64 = 500;

/// What this process knows of the messages it drew. Nothing of it is needed after a restart.
#[derive(Default)]
struct Seen {
    /// What a message shows, and since when.
    last: HashMap<Key, Last>,
    /// Messages of runs that are under way, and when they are drawn anew.
    running: HashMap<Key, Instant>,
    /// Cards that were owed when this process began: one that died may have posted what it did not keep.
    doubtful: HashSet<Key>,
}

struct Last {
    looks: Digest,
    card: Digest,
    at: Instant,
}

/// What is being drawn, shared by the drawing tasks.
#[derive(Clone)]
struct Cards {
    office: Office,
    seen: Arc<Mutex<Seen>>,
}

/// Draws what is wanted until told to stop, and then once more.
pub(super) async fn run(office: Office, mut stop: watch::Receiver<bool>) {
    let cards = Cards { office, seen: Arc::default() };
    if let Err(problem) = cards.begin().await {
        tracing::warn!(code = %problem.code, "running changes were not found; their cards are drawn as they move");
    }
    let mut drawing = JoinSet::new();
    loop {
        let ending = stopped(&stop);
        match cards.due().await {
            Ok(due) => {
                for slot in due {
                    let key = (slot.place.clone(), slot.change.clone());
                    let Some(held) = cards.office.0.slots.take(&key) else { continue };
                    let cards = cards.clone();
                    drawing.spawn(async move {
                        cards.draw(slot).await;
                        drop(held);
                    });
                    while drawing.len() >= AT_ONCE {
                        drawing.join_next().await;
                    }
                }
            }
            Err(problem) => tracing::warn!(code = %problem.code, %problem, "cards cannot be read"),
        }
        if ending {
            while drawing.join_next().await.is_some() {}
            return;
        }
        while drawing.try_join_next().is_some() {}
        rest(&cards.office.0.wakes.cards, &mut stop, cards.office.0.paces.poll).await;
    }
}

impl Cards {
    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Finds what runs, after a start.
    async fn begin(&self) -> Answer<()> {
        let house = self.office.house();
        let owed = self.office.0.records.due_cards(self.office.surface(), Timestamp(i64::MAX), u32::MAX).await?;
        self.seen().doubtful.extend(owed.into_iter().map(|slot| (slot.place, slot.change)));
        let last = house.store.last_note().await?;
        let from = last.saturating_sub(NOTES).max(0);
        for note in house.store.notes_after(from, u32::try_from(NOTES).unwrap_or(u32::MAX)).await? {
            if let NoteBody::Progress { about, key } = note.body {
                self.office.progressed(&note.change, key, about);
            }
        }
        let states = vec![State::Claimed, State::Executing, State::Applied, State::Verifying];
        let filter = ChangeFilter { states, limit: 1000, ..ChangeFilter::default() };
        for change in house.store.changes(&filter).await? {
            for slot in self.office.0.records.cards_of(&change.id).await? {
                if slot.place.surface == self.office.surface() {
                    self.seen().running.insert((slot.place, slot.change), Instant::now());
                }
            }
        }
        Ok(())
    }

    /// What shows less than is wanted, and what runs and was not drawn for a while.
    async fn due(&self) -> Answer<Vec<CardSlot>> {
        let (office, now) = (&self.office, Instant::now());
        let limit = u32::try_from(AT_ONCE * 8).unwrap_or(u32::MAX);
        let mut due = office.0.records.due_cards(office.surface(), office.now(), limit).await?;
        let again = now + office.0.paces.refresh;
        let keys: Vec<Key> = {
            let mut seen = self.seen();
            let old = seen.running.iter_mut().filter(|(_, at)| **at <= now);
            old.map(|(key, at)| {
                *at = again;
                key.clone()
            })
            .collect()
        };
        for (place, change) in keys {
            if due.iter().any(|slot| slot.place == place && slot.change == change) {
                continue;
            }
            // One that failed waits until it is due again.
            due.extend(office.0.records.card_at(&place, &change).await?.filter(|slot| slot.tries == 0));
        }
        Ok(due)
    }

    async fn draw(&self, slot: CardSlot) {
        let change = slot.change.clone();
        if let Err(problem) = self.redraw(slot).await {
            tracing::warn!(code = %problem.code, %problem, %change, "a card cannot be drawn yet");
        }
    }

    async fn redraw(&self, slot: CardSlot) -> Answer<()> {
        let office = &self.office;
        // As it is now that nobody else works on it.
        let Some(slot) = office.0.records.card_at(&slot.place, &slot.change).await? else { return Ok(()) };
        let key = (slot.place.clone(), slot.change.clone());
        let slot = CardSlot { tries: slot.tries.max(u32::from(self.seen().doubtful.contains(&key))), ..slot };
        let picture = match picture::of(office, &slot, office.progress_of(&slot.change)).await {
            Ok(picture) => picture,
            Err(problem) if problem.code == Code::UnknownChange => {
                return self.shown(&CardSlot { shown: slot.wanted, ..slot }, None).await;
            }
            Err(problem) => {
                // It stays due, and does not hold up the others.
                let wait = office.0.paces.wait(None, slot.tries);
                let slot = CardSlot { tries: slot.tries.saturating_add(1), ..slot };
                office.0.records.drew(&slot, office.later(wait)).await?;
                return Err(problem);
            }
        };
        let posted = picture.content.filter(|_| !picture.drawn.whole);
        let slot = match posted {
            // A file that was posted stays posted, whatever becomes of the card.
            Some(content) if slot.content != posted => {
                let slot = CardSlot { content: Some(content), ..slot };
                office.0.records.drew(&slot, office.now()).await?;
                slot
            }
            _ => slot,
        };
        if let (Some(_), Some(wait)) = (&slot.message, self.too_soon(&key, &picture)) {
            return office.0.records.drew(&slot, office.later(wait)).await;
        }
        if slot.message.is_some() && self.looks_the_same(&key, &picture) && picture.owed.is_none() {
            return self
                .shown(&CardSlot { shown: slot.wanted, content: picture.content, ..slot }, Some(&picture))
                .await;
        }
        let (slot, sent) = self.send(slot, &picture).await;
        crash::point("chat-after-card");
        match sent {
            Ok(message) => {
                self.drawn(key, &picture);
                let slot = CardSlot { message: Some(message), content: picture.content, ..slot };
                match &picture.owed {
                    // The card is there; that its whole content is not keeps it due.
                    Some(fault) => self.failed(slot, &picture, fault.clone()).await,
                    None => self.shown(&CardSlot { shown: slot.wanted, ..slot }, Some(&picture)).await,
                }
            }
            Err(fault) => self.failed(slot, &picture, fault).await,
        }
    }

    /// Sends a picture: into its message, or as one.
    async fn send(&self, slot: CardSlot, picture: &Picture) -> (CardSlot, Result<String, Fault>) {
        let (chat, drawn) = (self.office.chat(), &picture.drawn);
        let into = async |message: String| chat.edit_card(&slot.place, &message, drawn).await.map(|()| message);
        if let Some(message) = slot.message.clone() {
            let sent = into(message).await;
            return (slot, sent);
        }
        match chat.post_card(&slot.place, &card_key(&slot), drawn, slot.tries).await {
            // One that was found still shows what it showed when it was posted.
            Ok(message) if slot.tries > 0 => {
                let sent = into(message.clone()).await;
                (CardSlot { message: Some(message), ..slot }, sent)
            }
            sent => (slot, sent),
        }
    }

    /// Nothing but progress or time moved, and it was drawn a moment ago: how long it stays as it is.
    fn too_soon(&self, key: &Key, picture: &Picture) -> Option<std::time::Duration> {
        let seen = self.seen();
        let last = seen.last.get(key).filter(|last| last.card == picture.card && picture.owed.is_none())?;
        let left = self.office.0.paces.progress.checked_sub(last.at.elapsed())?;
        (last.looks != picture.looks && !left.is_zero()).then_some(left)
    }

    fn looks_the_same(&self, key: &Key, picture: &Picture) -> bool {
        self.seen().last.get(key).is_some_and(|last| last.looks == picture.looks)
    }

    fn drawn(&self, key: Key, picture: &Picture) {
        let mut seen = self.seen();
        seen.doubtful.remove(&key);
        if seen.last.len() >= MESSAGES {
            seen.last.clear();
        }
        seen.last.insert(key, Last { looks: picture.looks, card: picture.card, at: Instant::now() });
    }

    /// Keeps what is shown; the next picture comes no sooner than the platform likes.
    async fn shown(&self, slot: &CardSlot, picture: Option<&Picture>) -> Answer<()> {
        let key = (slot.place.clone(), slot.change.clone());
        let runs = picture.is_some_and(|picture| picture::runs(picture.state));
        {
            let mut seen = self.seen();
            if runs {
                seen.running.insert(key, Instant::now() + self.office.0.paces.refresh);
            } else {
                seen.running.remove(&key);
            }
        }
        if picture.is_some_and(|picture| picture.state.is_terminal()) {
            self.office.rests(&slot.change);
        }
        let slot = CardSlot { tries: 0, ..slot.clone() };
        self.office.0.records.drew(&slot, self.office.later(self.office.0.paces.edit)).await
    }

    async fn failed(&self, slot: CardSlot, picture: &Picture, fault: Fault) -> Answer<()> {
        let (office, key) = (&self.office, (slot.place.clone(), slot.change.clone()));
        let records = &office.0.records;
        match fault {
            Fault::Later { after, why } => {
                tracing::info!(change = %slot.change, why, "a card is drawn later");
                let wait = office.0.paces.wait(after, slot.tries).max(office.0.paces.edit);
                records.drew(&owed(slot), office.later(wait)).await
            }
            Fault::Gone { what: Gone::Message, .. } => {
                self.seen().last.remove(&key);
                records.drew(&office.anew(slot), office.now()).await?;
                office.0.wakes.cards.notify_one();
                Ok(())
            }
            Fault::Gone { what: Gone::Place, why } => {
                elsewhere::card(office, &slot, picture, &why).await?;
                self.shown(&CardSlot { shown: slot.wanted, ..slot }, Some(picture)).await
            }
            Fault::Refused(problem) => {
                office.refused(&problem);
                records.drew(&owed(slot), office.later(office.0.paces.refused)).await
            }
            Fault::Invalid(why) => {
                tracing::error!(change = %slot.change, why, "the platform did not take a card as it was drawn");
                let problem =
                    Problem::new(Code::ChatMessageRefused).with("platform", office.surface()).with("reason", &why);
                let key = format!("invalid/{}/{}", card_key(&slot), picture.looks);
                let event = Event::problem(slot.language, &problem, Some(&slot.change));
                elsewhere::say(office, &slot.place, key, Audience::Everybody, event).await?;
                self.shown(&CardSlot { shown: slot.wanted, ..slot }, Some(picture)).await
            }
        }
    }
}

/// A slot whose picture is still owed, whatever it was drawn for.
fn owed(slot: CardSlot) -> CardSlot {
    CardSlot { tries: slot.tries.saturating_add(1), shown: slot.shown.min(slot.wanted.saturating_sub(1)), ..slot }
}

/// What makes the message of a slot the same however often it is tried: it has one until it is posted anew.
fn card_key(slot: &CardSlot) -> String {
    let place = &slot.place;
    format!("card/{}/{}/{}/{}/{}", place.surface, place.channel, place.thread, slot.change, slot.shown.min(0))
}

impl Office {
    /// A slot whose card is posted anew, as a message that never was: its moment tells it from those before.
    pub(super) fn anew(&self, slot: CardSlot) -> CardSlot {
        CardSlot { message: None, shown: self.now().0.saturating_neg(), tries: 0, ..slot }
    }

    /// A run reports.
    pub(super) fn progressed(&self, change: &ChangeId, key: String, about: String) {
        let mut all = self.0.progress.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(change.clone(), (key, about));
    }

    /// The last word of a change's run.
    fn progress_of(&self, change: &ChangeId) -> Option<(String, String)> {
        self.0.progress.lock().unwrap_or_else(PoisonError::into_inner).get(change).cloned()
    }

    /// Nothing runs there any more.
    fn rests(&self, change: &ChangeId) {
        self.0.progress.lock().unwrap_or_else(PoisonError::into_inner).remove(change);
    }
}
