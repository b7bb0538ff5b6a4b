//! What the ledger says of each event.
//! Used by commands and effects when they commit.
//! Must never hold a secret or a float; rendered content is named by its digest.

use chopmark_domain::approval::{Approval, Decision, Void};
use chopmark_domain::change::{Change, Planned, RevisionRecord};
use chopmark_domain::countersigned::Countersigned;
use chopmark_domain::halt::Halt;
use chopmark_domain::holds::Pass;
use chopmark_domain::ids::{Identity, PersonId, RunId};
use chopmark_domain::ledger::{EntryDraft, EntryKind};
use chopmark_domain::person::Actor;
use chopmark_domain::problem::Problem;
use chopmark_domain::run::{Outcome, Run, Verification};
use serde_json::{Value, json};

/// The worker as an actor.
pub(crate) fn worker() -> Actor {
    Actor::System("worker".to_owned())
}

fn entry(kind: EntryKind, actor: Actor, change: &Change, payload: Value) -> EntryDraft {
    EntryDraft { kind, actor, change: Some(change.id.clone()), digest: None, payload }
}

pub(crate) fn proposed(change: &Change, record: &RevisionRecord) -> EntryDraft {
    entry(
        if record.revision.0 == 1 { EntryKind::Proposed } else { EntryKind::Edited },
        Actor::Person(record.author.clone()),
        change,
        json!({
            "component": change.component.to_string(),
            "revision": record.revision,
            "request": change.request,
            "surface": change.place.surface,
            "action": record.draft.action,
            "bundle": record.draft.bundle_digest(),
            "replaces": change.replaces,
            "wish": change.wish,
        }),
    )
}

pub(crate) fn planned(change: &Change, planned: &Planned) -> EntryDraft {
    let actions: Vec<_> =
        planned.plan.steps.iter().flat_map(|step| &step.actions).map(|a| json!([a.verb, a.address])).collect();
    EntryDraft {
        digest: Some(planned.digest),
        ..entry(
            EntryKind::Planned,
            worker(),
            change,
            json!({
                "revision": change.revision,
                "risk": planned.risk,
                "actions": actions,
                "policy": planned.policy_version,
                "expires_at": planned.expires_at,
            }),
        )
    }
}

pub(crate) fn plan_ended(change: &Change, why: &str, problem: Option<&Problem>) -> EntryDraft {
    entry(EntryKind::PlanEnded, worker(), change, json!({"why": why, "problem": problem}))
}

pub(crate) fn decided(change: &Change, decision: &Decision) -> EntryDraft {
    EntryDraft {
        digest: Some(decision.digest),
        ..entry(
            EntryKind::Decided,
            Actor::Person(decision.person.clone()),
            change,
            json!({
                "verdict": decision.verdict,
                "revision": decision.revision,
                "surface": decision.surface,
                "identity": decision.identity,
                "reason": decision.reason,
            }),
        )
    }
}

pub(crate) fn decision_refused(change: &Change, person: &PersonId, problem: &Problem) -> EntryDraft {
    entry(EntryKind::DecisionRefused, Actor::Person(person.clone()), change, json!({"problem": problem}))
}

pub(crate) fn access_refused(person: &PersonId, problem: &Problem) -> EntryDraft {
    EntryDraft {
        kind: EntryKind::AccessRefused,
        actor: Actor::Person(person.clone()),
        change: None,
        digest: None,
        payload: json!({"problem": problem}),
    }
}

pub(crate) fn countersigned(change: &Change, planned: &Planned, approved_by: &Approval, passes: &[Pass]) -> EntryDraft {
    EntryDraft {
        digest: Some(planned.digest),
        ..entry(
            EntryKind::Countersigned,
            match approved_by {
                Approval::People(_) => worker(),
                Approval::Rule(mark) => Actor::Rule(format!("{}/{mark}", change.component.environment)),
            },
            change,
            json!({
                "approved_by": approved_by.names(),
                "rule": planned.rule.written_at,
                "rule_mark": planned.rule.mark().to_string(),
                "start": planned.start,
                "exceptions": passed(passes),
            }),
        )
    }
}

