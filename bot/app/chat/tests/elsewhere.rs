//! Promises about what can't be delivered: it is told elsewhere, put off, or left with a word.
//! Run with the crate's tests.
//! Must never lose what somebody waits for without a trace.

use super::scene::{ALICE, BOB, Scene, code, words};
use super::scripted::{Did, On, card, later};
use chopmark_domain::change::Place;
use chopmark_domain::lifecycle::State;
use chopmark_domain::ports::{NewsKind, Subscription};
use chopmark_domain::problem::{Code, Problem};
use chopmark_protocol::chat::{Act, Audience, Fault, PostBody};

/// Where it was posted, and its words.
fn told(did: &[Did]) -> Vec<(String, String)> {
    let posted = did.iter().filter_map(|did| match did {
        Did::Posted { place, post, .. } => match &post.body {
            PostBody::Event { event } => Some((place.channel.clone(), words(event))),
            PostBody::File { .. } => None,
        },
        _ => None,
    });
    posted.collect()
}

#[tokio::test]
async fn the_end_of_a_change_is_told_to_whoever_asked_when_its_channel_is_closed() {
    let scene = Scene::new().await;
    let id = scene.waiting("chg-7f3k").await;
    scene.chat.close("5000");
    let running = scene.hears("p").await;
    scene.moves(&id, State::Succeeded).await;
    let alone = |did: &[Did]| {
        let all: Vec<_> = told(did).into_iter().filter(|(channel, _)| channel == "dm-100").collect();
        all.iter().any(|(_, words)| words.contains("archived")).then_some(all)
    };
    let all = scene.chat.until("Alice is told alone", alone).await;
    assert!(all.iter().all(|(channel, _)| channel == "dm-100"), "{all:?}");
    running.stopped().await;
}

#[tokio::test]
async fn where_nobody_can_be_told_alone_the_channels_that_asked_for_failures_are() {
    let scene = Scene::new().await;
    let id = scene.waiting("chg-7f3k").await;
    for channel in ["5000", "dm-100"] {
        scene.chat.close(channel);
    }
    let ops = Place { surface: "discord".to_owned(), channel: "ops".to_owned(), thread: String::new() };
    let subscription = Subscription { place: ops, kind: NewsKind::Failures };
    assert!(scene.records().subscribe(&subscription, scene.fixture.house.now()).await.unwrap());
    let running = scene.hears("p").await;
    scene.moves(&id, State::Succeeded).await;
    let in_ops = |did: &[Did]| {
        let codes = did.iter().filter_map(|did| match did {
            Did::Posted { place, post, .. } if place.channel == "ops" => Some(post),
            _ => None,
        });
        let mut gone =
            codes.filter(|post| matches!(&post.body, PostBody::Event { event } if code(event) == Some("CM-8025")));
        gone.next().map(|_| ())
    };
    scene.chat.until("the channel of failures is told", in_ops).await;
    running.stopped().await;
}

#[tokio::test]
async fn what_the_platform_finds_malformed_is_said_in_short_words_and_the_next_message_follows() {
    let scene = Scene::new().await;
    scene.chat.fails(On::Post, Fault::Invalid("50035 Invalid Form Body".to_owned()));
    let running = scene.hears("p").await;
    scene.says("one", ALICE, &scene.place, "explain CM-1003").await;
    scene.says("two", ALICE, &scene.place, "explain CM-1004").await;
    let both = |did: &[Did]| {
        let keys: Vec<_> = did
            .iter()
            .filter_map(|did| if let Did::Posted { key, .. } = did { Some(key.clone()) } else { None })
            .collect();
        (keys.len() == 2).then_some(keys)
    };
    let mut keys = scene.chat.until("both are answered", both).await;
    keys.sort();
    assert_eq!(keys, ["discord/two/0", "invalid/discord/one/0"]);
    assert!(told(&scene.chat.did()).iter().any(|(_, words)| words.starts_with("CM-8024") && words.contains("50035")));
    running.stopped().await;
}

#[tokio::test]
async fn what_only_a_person_mends_waits_for_them_and_nothing_is_lost() {
    let scene = Scene::new().await;
    for _ in 0..4 {
        scene.chat.fails(On::Post, Fault::Refused(Problem::new(Code::ChatTokenRefused)));
        scene.chat.fails(On::Post, later());
    }
    let running = scene.hears("p").await;
    scene.says("one", ALICE, &scene.place, "explain CM-1003").await;
    let answered = |did: &[Did]| (told(did).len() == 1).then_some(());
    scene.chat.until("it is answered in the end", answered).await;
    running.stopped().await;
}

#[tokio::test]
async fn a_refusal_is_for_whoever_pressed_and_what_is_said_in_words_is_for_everybody() {
    let scene = Scene::new().await;
    let id = scene.waiting("chg-7f3k").await;
    let running = scene.hears("p").await;
    scene.says("show", ALICE, &scene.place, "show chg-7f3k").await;
    let message = scene.chat.until("the card", card).await;
    // She asked for it: she may not approve it.
    scene.presses("press", ALICE, Act::Approve, &id, &message).await;
    scene.says("code", BOB, &scene.place, "link").await;
    scene.says("words", BOB, &scene.place, "explain CM-1003").await;
    let three = |did: &[Did]| {
        let posts: Vec<_> = did
            .iter()
            .filter_map(
                |did| if let Did::Posted { key, post, .. } = did { Some((key.clone(), post.clone())) } else { None },
            )
            .collect();
        (posts.len() == 3).then_some(posts)
    };
    let posts = scene.chat.until("three answers", three).await;
    for (key, post) in posts {
        let alone = match &post.audience {
            Audience::Only { identity, .. } => Some(identity.as_str().to_owned()),
            Audience::Everybody => None,
        };
        match key.as_str() {
            "discord/press/0" => assert_eq!(alone.as_deref(), Some(ALICE)),
            "discord/code/0" => {
                assert_eq!(alone.as_deref(), Some(BOB), "a code for joining is never posted where others read")
            }
            _ => assert_eq!((alone, post.to.as_deref()), (None, Some(BOB)), "where several speak, it says to whom"),
        }
    }
    assert_eq!(scene.fixture.house.file(&id).await.unwrap().decisions, []);
    running.stopped().await;
}
