//! The engine's promises, tried on the real store: what starts, what never starts, and what is said instead.
//! Run by `cargo test`.
//! Must never wait by sleeping for luck: every wait is for a named state.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "lifecycle/calendar.rs"]
mod calendar;
#[path = "lifecycle/halting.rs"]
mod halting;
mod kit;
#[path = "lifecycle/properties.rs"]
mod properties;
#[path = "lifecycle/rights.rs"]
mod rights;
#[path = "lifecycle/ruling.rs"]
mod ruling;
#[path = "lifecycle/waiting.rs"]
mod waits;

use chopmark_domain::approval::Verdict;
use chopmark_domain::ids::{ChangeId, Revision};
use chopmark_domain::ledger::Verifier;
use chopmark_domain::lifecycle::State;
use chopmark_domain::ports::{ChangeFilter, Execution, LedgerFilter, Records, Sharing};
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::proposal::Proposal;
use chopmark_engine::commands::{Decided, DecisionAsked, Resolution};
use kit::{World, asked, set, who};

fn approve(change: &ChangeId, person: &str) -> DecisionAsked {
    DecisionAsked {
        change: change.clone(),
        revision: None,
        digest: None,
        person: who(person),
        identity: None,
        verdict: Verdict::Approve,
        surface: "terminal".into(),
        reason: None,
        confirmation: None,
    }
}

fn code<T: std::fmt::Debug>(result: Result<T, Problem>) -> Code {
    result.unwrap_err().code
}

async fn waiting(world: &World, value: &str) -> ChangeId {
    let id = world.engine.propose(set(value), &asked("alice")).await.unwrap();
    world.reaches(&id, State::AwaitingApproval).await;
    id
}

async fn ledger_verifies(world: &World) {
    let entries = world.store.ledger(&LedgerFilter { limit: 10_000, ..LedgerFilter::default() }).await.unwrap();
    let mut verifier = Verifier::default();
    for entry in &entries {
        verifier.check(entry).unwrap();
    }
    assert_eq!(world.store.ledger_head().await.unwrap(), (verifier.count(), verifier.head()));
}

#[tokio::test]
async fn what_is_approved_happens_once_and_is_recorded() {
    let world = World::new().await;
    let id = waiting(&world, "two").await;
    assert_eq!(world.outside.effects(), 0);
    assert_eq!(world.engine.decide(approve(&id, "bob")).await, Ok(Decided::Countersigned));
    let file = world.reaches(&id, State::Succeeded).await;
    assert_eq!(world.outside.effects(), 1);
    assert!(file.run.unwrap().ended_at.is_some());
    ledger_verifies(&world).await;
}

#[tokio::test]
async fn the_requester_and_people_without_the_role_are_refused_and_recorded() {
    let world = World::new().await;
    let id = waiting(&world, "two").await;
    assert_eq!(code(world.engine.decide(approve(&id, "alice")).await), Code::SelfApprovalForbidden);
    assert_eq!(code(world.engine.decide(approve(&id, "mallory")).await), Code::MayNotDecide);
    assert_eq!(world.file(&id).await.change.state, State::AwaitingApproval);
    let entries = world.store.ledger(&LedgerFilter { limit: 100, ..LedgerFilter::default() }).await.unwrap();
    let refused = entries.iter().filter(|entry| entry.bytes.contains("decision_refused")).count();
    assert_eq!(refused, 2);
}

#[tokio::test]
async fn two_people_are_two_people_however_often_one_presses() {
    let world = World::new().await;
    world.outside.set_rule(|rule| rule.needed = 2);
    let id = waiting(&world, "two").await;
    assert_eq!(world.engine.decide(approve(&id, "bob")).await, Ok(Decided::Counted { have: 1, needed: 2 }));
    assert_eq!(code(world.engine.decide(approve(&id, "bob")).await), Code::AlreadyDecided);
    assert_eq!(world.engine.decide(approve(&id, "carol")).await, Ok(Decided::Countersigned));
    world.reaches(&id, State::Succeeded).await;
    assert_eq!(world.outside.effects(), 1);
}

