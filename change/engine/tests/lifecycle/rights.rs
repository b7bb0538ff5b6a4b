//! Rights: what is lost between an approval and a start, one person with several identities, codes, and questions.
//! Run by `cargo test`.
//! Must never give anybody by a join what they had not.

use crate::kit::{World, asked, set, who};
use crate::{approve, code, ledger_verifies, waiting};
use chopmark_domain::access::{RuleSays, Wanted};
use chopmark_domain::approval::Verdict;
use chopmark_domain::ids::{ChangeId, Identity, PersonId};
use chopmark_domain::lifecycle::State;
use chopmark_domain::ports::{Identities, LINK_TRIES, LedgerFilter, Records};
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::proposal::Intent;
use chopmark_domain::rights::{Pattern, Right, Rights};
use chopmark_engine::commands::{Decided, DecisionAsked, Resolution};

fn identity(text: &str) -> Identity {
    Identity::parse(text).unwrap()
}

fn through(change: &ChangeId, person: &str, speaking: &str) -> DecisionAsked {
    DecisionAsked { identity: Some(identity(speaking)), ..approve(change, person) }
}

/// Approves while nothing can start, changes something, lets the worker go on, and says why it went back.
async fn voided(lose: impl FnOnce(&World)) -> (World, ChangeId, Problem) {
    let mut world = World::new().await;
    let id = waiting(&world, "two").await;
    world.stop_worker().await;
    world.outside.owners.lock().unwrap().insert(identity("slack:T.B"), Some(who("bob")));
    let decided = world.engine.decide(through(&id, "bob", "slack:T.B")).await;
    assert_eq!(decided, Ok(Decided::Countersigned));
    lose(&world);
    world.start_worker();
    let file = world.reaches(&id, State::AwaitingApproval).await;
    assert_eq!(world.outside.effects(), 0);
    assert_eq!(file.decisions.len(), 1, "kept");
    assert!(file.change.voided.contains(&who("bob")), "and marked");
    let problem = file.change.problem.unwrap();
    assert_eq!(problem.code, Code::RuleNotMet);
    (world, id, problem)
}

#[tokio::test]
async fn whatever_is_lost_before_the_start_voids_the_decision_with_its_reason() {
    type Lose = Box<dyn FnOnce(&World)>;
    let owner = |owner: Option<PersonId>| -> Lose {
        Box::new(move |world: &World| {
            world.outside.owners.lock().unwrap().insert(identity("slack:T.B"), owner);
        })
    };
    let narrowed = |world: &World| {
        let mut rights = Rights::of_any_role("config.toml:9");
        rights.grants[0].components = vec![Pattern::parse("dev/other/*").unwrap()];
        *world.outside.rights.lock().unwrap() = rights;
    };
    let cases: [(&str, Lose); 6] = [
        ("role", Box::new(|world: &World| world.outside.set_roles("bob", &["guest"]))),
        ("role", Box::new(|world: &World| world.outside.set_roles("bob", &[]))),
        ("right", Box::new(narrowed)),
        ("right", Box::new(|world: &World| *world.outside.rights.lock().unwrap() = Rights::default())),
        ("identity", owner(Some(who("mallory")))),
        ("identity", owner(None)),
    ];
    for (reason, lose) in cases {
        let (world, _, problem) = voided(lose).await;
        assert_eq!((problem.facts["reason"].as_str(), problem.facts["people"].as_str()), (reason, "terminal:bob"));
        ledger_verifies(&world).await;
    }
}

#[tokio::test]
async fn what_was_voided_counts_again_only_when_its_person_decides_again() {
    let (world, id, _) = voided(|world| world.outside.set_roles("bob", &[])).await;
    world.outside.set_rule(|_| ());
    world.outside.set_roles("bob", &["operator"]);
    // The rule asks for one: an old mark that came back by itself would start it with nobody deciding.
    assert_eq!(world.file(&id).await.change.state, State::AwaitingApproval);
    assert_eq!(world.engine.decide(through(&id, "bob", "slack:T.B")).await, Ok(Decided::Countersigned));
    let file = world.reaches(&id, State::Succeeded).await;
    assert!(file.change.voided.is_empty());
    assert_eq!(world.outside.effects(), 1);
    ledger_verifies(&world).await;
}

