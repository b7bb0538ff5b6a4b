//! Socket Mode: taken once and acknowledged, through duplicates, cuts, renewals and sockets that are half closed.
//! Run against what plays Slack.
//! Must never wait for a fixed time: it waits for what happens.

use crate::kit::{Scene, place, says, send};
use chopmark_domain::problem::Code;
use chopmark_protocol::chat::{Chat, Fault, Meant};
use serde_json::json;
use std::sync::atomic::Ordering;

#[tokio::test]
async fn a_mention_is_taken_and_acknowledged_and_means_its_words() {
    let Some(scene) = Scene::hears(&[]).await else { return };
    let sent = scene.peer.control("mention", json!({"text": "deploy &lt;cart&gt; to dev"})).await;
    let arrival = scene.arrival(1).await;
    assert_eq!(arrival.meant, Meant::Said("deploy <cart> to dev".to_owned()));
    assert_eq!(arrival.speaker.identity.as_str(), "slack:T0001.U0ADA");
    assert_eq!(arrival.speaker.name, "ada");
    assert_eq!(arrival.speaker.place, place(sent["ts"].as_str().unwrap()));
    let groups: Vec<_> = arrival.speaker.groups.into_iter().flatten().map(String::from).collect();
    assert_eq!(groups, ["slack:T0001.S0OPS"]);
    scene.peer.until("an acknowledgement", |state| state["envelopes"][0]["acks"][0].is_object()).await;
    scene.end().await;
}

#[tokio::test]
async fn what_comes_twice_is_taken_once_and_acknowledged_twice() {
    let Some(scene) = Scene::hears(&[]).await else { return };
    let sent = scene.peer.control("mention", json!({"text": "status", "copies": 3})).await;
    scene
        .peer
        .until("three acknowledgements", |state| state["envelopes"][0]["acks"].as_array().unwrap().len() == 3)
        .await;
    // The channel's own event about the same message, under another event id.
    let again = json!({"text": "<@U0BOT> status", "ts": sent["ts"]});
    scene.peer.control("message", again).await;
    scene.peer.until("its acknowledgement", |state| state["envelopes"][1]["acks"][0].is_object()).await;
    assert_eq!(scene.taken(1).await.len(), 1);
    assert_eq!(scene.desk.again.load(Ordering::SeqCst), 3);
    scene.end().await;
}

#[tokio::test]
async fn what_could_not_be_kept_is_not_acknowledged_and_comes_again() {
    let Some(scene) = Scene::hears(&[("ACK_MS", "300")]).await else { return };
    scene.desk.full.store(true, Ordering::SeqCst);
    scene.peer.control("mention", json!({"text": "status"})).await;
    scene.peer.until("a second try", |state| state["envelopes"][0]["sent"].as_array().unwrap().len() >= 2).await;
    scene.desk.full.store(false, Ordering::SeqCst);
    let state = scene.peer.until("an acknowledgement", |state| state["envelopes"][0]["acks"][0].is_object()).await;
    assert!(state["envelopes"][0]["sent"].as_array().unwrap().len() >= 2);
    scene.taken(1).await;
    scene.end().await;
}

#[tokio::test]
async fn a_late_acknowledgement_takes_the_retry_for_what_it_is() {
    let Some(scene) = Scene::hears(&[("ACK_MS", "300")]).await else { return };
    scene.desk.slow.store(true, Ordering::SeqCst);
    scene.peer.control("mention", json!({"text": "status"})).await;
    scene
        .peer
        .until("acknowledgements of retries", |state| {
            let envelope = &state["envelopes"][0];
            envelope["acks"].as_array().unwrap().len() >= 2
        })
        .await;
    scene.desk.slow.store(false, Ordering::SeqCst);
    scene.taken(1).await;
    scene.end().await;
}

#[tokio::test]
async fn sockets_that_are_renewed_cut_or_half_closed_lose_nothing() {
    let Some(scene) = Scene::hears(&[("ACK_MS", "500")]).await else { return };
    let two = |state: &serde_json::Value| state["sockets"].as_i64() >= Some(2);
    scene.peer.until("both sockets", two).await;
    let mut count = 0;
    for trouble in [
        json!({"reason": "warning"}),
        json!({"reason": "refresh_requested"}),
        json!({"cut": true}),
        json!({"close": true}),
    ] {
        let before = scene.peer.calls("socket").await.len();
        scene.peer.control("socket", trouble.clone()).await;
        count += 1;
        scene.peer.control("mention", json!({"text": format!("status {count}")})).await;
        scene.taken(count).await;
        while scene.peer.calls("socket").await.len() == before {
            tokio::task::yield_now().await;
        }
    }
    scene.end().await;
}

