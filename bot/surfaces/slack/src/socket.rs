//! Socket Mode: events over a connection that this program opens.
//! Run by `listen`; slack-morphism opens the sockets, pings them, and opens new ones.
//! Must never do more in a frame than keep it: one socket handles one message at a time.

use crate::intake::{self, Door, Heard};
use crate::web::{Connector, token};
use crate::{Inner, fault};
use async_trait::async_trait;
use chopmark_protocol::chat::{Desk, Fault};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::{Value, json};
use slack_morphism::clients_manager::{SlackSocketModeClientsManager, SlackSocketModeClientsManagerFactory};
use slack_morphism::listener::SlackClientEventsListenerEnvironment;
use slack_morphism::{SlackClientSocketModeConfig, SlackSocketModeClientListener, SlackSocketModeWssClientId};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;
use tokio::sync::watch;

/// Sockets at once: while one is renewed, the other hears. Slack allows ten.
const SOCKETS: u32 = 2;

/// Between the first opening of the two, in seconds.
const APART: u64 = 1;

/// Between tries to open one, in seconds.
const AGAIN: u64 = 5;

/// Between pings in seconds, and how many may stay unanswered: a socket that is closed on one side only is found out
/// within a quarter of a minute.
const PING: u64 = 5;
const UNANSWERED: u64 = 2;

/// How long no socket may be open until it is looked whether it ever will be.
const SILENCE: Duration = Duration::from_secs(15);

type Manager = dyn SlackSocketModeClientsManager + Send + Sync;

/// A frame of the socket.
#[derive(Debug, Deserialize)]
struct Frame {
    #[serde(rename = "type")]
    kind: String,
    envelope_id: Option<String>,
    #[serde(default)]
    payload: Value,
    #[serde(default)]
    reason: Option<String>,
}

struct Ear {
    inner: Arc<Inner>,
    desk: Arc<dyn Desk>,
    manager: Weak<Manager>,
    open: Mutex<BTreeSet<String>>,
    /// A socket that was being renewed while we were told to stop may open after all: it is not listened to.
    stopped: AtomicBool,
}

impl Ear {
    fn open(&self) -> std::sync::MutexGuard<'_, BTreeSet<String>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn renew(&self, client: &SlackSocketModeWssClientId) {
        self.open().remove(&client.to_string());
        if self.stopped.load(Ordering::SeqCst) {
            return;
        }
        if let Some(manager) = self.manager.upgrade() {
            manager.restart_client(client).await;
        }
    }

    /// Whether the frame may be acknowledged.
    async fn kept(&self, door: Door, payload: Value) -> bool {
        match intake::heard(door, payload, self.inner.clock.now()) {
            (Heard::Nothing, _) => true,
            (Heard::Event(delivery), _) => match self.desk.take(delivery).await {
                Ok(_) => true,
                Err(problem) => {
                    tracing::error!(chat.platform = "slack", %problem, "an event could not be kept: Slack sends it again");
                    false
                }
            },
            (Heard::Form(kind), payload) => {
                let (inner, desk) = (Arc::clone(&self.inner), Arc::clone(&self.desk));
                tokio::spawn(async move { inner.open(&*desk, kind, &payload).await });
                true
            }
        }
    }
}

fn acknowledged(envelope: &str) -> String {
    json!({"envelope_id": envelope}).to_string()
}

#[async_trait]
impl SlackSocketModeClientListener for Ear {
    async fn on_message(&self, client: &SlackSocketModeWssClientId, text: String) -> Option<String> {
        if self.stopped.load(Ordering::SeqCst) {
            return None;
        }
        let unread = |why: &str| {
            tracing::error!(chat.platform = "slack", frame.bytes = text.len(), why, "a frame could not be read");
        };
        let Ok(frame) = serde_json::from_str::<Frame>(&text) else {
            unread("it is no JSON of a frame");
            return None;
        };
        let door = match frame.kind.as_str() {
            "hello" => {
                self.open().insert(client.to_string());
                return None;
            }
            "disconnect" => {
                tracing::debug!(chat.platform = "slack", reason = frame.reason, "Slack renews a socket");
                self.renew(client).await;
                return None;
            }
            "events_api" => Door::Event,
            "interactive" => Door::Interaction,
            "slash_commands" => Door::Command,
            _ => {
                unread("nobody here knows its type");
                return frame.envelope_id.as_deref().map(acknowledged);
            }
        };
        let envelope = frame.envelope_id?;
        // A retry would be no smaller.
        if text.len() > intake::LARGEST {
            unread("it is larger than anything that Slack sends");
            return Some(acknowledged(&envelope));
        }
        self.kept(door, frame.payload).await.then(|| acknowledged(&envelope))
    }

    async fn on_error(&self, error: Box<dyn std::error::Error + Send + Sync>) {
        tracing::warn!(chat.platform = "slack", %error, "a socket has trouble");
    }

    async fn on_disconnect(&self, client: &SlackSocketModeWssClientId) {
        self.renew(client).await;
    }
}

/// Hears until told to stop.
pub(crate) async fn listen(
    inner: Arc<Inner>,
    app_token: &SecretString,
    desk: Arc<dyn Desk>,
    mut stop: watch::Receiver<bool>,
) -> Result<(), Fault> {
    let client = inner.web.client()?;
    let app_token = token(app_token);
    // A token that is refused is told at once; while Slack is away the sockets try until it is back.
    if let Err(Fault::Refused(problem)) = inner.web.call_with(&app_token, "apps.connections.open", &json!({})).await {
        return Err(Fault::Refused(problem));
    }
    let environment = Arc::new(SlackClientEventsListenerEnvironment::<Connector>::new(Arc::clone(&client)));
    let manager: Arc<Manager> = client.http_api.connector.new_clients_manager(environment);
    let manager_of_ear = Arc::downgrade(&manager);
    let ear = Arc::new(Ear {
        inner: Arc::clone(&inner),
        desk,
        manager: manager_of_ear,
        open: Mutex::default(),
        stopped: AtomicBool::new(false),
    });
    let config = SlackClientSocketModeConfig::new()
        .with_max_connections_count(SOCKETS)
        .with_initial_backoff_in_seconds(APART)
        .with_reconnect_timeout_in_seconds(AGAIN)
        .with_ping_interval_in_seconds(PING)
        .with_ping_failure_threshold_times(UNANSWERED);
    let heard: Arc<dyn SlackSocketModeClientListener + Send + Sync> = Arc::clone(&ear) as _;
    manager.register_new_token(&config, app_token.clone(), heard).await.map_err(fault::of)?;
    // `start` waits for the second socket's turn: stopping does not wait for it.
    let starting = tokio::spawn({
        let manager = Arc::clone(&manager);
        async move { manager.start().await }
    });
    let ended = loop {
        tokio::select! {
            changed = stop.changed() => {
                if changed.is_err() || *stop.borrow() {
                    break Ok(());
                }
            }
            () = tokio::time::sleep(SILENCE) => {
                if ear.open().is_empty()
                    && let Err(Fault::Refused(problem)) =
                        inner.web.call_with(&app_token, "apps.connections.open", &json!({})).await
                {
                    break Err(Fault::Refused(problem));
                }
            }
        }
    };
    ear.stopped.store(true, Ordering::SeqCst);
    starting.abort();
    manager.shutdown().await;
    ended
}
