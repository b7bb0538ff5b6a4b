//! Sending: every message once, whatever happens to the answer; private ones to one person only.
//! Run against what plays Slack.
//! Must never count on an answer: cut ones are the rule here.

use crate::kit::{Scene, ada, drawn, file, place, says, send};
use chopmark_domain::ids::Identity;
use chopmark_protocol::chat::{Audience, Chat, Fault, Post, Reply};
use serde_json::json;

#[tokio::test]
async fn a_message_whose_answer_was_cut_is_found_and_not_sent_again() {
    let Some(scene) = Scene::new(&[]) else { return };
    let root = scene.peer.control("message", json!({"text": "root"})).await;
    let root = place(root["ts"].as_str().unwrap());
    for place in [&place(""), &root] {
        scene.peer.fault(json!({"method": "chat.postMessage", "cut": "after"})).await;
        let Err(Fault::Later { .. }) = send(&scene.slack, place, &says("once"), 0).await else { panic!("it was cut") };
        let id = send(&scene.restarted(), place, &says("once"), 1).await.unwrap();
        assert!(id.starts_with("C0001/"));
    }
    assert_eq!(scene.peer.ours().await.len(), 2);
    // One that never arrived is sent.
    scene.peer.fault(json!({"method": "chat.postMessage", "cut": "before"})).await;
    scene.slack.post_card(&root, "card/1", &drawn("planning"), 0).await.unwrap_err();
    scene.slack.post_card(&root, "card/1", &drawn("planning"), 1).await.unwrap();
    assert_eq!(scene.peer.ours().await.len(), 3);
    scene.end().await;
}

#[tokio::test]
async fn anothers_message_with_our_key_is_not_taken_for_ours() {
    let Some(scene) = Scene::new(&[]) else { return };
    let more = json!({"metadata": {"event_type": "chopmark", "event_payload": {"key": "answer/1"}}});
    scene.peer.control("message", json!({"text": "forged", "more": more})).await;
    send(&scene.slack, &place(""), &says("really ours"), 3).await.unwrap();
    assert_eq!(scene.peer.ours().await.len(), 1);
    scene.end().await;
}

#[tokio::test]
async fn a_file_is_shared_whole_and_once() {
    let Some(scene) = Scene::new(&[]) else { return };
    let root = scene.peer.control("message", json!({"text": "root"})).await;
    let root = place(root["ts"].as_str().unwrap());
    let plan = file("chg-7f3k-1.txt", "- destroy 数据库\n+ create <cart>\n");
    scene.peer.fault(json!({"method": "upload", "status": 500})).await;
    send(&scene.slack, &root, &plan, 0).await.unwrap_err();
    scene.peer.fault(json!({"method": "files.completeUploadExternal", "cut": "after"})).await;
    send(&scene.slack, &root, &plan, 1).await.unwrap_err();
    send(&scene.slack, &root, &plan, 2).await.unwrap();
    let shared = scene.peer.every("files", |file| file["channel"] == "C0001").await;
    assert_eq!(shared.len(), 1);
    assert_eq!(shared[0]["text"], "- destroy 数据库\n+ create <cart>\n");
    assert_eq!(shared[0]["thread_ts"], json!(root.thread));
    assert_eq!(shared[0]["name"], "chg-7f3k-1.txt");
    scene.end().await;
}

fn alone(reply: Option<Reply>) -> Post {
    Post { audience: Audience::Only { identity: ada(), reply }, ..says("you may not") }
}

#[tokio::test]
async fn who_is_told_alone_is_told_by_the_way_that_still_works() {
    let Some(scene) = Scene::hears(&[]).await else { return };
    scene.peer.control("mention", json!({"text": "deploy cart"})).await;
    let place = scene.arrival(1).await.speaker.place;
    let card = scene.slack.post_card(&place, "card/1", &drawn("planning"), 0).await.unwrap();
    let press = crate::kit::press(chopmark_protocol::chat::Act::Approve, chopmark_protocol::chat::Asks::Nothing);
    let time = card.split_once('/').unwrap().1;
    scene.peer.control("press", json!({"ts": time, "action_id": press.id()})).await;
    let reply = scene.arrival(2).await.reply;
    // Five uses, then the channel's own way.
    for _ in 0..6 {
        send(&scene.slack, &place, &alone(reply.clone()), 0).await.unwrap();
    }
    let by = |state: &serde_json::Value| -> Vec<String> {
        state["ephemerals"].as_array().unwrap().iter().map(|told| told["by"].as_str().unwrap().to_owned()).collect()
    };
    let state = scene.peer.state().await;
    assert_eq!(by(&state), [vec!["response_url"; 5], vec!["postEphemeral"]].concat());
    // After its time the address is not even tried.
    scene.clock.later(40 * 60);
    let tried = scene.peer.calls("actions").await.len();
    send(&scene.slack, &place, &alone(reply), 0).await.unwrap();
    assert_eq!(scene.peer.calls("actions").await.len(), tried);
    // Whoever is not in the channel is told directly; nobody else is.
    scene.peer.fault(json!({"method": "chat.postEphemeral", "error": "user_not_in_channel"})).await;
    send(&scene.slack, &place, &alone(None), 0).await.unwrap();
    let direct = scene.peer.every("messages", |message| message["channel"] == "D0ADA").await;
    assert_eq!(direct.len(), 1);
    scene.end().await;
}

#[tokio::test]
async fn somebody_who_takes_no_direct_messages_is_gone_and_not_tried_for_ever() {
    let Some(scene) = Scene::new(&[]) else { return };
    let nobody = Identity::parse("slack:T0001.U0NONE").unwrap();
    assert!(matches!(scene.slack.direct(&nobody).await, Err(Fault::Gone { .. })));
    assert_eq!(scene.slack.direct(&ada()).await.unwrap().channel, "D0ADA");
    scene.end().await;
}
