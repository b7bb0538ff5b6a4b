//! Stopping everything, and letting it go on: the one switch.
//! Called by the router for every surface; the store refuses every start while the switch is pulled.
//! Must never wait for a run: whoever watches a run sees the switch and asks the run to stop.

use crate::{Engine, entries};
use chopmark_domain::change::Change;
use chopmark_domain::halt::Halt;
use chopmark_domain::ids::PersonId;
use chopmark_domain::lifecycle::State;
use chopmark_domain::note::NoteBody;
use chopmark_domain::ports::{Answer, ChangeFilter};
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::rights::{Right, Target};

/// More runs at once than any install has.
const RUNNING: u32 = 1000;
/// Reasons are for people: what is longer is cut.
pub const LONGEST_REASON: usize = 2000;

/// What pulling the switch met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stopped {
    /// The switch as it is pulled now.
    pub halt: Halt,
    /// Whether it had been pulled before.
    pub already: bool,
    /// What executes, and is being asked to stop.
    pub running: Vec<Change>,
}

impl Engine {
    /// Pulls the stop switch. Whoever may stop anything anywhere may: stopping must be fast, and costs little.
    ///
    /// # Errors
    /// [`Code::NoRight`] for people who may cancel nowhere.
    pub async fn halt(&self, person: &PersonId, why: Option<&str>) -> Answer<Stopped> {
        self.may_stop(person).await?;
        let why = why.map(str::trim).filter(|why| !why.is_empty());
        let why = why.map(|why| why.chars().take(LONGEST_REASON).collect());
        let halt = Halt { by: person.clone(), why, at: self.ports.clock.now() };
        let entry = entries::halted(&halt);
        let before = self.ports.journal.pull(halt.clone(), entry).await?;
        crate::crash::point("after-halt");
        self.nudge.notify_one();
        let running = ChangeFilter { states: vec![State::Executing], limit: RUNNING, ..ChangeFilter::default() };
        let running = self.ports.records.changes(&running).await?;
        Ok(Stopped { already: before.is_some(), halt: before.unwrap_or(halt), running })
    }

    /// Lifts it.
    ///
    /// # Errors
    /// [`Code::NoRight`] for people who do not administer this install; [`Code::NotHalted`].
    pub async fn lift(&self, person: &PersonId) -> Answer<()> {
        self.allow(person, Right::Administer, &Target::INSTALL, "everything").await?;
        if !self.ports.journal.lift(entries::lifted(person)).await? {
            return Err(Problem::new(Code::NotHalted));
        }
        self.nudge.notify_one();
        Ok(())
    }

    async fn may_stop(&self, person: &PersonId) -> Answer<()> {
        let policy = self.ports.settings.policy()?;
        let environments = self.ports.settings.environments()?;
        if let Some(known) = self.ports.directory.person(person).await? {
            let may = |target: &Target<'_>| policy.rights.check(&known, Right::Cancel, target).is_allowed();
            if environments.all.keys().any(|name| may(&Target::environment(name))) {
                return Ok(());
            }
        }
        self.allow(person, Right::Cancel, &Target::INSTALL, "everything").await
    }

    /// The switch as a problem, while it is pulled.
    pub(crate) async fn halted(&self) -> Answer<Option<Problem>> {
        Ok(self.ports.records.halt().await?.map(|halt| halt.problem()))
    }

    /// Tells those who look at a change that it is held by the switch; again for each pull.
    pub(crate) async fn held_by(&self, change: &Change, problem: Problem) -> Answer<()> {
        let pull = problem.facts.get("at").cloned().unwrap_or_default();
        let first = self.held.lock().is_ok_and(|mut held| held.insert((change.id.clone(), pull)));
        if first { self.ports.journal.tell(&change.id, NoteBody::Warning { problem }).await } else { Ok(()) }
    }
}
