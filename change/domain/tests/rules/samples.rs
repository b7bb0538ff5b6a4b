//! A change with every field filled, so that a test can spoil each one.
//! Used by the tests beside it.
//! Must never leave an optional field empty or a list without an element.

use chopmark_domain::approval::{ApprovalRule, Decision, SealedDecision, SelfApproval, Verdict};
use chopmark_domain::change::{Change, Language, Place, Planned, RevisionRecord};
use chopmark_domain::component::{ComponentFile, TemplatePin};
use chopmark_domain::digest::Digest;
use chopmark_domain::draft::{Action, Content, Draft, Verify, WayBack};
use chopmark_domain::environment::Mode;
use chopmark_domain::finding::{Finding, Severity};
use chopmark_domain::grounds::{Grounds, Subject};
use chopmark_domain::ids::{ChangeId, Epoch, PersonId, Revision, Role, RunnerName, TemplateName};
use chopmark_domain::lifecycle::State;
use chopmark_domain::literal::Literal;
use chopmark_domain::person::Person;
use chopmark_domain::plan::{Caveat, FieldChange, Plan, Program, ResourceAction, Shown, Step, Verb};
use chopmark_domain::policy::Policy;
use chopmark_domain::proposal::{Intent, ObjectReference, Origin, Proposal, Sourced};
use chopmark_domain::rights::Rights;
use chopmark_domain::risk::{Risk, RiskReason};
use chopmark_domain::time::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// When plans of the samples expire.
pub(crate) const EXPIRY: Timestamp = Timestamp(2_000);
/// A moment before that.
pub(crate) const BEFORE: Timestamp = Timestamp(1_999);

pub(crate) fn person_id(name: &str) -> PersonId {
    PersonId::parse(&format!("terminal:{name}")).unwrap()
}

pub(crate) fn person(name: &str, roles: &[&str]) -> Person {
    let roles = roles.iter().map(|role| Role::parse(role).unwrap()).collect();
    Person { id: person_id(name), name: name.to_owned(), roles }
}

/// What decisions of the samples are counted with: ann asks; ann, bea and cy are keepers; dan is not; nobody else is
/// known.
pub(crate) fn grounds(now: Timestamp) -> Grounds {
    let all = [
        person("ann", &["keeper"]),
        person("bea", &["keeper"]),
        person("cy", &["keeper", "guest"]),
        person("dan", &["guest"]),
    ];
    Grounds {
        people: all.into_iter().map(|person| (person.id.clone(), person)).collect(),
        identities: std::collections::BTreeMap::new(),
        voided: BTreeSet::new(),
        policy: Arc::new(Policy { rights: Rights::of_any_role("config.toml:1"), ..Policy::default() }),
        subject: Subject { component: "dev/shop/cart".parse().unwrap(), template: None },
        rule: None,
        sealed: false,
        template: None,
        now,
    }
}

/// The install's seal, as far as these tests go.
pub(crate) fn seal_holds(sealed: &SealedDecision) -> bool {
    sealed.seal == sealed.decision.sealed_bytes().to_string()
}

pub(crate) fn rule(needed: u8, self_approval: SelfApproval) -> ApprovalRule {
    ApprovalRule {
        approvers: BTreeSet::from([Role::parse("keeper").unwrap()]),
        needed,
        self_approval,
        expires_after_seconds: 60,
        written_at: "config.toml:41".to_owned(),
        ..ApprovalRule::default()
    }
}

pub(crate) fn object() -> ObjectReference {
    ObjectReference {
        api_version: "apps/v1".to_owned(),
        kind: "Deployment".to_owned(),
        namespace: Some("shop".to_owned()),
        name: "cart".to_owned(),
    }
}

pub(crate) fn action(kind: &str, verb: Verb) -> ResourceAction {
    ResourceAction {
        address: format!("{kind}/shop/cart"),
        kind: kind.to_owned(),
        verb,
        fields: vec![FieldChange {
            path: "/spec/replicas".to_owned(),
            before: Some(Shown::Value("2".to_owned())),
            after: Some(Shown::Hidden("ab".to_owned())),
        }],
        because: Some("another owner".to_owned()),
    }
}

