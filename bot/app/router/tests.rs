//! Promises of chat platforms' conversations: languages are pinned by whom they concern, and nobody's words become
//! another's.
//! Run with the crate's tests.
//! Must never reach a platform.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::*;
use crate::fixture::{Fixture, Heard, PEOPLE, thread, words};
use chopmark_domain::ids::Identity;
use chopmark_domain::risk::Risk;
use std::collections::BTreeMap;

const ALICE: &str = "discord:100";
const BOB: &str = "discord:200";
const OLGA: &str = "discord:900";

/// The language of the answer to words that belong to none.
async fn answers(fixture: &Fixture, who: &str, place: &Place, locale: Option<Language>) -> Language {
    let heard = Heard::default();
    let request = Request {
        delivery: format!("{who}/status/{}", place.thread),
        identity: Identity::parse(who).unwrap(),
        groups: None,
        place: place.clone(),
        language: None,
        locale,
        text: "status".to_owned(),
        at: fixture.house.now(),
        seen: BTreeMap::new(),
    };
    Router::for_feed(fixture.house.clone()).serve(request, Meant::Words, &heard).await.unwrap();
    heard.0.into_inner().unwrap()[0].language
}

#[tokio::test]
async fn an_answer_is_in_the_persons_language_else_the_sentences_else_the_channels_else_the_platforms() {
    let fixture = Fixture::open(PEOPLE).await;
    let place = thread("1");
    assert_eq!(answers(&fixture, ALICE, &place, None).await, Language::En);
    assert_eq!(answers(&fixture, BOB, &place, Some(Language::Zh)).await, Language::Zh, "the platform says so");
    assert_eq!(fixture.says(OLGA, &place, "lang zh here").await[0].language, Language::Zh);
    let elsewhere = Place { channel: "5001".to_owned(), ..thread("1") };
    assert_eq!(answers(&fixture, ALICE, &thread("2"), None).await, Language::Zh, "every thread of the channel");
    assert_eq!(answers(&fixture, ALICE, &elsewhere, None).await, Language::En);
    assert_eq!(fixture.says(BOB, &place, "which of the changes wait for me?").await[0].language, Language::En);
    // What a person pins goes before what they say, on every platform they are known on.
    fixture.says(BOB, &place, "语言 英文").await;
    assert_eq!(fixture.says(BOB, &place, "状态").await[0].language, Language::En);
    let slack = Place { surface: "slack".to_owned(), ..thread("1") };
    assert_eq!(fixture.says("slack:T1.U200", &slack, "状态").await[0].language, Language::En);
    fixture.says("slack:T1.U200", &slack, "lang auto").await;
    assert_eq!(fixture.says(BOB, &place, "状态").await[0].language, Language::Zh);
    fixture.says(OLGA, &place, "语言 自动 本频道").await;
    assert_eq!(answers(&fixture, ALICE, &thread("3"), None).await, Language::En);
}

#[tokio::test]
async fn the_language_of_a_channel_is_for_administrators_to_say() {
    let fixture = Fixture::open(PEOPLE).await;
    let refused = fixture.says(ALICE, &thread("1"), "lang zh here").await;
    assert!(words(&refused).starts_with("CM-5010"), "{}", words(&refused));
    assert_eq!(answers(&fixture, OLGA, &thread("1"), None).await, Language::En);
}

#[tokio::test]
async fn what_one_person_looked_at_is_not_what_another_means() {
    let fixture = Fixture::open(PEOPLE).await;
    let place = thread("1");
    let first = fixture.waiting("chg-aaaa", &place, Risk::Low).await;
    fixture.waiting("chg-bbbb", &place, Risk::Low).await;
    assert_eq!(words(&fixture.says(ALICE, &place, "show chg-aaaa").await), "card chg-aaaa");
    let told = fixture.says(BOB, &place, "approve").await;
    assert!(words(&told).starts_with("CM-5026"), "bob has looked at none of them: {}", words(&told));
    assert!(words(&told).contains("chg-aaaa") && words(&told).contains("chg-bbbb"), "{}", words(&told));
    assert_eq!(words(&fixture.says(BOB, &place, "show chg-bbbb").await), "card chg-bbbb");
    // Alice's "it" is still hers.
    assert_eq!(words(&fixture.says(ALICE, &place, "cancel").await), "card chg-aaaa");
    let file = fixture.house.file(&first).await.unwrap();
    assert_eq!(file.change.state, chopmark_domain::lifecycle::State::Cancelled);
    // Alone in waiting, it needs no name; and each decides by their own right.
    assert!(words(&fixture.says(OLGA, &place, "approve").await).starts_with("CM-5001"));
    assert_eq!(words(&fixture.says("discord:300", &place, "approve").await), "card chg-bbbb");
}

#[tokio::test]
async fn a_question_is_answered_by_whom_it_was_asked() {
    let here = thread("1");
    let [alice, bob] = [ALICE, BOB].map(|who| Identity::parse(who).unwrap());
    let key = |identity| Conversation::key(Following::Feed, &here, identity);
    assert_ne!(key(&alice), key(&bob));
    assert_eq!(Conversation::key(Following::Request, &here, &alice), here, "a terminal is one person's");
    let fixture = Fixture::open(PEOPLE).await;
    fixture.says(ALICE, &here, "status").await;
    let kept = async |place: &Place| fixture.house.store.recall(place).await.unwrap();
    assert!(kept(&key(&alice)).await.is_some() && kept(&key(&bob)).await.is_none());
    assert!(kept(&here).await.is_some(), "that there is a conversation here is known");
}

#[tokio::test]
async fn where_there_are_no_channels_it_is_said() {
    let fixture = Fixture::open(PEOPLE).await;
    for said in ["subscribe approvals", "unsubscribe", "subscriptions", "lang zh here"] {
        let heard = Heard::default();
        let request = Request {
            delivery: said.to_owned(),
            identity: Identity::parse(OLGA).unwrap(),
            groups: None,
            place: Place { surface: "terminal".to_owned(), ..thread("main") },
            language: None,
            locale: None,
            text: said.to_owned(),
            at: fixture.house.now(),
            seen: BTreeMap::new(),
        };
        let router = Router::new(fixture.house.clone(), Reach::Change);
        router.serve(request, Meant::Words, &heard).await.unwrap();
        let told = words(&heard.0.into_inner().unwrap());
        assert!(told.starts_with("CM-5025"), "{said}: {told}");
    }
}
