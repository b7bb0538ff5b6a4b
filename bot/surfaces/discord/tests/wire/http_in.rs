//! The HTTP way in: the same events, signed by Discord's own way, through the same handlers.
//! The test is the server that Discord calls.
//! Must never let an event through that is unsigned, old or malformed.

use crate::kit::{Scene, card, options, press};
use crate::peer::Peer;
use chopmark_discord::Options;
use chopmark_protocol::chat::{Act, Asks, Chat as _, HttpCall, HttpReply, Meant};
use serde_json::{Value, json};

const PATH: &str = "/discord/interactions";

/// A call as Discord signs it, answered by the adapter; what came of it is told to Discord.
async fn called(scene: &Scene, what: &str, mut options: Value) -> (HttpReply, Value) {
    options["url"] = json!("none");
    options["sign_only"] = json!(true);
    let signed = scene.peer.act(what, options).await;
    let headers = signed["headers"].as_object().unwrap();
    let call = HttpCall {
        path: PATH.to_owned(),
        headers: headers.iter().map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned())).collect(),
        body: signed["body"].as_str().unwrap().as_bytes().to_vec(),
    };
    let reply = scene.chat.called(call, &*scene.desk).await;
    let answer = String::from_utf8(reply.body.clone()).unwrap();
    let told = json!({ "id": signed["id"], "token": signed["token"], "status": reply.status, "answer": answer });
    (reply, scene.peer.act("answered", told).await)
}

#[tokio::test]
async fn the_same_events_come_over_http_and_are_answered_in_the_response() {
    let Some(peer) = Peer::start() else { return };
    let scene = Scene::quiet(peer);
    assert_eq!(scene.chat.paths(), [PATH]);
    let (pong, _) = called(&scene, "ping", json!({})).await;
    assert_eq!((pong.status, pong.body), (200, br#"{"type":1}"#.to_vec()));

    let asked = json!({ "name": "ask", "options": [{ "type": 3, "name": "words", "value": "deploy cart" }] });
    let (_, asked) = called(&scene, "slash", asked).await;
    scene.peer.answered(&asked["id"], 5).await;
    let arrival = scene.arrived(&asked["id"]).await;
    assert_eq!(arrival.meant, Meant::Said("deploy cart".to_owned()));

    let approve = press(Act::Approve, Asks::Nothing);
    let message = scene.chat.post_card(&arrival.speaker.place, "card/1", &card("plan", &approve), 0).await.unwrap();
    let thread = &arrival.speaker.place.thread;
    let on_card = json!({ "custom_id": approve.id(), "message_id": message, "channel_id": thread });
    let (_, pressed) = called(&scene, "press", on_card).await;
    scene.peer.answered(&pressed["id"], 6).await;
    let arrival = scene.arrived(&pressed["id"]).await;
    assert_eq!((arrival.meant, arrival.message), (Meant::Pressed(approve), Some(message)));

    let typing = json!({ "name": "show", "options": [{ "type": 3, "name": "change", "value": "", "focused": true }] });
    let (_, typed) = called(&scene, "autocomplete", typing).await;
    scene.peer.answered(&typed["id"], 8).await;
    scene.end().await;
}

#[tokio::test]
async fn what_is_unsigned_forged_old_large_or_no_event_changes_nothing() {
    let Some(peer) = Peer::start() else { return };
    let scene = Scene::quiet(peer);
    let large = format!("{{\"type\":2,\"x\":\"{}\"}}", "x".repeat(600_000));
    for (options, status) in [
        (json!({ "unsigned": true }), 401),
        (json!({ "bad_signature": true }), 401),
        (json!({ "skew_s": 400 }), 401),
        (json!({ "skew_s": -400 }), 401),
        (json!({ "body": large }), 413),
        (json!({ "body": "not JSON" }), 400),
        (json!({ "body": "[]" }), 400),
        (json!({ "body": "{\"type\":99}" }), 400),
    ] {
        let with = json!({ "name": "status" });
        let mut merged = with.as_object().unwrap().clone();
        merged.extend(options.as_object().unwrap().clone());
        let (reply, _) = called(&scene, "slash", Value::Object(merged)).await;
        assert_eq!(reply.status, status, "{}", options.to_string().chars().take(80).collect::<String>());
    }
    assert_eq!(scene.desk.taken(), []);
    let elsewhere = HttpCall { path: "/discord".to_owned(), headers: [].into(), body: vec![] };
    assert_eq!(scene.chat.called(elsewhere, &*scene.desk).await.status, 404);
    scene.end().await;
}

#[tokio::test]
async fn without_a_public_key_nothing_can_be_called() {
    let Some(peer) = Peer::start() else { return };
    let scene = Scene::quiet(peer);
    for public_key in [None, Some("no key".to_owned())] {
        let chat = scene.with(Options { public_key, ..options(&scene.peer) });
        assert_eq!(chat.paths(), Vec::<&str>::new());
    }
    scene.end().await;
}
