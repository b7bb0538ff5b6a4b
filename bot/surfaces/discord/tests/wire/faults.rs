//! Faults of sending: limits, cuts, what is gone, closed or forbidden; each becomes what it means for the outbox.
//! Run against the HTTP API alone.
//! Must never send a message twice, nor try again what a person must mend.

use crate::kit::{Scene, card, identity, options, place, post, press, said};
use crate::peer::Peer;
use chopmark_protocol::chat::{Act, Asks, Audience, Chat as _, Fault, Gone};
use serde_json::json;

fn scene() -> Option<Scene> {
    Peer::start().map(Scene::quiet)
}

fn is_later<T: std::fmt::Debug>(result: Result<T, Fault>) {
    assert!(matches!(result, Err(Fault::Later { .. })), "{result:?}");
}

fn is_gone<T: std::fmt::Debug>(result: Result<T, Fault>, thing: Gone) {
    assert!(matches!(&result, Err(Fault::Gone { what, .. }) if *what == thing), "{result:?}");
}

#[tokio::test]
async fn a_limit_an_outage_and_a_cut_are_for_later_and_double_nothing() {
    let Some(scene) = scene() else { return };
    let place = place("300", "main");
    let messages = "^/channels/300/messages$";
    for fault in [
        json!({ "path": messages, "status": 429, "retry_after": 1 }),
        json!({ "path": messages, "status": 503 }),
        json!({ "path": messages, "cut": "before" }),
        json!({ "path": messages, "cut": "after" }),
    ] {
        scene.peer.act("fault", fault).await;
        is_later(scene.say("a/1", &place, "Hello").await);
    }
    // The cut answer was an answer: the message is there already.
    let sent = scene.say("a/1", &place, "Hello").await.unwrap();
    let ours = scene.peer.ours().await;
    assert_eq!(ours.len(), 1, "{ours:?}");
    assert_eq!(ours[0]["id"], sent);
    scene.end().await;
}

#[tokio::test]
async fn what_is_gone_or_closed_is_told_from_what_is_only_late() {
    let Some(scene) = scene() else { return };
    let approve = press(Act::Approve, Asks::Nothing);
    let main = place("300", "main");
    let message = scene.chat.post_card(&main, "card/1", &card("plan", &approve), 0).await.unwrap();
    scene.peer.act("remove", json!({ "message_id": message })).await;
    is_gone(scene.chat.edit_card(&main, &message, &card("plan", &approve)).await, Gone::Message);

    scene.peer.act("set", json!({ "gone": ["300"], "hidden": ["301"], "closed": ["400"] })).await;
    is_gone(scene.say("a/1", &main, "Hello").await, Gone::Place);
    is_gone(scene.say("a/2", &place("301", "main"), "Hello").await, Gone::Place);
    let ada = identity("discord:400");
    let only = Audience::Only { identity: ada.clone(), reply: None };
    is_gone(scene.post("a/3", &main, &post("Hello", only)).await, Gone::Place);
    is_gone(scene.chat.direct(&identity("slack:T1.U1")).await, Gone::Place);
    scene.peer.act("set", json!({ "gone": [], "mute": ["300"] })).await;
    is_gone(scene.say("a/4", &main, "Hello").await, Gone::Place);
    scene.end().await;
}

