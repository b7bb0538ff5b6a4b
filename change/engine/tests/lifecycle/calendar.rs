//! When changes may be approved and may start: freezes, windows, wished times, read-only mode.
//! Run by `cargo test`, with a clock that is moved by hand.
//! Must never let a test depend on the hour at which it runs.

use crate::kit::{World, asked, set, who};
use crate::{approve, code, ledger_verifies, waiting};
use chopmark_domain::approval::DecidedBy;
use chopmark_domain::calendar::{Freeze, FreezeException, Span, Start, Starts, When, Window, Windows, Zone};
use chopmark_domain::change::Difference;
use chopmark_domain::ids::ChangeId;
use chopmark_domain::lifecycle::State;
use chopmark_domain::note::NoteBody;
use chopmark_domain::policy::Effects;
use chopmark_domain::ports::{LedgerFilter, Records};
use chopmark_domain::problem::Code;
use chopmark_domain::rights::Pattern;
use chopmark_domain::time::Timestamp;
use chopmark_engine::commands::{Decided, Wished};
use std::collections::BTreeSet;

fn once(world: &World, from: i64, until: i64) -> When {
    let at = |seconds: i64| Timestamp(world.outside.now().0 + seconds * 1000);
    When::Once { span: Span { from: at(from), until: at(until) }, zone: Zone::parse("Europe/Berlin").unwrap() }
}

/// A freeze from so many seconds to so many seconds from now.
fn freeze(world: &World, from: i64, until: i64, exceptions: Vec<FreezeException>) {
    world.outside.freezes.lock().unwrap().push(Freeze {
        name: "holidays".parse().unwrap(),
        environments: vec![Pattern::parse("d*").unwrap()],
        when: once(world, from, until),
        reason: "everybody is away".into(),
        exceptions,
        written_at: "config.toml:7".into(),
    });
}

fn exception(name: &str, components: &[&str], roles: &[&str]) -> FreezeException {
    FreezeException {
        name: name.parse().unwrap(),
        components: components.iter().map(|text| Pattern::parse(text).unwrap()).collect(),
        templates: vec![],
        approved_by: roles.iter().map(|role| role.parse().unwrap()).collect(),
    }
}

fn window(world: &World, name: &str, from: i64, until: i64, starts: Starts) {
    let window =
        Window { name: name.parse().unwrap(), when: once(world, from, until), written_at: "config.toml:9".into() };
    let mut windows = world.outside.windows.lock().unwrap();
    let mut all = windows.all.clone();
    all.push(window);
    *windows = Windows { all, starts };
}

async fn warnings(world: &World, id: &ChangeId) -> Vec<Code> {
    let notes = world.store.notes_after(0, 1000).await.unwrap();
    let of = notes.into_iter().filter(|note| note.change == *id);
    of.filter_map(|note| if let NoteBody::Warning { problem } = note.body { Some(problem.code) } else { None })
        .collect()
}

async fn ledger(world: &World) -> String {
    let entries = world.store.ledger(&LedgerFilter { limit: 10_000, ..LedgerFilter::default() }).await.unwrap();
    entries.into_iter().map(|entry| entry.bytes + "\n").collect()
}

/// Lets the worker look at what is due; nothing may have come of it.
async fn nothing_starts(world: &World, id: &ChangeId) {
    for _ in 0..20 {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        assert_eq!(world.file(id).await.change.state, State::Approved);
    }
    assert_eq!(world.outside.effects(), 0);
}

/// A change that is approved now and starts in a window from 30 seconds on, until then.
async fn approved_for_soon(world: &World, until: i64) -> ChangeId {
    window(world, "soon", 30, until, Starts::AtOnce);
    let id = waiting(world, "two").await;
    world.engine.schedule(&id, &Wished::Window("soon".into()), &asked("alice")).await.unwrap();
    world.reaches(&id, State::AwaitingApproval).await;
    world.engine.decide(approve(&id, "bob")).await.unwrap();
    id
}