#[tokio::test]
async fn fifty_presses_at_once_are_one_decision_each() {
    let world = World::new().await;
    let id = waiting(&world, "two").await;
    let presses = (0..50).map(|n| {
        let (engine, press) = (world.engine.clone(), approve(&id, if n % 2 == 0 { "bob" } else { "carol" }));
        tokio::spawn(async move { engine.decide(press).await })
    });
    let mut counted = 0;
    for press in presses.collect::<Vec<_>>() {
        counted += usize::from(press.await.unwrap().is_ok());
    }
    assert_eq!(counted, 1, "the first met the rule; the others came too late");
    world.reaches(&id, State::Succeeded).await;
    assert_eq!(world.outside.effects(), 1);
    ledger_verifies(&world).await;
}

#[tokio::test]
async fn an_old_card_cannot_be_approved_after_an_edit() {
    let world = World::new().await;
    let id = waiting(&world, "two").await;
    let seen = world.file(&id).await;
    let edit = Proposal { revises: Some(id.clone()), ..set("three") };
    world.engine.propose(edit, &asked("alice")).await.unwrap();
    let file = world.reaches(&id, State::AwaitingApproval).await;
    assert_eq!(file.change.revision, Revision(2));
    assert!(file.record.differences.iter().any(|d| d.what == "value" && d.after.as_deref() == Some("three")));

    let old = DecisionAsked { revision: Some(seen.change.revision), ..approve(&id, "bob") };
    assert_eq!(code(world.engine.decide(old).await), Code::DecisionOutdated);
    let digest = seen.record.planned.unwrap().digest.to_string();
    let old = DecisionAsked { digest: Some(digest), ..approve(&id, "bob") };
    assert_eq!(code(world.engine.decide(old).await), Code::DecisionOutdated);
    assert!(world.file(&id).await.decisions.is_empty());
}

#[tokio::test]
async fn whoever_edited_a_change_is_no_approver_of_it() {
    let world = World::new().await;
    let id = waiting(&world, "two").await;
    let edit = Proposal { revises: Some(id.clone()), ..set("three") };
    world.engine.propose(edit, &asked("bob")).await.unwrap();
    world.reaches(&id, State::AwaitingApproval).await;
    assert_eq!(code(world.engine.decide(approve(&id, "bob")).await), Code::SelfApprovalForbidden);
    let edit = Proposal { revises: Some(id.clone()), ..set("four") };
    world.engine.propose(edit, &asked("alice")).await.unwrap();
    world.reaches(&id, State::AwaitingApproval).await;
    assert_eq!(
        code(world.engine.decide(approve(&id, "bob")).await),
        Code::SelfApprovalForbidden,
        "he wrote what came before"
    );
    assert_eq!(world.engine.decide(approve(&id, "carol")).await, Ok(Decided::Countersigned));
}

#[tokio::test]
async fn a_plan_expires_and_can_no_longer_be_approved() {
    let world = World::new().await;
    let id = waiting(&world, "two").await;
    world.outside.forward(3600);
    world.reaches(&id, State::Expired).await;
    assert_eq!(code(world.engine.decide(approve(&id, "bob")).await), Code::PlanExpired);
    assert_eq!(world.outside.effects(), 0);
}

#[tokio::test]
async fn a_role_lost_before_the_start_voids_the_decision() {
    let mut world = World::new().await;
    let id = waiting(&world, "two").await;
    world.stop_worker().await;
    world.engine.decide(approve(&id, "bob")).await.unwrap();
    world.outside.set_roles("bob", &[]);
    world.start_worker();
    world.reaches(&id, State::AwaitingApproval).await;
    assert_eq!(world.outside.effects(), 0);
    assert_eq!(world.file(&id).await.decisions.len(), 1, "kept, but it no longer counts");
}

