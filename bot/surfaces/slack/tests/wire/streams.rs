//! Streams: what is said so far, at a civil rate, and the answer in its place.
//! Run against what plays Slack, with and without streams.
//! Must never leave two messages where one answer is.

use crate::kit::{Scene, ada, place, says, send};
use chopmark_domain::change::{Language, Place};
use chopmark_protocol::chat::{Chat, Partial, Post};
use chopmark_slack::Slack;
use serde_json::json;

async fn said(slack: &Slack, place: &Place, text: &str, handle: Option<&str>) -> String {
    let to = ada();
    let partial = Partial { place, to: &to, language: Language::En, text, handle };
    slack.partial(partial).await.unwrap().unwrap()
}

async fn answer(slack: &Slack, place: &Place, handle: &str) {
    let post = Post { replaces: Some(handle.to_owned()), ..says("the whole answer") };
    assert_eq!(send(slack, place, &post, 0).await.unwrap(), handle);
    // Its answer was lost: the second try changes nothing.
    assert_eq!(send(slack, place, &post, 1).await.unwrap(), handle);
}

async fn thread(scene: &Scene) -> Place {
    let root = scene.peer.control("message", json!({"text": "<@U0BOT> why is cart slow?"})).await;
    place(root["ts"].as_str().unwrap())
}

#[tokio::test]
async fn with_streams_the_words_are_appended_and_the_answer_takes_their_place() {
    let Some(scene) = Scene::new(&[("STREAMING", "1")]) else { return };
    let place = thread(&scene).await;
    let handle = said(&scene.slack, &place, "Cart is", None).await;
    said(&scene.slack, &place, "Cart is slow", Some(&handle)).await;
    assert!(scene.peer.calls("chat.appendStream").await.is_empty(), "too soon");
    scene.clock.later(2);
    said(&scene.slack, &place, "Cart is slow since 10:00", Some(&handle)).await;
    let ours = scene.peer.ours().await;
    assert!(ours[0]["text"].as_str().unwrap().ends_with("> Cart is slow since 10:00"), "{}", ours[0]);
    answer(&scene.slack, &place, &handle).await;
    let ours = scene.peer.ours().await;
    assert_eq!(ours.len(), 1);
    assert_eq!(ours[0]["streaming"], false);
    assert!(ours[0].to_string().contains("the whole answer"));
    scene.end().await;
}

#[tokio::test]
async fn a_stream_that_a_program_before_us_began_becomes_the_answer_too() {
    let Some(scene) = Scene::new(&[("STREAMING", "1")]) else { return };
    let place = thread(&scene).await;
    let handle = said(&scene.slack, &place, "Cart is", None).await;
    let restarted = scene.restarted();
    answer(&restarted, &place, &handle).await;
    assert_eq!(scene.peer.ours().await.len(), 1);
    scene.end().await;
}

#[tokio::test]
async fn without_streams_a_message_is_edited_at_a_civil_rate() {
    let Some(scene) = Scene::new(&[]) else { return };
    let place = thread(&scene).await;
    let handle = said(&scene.slack, &place, "Cart is", None).await;
    for words in ["Cart is slow", "Cart is slow since"] {
        said(&scene.slack, &place, words, Some(&handle)).await;
    }
    assert!(scene.peer.calls("chat.update").await.is_empty());
    scene.clock.later(2);
    said(&scene.slack, &place, "Cart is slow since 10:00", Some(&handle)).await;
    assert_eq!(scene.peer.calls("chat.update").await.len(), 1);
    answer(&scene.slack, &place, &handle).await;
    // Found out once.
    said(&scene.slack, &place, "Another", None).await;
    assert_eq!(scene.peer.calls("chat.startStream").await.len(), 1);
    assert_eq!(scene.peer.ours().await.len(), 2);
    scene.end().await;
}

#[tokio::test]
async fn where_the_words_are_gone_the_answer_is_posted() {
    let Some(scene) = Scene::new(&[]) else { return };
    let place = thread(&scene).await;
    let handle = said(&scene.slack, &place, "Cart is", None).await;
    scene.peer.control("remove", json!({"ts": handle.split_once('/').unwrap().1})).await;
    let post = Post { replaces: Some(handle.clone()), ..says("the whole answer") };
    assert_ne!(send(&scene.slack, &place, &post, 0).await.unwrap(), handle);
    assert_eq!(scene.peer.ours().await.len(), 1);
    scene.end().await;
}