/// Freezes that let it through, each with the exception's name.
fn passed(passes: &[Pass]) -> Vec<Value> {
    passes.iter().map(|pass| json!([pass.freeze, pass.exception])).collect()
}

pub(crate) fn exec_intent(change: &Change, run: &Run, signed: &Countersigned, passes: &[Pass]) -> EntryDraft {
    let steps: Vec<_> = signed.plan().steps.iter().map(|s| json!([s.runner, s.target, s.program])).collect();
    EntryDraft {
        digest: Some(run.digest),
        ..entry(
            EntryKind::ExecIntent,
            worker(),
            change,
            json!({
                "run": run.id,
                "lease": run.lease,
                "epoch": run.epoch,
                "approved_by": signed.approved_by().names(),
                "exceptions": passed(passes),
                "steps": steps,
            }),
        )
    }
}

pub(crate) fn stop_asked(change: &Change, run: &RunId, person: &PersonId) -> EntryDraft {
    entry(EntryKind::StopAsked, Actor::Person(person.clone()), change, json!({"run": run}))
}

/// The switch was pulled while it ran: who pulled it asked for the stop.
pub(crate) fn stopped_by(change: &Change, run: &RunId, halt: &Halt) -> EntryDraft {
    let payload = json!({"run": run, "halt": true, "why": halt.why});
    entry(EntryKind::StopAsked, Actor::Person(halt.by.clone()), change, payload)
}

pub(crate) fn halted(halt: &Halt) -> EntryDraft {
    EntryDraft {
        kind: EntryKind::Halted,
        actor: Actor::Person(halt.by.clone()),
        change: None,
        digest: None,
        payload: json!({"why": halt.why}),
    }
}

pub(crate) fn lifted(person: &PersonId) -> EntryDraft {
    EntryDraft {
        kind: EntryKind::Lifted,
        actor: Actor::Person(person.clone()),
        change: None,
        digest: None,
        payload: json!({}),
    }
}

pub(crate) fn exec_outcome(change: &Change, run: &RunId, outcome: &Outcome) -> EntryDraft {
    entry(EntryKind::ExecOutcome, worker(), change, json!({"run": run, "outcome": outcome}))
}

pub(crate) fn verified(change: &Change, verification: &Verification) -> EntryDraft {
    entry(EntryKind::Verified, worker(), change, json!({"verification": verification}))
}

pub(crate) fn ended(change: &Change, actor: Actor, why: &str, problem: Option<&Problem>) -> EntryDraft {
    entry(EntryKind::Ended, actor, change, json!({"why": why, "problem": problem}))
}

pub(crate) fn needs_attention(change: &Change, run: &RunId, evidence: &Value) -> EntryDraft {
    entry(EntryKind::NeedsAttention, worker(), change, json!({"run": run, "evidence": evidence}))
}

pub(crate) fn resolved(change: &Change, person: &PersonId, word: &str, why: &str) -> EntryDraft {
    entry(EntryKind::Resolved, Actor::Person(person.clone()), change, json!({"as": word, "why": why}))
}

pub(crate) fn pushed(change: &Change) -> EntryDraft {
    entry(EntryKind::Pushed, worker(), change, json!({"commit": change.commit}))
}

pub(crate) fn linked(what: &str, person: &PersonId, identity: &Identity, to: Option<&PersonId>) -> EntryDraft {
    EntryDraft {
        kind: EntryKind::Linked,
        actor: Actor::Person(person.clone()),
        change: None,
        digest: None,
        payload: json!({"what": what, "identity": identity, "person": to}),
    }
}

pub(crate) fn voided(change: &Change, void: &[(PersonId, Void)]) -> EntryDraft {
    let people: Vec<_> = void.iter().map(|(person, why)| json!([person, why])).collect();
    entry(EntryKind::Alarm, worker(), change, json!({"what": "rule_not_met_at_start", "void": people}))
}

pub(crate) fn alarm(change: &Change, what: &str) -> EntryDraft {
    entry(EntryKind::Alarm, worker(), change, json!({"what": what}))
}
