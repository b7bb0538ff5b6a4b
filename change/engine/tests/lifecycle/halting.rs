//! The stop switch: what it holds back, what it interrupts, who pulls it and who lifts it.
//! Run by `cargo test`.
//! Must never let anything start while it is pulled.

use crate::kit::{World, asked, set, who};
use crate::{approve, code, ledger_verifies, waiting};
use chopmark_domain::ledger::{EntryContent, EntryKind};
use chopmark_domain::lifecycle::State;
use chopmark_domain::ports::{Execution, LedgerFilter, Records as _};
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::run::{Outcome, Record};
use chopmark_engine::commands::Decided;
use std::time::Duration;

async fn entries(world: &World, kind: EntryKind) -> Vec<EntryContent> {
    let all = world.store.ledger(&LedgerFilter { limit: 10_000, ..LedgerFilter::default() }).await.unwrap();
    all.iter().map(|entry| entry.content().unwrap()).filter(|entry| entry.kind == kind).collect()
}

#[tokio::test]
async fn while_it_is_pulled_nothing_is_approved_or_starts_and_plans_go_on() {
    let world = World::new().await;
    let stopped = world.engine.halt(&who("carol"), Some(" the disk is full ")).await.unwrap();
    assert!(!stopped.already && stopped.running.is_empty());
    assert_eq!(stopped.halt.why.as_deref(), Some("the disk is full"));
    // Plans go on, and so do rejections.
    let id = waiting(&world, "two").await;
    let refused = world.engine.decide(approve(&id, "bob")).await.unwrap_err();
    assert_eq!((refused.code, refused.facts["by"].as_str()), (Code::Halted, "terminal:carol"));
    assert_eq!(world.file(&id).await.decisions, []);
    // Pulled twice is said, and stays as it was.
    let again = world.engine.halt(&who("bob"), None).await.unwrap();
    assert!(again.already && again.halt == stopped.halt);
    assert_eq!(entries(&world, EntryKind::Halted).await.len(), 1);
    world.engine.lift(&who("bob")).await.unwrap();
    assert_eq!(code(world.engine.lift(&who("bob")).await), Code::NotHalted);
    assert_eq!(world.engine.decide(approve(&id, "bob")).await, Ok(Decided::Countersigned));
    world.reaches(&id, State::Succeeded).await;
    assert_eq!(entries(&world, EntryKind::Lifted).await.len(), 1);
    ledger_verifies(&world).await;
}

#[tokio::test]
async fn what_was_approved_before_the_pull_starts_after_the_lift_and_not_sooner() {
    let mut world = World::new().await;
    let id = waiting(&world, "two").await;
    world.stop_worker().await;
    world.engine.decide(approve(&id, "bob")).await.unwrap();
    world.engine.halt(&who("bob"), None).await.unwrap();
    // A worker that comes after the pull, as after a restart.
    world.start_worker();
    for _ in 0..3 {
        world.outside.forward(1);
        tokio::time::sleep(Duration::from_millis(120)).await;
        assert_eq!((world.file(&id).await.change.state, world.outside.effects()), (State::Approved, 0));
    }
    world.engine.lift(&who("bob")).await.unwrap();
    world.outside.forward(1);
    world.reaches(&id, State::Succeeded).await;
    assert_eq!(world.outside.effects(), 1);
}

#[tokio::test]
async fn what_runs_is_asked_to_stop_and_what_came_of_it_is_said() {
    let done = |done: &[&str]| {
        let done = done.iter().map(ToString::to_string).collect();
        Outcome::Failed { problem: Problem::new(Code::Cancelled).with("person", "-"), done, record: Record::default() }
    };
    let ends = [
        (Execution::Finished(done(&["value"])), State::Failed),
        (Execution::Finished(Outcome::Applied { record: Record::default() }), State::Succeeded),
        (Execution::Lost { tail: vec![] }, State::NeedsAttention),
    ];
    for (end, state) in ends {
        let world = World::new().await;
        *world.outside.execution.lock().unwrap() = Some(Execution::Running);
        *world.outside.when_stopped.lock().unwrap() = Some(end);
        let id = waiting(&world, "two").await;
        world.engine.decide(approve(&id, "bob")).await.unwrap();
        let run = world.reaches(&id, State::Executing).await.run.unwrap();
        let stopped = world.engine.halt(&who("carol"), Some("wrong cluster")).await.unwrap();
        assert_eq!(stopped.running.iter().map(|change| &change.id).collect::<Vec<_>>(), [&id]);
        let file = world.reaches(&id, state).await;
        assert_eq!(*world.outside.stops.lock().unwrap(), [run.id]);
        let asked = entries(&world, EntryKind::StopAsked).await;
        assert_eq!(asked.len(), 1);
        assert_eq!(
            (asked[0].actor.to_string(), asked[0].payload["why"].as_str()),
            ("terminal:carol".into(), Some("wrong cluster"))
        );
        if state == State::Failed {
            let facts = file.change.problem.unwrap().facts;
            assert_eq!((facts["person"].as_str(), facts["why"].as_str()), ("terminal:carol", "wrong cluster"));
        }
    }
}

#[tokio::test]
async fn a_worker_that_comes_later_stops_what_runs_under_a_pulled_switch() {
    let mut world = World::new().await;
    *world.outside.execution.lock().unwrap() = Some(Execution::Running);
    let id = waiting(&world, "two").await;
    world.engine.decide(approve(&id, "bob")).await.unwrap();
    world.reaches(&id, State::Executing).await;
    world.stop_worker().await;
    // The puller dies right after its transaction: nobody but the row knows of it.
    world.engine.halt(&who("carol"), None).await.unwrap();
    assert_eq!(world.outside.stops.lock().unwrap().len(), 0);
    *world.outside.when_stopped.lock().unwrap() = Some(Execution::Lost { tail: vec![] });
    world.start_worker();
    world.reaches(&id, State::NeedsAttention).await;
    assert_eq!(world.outside.stops.lock().unwrap().len(), 1);
    assert_eq!(entries(&world, EntryKind::StopAsked).await.len(), 1);
}

#[tokio::test]
async fn who_may_cancel_nowhere_may_not_pull_it_and_that_they_tried_is_recorded() {
    let world = World::new().await;
    for refused in
        [world.engine.halt(&who("mallory"), None).await.err(), world.engine.lift(&who("mallory")).await.err()]
    {
        assert_eq!(refused.map(|problem| problem.code), Some(Code::NoRight));
    }
    assert_eq!(world.store.halt().await.unwrap(), None);
    assert_eq!(entries(&world, EntryKind::AccessRefused).await.len(), 2);
    world.engine.propose(set("two"), &asked("alice")).await.unwrap();
}