pub(crate) fn plan(actions: Vec<ResourceAction>) -> Plan {
    let step = Step {
        runner: RunnerName::parse("kubernetes").unwrap(),
        target: "uid/shop".to_owned(),
        preconditions: vec![("uid".to_owned(), "1".to_owned())],
        instructions: "{}".to_owned(),
        program: Program { name: "server".to_owned(), version: "1.34".to_owned(), digest: Some("cd".to_owned()) },
        actions,
        outputs: vec![],
        caveats: vec![Caveat { key: "caveat-webhooks".to_owned(), about: "shop".to_owned() }],
    };
    Plan { mode: Mode::Apply, steps: vec![step] }
}

/// A draft of each form.
pub(crate) fn drafts() -> Vec<Draft> {
    let template = TemplateName::parse("web-service").unwrap();
    let pin = TemplatePin { name: template.clone(), version: 1, digest: "ef".to_owned() };
    let sourced = |value| Sourced { value, origin: Origin::OutsideText("log".to_owned()) };
    let values = BTreeMap::from([
        ("replicas".to_owned(), sourced(Literal::Integer(2))),
        ("image".to_owned(), sourced(Literal::from("nginx:1"))),
        ("flags".to_owned(), sourced(Literal::List(vec![Literal::Bool(true)]))),
    ]);
    let files = vec![ComponentFile { name: "deployment.yaml".to_owned(), text: "kind: Deployment\n".to_owned() }];
    let fields = BTreeMap::from([("/spec/replicas".to_owned(), Some(Literal::Integer(3)))]);
    let contents = [
        Content::Component { template: pin, values, files },
        Content::Removed { template },
        Content::Fields { object: object(), fields },
    ];
    let draft = |content| Draft {
        component: "dev/shop/cart".parse().unwrap(),
        action: Action::Edit,
        content,
        verify: Verify::Rollout,
        way_back: WayBack::NotEverything("data".to_owned()),
    };
    contents.into_iter().map(draft).collect()
}

pub(crate) fn planned(rule: ApprovalRule) -> Planned {
    Planned {
        plan: plan(vec![action("Deployment", Verb::Update)]),
        findings: vec![Finding {
            id: "latest-tag".to_owned(),
            severity: Severity::Warn,
            about: "deployment.yaml".to_owned(),
            facts: BTreeMap::from([("image".to_owned(), "nginx".to_owned())]),
        }],
        risk: Risk::Moderate,
        risk_reasons: vec![RiskReason {
            risk: Risk::Moderate,
            key: "risk-shared-kind".to_owned(),
            about: "x".to_owned(),
        }],
        rule,
        authors: std::collections::BTreeSet::from([person_id("ann")]),
        policy_version: "1".to_owned(),
        template: Some(chopmark_domain::component::TemplatePin {
            name: chopmark_domain::ids::TemplateName::parse("web-service").unwrap(),
            version: 1,
            digest: "ab".to_owned(),
        }),
        planned_at: Timestamp(1_000),
        start: chopmark_domain::calendar::Start::AtOnce,
        expires_at: EXPIRY,
        digest: Digest::of(b""),
    }
}

pub(crate) fn change() -> Change {
    Change {
        id: ChangeId::parse("chg-7f3k").unwrap(),
        component: "dev/shop/cart".parse().unwrap(),
        requester: person_id("ann"),
        request: "make it 2".to_owned(),
        place: Place { surface: "terminal".to_owned(), channel: "a".to_owned(), thread: "b".to_owned() },
        language: Language::En,
        state: State::AwaitingApproval,
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
        created_at: Timestamp(900),
        updated_at: Timestamp(1_000),
    }
}

/// The change's revision, planned under a rule, with a digest that fits.
pub(crate) fn record(rule: ApprovalRule) -> RevisionRecord {
    let change = change();
    let draft = drafts().remove(0);
    let mut planned = planned(rule);
    planned.digest = planned.compute_digest(&change.id, change.revision, &draft);
    RevisionRecord {
        change: change.id,
        revision: change.revision,
        author: change.requester,
        proposal: Proposal {
            component: change.component,
            environment_origin: Origin::Said,
            group_origin: Origin::Said,
            intent: Intent::Delete,
            revises: None,
        },
        draft,
        planned: Some(planned),
        differences: vec![],
        seal: None,
    }
}

/// A decision with a seal that fits.
pub(crate) fn decision(name: &str, verdict: Verdict, digest: Digest) -> SealedDecision {
    let decision = Decision {
        change: change().id,
        revision: Revision::FIRST,
        digest,
        person: person_id(name),
        identity: None,
        verdict,
        surface: "terminal".to_owned(),
        reason: None,
        at: Timestamp(1_500),
    };
    let seal = decision.sealed_bytes().to_string();
    SealedDecision { decision, seal }
}
