//! Starting: lease, countersignature, freshness, ticket, child, in this order.
//! Served for approved changes, and again after a worker died before the ticket.
//! Must never start anything after the ticket was used, whoever used it.

use super::Served;
use crate::crash;
use crate::transition::lease_holder;
use crate::{Engine, entries};
use chopmark_domain::change::{Change, Planned};
use chopmark_domain::countersigned::{Countersigned, NotCountersigned};
use chopmark_domain::draft::Content;
use chopmark_domain::facts::ChangeFile;
use chopmark_domain::ids::RunId;
use chopmark_domain::lease::LeaseRow;
use chopmark_domain::ledger::EntryDraft;
use chopmark_domain::lifecycle::{Event, State};
use chopmark_domain::note::NoteBody;
use chopmark_domain::plan::NormalisedStep;
use chopmark_domain::ports::{Answer, Commit, PlanPurpose, RunWrite};
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::run::Run;
use std::time::Duration;

/// How long a change waits before it looks again whether its target is free.
const TARGET_BUSY: Duration = Duration::from_millis(500);

/// Why a plan is not started.
enum Moved {
    /// This is no longer what it was.
    This(String),
    /// It could not be looked at again, for a reason with this code. The new plan says it in full.
    Unknown(Code),
}

impl Engine {
    pub(super) async fn start(&self, file: ChangeFile) -> Answer<Served> {
        match file.change.state {
            State::Approved => self.claim(file).await,
            // A worker claimed it and died before the ticket: the row says that nothing has begun.
            State::Claimed => {
                self.give_back(&file, Event::LeaseLost, vec![], None).await?;
                Ok(Served::Yes)
            }
            _ => Ok(Served::Yes),
        }
    }

    async fn claim(&self, file: ChangeFile) -> Answer<Served> {
        // With a broken configuration nothing starts; it is tried again until somebody mends it.
        self.ports.settings.environments()?;
        if let Some((event, entries, problem)) = self.not_startable(&file) {
            self.give_back(&file, event, entries, problem).await?;
            return Ok(Served::Yes);
        }
        let (name, holder) = (self.target_lease(&file.change, &file.record), lease_holder(&file.change));
        let Some(lease) = self.ports.leases.acquire(&name, &holder, None, &|_| false).await? else {
            let row = self.ports.leases.read(&name).await?;
            let by = row.map_or_else(String::new, |row| row.holder);
            let problem = Problem::new(Code::TargetBusy).with("change", &file.change.id).with("holder", by);
            self.warn_once(&file.change.id, problem).await?;
            return Ok(Served::Again(TARGET_BUSY));
        };
        let commit = self.transition(&file.change, &file.record, Event::ClaimedBy, vec![], |_| ())?;
        self.commit(commit).await?;
        let file = self.file(&file.change.id).await?;
        self.run_if_fresh(file, lease).await
    }

    async fn run_if_fresh(&self, file: ChangeFile, lease: LeaseRow) -> Answer<Served> {
        let change = &file.change;
        let Some(planned) = &file.record.planned else {
            return Err(Problem::new(Code::Internal).with("what", "claimed without a plan"));
        };
        if let Some(what) = self.stale(change, &file, planned).await {
            let stale = Problem::new(Code::PlanStale).with("change", &change.id);
            let problem = match what {
                Moved::This(what) => stale.with("what", what),
                Moved::Unknown(code) => stale.with("code", code),
            };
            let entry = entries::ended(change, entries::worker(), "superseded", Some(&problem));
            self.give_back(&file, Event::WentStale, vec![entry], Some(problem)).await?;
            return Ok(Served::Yes);
        }
        // Again from the stored bytes, as late as can be: a role may have been lost while planning.
        let file = self.file(&change.id).await?;
        if let Some((event, entries, problem)) = self.not_startable(&file) {
            self.give_back(&file, event, entries, problem).await?;
            return Ok(Served::Yes);
        }
        let signed = self.countersigned(&file).map_err(|error| Problem::new(Code::RuleNotMet).with("why", error))?;
        crash::point("before-ticket");
        let run = self.use_ticket(&file, &signed, &lease).await?;
        crash::point("after-ticket");
        if let Err(problem) = self.ports.executor.start(&run).await {
            // Whether anything began is for the watch to find out: the ticket is used either way.
            self.ports.journal.tell(&file.change.id, NoteBody::Warning { problem }).await?;
        }
        crash::point("after-spawn");
        Ok(Served::Yes)
    }

