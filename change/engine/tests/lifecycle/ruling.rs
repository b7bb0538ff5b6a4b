//! Rules: which one a plan falls under, a rule that itself approves, and what voids a decision.
//! Run by `cargo test`, on the real store where two engines meet and on rows in memory where rows are forged.
//! Must never take a row written by hand for something that a person or the engine said.

use crate::kit::memory::Memory;
use crate::kit::{Outside, World, asked, engine, outside, set, who};
use crate::{approve, code, ledger_verifies, waiting};
use chopmark_domain::approval::{ApprovalRule, DecidedBy, Verdict};
use chopmark_domain::change::Planned;
use chopmark_domain::ids::ChangeId;
use chopmark_domain::ledger::EntryKind;
use chopmark_domain::lifecycle::{Effect, State};
use chopmark_domain::person::Actor;
use chopmark_domain::plan::Verb;
use chopmark_domain::ports::{ChangeFilter, Leases, LedgerFilter, Records};
use chopmark_domain::problem::Code;
use chopmark_domain::rights::{Grant, Holders, Pattern, Right, Rights};
use chopmark_domain::risk::Risk;
use chopmark_domain::rules::{ConditionalRule, Conditions, Rules};
use chopmark_engine::commands::DecisionAsked;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Small changes approve themselves; everything else needs an operator.
pub(crate) fn small_by_rule(usual: ApprovalRule) -> Rules {
    let when = Conditions {
        risks: BTreeSet::from([Risk::Low, Risk::Moderate]),
        at_most_deletes: Some(0),
        ..Conditions::default()
    };
    let rule = ApprovalRule {
        name: Some("small".parse().unwrap()),
        decided_by: DecidedBy::TheRule,
        written_at: "config.toml:41".into(),
        ..usual.clone()
    };
    Rules { special: vec![ConditionalRule { when, rule }], usual }
}

/// A grant of some actions to some roles, everywhere.
pub(crate) fn grant(roles: &[&str], actions: &[Right]) -> Grant {
    Grant {
        holders: Holders::Roles(roles.iter().map(|role| role.parse().unwrap()).collect()),
        actions: actions.iter().copied().collect(),
        environments: vec![Pattern::all()],
        templates: vec![Pattern::all()],
        components: vec![Pattern::all()],
        written_at: "config.toml:2".into(),
    }
}

fn usual(outside: &Outside) -> ApprovalRule {
    let mut usual = None;
    outside.set_rule(|rule| usual = Some(rule.clone()));
    usual.unwrap()
}

async fn state(memory: &Memory, id: &ChangeId) -> State {
    memory.change(id).await.unwrap().unwrap().change.state
}

#[tokio::test]
async fn a_rule_approves_what_it_is_for_and_is_named_as_the_approver() {
    let world = World::new().await;
    world.outside.set_rules(small_by_rule(usual(&world.outside)));
    let id = world.engine.propose(set("two"), &asked("alice")).await.unwrap();
    let file = world.reaches(&id, State::Succeeded).await;
    assert!(file.decisions.is_empty(), "nobody decided");
    let mark = file.record.planned.unwrap().rule.mark().to_string();
    let filter = LedgerFilter { change: Some(id.clone()), limit: 100, ..LedgerFilter::default() };
    let entries = world.store.ledger(&filter).await.unwrap();
    let entries: Vec<_> = entries.iter().map(|entry| entry.content().unwrap()).collect();
    let countersigned = entries.iter().find(|entry| entry.kind == EntryKind::Countersigned).unwrap();
    assert_eq!(countersigned.actor, Actor::Rule(format!("dev/{mark}")));
    let intent = entries.iter().find(|entry| entry.kind == EntryKind::ExecIntent).unwrap();
    assert_eq!(intent.payload["approved_by"][0], format!("rule:{mark}"));
    assert!(mark.starts_with("small@"));
    ledger_verifies(&world).await;
}

#[tokio::test]
async fn a_rule_never_approves_deletes_or_severe_risk_whatever_it_says_of_itself() {
    for (kind, verb) in [("file", Verb::Delete), ("file", Verb::Replace), ("mystery", Verb::Update)] {
        let (outside, memory) = (outside(), Memory::default());
        let mut rules = small_by_rule(usual(&outside));
        rules.special[0].when = Conditions::default();
        outside.set_rules(rules);
        outside.set_acts(kind, verb);
        let id = engine(&outside, &memory).propose(set("two"), &asked("alice")).await.unwrap();
        memory.settle(&outside).await;
        assert_eq!(state(&memory, &id).await, State::AwaitingApproval, "{kind} {verb:?}");
        assert_eq!(outside.effects(), 0);
    }
}

