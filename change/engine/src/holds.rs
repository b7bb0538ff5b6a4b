//! Holds: what keeps a change from being approved or started, asked with everything read anew.
//! Used by decide, by the rule that approves, by every start, and by whoever shows a change.
//! Must never be asked once for two moments: freezes begin, switches are pulled, windows close.

use crate::Engine;
use crate::transition::lease_holder;
use chopmark_domain::approval::{Approval, SealedDecision, Standing};
use chopmark_domain::calendar::Zone;
use chopmark_domain::change::{Change, Planned};
use chopmark_domain::deciders::Deciders;
use chopmark_domain::facts::{Behind, ChangeFile, Waits};
use chopmark_domain::grounds::Grounds;
use chopmark_domain::holds::{Hold, Looked, Pass};
use chopmark_domain::ids::{ChangeId, PersonId, Role};
use chopmark_domain::lifecycle::State;
use chopmark_domain::ports::{Answer, ChangeFilter};
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::time::Timestamp;
use std::collections::BTreeSet;
use std::time::Duration;

/// The longest time without looking again: somebody may end a freeze early by taking it out of the configuration.
const LOOK_AGAIN: Duration = Duration::from_secs(60);
/// How soon it is looked again at what ends without a moment that is known.
const HELD: Duration = Duration::from_millis(500);
/// More changes than ever wait for one target.
const WAITING: u32 = 1000;

