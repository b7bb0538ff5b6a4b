//! A scene: the adapter against what plays Discord, with a desk and records in memory.
//! Used by every test of the wire.
//! Must never wait for time to pass: it waits for what must happen.

use crate::desk::Table;
use crate::peer::{Peer, until};
use crate::records::Shelf;
use chopmark_discord::{Discord, Options};
use chopmark_domain::change::{Language, Place};
use chopmark_domain::digest::Digest;
use chopmark_domain::ids::{ChangeId, Identity, Revision};
use chopmark_domain::ports::{Clock, Delivery};
use chopmark_domain::time::Timestamp;
use chopmark_protocol::chat::{
    Act, Arrival, Asks, Audience, Chat, Drawn, Fault, Outgoing, Post, PostBody, Press, Pressed,
};
use chopmark_protocol::event::Event;
use chopmark_protocol::moment::Moment;
use chopmark_protocol::request::Seen;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::SystemTime;
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub(crate) struct Machine;

impl Clock for Machine {
    #[expect(clippy::disallowed_methods, reason = "signatures are made by another process with the machine's clock")]
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
        Timestamp(i64::try_from(since.as_millis()).unwrap())
    }
}

pub(crate) struct Scene {
    pub(crate) peer: Peer,
    pub(crate) chat: Discord,
    pub(crate) desk: Arc<Table>,
    stop: watch::Sender<bool>,
    listening: Option<JoinHandle<Result<(), Fault>>>,
}

/// What the adapter is made with to reach a stand-in.
pub(crate) fn options(peer: &Peer) -> Options {
    Options {
        token: peer.token.clone().into(),
        message_content: true,
        public_key: Some(peer.public_key.clone()),
        api: Some(peer.url.clone()),
        servers: vec![],
    }
}

impl Scene {
    /// With a peer, not yet listening.
    pub(crate) fn quiet(peer: Peer) -> Self {
        let options = options(&peer);
        Self::made(peer, options)
    }

    pub(crate) fn made(peer: Peer, options: Options) -> Self {
        let chat = Discord::new(options, Arc::new(Shelf::default()), Arc::new(Machine));
        Self { peer, chat, desk: Arc::new(Table::new()), stop: watch::Sender::new(false), listening: None }
    }

    /// Another adapter at the same peer, which remembers nothing.
    pub(crate) fn with(&self, options: Options) -> Discord {
        Discord::new(options, Arc::new(Shelf::default()), Arc::new(Machine))
    }

    /// Listening at the gateway; none where no peer is installed.
    pub(crate) async fn listening() -> Option<Self> {
        Some(Self::listening_at(Peer::start()?).await)
    }

    pub(crate) async fn listening_at(peer: Peer) -> Self {
        let mut scene = Self::quiet(peer);
        scene.listen().await;
        scene
    }

    /// Listens, and waits until it is heard and the commands are there.
    pub(crate) async fn listen(&mut self) {
        self.open();
        until("the gateway is open", async || {
            let state = self.peer.look("state").await;
            (!state["sessions"].as_array().unwrap().is_empty() && !state["commands"][""].is_null()).then_some(())
        })
        .await;
    }

    pub(crate) fn open(&mut self) {
        let (chat, desk, stop) = (self.chat.clone(), Arc::clone(&self.desk), self.stop.subscribe());
        self.listening = Some(tokio::spawn(async move { chat.listen(desk, stop).await }));
    }

    /// How the listening ended by itself.
    pub(crate) async fn ended(&mut self) -> Result<(), Fault> {
        self.listening.take().unwrap().await.unwrap()
    }

    /// Stops, and looks that nothing was wrong.
    pub(crate) async fn end(mut self) {
        self.stop.send_replace(true);
        if let Some(listening) = self.listening.take() {
            assert_eq!(listening.await.unwrap(), Ok(()));
        }
        self.peer.is_content().await;
    }

    /// Waits for an event to be taken.
    pub(crate) async fn taken(&self, id: &Value) -> Delivery {
        let id = id.as_str().unwrap();
        until("the event is taken", async || self.desk.offered(id).map(|(delivery, _)| delivery)).await
    }

    /// Waits for an event, and reads it.
    pub(crate) async fn arrived(&self, id: &Value) -> Arrival {
        self.chat.read(&self.taken(id).await).await.unwrap().expect("it means something")
    }

    /// Somebody mentions the bot in the channel; what arrives.
    pub(crate) async fn mentioned(&self, words: &str) -> Arrival {
        let content = format!("<@900> {words}");
        let message = self.peer.act("message", json!({ "content": content, "mention": true })).await;
        self.arrived(&message["id"]).await
    }

    /// Says a line in a place.
    pub(crate) async fn say(&self, key: &str, place: &Place, text: &str) -> Result<String, Fault> {
        self.post(key, place, &post(text, Audience::Everybody)).await
    }

    pub(crate) async fn post(&self, key: &str, place: &Place, post: &Post) -> Result<String, Fault> {
        said(&self.chat, key, place, post).await
    }
}

pub(crate) async fn said(chat: &Discord, key: &str, place: &Place, post: &Post) -> Result<String, Fault> {
    let moment = Moment::utc(Machine.now());
    chat.post(Outgoing { key, place, post, moment: &moment, tries: 0 }).await
}

pub(crate) fn post(text: &str, audience: Audience) -> Post {
    let event = Box::new(Event::answer(Language::En, text.to_owned(), None));
    Post { audience, mentions: vec![], to: None, body: PostBody::Event { event }, replaces: None }
}

pub(crate) fn place(channel: &str, thread: &str) -> Place {
    Place { surface: "discord".to_owned(), channel: channel.to_owned(), thread: thread.to_owned() }
}

pub(crate) fn identity(text: &str) -> Identity {
    Identity::parse(text).unwrap()
}

pub(crate) fn press(act: Act, asks: Asks) -> Press {
    let seen = Some(Seen { revision: Revision(1), digest: Digest::of(b"plan") });
    Press { what: Pressed::Act { act, change: ChangeId::parse("chg-7f3k").unwrap(), seen }, asks }
}

/// A picture of a card with one button.
pub(crate) fn card(text: &str, press: &Press) -> Drawn {
    let body = json!({ "flags": 1 << 15, "allowed_mentions": { "parse": [] }, "components": [
        { "type": 17, "components": [
            { "type": 10, "content": text },
            { "type": 1, "components": [{ "type": 2, "style": 3, "label": "approve", "custom_id": press.id().unwrap() }] }
        ] }
    ] });
    Drawn { body, whole: true, losses_shown: true }
}