#[tokio::test]
async fn a_rule_that_approves_some_kinds_approves_no_plan_with_another_kind() {
    let (outside, memory) = (outside(), Memory::default());
    let mut rules = small_by_rule(usual(&outside));
    rules.special[0].when.kinds = vec![Pattern::parse("Config*").unwrap()];
    outside.set_rules(rules);
    let engine = engine(&outside, &memory);
    for (kind, expected) in [("file", State::AwaitingApproval), ("ConfigMap", State::Succeeded)] {
        outside.set_acts(kind, Verb::Update);
        let id = engine.propose(set(kind), &asked("alice")).await.unwrap();
        memory.settle(&outside).await;
        assert_eq!(state(&memory, &id).await, expected, "{kind}");
    }
}

#[tokio::test]
async fn people_stop_what_a_rule_approved_until_the_ticket() {
    let world = World::new().await;
    world.outside.set_rules(small_by_rule(usual(&world.outside)));
    // Somebody else has the target, so that it waits countersigned.
    let target = "target:the world:dev/shop/cart";
    world.store.acquire(target, "chg-0000/1", None, &|_| false).await.unwrap().unwrap();
    let id = world.engine.propose(set("two"), &asked("alice")).await.unwrap();
    world.reaches(&id, State::Approved).await;
    world.outside.set_roles("dan", &["guest"]);
    let reject = DecisionAsked { verdict: Verdict::Reject, ..approve(&id, "dan") };
    world.engine.decide(reject).await.unwrap();
    world.reaches(&id, State::Rejected).await;
    world.store.release(target, "chg-0000/1").await.unwrap();
    assert_eq!(world.outside.effects(), 0);
}

#[tokio::test]
async fn whoever_proposed_must_still_have_that_right_when_it_starts() {
    let (outside, memory) = (outside(), Memory::default());
    outside.set_rules(small_by_rule(usual(&outside)));
    outside.set_roles("dan", &["guest"]);
    outside.meanwhile(|outside| outside.set_roles("dan", &[]));
    let engine = engine(&outside, &memory);
    let id = engine.propose(set("two"), &asked("dan")).await.unwrap();
    memory.settle(&outside).await;
    assert_eq!(state(&memory, &id).await, State::AwaitingApproval);
    assert_eq!(outside.effects(), 0);
    // The people of the rule may approve it in the rule's place.
    engine.decide(approve(&id, "bob")).await.unwrap();
    memory.settle(&outside).await;
    assert_eq!(state(&memory, &id).await, State::Succeeded);
}

#[tokio::test]
async fn a_right_to_propose_is_a_grant_and_not_a_role() {
    let (outside, memory) = (outside(), Memory::default());
    outside.set_rules(small_by_rule(usual(&outside)));
    outside.meanwhile(|outside| {
        outside.set_rights(Rights { grants: vec![grant(&["operator"], &[Right::Ask, Right::Approve])] });
    });
    let id = engine(&outside, &memory).propose(set("two"), &asked("alice")).await.unwrap();
    memory.settle(&outside).await;
    assert_eq!((state(&memory, &id).await, outside.effects()), (State::AwaitingApproval, 0));
}

type During = fn(&Outside);

/// A change that people approved, or that its rule did, and then `during` happens while it starts.
async fn moved(by_rule: bool, during: During) -> (Memory, Arc<Outside>, ChangeId) {
    let (outside, memory) = (outside(), Memory::default());
    if by_rule {
        outside.set_rules(small_by_rule(usual(&outside)));
    }
    let engine = engine(&outside, &memory);
    outside.meanwhile(during);
    let id = engine.propose(set("two"), &asked("alice")).await.unwrap();
    memory.settle(&outside).await;
    if !by_rule {
        engine.decide(approve(&id, "bob")).await.unwrap();
        memory.settle(&outside).await;
    }
    (memory, outside, id)
}