#[tokio::test]
async fn a_socket_that_is_closed_on_one_side_only_is_found_out_and_replaced() {
    let Some(scene) = Scene::hears(&[]).await else { return };
    scene.peer.until("both sockets", |state| state["sockets"].as_i64() >= Some(2)).await;
    let before = scene.peer.calls("socket").await.len();
    scene.peer.control("socket", json!({"deaf": true})).await;
    while scene.peer.calls("socket").await.len() < before + 2 {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    scene.peer.control("mention", json!({"text": "status"})).await;
    scene.taken(1).await;
    scene.end().await;
}

#[tokio::test]
async fn a_frame_that_cannot_be_read_or_is_too_large_changes_nothing_and_the_next_is_heard() {
    let Some(scene) = Scene::hears(&[]).await else { return };
    let huge = "x".repeat(2 << 20);
    let mention = json!({"type": "app_mention", "user": "U0ADA", "channel": "C0001", "ts": "1.1", "text": huge});
    for text in [
        "not json".to_owned(),
        r#"{"type":"unheard_of","payload":{}}"#.to_owned(),
        r#"{"type":"events_api","payload":{"event":{"type":"app_mention"}}}"#.to_owned(),
        r#"{"type":"interactive","payload":[1,2,3]}"#.to_owned(),
        json!({"type": "events_api", "payload": {"event": mention}}).to_string(),
    ] {
        scene.peer.control("frame", json!({"text": text})).await;
    }
    scene.peer.control("mention", json!({"text": "status"})).await;
    scene.taken(1).await;
    scene.end().await;
}

#[tokio::test]
async fn what_others_say_to_each_other_is_not_ours_and_a_thread_that_we_are_in_is() {
    let Some(scene) = Scene::hears(&[]).await else { return };
    scene.peer.control("message", json!({"text": "lunch?"})).await;
    let sent = scene.peer.control("mention", json!({"text": "deploy cart"})).await;
    let root = sent["ts"].as_str().unwrap();
    assert_eq!(scene.arrival(1).await.speaker.place, place(root));
    // Somebody else, in the thread, without a mention.
    scene.peer.control("message", json!({"text": "3 replicas", "thread_ts": root, "user": "U0BO"})).await;
    let second = scene.arrival(2).await;
    assert_eq!(second.meant, Meant::Said("3 replicas".to_owned()));
    assert_eq!(second.speaker.identity.as_str(), "slack:T0001.U0BO");
    assert_eq!(second.speaker.place, place(root));
    // In a thread of others.
    let theirs = scene.peer.control("message", json!({"text": "who is on call?"})).await;
    scene.peer.control("message", json!({"text": "me", "thread_ts": theirs["ts"]})).await;
    let third = scene.taken(3).await.pop().unwrap();
    assert_eq!(scene.slack.read(&third).await, Ok(None));
    // What we posted on our own is a thread that we are in, after a restart too.
    let ours = send(&scene.slack, &place(""), &says("a budget is used up"), 0).await.unwrap();
    let time = ours.strip_prefix("C0001/").unwrap();
    scene.peer.control("message", json!({"text": "why?", "thread_ts": time})).await;
    let fourth = scene.taken(4).await.pop().unwrap();
    let arrival = scene.restarted().read(&fourth).await.unwrap().unwrap();
    assert_eq!(arrival.speaker.place, place(time));
    scene.end().await;
}

#[tokio::test]
async fn a_token_that_is_refused_ends_listening_with_its_reason() {
    let Some(mut scene) = Scene::new(&[("APP_TOKEN", "xapp-another")]) else { return };
    scene.listen();
    let Err(Fault::Refused(problem)) = scene.ended().await else { panic!("it is refused") };
    assert_eq!(problem.code, Code::ChatTokenRefused);
    scene.end().await;
}

#[tokio::test]
async fn a_token_that_is_revoked_while_we_listen_is_found_out() {
    let Some(mut scene) = Scene::hears(&[]).await else { return };
    scene.peer.control("set", json!({"revoked": true})).await;
    scene.peer.control("socket", json!({"cut": true})).await;
    let Err(Fault::Refused(problem)) = scene.ended().await else { panic!("it is refused") };
    assert_eq!(problem.code, Code::ChatTokenRefused);
    scene.end().await;
}

#[tokio::test]
async fn slack_that_is_away_at_the_start_is_waited_for() {
    let Some(mut scene) = Scene::new(&[]) else { return };
    scene.peer.fault(json!({"method": "apps.connections.open", "times": 2, "status": 503})).await;
    scene.listen();
    scene.peer.until("a socket", |state| state["sockets"].as_i64() >= Some(1)).await;
    scene.peer.control("mention", json!({"text": "status"})).await;
    scene.taken(1).await;
    scene.end().await;
}
