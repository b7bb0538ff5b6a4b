//! Who may decide: rule x plan x who x roles x grant x verdict, and what the decision adds up to.
//! Reads the domain's one guard, as every door does.
//! Must never skip a combination.

use super::recorded;
use chopmark_domain::approval::{
    Approval, ApprovalRule, Authority, DecidedBy, Decision, Refusal, SealedDecision, SelfApproval, Standing, Verdict,
    standing,
};
use chopmark_domain::calendar::Start;
use chopmark_domain::change::Planned;
use chopmark_domain::digest::Digest;
use chopmark_domain::environment::Mode;
use chopmark_domain::ids::{ChangeId, EnvironmentName, PersonId, Revision, Role};
use chopmark_domain::person::Person;
use chopmark_domain::plan::{Plan, Program, ResourceAction, Step, Verb};
use chopmark_domain::rights::{Grant, Holders, Pattern, Right, Rights, Target};
use chopmark_domain::risk;
use chopmark_domain::time::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

fn role(name: &str) -> Role {
    Role::parse(name).unwrap()
}

fn id(text: &str) -> PersonId {
    PersonId::parse(text).unwrap()
}

/// Every kind of rule.
const RULES: [(&str, &[&str], u8, SelfApproval, DecidedBy); 7] = [
    ("nobody", &[], 1, SelfApproval::Allowed, DecidedBy::People),
    ("one, not one's own", &["keeper"], 1, SelfApproval::Forbidden, DecidedBy::People),
    ("one, also one's own", &["keeper"], 1, SelfApproval::Allowed, DecidedBy::People),
    ("two, not one's own", &["keeper"], 2, SelfApproval::Forbidden, DecidedBy::People),
    ("two, also one's own", &["keeper", "owner"], 2, SelfApproval::Allowed, DecidedBy::People),
    ("the rule itself", &[], 1, SelfApproval::Forbidden, DecidedBy::TheRule),
    ("the rule itself, else a keeper", &["keeper"], 1, SelfApproval::Forbidden, DecidedBy::TheRule),
];

/// Kinds of plans, by what happens to a kind that is known or not.
const PLANS: [(&str, &str, Verb); 4] = [
    ("low, deletes nothing", "ConfigMap", Verb::Create),
    ("severe, deletes", "ConfigMap", Verb::Delete),
    ("severe, replaces", "ConfigMap", Verb::Replace),
    ("severe, unknown kind", "Mystery", Verb::Create),
];

/// Who decides: the id of the decision, and the person it is now.
const WHO: [(&str, &str, &str); 4] = [
    ("requester", "terminal:1", "terminal:1"),
    ("editor", "terminal:2", "terminal:2"),
    ("requester's other identity", "slack:T.U", "terminal:1"),
    ("another", "terminal:3", "terminal:3"),
];

const ROLES: [&[&str]; 5] = [&[], &["guest"], &["keeper"], &["owner"], &["guest", "keeper"]];

fn planned(rule: &ApprovalRule, kind: &str, verb: Verb) -> Planned {
    let action = ResourceAction { address: "x".into(), kind: kind.into(), verb, fields: vec![], because: None };
    let step = Step {
        runner: "kubernetes".parse().unwrap(),
        target: "t".into(),
        preconditions: vec![],
        instructions: String::new(),
        program: Program { name: "p".into(), version: "1".into(), digest: None },
        actions: vec![action],
        outputs: vec![],
        caveats: vec![],
    };
    let plan = Plan { mode: Mode::Apply, steps: vec![step] };
    let (risk, risk_reasons) = risk::classify(&plan);
    Planned {
        plan,
        findings: vec![],
        risk,
        risk_reasons,
        authors: BTreeSet::from([id("terminal:1"), id("terminal:2")]),
        rule: rule.clone(),
        policy_version: "1".into(),
        template: None,
        planned_at: Timestamp(0),
        expires_at: Timestamp(1000),
        start: Start::AtOnce,
        digest: Digest::of(b"plan"),
    }
}

fn sealed(person: &str, verdict: Verdict) -> SealedDecision {
    let decision = Decision {
        change: ChangeId::parse("chg-7f3k").unwrap(),
        revision: Revision::FIRST,
        digest: Digest::of(b"plan"),
        person: id(person),
        identity: None,
        verdict,
        surface: "terminal".into(),
        reason: None,
        at: Timestamp(1),
    };
    SealedDecision { decision, seal: String::new() }
}