#[tokio::test]
async fn what_moves_after_the_decision_voids_it_and_is_named() {
    let cases: [(&str, During, &str); 5] = [
        ("rule", |outside| outside.set_rule(|rule| rule.needed = 2), "needed: 1 → 2"),
        ("rule", |outside| outside.set_rule(|rule| rule.expires_after_seconds = 60), "expires_after: 3600s → 60s"),
        ("policy", |outside| outside.set_policy("v2"), "policy: v1 → v2"),
        ("template", |outside| outside.set_template(2), "template: thing 1 (00) → thing 2 (00)"),
        ("git", |outside| outside.move_by_hand("elsewhere"), ""),
    ];
    for (what, during, detail) in cases {
        let (memory, outside, id) = moved(false, during).await;
        let file = memory.change(&id).await.unwrap().unwrap();
        assert_eq!((file.change.state, outside.effects()), (State::Superseded, 0), "{what}");
        let problem = file.change.problem.unwrap();
        let fact = |key: &str| problem.facts.get(key).cloned().unwrap_or_default();
        assert_eq!((problem.code, fact("what"), fact("detail")), (Code::PlanStale, what.into(), detail.into()));
        // The card that takes its place says the same first.
        let all = memory.all();
        let next = all.iter().find(|other| **other != id).unwrap();
        let next = memory.change(next).await.unwrap().unwrap();
        assert_eq!(next.change.state, State::AwaitingApproval);
        if !detail.is_empty() {
            let named = detail.split(": ").next().unwrap();
            let told = next.record.differences.iter().any(|difference| difference.what.ends_with(named));
            assert!(told, "{:?}", next.record.differences);
        }
    }
}

#[tokio::test]
async fn a_rule_that_changes_between_its_approval_and_the_start_approves_nothing() {
    let cases: [During; 3] = [
        |outside| outside.set_rules(usual(outside).into()),
        |outside| {
            let mut rules = small_by_rule(usual(outside));
            rules.special[0].rule.expires_after_seconds = 60;
            outside.set_rules(rules);
        },
        |outside| {
            let mut rules = small_by_rule(usual(outside));
            rules.special[0].when.components = vec![Pattern::parse("dev/other/*").unwrap()];
            outside.set_rules(rules);
        },
    ];
    for (number, during) in cases.into_iter().enumerate() {
        let (memory, outside, id) = moved(true, during).await;
        assert_eq!(state(&memory, &id).await, State::Superseded, "case {number}");
        // The fresh plan of the second case falls under the rule as it is now, which approves it.
        let expected = u64::from(number == 1);
        assert_eq!(outside.effects(), expected, "case {number}");
    }
}

#[tokio::test]
async fn rows_written_by_hand_never_make_a_rule_approve() {
    type Forge = fn(&mut chopmark_domain::change::Change, &mut chopmark_domain::change::RevisionRecord);
    fn redigest(record: &mut chopmark_domain::change::RevisionRecord) {
        let (change, revision, draft) = (record.change.clone(), record.revision, record.draft.clone());
        if let Some(planned) = &mut record.planned {
            planned.digest = planned.compute_digest(&change, revision, &draft);
        }
    }
    let forges: [(&str, Forge); 5] = [
        ("a copy", |_, record| redigest(record)),
        ("instructions", |_, record| {
            let planned = record.planned.as_mut().unwrap();
            planned.plan.steps[0].instructions = "evil".into();
            redigest(record);
        }),
        ("risk and deletes", |_, record| {
            let planned: &mut Planned = record.planned.as_mut().unwrap();
            planned.risk = Risk::Low;
            planned.plan.steps[0].actions.clear();
            redigest(record);
        }),
        ("unplanned", |change, record| {
            change.state = State::Planning;
            record.planned = None;
        }),
        ("another requester", |change, record| {
            change.requester = who("carol");
            record.author = who("carol");
            redigest(record);
        }),
    ];
    for (what, forge) in forges {
        let (outside, memory) = (outside(), Memory::default());
        // A real one waits for people: it deletes.
        outside.set_acts("file", Verb::Delete);
        let id = engine(&outside, &memory).propose(set("two"), &asked("alice")).await.unwrap();
        memory.settle(&outside).await;
        outside.set_acts("file", Verb::Update);
        outside.set_rules(small_by_rule(usual(&outside)));
        let small = small_by_rule(usual(&outside)).special.remove(0).rule;
        let forged = |change: &mut _, record: &mut chopmark_domain::change::RevisionRecord| {
            if let Some(planned) = &mut record.planned {
                planned.rule = small.clone();
                planned.risk = Risk::Low;
                planned.plan.steps[0].actions[0].verb = Verb::Update;
            }
            forge(change, record);
        };
        let other: ChangeId = "chg-evil".parse().unwrap();
        memory.copy(&id, &other, if what == "unplanned" { Effect::Plan } else { Effect::CountRule }, forged);
        memory.settle(&outside).await;
        assert_eq!(state(&memory, &other).await, State::AwaitingApproval, "{what}");
        // Nor as the state that a rule would have given it, nor drafted anew from it.
        memory.forge(&other, |change, _| change.state = State::Approved);
        memory.wake(&other, Effect::Start);
        memory.settle(&outside).await;
        memory.forge(&other, |change, _| change.state = State::Superseded);
        memory.wake(&other, Effect::DraftAgain);
        memory.settle(&outside).await;
        assert_eq!(outside.effects(), 0, "{what}");
        for change in memory.all() {
            assert_ne!(state(&memory, &change).await, State::Succeeded, "{what}");
        }
    }
}