#[tokio::test]
async fn a_decision_that_went_with_its_identity_does_not_stand_in_the_way_of_another() {
    let (world, id, _) = voided(|world| {
        world.outside.owners.lock().unwrap().remove(&identity("slack:T.B"));
    })
    .await;
    assert_eq!(world.engine.decide(through(&id, "bob", "terminal:bob")).await, Ok(Decided::Countersigned));
    let file = world.reaches(&id, State::Succeeded).await;
    assert_eq!(file.decisions.len(), 2, "each through its identity");
}

#[tokio::test]
async fn two_identities_of_one_person_are_one_mark_and_one_author() {
    let world = World::new().await;
    world.outside.set_rule(|rule| rule.needed = 2);
    let id = waiting(&world, "two").await;
    assert_eq!(
        world.engine.decide(through(&id, "bob", "terminal:bob")).await,
        Ok(Decided::Counted { have: 1, needed: 2 })
    );
    // Carol and bob turn out to be one.
    world.outside.owners.lock().unwrap().insert(identity("terminal:carol"), Some(who("bob")));
    let again = world.engine.decide(through(&id, "bob", "terminal:carol")).await;
    assert_eq!(code(again), Code::AlreadyDecided);
    assert_eq!(world.file(&id).await.change.state, State::AwaitingApproval);
    // Whoever asked is joined to bob too: bob no longer counts for it.
    world.outside.owners.lock().unwrap().insert(identity("terminal:alice"), Some(who("bob")));
    assert_eq!(code(world.engine.decide(approve(&id, "bob")).await), Code::SelfApprovalForbidden);
}

#[tokio::test]
async fn no_command_skips_the_rights() {
    let world = World::new().await;
    let id = waiting(&world, "two").await;
    let mut rights = Rights::of_any_role("config.toml:9");
    rights.grants[0].actions = [Right::Ask].into();
    *world.outside.rights.lock().unwrap() = rights;
    let engine = &world.engine;
    let propose = engine.propose(set("three"), &asked("bob")).await;
    assert_eq!(code(propose), Code::NoRight);
    let edit = chopmark_domain::proposal::Proposal { revises: Some(id.clone()), ..set("three") };
    assert_eq!(code(engine.propose(edit, &asked("bob")).await), Code::NoRight);
    let delete = chopmark_domain::proposal::Proposal { intent: Intent::Delete, ..set("three") };
    assert_eq!(code(engine.propose(delete, &asked("bob")).await), Code::NoRight);
    assert_eq!(code(engine.decide(approve(&id, "bob")).await), Code::NoRight);
    let reject = DecisionAsked { verdict: Verdict::Reject, ..approve(&id, "bob") };
    assert_eq!(code(engine.decide(reject).await), Code::NoRight);
    assert_eq!(code(engine.cancel(&id, &who("bob")).await), Code::NoRight);
    assert_eq!(code(engine.resolve(&id, &who("bob"), Resolution::Applied, "x").await), Code::NoRight);
    assert_eq!(code(engine.halt(&who("bob"), None).await), Code::NoRight);
    assert_eq!(code(engine.lift(&who("bob")).await), Code::NoRight);
    assert_eq!(world.file(&id).await.change.state, State::AwaitingApproval);
    let entries = world.store.ledger(&LedgerFilter { limit: 1000, ..LedgerFilter::default() }).await.unwrap();
    let refused = |entry: &&chopmark_domain::ledger::Entry| {
        entry.bytes.contains("access_refused") || entry.bytes.contains("decision_refused")
    };
    assert_eq!(entries.iter().filter(refused).count(), 9);
}

#[tokio::test]
async fn a_code_joins_one_identity_to_the_person_who_asked_for_it() {
    let world = World::new().await;
    let code_of = async |name: &str| world.engine.offer_link(&who(name), &identity(&format!("terminal:{name}"))).await;
    assert_eq!(code(code_of("mallory").await), Code::NoRight, "nobody without a role has a code to give");
    let first = code_of("alice").await.unwrap();
    assert!(
        first.len() == 8
            && !world
                .store
                .ledger(&LedgerFilter { limit: 9, ..LedgerFilter::default() })
                .await
                .unwrap()
                .iter()
                .any(|entry| entry.bytes.contains(&first))
    );
    let own = world.engine.join(&identity("terminal:alice"), &first).await;
    assert_eq!(code(own), Code::AlreadyJoined);
    let spoken = code_of("alice").await.unwrap();
    let (head, tail) = spoken.split_at(4);
    let joined = world.engine.join(&identity("slack:T.A"), &format!("{}-{tail}", head.to_uppercase())).await;
    assert_eq!(joined, Ok(who("alice")));
    assert_eq!(code(world.engine.join(&identity("slack:T.X"), &spoken).await), Code::LinkRefused);
    let links = world.store.links().await.unwrap();
    assert_eq!(links.iter().map(|sealed| sealed.link.identity.as_str()).collect::<Vec<_>>(), ["slack:T.A"]);
    // Parting: one's own, and nobody else's.
    world.outside.owners.lock().unwrap().insert(identity("slack:T.A"), Some(who("alice")));
    let foreign = world.engine.part(&who("mallory"), &identity("terminal:mallory"), Some(identity("slack:T.A"))).await;
    assert_eq!(code(foreign), Code::NoRight);
    let parted = world.engine.part(&who("alice"), &identity("terminal:alice"), Some(identity("slack:T.A"))).await;
    assert_eq!(parted, Ok(identity("slack:T.A")));
    assert_eq!(world.store.links().await.unwrap(), []);
    ledger_verifies(&world).await;
}

