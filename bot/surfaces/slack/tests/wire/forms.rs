//! Forms: opened at the press, answered alone where they can't be, and found again when they are sent.
//! Run against what plays Slack.
//! Must never keep what only opens a form.

use crate::kit::{Scene, drawn, place, press};
use chopmark_protocol::chat::{Act, Asks, Chat, Field, FieldKind, Form, FormKind, Meant};
use serde_json::{Value, json};

fn why() -> Form {
    Form {
        kind: FormKind::Of(press(Act::Reject, Asks::Form)),
        title: "Reject chg-7f3k".to_owned(),
        intro: None,
        fields: vec![Field {
            name: "why".to_owned(),
            label: "Why?".to_owned(),
            hint: None,
            kind: FieldKind::Text,
            value: None,
            required: false,
        }],
        submit: "Reject".to_owned(),
        close: "Leave".to_owned(),
    }
}

/// What a person would fill into every text field of a view.
fn filled(view: &Value, words: &str) -> Value {
    let mut values = json!({});
    for block in view["blocks"].as_array().unwrap().iter().filter(|block| block["type"] == "input") {
        let (id, element) = (block["block_id"].as_str().unwrap(), &block["element"]);
        let action = element["action_id"].as_str().unwrap();
        values[id] = json!({action: {"type": element["type"], "value": words}});
    }
    values
}

#[tokio::test]
async fn a_press_opens_its_form_and_what_was_filled_in_arrives_where_it_began() {
    let Some(scene) = Scene::hears(&[]).await else { return };
    *scene.desk.form.lock().unwrap() = Some(why());
    scene.peer.control("mention", json!({"text": "deploy cart"})).await;
    let began = scene.arrival(1).await.speaker.place;
    let card = scene.slack.post_card(&began, "card/1", &drawn("planning"), 0).await.unwrap();
    let time = card.split_once('/').unwrap().1;
    let id = press(Act::Reject, Asks::Form).id();
    scene.peer.control("press", json!({"ts": time, "action_id": id})).await;
    let state = scene.peer.until("a view", |state| state["views"][0].is_object()).await;
    assert_eq!(scene.taken(1).await.len(), 1, "opening a form keeps nothing");
    let asked = scene.desk.asked.lock().unwrap().pop().unwrap();
    assert_eq!(asked.speaker.identity.as_str(), "slack:T0001.U0ADA");
    assert_eq!(asked.speaker.place, began);
    assert!(asked.speaker.groups.is_some());
    let view = &state["views"][0];
    let sent = json!({"view_id": view["id"], "values": filled(view, "too large <!here>"), "copies": 2});
    scene.peer.control("submit", sent).await;
    let arrival = scene.arrival(2).await;
    let Meant::Filled(filled) = arrival.meant else { panic!("it is a form") };
    assert_eq!(filled.kind, why().kind);
    assert_eq!(filled.values["why"], "too large <!here>");
    assert_eq!((arrival.speaker.place, arrival.message), (began, Some(card)));
    assert!(arrival.reply.is_some());
    scene.end().await;
}

#[tokio::test]
async fn who_may_not_is_told_alone_and_so_is_who_pressed_too_long_ago() {
    let Some(scene) = Scene::hears(&[]).await else { return };
    let card = scene.slack.post_card(&place(""), "card/1", &drawn("planning"), 0).await.unwrap();
    let time = card.split_once('/').unwrap().1;
    let id = press(Act::Reject, Asks::Form).id();
    scene.peer.control("press", json!({"ts": time, "action_id": id, "user": "U0BO"})).await;
    let state = scene.peer.until("words", |state| state["ephemerals"][0].is_object()).await;
    assert!(state["ephemerals"][0].to_string().contains("CM-5001"), "{}", state["ephemerals"][0]);
    assert_eq!(state["ephemerals"][0]["user"], "U0BO");
    *scene.desk.form.lock().unwrap() = Some(why());
    scene.peer.control("press", json!({"ts": time, "action_id": id, "age_ms": 3500})).await;
    scene.peer.until("words", |state| state["ephemerals"][1].is_object()).await;
    assert!(scene.peer.state().await["views"].as_array().unwrap().is_empty());
    assert_eq!(scene.peer.ours().await.len(), 1, "the channel sees the card alone");
    scene.end().await;
}

#[tokio::test]
async fn an_alert_becomes_a_change_in_its_own_thread() {
    let Some(scene) = Scene::hears(&[]).await else { return };
    *scene.desk.form.lock().unwrap() = Some(Form { kind: FormKind::Ask, ..why() });
    let alert = scene.peer.control("message", json!({"text": "disk of &lt;cart&gt; is full", "user": "U0BO"})).await;
    scene.peer.control("shortcut", json!({"ts": alert["ts"], "callback_id": "chop.quote"})).await;
    let state = scene.peer.until("a view", |state| state["views"][0].is_object()).await;
    let asked = scene.desk.asked.lock().unwrap().pop().unwrap();
    assert_eq!(asked.quoted.as_deref(), Some("disk of <cart> is full"));
    assert_eq!(asked.kind, FormKind::Ask);
    let view = &state["views"][0];
    scene.peer.control("submit", json!({"view_id": view["id"], "values": filled(view, "grow it")})).await;
    let arrival = scene.arrival(1).await;
    let thread = alert["ts"].as_str().unwrap();
    assert_eq!(arrival.speaker.place, place(thread));
    // From then on the thread is one that we are in.
    scene.peer.control("message", json!({"text": "by 10 GiB", "thread_ts": thread})).await;
    assert_eq!(scene.arrival(2).await.meant, Meant::Said("by 10 GiB".to_owned()));
    scene.end().await;
}

#[tokio::test]
async fn a_form_that_began_nowhere_goes_on_in_a_direct_message() {
    let Some(scene) = Scene::hears(&[]).await else { return };
    *scene.desk.form.lock().unwrap() = Some(Form { kind: FormKind::Ask, ..why() });
    let nowhere = json!({"type": "global", "callback_id": "chop.ask"});
    scene.peer.control("shortcut", nowhere).await;
    let state = scene.peer.until("a view", |state| state["views"][0].is_object()).await;
    let view = &state["views"][0];
    scene.peer.control("submit", json!({"view_id": view["id"], "values": filled(view, "deploy cart")})).await;
    let arrival = scene.arrival(1).await;
    assert_eq!((arrival.speaker.place.channel.as_str(), arrival.speaker.place.thread.as_str()), ("D0ADA", "main"));
    scene.end().await;
}