#[tokio::test]
async fn a_thread_is_found_begun_reopened_or_done_without() {
    let Some(scene) = scene() else { return };
    let root = async |content: &str| {
        let message = scene.peer.act("message", json!({ "content": content })).await;
        message["id"].as_str().unwrap().to_owned()
    };
    // Somebody began it first, and we learn so only by trying.
    let first = root("one").await;
    let second = place("300", &first);
    scene.say("a/1", &second, "Hello").await.unwrap();
    let forgetful = scene.with(options(&scene.peer));
    let sent = said(&forgetful, "a/2", &second, &post("Hello again", Audience::Everybody)).await;
    assert_eq!(scene.peer.message(&sent.unwrap()).await["channel_id"], first);
    assert_eq!(scene.peer.asked("POST", "/threads").await.len(), 1);

    scene.peer.act("archive", json!({ "channel_id": first })).await;
    let sent = scene.say("a/3", &second, "After a day").await.unwrap();
    assert_eq!(scene.peer.message(&sent).await["channel_id"], first);

    // Where none may be begun it is said in the channel.
    scene.peer.act("set", json!({ "no_threads": ["300"] })).await;
    let lone = root("two").await;
    let sent = scene.say("a/4", &place("300", &lone), "Hello").await.unwrap();
    assert_eq!(scene.peer.message(&sent).await["channel_id"], "300");

    let lost = root("three").await;
    scene.peer.act("remove", json!({ "message_id": lost })).await;
    is_gone(scene.say("a/5", &place("300", &lost), "Hello").await, Gone::Place);
    scene.end().await;
}

#[tokio::test]
async fn an_answer_that_comes_too_late_is_given_another_way() {
    let Some(scene) = Scene::listening().await else { return };
    let approve = press(Act::Approve, Asks::Nothing);
    let main = place("300", "main");
    let message = scene.chat.post_card(&main, "card/1", &card("plan", &approve), 0).await.unwrap();
    // Discord has given up waiting already; what was meant is kept all the same.
    let pressed = json!({ "custom_id": approve.id(), "message_id": message, "age_ms": 4000 });
    let pressed = scene.peer.act("press", pressed).await;
    let arrival = scene.arrived(&pressed["id"]).await;
    let only = Audience::Only { identity: arrival.speaker.identity.clone(), reply: arrival.reply.clone() };
    let sent = scene.post("a/1", &arrival.speaker.place, &post("You may not.", only)).await.unwrap();
    assert_eq!(scene.peer.message(&sent).await["channel_id"], "70400", "by direct message");

    let asked =
        json!({ "name": "ask", "options": [{ "type": 3, "name": "words", "value": "deploy cart" }], "age_ms": 4000 });
    let asked = scene.peer.act("slash", asked).await;
    let arrival = scene.arrived(&asked["id"]).await;
    let root = scene.peer.message(&arrival.speaker.place.thread).await;
    assert_eq!(root["channel_id"], "300");
    assert!(root.to_string().contains("Ada asks: deploy cart"), "{root}");
    scene.end().await;
}

#[tokio::test]
async fn an_acknowledgement_whose_answer_is_cut_is_given_once() {
    let Some(scene) = Scene::listening().await else { return };
    let approve = press(Act::Approve, Asks::Nothing);
    let main = place("300", "main");
    let message = scene.chat.post_card(&main, "card/1", &card("plan", &approve), 0).await.unwrap();
    for cut in ["before", "after"] {
        scene.peer.act("fault", json!({ "path": "/callback$", "cut": cut })).await;
        let pressed = json!({ "custom_id": approve.id(), "message_id": message });
        let pressed = scene.peer.act("press", pressed).await;
        scene.peer.answered(&pressed["id"], 6).await;
        scene.arrived(&pressed["id"]).await;
    }
    scene.end().await;
}

#[tokio::test]
async fn roles_are_asked_for_and_who_left_has_none() {
    let Some(scene) = scene() else { return };
    let ada = identity("discord:400");
    assert_eq!(scene.chat.groups(&ada).await.unwrap(), None);
    scene.peer.act("member", json!({ "user": "400", "roles": ["77", "78"] })).await;
    let roles = [identity("discord:200.role.77"), identity("discord:200.role.78")];
    assert_eq!(scene.chat.groups(&ada).await.unwrap(), Some(roles.into()));
    scene.peer.act("fault", json!({ "path": "/members/", "status": 502 })).await;
    is_later(scene.chat.groups(&ada).await);
    scene.end().await;
}