#[tokio::test]
async fn a_join_never_widens_what_a_person_may_do() {
    let world = World::new().await;
    world.outside.set_roles("guest", &["guest"]);
    let offered = world.engine.offer_link(&who("guest"), &identity("terminal:guest")).await.unwrap();
    let tricked = world.engine.join(&identity("terminal:bob"), &offered).await;
    let problem = tricked.unwrap_err();
    assert_eq!((problem.code, problem.facts["roles"].as_str()), (Code::JoinWidens, "operator"));
    assert_eq!(world.store.links().await.unwrap(), []);
    // A person who lost every role since has nothing to give.
    let offered = world.engine.offer_link(&who("guest"), &identity("terminal:guest")).await.unwrap();
    world.outside.set_roles("guest", &[]);
    let nobody = world.engine.join(&identity("slack:T.N"), &offered).await;
    assert!(nobody.is_err(), "{nobody:?}");
}

#[tokio::test]
async fn five_wrong_codes_close_every_code_and_each_try_is_in_the_ledger() {
    let world = World::new().await;
    let right = world.engine.offer_link(&who("alice"), &identity("terminal:alice")).await.unwrap();
    for _ in 0..LINK_TRIES {
        assert_eq!(code(world.engine.join(&identity("slack:T.G"), "22222222").await), Code::LinkRefused);
    }
    assert_eq!(code(world.engine.join(&identity("slack:T.G"), &right).await), Code::LinkRefused);
    assert_eq!(world.engine.join(&identity("slack:T.A"), &right).await, Ok(who("alice")));
    let entries = world.store.ledger(&LedgerFilter { limit: 100, ..LedgerFilter::default() }).await.unwrap();
    assert_eq!(entries.iter().filter(|entry| entry.bytes.contains("\"refused\"")).count(), 6);
}

#[tokio::test]
async fn why_somebody_may_or_may_not_is_said_to_those_who_may_know() {
    let world = World::new().await;
    let id = waiting(&world, "two").await;
    let wanted = Wanted::parse(&format!("approve {id}")).unwrap();
    let own = world.engine.explain(&who("alice"), None, Some(&wanted)).await.unwrap();
    let answer = &own.answers[0];
    assert!(!answer.allowed && answer.grant.is_some());
    assert_eq!(answer.rule.as_ref().map(|rule| rule.says), Some(RuleSays::OwnChange));
    assert_eq!(answer.others, ["terminal:bob", "terminal:carol"]);
    let bob = world.engine.explain(&who("alice"), Some("terminal:bob"), Some(&wanted)).await.unwrap();
    assert!(bob.answers[0].allowed);
    let stranger = world.engine.explain(&who("alice"), Some("terminal:mallory"), Some(&wanted)).await.unwrap();
    assert_eq!(stranger.answers[0].lacks.as_ref().map(|lacks| lacks.what.as_str()), Some("role"));
    assert_eq!(code(world.engine.explain(&who("alice"), Some("zoe"), None).await), Code::UnknownPerson);

    let mut rights = Rights::of_any_role("config.toml:9");
    rights.grants[0].actions = [Right::Ask, Right::Propose].into();
    *world.outside.rights.lock().unwrap() = rights;
    let others = world.engine.explain(&who("alice"), Some("terminal:bob"), Some(&wanted)).await;
    assert_eq!(code(others), Code::NoRight);
    let unknown = world.engine.explain(&who("alice"), Some("zoe"), Some(&wanted)).await;
    assert_eq!(code(unknown), Code::NoRight, "whether there is such a person is not said either");
    assert!(world.engine.explain(&who("alice"), None, None).await.is_ok(), "everybody may ask about themselves");
}