    async fn use_ticket(&self, file: &ChangeFile, signed: &Countersigned, lease: &LeaseRow) -> Answer<Run> {
        let change = &file.change;
        let run = Run {
            id: RunId::from_random(self.ports.chance.six()),
            change: change.id.clone(),
            revision: change.revision,
            digest: signed.digest(),
            lease: lease.name.clone(),
            epoch: lease.epoch,
            started_at: self.ports.clock.now(),
            ended_at: None,
            outcome: None,
        };
        let entry = entries::exec_intent(change, &run, signed);
        let commit = self.transition(change, &file.record, Event::TicketUsed, vec![entry], |_| ())?;
        let fence = Some((lease.name.clone(), lease.holder.clone(), lease.epoch));
        self.commit(Commit { run: Some(RunWrite::Begin(run.clone())), fence, ..commit }).await?;
        Ok(run)
    }

    /// Verifies the countersignature from stored bytes.
    fn countersigned(&self, file: &ChangeFile) -> Result<Countersigned, NotCountersigned> {
        let ports = &self.ports;
        Countersigned::verify(
            &file.change,
            &file.record,
            &file.decisions,
            &|id| ports.settings.person(id),
            &|sealed| ports.seals.holds(sealed),
            ports.clock.now(),
        )
    }

    /// Why an approved or claimed change may not start, as the event that follows.
    fn not_startable(&self, file: &ChangeFile) -> Option<(Event, Vec<EntryDraft>, Option<Problem>)> {
        let change = &file.change;
        let error = match self.countersigned(file) {
            Ok(_) => return None,
            Err(error) => error,
        };
        let alarm = |what: &str| vec![entries::alarm(change, what)];
        Some(match error {
            NotCountersigned::NoPlan(_) | NotCountersigned::DigestMismatch(_) => {
                let problem = Problem::new(Code::DigestMismatch).with("change", &change.id);
                (Event::WentStale, alarm("digest_mismatch"), Some(problem))
            }
            NotCountersigned::RuleNotMet { have, needed, .. } => {
                let problem = Problem::new(Code::RuleNotMet).with("have", have).with("needed", needed);
                (Event::DecisionVoided, alarm("rule_not_met_at_start"), Some(problem))
            }
            NotCountersigned::Rejected(_, by) => {
                let problem = Problem::new(Code::Rejected).with("person", by);
                (Event::RejectedBy, vec![], Some(problem))
            }
            NotCountersigned::Expired(_) => {
                let problem = Problem::new(Code::PlanExpired).with("change", &change.id);
                let entry = entries::ended(change, entries::worker(), "expired", None);
                (Event::TimeOver, vec![entry], Some(problem))
            }
        })
    }

    /// What moved since the plan was made: rule and judges, then the target, by planning again.
    async fn stale(&self, change: &Change, file: &ChangeFile, planned: &Planned) -> Option<Moved> {
        if let Some(what) = self.moved_since(change, planned) {
            return Some(Moved::This(what));
        }
        let environment = match self.environment(&change.component.environment) {
            Ok(environment) => environment,
            Err(problem) => return Some(Moved::Unknown(problem.code)),
        };
        for step in &planned.plan.steps {
            let holds = async { self.runner_of(step)?.holds(&environment, step).await };
            if let Err(problem) = holds.await {
                return Some(Moved::Unknown(problem.code));
            }
        }
        // A root's folder is not ours: what was shown is planned again only while the folder still holds it.
        if let Content::Root { folder, .. } = &file.record.draft.content {
            match self.root(&change.component, folder).await {
                Ok(now) if now.content == file.record.draft.content => {}
                Ok(_) => return Some(Moved::This("folder".to_owned())),
                Err(problem) => return Some(Moved::Unknown(problem.code)),
            }
        }
        match self.work_out(&environment, &file.record.draft, PlanPurpose::Compare).await {
            Ok(again) => {
                let (old, new) = (planned.plan.normalised(), again.normalised());
                (old != new).then(|| {
                    let moved = old.iter().zip(&new).find(|(a, b)| a != b).map(|(a, b)| moved_in(a, b));
                    Moved::This(moved.unwrap_or_else(|| "plan".to_owned()))
                })
            }
            Err(problem) => Some(Moved::Unknown(problem.code)),
        }
    }

    async fn give_back(
        &self,
        file: &ChangeFile,
        event: Event,
        entries: Vec<EntryDraft>,
        problem: Option<Problem>,
    ) -> Answer<()> {
        let commit = self.transition(&file.change, &file.record, event, entries, |change| {
            if problem.is_some() {
                change.problem = problem;
            }
        })?;
        self.commit(commit).await
    }
}

/// What moved in a step, as precisely as its preconditions tell.
fn moved_in(old: &NormalisedStep<'_>, new: &NormalisedStep<'_>) -> String {
    let facts = new.preconditions.iter().filter(|fact| !old.preconditions.contains(fact));
    let moved = facts.map(|(name, now)| {
        let before = old.preconditions.iter().find(|(known, _)| known == name).map_or("-", |(_, before)| before);
        format!("{name}: {before} → {now}")
    });
    let moved: Vec<_> = moved.collect();
    if moved.is_empty() { old.runner.to_string() } else { format!("{} ({})", old.runner, moved.join(", ")) }
}
