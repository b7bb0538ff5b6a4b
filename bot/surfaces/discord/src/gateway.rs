//! The gateway: one connection that this program opens, mended by serenity, ended when it is told to.
//! Run by the app while it holds the lease.
//! Must never answer an interaction twice, nor acknowledge one that was not kept.

use crate::connection::Connection;
use crate::event::{Interaction, Kept, Message, SURFACE};
use crate::inbound::delivery;
use crate::trouble::{Trouble, codes, token_refused};
use crate::wire;
use async_trait::async_trait;
use chopmark_domain::problem::{Code, Problem};
use chopmark_protocol::chat::{Desk, Fault};
use serde::Deserialize;
use serde_json::Value;
use serenity::Error;
use serenity::cache::Settings;
use serenity::client::{Client, ClientBuilder, Context, RawEventHandler};
use serenity::gateway::GatewayError;
use serenity::http::Route;
use serenity::model::application::Interaction as Typed;
use serenity::model::event::Event;
use serenity::model::gateway::GatewayIntents;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::sync::watch;

/// Waits between tries to open the connection: the first, and the longest.
const WAITS: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(60));

/// How long the goodbye to the gateway may take.
const GOODBYE: Duration = Duration::from_secs(2);

/// How often a message is offered to a store that can't be written: the gateway sends it once.
const OFFERS: u32 = 6;

/// Hears the gateway until told to stop.
///
/// # Errors
/// [`Fault::Refused`]: the token or what the application may is wrong.
pub(crate) async fn listen(
    connection: &Arc<Connection>,
    desk: Arc<dyn Desk>,
    mut stop: watch::Receiver<bool>,
) -> Result<(), Fault> {
    let told = stop.clone();
    let mut wait = WAITS.0;
    loop {
        let ended = tokio::select! {
            _ = stop.wait_for(|stop| *stop) => return Ok(()),
            ended = once(connection, &desk, told.clone()) => ended,
        };
        match ended {
            Ended::Stopped => return Ok(()),
            Ended::For(fault) => return Err(fault),
            Ended::WithoutContent => {
                tracing::warn!(
                    surface = SURFACE,
                    "Discord refuses the intent to read messages: mentions and direct messages still work"
                );
                connection.content_refused.store(true, Ordering::Relaxed);
                continue;
            }
            Ended::Again(why) => tracing::warn!(surface = SURFACE, why, "the gateway of Discord can't be reached"),
        }
        tokio::select! {
            _ = stop.wait_for(|stop| *stop) => return Ok(()),
            () = tokio::time::sleep(wait) => wait = (wait * 2).min(WAITS.1),
        }
    }
}

enum Ended {
    Stopped,
    For(Fault),
    WithoutContent,
    Again(String),
}

/// One connection, with everything that serenity mends by itself.
async fn once(connection: &Arc<Connection>, desk: &Arc<dyn Desk>, mut stop: watch::Receiver<bool>) -> Ended {
    let mut client = match open(connection, desk).await {
        Ok(client) => client,
        Err(fault @ Fault::Refused(_)) => return Ended::For(fault),
        Err(fault) => return Ended::Again(format!("{fault:?}")),
    };
    let shards = Arc::clone(&client.shard_manager);
    let ended = tokio::select! {
        _ = stop.wait_for(|stop| *stop) => None,
        ended = client.start_autosharded() => Some(ended),
    };
    match ended {
        None => {
            // A gateway that does not say goodbye is left.
            let _ = tokio::time::timeout(GOODBYE, shards.shutdown_all()).await;
            Ended::Stopped
        }
        Some(ended) => {
            // Its queue would go on for ever; it waits for connections that are gone.
            tokio::spawn(async move { shards.shutdown_all().await });
            why(connection, ended)
        }
    }
}

fn why(connection: &Connection, ended: Result<(), Error>) -> Ended {
    let refused = |reason: &str| Ended::For(Fault::Refused(token_refused(reason)));
    match ended {
        Ok(()) => Ended::Again("it ended".to_owned()),
        Err(Error::Gateway(GatewayError::InvalidAuthentication)) => refused("the gateway does not take it"),
        Err(Error::Gateway(GatewayError::DisallowedGatewayIntents)) if reads_content(connection) => {
            Ended::WithoutContent
        }
        Err(Error::Gateway(GatewayError::DisallowedGatewayIntents | GatewayError::InvalidGatewayIntents)) => {
            let problem = Problem::new(Code::ChatRightMissing).with("platform", "Discord").with("right", "intents");
            Ended::For(Fault::Refused(problem))
        }
        Err(error) => match Fault::from(Trouble::from(error)) {
            fault @ Fault::Refused(_) => Ended::For(fault),
            fault => Ended::Again(format!("{fault:?}")),
        },
    }
}

