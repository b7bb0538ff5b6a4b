//! Deciders: who could decide on a plan now, by name, and how many are missing.
//! Found by the engine for cards and by the tool `who_may_approve`, through the guard that counts decisions.
//! Must never name anybody whom that guard would refuse.

use crate::approval::{ApprovalRule, Authority, SealedDecision, Standing, Verdict, standing};
use crate::change::Planned;
use crate::ids::{PersonId, Role};
use crate::person::Person;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Somebody who may approve.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decider {
    /// Who.
    pub person: PersonId,
    /// How they are called.
    pub name: String,
    /// Those of their roles by which they may.
    pub roles: Vec<Role>,
}

/// Who could decide on a plan now.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deciders {
    /// Whose approval would count and is not given yet, as far as they are known by name.
    pub able: Vec<Decider>,
    /// How many approvals are missing.
    pub missing: u8,
}

impl Deciders {
    /// Those for a plan, of `everybody` known by name.
    pub fn of(
        planned: &Planned,
        decisions: &[SealedDecision],
        authority: &Authority<'_>,
        everybody: Vec<Person>,
    ) -> Self {
        let given = match standing(planned, decisions, authority) {
            Standing::Waiting { approved_by } => approved_by,
            Standing::Met { .. } | Standing::Rejected { .. } | Standing::Expired => return Self::default(),
        };
        let able = able(authority, &planned.rule, &planned.authors, everybody);
        let missing = planned.rule.needed.max(1).saturating_sub(u8::try_from(given.len()).unwrap_or(u8::MAX));
        Self { able: able.into_iter().filter(|decider| !given.contains(&decider.person)).collect(), missing }
    }
}

/// Everybody of `everybody` who may approve under a rule what these wrote.
pub fn able(
    authority: &Authority<'_>,
    rule: &ApprovalRule,
    authors: &BTreeSet<PersonId>,
    everybody: Vec<Person>,
) -> Vec<Decider> {
    let may = |person: &Person| authority.admits_under(rule, authors, person, Verdict::Approve).is_ok();
    let decider = |person: Person| Decider {
        roles: person.roles.intersection(&rule.approvers).cloned().collect(),
        name: person.name,
        person: person.id,
    };
    everybody.into_iter().filter(may).map(decider).collect()
}
