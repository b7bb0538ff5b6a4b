//! Counting: which decisions count now, for whom, and what they add up to under their rule.
//! Asked through [`Authority`] by every door alike: at a decision, at a start, and by the exec child.
//! Must never count a decision on another digest, a person twice, or a person who lost the right.

use super::{ApprovalRule, DecidedBy, Refusal, SealedDecision, Verdict};
use crate::change::Planned;
use crate::digest::Digest;
use crate::ids::{Identity, PersonId, PolicyName};
use crate::person::Person;
use crate::rights::{Access, Right, Rights, Target};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What decisions are counted with: people, rights and rules as they are now.
#[derive(Clone, Copy)]
pub struct Authority<'a> {
    /// Everybody who decided or asked, as known now; whoever is not in it counts for nothing.
    pub people: &'a BTreeMap<PersonId, Person>,
    /// Whose each identity is now through which somebody decided.
    pub identities: &'a BTreeMap<Identity, PersonId>,
    /// People whose decisions on this plan a start found void: they count again when they decide again.
    pub voided: &'a BTreeSet<PersonId>,
    /// Who may do what.
    pub rights: &'a Rights,
    /// What the change acts on, as rights see it.
    pub target: Target<'a>,
    /// The rule the plan falls under now; none where the environment is gone.
    pub rule: Option<&'a ApprovalRule>,
    /// Whether the revision is as the engine wrote it: what a rule alone approves must be.
    pub sealed: bool,
    /// Whether a seal is ours and fits.
    pub seal_holds: &'a (dyn Fn(&SealedDecision) -> bool + Send + Sync),
    /// Now.
    pub now: Timestamp,
}

impl Authority<'_> {
    /// Whether `person` may give `verdict` on a plan: by right and by its rule. The one guard of every door.
    ///
    /// # Errors
    /// [`Refusal`] with the reason.
    pub fn admits(&self, person: &Person, planned: &Planned, verdict: Verdict) -> Result<(), Refusal> {
        self.admits_under(&planned.rule, &planned.authors, person, verdict)
    }

    /// The same for what has no plan yet.
    ///
    /// # Errors
    /// [`Refusal`] with the reason.
    pub fn admits_under(
        &self,
        rule: &ApprovalRule,
        authors: &BTreeSet<PersonId>,
        person: &Person,
        verdict: Verdict,
    ) -> Result<(), Refusal> {
        let authors = self.now(authors);
        rule.admits(person, &authors, verdict)?;
        if verdict == Verdict::Reject && authors.contains(&person.id) {
            return Ok(());
        }
        match self.rights.check(person, Right::Approve, &self.target) {
            Access::Allowed(_) => Ok(()),
            Access::Denied(missing) => Err(Refusal::NoRight(missing)),
        }
    }

    /// The same people as they are known now: who asked as one and was joined to another since is still one person.
    fn now(&self, people: &BTreeSet<PersonId>) -> BTreeSet<PersonId> {
        let known = |id: &PersonId| self.people.get(id).map_or_else(|| id.clone(), |person| person.id.clone());
        people.iter().map(known).collect()
    }

    /// Whether a decision counts, and for whom.
    ///
    /// # Errors
    /// [`Void`] with the reason.
    pub fn counts(&self, planned: &Planned, sealed: &SealedDecision) -> Result<&Person, Void> {
        let decision = &sealed.decision;
        if decision.digest != planned.digest || !(self.seal_holds)(sealed) {
            return Err(Void::Forged);
        }
        let person = self.people.get(&decision.person).ok_or(Void::Person)?;
        let theirs = |identity| self.identities.get(identity) == Some(&person.id);
        if !decision.identity.as_ref().is_none_or(theirs) {
            return Err(Void::Identity);
        }
        self.admits(person, planned, decision.verdict).map_err(|refusal| match refusal {
            Refusal::NoRole { .. } => Void::Role,
            Refusal::SelfApproval => Void::Author,
            Refusal::NoRight(_) => Void::Right,
        })?;
        // A rejection that somebody had every right to is not undone by what they lost for a moment.
        if decision.verdict == Verdict::Approve && self.voided.contains(&decision.person) {
            return Err(Void::Earlier);
        }
        Ok(person)
    }

    /// Whether the plan falls under the rule it was made under: approvals under another one are for another question.
    fn rule_stands(&self, planned: &Planned) -> bool {
        self.rule.is_some_and(|rule| rule.asks_the_same_as(&planned.rule))
    }

    /// Whether the rule itself approves: it is such a rule, and the plan is what people with the right proposed.
    fn rule_approves(&self, planned: &Planned) -> bool {
        let mut authors = planned.authors.iter();
        // What a rule approves is what people with the right proposed: one of them lost it, and it waits for people.
        let proposed = authors.all(|author| {
            let known = self.people.get(author);
            known.is_some_and(|person| self.rights.check(person, Right::Propose, &self.target).is_allowed())
        });
        let decided_by = planned.rule.decided_by;
        decided_by == DecidedBy::TheRule && decided_by.admits(planned.risk, &planned.plan) && self.sealed && proposed
    }
}