/// Which question is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked<'a> {
    /// May it be approved, these having approved it?
    ToApprove(Option<&'a BTreeSet<Role>>),
    /// May it start, these having approved it?
    ToStart(&'a BTreeSet<Role>),
}

impl Engine {
    /// What holds a plan now, else the exceptions that let it through.
    ///
    /// # Errors
    /// The store or the configuration cannot be read: then nothing may.
    pub(crate) async fn held(
        &self,
        planned: &Planned,
        grounds: &Grounds,
        asked: Asked<'_>,
    ) -> Answer<Result<Vec<Pass>, Hold>> {
        let halt = self.ports.records.halt().await?;
        let environments = self.ports.settings.environments()?;
        let looked = Looked {
            halt: halt.as_ref(),
            policy: &grounds.policy,
            environment: environments.get(&grounds.subject.component.environment),
            subject: &grounds.subject,
            start: &planned.start,
            expires_at: planned.expires_at,
            approvers: match asked {
                Asked::ToApprove(roles) => roles,
                Asked::ToStart(roles) => Some(roles),
            },
        };
        let now = self.ports.clock.now();
        Ok(match asked {
            Asked::ToApprove(_) => looked.to_approve(now),
            Asked::ToStart(_) => looked.to_start(now),
        })
    }

    /// A change with what it waits for just now, for those who look at it.
    ///
    /// # Errors
    /// [`Code::UnknownChange`]; the store cannot be read.
    pub async fn look(&self, id: &ChangeId) -> Answer<ChangeFile> {
        let mut file = self.file(id).await?;
        file.waits = match file.change.state {
            State::AwaitingApproval | State::Approved => self.waits(&file).await?,
            _ => None,
        };
        Ok(file)
    }

    async fn waits(&self, file: &ChangeFile) -> Answer<Option<Waits>> {
        let Some(planned) = &file.record.planned else { return Ok(None) };
        // While the configuration does not parse nobody decides and nothing starts; that is what it waits for.
        let grounds = match self.grounds(file, &[]).await {
            Ok(grounds) => grounds,
            Err(problem) => return Ok(Some(Waits { hold: Some(problem), rests: true, ..Waits::default() })),
        };
        let standing = self.standing(planned, &file.decisions, &grounds);
        let approved = roles_of(&standing, &grounds);
        let started = file.change.state == State::Approved;
        let asked = if started { Asked::ToStart(&approved) } else { Asked::ToApprove(None) };
        let mut waits = Waits::default();
        if !started {
            let everybody = self.ports.directory.people().await?;
            let holds = |sealed: &SealedDecision| self.ports.seals.holds(sealed);
            waits.deciders = Some(Deciders::of(planned, &file.decisions, &grounds.authority(&holds), everybody));
            waits.rests = !matches!(standing, Standing::Met { approved_by: Approval::Rule(_) });
        }
        match self.held(planned, &grounds, asked).await? {
            Ok(passes) => waits.passes = passes,
            // Its card says when it starts.
            Err(Hold::NotYet { .. }) => waits.rests = true,
            Err(hold) => {
                waits.rests = true;
                waits.hold = Some(problem(&hold, &file.change, planned));
            }
        }
        if started && !waits.rests {
            waits.behind = self.behind(file).await?;
        }
        Ok(Some(waits))
    }

    /// Who has the target, and how many wait for it.
    pub(crate) async fn behind(&self, file: &ChangeFile) -> Answer<Option<Behind>> {
        let name = self.target_lease(&file.change, &file.record);
        let Some(lease) = self.ports.leases.read(&name).await? else { return Ok(None) };
        let holder = lease.holder.split_once('/').map_or(lease.holder.as_str(), |(change, _)| change);
        let Ok(holder) = ChangeId::parse(holder) else { return Ok(None) };
        if lease.holder == lease_holder(&file.change) {
            return Ok(None);
        }
        let Some(other) = self.ports.records.change(&holder).await? else { return Ok(None) };
        let filter = ChangeFilter {
            states: vec![State::Approved],
            environment: Some(file.change.component.environment.clone()),
            limit: WAITING,
            ..ChangeFilter::default()
        };
        let (mut waiting, mut place) = (1, 1);
        for change in self.ports.records.changes(&filter).await? {
            if change.id == file.change.id {
                continue;
            }
            let Some(record) = self.ports.records.revision(&change.id, change.revision).await? else { continue };
            if self.target_lease(&change, &record) == name {
                waiting += 1;
                place += u32::from((change.updated_at, &change.id) < (file.change.updated_at, &file.change.id));
            }
        }
        let since = other.run.as_ref().map_or(other.change.updated_at, |run| run.started_at);
        Ok(Some(Behind { change: holder, state: other.change.state, since, waiting, place }))
    }
}

/// Roles of those whose approval counts.
pub(crate) fn roles_of(standing: &Standing, grounds: &Grounds) -> BTreeSet<Role> {
    let people: Vec<&PersonId> = match standing {
        Standing::Waiting { approved_by } | Standing::Met { approved_by: Approval::People(approved_by) } => {
            approved_by.iter().collect()
        }
        Standing::Met { approved_by: Approval::Rule(_) } | Standing::Rejected { .. } | Standing::Expired => vec![],
    };
    let known = people.into_iter().filter_map(|id| grounds.people.values().find(|person| person.id == *id));
    known.flat_map(|person| person.roles.iter().cloned()).collect()
}

/// A hold as people read it.
pub(crate) fn problem(hold: &Hold, change: &Change, planned: &Planned) -> Problem {
    let window = |name: &Option<chopmark_domain::ids::PolicyName>, at: Timestamp, zone: &Zone| match name {
        Some(name) => format!("{name}, {}", zone.written(at)),
        None => zone.written(at),
    };
    match hold {
        Hold::Halted(halt) => halt.problem(),
        Hold::ReadOnly(place) => {
            Problem::new(Code::ReadOnly).with("where", place.as_ref().map_or("", |name| name.as_str()))
        }
        Hold::Frozen { freeze, reason, until, zone, written_at } => Problem::new(Code::Frozen)
            .with("freeze", freeze)
            .with("reason", reason)
            .with("until", zone.written(*until))
            .with("written_at", written_at),
        // Nobody is told: the card says when it starts.
        Hold::NotYet { from } => Problem::new(Code::Internal).with("what", format!("not before {}", from.0)),
        Hold::Missed { window: name, until, zone } => {
            Problem::new(Code::WindowMissed).with("change", &change.id).with("window", window(name, *until, zone))
        }
        Hold::TooLate { window: name, from, zone } => Problem::new(Code::ExpiresBeforeWindow)
            .with("change", &change.id)
            .with("window", window(name, *from, zone))
            .with("expires", zone.written(planned.expires_at)),
    }
}

/// When a start that is held looks again; its expiry ends the wait.
pub(crate) fn look_again(hold: &Hold, planned: &Planned, now: Timestamp) -> Duration {
    let left = |until: Timestamp| Duration::from_millis(until.since(now).max(1).unsigned_abs());
    let again = match hold {
        Hold::NotYet { from } => left(*from),
        Hold::Frozen { until, .. } => left(*until).min(LOOK_AGAIN),
        Hold::Halted(_) | Hold::ReadOnly(_) | Hold::Missed { .. } | Hold::TooLate { .. } => HELD,
    };
    again.min(left(planned.expires_at))
}
