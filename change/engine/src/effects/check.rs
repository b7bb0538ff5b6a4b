//! Checking: the push that is owed, then each runner says whether it worked.
//! Served for applied changes, and again for those whose worker died while checking: it only reads.
//! Must never call a change succeeded because nobody could tell.

use super::Served;
use crate::{Engine, entries};
use chopmark_domain::change::Change;
use chopmark_domain::facts::ChangeFile;
use chopmark_domain::lifecycle::{Effect, Event, State};
use chopmark_domain::note::NoteBody;
use chopmark_domain::ports::{Answer, Progress, Wakeup};
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::run::{Outcome, Record, Verification};
use std::sync::Mutex;
use std::time::Duration;

/// How long a push that failed waits before it is tried again, in seconds.
const PUSH_AGAIN_SECONDS: u64 = 30;
/// How often progress of a check is told.
const TELL: Duration = Duration::from_millis(200);

impl Engine {
    pub(super) async fn check(&self, file: ChangeFile) -> Answer<Served> {
        let file = match file.change.state {
            State::Applied => {
                let commit = self.transition(&file.change, &file.record, Event::CheckBegun, vec![], |_| ())?;
                self.commit(commit).await?;
                self.file(&file.change.id).await?
            }
            State::Verifying => file,
            _ => return Ok(Served::Yes),
        };
        let record = match file.run.as_ref().and_then(|run| run.outcome.clone()) {
            Some(Outcome::Applied { record } | Outcome::Failed { record, .. }) => record,
            None => return Err(Problem::new(Code::Internal).with("what", "checking without an outcome")),
        };
        let push_owed = self.push(&file, &record).await?;
        let verification = self.verified(&file, &record, push_owed).await;
        let event = match &verification {
            Verification::Passed { .. } => Event::CheckPassed,
            Verification::Failed { .. } => Event::CheckFailed,
        };
        let entry = entries::verified(&file.change, &verification);
        let mut commit = self.transition(&file.change, &file.record, event, vec![entry], |change| {
            if let Verification::Failed { problem, .. } = &verification {
                change.problem = Some(problem.clone());
            }
            change.verification = Some(verification);
        })?;
        if push_owed {
            let due_at = self.ports.clock.now().plus_seconds(PUSH_AGAIN_SECONDS);
            commit.wakeups.push(Wakeup { id: 0, change: file.change.id.clone(), effect: Effect::Publish, due_at });
        }
        self.commit(commit).await?;
        Ok(Served::Yes)
    }

    /// Tries the push; says whether it is still owed.
    async fn push(&self, file: &ChangeFile, record: &Record) -> Answer<bool> {
        if !record.push_owed {
            return Ok(false);
        }
        match self.publish_steps(file).await {
            Ok(()) => {
                self.ports.journal.record(vec![entries::pushed(&file.change)]).await?;
                Ok(false)
            }
            Err(problem) => {
                self.ports.journal.tell(&file.change.id, NoteBody::Warning { problem }).await?;
                Ok(true)
            }
        }
    }

    async fn verified(&self, file: &ChangeFile, record: &Record, push_owed: bool) -> Verification {
        let mut checks = vec![];
        let steps = file.record.planned.iter().flat_map(|planned| &planned.plan.steps);
        for step in steps {
            // The remote can't hold what was not pushed yet; people were told, and the push goes on.
            if push_owed && step.runner.as_str() == "git" {
                continue;
            }
            let result = async {
                let environment = self.environment(&file.change.component.environment)?;
                let runner = self.runner_of(step)?;
                let teller = Teller::default();
                let check = runner.verify(&environment, &file.record.draft, step, record, &teller);
                self.while_telling(&file.change, &teller, check).await
            }
            .await;
            match result {
                Ok(Verification::Passed { checks: more }) => checks.extend(more),
                Ok(failed @ Verification::Failed { .. }) => return failed,
                Err(problem) => return Verification::Failed { problem, evidence: vec![] },
            }
        }
        Verification::Passed { checks }
    }

    async fn while_telling<T>(
        &self,
        change: &Change,
        teller: &Teller,
        check: impl Future<Output = Answer<T>>,
    ) -> Answer<T> {
        tokio::pin!(check);
        loop {
            let done = tokio::select! {
                result = &mut check => Some(result),
                () = tokio::time::sleep(TELL) => None,
            };
            for (key, about) in teller.take() {
                self.ports.journal.tell(&change.id, NoteBody::Progress { about, key }).await?;
            }
            if let Some(result) = done {
                return result;
            }
        }
    }
}

/// Gathers what a check reports, so that telling it needs no wait inside the check.
#[derive(Default)]
struct Teller(Mutex<Vec<(String, String)>>);

impl Teller {
    fn take(&self) -> Vec<(String, String)> {
        self.0.lock().map(|mut lines| std::mem::take(&mut *lines)).unwrap_or_default()
    }
}

impl Progress for Teller {
    fn report(&self, key: &str, about: &str) {
        if let Ok(mut lines) = self.0.lock() {
            lines.push((key.to_owned(), about.to_owned()));
        }
    }
}
