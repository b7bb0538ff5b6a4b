//! Waiting: reminders, what ends a wait, planning again, and what stands before a change in the queue.
//! Run by `cargo test`, with a clock that is moved by hand.
//! Must never remind anybody who has decided.

use crate::kit::{World, asked, who};
use crate::{approve, code, waiting};
use chopmark_domain::ids::{ChangeId, PersonId};
use chopmark_domain::lifecycle::State;
use chopmark_domain::note::{NoteBody, Occasion};
use chopmark_domain::ports::{Execution, Records};
use chopmark_domain::problem::Code;

async fn reminders(world: &World, id: &ChangeId) -> Vec<(Vec<PersonId>, Occasion)> {
    let notes = world.store.notes_after(0, 1000).await.unwrap();
    let of = notes.into_iter().filter(|note| note.change == *id);
    of.filter_map(
        |note| if let NoteBody::Reminder { people, occasion } = note.body { Some((people, occasion)) } else { None },
    )
    .collect()
}

#[tokio::test]
async fn those_who_may_approve_and_have_not_are_reminded_when_the_rule_says_and_before_it_expires() {
    let world = World::new().await;
    world.outside.set_rule(|rule| (rule.needed, rule.remind_after_seconds) = (2, Some(600)));
    let id = waiting(&world, "two").await;
    world.engine.decide(approve(&id, "bob")).await.unwrap();
    world.outside.forward(601);
    let reminded = async |times: usize| {
        for _ in 0..400 {
            let reminders = reminders(&world, &id).await;
            if reminders.len() == times {
                return reminders;
            }
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        panic!("nobody was reminded");
    };
    let usual = (vec![who("carol")], Occasion::Usual);
    assert_eq!(reminded(1).await, std::slice::from_ref(&usual), "alice asked, bob decided");
    world.outside.forward(601);
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    assert_eq!(reminders(&world, &id).await.len(), 1, "once");
    world.outside.forward(1700);
    assert_eq!(
        reminded(2).await,
        [usual, (vec![who("carol")], Occasion::ExpiresSoon)],
        "of an hour, 48 minutes are over"
    );
    world.outside.forward(800);
    world.reaches(&id, State::Expired).await;
    assert_eq!(reminders(&world, &id).await.len(), 2);
}

#[tokio::test]
async fn a_rule_that_never_reminds_does_not_do_it_before_the_expiry_either() {
    let world = World::new().await;
    world.outside.set_rule(|rule| (rule.needed, rule.remind_after_seconds) = (2, None));
    let id = waiting(&world, "two").await;
    world.outside.forward(4000);
    world.reaches(&id, State::Expired).await;
    assert_eq!(reminders(&world, &id).await, []);
}

#[tokio::test]
async fn what_ended_without_an_effect_can_be_planned_again_and_needs_new_decisions() {
    let world = World::new().await;
    let expired = waiting(&world, "two").await;
    assert_eq!(code(world.engine.plan_again(&expired, &asked("alice")).await), Code::WrongState);
    world.outside.forward(4000);
    world.reaches(&expired, State::Expired).await;
    let next = world.engine.plan_again(&expired, &asked("bob")).await.unwrap();
    assert_eq!(world.engine.plan_again(&expired, &asked("carol")).await.unwrap(), next, "twice is once");
    let file = world.reaches(&next, State::AwaitingApproval).await;
    assert_eq!((file.change.replaces, file.change.request.as_str()), (Some(expired), "set it"));
    // Whoever asked for it first may not approve what took its place, nor may who asked for it again.
    assert_eq!(code(world.engine.decide(approve(&next, "alice")).await), Code::SelfApprovalForbidden);
    assert_eq!(code(world.engine.decide(approve(&next, "bob")).await), Code::SelfApprovalForbidden);
    world.engine.decide(approve(&next, "carol")).await.unwrap();
    world.reaches(&next, State::Succeeded).await;
    assert_eq!(code(world.engine.plan_again(&next, &asked("alice")).await), Code::WrongState);
    let cancelled = waiting(&world, "three").await;
    world.engine.cancel(&cancelled, &who("alice")).await.unwrap();
    world.engine.plan_again(&cancelled, &asked("alice")).await.unwrap();
    assert_eq!(code(world.engine.plan_again(&cancelled, &asked("mallory")).await), Code::NoRight);
}

#[tokio::test]
async fn a_change_that_waits_for_its_target_says_what_it_waits_behind() {
    let world = World::new().await;
    let (first, second) = (waiting(&world, "two").await, waiting(&world, "three").await);
    *world.outside.execution.lock().unwrap() = Some(Execution::Running);
    world.engine.decide(approve(&first, "bob")).await.unwrap();
    world.reaches(&first, State::Executing).await;
    world.engine.decide(approve(&second, "bob")).await.unwrap();
    let behind = world.engine.look(&second).await.unwrap().waits.unwrap().behind.unwrap();
    assert_eq!((behind.change, behind.state), (first.clone(), State::Executing));
    assert_eq!((behind.waiting, behind.place), (1, 1));
    assert_eq!(world.engine.look(&first).await.unwrap().waits, None);
}
