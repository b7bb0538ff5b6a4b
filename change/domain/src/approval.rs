//! Approval: who may decide, what a decision is, and whether a rule is met.
//! Asked by the engine at every decision and again before every start.
//! Must never count a decision on another digest, a person twice, or anybody when a rule is empty.

use crate::change::{Difference, Planned};
use crate::digest::{Digest, Fields};
use crate::ids::{ChangeId, Identity, PersonId, PolicyName, Revision, Role};
use crate::person::Person;
use crate::rights::{Access, Missing, Right, Rights, Target};
use crate::risk::Risk;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Whether the person who asked may approve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SelfApproval {
    /// Whoever asked counts like anybody with the right.
    Allowed,
    /// Whoever asked or edited never counts.
    Forbidden,
}

/// Who approves what falls under a rule.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecidedBy {
    /// People.
    #[default]
    People,
    /// The rule itself, which is then named as the approver. People may still reject.
    TheRule,
}

/// An environment's rule of approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApprovalRule {
    /// Its name; none for the usual rule of the environment.
    #[serde(default)]
    pub name: Option<PolicyName>,
    /// Who approves.
    #[serde(default)]
    pub decided_by: DecidedBy,
    /// Roles whose holders may decide; empty means nobody.
    pub approvers: BTreeSet<Role>,
    /// How many different people must approve; at least 1.
    pub needed: u8,
    /// Whether the requester may be one of them.
    pub self_approval: SelfApproval,
    /// Seconds from the plan until it expires.
    pub expires_after_seconds: u64,
    /// Seconds from the plan until those who may approve are reminded; none for never.
    #[serde(default)]
    pub remind_after_seconds: Option<u64>,
    /// Where the rule stands, such as `config.toml:41`, for the card.
    pub written_at: String,
}

impl Default for ApprovalRule {
    /// A rule that nobody can meet.
    fn default() -> Self {
        Self {
            name: None,
            decided_by: DecidedBy::People,
            approvers: BTreeSet::new(),
            needed: 1,
            self_approval: SelfApproval::Forbidden,
            expires_after_seconds: 24 * 60 * 60,
            remind_after_seconds: None,
            written_at: String::new(),
        }
    }
}

/// What a person decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Countersigns the digest.
    Approve,
    /// Refuses it.
    Reject,
}

/// A decision by a person on a digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The change.
    pub change: ChangeId,
    /// The revision that was on the screen.
    pub revision: Revision,
    /// The digest that was on the screen.
    pub digest: Digest,
    /// Who decided.
    pub person: PersonId,
    /// What the surface called them; once it belongs to somebody else, or to nobody, the decision counts for nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<Identity>,
    /// What.
    pub verdict: Verdict,
    /// Through which surface, such as `terminal`.
    pub surface: String,
    /// Why, in the person's words.
    pub reason: Option<String>,
    /// When, on the store's clock.
    pub at: Timestamp,
}

impl Decision {
    /// The bytes that are sealed.
    pub fn sealed_bytes(&self) -> Digest {
        let mut fields = Fields::new("chopmark/decision/v1");
        fields.json(self);
        fields.finish()
    }
}

/// A decision with the seal of the install's decision key, so that a row written by hand counts for nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedDecision {
    /// The decision.
    pub decision: Decision,
    /// Ed25519 signature over [`Decision::sealed_bytes`], in hexadecimal.
    pub seal: String,
}

/// Why a person may not decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// None of the person's roles is among the approvers.
    NoRole {
        /// Roles that would do.
        needed: BTreeSet<Role>,
    },
    /// Whoever asked or edited may not approve here.
    SelfApproval,
    /// No grant gives the right.
    NoRight(Missing),
}

impl ApprovalRule {
    /// Whether another rule asks for the same: where it is written may move by a line.
    pub fn asks_the_same_as(&self, other: &Self) -> bool {
        Self { written_at: String::new(), ..self.clone() } == Self { written_at: String::new(), ..other.clone() }
    }

    /// What another rule asks otherwise, field by field, by the words of the configuration.
    pub fn differences(&self, other: &Self) -> Vec<Difference> {
        let (old, new) = (self.said(), other.said());
        let pairs = old.into_iter().zip(new).filter(|((_, before), (_, after))| before != after);
        pairs
            .map(|((what, before), (_, after))| Difference {
                what: format!("{}{what}", Difference::RULE),
                before,
                after,
            })
            .collect()
    }

    fn said(&self) -> [(&'static str, Option<String>); 7] {
        let roles = self.approvers.iter().map(Role::as_str).collect::<Vec<_>>().join(", ");
        let decided_by = match self.decided_by {
            DecidedBy::People => "people",
            DecidedBy::TheRule => "rule",
        };
        [
            ("name", self.name.as_ref().map(ToString::to_string)),
            ("approve", Some(decided_by.to_owned())),
            ("approvers", Some(roles).filter(|roles| !roles.is_empty())),
            ("needed", Some(self.needed.to_string())),
            ("self_approval", Some((self.self_approval == SelfApproval::Allowed).to_string())),
            ("expires_after", Some(format!("{}s", self.expires_after_seconds))),
            ("remind_after", self.remind_after_seconds.map(|seconds| format!("{seconds}s"))),
        ]
    }

    /// The rule as an approver. Where it stands is not part of its digest.
    pub fn mark(&self) -> RuleMark {
        let mut fields = Fields::new("chopmark/rule/v1");
        fields.json(&Self { written_at: String::new(), ..self.clone() });
        RuleMark { name: self.name.clone(), digest: fields.finish() }
    }

    /// Whether `person` may give `verdict` on what `authors` asked for and edited. Everybody who may
    /// approve may reject, and so may its authors.
    ///
    /// # Errors
    /// [`Refusal`] with the reason.
    pub fn admits(&self, person: &Person, authors: &BTreeSet<PersonId>, verdict: Verdict) -> Result<(), Refusal> {
        let own = authors.contains(&person.id);
        // What a rule approves anybody stops who may decide there at all: people are the only ones to look.
        if verdict == Verdict::Reject && (own || self.decided_by == DecidedBy::TheRule) {
            return Ok(());
        }
        if self.approvers.is_disjoint(&person.roles) {
            return Err(Refusal::NoRole { needed: self.approvers.clone() });
        }
        if own && self.self_approval == SelfApproval::Forbidden {
            return Err(Refusal::SelfApproval);
        }
        Ok(())
    }
}

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
        let harmless = planned.risk < Risk::Severe && {
            let counts = planned.plan.counts();
            counts.delete == 0 && counts.replace == 0
        };
        let mut authors = planned.authors.iter();
        // What a rule approves is what people with the right proposed: one of them lost it, and it waits for people.
        let proposed = authors.all(|author| {
            let known = self.people.get(author);
            known.is_some_and(|person| self.rights.check(person, Right::Propose, &self.target).is_allowed())
        });
        planned.rule.decided_by == DecidedBy::TheRule && self.sealed && harmless && proposed
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
