//! Deciding: a person approves or rejects a digest.
//! The one guard for every surface: right of the person now, revision, digest, expiry, confirmation.
//! Must never store a decision that was refused, nor start anything itself.

use crate::access::no_right;
use crate::{Engine, entries, holds, transition::wrong_state};
use chopmark_domain::approval::{Decision, Refusal, SealedDecision, Standing, Verdict, standing};
use chopmark_domain::change::{Change, Planned};
use chopmark_domain::digest::Digest;
use chopmark_domain::facts::ChangeFile;
use chopmark_domain::grounds::Grounds;
use chopmark_domain::holds::Pass;
use chopmark_domain::ids::{ChangeId, Identity, PersonId, Revision};
use chopmark_domain::lifecycle::{Event, State};
use chopmark_domain::ports::Answer;
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::rights::Right;
use chopmark_domain::risk::Risk;

/// A press of approve or reject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionAsked {
    /// The change.
    pub change: ChangeId,
    /// The revision that the person saw; none when the surface shows only the newest.
    pub revision: Option<Revision>,
    /// The digest, or its beginning, that the person saw.
    pub digest: Option<String>,
    /// Who.
    pub person: PersonId,
    /// What the surface called them; none where a test speaks for a person itself.
    pub identity: Option<Identity>,
    /// What.
    pub verdict: Verdict,
    /// Through which surface.
    pub surface: String,
    /// Why.
    pub reason: Option<String>,
    /// The component's name as typed, which severe risk asks for.
    pub confirmation: Option<String>,
}

/// What a decision led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decided {
    /// The rule is met; the worker starts it.
    Countersigned,
    /// More people are needed.
    Counted {
        /// Approvals so far.
        have: usize,
        /// Approvals needed.
        needed: u8,
    },
    /// It is rejected.
    Rejected,
}

impl Engine {
    /// Takes a decision.
    ///
    /// # Errors
    /// Why it was refused; a refusal for want of a right is in the ledger.
    pub async fn decide(&self, asked: DecisionAsked) -> Answer<Decided> {
        // A configuration that does not parse means that nobody decides.
        self.ports.settings.environments()?;
        let file = self.file(&asked.change).await?;
        if asked.verdict == Verdict::Approve
            && let Some(problem) = self.halted().await?
        {
            return Err(problem);
        }
        let planned = decidable(&file, &asked)?;
        let mut grounds = self.grounds(&file, std::slice::from_ref(&asked.person)).await?;
        if let Some(identity) = &asked.identity
            && let Some(owner) = self.ports.directory.holder(identity).await?
        {
            grounds.identities.insert(identity.clone(), owner);
        }
        self.guard(&file.change, planned, &grounds, &asked).await?;
        if asked.verdict == Verdict::Approve {
            self.still_holds(&file, planned, &grounds).await?;
        }
        let decision = Decision {
            change: file.change.id.clone(),
            revision: file.record.revision,
            digest: planned.digest,
            person: asked.person.clone(),
            identity: asked.identity,
            verdict: asked.verdict,
            surface: asked.surface,
            reason: asked.reason,
            at: self.ports.clock.now(),
        };
        if self.counts_already(planned, &file.decisions, &grounds, &decision) {
            return Err(Problem::new(Code::AlreadyDecided).with("change", &file.change.id));
        }
        let mut change = file.change.clone();
        // What a start found void counts again, because the same person decides again.
        let whose = |id: &PersonId| grounds.people.get(id).map(|person| person.id.clone());
        change.voided.retain(|id| whose(id) != whose(&decision.person));
        grounds.voided.clone_from(&change.voided);
        let entry = entries::decided(&change, &decision);
        let sealed = self.ports.seals.seal(decision);
        let mut decisions = file.decisions.clone();
        decisions.push(sealed.clone());

        let standing = self.standing(planned, &decisions, &grounds);
        let passes = match asked.verdict {
            Verdict::Approve => self.not_held(&change, planned, &grounds, &standing, &asked.person).await?,
            Verdict::Reject => vec![],
        };
        let (mut commit, decided) = match standing {
            Standing::Rejected { .. } => {
                (self.transition(&change, &file.record, Event::RejectedBy, vec![entry], |_| ())?, Decided::Rejected)
            }
            Standing::Met { approved_by } => {
                let entries = vec![entry, entries::countersigned(&change, planned, &approved_by, &passes)];
                let commit = self.transition(&change, &file.record, Event::RuleMet, entries, |change| {
                    change.passes = passes;
                })?;
                (commit, Decided::Countersigned)
            }
            Standing::Waiting { approved_by } => {
                let decided = Decided::Counted { have: approved_by.len(), needed: planned.rule.needed };
                (self.touch(&change, vec![entry]), decided)
            }
            Standing::Expired => return Err(expired(&change)),
        };
        commit.decision = Some(sealed);
        self.commit(commit).await?;
        Ok(decided)
    }

    /// Whether a decision could be taken now, for surfaces that ask for something first, such as a reason or the name that
    /// severe risk asks for. Taking it asks everything again.
    ///
    /// # Errors
    /// Why it would be refused; a refusal for want of a right is in the ledger.
    pub async fn may_decide(&self, asked: &DecisionAsked) -> Answer<()> {
        self.ports.settings.environments()?;
        let file = self.file(&asked.change).await?;
        if asked.verdict == Verdict::Approve
            && let Some(problem) = self.halted().await?
        {
            return Err(problem);
        }
        let name = file.change.component.path.name().to_owned();
        let asked = DecisionAsked { confirmation: Some(name), ..asked.clone() };
        let planned = decidable(&file, &asked)?;
        let grounds = self.grounds(&file, std::slice::from_ref(&asked.person)).await?;
        self.guard(&file.change, planned, &grounds, &asked).await
    }