#[tokio::test]
async fn a_state_written_by_hand_starts_nothing() {
    let mut world = World::new().await;
    let id = waiting(&world, "two").await;
    world.stop_worker().await;
    let forge = format!(
        "update changes set state = 'approved' where id = '{id}'; \
         insert into wakeups (change_id, effect, due_at) values ('{id}', 'start', 0);"
    );
    let status = std::process::Command::new("sqlite3").arg(&world.path).arg(forge).status().unwrap();
    assert!(status.success());
    world.start_worker();
    world.reaches(&id, State::AwaitingApproval).await;
    assert_eq!(world.outside.effects(), 0);
    let entries = world.store.ledger(&LedgerFilter { limit: 100, ..LedgerFilter::default() }).await.unwrap();
    assert!(entries.iter().any(|entry| entry.bytes.contains("rule_not_met_at_start")));
}

#[tokio::test]
async fn a_target_that_moved_supersedes_and_the_new_card_says_what_differs() {
    let mut world = World::new().await;
    let id = waiting(&world, "two").await;
    world.stop_worker().await;
    world.engine.decide(approve(&id, "bob")).await.unwrap();
    world.outside.move_by_hand("by hand");
    world.start_worker();
    world.reaches(&id, State::Superseded).await;
    let successor = successor(&world, &id).await;
    let file = world.reaches(&successor, State::AwaitingApproval).await;
    assert!(!file.record.differences.is_empty());
    assert_eq!(world.outside.effects(), 0);
}

#[tokio::test]
async fn rule_and_policy_that_moved_supersede() {
    for policy in [true, false] {
        let mut world = World::new().await;
        let id = waiting(&world, "two").await;
        world.stop_worker().await;
        world.engine.decide(approve(&id, "bob")).await.unwrap();
        if policy {
            world.outside.set_policy("v2");
        } else {
            world.outside.set_rule(|rule| rule.needed = 2);
        }
        world.start_worker();
        world.reaches(&id, State::Superseded).await;
        assert_eq!(world.outside.effects(), 0);
    }
}

#[tokio::test]
async fn executing_one_change_supersedes_the_others_of_its_component() {
    let world = World::new().await;
    let first = waiting(&world, "two").await;
    let second = waiting(&world, "three").await;
    world.engine.decide(approve(&first, "bob")).await.unwrap();
    world.reaches(&first, State::Succeeded).await;
    world.reaches(&second, State::Superseded).await;
    let again = successor(&world, &second).await;
    world.reaches(&again, State::AwaitingApproval).await;
}

#[tokio::test]
async fn a_child_that_never_began_needs_a_person_and_is_not_started_again() {
    let mut world = World::new().await;
    *world.outside.execution.lock().unwrap() = Some(Execution::NeverBegan);
    let id = waiting(&world, "two").await;
    world.engine.decide(approve(&id, "bob")).await.unwrap();
    world.reaches(&id, State::NeedsAttention).await;
    for _ in 0..3 {
        world.stop_worker().await;
        *world.outside.execution.lock().unwrap() = None;
        world.start_worker();
    }
    let blocked = waiting(&world, "three").await;
    world.engine.decide(approve(&blocked, "bob")).await.unwrap();
    world.reaches(&blocked, State::Approved).await;
    assert_eq!(world.outside.effects(), 0, "the target stays locked until a person looked");

    assert_eq!(code(world.engine.resolve(&id, &who("mallory"), Resolution::NotStarted, "").await), Code::NoRight);
    world.engine.resolve(&id, &who("bob"), Resolution::NotStarted, "nothing there").await.unwrap();
    world.reaches(&id, State::Resolved).await;
    // The worker may put it off once more after the clock has moved, so the clock goes on.
    for _ in 0..100 {
        world.outside.forward(1);
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        if world.file(&blocked).await.change.state == State::Succeeded {
            break;
        }
    }
    world.reaches(&blocked, State::Succeeded).await;
    assert_eq!(world.outside.effects(), 1);
    ledger_verifies(&world).await;
}

