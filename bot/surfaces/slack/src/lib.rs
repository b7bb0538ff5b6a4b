//! Slack: its events become arrivals, cards and posts its messages, within its limits.
//! Made by bot/app for `serve`, `init` and the doctor; knows only the protocol and the domain.
//! Must never read state from a message, nor let a text from outside become its markup.

mod check;
pub mod commands;
pub mod draw;
mod fault;
mod files;
mod find;
mod forms;
mod http_in;
mod inbound;
mod intake;
pub mod limits;
pub mod manifest;
pub mod markup;
mod names;
mod options;
mod origin;
mod people;
mod send;
mod sign;
mod socket;
mod stream;
mod threads;
pub mod view;
mod web;

pub use options::Options;

use async_trait::async_trait;
use chopmark_domain::change::Place;
use chopmark_domain::ids::Identity;
use chopmark_domain::ports::{ChatRecords, Clock, Delivery};
use chopmark_protocol::chat::{
    Arrival, CardView, Chat, Check, Desk, Drawn, Fault, HttpCall, HttpReply, Outgoing, Partial,
};
use secrecy::SecretString;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, OnceLock};
use tokio::sync::watch;

/// What the parts of the adapter share.
struct Inner {
    web: web::Web,
    app_token: Option<SecretString>,
    signing_secret: Option<SecretString>,
    records: Arc<dyn ChatRecords>,
    clock: Arc<dyn Clock>,
    people: people::People,
    streams: stream::Streams,
    /// Our own user, once asked.
    bot: OnceLock<String>,
    /// Threads that we are known to be in, so that the store is asked once.
    threads: Mutex<BTreeSet<Place>>,
    /// Channels of direct messages by user.
    directs: Mutex<BTreeMap<String, String>>,
    /// Whether reactions were refused.
    markless: AtomicBool,
}

/// The adapter.
#[derive(Clone)]
pub struct Slack {
    inner: Arc<Inner>,
}

impl Slack {
    /// Cheap, and without network: nothing is opened before it is used.
    pub fn new(options: Options, records: Arc<dyn ChatRecords>, clock: Arc<dyn Clock>) -> Self {
        let web = web::Web::new(&options);
        let inner = Inner {
            web,
            app_token: options.app_token,
            signing_secret: options.signing_secret,
            records,
            clock,
            people: people::People::default(),
            streams: stream::Streams::default(),
            bot: OnceLock::new(),
            threads: Mutex::default(),
            directs: Mutex::default(),
            markless: AtomicBool::new(false),
        };
        Self { inner: Arc::new(inner) }
    }
}

#[async_trait]
impl Chat for Slack {
    fn name(&self) -> &'static str {
        names::SURFACE
    }

    async fn listen(&self, desk: Arc<dyn Desk>, mut stop: watch::Receiver<bool>) -> Result<(), Fault> {
        match (&self.inner.app_token, &self.inner.signing_secret) {
            (Some(token), _) => socket::listen(Arc::clone(&self.inner), token, desk, stop).await,
            // Events come over HTTP: there is nothing to open.
            (None, Some(_)) => {
                let _stopped = stop.wait_for(|stop| *stop).await;
                Ok(())
            }
            (None, None) => Err(self.inner.deaf()),
        }
    }

    fn paths(&self) -> Vec<&'static str> {
        match self.inner.signing_secret {
            Some(_) => vec![http_in::EVENTS, http_in::INTERACTIONS, http_in::COMMANDS],
            None => Vec::new(),
        }
    }

    async fn called(&self, call: HttpCall, desk: &dyn Desk) -> HttpReply {
        self.inner.answer(call, desk).await
    }

    async fn read(&self, delivery: &Delivery) -> Result<Option<Arrival>, Fault> {
        self.inner.read(delivery).await
    }

    async fn sign(&self, arrival: &Arrival) {
        self.inner.mark(arrival).await;
    }

    async fn partial(&self, partial: Partial<'_>) -> Result<Option<String>, Fault> {
        self.inner.show_partial(partial).await
    }

    async fn post(&self, outgoing: Outgoing<'_>) -> Result<String, Fault> {
        self.inner.send(outgoing).await
    }

    fn card(&self, view: CardView<'_>) -> Drawn {
        draw::card(view)
    }

    fn moved(&self, view: CardView<'_>) -> Drawn {
        draw::moved(view)
    }

    async fn post_card(&self, place: &Place, key: &str, drawn: &Drawn, tries: u32) -> Result<String, Fault> {
        self.inner.send_card(place, key, drawn, tries).await
    }

    async fn edit_card(&self, _place: &Place, message: &str, drawn: &Drawn) -> Result<(), Fault> {
        self.inner.edit(message, &drawn.body).await
    }

    async fn groups(&self, identity: &Identity) -> Result<Option<BTreeSet<Identity>>, Fault> {
        let (_, user) = names::parts(identity)?;
        let now = self.inner.clock.now();
        if !self.inner.people.person(&self.inner.web, user, now).await?.there {
            return Ok(None);
        }
        let groups = self.inner.people.groups(&self.inner.web, user, now).await?;
        Ok(Some(groups.unwrap_or_default()))
    }

    async fn direct(&self, identity: &Identity) -> Result<Place, Fault> {
        let (_, user) = names::parts(identity)?;
        self.inner.direct(user).await
    }

    async fn check(&self) -> Vec<Check> {
        self.inner.checks().await
    }
}
