//! A chat platform that does as a test says: it fails, is slow, forgets channels, and keeps what it was told.
//! Used by the promises beside it.
//! Must never be kinder than a real one: what has no message any more can't be edited.

use async_trait::async_trait;
use chopmark_domain::change::Place;
use chopmark_domain::ids::Identity;
use chopmark_domain::ports::Delivery;
use chopmark_protocol::chat::{
    Arrival, Audience, CardView, Chat, Check, Content, Desk, Drawn, Fault, Gone, HttpCall, HttpReply, Meant, Outgoing,
    Partial, Post, PostBody, Press, Reply, Speaker,
};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::{Notify, watch};

/// What the platform was told.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Did {
    Posted { key: String, place: Place, post: Box<Post> },
    Card { message: String, place: Place, body: Value },
    Edited { message: String, body: Value },
    Signed(String),
    Listened,
}

/// Which calls a fault is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum On {
    Post,
    File,
    PostCard,
    EditCard,
    Read,
}

#[derive(Default)]
pub(super) struct Scripted {
    did: Mutex<Vec<(Instant, Did)>>,
    happened: Notify,
    faults: Mutex<VecDeque<(On, Fault)>>,
    /// Messages by the key they were made with: the same key is the same message.
    keys: Mutex<BTreeMap<String, String>>,
    gone: Mutex<BTreeSet<String>>,
    closed: Mutex<BTreeSet<String>>,
    pub(super) groups: Mutex<BTreeMap<Identity, BTreeSet<Identity>>>,
    /// Cards that say that they hold everything.
    pub(super) whole: AtomicBool,
    /// Posts to this channel wait.
    held: Mutex<Option<String>>,
    count: AtomicUsize,
}

/// An event as this platform sends it.
pub(super) fn event(id: &str, who: &str, place: &Place, meant: &str, message: Option<&str>) -> Delivery {
    let raw =
        json!({ "who": who, "channel": place.channel, "thread": place.thread, "meant": meant, "message": message });
    let at = chopmark_domain::time::Timestamp(0);
    Delivery { surface: "discord".to_owned(), id: id.to_owned(), raw: raw.to_string(), at }
}

/// The message of the newest card that was posted.
pub(super) fn card(did: &[Did]) -> Option<String> {
    did.iter().rev().find_map(|did| match did {
        Did::Card { message, .. } => Some(message.clone()),
        _ => None,
    })
}

pub(super) fn later() -> Fault {
    Fault::Later { after: None, why: "429".to_owned() }
}

impl Scripted {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self { whole: AtomicBool::new(true), ..Self::default() })
    }

    /// The next such call fails so.
    pub(super) fn fails(&self, on: On, fault: Fault) {
        self.faults.lock().unwrap().push_back((on, fault));
    }

    /// Nobody may write in that channel any more.
    pub(super) fn close(&self, channel: &str) {
        self.closed.lock().unwrap().insert(channel.to_owned());
    }

    /// Somebody deleted that message.
    pub(super) fn delete(&self, message: &str) {
        self.gone.lock().unwrap().insert(message.to_owned());
    }

    /// Posts to a channel wait until somebody lets go of them.
    pub(super) fn hold(&self, channel: Option<&str>) {
        *self.held.lock().unwrap() = channel.map(str::to_owned);
        self.happened.notify_waiters();
    }

    pub(super) fn did(&self) -> Vec<Did> {
        self.did.lock().unwrap().iter().map(|(_, did)| did.clone()).collect()
    }

    /// Moments of the edits of a message, its posting among them.
    pub(super) fn moments(&self, message: &str) -> Vec<Instant> {
        let of = |did: &Did| match did {
            Did::Card { message: of, .. } | Did::Edited { message: of, .. } => of == message,
            _ => false,
        };
        self.did.lock().unwrap().iter().filter(|(_, did)| of(did)).map(|(at, _)| *at).collect()
    }

    /// Every post, in order.
    pub(super) fn posts(&self) -> Vec<(Place, Post)> {
        let posted = self.did().into_iter().filter_map(|did| match did {
            Did::Posted { place, post, .. } => Some((place, *post)),
            _ => None,
        });
        posted.collect()
    }

    /// Waits until it was told what is looked for.
    pub(super) async fn until<T>(&self, what: &str, found: impl Fn(&[Did]) -> Option<T>) -> T {
        let waiting = async {
            loop {
                let happened = self.happened.notified();
                tokio::pin!(happened);
                happened.as_mut().enable();
                if let Some(found) = found(&self.did()) {
                    return found;
                }
                happened.await;
            }
        };
        let waited = tokio::time::timeout(Duration::from_secs(30), waiting).await;
        waited.unwrap_or_else(|_| panic!("never happened: {what}; what did: {:#?}", self.did()))
    }

    /// What a message shows now.
    pub(super) fn shows(&self, message: &str) -> Value {
        let of = |did: Did| match did {
            Did::Card { message: of, body, .. } | Did::Edited { message: of, body } if of == message => Some(body),
            _ => None,
        };
        self.did().into_iter().rev().find_map(of).unwrap()
    }

    fn tell(&self, did: Did) {
        self.did.lock().unwrap().push((Instant::now(), did));
        self.happened.notify_waiters();
    }

    fn fault(&self, on: On) -> Result<(), Fault> {
        let mut faults = self.faults.lock().unwrap();
        match faults.iter().position(|(of, _)| *of == on) {
            Some(nth) => Err(faults.remove(nth).unwrap().1),
            None => Ok(()),
        }
    }

    fn writable(&self, place: &Place) -> Result<(), Fault> {
        if self.closed.lock().unwrap().contains(&place.channel) {
            return Err(Fault::Gone { what: Gone::Place, why: "archived".to_owned() });
        }
        Ok(())
    }

    async fn held(&self, place: &Place) {
        loop {
            let happened = self.happened.notified();
            tokio::pin!(happened);
            happened.as_mut().enable();
            if self.held.lock().unwrap().as_deref() != Some(place.channel.as_str()) {
                return;
            }
            happened.await;
        }
    }
}

