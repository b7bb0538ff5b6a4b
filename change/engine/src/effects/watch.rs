//! Watching: the exec child's outcome is adopted, whichever worker started it.
//! Served from the ticket until the outcome is known.
//! Must never start anything: without an outcome a person has to look.

use super::Served;
use crate::{Engine, crash, entries};
use chopmark_domain::facts::ChangeFile;
use chopmark_domain::halt::Halt;
use chopmark_domain::ids::ChangeId;
use chopmark_domain::ledger::{EntryContent, EntryKind};
use chopmark_domain::lifecycle::{Effect, Event, State};
use chopmark_domain::note::NoteBody;
use chopmark_domain::person::Actor;
use chopmark_domain::ports::{Answer, Execution, LedgerFilter, RunWrite, Wakeup};
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::run::{Observed, Outcome, Record, Run};
use serde_json::json;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

/// How soon the child's spool is looked at again, at the soonest and at the latest.
const LOOK: [Duration; 2] = [Duration::from_millis(4), Duration::from_millis(25)];
/// In between it is this part of the time since the child last said something: who waited long can wait a little more.
const PART: u32 = 16;

/// How long after its ticket a run is left open to a child that another process may just be starting.
const BEGIN_SECONDS: u64 = 2;

impl Engine {
    pub(super) async fn watch(&self, file: ChangeFile) -> Answer<Served> {
        if file.change.state != State::Executing {
            return Ok(Served::Yes);
        }
        let Some(run) = file.run.clone() else {
            return Err(Problem::new(Code::Internal).with("what", "executing without a run"));
        };
        self.until_begun(&run).await?;
        let (mut told, mut heard) = (0, Instant::now());
        let mut stopping = JoinSet::new();
        loop {
            if stopping.is_empty()
                && let Some(halt) = self.ports.records.halt().await?
            {
                self.stop_asked_for(&file, &run, &halt).await?;
                let (executor, run) = (self.ports.executor.clone(), run.id.clone());
                stopping.spawn(async move {
                    if let Err(problem) = executor.stop(&run).await {
                        tracing::error!(%run, code = %problem.code, %problem, "a run could not be stopped");
                    }
                });
            }
            let execution = self.ports.executor.look(&run.id).await?;
            for (key, about) in self.ports.executor.progress(&run.id, told).await? {
                (told, heard) = (told + 1, Instant::now());
                self.ports.journal.tell(&file.change.id, NoteBody::Progress { about, key }).await?;
            }
            match execution {
                Execution::Running => {
                    let [soonest, latest] = LOOK;
                    tokio::time::sleep((heard.elapsed() / PART).clamp(soonest, latest)).await;
                }
                Execution::Finished(outcome) => {
                    crash::point("before-outcome-stored");
                    return self.adopt(&file, run, outcome).await;
                }
                Execution::NeverBegan => return self.needs_attention(&file, run, "never_began", vec![]).await,
                Execution::Lost { tail } => return self.needs_attention(&file, run, "lost", tail).await,
            }
        }
    }

    /// A process that ended right after it took the ticket has started the child, or not: on a machine that is busy the
    /// child needs a moment until there is a sign of it.
    async fn until_begun(&self, run: &Run) -> Answer<()> {
        let (open, begun) = (run.started_at.plus_seconds(BEGIN_SECONDS), Instant::now());
        while self.ports.clock.now() < open
            && begun.elapsed() < Duration::from_secs(BEGIN_SECONDS)
            && !self.ports.executor.has_begun(&run.id).await?
        {
            tokio::time::sleep(LOOK[1]).await;
        }
        Ok(())
    }

    /// Writes down who stopped the run by pulling the switch, once, and tells those who look at the change.
    async fn stop_asked_for(&self, file: &ChangeFile, run: &Run, halt: &Halt) -> Answer<()> {
        if self
            .stop_entries(&file.change.id)
            .await?
            .iter()
            .any(|entry| entry.payload.get("run") == Some(&json!(run.id)))
        {
            return Ok(());
        }
        self.ports.journal.record(vec![entries::stopped_by(&file.change, &run.id, halt)]).await?;
        self.held_by(&file.change, halt.problem()).await
    }

    async fn stop_entries(&self, change: &ChangeId) -> Answer<Vec<EntryContent>> {
        let filter = LedgerFilter { change: Some(change.clone()), limit: 1000, ..LedgerFilter::default() };
        let entries = self.ports.records.ledger(&filter).await?;
        let contents = entries.iter().filter_map(|entry| entry.content().ok());
        Ok(contents.filter(|content| content.kind == EntryKind::StopAsked).collect())
    }