#[tokio::test]
async fn a_freeze_refuses_an_approval_by_its_name_and_the_ledger_says_who_tried() {
    let world = World::new().await;
    let id = waiting(&world, "two").await;
    freeze(&world, -10, 600, vec![exception("other", &["dev/other/*"], &[])]);
    let problem = world.engine.decide(approve(&id, "bob")).await.unwrap_err();
    assert_eq!((problem.code, problem.facts["freeze"].as_str()), (Code::Frozen, "holidays"));
    assert!(problem.facts["until"].ends_with("Europe/Berlin"), "{problem:?}");
    assert!(world.file(&id).await.decisions.is_empty());
    assert!(ledger(&world).await.contains("decision_refused"));
    let looked = world.engine.look(&id).await.unwrap().waits.unwrap();
    assert_eq!(looked.hold.map(|hold| hold.code), Some(Code::Frozen));
    world.outside.forward(600);
    assert_eq!(world.engine.decide(approve(&id, "bob")).await, Ok(Decided::Countersigned));
    world.reaches(&id, State::Succeeded).await;
    ledger_verifies(&world).await;
}

#[tokio::test]
async fn an_exception_lets_through_what_it_names_and_stands_in_the_ledger_and_on_the_change() {
    let world = World::new().await;
    freeze(&world, -10, 600, vec![exception("shop-goes-on", &["dev/shop/*"], &[])]);
    let id = waiting(&world, "two").await;
    world.engine.decide(approve(&id, "bob")).await.unwrap();
    let file = world.reaches(&id, State::Succeeded).await;
    assert_eq!(file.change.passes[0].exception.as_str(), "shop-goes-on");
    let ledger = ledger(&world).await;
    let countersigned = ledger.lines().find(|line| line.contains("\"countersigned\"")).unwrap();
    assert!(countersigned.contains("[\"holidays\",\"shop-goes-on\"]"), "{countersigned}");
    let intent = ledger.lines().find(|line| line.contains("\"exec_intent\"")).unwrap();
    assert!(intent.contains("shop-goes-on"), "{intent}");
}

#[tokio::test]
async fn an_exception_for_a_role_needs_somebody_with_it_among_those_who_approved() {
    let world = World::new().await;
    world.outside.set_roles("carol", &["operator", "on-call"]);
    freeze(&world, -10, 600, vec![exception("incident", &[], &["on-call"])]);
    let id = waiting(&world, "two").await;
    assert_eq!(code(world.engine.decide(approve(&id, "bob")).await), Code::Frozen);
    // Losing the role between approval and start is losing the exception.
    world.outside.freezes.lock().unwrap().clear();
    freeze(&world, 60, 600, vec![exception("incident", &[], &["on-call"])]);
    window(&world, "soon", 100, 700, Starts::AtOnce);
    world.engine.schedule(&id, &Wished::Window("soon".into()), &asked("alice")).await.unwrap();
    world.reaches(&id, State::AwaitingApproval).await;
    world.engine.decide(approve(&id, "carol")).await.unwrap();
    world.outside.set_roles("carol", &["operator"]);
    world.outside.forward(200);
    nothing_starts(&world, &id).await;
    world.outside.set_roles("carol", &["operator", "on-call"]);
    world.outside.forward(400);
    world.reaches(&id, State::Succeeded).await;
}

#[tokio::test]
async fn a_freeze_that_begins_after_the_approval_holds_the_start_says_so_once_and_lets_go_at_its_end() {
    let world = World::new().await;
    let id = approved_for_soon(&world, 3000).await;
    nothing_starts(&world, &id).await;
    freeze(&world, 10, 600, vec![]);
    world.outside.forward(60);
    nothing_starts(&world, &id).await;
    world.outside.forward(120);
    nothing_starts(&world, &id).await;
    assert_eq!(warnings(&world, &id).await, [Code::Frozen]);
    let looked = world.engine.look(&id).await.unwrap().waits.unwrap();
    assert_eq!((looked.rests, looked.hold.map(|hold| hold.code)), (true, Some(Code::Frozen)));
    world.outside.forward(600);
    world.reaches(&id, State::Succeeded).await;
    assert_eq!(world.outside.effects(), 1);
    ledger_verifies(&world).await;
}

#[tokio::test]
async fn what_a_freeze_outlives_expires() {
    let world = World::new().await;
    let id = approved_for_soon(&world, 9000).await;
    freeze(&world, 10, 9000, vec![]);
    world.outside.forward(60);
    nothing_starts(&world, &id).await;
    world.outside.forward(3600);
    let file = world.reaches(&id, State::Expired).await;
    assert_eq!(file.change.problem.map(|problem| problem.code), Some(Code::PlanExpired));
    assert_eq!(world.outside.effects(), 0);
}