/// Whether the words of messages are read that nobody addressed to us.
pub(crate) fn reads_content(connection: &Connection) -> bool {
    connection.options.message_content && !connection.content_refused.load(Ordering::Relaxed)
}

/// A client that is about to connect. serenity goes to another address when it can't ask for the gateway's: so it is
/// asked here first, with the token.
async fn open(connection: &Arc<Connection>, desk: &Arc<dyn Desk>) -> Result<Client, Fault> {
    connection.me().await?;
    connection.wire.get(Route::GatewayBot).await?;
    let mut intents = GatewayIntents::GUILDS | GatewayIntents::GUILD_MESSAGES | GatewayIntents::DIRECT_MESSAGES;
    if reads_content(connection) {
        intents |= GatewayIntents::MESSAGE_CONTENT;
    }
    // Nothing is read from serenity's memory of servers; it would hold every channel and role.
    let mut forgetful = Settings::default();
    (forgetful.cache_guilds, forgetful.cache_channels, forgetful.cache_users) = (false, false, false);
    let handler = Handler { connection: Arc::clone(connection), desk: Arc::clone(desk) };
    let builder = ClientBuilder::new_with_http(wire::http(&connection.options), intents)
        .cache_settings(forgetful)
        .raw_event_handler(handler);
    builder.await.map_err(|error| Trouble::from(error).into())
}

struct Handler {
    connection: Arc<Connection>,
    desk: Arc<dyn Desk>,
}

#[async_trait]
impl RawEventHandler for Handler {
    async fn raw_event(&self, _: Context, event: Event) {
        match event {
            Event::Ready(ready) => {
                self.connection.is_me(ready.ready.user.id);
                self.connection.register(ready.ready.application.id).await;
            }
            Event::MessageCreate(created) => {
                if let Ok(raw) = serde_json::to_value(&created.message) {
                    self.message(raw).await;
                }
            }
            Event::InteractionCreate(created) => {
                if let Some(raw) = whole(&created.interaction) {
                    self.interaction(&raw).await;
                }
            }
            _ => {}
        }
    }
}

impl Handler {
    async fn message(&self, raw: Value) {
        let Ok(message) = Message::deserialize(&raw) else { return };
        let kept = Kept::MessageCreate(raw);
        let mut wait = Duration::from_millis(200);
        for offer in 1..=OFFERS {
            let taken = match self.connection.is_for_us(&message).await {
                Ok(false) => return,
                Ok(true) => {
                    self.desk.take(delivery(&kept, message.id.get())).await.map_err(|problem| problem.to_string())
                }
                Err(fault) => Err(format!("{fault:?}")),
            };
            match taken {
                Ok(_) => return,
                Err(why) if offer == OFFERS => {
                    tracing::error!(surface = SURFACE, message = %message.id, why, "a message was not kept and is lost");
                }
                Err(_) => tokio::time::sleep(wait).await,
            }
            wait *= 2;
        }
    }

    async fn interaction(&self, raw: &Value) {
        let Ok(interaction) = Interaction::deserialize(raw) else { return };
        if !self.connection.answers(interaction.id.get()) {
            return;
        }
        let Some(told) = self.connection.told(&interaction, raw, &*self.desk).await else { return };
        let route = Route::InteractionResponse { interaction_id: interaction.id, token: &interaction.token };
        let mut sent = self.connection.wire.post(route, &told).await;
        if matches!(sent, Err(Trouble::Cut(_))) {
            sent = self.connection.wire.post(route, &told).await;
        }
        match sent {
            Ok(_) => {}
            Err(trouble) if trouble.code() == Some(codes::ANSWERED) => {}
            // What was kept is served; they are answered another way.
            Err(trouble) => {
                tracing::warn!(surface = SURFACE, interaction = %interaction.id, ?trouble, "an interaction was answered too late or not at all")
            }
        }
    }
}

/// An interaction as Discord sent it: serenity leaves out its kind when it writes one.
fn whole(interaction: &Typed) -> Option<Value> {
    let kind = match interaction {
        Typed::Ping(_) => 1,
        Typed::Command(_) => 2,
        Typed::Component(_) => 3,
        Typed::Autocomplete(_) => 4,
        Typed::Modal(_) => 5,
        _ => return None,
    };
    let mut raw = serde_json::to_value(interaction).ok()?;
    raw.as_object_mut()?.insert("type".to_owned(), Value::from(kind));
    Some(raw)
}
