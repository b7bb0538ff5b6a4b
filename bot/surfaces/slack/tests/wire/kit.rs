//! The kit: an adapter that listens to what plays Slack, and a desk that keeps what it takes.
//! Used by every test.
//! Must never be cleverer than the program: it takes, and answers what a test told it to.

use crate::peer::{PATIENCE, Peer};
use crate::records::Records;
use async_trait::async_trait;
use chopmark_domain::change::{Language, Place};
use chopmark_domain::ids::{ChangeId, Identity, Revision};
use chopmark_domain::ports::{Clock, Delivery};
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::time::Timestamp;
use chopmark_protocol::chat::{
    Act, Arrival, Asks, Attachment, Audience, Chat, Desk, Drawn, Fault, Form, FormAsked, Outgoing, Post, PostBody,
    Press, Pressed, Speaker, Suggested, Suggesting, Taken,
};
use chopmark_protocol::event::{Body, Event, Notice};
use chopmark_protocol::moment::Moment;
use chopmark_slack::{Options, Slack};
use serde_json::json;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// The real time, and what a test adds to it.
#[derive(Default)]
pub(crate) struct Now(AtomicI64);

impl Now {
    pub(crate) fn later(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1000, Ordering::SeqCst);
    }
}

impl Clock for Now {
    #[expect(clippy::disallowed_methods, reason = "signatures are made with the real time")]
    fn now(&self) -> Timestamp {
        let real = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
        Timestamp(i64::try_from(real.as_millis()).unwrap() + self.0.load(Ordering::SeqCst))
    }
}

/// A desk in memory.
#[derive(Default)]
pub(crate) struct Memory {
    pub(crate) taken: Mutex<Vec<Delivery>>,
    pub(crate) again: AtomicI64,
    pub(crate) full: AtomicBool,
    pub(crate) slow: AtomicBool,
    pub(crate) asked: Mutex<Vec<FormAsked>>,
    pub(crate) form: Mutex<Option<Form>>,
}

#[async_trait]
impl Desk for Memory {
    async fn take(&self, delivery: Delivery) -> Result<Taken, Problem> {
        if self.slow.load(Ordering::SeqCst) {
            tokio::time::sleep(Duration::from_millis(1500)).await;
        }
        if self.full.load(Ordering::SeqCst) {
            return Err(Problem::new(Code::DiskFull));
        }
        let mut taken = self.taken.lock().unwrap();
        if taken.iter().any(|other| other.id == delivery.id) {
            self.again.fetch_add(1, Ordering::SeqCst);
            return Ok(Taken::Again);
        }
        taken.push(delivery);
        Ok(Taken::New)
    }

    async fn form(&self, asked: FormAsked) -> Result<Form, Problem> {
        self.asked.lock().unwrap().push(asked);
        self.form.lock().unwrap().clone().ok_or_else(|| Problem::new(Code::MayNotDecide))
    }

    async fn suggestions(&self, _: &Speaker, _: Suggesting, _: &str) -> Vec<Suggested> {
        Vec::new()
    }
}

pub(crate) struct Scene {
    pub(crate) peer: Peer,
    pub(crate) slack: Slack,
    pub(crate) desk: Arc<Memory>,
    pub(crate) records: Arc<Records>,
    pub(crate) clock: Arc<Now>,
    stop: watch::Sender<bool>,
    hears: Option<JoinHandle<Result<(), Fault>>>,
}

impl Scene {
    /// One that hears over Socket Mode.
    pub(crate) async fn hears(settings: &[(&str, &str)]) -> Option<Self> {
        let mut scene = Self::new(settings)?;
        scene.listen();
        scene.peer.until("a socket", |state| state["sockets"].as_i64() >= Some(1)).await;
        Some(scene)
    }

    /// One that hears nothing by itself.
    pub(crate) fn new(settings: &[(&str, &str)]) -> Option<Self> {
        let peer = Peer::start(settings)?;
        let (records, clock) = (Arc::new(Records::default()), Arc::new(Now::default()));
        let slack = Slack::new(options(&peer.api), Arc::clone(&records) as _, Arc::clone(&clock) as _);
        Some(Self { peer, slack, desk: Arc::default(), records, clock, stop: watch::Sender::new(false), hears: None })
    }

