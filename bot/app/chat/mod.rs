//! Chat: everything around a chat platform that is not the platform, so that Discord, Slack and the next one behave alike.
//! Started by `chopmark serve`, one [`Office`] for each platform.
//! Must never keep anything in memory that a restart would miss: what is owed stands in the store.
//!
//! The way of an event, files in order:
//! 1. The adapter hears something and hands it to the desk (`desk.rs`): one insert, then it acknowledges. Any process may
//!    take events (`http.rs`); one process serves a platform, by a lease (`lease.rs`).
//! 2. `inbox.rs` reads what nobody has served yet: the adapter makes an [`chopmark_protocol::chat::Arrival`] of it, and
//!    `meaning.rs` a request: words, or the command behind a button with the digest that was on the screen. Requests of
//!    one place are served one after the other, places beside each other.
//! 3. The router serves it, as it serves the terminal. What it tells goes through `outlet.rs`: a card becomes a slot in
//!    the store, everything else a message in the outbox, each under a key that makes it the same when served again.
//! 4. `outbox.rs` sends messages, in order in each place; `cards.rs` draws each slot's newest state (`picture.rs`), at a
//!    civil rate. What a place does not take any more is told elsewhere (`elsewhere.rs`).
//! 5. What becomes of a change is told by `feed.rs` from the engine's notes, so it is told after a restart, too: cards are
//!    raised, ends told, approvers and channels told.
//!
//! `groups.rs` asks the platform again who is in which group, for those whose decisions count on it.

mod cards;
mod desk;
mod elsewhere;
mod feed;
mod forms;
mod groups;
pub mod http;
mod inbox;
mod languages;
mod lease;
mod meaning;
mod mentions;
mod news;
mod outbox;
mod outlet;
mod picture;
mod slots;
mod suggest;
mod wake;

pub use desk::FrontDesk;

use crate::assemble::House;
use crate::router::Router;
use chopmark_domain::change::Place;
use chopmark_domain::ids::{ChangeId, Identity, PersonId};
use chopmark_domain::ports::{Answer, ChatRecords, Liveness};
use chopmark_domain::time::Timestamp;
use chopmark_protocol::chat::{Chat, Desk};
use chopmark_protocol::moment::Moment;
use slots::Slots;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;
use wake::Wakes;

/// How fast things go.
#[derive(Debug, Clone, Copy)]
pub struct Paces {
    /// How often the store is looked at when nobody in this process wakes a pump: other processes write it, too.
    pub poll: Duration,
    /// At least so long between two pictures in one message (Slack and Discord limit edits to about one a second).
    pub edit: Duration,
    /// At least so long while nothing but a run's progress moves.
    pub progress: Duration,
    /// A card is drawn anew so often while something runs: its length of time grows.
    pub refresh: Duration,
    /// The first wait after a fault that may pass; each further one is twice as long.
    pub again: Duration,
    /// The longest wait after a fault that may pass.
    pub longest: Duration,
    /// The wait after a refusal that only a person mends.
    pub refused: Duration,
    /// How often groups are asked again: twice within the ten minutes for which a platform's word counts.
    pub groups: Duration,
    /// How long requests may take to come to their end when the program stops; later they are served again at the next
    /// start.
    pub ending: Duration,
}

impl Default for Paces {
    fn default() -> Self {
        Self {
            poll: Duration::from_millis(200),
            edit: Duration::from_millis(1200),
            progress: Duration::from_secs(3),
            refresh: Duration::from_secs(30),
            again: Duration::from_secs(1),
            longest: Duration::from_secs(5 * 60),
            refused: Duration::from_secs(60),
            groups: Duration::from_secs(4 * 60),
            ending: Duration::from_secs(22),
        }
    }
}

impl Paces {
    /// The wait after the fault of a try, `tries` others having been before it; what the platform says goes first.
    fn wait(&self, after: Option<Duration>, tries: u32) -> Duration {
        after.unwrap_or_else(|| self.again.saturating_mul(1 << tries.min(16)).min(self.longest))
    }
}

/// What is made for an office.
pub struct Parts {
    /// The platform.
    pub chat: Arc<dyn Chat>,
    /// The house.
    pub house: Arc<House>,
    /// What is kept.
    pub records: Arc<dyn ChatRecords>,
    /// Which process this is, for the lease.
    pub liveness: Arc<dyn Liveness>,
    /// How fast things go.
    pub paces: Paces,
}

/// What surrounds one chat platform in this process. A cheap handle.
#[derive(Clone)]
pub struct Office(Arc<Inside>);

