//! Serving: every configured chat platform and the worker, until a signal says stop.
//! Called by `main` for `chopmark serve`, which runs under a supervisor.
//! Must never drop what was taken: what is not over when it stops is served at the next start.

use crate::assemble::House;
use crate::chat::{Office, Paces, Parts, http};
use crate::cli::Exit;
use crate::config::Config;
use chopmark_discord::Discord;
use chopmark_domain::ports::{Answer, ChatRecords, Liveness};
use chopmark_domain::problem::{Code, Problem};
use chopmark_protocol::chat::Chat;
use chopmark_runners::liveness::ProcLiveness;
use chopmark_slack::Slack;
use std::sync::Arc;
use std::time::Duration;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// From the first signal to the end, at most: supervisors kill after thirty seconds (Kubernetes' default grace period).
const ENDING: Duration = Duration::from_secs(29);

/// Whether there is anything to serve.
///
/// # Errors
/// [`Code::NothingToServe`].
pub fn check(config: &Config) -> Answer<()> {
    if config.discord.is_none() && config.slack.is_none() {
        return Err(Problem::new(Code::NothingToServe));
    }
    Ok(())
}

/// Serves until told to stop.
///
/// # Errors
/// Nothing is configured, a token cannot be read, or the address for calls cannot be had.
pub async fn run(house: Arc<House>) -> Answer<Exit> {
    let config = house.settings.config()?;
    check(&config)?;
    let offices = offices(&house, &config)?;
    let listener = match config.http {
        Some(address) => Some(http::bind(address).await?),
        None => None,
    };
    let mut signals = Signals::new()?;
    let working = house.work()?;
    let (stop, stopped) = watch::channel(false);
    let mut serving = JoinSet::new();
    if let Some(listener) = listener {
        let platforms = offices.iter().map(|office| (office.chat().clone(), office.desk())).collect();
        tracing::info!(address = ?config.http, "calls are answered");
        serving.spawn(http::serve(listener, house.clone(), platforms, stopped.clone()));
    }
    for office in offices {
        let stopped = stopped.clone();
        tracing::info!(surface = office.chat().name(), "a platform is served here or waits for its turn");
        serving.spawn(async move { office.serve(stopped).await });
    }
    signals.next().await;
    tracing::info!("stopping: nothing new is begun");
    // Everybody who listens for it is in `serving`, and lives.
    let _ = stop.send(true);
    let ended = async {
        while let Some(ended) = serving.join_next().await {
            if let Err(error) = ended {
                tracing::error!(%error, "a part ended badly");
            }
        }
    };
    tokio::select! {
        ended = tokio::time::timeout(ENDING, ended) => {
            if ended.is_err() {
                tracing::warn!("not everything came to its end; it is taken up at the next start");
            }
        }
        () = signals.next() => {
            tracing::warn!("told twice to stop; what is under way is taken up at the next start");
            return Ok(Exit::Done);
        }
    }
    working.stop().await;
    tracing::info!("stopped");
    Ok(Exit::Done)
}

fn offices(house: &Arc<House>, config: &Config) -> Answer<Vec<Office>> {
    let records: Arc<dyn ChatRecords> = Arc::new(house.store.clone());
    let clock = house.store.clock();
    let mut chats: Vec<Arc<dyn Chat>> = Vec::new();
    if let Some(discord) = &config.discord {
        chats.push(Arc::new(Discord::new(discord.options()?, records.clone(), clock.clone())));
    }
    if let Some(slack) = &config.slack {
        chats.push(Arc::new(Slack::new(slack.options()?, records.clone(), clock)));
    }
    let liveness: Arc<dyn Liveness> = Arc::new(ProcLiveness::new());
    let office = |chat| {
        Office::new(Parts {
            chat,
            house: house.clone(),
            records: records.clone(),
            liveness: liveness.clone(),
            paces: Paces::default(),
        })
    };
    Ok(chats.into_iter().map(office).collect())
}

/// What tells a service to stop: a supervisor, or somebody at a terminal.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn new() -> Answer<Self> {
        let listen = |kind| signal(kind).map_err(|error| Problem::new(Code::Internal).with("what", error));
        Ok(Self { terminate: listen(SignalKind::terminate())?, interrupt: listen(SignalKind::interrupt())? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