    /// Whether the same person gave the same verdict before, through whichever identity, and it counts.
    fn counts_already(
        &self,
        planned: &Planned,
        decisions: &[SealedDecision],
        grounds: &Grounds,
        new: &Decision,
    ) -> bool {
        let holds = |sealed: &SealedDecision| self.ports.seals.holds(sealed);
        let authority = grounds.authority(&holds);
        let deciding = grounds.people.get(&new.person);
        let counts = |known: &SealedDecision| authority.counts(planned, known).ok() == deciding;
        decisions.iter().any(|known| known.decision.verdict == new.verdict && counts(known))
    }

    pub(crate) fn standing(&self, planned: &Planned, decisions: &[SealedDecision], grounds: &Grounds) -> Standing {
        let holds = |sealed: &SealedDecision| self.ports.seals.holds(sealed);
        standing(planned, decisions, &grounds.authority(&holds))
    }

    /// Refuses people without the right, and records that they tried.
    async fn guard(&self, change: &Change, planned: &Planned, grounds: &Grounds, asked: &DecisionAsked) -> Answer<()> {
        let holds = |sealed: &SealedDecision| self.ports.seals.holds(sealed);
        let authority = grounds.authority(&holds);
        let refusal = match grounds.people.get(&asked.person) {
            None => Err(Refusal::NoRole { needed: planned.rule.approvers.clone() }),
            Some(person) => authority.admits(person, planned, asked.verdict),
        };
        let problem = match refusal {
            Ok(()) => return Ok(()),
            Err(Refusal::NoRole { needed }) => {
                let roles: Vec<_> = needed.iter().map(chopmark_domain::ids::Role::as_str).collect();
                Problem::new(Code::MayNotDecide).with("person", &asked.person).with("roles", roles.join(", "))
            }
            Err(Refusal::SelfApproval) => {
                let known = self.ports.directory.people().await?.into_iter();
                let others = known.filter(|person| authority.admits(person, planned, Verdict::Approve).is_ok());
                let others: Vec<_> = others.map(|person| person.name).collect();
                Problem::new(Code::SelfApprovalForbidden).with("change", &change.id).with("others", others.join(", "))
            }
            Err(Refusal::NoRight(missing)) => {
                no_right(&asked.person, Right::Approve, &change.component.to_string(), &missing)
            }
        };
        self.ports.journal.record(vec![entries::decision_refused(change, &asked.person, &problem)]).await?;
        Err(problem)
    }

    /// Refuses an approval of what could not start, and records the try; else the exceptions that let it through.
    async fn not_held(
        &self,
        change: &Change,
        planned: &Planned,
        grounds: &Grounds,
        standing: &Standing,
        person: &PersonId,
    ) -> Answer<Vec<Pass>> {
        let roles = holds::roles_of(standing, grounds);
        match self.held(planned, grounds, holds::Asked::ToApprove(Some(&roles))).await? {
            Ok(passes) => Ok(passes),
            Err(hold) => {
                let problem = holds::problem(&hold, change, planned);
                self.ports.journal.record(vec![entries::decision_refused(change, person, &problem)]).await?;
                Err(problem)
            }
        }
    }

    /// The rule and the judges must still be those the plan was made under.
    async fn still_holds(&self, file: &ChangeFile, planned: &Planned, grounds: &Grounds) -> Answer<()> {
        match self.moved_since(planned, grounds) {
            None => Ok(()),
            Some(moved) => {
                self.supersede(file, &moved).await?;
                Err(moved.problem(&file.change))
            }
        }
    }
}

/// The plan to decide on, if the change waits and the person saw the newest.
fn decidable<'a>(file: &'a ChangeFile, asked: &DecisionAsked) -> Answer<&'a Planned> {
    let change = &file.change;
    let waits = match asked.verdict {
        Verdict::Approve => matches!(change.state, State::AwaitingApproval),
        // Until the ticket: who holds the target finds the rejection before it is used.
        Verdict::Reject => matches!(change.state, State::AwaitingApproval | State::Approved | State::Claimed),
    };
    if change.state == State::Expired {
        return Err(expired(change));
    }
    if !waits {
        return Err(wrong_state(change));
    }
    let planned = file.record.planned.as_ref().ok_or_else(|| wrong_state(change))?;
    let outdated = asked.revision.is_some_and(|seen| seen != change.revision)
        || asked.digest.as_ref().is_some_and(|seen| !digest_begins(&planned.digest, seen));
    if outdated {
        return Err(Problem::new(Code::DecisionOutdated).with("change", &change.id).with("revision", change.revision));
    }
    let name = change.component.path.name();
    let typed = asked.confirmation.as_deref() == Some(name);
    if asked.verdict == Verdict::Approve && planned.risk == Risk::Severe && !typed {
        return Err(Problem::new(Code::ConfirmationNeeded).with("change", &change.id).with("name", name));
    }
    Ok(planned)
}

/// Fewer than 12 digits of a digest say too little.
fn digest_begins(digest: &Digest, seen: &str) -> bool {
    seen.len() >= 12 && digest.to_string().starts_with(seen)
}

fn expired(change: &Change) -> Problem {
    Problem::new(Code::PlanExpired).with("change", &change.id)
}
