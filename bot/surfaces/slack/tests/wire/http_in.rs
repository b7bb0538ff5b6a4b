//! HTTP: the same events over signed requests; what is not signed, too old, malformed or oversized changes nothing.
//! Run against what plays Slack, which signs, and a server as the program's.
//! Must never be the only way in that is tried: the handlers are those of the socket.

use crate::kit::{Memory, Scene, ada, drawn, place, press};
use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode, Uri};
use chopmark_protocol::chat::{Act, Asks, Chat, HttpCall, Meant};
use chopmark_slack::Slack;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// The program's server.
async fn serve(slack: Slack, desk: Arc<Memory>) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let handler = move |uri: Uri, headers: HeaderMap, body: Bytes| async move {
        let headers = headers
            .iter()
            .filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())))
            .collect();
        let call = HttpCall { path: uri.path().to_owned(), headers, body: body.to_vec() };
        let reply = slack.called(call, &*desk).await;
        (StatusCode::from_u16(reply.status).unwrap(), reply.body)
    };
    let router = Router::new().fallback(handler).layer(axum::extract::DefaultBodyLimit::disable());
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}/slack")
}

async fn scene() -> Option<(Scene, String)> {
    let scene = Scene::new(&[])?;
    let url = serve(scene.slack.clone(), Arc::clone(&scene.desk)).await;
    Some((scene, url))
}

#[tokio::test]
async fn the_address_is_proved_and_events_commands_and_presses_mean_the_same() {
    let Some((scene, url)) = scene().await else { return };
    assert_eq!(scene.slack.paths(), ["/slack/events", "/slack/interactivity", "/slack/commands"]);
    let events = format!("{url}/events");
    let proved = scene.peer.control("challenge", json!({"url": events})).await;
    assert_eq!(proved, json!({"status": 200, "answer": "c-123"}));
    let sent = scene.peer.control("mention", json!({"text": "deploy cart", "url": events})).await;
    assert_eq!(sent["status"], 200);
    let arrival = scene.arrival(1).await;
    assert_eq!(arrival.meant, Meant::Said("deploy cart".to_owned()));
    let card = scene.slack.post_card(&arrival.speaker.place, "card/1", &drawn("planning"), 0).await.unwrap();
    let time = card.split_once('/').unwrap().1;
    let id = press(Act::Approve, Asks::Nothing).id();
    let pressed = json!({"ts": time, "action_id": id, "url": format!("{url}/interactivity")});
    assert_eq!(scene.peer.control("press", pressed).await["status"], 200);
    assert_eq!(scene.arrival(2).await.message, Some(card));
    let said = json!({"text": "deploy cart & shop", "url": format!("{url}/commands")});
    assert_eq!(scene.peer.control("slash", said).await, json!({"status": 200, "answer": ""}));
    let third = scene.arrival(3).await;
    assert_eq!(third.meant, Meant::Said("deploy cart & shop".to_owned()));
    assert_eq!(third.speaker.identity, ada());
    scene.end().await;
}

#[tokio::test]
async fn a_form_opens_over_http_too() {
    let Some((scene, url)) = scene().await else { return };
    let card = scene.slack.post_card(&place(""), "card/1", &drawn("planning"), 0).await.unwrap();
    let time = card.split_once('/').unwrap().1;
    let id = press(Act::Reject, Asks::Form).id();
    let pressed = json!({"ts": time, "action_id": id, "url": format!("{url}/interactivity")});
    assert_eq!(scene.peer.control("press", pressed).await["status"], 200);
    let state = scene.peer.state().await;
    assert!(state["ephemerals"][0].to_string().contains("CM-5001"), "{state}");
    assert!(scene.desk.taken.lock().unwrap().is_empty());
    scene.end().await;
}

#[tokio::test]
async fn what_is_unsigned_too_old_malformed_or_oversized_changes_nothing() {
    let Some((scene, url)) = scene().await else { return };
    let events = format!("{url}/events");
    let huge = json!({"type": "event_callback", "event": {"text": "x".repeat(2 << 20)}}).to_string();
    let deep = "[".repeat(10_000);
    for (attempt, status) in [
        (json!({"unsigned": true}), 401),
        (json!({"bad_signature": true}), 401),
        (json!({"skew_s": 400}), 401),
        (json!({"skew_s": -400}), 401),
        (json!({"timestamp": "soon"}), 401),
        (json!({"timestamp": "-9223372036854775808"}), 401),
        (json!({"body": huge}), 413),
        (json!({"body": deep}), 400),
        (json!({"body": "{\"type\":"}), 400),
        (json!({"body": "null"}), 400),
        (json!({"body": "{}"}), 200),
    ] {
        let mut mention = attempt.clone();
        mention["text"] = json!("approve chg-7f3k");
        mention["url"] = json!(events);
        let answer = scene.peer.control("mention", mention).await;
        assert_eq!(answer["status"], status, "{}", attempt.to_string().chars().take(60).collect::<String>());
    }
    let elsewhere = json!({"text": "x", "url": format!("{url}/elsewhere")});
    assert_eq!(scene.peer.control("mention", elsewhere).await["status"], 404);
    let no_payload = json!({"ts": "1.1", "action_id": "x", "body": "other=1", "url": format!("{url}/interactivity")});
    assert_eq!(scene.peer.control("press", no_payload).await["status"], 400);
    assert!(scene.desk.taken.lock().unwrap().is_empty());
    scene.end().await;
}

#[tokio::test]
async fn a_replay_and_a_retry_are_taken_once_and_a_retry_after_a_failure_is_the_only_copy() {
    let Some((scene, url)) = scene().await else { return };
    let events = format!("{url}/events");
    let mention = json!({"text": "status", "url": events, "ts": "1.000001", "copies": 2});
    scene.peer.control("mention", mention).await;
    let retry = json!({"text": "status", "url": events, "ts": "1.000001", "retry": 1});
    assert_eq!(scene.peer.control("mention", retry).await["status"], 200);
    scene.taken(1).await;
    scene.desk.full.store(true, Ordering::SeqCst);
    let next = |retry: Value| json!({"text": "status", "url": events, "ts": "1.000002", "retry": retry});
    assert_eq!(scene.peer.control("mention", next(Value::Null)).await["status"], 503);
    scene.desk.full.store(false, Ordering::SeqCst);
    assert_eq!(scene.peer.control("mention", next(json!(1))).await["status"], 200);
    scene.taken(2).await;
    scene.end().await;
}
