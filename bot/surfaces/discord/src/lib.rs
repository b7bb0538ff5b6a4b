//! Discord: its events become arrivals, cards and posts its messages, within its limits.
//! Made by bot/app for `serve`, `init` and the doctor; knows only the protocol and the domain.
//! Must never read state from a message, nor send one without saying whom it may mention.

mod answer;
mod check;
pub mod commands;
mod connection;
pub mod draw;
mod event;
mod gateway;
mod http_in;
mod inbound;
pub mod invite;
pub mod limits;
pub mod markup;
pub mod modal;
mod options;
mod people;
mod permissions;
mod register;
mod send;
mod threads;
mod trouble;
mod wire;

pub use options::Options;

use async_trait::async_trait;
use chopmark_domain::change::Place;
use chopmark_domain::ids::Identity;
use chopmark_domain::ports::{ChatRecords, Clock, Delivery};
use chopmark_protocol::chat::{
    Arrival, CardView, Chat, Check, Desk, Drawn, Fault, HttpCall, HttpReply, Outgoing, Partial,
};
use connection::Connection;
use std::collections::BTreeSet;
use std::sync::Arc;
use tokio::sync::watch;

/// Discord, as a surface.
#[derive(Clone)]
pub struct Discord {
    connection: Arc<Connection>,
}

impl Discord {
    /// An adapter. Cheap, and without network.
    pub fn new(options: Options, records: Arc<dyn ChatRecords>, clock: Arc<dyn Clock>) -> Self {
        Self { connection: Arc::new(Connection::new(options, records, clock)) }
    }
}

#[async_trait]
impl Chat for Discord {
    fn name(&self) -> &'static str {
        event::SURFACE
    }

    async fn listen(&self, desk: Arc<dyn Desk>, stop: watch::Receiver<bool>) -> Result<(), Fault> {
        gateway::listen(&self.connection, desk, stop).await
    }

    fn paths(&self) -> Vec<&'static str> {
        let key = self.connection.options.public_key.as_deref();
        key.and_then(http_in::verifier).map(|_| http_in::PATH).into_iter().collect()
    }

    async fn called(&self, call: HttpCall, desk: &dyn Desk) -> HttpReply {
        self.connection.answered(&call, desk).await
    }

    async fn read(&self, delivery: &Delivery) -> Result<Option<Arrival>, Fault> {
        match self.connection.arrival(delivery).await {
            // What is gone or makes no sense will not come back: it means nothing to us any more.
            Err(Fault::Gone { why, .. } | Fault::Invalid(why)) => {
                tracing::warn!(surface = event::SURFACE, delivery = delivery.id, why, "an event can't be read");
                Ok(None)
            }
            read => read,
        }
    }

    async fn sign(&self, arrival: &Arrival) {
        self.connection.heard(arrival).await;
    }

    async fn partial(&self, partial: Partial<'_>) -> Result<Option<String>, Fault> {
        self.connection.so_far(partial).await
    }

    async fn post(&self, outgoing: Outgoing<'_>) -> Result<String, Fault> {
        self.connection.posted(&outgoing).await
    }

    fn card(&self, view: CardView<'_>) -> Drawn {
        draw::card(view)
    }

    fn moved(&self, view: CardView<'_>) -> Drawn {
        draw::moved(view)
    }

    async fn post_card(&self, place: &Place, key: &str, drawn: &Drawn, _tries: u32) -> Result<String, Fault> {
        self.connection.card_posted(place, key, drawn).await
    }

    async fn edit_card(&self, place: &Place, message: &str, drawn: &Drawn) -> Result<(), Fault> {
        self.connection.card_edited(place, message, drawn).await
    }

    async fn groups(&self, identity: &Identity) -> Result<Option<BTreeSet<Identity>>, Fault> {
        self.connection.roles(identity).await
    }

    async fn direct(&self, identity: &Identity) -> Result<Place, Fault> {
        self.connection.direct_to(identity).await
    }

    async fn check(&self) -> Vec<Check> {
        self.connection.checked().await
    }
}
