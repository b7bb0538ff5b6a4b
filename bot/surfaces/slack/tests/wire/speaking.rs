//! Speaking: direct messages, slash commands, presses, signs.
//! Run against what plays Slack.
//! Must never post a second root for one command.

use crate::kit::{Scene, ada, drawn, place, press, says, send};
use chopmark_domain::change::{Language, Place};
use chopmark_protocol::chat::{Act, Asks, Audience, Chat, Meant};
use serde_json::json;

#[tokio::test]
async fn a_mention_leads_to_a_card_a_press_and_an_edit_in_place() {
    let Some(scene) = Scene::hears(&[]).await else { return };
    scene.peer.control("mention", json!({"text": "deploy cart"})).await;
    let asked = scene.arrival(1).await;
    scene.slack.sign(&asked).await;
    scene.slack.sign(&asked).await;
    send(&scene.slack, &asked.speaker.place, &says("I draft it"), 0).await.unwrap();
    let card = scene.slack.post_card(&asked.speaker.place, "card/1", &drawn("planning"), 0).await.unwrap();
    let (channel, time) = card.split_once('/').unwrap();
    assert_eq!(channel, "C0001");
    let press = press(Act::Approve, Asks::Nothing);
    scene.peer.control("press", json!({"ts": time, "action_id": press.id(), "copies": 2})).await;
    let pressed = scene.arrival(2).await;
    assert_eq!(pressed.meant, Meant::Pressed(press));
    assert_eq!(pressed.message.as_deref(), Some(card.as_str()));
    assert_eq!(pressed.speaker.place, asked.speaker.place);
    assert!(pressed.reply.is_some());
    scene.slack.edit_card(&asked.speaker.place, &card, &drawn("approved")).await.unwrap();
    let state = scene.peer.state().await;
    assert_eq!(state["reactions"].as_array().unwrap().len(), 1);
    let ours = scene.peer.ours().await;
    assert_eq!(ours.len(), 2, "an answer and one card");
    assert_eq!(ours[1]["text"], "approved");
    assert!(ours.iter().all(|message| message["thread_ts"] == json!(asked.speaker.place.thread)));
    scene.end().await;
}

#[tokio::test]
async fn a_direct_message_needs_no_mention_and_its_threads_are_apart() {
    let Some(scene) = Scene::hears(&[]).await else { return };
    let direct = |thread: &str| Place { channel: "D0BO".to_owned(), ..place(thread) };
    let sent = scene.peer.control("message", json!({"text": "部署购物车", "channel": "D0BO", "user": "U0BO"})).await;
    let arrival = scene.arrival(1).await;
    assert_eq!(arrival.speaker.place, direct("main"));
    assert_eq!(arrival.speaker.language, Some(Language::Zh));
    let more = json!({"text": "3 replicas", "channel": "D0BO", "user": "U0BO", "thread_ts": sent["ts"]});
    scene.peer.control("message", more).await;
    assert_eq!(scene.arrival(2).await.speaker.place, direct(sent["ts"].as_str().unwrap()));
    send(&scene.slack, &direct("main"), &says("hello"), 0).await.unwrap();
    assert_eq!(scene.peer.ours().await[0].get("thread_ts"), None);
    scene.end().await;
}

#[tokio::test]
async fn a_slash_command_gets_one_root_however_often_it_is_read() {
    let Some(scene) = Scene::hears(&[]).await else { return };
    scene.peer.control("slash", json!({"text": "deploy cart <!channel>"})).await;
    let taken = scene.taken(1).await.pop().unwrap();
    // The message is there, and its answer is lost; then the program is another one.
    scene.peer.fault(json!({"method": "chat.postMessage", "cut": "after"})).await;
    scene.slack.read(&taken).await.unwrap_err();
    let arrival = scene.restarted().read(&taken).await.unwrap().unwrap();
    let again = scene.slack.read(&taken).await.unwrap().unwrap();
    assert_eq!(arrival.speaker.place, again.speaker.place);
    assert_eq!(arrival.meant, Meant::Said("deploy cart <!channel>".to_owned()));
    let ours = scene.peer.ours().await;
    assert_eq!(ours.len(), 1);
    assert_eq!(arrival.speaker.place, place(ours[0]["ts"].as_str().unwrap()));
    assert!(ours[0]["text"].as_str().unwrap().contains("ada"));
    scene.end().await;
}

#[tokio::test]
async fn a_command_between_a_person_and_us_is_shown_to_nobody_else() {
    let Some(scene) = Scene::hears(&[]).await else { return };
    for (number, text) in ["", "status", "link ABCD-1234"].into_iter().enumerate() {
        scene.peer.control("slash", json!({"text": text})).await;
        let arrival = scene.arrival(number + 1).await;
        let post = chopmark_protocol::chat::Post {
            audience: Audience::Only { identity: ada(), reply: arrival.reply.clone() },
            ..says("for you alone")
        };
        send(&scene.slack, &arrival.speaker.place, &post, 0).await.unwrap();
    }
    assert_eq!(scene.peer.ours().await.len(), 0);
    let state = scene.peer.state().await;
    assert_eq!(state["ephemerals"].as_array().unwrap().len(), 3);
    assert!(state["ephemerals"].as_array().unwrap().iter().all(|told| told["by"] == "response_url"));
    scene.end().await;
}

#[tokio::test]
async fn a_command_where_we_may_not_write_goes_on_in_a_direct_message() {
    let Some(scene) = Scene::hears(&[]).await else { return };
    scene.peer.control("set", json!({"strange": ["C0001"]})).await;
    scene.peer.control("slash", json!({"text": "deploy cart"})).await;
    let arrival = scene.arrival(1).await;
    assert_eq!(arrival.speaker.place, Place { channel: "D0ADA".to_owned(), ..place("main") });
    scene.end().await;
}

#[tokio::test]
async fn a_sign_that_is_refused_is_not_tried_again_and_keeps_nothing_waiting() {
    let Some(scene) = Scene::hears(&[("SCOPES", "chat:write,users:read,usergroups:read")]).await else { return };
    for number in 1..=2 {
        scene.peer.control("mention", json!({"text": "deploy cart"})).await;
        let arrival = scene.arrival(number).await;
        scene.slack.sign(&arrival).await;
    }
    assert_eq!(scene.peer.calls("reactions.add").await.len(), 1);
    scene.end().await;
}
