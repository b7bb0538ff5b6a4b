//! Changes to draw: a create, an edit, a delete, with everything a card can hold.
//! Used by every test of this crate.
//! Must never use chance or the clock: what is drawn is recorded.

use chopmark_domain::approval::{ApprovalRule, Decision, SealedDecision, SelfApproval, Verdict};
use chopmark_domain::change::{Change, Difference, Language, Place, Planned, RevisionRecord};
use chopmark_domain::component::{ComponentFile, ComponentId, TemplatePin};
use chopmark_domain::digest::Digest;
use chopmark_domain::draft::{Action, Content, Draft, Verify, WayBack};
use chopmark_domain::environment::Mode;
use chopmark_domain::facts::ChangeFile;
use chopmark_domain::finding::{Finding, Severity};
use chopmark_domain::ids::{ChangeId, Epoch, PersonId, Revision, Role, RunId, RunnerName, TemplateName};
use chopmark_domain::lifecycle::State;
use chopmark_domain::literal::Literal;
use chopmark_domain::plan::{Caveat, FieldChange, Plan, Program, ResourceAction, Shown, Step, Verb};
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::proposal::{Intent, Origin, Proposal, Sourced};
use chopmark_domain::risk;
use chopmark_domain::run::{Outcome, Record, Run, Verification};
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
        problem: None,
        verification: None,
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
        planned_at: PLANNED_AT,
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
    };
    ChangeFile { change, record, decisions: vec![], run: None }
}

/// The plan of a waiting change.
pub(crate) fn planned(file: &mut ChangeFile) -> &mut Planned {
    file.record.planned.as_mut().unwrap()
}

pub(crate) fn create() -> ChangeFile {
    let manifest = "apiVersion: apps/v1\nkind: Deployment\n";
    let git = step(
        "git",
        "repo",
        vec![action(Verb::Create, "file", "shop/cart/deployment.yaml", vec![field("", None, Some(json(manifest)))])],
    );
    let mut cluster = step(
        "kubernetes",
        "uid/shop",
        vec![
            action(
                Verb::Create,
                "Deployment",
                "Deployment/shop/cart",
                vec![
                    field("/spec/replicas", None, Some(number(2))),
                    field("/spec/template/spec/containers/0/image", None, Some(json("localhost/web:1"))),
                ],
            ),
            action(
                Verb::Create,
                "Service",
                "Service/shop/cart",
                vec![field("/spec/ports/0/port", None, Some(number(8080)))],
            ),
        ],
    );
    cluster.caveats.push(Caveat { key: "caveat-not-dry-run".into(), about: "Service/shop/cart".into() });
    let mut file = waiting(Action::Create, vec![git, cluster]);
    planned(&mut file).findings.push(Finding {
        id: "floating-tag".into(),
        severity: Severity::Warn,
        about: "Deployment/shop/cart".into(),
        facts: [("image".to_owned(), "localhost/web:latest".to_owned())].into(),
    });
    file
}

/// An edit as the second revision, with a file's difference, a secret and a field that goes.
pub(crate) fn edit() -> ChangeFile {
    let before = "replicas: 2\nimage: a\nport: 1\n";
    let after = "replicas: 3\nimage: a\nport: 1\n";
    let git = step(
        "git",
        "repo",
        vec![action(
            Verb::Update,
            "file",
            "shop/cart/deployment.yaml",
            vec![field("", Some(json(before)), Some(json(after)))],
        )],
    );
    let cluster = step(
        "kubernetes",
        "uid/shop",
        vec![
            action(
                Verb::Update,
                "Deployment",
                "Deployment/shop/cart",
                vec![
                    field("/spec/replicas", Some(number(2)), Some(number(3))),
                    field("/metadata/annotations/note", Some(json("old")), None),
                    field(
                        "/spec/template/spec/containers/0/env/0/value",
                        Some(Shown::Hidden("3f2a91aa".into())),
                        Some(Shown::Hidden("77b0c2ff".into())),
                    ),
                ],
            ),
            action(Verb::Keep, "Service", "Service/shop/cart", vec![]),
        ],
    );
    let mut file = waiting(Action::Edit, vec![git, cluster]);
    file.change.revision = Revision(2);
    file.record.revision = Revision(2);
    file.record.differences =
        vec![Difference { what: "replicas".into(), before: Some("4".into()), after: Some("3".into()) }];
    file
}

