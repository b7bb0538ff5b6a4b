//! The worker: takes the worker lease, serves wake-ups, each change by one task at a time.
//! Run by every role that may act; of several processes on one store only the lease's holder works.
//! Must never hold back a change because another waits: each wake-up is served on its own.

use crate::Engine;
use crate::effects::Served;
use chopmark_domain::ids::ChangeId;
use chopmark_domain::lifecycle::Effect;
use chopmark_domain::ports::{Answer, Wakeup};
use chopmark_domain::problem::Code;
use std::collections::HashSet;
use std::time::{Duration, Instant};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tracing::Instrument;

/// The lease's name.
const WORKER: &str = "worker";
/// Seconds a worker's lease lasts unless renewed (security.md §5.4).
const LEASE_SECONDS: u64 = 30;
/// How often it is renewed.
const HEARTBEAT: Duration = Duration::from_secs(10);
/// How often wake-ups are looked for when nobody nudges; SQLite can't notify other processes.
const POLL: Duration = Duration::from_millis(50);
/// How often a process without the lease asks for it.
const STANDBY: Duration = Duration::from_millis(250);
/// How many wake-ups are taken at once.
const BATCH: u32 = 64;
/// How long a wake-up waits after a problem that may pass.
const AFTER_PROBLEM: Duration = Duration::from_secs(2);

/// Serves wake-ups until told to stop.
pub struct Worker {
    engine: Engine,
    in_flight: HashSet<(ChangeId, bool)>,
    tasks: JoinSet<(ChangeId, bool)>,
}

impl Worker {
    /// A worker on an engine.
    pub fn new(engine: Engine) -> Self {
        Self { engine, in_flight: HashSet::new(), tasks: JoinSet::new() }
    }

    /// Works until `stop` says so, then lets go of the lease. What is in flight is dropped where it
    /// stands: every step is written so that the next worker finds out the truth.
    pub async fn run(mut self, mut stop: watch::Receiver<bool>) {
        let mut renewed: Option<Instant> = None;
        while !*stop.borrow() {
            if renewed.is_none_or(|at| at.elapsed() >= HEARTBEAT) {
                renewed = match self.acquire().await {
                    Ok(true) => Some(Instant::now()),
                    Ok(false) => None,
                    Err(problem) => {
                        tracing::error!(code = %problem.code, %problem, "the worker lease cannot be asked for");
                        None
                    }
                };
            }
            let pause = if renewed.is_some() {
                if let Err(problem) = self.take_due().await {
                    tracing::error!(code = %problem.code, %problem, "wake-ups cannot be read");
                }
                POLL
            } else {
                STANDBY
            };
            tokio::select! {
                () = self.engine.nudge.notified(), if renewed.is_some() => {}
                () = tokio::time::sleep(pause) => {}
                Some(Ok(done)) = self.tasks.join_next(), if !self.tasks.is_empty() => { self.in_flight.remove(&done); }
                changed = stop.changed() => if changed.is_err() { break },
            }
        }
        self.tasks.shutdown().await;
        let me = self.engine.ports.liveness.me();
        if let Err(problem) = self.engine.ports.leases.release(WORKER, &me).await {
            tracing::warn!(code = %problem.code, "the worker lease was not released; it ends by itself");
        }
    }

    async fn acquire(&self) -> Answer<bool> {
        let ports = &self.engine.ports;
        let liveness = ports.liveness.clone();
        let gone = move |holder: &str| liveness.is_gone(holder);
        let row = ports.leases.acquire(WORKER, &ports.liveness.me(), Some(LEASE_SECONDS), &gone).await?;
        Ok(row.is_some())
    }

    async fn take_due(&mut self) -> Answer<()> {
        let now = self.engine.ports.clock.now();
        for wakeup in self.engine.ports.journal.due(now, BATCH).await? {
            // A push that is owed does not keep the component's next steps waiting, nor they it.
            let key = (wakeup.change.clone(), wakeup.effect == Effect::Publish);
            if !self.in_flight.insert(key.clone()) {
                continue;
            }
            let engine = self.engine.clone();
            let span = tracing::info_span!("effect", change = %wakeup.change, effect = ?wakeup.effect);
            self.tasks.spawn(
                async move {
                    engine.settle(wakeup).await;
                    key
                }
                .instrument(span),
            );
        }
        Ok(())
    }
}

impl Engine {
    /// Serves one wake-up and says in its row what is left of it.
    async fn settle(&self, wakeup: Wakeup) {
        let journal = &self.ports.journal;
        let result = match self.serve(&wakeup).await {
            Ok(Served::Yes) => journal.served(wakeup.id).await,
            Ok(Served::Again(after)) => self.put_off(&wakeup, after).await,
            // Somebody moved the row first: look again at what it says now.
            Err(problem) if problem.code == Code::Conflict => self.put_off(&wakeup, POLL).await,
            Err(problem) => {
                tracing::warn!(code = %problem.code, %problem, "an effect could not be served yet");
                if let Err(untold) = self.warn_once(&wakeup.change, problem).await {
                    tracing::warn!(code = %untold.code, "nobody could be told");
                }
                self.put_off(&wakeup, AFTER_PROBLEM).await
            }
        };
        if let Err(problem) = result {
            tracing::error!(code = %problem.code, %problem, "a wake-up could not be written back; it comes again");
        }
        self.nudge.notify_one();
    }

    async fn put_off(&self, wakeup: &Wakeup, after: Duration) -> Answer<()> {
        let now = self.ports.clock.now().0;
        let due = now.saturating_add(i64::try_from(after.as_millis()).unwrap_or(i64::MAX));
        self.ports.journal.postpone(wakeup.id, chopmark_domain::time::Timestamp(due)).await
    }
}