    async fn adopt(&self, file: &ChangeFile, run: Run, outcome: Outcome) -> Answer<Served> {
        // The child ended, but what it asked for was never answered: its failure is not known to be one.
        if let Outcome::Failed { problem, done, .. } = &outcome
            && problem.code == Code::OutcomeUnknown
        {
            let mut evidence = vec![problem.to_string()];
            evidence.extend(done.iter().map(|address| format!("done: {address}")));
            return self.needs_attention(file, run, "no_answer", evidence).await;
        }
        let outcome = self.by_whom(file, outcome).await?;
        let (event, record, problem) = match &outcome {
            Outcome::Applied { record } => (Event::EffectDone, record.clone(), None),
            Outcome::Failed { problem, record, .. } => (Event::EffectFailed, record.clone(), Some(problem.clone())),
        };
        let entry = entries::exec_outcome(&file.change, &run.id, &outcome);
        let touched =
            !matches!(&outcome, Outcome::Failed { done, record, .. } if done.is_empty() && record.commit.is_none());
        let ended = Run { ended_at: Some(self.ports.clock.now()), outcome: Some(outcome), ..run };
        let Record { previous_version, commit: made, push_owed, .. } = record;
        let mut commit = self.transition(&file.change, &file.record, event, vec![entry], |change| {
            change.previous_version = previous_version;
            change.commit = made;
            change.problem = problem;
        })?;
        commit.run = Some(RunWrite::End(ended));
        // A failed effect has no check that would push; what was committed is owed all the same.
        if push_owed && event == Event::EffectFailed {
            commit.wakeups.push(Wakeup {
                id: 0,
                change: file.change.id.clone(),
                effect: Effect::Publish,
                due_at: self.ports.clock.now(),
            });
        }
        self.commit(commit).await?;
        if touched {
            self.supersede_others(&file.change).await?;
        }
        Ok(Served::Yes)
    }

    /// A run that was stopped does not know who asked for it; the ledger does.
    async fn by_whom(&self, file: &ChangeFile, outcome: Outcome) -> Answer<Outcome> {
        let Outcome::Failed { problem, done, record } = outcome else { return Ok(outcome) };
        if problem.code != Code::Cancelled {
            return Ok(Outcome::Failed { problem, done, record });
        }
        let asked = self.stop_entries(&file.change.id).await?.into_iter().rev();
        let person = asked.into_iter().find_map(|entry| match entry.actor {
            Actor::Person(person) => Some((person, entry.payload)),
            _ => None,
        });
        let problem = match person {
            // By the switch: the card says so, and why.
            Some((person, asked)) if asked.get("halt").is_some() => {
                let why = asked.get("why").and_then(serde_json::Value::as_str).unwrap_or_default();
                problem.with("person", person).with("switch", "pulled").with("why", why)
            }
            Some((person, _)) => problem.with("person", person),
            None => problem,
        };
        Ok(Outcome::Failed { problem, done, record })
    }

    async fn needs_attention(&self, file: &ChangeFile, run: Run, why: &str, tail: Vec<String>) -> Answer<Served> {
        let observed = self.observe(file).await;
        let evidence = json!({"why": why, "observed": observed, "output": tail});
        let entry = entries::needs_attention(&file.change, &run.id, &evidence);
        let seen: Vec<_> = observed.iter().map(|(step, seen)| format!("{step}: {}", word(seen))).collect();
        let problem = Problem::new(Code::OutcomeUnknown)
            .with("change", &file.change.id)
            .with("run", &run.id)
            .with("observed", seen.join("; "));
        let commit = self.transition(&file.change, &file.record, Event::EffectUnknown, vec![entry], |change| {
            change.problem = Some(problem);
        })?;
        self.commit(commit).await?;
        Ok(Served::Yes)
    }

    /// What of each step is there, asked of the real systems.
    async fn observe(&self, file: &ChangeFile) -> Vec<(String, Observed)> {
        let mut seen = vec![];
        let steps = file.record.planned.iter().flat_map(|planned| &planned.plan.steps);
        for step in steps {
            let observed = match (self.environment(&file.change.component.environment), self.runner_of(step)) {
                (Ok(environment), Ok(runner)) => runner.observe(&environment, step).await,
                (Err(problem), _) | (_, Err(problem)) => Observed::Unknown(problem.code.to_string()),
            };
            seen.push((step.runner.to_string(), observed));
        }
        seen
    }
}

fn word(observed: &Observed) -> String {
    match observed {
        Observed::NotStarted => "not_started".to_owned(),
        Observed::Partial(done) => format!("partial ({})", done.join(", ")),
        Observed::Applied => "applied".to_owned(),
        Observed::Unknown(why) => format!("unknown ({why})"),
    }
}
