//! Who may decide: role x own request x rule x verdict, and what decisions add up to.
//! Reads the domain's rule of approval.
//! Must never skip a combination.

use super::recorded;
use chopmark_domain::approval::{ApprovalRule, Refusal, SelfApproval, Verdict};
use chopmark_domain::ids::{PersonId, Role};
use chopmark_domain::person::Person;
use std::collections::BTreeSet;
use std::fmt::Write;

fn role(name: &str) -> Role {
    Role::parse(name).unwrap()
}

fn person(id: &str, roles: &[&str]) -> Person {
    Person {
        id: PersonId::parse(id).unwrap(),
        name: id.to_owned(),
        roles: roles.iter().map(|name| role(name)).collect(),
    }
}

#[test]
fn every_combination_of_role_request_rule_and_verdict_is_recorded() {
    let requester = BTreeSet::from([PersonId::parse("terminal:1").unwrap()]);
    let mut text = String::from("who (roles) x rule (approvers, self-approval) x verdict\n");
    for approvers in [vec![], vec!["keeper"], vec!["keeper", "owner"]] {
        for self_approval in [SelfApproval::Allowed, SelfApproval::Forbidden] {
            let rule = ApprovalRule {
                approvers: approvers.iter().map(|name| role(name)).collect(),
                needed: 1,
                self_approval,
                expires_after_seconds: 60,
                written_at: "config.toml:1".to_owned(),
                ..ApprovalRule::default()
            };
            writeln!(text, "\napprovers {approvers:?}, self-approval {self_approval:?}").unwrap();
            for (who, id) in [("requester", "terminal:1"), ("another", "terminal:2")] {
                for roles in [vec![], vec!["guest"], vec!["keeper"], vec!["owner"], vec!["guest", "keeper"]] {
                    for verdict in [Verdict::Approve, Verdict::Reject] {
                        let answer = match rule.admits(&person(id, &roles), &requester, verdict) {
                            Ok(()) => "yes".to_owned(),
                            Err(Refusal::NoRole { .. }) => "no: no role".to_owned(),
                            Err(Refusal::SelfApproval) => "no: own request".to_owned(),
                            Err(Refusal::NoRight(_)) => unreachable!("a rule alone knows no grants"),
                        };
                        writeln!(text, "  {who} {roles:?} {verdict:?}: {answer}").unwrap();
                    }
                }
            }
        }
    }
    recorded("approval.txt", &text);
}

#[test]
fn an_empty_rule_means_nobody() {
    let rule = ApprovalRule {
        approvers: BTreeSet::new(),
        needed: 1,
        self_approval: SelfApproval::Allowed,
        expires_after_seconds: 60,
        written_at: String::new(),
        ..ApprovalRule::default()
    };
    let requester = BTreeSet::from([PersonId::parse("terminal:1").unwrap()]);
    for roles in [&["keeper"][..], &["owner"], &[]] {
        assert!(rule.admits(&person("terminal:2", roles), &requester, Verdict::Approve).is_err());
    }
}
