//! Promises about requests: each is served once, whatever ends the program, in the order of its place.
//! Run with the crate's tests.
//! Must never depend on which of two places is faster.

use super::scene::{ALICE, BOB, Scene, words};
use super::scripted::{Did, On, card, later};
use crate::fixture::thread;
use chopmark_domain::approval::Verdict;
use chopmark_protocol::chat::{Act, PostBody};
use std::collections::BTreeMap;

fn said(did: &[Did]) -> Vec<(String, String)> {
    let posted = did.iter().filter_map(|did| match did {
        Did::Posted { key, post, .. } => match &post.body {
            PostBody::Event { event } => Some((key.clone(), words(event))),
            PostBody::File { .. } => None,
        },
        _ => None,
    });
    posted.collect()
}

#[tokio::test]
async fn every_request_is_answered_once_however_often_the_program_is_killed_on_the_way() {
    let scene = Scene::new().await;
    let requests = 24;
    for number in 0..requests {
        let place = thread(&format!("{}", number % 5));
        scene.says(&format!("d{number}"), ALICE, &place, "explain CM-1003").await;
    }
    // Killed whenever another answer was given; faults come in between.
    let mut round = 0;
    while said(&scene.chat.did()).len() < requests {
        scene.chat.fails(On::Post, later());
        scene.chat.fails(On::Read, later());
        let before = said(&scene.chat.did()).len();
        let running = scene.hears(&format!("p{round}")).await;
        scene.chat.until("one more answer", |did| (said(did).len() > before).then_some(())).await;
        running.killed().await;
        round += 1;
    }
    let running = scene.hears("last").await;
    while !scene.records().unserved("discord", 1).await.unwrap().is_empty() {
        tokio::task::yield_now().await;
    }
    running.stopped().await;
    let mut answers: BTreeMap<String, usize> = BTreeMap::new();
    for (key, _) in said(&scene.chat.did()) {
        *answers.entry(key.split('/').nth(1).unwrap().to_owned()).or_default() += 1;
    }
    assert_eq!(answers.len(), requests);
    assert!(answers.values().all(|count| *count == 1), "{answers:?}");
}

#[tokio::test]
async fn a_decision_counts_once_when_its_press_is_served_again_and_nobody_is_told_off_for_it() {
    let scene = Scene::new().await;
    let id = scene.waiting("chg-7f3k").await;
    let running = scene.hears("first").await;
    scene.says("show", ALICE, &scene.place, "show chg-7f3k").await;
    let message = scene.chat.until("the card", card).await;
    scene.presses("press", BOB, Act::Approve, &id, &message).await;
    while !scene.records().unserved("discord", 1).await.unwrap().is_empty() {
        tokio::task::yield_now().await;
    }
    running.killed().await;
    // That it was served was not kept: as if the program had been killed right before.
    let at = scene.fixture.house.now();
    let told = scene.chat.posts().len();
    let file = scene.fixture.house.file(&id).await.unwrap();
    let office = scene.office("again");
    let event = super::scripted::event("press", BOB, &scene.place, &press_of(&file), Some(&message));
    let arrival = chopmark_protocol::chat::Chat::read(&*scene.chat, &event).await.unwrap().unwrap();
    let out = crate::chat::outlet::Out::new(&office, &arrival, crate::chat::outlet::Turn::Again, false);
    let (request, meant) = crate::chat::meaning::of(&office, &arrival).await.unwrap().unwrap();
    office.0.router.serve(request, meant, &out).await.unwrap();
    out.end().await.unwrap();
    let file = scene.fixture.house.file(&id).await.unwrap();
    let marks: Vec<_> = file.decisions.iter().map(|sealed| sealed.decision.verdict).collect();
    assert_eq!(marks, [Verdict::Approve]);
    assert_eq!(scene.chat.posts().len(), told);
    // That somebody else may approve was perhaps not said yet when it was killed.
    let mut due = scene.records().due_messages("discord", at.plus_seconds(60), 10).await.unwrap();
    due.retain(|waiting| !waiting.message.key.starts_with("mention/"));
    assert_eq!(due, [], "nothing more is said about it");
}

fn press_of(file: &chopmark_domain::facts::ChangeFile) -> String {
    use chopmark_protocol::chat::{Asks, Press, Pressed};
    let digest = file.record.planned.as_ref().unwrap().digest;
    let seen = Some(chopmark_protocol::request::Seen { revision: file.change.revision, digest });
    let what = Pressed::Act { act: Act::Approve, change: file.change.id.clone(), seen };
    Press { what, asks: Asks::Nothing }.id().unwrap()
}

#[tokio::test]
async fn answers_of_one_place_come_in_the_order_of_the_requests_and_places_do_not_wait_for_each_other() {
    let scene = Scene::new().await;
    let slow = chopmark_domain::change::Place { channel: "slow".to_owned(), ..thread("1") };
    scene.chat.hold(Some("slow"));
    let running = scene.hears("p").await;
    let codes = [1001, 1002, 1003, 1004, 1005, 1006, 1008, 1009, 1010, 1011];
    for (number, code) in codes.iter().enumerate() {
        scene.says(&format!("slow{number}"), ALICE, &slow, &format!("explain CM-{code}")).await;
        scene.says(&format!("quick{number}"), ALICE, &thread("2"), &format!("explain CM-{code}")).await;
        scene.chat.fails(On::Post, later());
    }
    let of = |did: &[Did], channel: &str| -> Vec<String> {
        let posted = did.iter().filter_map(|did| match did {
            Did::Posted { key, place, .. } if place.channel == channel => Some(key.clone()),
            _ => None,
        });
        posted.collect()
    };
    let expected = |name: &str| (0..codes.len()).map(|n| format!("discord/{name}{n}/0")).collect::<Vec<_>>();
    let quick = scene.chat.until("quick answers", |did| Some(of(did, "5000")).filter(|all| all.len() == 10)).await;
    assert_eq!(quick, expected("quick"));
    assert_eq!(of(&scene.chat.did(), "slow"), [""; 0]);
    scene.chat.hold(None);
    let slow = scene.chat.until("slow answers", |did| Some(of(did, "slow")).filter(|all| all.len() == 10)).await;
    assert_eq!(slow, expected("slow"));
    running.stopped().await;
}

#[tokio::test]
async fn everybody_who_is_heard_gets_a_sign_and_what_means_nothing_is_over() {
    let scene = Scene::new().await;
    let running = scene.hears("p").await;
    scene.says("one", ALICE, &scene.place, "help").await;
    let nothing = chopmark_domain::ports::Delivery {
        raw: "{}".to_owned(),
        ..super::scripted::event("nothing", ALICE, &scene.place, "", None)
    };
    assert!(scene.records().take(&nothing).await.unwrap());
    scene.chat.until("a sign", |did| did.contains(&Did::Signed("one".to_owned())).then_some(())).await;
    while !scene.records().unserved("discord", 1).await.unwrap().is_empty() {
        tokio::task::yield_now().await;
    }
    running.stopped().await;
    assert!(!scene.chat.did().contains(&Did::Signed("nothing".to_owned())));
}