#[tokio::test]
async fn an_edit_of_a_forged_revision_is_still_for_people_to_approve() {
    let (outside, memory) = (outside(), Memory::default());
    let engine = engine(&outside, &memory);
    let id = engine.propose(set("two"), &asked("alice")).await.unwrap();
    memory.settle(&outside).await;
    memory.forge(&id, |_, record| record.author = who("carol"));
    outside.set_rules(small_by_rule(usual(&outside)));
    let edit = chopmark_domain::proposal::Proposal { revises: Some(id.clone()), ..set("three") };
    engine.propose(edit, &asked("alice")).await.unwrap();
    memory.settle(&outside).await;
    assert_eq!((state(&memory, &id).await, outside.effects()), (State::AwaitingApproval, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_presses_on_two_engines_and_one_rejection_make_one_legal_history() {
    for round in 0..4 {
        let world = World::new().await;
        let id = waiting(&world, &format!("value {round}")).await;
        let other = engine(&world.outside, &world.store);
        let mut presses = tokio::task::JoinSet::new();
        for number in 0..50 {
            let engine = if number % 2 == 0 { world.engine.clone() } else { other.clone() };
            let press = approve(&id, if number % 3 == 0 { "bob" } else { "carol" });
            presses.spawn(async move { engine.decide(press).await });
            if number == 10 * round {
                let engine = other.clone();
                let press = DecisionAsked { verdict: Verdict::Reject, ..approve(&id, "carol") };
                presses.spawn(async move { engine.decide(press).await });
            }
        }
        let answers = presses.join_all().await;
        let taken = answers.iter().filter(|answer| answer.is_ok()).count();
        for problem in answers.into_iter().filter_map(Result::err) {
            let polite = [Code::AlreadyDecided, Code::WrongState, Code::Conflict, Code::RuleNotMet];
            assert!(polite.contains(&problem.code), "{problem}");
        }
        for _ in 0..2000 {
            if world.file(&id).await.change.state.is_terminal() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        let file = world.file(&id).await;
        let rejected = file.decisions.iter().any(|sealed| sealed.decision.verdict == Verdict::Reject);
        assert_eq!(file.decisions.len(), taken, "an answer for each row");
        assert!(file.decisions.len() <= 2, "{:?}", file.decisions);
        match file.change.state {
            State::Succeeded => assert_eq!((world.outside.effects(), rejected), (1, false)),
            State::Rejected => assert_eq!((world.outside.effects(), rejected), (0, true)),
            state => panic!("{state:?}"),
        }
        ledger_verifies(&world).await;
    }
}

#[tokio::test]
async fn a_second_press_is_told_so_and_kept_once() {
    let world = World::new().await;
    world.outside.set_rule(|rule| rule.needed = 2);
    let id = waiting(&world, "two").await;
    world.engine.decide(approve(&id, "bob")).await.unwrap();
    for _ in 0..3 {
        assert_eq!(code(world.engine.decide(approve(&id, "bob")).await), Code::AlreadyDecided);
    }
    assert_eq!(world.file(&id).await.decisions.len(), 1);
    let one = ChangeFilter { limit: 10, ..ChangeFilter::default() };
    assert_eq!(world.store.changes(&one).await.unwrap().len(), 1);
}