/// Why a decision counts for nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Void {
    /// It is on another plan, or its seal is not ours.
    Forged,
    /// Nobody by that name has any role now.
    Person,
    /// What the surface called them belongs to another person, or its token is over.
    Identity,
    /// None of their roles is among the approvers.
    Role,
    /// No grant of theirs reaches the change.
    Right,
    /// They asked for it or edited it.
    Author,
    /// A start found it void before.
    Earlier,
}

impl Void {
    /// The word of messages and entries.
    pub fn word(self) -> &'static str {
        match self {
            Self::Forged => "forged",
            Self::Person => "person",
            Self::Identity => "identity",
            Self::Role => "role",
            Self::Right => "right",
            Self::Author => "author",
            Self::Earlier => "earlier",
        }
    }
}

/// Approvals of this plan that count for nothing now, and why.
pub fn void(planned: &Planned, decisions: &[SealedDecision], authority: &Authority<'_>) -> Vec<(PersonId, Void)> {
    let on_this = decisions
        .iter()
        .filter(|sealed| sealed.decision.digest == planned.digest && sealed.decision.verdict == Verdict::Approve);
    let why =
        |sealed: &SealedDecision| Some((sealed.decision.person.clone(), authority.counts(planned, sealed).err()?));
    on_this.filter_map(why).collect()
}

/// Whose approval it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Approval {
    /// These people's.
    People(BTreeSet<PersonId>),
    /// The rule's own.
    Rule(RuleMark),
}

/// A rule as an approver: its name and the digest of what it asks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RuleMark {
    /// The rule's name; none for the usual rule.
    pub name: Option<PolicyName>,
    /// See [`ApprovalRule::mark`].
    pub digest: Digest,
}

impl std::fmt::Display for RuleMark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name = self.name.as_ref().map_or("approval", PolicyName::as_str);
        write!(f, "{name}@{}", self.digest.short())
    }
}

impl Approval {
    /// How many people's marks it bears.
    pub fn people(&self) -> usize {
        match self {
            Self::People(people) => people.len(),
            Self::Rule(_) => 0,
        }
    }

    /// As the ledger and the commit's trailers name it.
    pub fn names(&self) -> Vec<String> {
        match self {
            Self::People(people) => people.iter().map(ToString::to_string).collect(),
            Self::Rule(mark) => vec![format!("rule:{mark}")],
        }
    }
}

/// Where a plan stands under its rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Some approvals are missing.
    Waiting {
        /// People whose approval counts now.
        approved_by: BTreeSet<PersonId>,
    },
    /// The rule is met.
    Met {
        /// By whom.
        approved_by: Approval,
    },
    /// Somebody with the right rejected it.
    Rejected {
        /// Who.
        by: PersonId,
    },
    /// Its time is over.
    Expired,
}

/// Counts the decisions whose seal holds and whose person has the right now.
pub fn standing(planned: &Planned, decisions: &[SealedDecision], authority: &Authority<'_>) -> Standing {
    let mut approved_by = BTreeSet::new();
    for sealed in decisions {
        let Ok(person) = authority.counts(planned, sealed) else { continue };
        match sealed.decision.verdict {
            Verdict::Reject => return Standing::Rejected { by: person.id.clone() },
            Verdict::Approve => approved_by.insert(person.id.clone()),
        };
    }
    if authority.now >= planned.expires_at {
        return Standing::Expired;
    }
    if !authority.rule_stands(planned) {
        return Standing::Waiting { approved_by: BTreeSet::new() };
    }
    if authority.rule_approves(planned) {
        Standing::Met { approved_by: Approval::Rule(planned.rule.mark()) }
    } else if approved_by.len() >= usize::from(planned.rule.needed.max(1)) {
        Standing::Met { approved_by: Approval::People(approved_by) }
    } else {
        Standing::Waiting { approved_by }
    }
}
