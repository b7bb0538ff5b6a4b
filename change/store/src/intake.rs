//! Events that come while others are being kept go into the same transaction: one flush to disk for all that wait.
//! Used by chat for every event of a platform, which waits to be acknowledged meanwhile.
//! Must never say that an event was kept before its transaction was committed.

use crate::{SqliteStore, failure, statements};
use chopmark_domain::ports::{Answer, Delivery};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::oneshot;

/// An event with whoever waits to hear whether it is new.
type Waiting = (Delivery, oneshot::Sender<Answer<bool>>);

/// The events that wait.
#[derive(Clone, Default)]
pub(crate) struct Intake {
    waiting: Arc<Mutex<Vec<Waiting>>>,
    /// Held by whoever keeps everything that waits.
    keeping: Arc<tokio::sync::Mutex<()>>,
}

impl Intake {
    /// Keeps an event with all that wait by then; whether it is new.
    pub(crate) async fn take(&self, store: &SqliteStore, delivery: &Delivery) -> Answer<bool> {
        loop {
            let (tell, mut told) = oneshot::channel();
            self.lock().push((delivery.clone(), tell));
            let _keeping = self.keeping.lock().await;
            match told.try_recv() {
                Ok(kept) => return kept,
                // Nobody has taken it along: we keep it, and the others that wait.
                Err(oneshot::error::TryRecvError::Empty) => {
                    self.keep(store).await;
                    if let Ok(kept) = told.try_recv() {
                        return kept;
                    }
                }
                // Whoever had taken it along was dropped before the end, and nothing was committed.
                Err(oneshot::error::TryRecvError::Closed) => {}
            }
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Waiting>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn keep(&self, store: &SqliteStore) {
        let attempt = "keep an event";
        let transaction = store.write(attempt).await;
        // Only now: those that came while we waited to write go along.
        let all = std::mem::take(&mut *self.lock());
        let kept = async {
            let failed = |error| failure::problem(attempt, &error);
            let mut transaction = transaction?;
            let mut new = Vec::with_capacity(all.len());
            for (Delivery { surface, id, raw, at }, _) in &all {
                let rows = statements::chat_inbox::take(&mut *transaction, surface, id, raw, at.0).await;
                new.push(rows.map_err(failed)? == 1);
            }
            transaction.commit().await.map_err(failed)?;
            Ok(new)
        };
        match kept.await {
            Ok(new) => all.into_iter().zip(new).for_each(|((_, tell), new)| drop(tell.send(Ok(new)))),
            Err(problem) => {
                let problem: chopmark_domain::problem::Problem = problem;
                all.into_iter().for_each(|(_, tell)| drop(tell.send(Err(problem.clone()))));
            }
        }
    }
}
