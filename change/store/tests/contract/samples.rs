//! Values that the promises are tried with.
//! Used by every promise.
//! Must never be shared between two tests: each makes its own.

use chopmark_domain::approval::{ApprovalRule, Decision, SealedDecision, SelfApproval, Verdict};
use chopmark_domain::change::{Change, Language, Place, Planned, RevisionRecord};
use chopmark_domain::digest::Digest;
use chopmark_domain::draft::{Action, Content, Draft, Verify, WayBack};
use chopmark_domain::environment::Mode;
use chopmark_domain::ids::{ChangeId, Epoch, PersonId, Revision, RunId, TemplateName};
use chopmark_domain::ledger::{EntryDraft, EntryKind};
use chopmark_domain::lifecycle::{Effect, State};
use chopmark_domain::note::NoteBody;
use chopmark_domain::person::Actor;
use chopmark_domain::plan::Plan;
use chopmark_domain::ports::{ChangeWrite, Commit, Journal, Wakeup};
use chopmark_domain::proposal::{Intent, Origin, Proposal};
use chopmark_domain::risk::Risk;
use chopmark_domain::run::Run;
use chopmark_domain::time::Timestamp;
use serde_json::json;
use std::collections::BTreeSet;

/// The change with a number for a name.
pub(crate) fn change(number: usize) -> Change {
    Change {
        id: ChangeId::parse(&format!("chg-{number:04}")).unwrap(),
        component: "dev/shop/cart".parse().unwrap(),
        requester: person("ann"),
        request: "deploy \"cart\"\nwith 验戳 and \u{0}".to_owned(),
        place: place("here"),
        language: Language::Zh,
        state: State::Planning,
        epoch: Epoch::ZERO,
        revision: Revision::FIRST,
        replaces: None,
        problem: None,
        wish: chopmark_domain::calendar::Start::AtOnce,
        voided: std::collections::BTreeSet::new(),
        verification: None,
        passes: vec![],
        previous_version: None,
        commit: None,
        created_at: Timestamp(number as i64),
        updated_at: Timestamp(number as i64),
    }
}

pub(crate) fn person(name: &str) -> PersonId {
    PersonId::parse(&format!("terminal:{name}")).unwrap()
}

pub(crate) fn place(thread: &str) -> Place {
    Place { surface: "terminal".to_owned(), channel: "main".to_owned(), thread: thread.to_owned() }
}

/// An unplanned revision of a change.
pub(crate) fn record(change: &Change) -> RevisionRecord {
    let component = change.component.clone();
    let template = TemplateName::parse("web-service").unwrap();
    RevisionRecord {
        change: change.id.clone(),
        revision: change.revision,
        author: change.requester.clone(),
        proposal: Proposal {
            component: component.clone(),
            environment_origin: Origin::Said,
            group_origin: Origin::Memory,
            intent: Intent::Delete,
            revises: None,
        },
        draft: Draft {
            component,
            action: Action::Delete,
            content: Content::Removed { template },
            verify: Verify::Exists,
            way_back: WayBack::PreviousVersion,
        },
        planned: None,
        differences: vec![],
        seal: None,
    }
}

/// The same revision with a plan.
pub(crate) fn planned(record: &RevisionRecord) -> RevisionRecord {
    let mut planned = Planned {
        plan: Plan { mode: Mode::Gitops, steps: vec![] },
        findings: vec![],
        risk: Risk::Severe,
        risk_reasons: vec![],
        rule: ApprovalRule {
            approvers: BTreeSet::new(),
            needed: 1,
            self_approval: SelfApproval::Forbidden,
            expires_after_seconds: 60,
            written_at: "config.toml:1".to_owned(),
            ..ApprovalRule::default()
        },
        authors: std::collections::BTreeSet::from([person("ann")]),
        policy_version: "1".to_owned(),
        template: None,
        planned_at: Timestamp(1),
        start: chopmark_domain::calendar::Start::AtOnce,
        expires_at: Timestamp(2),
        digest: Digest::of(b""),
    };
    planned.digest = planned.compute_digest(&record.change, record.revision, &record.draft);
    RevisionRecord { planned: Some(planned), ..record.clone() }
}

pub(crate) fn decision(change: &Change, name: &str, verdict: Verdict, of: &[u8], reason: &str) -> SealedDecision {
    SealedDecision {
        decision: Decision {
            change: change.id.clone(),
            revision: change.revision,
            digest: Digest::of(of),
            person: person(name),
            identity: None,
            verdict,
            surface: "terminal".to_owned(),
            reason: Some(reason.to_owned()),
            at: Timestamp(5),
        },
        seal: "00".to_owned(),
    }
}

pub(crate) fn run(change: &Change, name: &str) -> Run {
    Run {
        id: RunId::parse(&format!("run-{name}")).unwrap(),
        change: change.id.clone(),
        revision: change.revision,
        digest: Digest::of(b"plan"),
        lease: "target:x".to_owned(),
        epoch: Epoch(1),
        started_at: Timestamp(7),
        ended_at: None,
        outcome: None,
    }
}

pub(crate) fn entry(change: &Change, what: &str) -> EntryDraft {
    EntryDraft {
        kind: EntryKind::Planned,
        actor: Actor::Person(change.requester.clone()),
        change: Some(change.id.clone()),
        digest: Some(Digest::of(b"plan")),
        payload: json!({"what": what, "count": 3, "text": "验\n\"\\\u{0}"}),
    }
}

/// A commit that writes the row and nothing else.
pub(crate) fn only(change: ChangeWrite) -> Commit {
    Commit {
        change,
        record: None,
        decision: None,
        run: None,
        entries: vec![],
        wakeups: vec![],
        notes: vec![],
        fence: None,
        release: None,
    }
}

/// The commit that makes a change with its first revision, an entry, a wake-up and a note.
pub(crate) fn insertion(change: &Change) -> Commit {
    Commit {
        record: Some(record(change)),
        entries: vec![entry(change, "proposed")],
        wakeups: vec![Wakeup { id: 0, change: change.id.clone(), effect: Effect::Plan, due_at: change.created_at }],
        notes: vec![NoteBody::Moved { state: change.state }],
        ..only(ChangeWrite::Insert(change.clone()))
    }
}

/// The row after one move.
pub(crate) fn moved(change: &Change, state: State) -> Change {
    Change { state, epoch: change.epoch.next(), updated_at: Timestamp(change.updated_at.0 + 1), ..change.clone() }
}

/// The commit that moves the row.
pub(crate) fn movement(from: &Change, to: &Change) -> Commit {
    only(ChangeWrite::Update { from: (from.state, from.epoch), change: to.clone() })
}

/// Makes a change and moves it to a state; returns the row.
pub(crate) async fn standing_at(journal: &impl Journal, number: usize, state: State) -> Change {
    let first = change(number);
    journal.commit(insertion(&first)).await.unwrap();
    let then = moved(&first, state);
    journal.commit(movement(&first, &then)).await.unwrap();
    then
}
