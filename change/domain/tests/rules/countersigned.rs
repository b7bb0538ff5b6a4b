//! A countersigned plan: made from bytes that fit and decisions that count, and from nothing else.
//! Run on the domain's verification alone.
//! Must never accept a record whose bytes were touched.

use crate::samples::{BEFORE, EXPIRY, change, decision, grounds, person_id, record, rule, seal_holds};
use chopmark_domain::approval::{Approval, SealedDecision, SelfApproval, Verdict};
use chopmark_domain::change::{Change, RevisionRecord};
use chopmark_domain::countersigned::{Countersigned, NotCountersigned};
use chopmark_domain::grounds::Grounds;
use chopmark_domain::ids::{ChangeId, Revision};
use chopmark_domain::lifecycle::State;
use chopmark_domain::time::Timestamp;
use std::collections::BTreeSet;

fn verify(
    change: &Change,
    record: &RevisionRecord,
    decisions: &[SealedDecision],
    now: Timestamp,
) -> Result<Countersigned, NotCountersigned> {
    let rule = record.planned.as_ref().map(|planned| planned.rule.clone());
    let grounds = Grounds { rule, ..grounds(now) };
    Countersigned::verify(change, record, decisions, &grounds.authority(&seal_holds))
}

fn good() -> (Change, RevisionRecord, Vec<SealedDecision>) {
    let record = record(rule(1, SelfApproval::Forbidden));
    let decisions = vec![decision("bea", Verdict::Approve, record.planned.as_ref().unwrap().digest)];
    (change(), record, decisions)
}

#[test]
fn what_is_countersigned_is_what_was_stored() {
    let (change, record, decisions) = good();
    let planned = record.planned.clone().unwrap();
    let signed = verify(&change, &record, &decisions, BEFORE).unwrap();
    assert_eq!(signed.change(), &change.id);
    assert_eq!(signed.revision(), record.revision);
    assert_eq!(signed.requester(), &change.requester);
    assert_eq!(signed.request(), change.request);
    assert_eq!(signed.draft(), &record.draft);
    assert_eq!(signed.plan(), &planned.plan);
    assert_eq!(signed.digest(), planned.digest);
    assert_eq!(signed.approved_by(), &Approval::People(BTreeSet::from([person_id("bea")])));
}

#[test]
fn the_state_column_decides_nothing() {
    let (change, record, decisions) = good();
    for state in State::ALL {
        let row = Change { state: *state, ..change.clone() };
        assert!(verify(&row, &record, &decisions, BEFORE).is_ok(), "{state:?}");
        let refused = verify(&row, &record, &[], BEFORE).unwrap_err();
        assert_eq!(refused, NotCountersigned::RuleNotMet { change: change.id.clone(), have: 0, needed: 1 });
    }
}

#[test]
fn without_a_plan_nothing_is_countersigned() {
    let (change, record, decisions) = good();
    let record = RevisionRecord { planned: None, ..record };
    assert_eq!(verify(&change, &record, &decisions, BEFORE).unwrap_err(), NotCountersigned::NoPlan(change.id));
}

#[test]
fn a_decision_that_does_not_count_countersigns_nothing() {
    let (change, record, decisions) = good();
    let digest = record.planned.as_ref().unwrap().digest;
    let missing = |have| NotCountersigned::RuleNotMet { change: change.id.clone(), have, needed: 1 };
    let mut unsealed = decisions[0].clone();
    unsealed.seal.clear();
    let rejected = NotCountersigned::Rejected(change.id.clone(), person_id("cy"));
    let cases = [
        (vec![], missing(0)),
        (vec![unsealed], missing(0)),
        (vec![decision("ann", Verdict::Approve, digest)], missing(0)),
        (vec![decision("dan", Verdict::Approve, digest)], missing(0)),
        (vec![decisions[0].clone(), decision("cy", Verdict::Reject, digest)], rejected),
    ];
    for (decisions, expected) in cases {
        assert_eq!(verify(&change, &record, &decisions, BEFORE).unwrap_err(), expected);
    }
    assert_eq!(verify(&change, &record, &decisions, EXPIRY).unwrap_err(), NotCountersigned::Expired(change.id));
}

#[test]
fn bytes_that_were_touched_after_the_decision_are_not_countersigned() {
    let (change, record, decisions) = good();
    let planned = record.planned.clone().unwrap();
    let with = |edit: &dyn Fn(&mut RevisionRecord)| {
        let mut record = record.clone();
        edit(&mut record);
        record
    };
    let touched = [
        with(&|record| record.planned.as_mut().unwrap().plan.steps[0].instructions = "{\"x\":1}".to_owned()),
        with(&|record| record.planned.as_mut().unwrap().plan.steps.clear()),
        with(&|record| record.planned.as_mut().unwrap().rule.needed = 0),
        with(&|record| record.planned.as_mut().unwrap().expires_at = Timestamp(i64::MAX)),
        with(&|record| record.planned.as_mut().unwrap().findings.clear()),
        with(&|record| record.planned.as_mut().unwrap().digest = chopmark_domain::digest::Digest::of(b"other")),
        with(&|record| record.draft = crate::samples::drafts().remove(1)),
        with(&|record| record.revision = Revision(2)),
        with(&|record| record.change = ChangeId::parse("chg-aaaa").unwrap()),
    ];
    let mismatch = NotCountersigned::DigestMismatch(change.id.clone());
    for record in touched {
        assert_eq!(verify(&change, &record, &decisions, BEFORE).unwrap_err(), mismatch);
    }
    // Even with a digest computed anew: the decision was on another one.
    let mut forged = record.clone();
    let mut replanned = planned;
    replanned.rule.needed = 0;
    replanned.digest = replanned.compute_digest(&change.id, record.revision, &record.draft);
    forged.planned = Some(replanned);
    let refused = verify(&change, &forged, &decisions, BEFORE).unwrap_err();
    assert_eq!(refused, NotCountersigned::RuleNotMet { change: change.id.clone(), have: 0, needed: 0 });
    // And a change that has moved on to its next revision is not countersigned by the one before.
    let edited = Change { revision: Revision(2), ..change };
    assert_eq!(verify(&edited, &record, &decisions, BEFORE).unwrap_err(), mismatch);
}