#[tokio::test]
async fn in_a_freeze_only_what_starts_after_it_can_be_approved() {
    let world = World::new().await;
    freeze(&world, -10, 600, vec![]);
    window(&world, "during", 300, 900, Starts::AtOnce);
    window(&world, "after", 700, 900, Starts::AtOnce);
    let id = waiting(&world, "two").await;
    world.engine.schedule(&id, &Wished::Window("during".into()), &asked("alice")).await.unwrap();
    world.reaches(&id, State::AwaitingApproval).await;
    assert_eq!(code(world.engine.decide(approve(&id, "bob")).await), Code::Frozen);
    world.engine.schedule(&id, &Wished::Window("after".into()), &asked("alice")).await.unwrap();
    world.reaches(&id, State::AwaitingApproval).await;
    assert_eq!(world.engine.decide(approve(&id, "bob")).await, Ok(Decided::Countersigned));
    nothing_starts(&world, &id).await;
    world.outside.forward(701);
    world.reaches(&id, State::Succeeded).await;
}

#[tokio::test]
async fn read_only_lets_propose_and_plan_and_nothing_else() {
    for effects in [(Effects::ReadOnly, Effects::Allowed), (Effects::Allowed, Effects::ReadOnly)] {
        let world = World::new().await;
        *world.outside.takes_effect.lock().unwrap() = effects;
        let id = waiting(&world, "two").await;
        let problem = world.engine.decide(approve(&id, "bob")).await.unwrap_err();
        let place = if effects.0 == Effects::ReadOnly { "" } else { "dev" };
        assert_eq!((problem.code, problem.facts["where"].as_str()), (Code::ReadOnly, place));
        assert!(world.file(&id).await.decisions.is_empty());
        assert_eq!(world.outside.effects(), 0);
    }
}

#[tokio::test]
async fn no_rule_approves_in_a_freeze_or_in_read_only_mode() {
    let world = World::new().await;
    world.outside.set_rule(|rule| rule.decided_by = DecidedBy::TheRule);
    *world.outside.takes_effect.lock().unwrap() = (Effects::ReadOnly, Effects::Allowed);
    let id = world.engine.propose(set("two"), &asked("alice")).await.unwrap();
    world.reaches(&id, State::AwaitingApproval).await;
    for _ in 0..20 {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        assert_eq!(world.file(&id).await.change.state, State::AwaitingApproval);
    }
    *world.outside.takes_effect.lock().unwrap() = (Effects::Allowed, Effects::Allowed);
    world.outside.forward(1);
    world.reaches(&id, State::Succeeded).await;
}

#[tokio::test]
async fn a_read_only_mode_that_begins_after_the_approval_holds_the_start() {
    let world = World::new().await;
    let id = approved_for_soon(&world, 3000).await;
    *world.outside.takes_effect.lock().unwrap() = (Effects::Allowed, Effects::ReadOnly);
    world.outside.forward(60);
    nothing_starts(&world, &id).await;
    assert_eq!(warnings(&world, &id).await, [Code::ReadOnly]);
    *world.outside.takes_effect.lock().unwrap() = (Effects::Allowed, Effects::Allowed);
    world.outside.forward(1);
    world.reaches(&id, State::Succeeded).await;
}

#[tokio::test]
async fn a_window_that_was_missed_ends_the_change_approved_or_not() {
    let mut world = World::new().await;
    window(&world, "soon", 30, 60, Starts::InWindows);
    let (approved, undecided) = (waiting(&world, "two").await, waiting(&world, "three").await);
    world.engine.decide(approve(&approved, "bob")).await.unwrap();
    nothing_starts(&world, &approved).await;
    // Nobody works while the window is open.
    world.stop_worker().await;
    world.outside.forward(90);
    assert_eq!(code(world.engine.decide(approve(&undecided, "bob")).await), Code::WindowMissed);
    world.start_worker();
    for id in [&approved, &undecided] {
        let file = world.reaches(id, State::Expired).await;
        let problem = file.change.problem.unwrap();
        assert_eq!(problem.code, Code::WindowMissed);
        assert!(problem.facts["window"].starts_with("soon, "), "{problem:?}");
    }
    assert_eq!(world.outside.effects(), 0);
    ledger_verifies(&world).await;
}

#[tokio::test]
async fn a_plan_that_ends_before_its_window_is_not_approved() {
    let world = World::new().await;
    window(&world, "tomorrow", 90_000, 93_600, Starts::InWindows);
    let id = waiting(&world, "two").await;
    assert_eq!(code(world.engine.decide(approve(&id, "bob")).await), Code::ExpiresBeforeWindow);
    let looked = world.engine.look(&id).await.unwrap().waits.unwrap();
    assert_eq!(looked.hold.map(|hold| hold.code), Some(Code::ExpiresBeforeWindow));
}

