//! No path to a run without its rule met, by distinct people or by the rule itself, at the moment it starts.
//! Random histories of decisions, edits, roles, grants, rules, clocks and dying workers, judged by a model of its own.
//! Must never ask the engine or the domain who may do what: the model counts on its fingers.

use super::ruling::grant;
use crate::kit::memory::Memory;
use crate::kit::{Begun, Outside, asked, engine, outside, set, who};
use chopmark_domain::approval::{ApprovalRule, DecidedBy, SelfApproval, Verdict};
use chopmark_domain::ids::ChangeId;
use chopmark_domain::plan::Verb;
use chopmark_domain::ports::Records;
use chopmark_domain::proposal::Proposal;
use chopmark_domain::rights::{Right, Rights};
use chopmark_domain::risk::Risk;
use chopmark_domain::rules::{ConditionalRule, Conditions, Rules};
use chopmark_engine::commands::DecisionAsked;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

const PEOPLE: [&str; 4] = ["alice", "bob", "carol", "dan"];
const ROLES: [&[&str]; 5] = [&[], &["op"], &["lead"], &["op", "lead"], &["guest"]];

/// What is asked of a plan: the model's own words.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Need {
    itself: bool,
    who: &'static [&'static str],
    many: usize,
    own: bool,
    seconds: i64,
}

const ONE: Need = Need { itself: false, who: &["op"], many: 1, own: false, seconds: 600 };
const OWN: Need = Need { own: true, ..ONE };
const TWO: Need = Need { many: 2, who: &["op", "lead"], ..ONE };
const LEAD: Need = Need { who: &["lead"], seconds: 60, ..ONE };
const ITSELF: Need = Need { itself: true, ..ONE };
const NOBODY: Need = Need { who: &[], ..ONE };

/// What each configuration asks of a harmless plan, and of one that deletes or that nobody knows.
const CONFIGURATIONS: [(Need, Need); 7] =
    [(ONE, ONE), (OWN, OWN), (TWO, TWO), (ITSELF, ONE), (ITSELF, TWO), (ONE, LEAD), (NOBODY, TWO)];

/// Who may approve and who may propose.
const GRANTS: [(&[&str], &[&str]); 4] = [
    (&["op", "lead", "guest"], &["op", "lead", "guest"]),
    (&["op"], &["op", "guest"]),
    (&["lead"], &["op", "lead"]),
    (&["op", "lead"], &["guest"]),
];

/// Kinds of things that change, and whether that is harmless.
const ACTS: [(&str, Verb, bool); 4] = [
    ("file", Verb::Update, true),
    ("ConfigMap", Verb::Update, true),
    ("file", Verb::Delete, false),
    ("mystery", Verb::Update, false),
];

#[derive(Debug, Clone)]
enum Setting {
    Roles(usize, usize),
    Grants(usize),
    Configuration(usize),
    Policy(u8),
    Hand(u8),
    Forward(i64),
}

#[derive(Debug, Clone)]
enum Step {
    Propose(usize),
    Edit(usize, usize),
    Decide(usize, usize, Verdict),
    Acts(usize),
    Set(Setting),
    /// Somebody changes it just while a plan is compared before its start.
    Meanwhile(Setting),
    /// A worker works for so many turns and dies.
    Die(usize),
    Work,
}

