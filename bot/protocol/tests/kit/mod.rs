//! Changes to draw: a create, an edit, a delete, with everything a card can hold.
//! Used by every test of this crate.
//! Must never use chance or the clock: what is drawn is recorded.

mod changes;
mod terraform;

pub(crate) use changes::{create, degraded, edit, queued, scheduled, severe, succeeded, superseding, vast};
pub(crate) use terraform::{adopted, bucket, drifted, reconcile, root};

use chopmark_domain::approval::{ApprovalRule, SelfApproval};
use chopmark_domain::change::{Change, Language, Place, Planned, RevisionRecord};
use chopmark_domain::component::{ComponentFile, ComponentId, TemplatePin};
use chopmark_domain::digest::Digest;
use chopmark_domain::draft::{Action, Content, Draft, Verify, WayBack};
use chopmark_domain::environment::Mode;
use chopmark_domain::facts::ChangeFile;
use chopmark_domain::ids::{ChangeId, Epoch, PersonId, Revision, Role, RunnerName, TemplateName};
use chopmark_domain::lifecycle::State;
use chopmark_domain::literal::Literal;
use chopmark_domain::plan::{FieldChange, Plan, Program, ResourceAction, Shown, Step, Verb};
use chopmark_domain::proposal::{Intent, Origin, Proposal, Sourced};
use chopmark_domain::risk;
use chopmark_domain::time::Timestamp;
use chopmark_protocol::moment::Moment;
use std::collections::BTreeMap;

/// 2026-03-01T06:00:00Z.
pub(crate) const PLANNED_AT: Timestamp = Timestamp(1_772_344_800_000);

/// Five minutes later, in UTC.
pub(crate) fn moment() -> Moment {
    Moment::utc(PLANNED_AT.plus_seconds(300))
}

pub(crate) fn id(text: &str) -> ChangeId {
    ChangeId::parse(text).unwrap()
}

pub(crate) fn person(text: &str) -> PersonId {
    PersonId::parse(text).unwrap()
}

pub(crate) fn template(name: &str) -> TemplateName {
    TemplateName::parse(name).unwrap()
}

pub(crate) fn json(value: &str) -> Shown {
    Shown::Value(serde_json::to_string(value).unwrap())
}

pub(crate) fn number(value: i64) -> Shown {
    Shown::Value(value.to_string())
}

pub(crate) fn field(path: &str, before: Option<Shown>, after: Option<Shown>) -> FieldChange {
    FieldChange { path: path.into(), before, after }
}

pub(crate) fn action(verb: Verb, kind: &str, address: &str, fields: Vec<FieldChange>) -> ResourceAction {
    ResourceAction { address: address.into(), kind: kind.into(), verb, fields, because: None }
}

pub(crate) fn step(runner: &str, target: &str, actions: Vec<ResourceAction>) -> Step {
    Step {
        runner: RunnerName::parse(runner).unwrap(),
        target: target.into(),
        preconditions: vec![],
        instructions: "{}".into(),
        program: Program { name: runner.into(), version: "1".into(), digest: None },
        actions,
        outputs: vec![],
        caveats: vec![],
    }
}

pub(crate) fn rule(needed: u8, self_approval: SelfApproval) -> ApprovalRule {
    ApprovalRule {
        approvers: [Role::parse("operator").unwrap()].into(),
        needed,
        self_approval,
        expires_after_seconds: 86_400,
        written_at: "config.toml:41".into(),
        ..ApprovalRule::default()
    }
}

/// A change of `dev/shop/cart` that waits for approval with these actions.
pub(crate) fn waiting(verb: Action, steps: Vec<Step>) -> ChangeFile {
    let component: ComponentId = "dev/shop/cart".parse().unwrap();
    let said = |value: Literal| Sourced { value, origin: Origin::Said };
    let default = |value: Literal| Sourced { value, origin: Origin::Default };
    let values = BTreeMap::from([
        ("image".to_owned(), said("localhost/web:1".into())),
        ("port".to_owned(), said(8080.into())),
        ("replicas".to_owned(), said(2.into())),
        ("memory".to_owned(), default("64Mi".into())),
    ]);
    let content = match verb {
        Action::Delete => Content::Removed { template: template("web-service") },
        _ => Content::Component {
            template: TemplatePin { name: template("web-service"), version: 1, digest: "0".repeat(64) },
            values: values.clone(),
            files: vec![ComponentFile {
                name: "deployment.yaml".into(),
                text: "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: cart\n".into(),
            }],
        },
    };
    let way_back = match verb {
        Action::Delete => WayBack::NotEverything("pods".into()),
        _ => WayBack::PreviousVersion,
    };
    let intent = match verb {
        Action::Create => Intent::Create { template: template("web-service"), values },
        Action::Delete => Intent::Delete,
        _ => Intent::Edit { values: BTreeMap::from([("replicas".to_owned(), said(3.into()))]) },
    };
    let draft = Draft { component: component.clone(), action: verb, content, verify: Verify::Rollout, way_back };
    let plan = Plan { mode: Mode::Apply, steps };
    let (risk, risk_reasons) = risk::classify(&plan);
    let change = Change {
        id: id("chg-7f3k2p"),
        component: component.clone(),
        requester: person("terminal:1000"),
        request: "deploy image localhost/web:1 as cart in shop".into(),
        place: Place { surface: "terminal".into(), channel: "local".into(), thread: "1".into() },
        language: Language::En,
        state: State::AwaitingApproval,
        epoch: Epoch(3),
        revision: Revision::FIRST,
        replaces: None,
        wish: chopmark_domain::calendar::Start::AtOnce,
        voided: std::collections::BTreeSet::new(),
        problem: None,
        verification: None,
        passes: vec![],
        previous_version: None,
        commit: None,
        created_at: PLANNED_AT,
        updated_at: PLANNED_AT,
    };
    let planned = Planned {
        plan,
        findings: vec![],
        risk,
        risk_reasons,
        authors: [person("terminal:1000")].into(),
        rule: rule(1, SelfApproval::Allowed),
        policy_version: "p1".into(),
        template: None,
        planned_at: PLANNED_AT,
        start: chopmark_domain::calendar::Start::AtOnce,
        expires_at: PLANNED_AT.plus_seconds(86_400),
        digest: Digest::of(b"fixture"),
    };
    let record = RevisionRecord {
        change: change.id.clone(),
        revision: Revision::FIRST,
        author: person("terminal:1000"),
        proposal: Proposal {
            component,
            environment_origin: Origin::Environment,
            group_origin: Origin::Memory,
            intent,
            revises: None,
        },
        draft,
        planned: Some(planned),
        differences: vec![],
        seal: None,
    };
    ChangeFile { change, record, decisions: vec![], run: None, waits: None }
}

/// The plan of a waiting change.
pub(crate) fn planned(file: &mut ChangeFile) -> &mut Planned {
    file.record.planned.as_mut().unwrap()
}