#[tokio::test]
async fn a_target_that_nobody_shares_runs_one_change_whatever_its_component_is_called() {
    for (sharing, expected) in [(Sharing::Nobody, State::Approved), (Sharing::ByComponent, State::Succeeded)] {
        let world = World::new().await;
        *world.outside.sharing.lock().unwrap() = sharing;
        *world.outside.execution.lock().unwrap() = Some(Execution::NeverBegan);
        let first = waiting(&world, "two").await;
        world.engine.decide(approve(&first, "bob")).await.unwrap();
        world.reaches(&first, State::NeedsAttention).await;
        *world.outside.execution.lock().unwrap() = None;
        let beside = Proposal { component: "dev/shop/till".parse().unwrap(), ..set("three") };
        let second = world.engine.propose(beside, &asked("alice")).await.unwrap();
        world.reaches(&second, State::AwaitingApproval).await;
        world.engine.decide(approve(&second, "bob")).await.unwrap();
        world.reaches(&second, expected).await;
        let effects = u64::from(expected == State::Succeeded);
        assert_eq!(world.outside.effects(), effects, "{sharing:?}");
    }
}

#[tokio::test]
async fn a_worker_that_died_while_the_child_ran_is_followed_by_one_that_adopts_the_result() {
    let mut world = World::new().await;
    let id = waiting(&world, "two").await;
    *world.outside.execution.lock().unwrap() = Some(Execution::Running);
    world.engine.decide(approve(&id, "bob")).await.unwrap();
    world.reaches(&id, State::Executing).await;
    world.stop_worker().await;
    let done = chopmark_domain::run::Outcome::Applied { record: chopmark_domain::run::Record::default() };
    *world.outside.execution.lock().unwrap() = Some(Execution::Finished(done));
    world.start_worker();
    world.reaches(&id, State::Succeeded).await;
    assert_eq!(world.outside.effects(), 0, "nobody started it a second time");
}

#[tokio::test]
async fn an_effect_that_was_never_answered_needs_a_person() {
    let world = World::new().await;
    let silent = chopmark_domain::run::Outcome::Failed {
        problem: Problem::new(Code::OutcomeUnknown),
        done: vec![],
        record: chopmark_domain::run::Record::default(),
    };
    *world.outside.execution.lock().unwrap() = Some(Execution::Finished(silent));
    let id = waiting(&world, "two").await;
    world.engine.decide(approve(&id, "bob")).await.unwrap();
    world.reaches(&id, State::NeedsAttention).await;
}

#[tokio::test]
async fn a_check_that_fails_is_said_with_its_evidence() {
    let world = World::new().await;
    *world.outside.healthy.lock().unwrap() = false;
    let id = waiting(&world, "two").await;
    world.engine.decide(approve(&id, "bob")).await.unwrap();
    let file = world.reaches(&id, State::Degraded).await;
    assert_eq!(file.change.problem.unwrap().code, Code::VerifyMismatch);
}

#[tokio::test]
async fn what_changes_nothing_is_said_and_cannot_be_approved() {
    let world = World::new().await;
    let id = world.engine.propose(set("one"), &asked("alice")).await.unwrap();
    world.reaches(&id, State::NoChanges).await;
    assert_eq!(code(world.engine.decide(approve(&id, "bob")).await), Code::WrongState);
}

#[tokio::test]
async fn cancelling_is_for_the_requester_and_for_those_with_the_right() {
    let world = World::new().await;
    let id = waiting(&world, "two").await;
    assert_eq!(code(world.engine.cancel(&id, &who("mallory")).await), Code::NoRight);
    world.engine.cancel(&id, &who("alice")).await.unwrap();
    assert_eq!(world.file(&id).await.change.state, State::Cancelled);
    assert_eq!(code(world.engine.decide(approve(&id, "bob")).await), Code::WrongState);
}

async fn successor(world: &World, id: &ChangeId) -> ChangeId {
    for _ in 0..2000 {
        let all = world.store.changes(&ChangeFilter { limit: 100, ..ChangeFilter::default() }).await.unwrap();
        if let Some(change) = all.into_iter().find(|change| change.replaces.as_ref() == Some(id)) {
            return change.id;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    panic!("{id} has no successor");
}
