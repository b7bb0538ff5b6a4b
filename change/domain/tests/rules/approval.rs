//! What decisions add up to.
//! Run on the domain's rule alone.
//! Must never count a decision that should not count.

use crate::samples::{BEFORE, EXPIRY, change, decision, grounds, person_id, record, rule, seal_holds};
use chopmark_domain::approval::{Approval, ApprovalRule, SealedDecision, SelfApproval, Standing, Verdict, standing};
use chopmark_domain::digest::Digest;
use chopmark_domain::grounds::Grounds;
use chopmark_domain::time::Timestamp;
use proptest::prelude::*;
use std::collections::BTreeSet;

fn stands(rule: &ApprovalRule, decisions: &[SealedDecision], now: Timestamp) -> Standing {
    let planned = record(rule.clone()).planned.unwrap();
    let grounds = Grounds { rule: Some(rule.clone()), ..grounds(now) };
    standing(&planned, decisions, &grounds.authority(&seal_holds))
}

fn approvals(rule: &ApprovalRule, names: &[&str]) -> Vec<SealedDecision> {
    let digest = record(rule.clone()).planned.unwrap().digest;
    names.iter().map(|name| decision(name, Verdict::Approve, digest)).collect()
}

fn met(names: &[&str]) -> Standing {
    Standing::Met { approved_by: Approval::People(names.iter().map(|name| person_id(name)).collect()) }
}

fn waiting(names: &[&str]) -> Standing {
    Standing::Waiting { approved_by: names.iter().map(|name| person_id(name)).collect() }
}

#[test]
fn only_different_people_with_the_right_add_up() {
    let two = rule(2, SelfApproval::Forbidden);
    let cases: [(&[&str], Standing); 7] = [
        (&[], waiting(&[])),
        (&["bea"], waiting(&["bea"])),
        (&["bea", "bea", "bea"], waiting(&["bea"])),
        (&["bea", "cy"], met(&["bea", "cy"])),
        (&["bea", "dan"], waiting(&["bea"])),
        (&["bea", "stranger"], waiting(&["bea"])),
        (&["ann", "bea"], waiting(&["bea"])),
    ];
    for (names, expected) in cases {
        assert_eq!(stands(&two, &approvals(&two, names), BEFORE), expected, "{names:?}");
    }
}

#[test]
fn the_requester_counts_only_where_the_rule_says_so() {
    let allowed = rule(1, SelfApproval::Allowed);
    assert_eq!(stands(&allowed, &approvals(&allowed, &["ann"]), BEFORE), met(&["ann"]));
    let forbidden = rule(1, SelfApproval::Forbidden);
    assert_eq!(stands(&forbidden, &approvals(&forbidden, &["ann"]), BEFORE), waiting(&[]));
}

#[test]
fn an_empty_rule_lets_nobody_decide() {
    let nobody = ApprovalRule { approvers: BTreeSet::new(), ..rule(1, SelfApproval::Allowed) };
    assert_eq!(stands(&nobody, &approvals(&nobody, &["ann", "bea", "cy"]), BEFORE), waiting(&[]));
    let none_needed = rule(0, SelfApproval::Allowed);
    assert_eq!(stands(&none_needed, &[], BEFORE), waiting(&[]), "a rule that needs nobody needs one");
}

#[test]
fn a_decision_on_another_digest_counts_for_nothing() {
    let one = rule(1, SelfApproval::Allowed);
    for verdict in [Verdict::Approve, Verdict::Reject] {
        let other = decision("bea", verdict, Digest::of(b"another plan"));
        assert_eq!(stands(&one, &[other], BEFORE), waiting(&[]));
    }
}

#[test]
fn a_decision_without_our_seal_counts_for_nothing() {
    let one = rule(1, SelfApproval::Allowed);
    let good = approvals(&one, &["bea"]).remove(0);
    let mut by_hand = good.clone();
    by_hand.seal = "00".repeat(64);
    let mut renamed = good.clone();
    renamed.decision.person = person_id("cy");
    let mut turned = good;
    turned.decision.verdict = Verdict::Reject;
    for forged in [by_hand, renamed, turned] {
        assert_eq!(stands(&one, std::slice::from_ref(&forged), BEFORE), waiting(&[]), "{forged:?}");
    }
}

#[test]
fn a_rejection_wins_over_any_number_of_approvals() {
    let one = rule(1, SelfApproval::Forbidden);
    let digest = record(one.clone()).planned.unwrap().digest;
    for name in ["ann", "bea"] {
        let mut decisions = approvals(&one, &["bea", "cy"]);
        for place in 0..=decisions.len() {
            decisions.insert(place, decision(name, Verdict::Reject, digest));
            let expected = Standing::Rejected { by: person_id(name) };
            assert_eq!(stands(&one, &decisions, BEFORE), expected, "the requester may always reject");
            decisions.remove(place);
        }
    }
    let without_right = [decision("dan", Verdict::Reject, digest), decision("cy", Verdict::Approve, digest)];
    assert_eq!(stands(&one, &without_right, BEFORE), met(&["cy"]));
}

#[test]
fn nothing_is_approved_from_the_moment_of_expiry() {
    let one = rule(1, SelfApproval::Allowed);
    let decisions = approvals(&one, &["bea"]);
    assert_eq!(stands(&one, &decisions, BEFORE), met(&["bea"]));
    assert_eq!(stands(&one, &decisions, EXPIRY), Standing::Expired);
    assert_eq!(stands(&one, &decisions, Timestamp(i64::MAX)), Standing::Expired);
}

proptest! {
    /// Whatever is decided by whomever, in any order: a rule that is met has enough different people
    /// who have the right, none of them the requester where that is forbidden.
    #[test]
    fn a_met_rule_is_met_by_people_with_the_right(
        names in proptest::collection::vec(0_usize..6, 0..12),
        rejects in proptest::collection::vec(any::<bool>(), 12),
        needed in 0_u8..4,
        own in any::<bool>(),
    ) {
        let self_approval = if own { SelfApproval::Allowed } else { SelfApproval::Forbidden };
        let rule = rule(needed, self_approval);
        let digest = record(rule.clone()).planned.unwrap().digest;
        let all = ["ann", "bea", "cy", "dan", "stranger", "eve"];
        let decisions: Vec<_> = names.iter().zip(&rejects).map(|(name, reject)| {
            let verdict = if *reject { Verdict::Reject } else { Verdict::Approve };
            decision(all[*name], verdict, digest)
        }).collect();
        let may_reject = |decision: &SealedDecision| {
            decision.decision.verdict == Verdict::Reject
                && ["ann", "bea", "cy"].iter().any(|name| decision.decision.person == person_id(name))
        };
        match stands(&rule, &decisions, BEFORE) {
            Standing::Met { approved_by: Approval::Rule(mark) } => prop_assert!(false, "{mark} approves nothing"),
            Standing::Met { approved_by: Approval::People(approved_by) } => {
                prop_assert!(approved_by.len() >= usize::from(needed.max(1)));
                prop_assert!(!decisions.iter().any(may_reject));
                for person in approved_by {
                    prop_assert!(grounds(BEFORE).people.get(&person).is_some_and(|person| !rule.approvers.is_disjoint(&person.roles)));
                    prop_assert!(own || person != change().requester);
                }
            }
            Standing::Rejected { .. } => prop_assert!(decisions.iter().any(may_reject)),
            Standing::Waiting { approved_by } => prop_assert!(approved_by.len() < usize::from(needed.max(1))),
            Standing::Expired => prop_assert!(false, "it is not over"),
        }
    }
}