fn rights(actions: &[Right]) -> Rights {
    let all = || vec![Pattern::all()];
    let grant = Grant {
        holders: Holders::AnyRole,
        actions: actions.iter().copied().collect(),
        environments: all(),
        templates: all(),
        components: all(),
        written_at: "config.toml:1".into(),
    };
    Rights { grants: vec![grant] }
}

#[test]
fn every_combination_of_rule_plan_and_decider_is_recorded() {
    let environment = EnvironmentName::parse("dev").unwrap();
    let mut text = String::from(
        "for each rule and plan, with nobody's decision and then with one: who (roles), with and without a grant to \
         approve\n",
    );
    for (name, approvers, needed, self_approval, decided_by) in RULES {
        let rule = ApprovalRule {
            approvers: approvers.iter().map(|name| role(name)).collect(),
            needed,
            self_approval,
            decided_by,
            ..ApprovalRule::default()
        };
        for (plan, kind, verb) in PLANS {
            let planned = planned(&rule, kind, verb);
            let mut seen: BTreeMap<String, Vec<String>> = BTreeMap::new();
            let counted = |people: &BTreeMap<PersonId, Person>, rights: &Rights, decisions: &[SealedDecision]| {
                let (identities, voided) = (BTreeMap::new(), BTreeSet::new());
                let authority = Authority {
                    people,
                    identities: &identities,
                    voided: &voided,
                    rights,
                    target: Target::environment(&environment),
                    rule: Some(&rule),
                    sealed: true,
                    seal_holds: &|_| true,
                    now: Timestamp(10),
                };
                let refused = decisions.first().and_then(|sealed| {
                    let person = people.get(&sealed.decision.person)?;
                    authority.admits(person, &planned, sealed.decision.verdict).err()
                });
                let refused = match refused {
                    None => "",
                    Some(Refusal::NoRole { .. }) => "refused, no role; ",
                    Some(Refusal::SelfApproval) => "refused, own change; ",
                    Some(Refusal::NoRight(_)) => "refused, no grant; ",
                };
                let stands = match standing(&planned, decisions, &authority) {
                    Standing::Waiting { approved_by } => format!("waits with {}", approved_by.len()),
                    Standing::Met { approved_by: Approval::People(_) } => "approved by people".to_owned(),
                    Standing::Met { approved_by: Approval::Rule(_) } => "approved by the rule".to_owned(),
                    Standing::Rejected { .. } => "rejected".to_owned(),
                    Standing::Expired => "expired".to_owned(),
                };
                format!("{refused}{stands}")
            };
            let everybody = |decider: &str, now: &str, roles: &[&str]| {
                // Those who asked are guests, who may propose; the decider has the roles of the row.
                let mut people = BTreeMap::new();
                for author in ["terminal:1", "terminal:2"] {
                    let roles = if author == now { roles } else { &["guest"] };
                    people.insert(id(author), person(author, roles));
                }
                people.insert(id(decider), person(now, roles));
                people
            };
            let nobody = everybody("terminal:3", "terminal:3", &[]);
            let all = rights(&Right::ALL);
            writeln!(text, "\n{name} x {plan}: {}", counted(&nobody, &all, &[])).unwrap();
            for (who, decider, now) in WHO {
                for roles in ROLES {
                    for (granted, actions) in [("", &Right::ALL[..]), (" no grant", &[Right::Propose][..])] {
                        for verdict in [Verdict::Approve, Verdict::Reject] {
                            let people = everybody(decider, now, roles);
                            let answer = counted(&people, &rights(actions), &[sealed(decider, verdict)]);
                            let row = format!("{who} {roles:?}{granted} {verdict:?}");
                            seen.entry(answer).or_default().push(row);
                        }
                    }
                }
            }
            for (answer, rows) in &seen {
                writeln!(text, "  {answer}").unwrap();
                for row in rows {
                    writeln!(text, "    {row}").unwrap();
                }
            }
            assert_eq!(seen.values().map(Vec::len).sum::<usize>(), WHO.len() * ROLES.len() * 4);
        }
    }
    recorded("approval.txt", &text);
}

fn person(name: &str, roles: &[&str]) -> Person {
    Person { id: id(name), name: name.to_owned(), roles: roles.iter().map(|name| role(name)).collect() }
}

#[test]
fn an_empty_rule_means_nobody() {
    let rule = ApprovalRule { self_approval: SelfApproval::Allowed, ..ApprovalRule::default() };
    let requester = BTreeSet::from([id("terminal:1")]);
    for roles in [&["keeper"][..], &["owner"], &[]] {
        assert!(rule.admits(&person("terminal:2", roles), &requester, Verdict::Approve).is_err());
    }
}
