//! Holds: what keeps a plan from being approved, or a countersigned one from starting, at a moment.
//! Asked by the engine at every decision, at every start and for every card; the whole table is a recorded matrix.
//! Must never look at a clock, nor let anything pass for a name that somebody gave: only the policy's own exceptions.

use crate::calendar::{Freeze, Start, Zone};
use crate::environment::Environment;
use crate::grounds::Subject;
use crate::halt::Halt;
use crate::ids::{EnvironmentName, PolicyName, Role};
use crate::policy::{Effects, Policy};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hold {
    /// The stop switch is pulled.
    Halted(Halt),
    /// Proposals and plans only: there, or everywhere.
    ReadOnly(Option<EnvironmentName>),
    /// A freeze that lets nothing of this kind through.
    Frozen {
        /// Its name.
        freeze: PolicyName,
        /// Why.
        reason: String,
        /// Its first moment after.
        until: Timestamp,
        /// The zone it is written in.
        zone: Zone,
        /// Where it stands.
        written_at: String,
    },
    /// Its time to start has not come.
    NotYet {
        /// When it comes.
        from: Timestamp,
    },
    /// Its time to start is over.
    Missed {
        /// The window's name; none for a time that a person wished.
        window: Option<PolicyName>,
        /// When it was over.
        until: Timestamp,
        /// The zone to show it in.
        zone: Zone,
    },
    /// The plan is over before its time to start comes.
    TooLate {
        /// The window's name; none for a time that a person wished.
        window: Option<PolicyName>,
        /// When it could have started.
        from: Timestamp,
        /// The zone to show it in.
        zone: Zone,
    },
}

/// An exception that lets a change through a freeze.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Pass {
    /// The freeze.
    pub freeze: PolicyName,
    /// The exception's name.
    pub exception: PolicyName,
    /// Roles of which one of those who approve must have one; empty for no such condition.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub approved_by: BTreeSet<Role>,
}

/// Everything that holds are found by.
#[derive(Debug, Clone, Copy)]
pub struct Looked<'a> {
    /// The stop switch, while it is pulled.
    pub halt: Option<&'a Halt>,
    /// Freezes and the whole install's mode.
    pub policy: &'a Policy,
    /// The environment; none when it is gone, which is for others to refuse.
    pub environment: Option<&'a Environment>,
    /// What the change acts on.
    pub subject: &'a Subject,
    /// When it may start.
    pub start: &'a Start,
    /// When the plan is over.
    pub expires_at: Timestamp,
    /// Roles of those who approved; none where anybody may still do so.
    pub approvers: Option<&'a BTreeSet<Role>>,
}

impl Looked<'_> {
    /// What keeps it from starting now, else the exceptions that let it through.
    ///
    /// # Errors
    /// The [`Hold`].
    pub fn to_start(&self, now: Timestamp) -> Result<Vec<Pass>, Hold> {
        self.missed(now)?;
        if let Start::Within { span, .. } = self.start
            && now < span.from
        {
            return Err(Hold::NotYet { from: span.from });
        }
        self.stopped()?;
        self.freezes(now)
    }

    /// What keeps it from being approved now. A freeze that is over before it would start does not.
    ///
    /// # Errors
    /// The [`Hold`].
    pub fn to_approve(&self, now: Timestamp) -> Result<Vec<Pass>, Hold> {
        self.stopped()?;
        self.missed(now)?;
        let begins = match self.start {
            Start::AtOnce => now,
            Start::Within { window, span, zone } => {
                if self.expires_at <= span.from {
                    let (window, zone) = (window.clone(), zone.clone());
                    return Err(Hold::TooLate { window, from: span.from, zone });
                }
                span.from.max(now)
            }
        };
        self.freezes(begins)
    }

    fn missed(&self, now: Timestamp) -> Result<(), Hold> {
        match self.start {
            Start::Within { window, span, zone } if now >= span.until => {
                Err(Hold::Missed { window: window.clone(), until: span.until, zone: zone.clone() })
            }
            Start::Within { .. } | Start::AtOnce => Ok(()),
        }
    }

    fn stopped(&self) -> Result<(), Hold> {
        if let Some(halt) = self.halt {
            return Err(Hold::Halted(halt.clone()));
        }
        if self.policy.effects == Effects::ReadOnly {
            return Err(Hold::ReadOnly(None));
        }
        match self.environment {
            Some(environment) if environment.effects == Effects::ReadOnly => {
                Err(Hold::ReadOnly(Some(environment.name.clone())))
            }
            Some(_) | None => Ok(()),
        }
    }

    fn freezes(&self, moment: Timestamp) -> Result<Vec<Pass>, Hold> {
        let mut passes = vec![];
        for freeze in self.policy.freezes_of(&self.subject.component.environment) {
            let Some(span) = freeze.when.at(moment) else { continue };
            passes.push(self.pass(freeze).ok_or_else(|| Hold::Frozen {
                freeze: freeze.name.clone(),
                reason: freeze.reason.clone(),
                until: span.until,
                zone: freeze.when.zone().clone(),
                written_at: freeze.written_at.clone(),
            })?);
        }
        Ok(passes)
    }

    /// The first exception of a freeze that lets it through.
    fn pass(&self, freeze: &Freeze) -> Option<Pass> {
        let component = &self.subject.component;
        let template = self.subject.template_path();
        let admits = freeze.exceptions.iter().find(|exception| {
            let roles = self.approvers.unwrap_or(&exception.approved_by);
            exception.admits(&component.environment, &component.path, template.as_deref(), roles)
        })?;
        Some(Pass {
            freeze: freeze.name.clone(),
            exception: admits.name.clone(),
            approved_by: admits.approved_by.clone(),
        })
    }
}
