//! The changes that cards are tried with.
//! Used by every test of this crate through the kit.
//! Must never use chance or the clock: what is drawn is recorded.

use super::{PLANNED_AT, action, field, id, json, number, person, planned, rule, step, waiting};
use chopmark_domain::approval::{Decision, SealedDecision, SelfApproval, Verdict};
use chopmark_domain::calendar::{Span, Start, Zone};
use chopmark_domain::change::Difference;
use chopmark_domain::draft::Action;
use chopmark_domain::facts::{Behind, ChangeFile, Waits};
use chopmark_domain::finding::{Finding, Severity};
use chopmark_domain::holds::Pass;
use chopmark_domain::ids::{Epoch, Revision, RunId};
use chopmark_domain::lifecycle::State;
use chopmark_domain::plan::{Caveat, Shown, Verb};
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::run::{Outcome, Record, Run, Verification};
use chopmark_domain::time::Timestamp;

pub(crate) fn create() -> ChangeFile {
    let manifest = "apiVersion: apps/v1\nkind: Deployment\n";
    let git = step(
        "git",
        "repo",
        vec![action(
            Verb::Create,
            "file",
            "shop/cart/deployment.yaml",
            vec![field("deployment.yaml", None, Some(json(manifest)))],
        )],
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
            vec![field("deployment.yaml", Some(json(before)), Some(json(after)))],
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
            identity: None,
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

/// An edit that works.
pub(crate) fn succeeded() -> ChangeFile {
    let mut file = degraded();
    file.change.state = State::Succeeded;
    file.change.problem = None;
    let check = |address: &str, finding: &str| (address.to_owned(), finding.to_owned());
    let checks = vec![check("Deployment/shop/cart", "applied"), check("Deployment/shop/cart", "3/3")];
    file.change.verification = Some(Verification::Passed { checks });
    file
}

/// An edit for a window, in a freeze that somebody with a role may pass.
pub(crate) fn scheduled() -> ChangeFile {
    let mut file = edit();
    let zone = Zone::parse("Asia/Shanghai").unwrap();
    let span = Span { from: zone.read("2026-03-02 22:00").unwrap(), until: zone.read("2026-03-03 04:00").unwrap() };
    if let Some(planned) = &mut file.record.planned {
        planned.start = Start::Within { window: Some("nightly".parse().unwrap()), span, zone: zone.clone() };
    }
    file.record.differences = vec![Difference {
        what: Difference::START.into(),
        before: None,
        after: file.record.planned.as_ref().and_then(|planned| planned.start.written()),
    }];
    let hold = Problem::new(Code::Frozen)
        .with("freeze", "holidays")
        .with("reason", "everybody is away")
        .with("until", zone.written(span.until))
        .with("written_at", "config.toml:7");
    let passes = vec![Pass {
        freeze: "sales".parse().unwrap(),
        exception: "incident".parse().unwrap(),
        approved_by: std::collections::BTreeSet::from(["on-call".parse().unwrap()]),
    }];
    file.waits = Some(Waits { hold: Some(hold), passes, rests: true, ..Waits::default() });
    file
}

/// An approved edit whose target another change has.
pub(crate) fn queued() -> ChangeFile {
    let mut file = edit();
    file.change.state = State::Approved;
    let since = Timestamp(super::moment().now.0 - 180_000);
    let behind = Behind { change: id("chg-2a2b2c"), state: State::Executing, since, waiting: 3, place: 2 };
    file.waits = Some(Waits { behind: Some(behind), ..Waits::default() });
    file
}
