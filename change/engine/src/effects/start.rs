//! Starting: lease, countersignature, freshness, ticket, child, in this order.
//! Served for approved changes, and again after a worker died before the ticket.
//! Must never start anything after the ticket was used, whoever used it.

use super::supersede::Moved;
use super::{HELD, Served};
use crate::crash;
use crate::transition::lease_holder;
use crate::{Engine, entries, holds};
use chopmark_domain::approval::{SealedDecision, Void, void};
use chopmark_domain::change::{Change, Planned};
use chopmark_domain::countersigned::{Countersigned, NotCountersigned};
use chopmark_domain::draft::Content;
use chopmark_domain::facts::ChangeFile;
use chopmark_domain::grounds::Grounds;
use chopmark_domain::holds::{Hold, Pass};
use chopmark_domain::ids::{PersonId, RunId};
use chopmark_domain::lease::LeaseRow;
use chopmark_domain::ledger::EntryDraft;
use chopmark_domain::lifecycle::{Event, State};
use chopmark_domain::note::NoteBody;
use chopmark_domain::plan::NormalisedStep;
use chopmark_domain::ports::{Answer, Commit, PlanPurpose, RunWrite};
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::run::Run;
use std::collections::BTreeSet;
use std::time::Duration;

/// How long a change waits before it looks again whether its target is free.
const TARGET_BUSY: Duration = Duration::from_millis(500);

impl Engine {
    pub(super) async fn start(&self, file: ChangeFile) -> Answer<Served> {
        match file.change.state {
            State::Approved => self.claim(file).await,
            // A worker claimed it and died before the ticket: the row says that nothing has begun.
            State::Claimed => {
                self.give_back(&file, Stopped::by(Event::LeaseLost)).await?;
                Ok(Served::Yes)
            }
            _ => Ok(Served::Yes),
        }
    }