    /// The same after a restart: what was in memory is gone.
    pub(crate) fn restarted(&self) -> Slack {
        Slack::new(options(&self.peer.api), Arc::clone(&self.records) as _, Arc::clone(&self.clock) as _)
    }

    pub(crate) fn listen(&mut self) {
        let (slack, desk, stop) = (self.slack.clone(), Arc::clone(&self.desk), self.stop.subscribe());
        self.hears = Some(tokio::spawn(async move { slack.listen(desk, stop).await }));
    }

    /// How listening ended by itself.
    pub(crate) async fn ended(&mut self) -> Result<(), Fault> {
        tokio::time::timeout(PATIENCE, self.hears.take().unwrap()).await.expect("it ends").unwrap()
    }

    /// Waits until so many events were taken.
    pub(crate) async fn taken(&self, count: usize) -> Vec<Delivery> {
        let end = Instant::now() + PATIENCE;
        loop {
            let taken = self.desk.taken.lock().unwrap().clone();
            if taken.len() >= count {
                assert_eq!(taken.len(), count, "more was taken than happened");
                return taken;
            }
            assert!(Instant::now() < end, "waited in vain for {count} events");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// The one that was taken last, read.
    pub(crate) async fn arrival(&self, count: usize) -> Arrival {
        let taken = self.taken(count).await;
        self.slack.read(&taken[count - 1]).await.unwrap().expect("it means something")
    }

    /// Ends what hears; nothing that was sent was wrong.
    pub(crate) async fn end(mut self) {
        let _ = self.stop.send(true);
        if let Some(hears) = self.hears.take() {
            tokio::time::timeout(PATIENCE, hears).await.expect("it stops when told").unwrap().unwrap();
        }
        self.peer.nothing_wrong().await;
    }
}

fn options(api: &str) -> Options {
    Options {
        bot_token: "xoxb-test".into(),
        app_token: Some("xapp-test".into()),
        signing_secret: Some("shhh".into()),
        api: Some(api.to_owned()),
    }
}

pub(crate) fn place(thread: &str) -> Place {
    Place { surface: "slack".to_owned(), channel: "C0001".to_owned(), thread: thread.to_owned() }
}

pub(crate) fn ada() -> Identity {
    Identity::parse("slack:T0001.U0ADA").unwrap()
}

pub(crate) fn press(act: Act, asks: Asks) -> Press {
    let change = ChangeId::parse("chg-7f3k").unwrap();
    let digest = chopmark_domain::digest::Digest::of(b"plan");
    let seen = Some(chopmark_protocol::request::Seen { revision: Revision(1), digest });
    Press { what: Pressed::Act { act, change, seen }, asks }
}

/// A picture with a button.
pub(crate) fn drawn(words: &str) -> Drawn {
    let id = press(Act::Approve, Asks::Nothing).id().unwrap();
    let button =
        json!({"type": "button", "action_id": id, "text": {"type": "plain_text", "text": "approve"}, "value": "1"});
    let body = json!({
        "text": words,
        "blocks": [
            {"type": "section", "text": {"type": "plain_text", "text": words}},
            {"type": "actions", "elements": [button]},
        ],
        "unfurl_links": false,
        "unfurl_media": false,
    });
    Drawn { body, whole: true, losses_shown: true }
}

pub(crate) fn says(words: &str) -> Post {
    let notice = Body::Notice(Notice { text: words.to_owned(), change: None });
    let event = Box::new(Event { language: Language::En, body: notice });
    Post {
        audience: Audience::Everybody,
        mentions: Vec::new(),
        to: None,
        body: PostBody::Event { event },
        replaces: None,
    }
}

pub(crate) fn file(name: &str, text: &str) -> Post {
    let file = Attachment { name: name.to_owned(), description: "the whole plan".to_owned(), text: text.to_owned() };
    Post { body: PostBody::File { file, language: Language::En }, ..says("") }
}

/// Sends a post as the outbox would: again with the same key until it is done.
pub(crate) async fn send(slack: &Slack, place: &Place, post: &Post, tries: u32) -> Result<String, Fault> {
    let moment = Moment::utc(Timestamp(0));
    slack.post(Outgoing { key: "answer/1", place, post, moment: &moment, tries }).await
}