fn setting() -> impl Strategy<Value = Setting> {
    prop_oneof![
        4 => (0..PEOPLE.len(), 0..ROLES.len()).prop_map(|(who, roles)| Setting::Roles(who, roles)),
        2 => (0..GRANTS.len()).prop_map(Setting::Grants),
        4 => (0..CONFIGURATIONS.len()).prop_map(Setting::Configuration),
        1 => (0..3u8).prop_map(Setting::Policy),
        1 => (0..3u8).prop_map(Setting::Hand),
        2 => prop_oneof![Just(30), Just(90), Just(700)].prop_map(Setting::Forward),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let verdict = prop_oneof![6 => Just(Verdict::Approve), 1 => Just(Verdict::Reject)];
    prop_oneof![
        3 => (0..PEOPLE.len()).prop_map(Step::Propose),
        1 => (0..PEOPLE.len(), 0..4usize).prop_map(|(who, which)| Step::Edit(who, which)),
        9 => (0..PEOPLE.len(), 0..4usize, verdict).prop_map(|(who, which, verdict)| Step::Decide(who, which, verdict)),
        1 => (0..ACTS.len()).prop_map(Step::Acts),
        3 => setting().prop_map(Step::Set),
        2 => setting().prop_map(Step::Meanwhile),
        2 => (1..12usize).prop_map(Step::Die),
        5 => Just(Step::Work),
    ]
}

fn rule(need: Need) -> ApprovalRule {
    ApprovalRule {
        approvers: need.who.iter().map(|role| role.parse().unwrap()).collect(),
        needed: u8::try_from(need.many).unwrap(),
        self_approval: if need.own { SelfApproval::Allowed } else { SelfApproval::Forbidden },
        expires_after_seconds: need.seconds.unsigned_abs(),
        decided_by: if need.itself { DecidedBy::TheRule } else { DecidedBy::People },
        written_at: "config.toml:1".into(),
        ..ApprovalRule::default()
    }
}

fn rules((harmless, other): (Need, Need)) -> Rules {
    let when = Conditions {
        risks: BTreeSet::from([Risk::Low, Risk::Moderate]),
        at_most_deletes: Some(0),
        ..Conditions::default()
    };
    Rules { special: vec![ConditionalRule { when, rule: rule(harmless) }], usual: rule(other) }
}

fn apply(outside: &Outside, setting: &Setting) {
    match *setting {
        Setting::Roles(person, roles) => outside.set_roles(PEOPLE[person], ROLES[roles]),
        Setting::Grants(number) => {
            let (approve, propose) = GRANTS[number];
            let grants = vec![grant(approve, &[Right::Ask, Right::Approve]), grant(propose, &[Right::Propose])];
            outside.set_rights(Rights { grants });
        }
        Setting::Configuration(number) => outside.set_rules(rules(CONFIGURATIONS[number])),
        Setting::Policy(version) => outside.set_policy(&format!("v{version}")),
        Setting::Hand(value) => outside.move_by_hand(&format!("hand {value}")),
        Setting::Forward(seconds) => outside.forward(seconds),
    }
}

/// What the model remembers: who asked for what, who pressed what on which digest.
#[derive(Default)]
struct Story {
    authors: BTreeMap<ChangeId, BTreeSet<String>>,
    presses: Vec<(String, String, Verdict)>,
    judged: usize,
    by_people: u64,
    by_rule: u64,
}

impl Story {
    /// Everybody who had a hand in a change or in those it took the place of.
    async fn hands(&self, memory: &Memory, id: &ChangeId) -> BTreeSet<String> {
        let mut hands = BTreeSet::new();
        let mut next = Some(id.clone());
        while let Some(id) = next {
            hands.extend(self.authors.get(&id).into_iter().flatten().cloned());
            next = memory.change(&id).await.unwrap().unwrap().change.replaces;
        }
        hands
    }

    /// Whether a run was allowed to begin, from the story and what was configured at that moment.
    async fn judge(&mut self, memory: &Memory, begun: &Begun) -> Result<(), String> {
        let file = memory.change(&begun.run.change).await.unwrap().unwrap();
        let planned = file.record.planned.unwrap();
        let harmless = planned.plan.steps[0].actions.iter().all(|action| {
            ACTS.iter().any(|(kind, verb, harmless)| *harmless && (*kind, *verb) == (action.kind.as_str(), action.verb))
        });
        // The configuration at that moment, looked up by what it is made of.
        let asked =
            CONFIGURATIONS.iter().find(|needs| rules(**needs) == begun.rules).ok_or("an unknown configuration")?;
        let need = if harmless { asked.0 } else { asked.1 };
        if rule(need) != planned.rule {
            return Err(format!("planned under {:?}, started under {need:?}", planned.rule));
        }
        if begun.now >= planned.planned_at.0 + need.seconds * 1000 {
            return Err("it had expired".into());
        }
        let digest = begun.run.digest.to_string();
        let roles = |person: &str| begun.roles.get(&who(person)).cloned().unwrap_or_default();
        let granted = |person: &str, action: Right| {
            let lists = begun.rights.grants.iter().filter(|grant| grant.actions.contains(&action));
            lists.into_iter().any(|grant| match &grant.holders {
                chopmark_domain::rights::Holders::AnyRole => !roles(person).is_empty(),
                chopmark_domain::rights::Holders::Roles(named) => {
                    named.iter().any(|role| roles(person).contains(role.as_str()))
                }
            })
        };
        let hands = self.hands(memory, &begun.run.change).await;
        let counts = |person: &str| {
            need.who.iter().any(|role| roles(person).contains(*role))
                && granted(person, Right::Approve)
                && (need.own || !hands.contains(person))
        };
        let mut yes: Vec<&str> = Vec::new();
        for (person, pressed, verdict) in &self.presses {
            if *pressed != digest {
                continue;
            }
            match verdict {
                Verdict::Reject if counts(person) || hands.contains(person) => {
                    return Err(format!("{person} had rejected it"));
                }
                Verdict::Approve if counts(person) && !yes.contains(&person.as_str()) => yes.push(person),
                Verdict::Approve | Verdict::Reject => {}
            }
        }
        if yes.len() >= need.many {
            self.by_people += 1;
            return Ok(());
        }
        if need.itself && harmless && hands.iter().all(|hand| granted(hand, Right::Propose)) {
            self.by_rule += 1;
            return Ok(());
        }
        Err(format!("{yes:?} of {need:?}, hands {hands:?}"))
    }
}

async fn live(steps: &[Step], story: &mut Story) -> Result<(), String> {
    let (outside, memory): (Arc<Outside>, Memory) = (outside(), Memory::default());
    for (name, roles) in PEOPLE.iter().zip([ROLES[1], ROLES[1], ROLES[2], ROLES[4]]) {
        outside.set_roles(name, roles);
    }
    apply(&outside, &Setting::Grants(0));
    apply(&outside, &Setting::Configuration(0));
    let engine = engine(&outside, &memory);
    for (number, step) in steps.iter().enumerate() {
        let all = memory.all();
        let chosen = |which: usize| all.get(all.len().checked_sub(1 + which % all.len().max(1))?).cloned();
        match step {
            Step::Propose(person) => {
                if let Ok(id) = engine.propose(set(&format!("value {number}")), &asked(PEOPLE[*person])).await {
                    story.authors.entry(id).or_default().insert(PEOPLE[*person].to_owned());
                }
                memory.settle(&outside).await;
            }
            Step::Edit(person, which) => {
                if let Some(id) = chosen(*which) {
                    let edit = Proposal { revises: Some(id.clone()), ..set(&format!("edit {number}")) };
                    if engine.propose(edit, &asked(PEOPLE[*person])).await.is_ok() {
                        story.authors.entry(id).or_default().insert(PEOPLE[*person].to_owned());
                    }
                }
            }
            Step::Decide(person, which, verdict) => {
                let Some(id) = chosen(*which) else { continue };
                let shown = memory.change(&id).await.unwrap().unwrap().record.planned.map(|planned| planned.digest);
                let press = DecisionAsked {
                    verdict: *verdict,
                    digest: shown.map(|digest| digest.to_string()),
                    confirmation: Some("cart".into()),
                    ..crate::approve(&id, PEOPLE[*person])
                };
                let name = PEOPLE[*person].to_owned();
                if let (Ok(_), Some(digest)) = (engine.decide(press).await, shown) {
                    story.presses.push((name, digest.to_string(), *verdict));
                }
            }
            Step::Acts(number) => outside.set_acts(ACTS[*number].0, ACTS[*number].1),
            Step::Set(setting) => apply(&outside, setting),
            Step::Meanwhile(setting) => {
                let setting = setting.clone();
                outside.meanwhile(move |outside| apply(outside, &setting));
            }
            Step::Die(turns) => memory.work(&outside, *turns).await,
            Step::Work => memory.settle(&outside).await,
        }
        let begun = outside.begun();
        for run in &begun[story.judged..] {
            story.judge(&memory, run).await.map_err(|why| format!("step {number}, {}: {why}", run.run.change))?;
        }
        story.judged = begun.len();
        let tickets: BTreeSet<_> = begun.iter().map(|run| (&run.run.change, run.run.revision)).collect();
        if tickets.len() != begun.len() {
            return Err(format!("step {number}: a ticket was used twice"));
        }
    }
    Ok(())
}

#[test]
fn no_run_begins_without_its_rule_met_at_that_moment() {
    let (by_people, by_rule) = (AtomicU64::new(0), AtomicU64::new(0));
    let config = Config { cases: 2000, failure_persistence: None, ..Config::default() };
    let ran = TestRunner::new(config).run(&proptest::collection::vec(step(), 6..28), |steps| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let mut story = Story::default();
        let lived = runtime.block_on(live(&steps, &mut story));
        by_people.fetch_add(story.by_people, Ordering::Relaxed);
        by_rule.fetch_add(story.by_rule, Ordering::Relaxed);
        lived.map_err(TestCaseError::fail)
    });
    ran.unwrap();
    // A model that never sees a run proves nothing.
    let (by_people, by_rule) = (by_people.into_inner(), by_rule.into_inner());
    assert!(by_people > 200 && by_rule > 200, "{by_people} by people, {by_rule} by rule");
}