    async fn claim(&self, file: ChangeFile) -> Answer<Served> {
        // With a broken configuration nothing starts; it is tried again until somebody mends it.
        self.ports.settings.environments()?;
        if let Some(problem) = self.halted().await? {
            self.held_by(&file.change, problem).await?;
            return Ok(Served::Again(HELD));
        }
        let grounds = self.grounds(&file, &[]).await?;
        if let Some(stopped) = self.not_startable(&file, &grounds) {
            self.give_back(&file, stopped).await?;
            return Ok(Served::Yes);
        }
        if let Err(hold) = self.start_held(&file, &grounds).await? {
            return self.wait_for(&file, &hold).await;
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
        let grounds = self.grounds(&file, &[]).await?;
        if let Some(moved) = self.stale(&file, planned, &grounds).await {
            self.give_back(&file, Stopped::stale(change, &moved)).await?;
            return Ok(Served::Yes);
        }
        // Again from the stored bytes, as late as can be: a role may have been lost while planning.
        let file = self.file(&change.id).await?;
        // Rejected or cancelled meanwhile, which let go of the target.
        if file.change.state != State::Claimed {
            return Ok(Served::Yes);
        }
        let grounds = self.grounds(&file, &[]).await?;
        if let Some(stopped) = self.not_startable(&file, &grounds) {
            self.give_back(&file, stopped).await?;
            return Ok(Served::Yes);
        }
        let passes = match self.start_held(&file, &grounds).await? {
            Ok(passes) => passes,
            // Back to those that wait: there it is said, and looked at again.
            Err(_) => {
                self.give_back(&file, Stopped::by(Event::LeaseLost)).await?;
                return Ok(Served::Yes);
            }
        };
        let signed =
            self.countersigned(&file, &grounds).map_err(|error| Problem::new(Code::RuleNotMet).with("why", error))?;
        crash::point("before-ticket");
        let run = match self.use_ticket(&file, &signed, &lease, passes).await {
            // Pulled meanwhile: the store refused the ticket, so that nothing has begun.
            Err(problem) if problem.code == Code::Halted => {
                self.give_back(&file, Stopped::by(Event::LeaseLost)).await?;
                return Ok(Served::Yes);
            }
            run => run?,
        };
        crash::point("after-ticket");
        if let Err(problem) = self.ports.executor.start(&run).await {
            // Whether anything began is for the watch to find out: the ticket is used either way.
            self.ports.journal.tell(&file.change.id, NoteBody::Warning { problem }).await?;
        }
        crash::point("after-spawn");
        Ok(Served::Yes)
    }

    /// What keeps a countersigned change from starting now, else the exceptions that let it through.
    async fn start_held(&self, file: &ChangeFile, grounds: &Grounds) -> Answer<Result<Vec<Pass>, Hold>> {
        let Some(planned) = &file.record.planned else {
            return Err(Problem::new(Code::Internal).with("what", "approved without a plan"));
        };
        let roles = holds::roles_of(&self.standing(planned, &file.decisions, grounds), grounds);
        self.held(planned, grounds, holds::Asked::ToStart(&roles)).await
    }

    /// Ends what came too late; says of everything else once that it waits, and looks again when that may be over.
    async fn wait_for(&self, file: &ChangeFile, hold: &Hold) -> Answer<Served> {
        let Some(planned) = &file.record.planned else { return Ok(Served::Yes) };
        let problem = holds::problem(hold, &file.change, planned);
        match hold {
            Hold::Missed { .. } => {
                let entry = entries::ended(&file.change, entries::worker(), "window_missed", Some(&problem));
                let stopped = Stopped { entries: vec![entry], problem: Some(problem), ..Stopped::by(Event::TimeOver) };
                self.give_back(file, stopped).await?;
                return Ok(Served::Yes);
            }
            // Its card has said so from the beginning.
            Hold::NotYet { .. } => {}
            Hold::Halted(_) | Hold::ReadOnly(_) | Hold::Frozen { .. } | Hold::TooLate { .. } => {
                self.warn_once(&file.change.id, problem).await?;
            }
        }
        Ok(Served::Again(holds::look_again(hold, planned, self.ports.clock.now())))
    }

    async fn use_ticket(
        &self,
        file: &ChangeFile,
        signed: &Countersigned,
        lease: &LeaseRow,
        passes: Vec<Pass>,
    ) -> Answer<Run> {
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
        let entry = entries::exec_intent(change, &run, signed, &passes);
        let commit =
            self.transition(change, &file.record, Event::TicketUsed, vec![entry], |change| change.passes = passes)?;
        let fence = Some((lease.name.clone(), lease.holder.clone(), lease.epoch));
        self.commit(Commit { run: Some(RunWrite::Begin(run.clone())), fence, ..commit }).await?;
        Ok(run)
    }

    /// Verifies the countersignature from stored bytes.
    fn countersigned(&self, file: &ChangeFile, grounds: &Grounds) -> Result<Countersigned, NotCountersigned> {
        let holds = |sealed: &SealedDecision| self.ports.seals.holds(sealed);
        Countersigned::verify(&file.change, &file.record, &file.decisions, &grounds.authority(&holds))
    }

    /// Why an approved or claimed change may not start, as the event that follows.
    fn not_startable(&self, file: &ChangeFile, grounds: &Grounds) -> Option<Stopped> {
        let change = &file.change;
        let checked = self.countersigned(file, grounds);
        if matches!(checked, Ok(_) | Err(NotCountersigned::RuleNotMet { .. }))
            && let Some(moved) = file.record.planned.as_ref().and_then(|planned| self.moved_since(planned, grounds))
        {
            // Told by what moved, not by who is missing: what they decided on is another question now.
            return Some(Stopped::stale(change, &moved));
        }
        let error = checked.err()?;
        Some(match error {
            NotCountersigned::NoPlan(_) | NotCountersigned::DigestMismatch(_) => Stopped {
                entries: vec![entries::alarm(change, "digest_mismatch")],
                problem: Some(Problem::new(Code::DigestMismatch).with("change", &change.id)),
                ..Stopped::by(Event::WentStale)
            },
            NotCountersigned::RuleNotMet { have, needed, .. } => self.voided(file, grounds, (have, needed)),
            NotCountersigned::Rejected(_, by) => Stopped {
                problem: Some(Problem::new(Code::Rejected).with("person", by)),
                ..Stopped::by(Event::RejectedBy)
            },
            NotCountersigned::Expired(_) => Stopped {
                entries: vec![entries::ended(change, entries::worker(), "expired", None)],
                problem: Some(Problem::new(Code::PlanExpired).with("change", &change.id)),
                ..Stopped::by(Event::TimeOver)
            },
        })
    }

    /// The rule was met and is not any more: whose approvals count for nothing now, and why.
    fn voided(&self, file: &ChangeFile, grounds: &Grounds, (have, needed): (usize, u8)) -> Stopped {
        let holds = |sealed: &SealedDecision| self.ports.seals.holds(sealed);
        let authority = grounds.authority(&holds);
        let void = file.record.planned.iter().flat_map(|planned| void(planned, &file.decisions, &authority));
        // What a start found void before was told then.
        let void: Vec<_> = void.filter(|(_, why)| *why != Void::Earlier).collect();
        let people: Vec<_> = void.iter().map(|(person, _)| person.to_string()).collect();
        let problem = Problem::new(Code::RuleNotMet)
            .with("have", have)
            .with("needed", needed)
            .with("people", people.join(", "))
            .with("reason", void.first().map_or("", |(_, why)| why.word()));
        Stopped {
            entries: vec![entries::voided(&file.change, &void)],
            problem: Some(problem),
            voided: void.into_iter().map(|(person, _)| person).collect(),
            ..Stopped::by(Event::DecisionVoided)
        }
    }

    /// What moved since the plan was made: rule and judges, then the target, by planning again.
    async fn stale(&self, file: &ChangeFile, planned: &Planned, grounds: &Grounds) -> Option<Moved> {
        if let Some(moved) = self.moved_since(planned, grounds) {
            return Some(moved);
        }
        self.target_moved(&file.change, file, planned).await
    }

    async fn target_moved(&self, change: &Change, file: &ChangeFile, planned: &Planned) -> Option<Moved> {
        let environment = match self.environment(&change.component.environment) {
            Ok(environment) => environment,
            Err(problem) => return Some(Moved::unknown(problem.code)),
        };
        for step in &planned.plan.steps {
            let holds = async { self.runner_of(step)?.holds(&environment, step).await };
            if let Err(problem) = holds.await {
                return Some(Moved::unknown(problem.code));
            }
        }
        // A root's folder is not ours: what was shown is planned again only while the folder still holds it.
        if let Content::Root { folder, .. } = &file.record.draft.content {
            match self.root(&change.component, folder).await {
                Ok(now) if now.content == file.record.draft.content => {}
                Ok(_) => return Some(Moved::new("folder")),
                Err(problem) => return Some(Moved::unknown(problem.code)),
            }
        }
        match self.work_out(&environment, &file.record.draft, PlanPurpose::Compare).await {
            Ok(again) => {
                let (old, new) = (planned.plan.normalised(), again.normalised());
                (old != new).then(|| {
                    let moved = old.iter().zip(&new).find(|(a, b)| a != b).map(|(a, b)| moved_in(a, b));
                    Moved::new(&moved.unwrap_or_else(|| "plan".to_owned()))
                })
            }
            Err(problem) => Some(Moved::unknown(problem.code)),
        }
    }

    async fn give_back(&self, file: &ChangeFile, stopped: Stopped) -> Answer<()> {
        let Stopped { event, entries, problem, voided } = stopped;
        let commit = self.transition(&file.change, &file.record, event, entries, |change| {
            change.voided.extend(voided);
            if problem.is_some() {
                change.problem = problem;
            }
        })?;
        self.commit(commit).await
    }
}

/// Why a change does not start, and what follows.
struct Stopped {
    event: Event,
    entries: Vec<EntryDraft>,
    problem: Option<Problem>,
    voided: BTreeSet<PersonId>,
}

impl Stopped {
    fn stale(change: &Change, moved: &Moved) -> Self {
        let problem = moved.problem(change);
        let entry = entries::ended(change, entries::worker(), "superseded", Some(&problem));
        Self { entries: vec![entry], problem: Some(problem), ..Self::by(Event::WentStale) }
    }

    fn by(event: Event) -> Self {
        Self { event, entries: vec![], problem: None, voided: BTreeSet::new() }
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