/// 300 actions, with one delete in the middle.
pub(crate) fn vast() -> ChangeFile {
    let actions = (0..300)
        .map(|i| match i {
            150 => action(Verb::Delete, "Deployment", "Deployment/shop/main", vec![]),
            i => action(
                Verb::Update,
                "ConfigMap",
                &format!("ConfigMap/shop/part-{i:03}"),
                vec![field("/data/n", Some(number(i)), Some(number(i + 1)))],
            ),
        })
        .collect();
    waiting(Action::Edit, vec![step("kubernetes", "uid/shop", actions)])
}

/// The delete of a component: severe, by two people, none of them the requester.
pub(crate) fn severe() -> ChangeFile {
    let mut replaced = action(Verb::Replace, "Job", "Job/shop/migrate", vec![]);
    replaced.because = Some("spec.template is immutable".into());
    let actions = vec![
        action(Verb::Delete, "Deployment", "Deployment/shop/cart", vec![]),
        action(Verb::Delete, "Service", "Service/shop/cart", vec![]),
        replaced,
    ];
    let mut file = waiting(Action::Delete, vec![step("kubernetes", "uid/shop", actions)]);
    planned(&mut file).rule = rule(2, SelfApproval::Forbidden);
    let digest = planned(&mut file).digest;
    file.decisions.push(SealedDecision {
        decision: Decision {
            change: file.change.id.clone(),
            revision: Revision::FIRST,
            digest,
            person: person("terminal:1001"),
            verdict: Verdict::Approve,
            surface: "terminal".into(),
            reason: None,
            at: PLANNED_AT.plus_seconds(60),
        },
        seal: "00".into(),
    });
    file
}

/// An edit that takes the place of a superseded change.
pub(crate) fn superseding() -> ChangeFile {
    let mut file = edit();
    file.change.revision = Revision::FIRST;
    file.record.revision = Revision::FIRST;
    file.change.replaces = Some(id("chg-2a2b2c"));
    file.record.differences = vec![
        Difference {
            what: "Deployment/shop/cart /spec/replicas".into(),
            before: Some("2".into()),
            after: Some("5".into()),
        },
        Difference { what: "Service/shop/cart".into(), before: None, after: Some("create".into()) },
    ];
    file
}

/// An edit that was applied and does not work.
pub(crate) fn degraded() -> ChangeFile {
    let mut file = edit();
    file.change.state = State::Degraded;
    let problem = Problem::new(Code::RolloutFailed)
        .with("about", "Deployment/shop/cart")
        .with("trouble", "image-pull")
        .with("reason", "ImagePullBackOff");
    file.change.problem = Some(problem.clone());
    file.change.verification = Some(Verification::Failed {
        problem,
        evidence: vec!["Pod/shop/cart-7d9: Back-off pulling image \"localhost/nope:9\"\n\u{1b}[31mnot found".into()],
    });
    file.run = Some(Run {
        id: RunId::parse("run-9k9k9k").unwrap(),
        change: file.change.id.clone(),
        revision: file.record.revision,
        digest: planned(&mut file).digest,
        lease: "target:uid/shop".into(),
        epoch: Epoch(1),
        started_at: PLANNED_AT.plus_seconds(100),
        ended_at: Some(PLANNED_AT.plus_seconds(165)),
        outcome: Some(Outcome::Applied { record: Record { push_owed: true, ..Record::default() } }),
    });
    file
}
