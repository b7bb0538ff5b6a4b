//! The papers of a change: its environment, its rule, and the countersignature of a step.
//! Used by the scene.
//! Must never make a countersignature in another way than the house does.

use chopmark_domain::approval::{ApprovalRule, Decision, SealedDecision, SelfApproval, Verdict};
use chopmark_domain::change::{Change, Language, Place, Planned, RevisionRecord};
use chopmark_domain::countersigned::Countersigned;
use chopmark_domain::digest::Digest;
use chopmark_domain::draft::Draft;
use chopmark_domain::environment::{ClusterAddress, Environment, Mode, RepositoryAddress};
use chopmark_domain::ids::{Epoch, Revision};
use chopmark_domain::lifecycle::State;
use chopmark_domain::person::Person;
use chopmark_domain::plan::{Plan, Step};
use chopmark_domain::proposal::{Intent, Origin, Proposal};
use chopmark_domain::risk::Risk;
use chopmark_domain::time::Timestamp;
use std::collections::BTreeSet;

pub(crate) fn environment(cluster: ClusterAddress) -> Environment {
    let repository = RepositoryAddress { path: "/".into(), branch: "main".into(), folder: String::new(), remote: None };
    let name = "dev".parse().unwrap();
    Environment {
        name,
        mode: Mode::Apply,
        repository,
        cluster: Some(cluster),
        terraform: None,
        disclosure: chopmark_domain::environment::Disclosure::Allowed,
        rules: rule().into(),
        windows: chopmark_domain::calendar::Windows::default(),
        effects: chopmark_domain::policy::Effects::Allowed,
        templates: vec![],
    }
}

fn rule() -> ApprovalRule {
    ApprovalRule {
        approvers: BTreeSet::from(["operator".parse().unwrap()]),
        needed: 1,
        self_approval: SelfApproval::Allowed,
        expires_after_seconds: 60,
        written_at: String::new(),
        ..ApprovalRule::default()
    }
}

/// The step, countersigned by somebody who may, in the one way there is.
pub(crate) fn countersigned(draft: &Draft, step: &Step) -> Countersigned {
    let person: chopmark_domain::ids::PersonId = "terminal:1000".parse().unwrap();
    let change = Change {
        id: "chg-7f3k".parse().unwrap(),
        component: draft.component.clone(),
        requester: person.clone(),
        request: String::new(),
        place: Place { surface: "terminal".into(), channel: String::new(), thread: String::new() },
        language: Language::En,
        state: State::Claimed,
        epoch: Epoch(1),
        revision: Revision::FIRST,
        replaces: None,
        wish: chopmark_domain::calendar::Start::AtOnce,
        voided: std::collections::BTreeSet::new(),
        problem: None,
        verification: None,
        passes: vec![],
        previous_version: None,
        commit: None,
        created_at: Timestamp(0),
        updated_at: Timestamp(0),
    };
    let mut planned = Planned {
        plan: Plan { mode: Mode::Apply, steps: vec![step.clone()] },
        findings: vec![],
        risk: Risk::Low,
        risk_reasons: vec![],
        rule: rule(),
        authors: std::collections::BTreeSet::from([person.clone()]),
        policy_version: String::new(),
        template: None,
        planned_at: Timestamp(0),
        start: chopmark_domain::calendar::Start::AtOnce,
        expires_at: Timestamp(60_000),
        digest: Digest::of(b""),
    };
    planned.digest = planned.compute_digest(&change.id, Revision::FIRST, draft);
    let decision = Decision {
        change: change.id.clone(),
        revision: Revision::FIRST,
        digest: planned.digest,
        person: person.clone(),
        identity: None,
        verdict: Verdict::Approve,
        surface: "terminal".into(),
        reason: None,
        at: Timestamp(1),
    };
    let record = RevisionRecord {
        change: change.id.clone(),
        revision: Revision::FIRST,
        author: person.clone(),
        proposal: Proposal {
            component: draft.component.clone(),
            environment_origin: Origin::Said,
            group_origin: Origin::Said,
            intent: Intent::Delete,
            revises: None,
        },
        draft: draft.clone(),
        planned: Some(planned),
        differences: vec![],
        seal: None,
    };
    let somebody = Person { id: person, name: "Jo".into(), roles: BTreeSet::from(["operator".parse().unwrap()]) };
    let decisions = [SealedDecision { decision, seal: String::new() }];
    let grounds = crate::grounds::grounds(somebody, &change, &record);
    Countersigned::verify(&change, &record, &decisions, &grounds.authority(&|_| true)).unwrap()
}