struct Inside {
    chat: Arc<dyn Chat>,
    house: Arc<House>,
    records: Arc<dyn ChatRecords>,
    liveness: Arc<dyn Liveness>,
    router: Router,
    paces: Paces,
    wakes: Arc<Wakes>,
    slots: Slots,
    desk: Arc<FrontDesk>,
    /// Who has spoken in a place since the start: where there are several, answers say whom they answer.
    speakers: Mutex<HashMap<Place, BTreeSet<Identity>>>,
    /// What runs last said of themselves.
    progress: Mutex<HashMap<ChangeId, (String, String)>>,
    /// Refusals that were logged: once is enough until a person acts.
    refusals: Mutex<BTreeSet<String>>,
}

/// As many places are remembered for addressing; then it begins anew.
const PLACES: usize = 10_000;

impl Office {
    /// An office for a platform.
    pub fn new(parts: Parts) -> Self {
        let Parts { chat, house, records, liveness, paces } = parts;
        let wakes = Arc::new(Wakes::default());
        let desk = Arc::new(FrontDesk::new(house.clone(), records.clone(), wakes.clone()));
        Self(Arc::new(Inside {
            router: Router::for_feed(house.clone()),
            chat,
            house,
            records,
            liveness,
            paces,
            wakes,
            slots: Slots::default(),
            desk,
            speakers: Mutex::default(),
            progress: Mutex::default(),
            refusals: Mutex::default(),
        }))
    }

    /// Serves the platform whenever this process has its lease, until told to stop: then nothing is begun any more, and
    /// what was begun comes to its end or waits for the next start.
    pub async fn serve(&self, stop: watch::Receiver<bool>) {
        lease::keep(self, stop).await;
    }

    /// Where events are handed in; any process may take them.
    pub fn desk(&self) -> Arc<dyn Desk> {
        self.0.desk.clone()
    }

    /// The platform.
    pub fn chat(&self) -> &Arc<dyn Chat> {
        &self.0.chat
    }

    /// Works as the one process that has the lease.
    async fn work(&self, stop: watch::Receiver<bool>) {
        let (rest, resting) = watch::channel(false);
        let mut hearing = JoinSet::new();
        hearing.spawn(lease::listen(self.clone(), stop.clone()));
        hearing.spawn(groups::run(self.clone(), stop.clone()));
        let mut telling = JoinSet::new();
        telling.spawn(feed::run(self.clone(), resting.clone()));
        telling.spawn(cards::run(self.clone(), resting.clone()));
        telling.spawn(outbox::run(self.clone(), resting));
        inbox::run(self, stop).await;
        // What the last requests told is sent while there is time; the rest is sent at the next start.
        let _ = rest.send(true);
        let ended = async { while telling.join_next().await.is_some() {} };
        if tokio::time::timeout(self.0.paces.ending / 4, ended).await.is_err() {
            tracing::info!(surface = self.surface(), "not everything could be sent; it is sent at the next start");
        }
        hearing.shutdown().await;
    }

    fn surface(&self) -> &'static str {
        self.0.chat.name()
    }

    fn house(&self) -> &House {
        &self.0.house
    }

    fn now(&self) -> Timestamp {
        self.0.house.store.clock().now()
    }

    /// Now and then some.
    fn later(&self, wait: Duration) -> Timestamp {
        Timestamp(self.now().0.saturating_add(i64::try_from(wait.as_millis()).unwrap_or(i64::MAX)))
    }

    /// The present as channels read it.
    fn moment(&self) -> Moment {
        match self.0.house.settings.config() {
            Ok(config) => Moment::of_zone(self.now(), &config.news.zone),
            Err(_) => Moment::utc(self.now()),
        }
    }

    /// Somebody speaks in a place; whether others do, too.
    fn speaks(&self, place: &Place, who: &Identity) -> bool {
        let mut all = self.0.speakers.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= PLACES {
            all.clear();
        }
        let here = all.entry(place.clone()).or_default();
        here.insert(who.clone());
        here.len() > 1
    }

    /// Logs a refusal the first time.
    fn refused(&self, problem: &chopmark_domain::problem::Problem) {
        let mut refusals = self.0.refusals.lock().unwrap_or_else(PoisonError::into_inner);
        if refusals.insert(problem.to_string()) {
            tracing::error!(surface = self.surface(), code = %problem.code, %problem, "the platform refuses until somebody acts");
        }
    }

    /// The identities that a person has on this platform.
    async fn identities(&self, person: &PersonId) -> Answer<Vec<Identity>> {
        mentions::identities(&self.0.house, self.surface(), person).await
    }
}

#[cfg(test)]
mod tests;
