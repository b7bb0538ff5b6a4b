//! A house, a platform that does as it is told, and offices that come and go.
//! Used by the promises beside it.
//! Must never leave an office running when its test is over.

use super::scripted::{Scripted, event};
use crate::chat::{Office, Paces, Parts};
use crate::fixture::{Fixture, PEOPLE, thread};
use chopmark_domain::change::{Change, Place};
use chopmark_domain::ids::ChangeId;
use chopmark_domain::lifecycle::State;
use chopmark_domain::note::NoteBody;
use chopmark_domain::ports::{ChangeWrite, ChatRecords, Commit, Journal as _, Liveness};
use chopmark_domain::risk::Risk;
use chopmark_protocol::chat::{Act, Asks, Press, Pressed};
use chopmark_protocol::event::{Body, Event};
use chopmark_protocol::request::Seen;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub(super) const ALICE: &str = "discord:100";
pub(super) const BOB: &str = "discord:200";

/// Processes that are known to be gone.
#[derive(Clone, Default)]
pub(super) struct Graves(Arc<Mutex<BTreeSet<String>>>);

struct Process(String, Graves);

impl Liveness for Process {
    fn me(&self) -> String {
        self.0.clone()
    }
    fn is_gone(&self, holder: &str) -> bool {
        self.1.0.lock().unwrap().contains(holder)
    }
}

pub(super) struct Scene {
    pub(super) fixture: Fixture,
    pub(super) chat: Arc<Scripted>,
    pub(super) place: Place,
    graves: Graves,
}

/// An office that runs as a process of its own would.
pub(super) struct Running {
    name: String,
    graves: Graves,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Running {
    /// It is killed where it stands.
    pub(super) async fn killed(self) {
        self.task.abort();
        let _ = self.task.await;
        self.graves.0.lock().unwrap().insert(self.name);
    }

    /// It is told to stop, and ends.
    pub(super) async fn stopped(self) {
        self.stop.send(true).unwrap();
        tokio::time::timeout(Duration::from_secs(30), self.task).await.unwrap().unwrap();
    }
}

/// Fast, and as far apart as tests look at.
pub(super) fn paces() -> Paces {
    let milliseconds = Duration::from_millis;
    Paces {
        poll: milliseconds(10),
        edit: milliseconds(40),
        progress: milliseconds(80),
        refresh: milliseconds(400),
        again: milliseconds(5),
        longest: milliseconds(40),
        refused: milliseconds(20),
        groups: milliseconds(20),
        ending: Duration::from_secs(20),
    }
}

impl Scene {
    pub(super) async fn new() -> Self {
        let fixture = Fixture::open(PEOPLE).await;
        Self { fixture, chat: Scripted::new(), place: thread("1"), graves: Graves::default() }
    }

    pub(super) fn office(&self, name: &str) -> Office {
        Office::new(Parts {
            chat: self.chat.clone(),
            house: self.fixture.house.clone(),
            records: Arc::new(self.fixture.house.store.clone()),
            liveness: Arc::new(Process(name.to_owned(), self.graves.clone())),
            paces: paces(),
        })
    }

    pub(super) fn runs(&self, name: &str) -> Running {
        let office = self.office(name);
        let (stop, stopped) = watch::channel(false);
        let task = tokio::spawn(async move { office.serve(stopped).await });
        Running { name: name.to_owned(), graves: self.graves.clone(), stop, task }
    }

    /// The same, once it reads the feed: what is told before is no news.
    pub(super) async fn hears(&self, name: &str) -> Running {
        self.records().feed("discord", self.fixture.house.store_notes().await.unwrap(), &[]).await.unwrap();
        self.runs(name)
    }

    pub(super) fn records(&self) -> &dyn ChatRecords {
        &self.fixture.house.store
    }

    /// Somebody says something.
    pub(super) async fn says(&self, id: &str, who: &str, place: &Place, words: &str) {
        let at = self.fixture.house.now();
        assert!(
            self.records()
                .take(&chopmark_domain::ports::Delivery { at, ..event(id, who, place, words, None) })
                .await
                .unwrap()
        );
    }

    /// Somebody presses a button of a card.
    pub(super) async fn presses(&self, id: &str, who: &str, act: Act, change: &ChangeId, message: &str) {
        let file = self.fixture.house.file(change).await.unwrap();
        let seen = file.record.planned.map(|planned| Seen { revision: file.change.revision, digest: planned.digest });
        let press = Press { what: Pressed::Act { act, change: change.clone(), seen }, asks: Asks::Nothing };
        let at = self.fixture.house.now();
        let event = event(id, who, &self.place, &press.id().unwrap(), Some(message));
        assert!(self.records().take(&chopmark_domain::ports::Delivery { at, ..event }).await.unwrap());
    }

    pub(super) async fn waiting(&self, id: &str) -> ChangeId {
        self.fixture.waiting(id, &self.place, Risk::Low).await
    }

    /// The change moves, as the engine would move it.
    pub(super) async fn moves(&self, id: &ChangeId, state: State) {
        let store = &self.fixture.house.store;
        let before = self.fixture.house.file(id).await.unwrap().change;
        let change = Change { state, epoch: before.epoch.next(), ..before.clone() };
        let commit = Commit {
            change: ChangeWrite::Update { from: (before.state, before.epoch), change },
            record: None,
            decision: None,
            run: None,
            entries: vec![],
            wakeups: vec![],
            notes: vec![NoteBody::Moved { state }],
            fence: None,
            release: None,
        };
        store.commit(commit).await.unwrap();
    }

    /// Its run reports.
    pub(super) async fn reports(&self, id: &ChangeId, about: &str) {
        let body = NoteBody::Progress { about: about.to_owned(), key: "progress-applying".to_owned() };
        self.fixture.house.store.tell(id, body).await.unwrap();
    }
}

/// The words of an event, or what it is.
pub(super) fn words(event: &Event) -> String {
    crate::fixture::words(std::slice::from_ref(event))
}

/// The code of a problem that was posted.
pub(super) fn code(event: &Event) -> Option<&str> {
    match &event.body {
        Body::Refusal(trouble) | Body::Error(trouble) => Some(&trouble.words.code),
        _ => None,
    }
}
