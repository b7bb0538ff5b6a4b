//! Faults: each of Slack's refusals means one thing to the program.
//! Run against what plays Slack.
//! Must never take what may have happened for what did not.

use crate::kit::{Scene, drawn, place, says, send};
use chopmark_domain::problem::Code;
use chopmark_protocol::chat::{Chat, Drawn, Fault, Gone};
use serde_json::json;
use std::time::Duration;

#[tokio::test]
async fn a_limit_says_when_to_try_again() {
    let Some(scene) = Scene::new(&[]) else { return };
    scene.peer.fault(json!({"method": "chat.postMessage", "status": 429, "retry_after": 7})).await;
    let limited = send(&scene.slack, &place(""), &says("hello"), 0).await;
    let Err(Fault::Later { after, .. }) = limited else { panic!("{limited:?}") };
    assert_eq!(after, Some(Duration::from_secs(7)));
    scene.end().await;
}

#[tokio::test]
async fn outages_come_later_and_what_is_gone_is_gone() {
    let Some(scene) = Scene::new(&[]) else { return };
    for fault in [
        json!({"status": 503}),
        json!({"error": "internal_error"}),
        json!({"cut": "before"}),
        // What a proxy says: nothing of Slack's.
        json!({"status": 403}),
        json!({"status": 200}),
    ] {
        let mut fault = fault;
        fault["method"] = json!("chat.postMessage");
        scene.peer.fault(fault).await;
        let told = send(&scene.slack, &place(""), &says("hello"), 0).await;
        assert!(matches!(told, Err(Fault::Later { after: None, .. })), "{told:?}");
    }
    let card = scene.slack.post_card(&place(""), "card/1", &drawn("planning"), 0).await.unwrap();
    let time = card.split_once('/').unwrap().1;
    scene.peer.control("remove", json!({"ts": time})).await;
    let edited = scene.slack.edit_card(&place(""), &card, &drawn("approved")).await;
    assert!(matches!(edited, Err(Fault::Gone { what: Gone::Message, .. })), "{edited:?}");
    scene.peer.control("set", json!({"archived": ["C0001"]})).await;
    let told = send(&scene.slack, &place(""), &says("hello"), 0).await;
    assert!(matches!(told, Err(Fault::Gone { what: Gone::Place, .. })), "{told:?}");
    let gone = chopmark_domain::change::Place { channel: "C0GONE".to_owned(), ..place("") };
    let told = send(&scene.slack, &gone, &says("hello"), 0).await;
    assert!(matches!(told, Err(Fault::Gone { what: Gone::Place, .. })), "{told:?}");
    scene.end().await;
}

#[tokio::test]
async fn a_token_revoked_and_a_scope_missing_wait_for_a_person() {
    let Some(scene) = Scene::new(&[("SCOPES", "channels:history")]) else { return };
    let told = send(&scene.slack, &place(""), &says("hello"), 0).await;
    let Err(Fault::Refused(problem)) = told else { panic!("{told:?}") };
    assert_eq!((problem.code, problem.facts["right"].as_str()), (Code::ChatRightMissing, "chat:write"));
    scene.peer.control("set", json!({"revoked": true})).await;
    let told = send(&scene.slack, &place(""), &says("hello"), 0).await;
    let Err(Fault::Refused(problem)) = told else { panic!("{told:?}") };
    assert_eq!((problem.code, problem.facts["reason"].as_str()), (Code::ChatTokenRefused, "token_revoked"));
    scene.end().await;
}

#[tokio::test]
async fn what_slack_finds_malformed_is_a_fault_of_ours_with_its_reason() {
    let Some(scene) = Scene::new(&[]) else { return };
    let mut broken = drawn("planning").body;
    broken["blocks"][0]["text"]["text"] = json!("x".repeat(3001));
    let broken = Drawn { body: broken, whole: true, losses_shown: true };
    let Err(Fault::Invalid(why)) = scene.slack.post_card(&place(""), "card/1", &broken, 0).await else {
        panic!("it is refused")
    };
    assert!(why.contains("invalid_blocks") && why.contains("3000 allowed"), "{why}");
    assert!(scene.peer.ours().await.is_empty());
}