#[async_trait]
impl Chat for Scripted {
    fn name(&self) -> &'static str {
        "discord"
    }

    async fn listen(&self, _desk: Arc<dyn Desk>, mut stop: watch::Receiver<bool>) -> Result<(), Fault> {
        self.tell(Did::Listened);
        while !*stop.borrow() && stop.changed().await.is_ok() {}
        Ok(())
    }

    fn paths(&self) -> Vec<&'static str> {
        vec!["/scripted"]
    }

    async fn called(&self, call: HttpCall, desk: &dyn Desk) -> HttpReply {
        let place = Place { surface: "discord".to_owned(), channel: "5000".to_owned(), thread: "http".to_owned() };
        let id = String::from_utf8_lossy(&call.body).into_owned();
        let taken = desk.take(event(&id, "discord:100", &place, "help", None)).await;
        HttpReply { status: if taken.is_ok() { 202 } else { 500 }, content_type: "text/plain", body: b"heard".to_vec() }
    }

    async fn read(&self, delivery: &Delivery) -> Result<Option<Arrival>, Fault> {
        self.fault(On::Read)?;
        let raw: Value = serde_json::from_str(&delivery.raw).unwrap();
        let text = |name: &str| raw[name].as_str().map(str::to_owned);
        let Some(meant) = text("meant") else { return Ok(None) };
        let (meant, pressed) = match Press::parse(&meant) {
            Some(press) => (Meant::Pressed(press), true),
            None => (Meant::Said(meant), false),
        };
        Ok(Some(Arrival {
            delivery: delivery.id.clone(),
            speaker: Speaker {
                identity: Identity::parse(&text("who").unwrap()).unwrap(),
                groups: None,
                name: text("who").unwrap(),
                place: Place {
                    surface: "discord".to_owned(),
                    channel: text("channel").unwrap(),
                    thread: text("thread").unwrap(),
                },
                language: None,
            },
            at: delivery.at,
            meant,
            message: text("message"),
            reply: pressed.then(|| Reply { handle: "token".to_owned(), until: delivery.at }),
        }))
    }

    async fn sign(&self, arrival: &Arrival) {
        self.tell(Did::Signed(arrival.delivery.clone()));
    }

    async fn partial(&self, partial: Partial<'_>) -> Result<Option<String>, Fault> {
        Ok(Some(partial.handle.unwrap_or("partial-1").to_owned()))
    }

    async fn post(&self, outgoing: Outgoing<'_>) -> Result<String, Fault> {
        self.held(outgoing.place).await;
        let file = matches!(outgoing.post.body, PostBody::File { .. });
        self.fault(if file { On::File } else { On::Post })?;
        if matches!(outgoing.post.audience, Audience::Everybody) {
            self.writable(outgoing.place)?;
        }
        if let Some(message) = self.keys.lock().unwrap().get(outgoing.key) {
            return Ok(message.clone());
        }
        let message = format!("p{}", self.count.fetch_add(1, Ordering::Relaxed));
        self.keys.lock().unwrap().insert(outgoing.key.to_owned(), message.clone());
        let post = Box::new(outgoing.post.clone());
        self.tell(Did::Posted { key: outgoing.key.to_owned(), place: outgoing.place.clone(), post });
        Ok(message)
    }

    fn card(&self, view: CardView<'_>) -> Drawn {
        let body = json!({
            "change": view.card.change,
            "state": view.card.state,
            "progress": view.progress,
            "language": view.language,
            "approve": view.content == Content::Delivered,
            "buttons": !view.card.controls.is_empty(),
        });
        Drawn { body, whole: self.whole.load(Ordering::Relaxed), losses_shown: true }
    }

    async fn post_card(&self, place: &Place, key: &str, drawn: &Drawn, _tries: u32) -> Result<String, Fault> {
        self.fault(On::PostCard)?;
        self.writable(place)?;
        if let Some(message) = self.keys.lock().unwrap().get(key) {
            return Ok(message.clone());
        }
        let message = format!("c{}", self.count.fetch_add(1, Ordering::Relaxed));
        self.keys.lock().unwrap().insert(key.to_owned(), message.clone());
        self.tell(Did::Card { message: message.clone(), place: place.clone(), body: drawn.body.clone() });
        Ok(message)
    }

    async fn edit_card(&self, place: &Place, message: &str, drawn: &Drawn) -> Result<(), Fault> {
        self.fault(On::EditCard)?;
        self.writable(place)?;
        if self.gone.lock().unwrap().contains(message) {
            return Err(Fault::Gone { what: Gone::Message, why: "deleted".to_owned() });
        }
        self.tell(Did::Edited { message: message.to_owned(), body: drawn.body.clone() });
        Ok(())
    }

    async fn groups(&self, identity: &Identity) -> Result<Option<BTreeSet<Identity>>, Fault> {
        Ok(self.groups.lock().unwrap().get(identity).cloned())
    }

    async fn direct(&self, identity: &Identity) -> Result<Place, Fault> {
        let channel = format!("dm-{}", identity.as_str().trim_start_matches("discord:"));
        Ok(Place { surface: "discord".to_owned(), channel, thread: "main".to_owned() })
    }

    async fn check(&self) -> Vec<Check> {
        vec![]
    }
}