#[tokio::test]
async fn another_time_is_another_revision_and_voids_every_decision() {
    let world = World::new().await;
    world.outside.set_rule(|rule| rule.needed = 2);
    window(&world, "soon", 30, 3000, Starts::AtOnce);
    let id = waiting(&world, "two").await;
    world.engine.decide(approve(&id, "bob")).await.unwrap();
    let before = world.file(&id).await.record.planned.unwrap().digest;
    world.engine.schedule(&id, &Wished::Window("soon".into()), &asked("alice")).await.unwrap();
    let file = world.reaches(&id, State::AwaitingApproval).await;
    let planned = file.record.planned.unwrap();
    assert_ne!(planned.digest, before);
    let difference = file.record.differences.iter().find(|difference| difference.what == Difference::START).unwrap();
    assert_eq!(difference.before, None);
    assert!(difference.after.as_ref().unwrap().ends_with("Europe/Berlin (soon)"), "{difference:?}");
    assert_eq!(
        world.engine.decide(approve(&id, "carol")).await,
        Ok(Decided::Counted { have: 1, needed: 2 }),
        "bob's was for another start"
    );
    // The same wish again changes nothing.
    world.engine.schedule(&id, &Wished::Window("soon".into()), &asked("alice")).await.unwrap();
    assert_eq!(world.file(&id).await.change.revision, file.change.revision);
}

#[tokio::test]
async fn a_wish_outlives_an_edit_and_now_takes_it_back() {
    let world = World::new().await;
    let id = waiting(&world, "two").await;
    let at = Timestamp(world.outside.now().0 + 600_000);
    world.engine.schedule(&id, &Wished::At(at, Zone::utc()), &asked("alice")).await.unwrap();
    world.reaches(&id, State::AwaitingApproval).await;
    let edit = chopmark_domain::proposal::Proposal { revises: Some(id.clone()), ..set("three") };
    world.engine.propose(edit, &asked("alice")).await.unwrap();
    let start = world.reaches(&id, State::AwaitingApproval).await.record.planned.unwrap().start;
    assert!(matches!(start, Start::Within { span, .. } if span.from == at), "{start:?}");
    world.engine.schedule(&id, &Wished::Now, &asked("alice")).await.unwrap();
    let start = world.reaches(&id, State::AwaitingApproval).await.record.planned.unwrap().start;
    assert_eq!(start, Start::AtOnce);
}

#[tokio::test]
async fn times_that_are_over_outside_the_windows_or_unknown_are_refused() {
    let world = World::new().await;
    window(&world, "soon", 300, 900, Starts::InWindows);
    let id = waiting(&world, "two").await;
    let at = |seconds: i64| Wished::At(Timestamp(world.outside.now().0 + seconds * 1000), Zone::utc());
    for wished in [at(-1), at(100), at(900), Wished::Window("never".into())] {
        let problem = world.engine.schedule(&id, &wished, &asked("alice")).await.unwrap_err();
        assert_eq!((problem.code, problem.facts["known"].as_str()), (Code::UnknownWindow, "soon"), "{wished:?}");
    }
    world.engine.schedule(&id, &at(400), &asked("alice")).await.unwrap();
    let start = world.reaches(&id, State::AwaitingApproval).await.record.planned.unwrap().start;
    let Start::Within { window: None, span, .. } = start else { panic!("{start:?}") };
    assert_eq!(span.until.since(span.from), 500_000, "not longer than the window");
}

#[tokio::test]
async fn only_people_who_may_propose_there_move_a_start() {
    let world = World::new().await;
    let id = waiting(&world, "two").await;
    assert_eq!(code(world.engine.schedule(&id, &Wished::Now, &asked("mallory")).await), Code::NoRight);
}

#[tokio::test]
async fn what_went_stale_before_its_window_says_so_and_nothing_starts() {
    let world = World::new().await;
    let id = approved_for_soon(&world, 3000).await;
    world.outside.move_by_hand("by hand");
    world.outside.forward(31);
    let file = world.reaches(&id, State::Superseded).await;
    assert_eq!(file.change.problem.map(|problem| problem.code), Some(Code::PlanStale));
    assert_eq!(world.outside.effects(), 0);
    assert_eq!(BTreeSet::from([who("alice")]), file.record.planned.unwrap().authors);
}
