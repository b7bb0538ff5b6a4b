//! Breaks: copies, reconnections, lost sessions, cut sockets, silence; nothing is lost and nothing is heard twice.
//! Run over the real gateway, which the test disturbs.
//! Must never look away before the gateway is open again.

use crate::kit::{Scene, card, options, press};
use crate::peer::{Peer, until};
use chopmark_domain::problem::Code;
use chopmark_protocol::chat::{Act, Asks, Chat as _, Fault};
use serde_json::{Value, json};

async fn connections(scene: &Scene) -> usize {
    let log = scene.peer.look("log").await;
    log.as_array().unwrap().iter().filter(|entry| entry["kind"] == "connect").count()
}

async fn sent_ops(scene: &Scene, op: u64) -> usize {
    let log = scene.peer.look("log").await;
    log.as_array().unwrap().iter().filter(|entry| entry["kind"] == "ws" && entry["op"] == op).count()
}

#[tokio::test]
async fn copies_of_an_event_are_taken_once_and_answered_once() {
    let Some(scene) = Scene::listening().await else { return };
    let said = json!({ "content": "<@900> deploy cart", "mention": true, "copies": 3 });
    let said = scene.peer.act("message", said).await;
    let arrival = scene.arrived(&said["id"]).await;
    let approve = press(Act::Approve, Asks::Nothing);
    let message = scene.chat.post_card(&arrival.speaker.place, "card/1", &card("plan", &approve), 0).await.unwrap();
    let thread = &arrival.speaker.place.thread;
    let pressed = json!({ "custom_id": approve.id(), "message_id": message, "channel_id": thread, "copies": 3 });
    let pressed = scene.peer.act("press", pressed).await;
    scene.peer.answered(&pressed["id"], 6).await;
    scene.taken(&pressed["id"]).await;
    // What comes after the copies comes when they were heard.
    scene.mentioned("status").await;
    assert_eq!(scene.desk.taken().len(), 3);
    assert_eq!(scene.peer.asked("POST", "/callback").await.len(), 1, "a second answer would be refused");
    scene.end().await;
}

#[tokio::test]
async fn a_reconnection_that_discord_asks_for_loses_nothing() {
    let Some(scene) = Scene::listening().await else { return };
    scene.peer.act("gateway", json!({ "op": "reconnect" })).await;
    until("it resumes", async || (sent_ops(&scene, 6).await > 0).then_some(())).await;
    scene.mentioned("status").await;
    scene.end().await;
}

#[tokio::test]
async fn what_was_said_while_the_socket_was_cut_is_heard_afterwards() {
    let Some(scene) = Scene::listening().await else { return };
    scene.mentioned("status").await;
    scene.peer.act("gateway", json!({ "op": "cut" })).await;
    scene.mentioned("deploy cart").await;
    assert_eq!(connections(&scene).await, 2);
    scene.end().await;
}

#[tokio::test]
async fn a_session_that_is_not_valid_any_more_is_followed_by_another() {
    let Some(scene) = Scene::listening().await else { return };
    scene.peer.act("set", json!({ "refuse_resume": true })).await;
    scene.peer.act("gateway", json!({ "op": "cut" })).await;
    until("it identifies again", async || (sent_ops(&scene, 2).await > 1).then_some(())).await;
    scene.mentioned("status").await;
    scene.end().await;
}

#[tokio::test]
async fn a_gateway_that_answers_no_heartbeat_is_left_for_another() {
    let Some(peer) = Peer::with(&[("HEARTBEAT", "1000")]) else { return };
    let scene = Scene::listening_at(peer).await;
    scene.peer.act("set", json!({ "no_ack": true })).await;
    until("it connects again", async || (connections(&scene).await > 1).then_some(())).await;
    scene.peer.act("set", json!({ "no_ack": false })).await;
    scene.mentioned("status").await;
    scene.end().await;
}

#[tokio::test]
async fn without_the_privileged_intent_it_hears_what_is_said_to_it() {
    let Some(peer) = Peer::start() else { return };
    peer.act("set", json!({ "no_content": true })).await;
    let scene = Scene::listening_at(peer).await;
    let state = scene.peer.look("state").await;
    assert_eq!(state["sessions"][0]["intents"].as_u64().unwrap() & (1 << 15), 0);
    let arrival = scene.mentioned("deploy cart").await;
    scene.say("a/1", &arrival.speaker.place, "Which version?").await.unwrap();
    // The words of what follows without a mention are not shown to us.
    let thread = &arrival.speaker.place.thread;
    scene.peer.act("message", json!({ "content": "1.2", "channel_id": thread })).await;
    scene.mentioned("status").await;
    assert_eq!(scene.desk.taken().len(), 2);
    let checks = scene.chat.check().await;
    assert!(checks.iter().any(|check| check.key == "doctor-discord-intent-missing"), "{checks:?}");
    scene.end().await;
}

#[tokio::test]
async fn a_token_that_is_revoked_ends_the_listening_and_is_not_tried_again() {
    let Some(peer) = Peer::start() else { return };
    let refused = |ended: Result<(), Fault>| match ended {
        Err(Fault::Refused(problem)) => problem.code,
        other => panic!("{other:?}"),
    };
    let mut scene = Scene::listening_at(peer).await;
    scene.peer.act("set", json!({ "revoked": true, "refuse_resume": true })).await;
    scene.peer.act("gateway", json!({ "op": "close", "code": 4004 })).await;
    assert_eq!(refused(scene.ended().await), Code::ChatTokenRefused);
    let asked = scene.peer.asked("GET", "/").await.len();
    scene.open();
    assert_eq!(refused(scene.ended().await), Code::ChatTokenRefused);
    assert_eq!(scene.peer.asked("GET", "/").await.len(), asked + 1, "one question, and no more");

    let place = crate::kit::place("300", "main");
    let said = scene.say("a/1", &place, "Hello").await;
    assert!(matches!(said, Err(Fault::Refused(problem)) if problem.code == Code::ChatTokenRefused));
}

#[tokio::test]
async fn what_is_no_event_at_all_disturbs_nothing() {
    let Some(scene) = Scene::listening().await else { return };
    let odd: [Value; 4] = [
        json!({ "t": "MESSAGE_CREATE", "d": { "id": "1" } }),
        json!({ "t": "INTERACTION_CREATE", "d": { "type": 3, "id": "0" } }),
        json!({ "t": "SOMETHING_OF_A_LATER_DAY", "d": { "x": [1, 2, 3] } }),
        json!({ "t": "MESSAGE_CREATE", "d": { "content": "x".repeat(300_000) } }),
    ];
    for event in odd {
        scene.peer.act("event", event).await;
    }
    scene.peer.act("gateway", json!({ "op": "raw", "text": "{\"op\":" })).await;
    scene.mentioned("status").await;
    assert_eq!(scene.desk.taken().len(), 1);
    scene.end().await;
}

#[tokio::test]
async fn commands_go_to_the_servers_that_are_named() {
    let Some(peer) = Peer::start() else { return };
    let options = chopmark_discord::Options { servers: vec!["200".to_owned()], ..options(&peer) };
    let mut scene = Scene::made(peer, options);
    scene.open();
    until("the commands are there", async || {
        let state = scene.peer.look("state").await;
        (!state["commands"]["200"].is_null()).then_some(())
    })
    .await;
    assert!(scene.peer.look("state").await["commands"][""].is_null());
    scene.end().await;
}
