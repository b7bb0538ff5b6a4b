//! Forms and confirmations: what stands between a press and its effect.
//! Run over the real gateway.
//! Must never keep an event for what has no effect yet.

use crate::kit::{Scene, card, identity, place, press};
use chopmark_domain::change::Language;
use chopmark_domain::problem::{Code, Problem};
use chopmark_protocol::chat::{Act, Asks, Chat as _, Field, FieldKind, Filled, Form, FormKind, Meant, Press};
use serde_json::{Value, json};

fn form(kind: FormKind) -> Form {
    let why = Field {
        name: "why".to_owned(),
        label: "Why".to_owned(),
        hint: None,
        kind: FieldKind::Text,
        value: None,
        required: false,
    };
    let words = |text: &str| text.to_owned();
    Form {
        kind,
        title: words("Reject"),
        intro: None,
        fields: vec![why],
        submit: words("Reject"),
        close: words("Leave"),
    }
}

/// A card in a thread of ours, with a button; its id and where it is.
async fn shown(scene: &Scene, press: &Press) -> (String, String) {
    let arrival = scene.mentioned("deploy cart").await;
    let thread = arrival.speaker.place.thread.clone();
    (scene.chat.post_card(&arrival.speaker.place, "card/1", &card("plan", press), 0).await.unwrap(), thread)
}

#[tokio::test]
async fn reject_asks_why_and_the_answer_arrives_with_its_card() {
    let Some(scene) = Scene::listening().await else { return };
    let reject = press(Act::Reject, Asks::Form);
    *scene.desk.form.lock().unwrap() = Ok(form(FormKind::Of(reject.clone())));
    let (message, thread) = shown(&scene, &reject).await;
    let pressed = json!({ "custom_id": reject.id(), "message_id": message, "channel_id": thread });
    let pressed = scene.peer.act("press", pressed).await;
    let modal = scene.peer.answered(&pressed["id"], 9).await["modal"].clone();
    assert_eq!(modal["title"], "Reject");
    assert!(scene.desk.offered(pressed["id"].as_str().unwrap()).is_none(), "opening a form is not kept");
    let asked = scene.desk.asked.lock().unwrap().clone();
    assert_eq!((asked.len(), &asked[0].kind, asked[0].most), (1, &FormKind::Of(reject.clone()), 5));
    assert_eq!(asked[0].speaker.place, place("300", &thread));

    let sent = json!({ "custom_id": modal["custom_id"], "fields": { "why": "not today" }, "message_id": message, "channel_id": thread });
    let sent = scene.peer.act("modal", sent).await;
    scene.peer.answered(&sent["id"], 6).await;
    let arrival = scene.arrived(&sent["id"]).await;
    let values = [("why".to_owned(), "not today".to_owned())].into();
    assert_eq!(arrival.meant, Meant::Filled(Filled { kind: FormKind::Of(reject), values }));
    assert_eq!(arrival.message, Some(message));
    scene.end().await;
}

#[tokio::test]
async fn who_may_not_is_told_alone_and_no_form_opens() {
    let Some(scene) = Scene::listening().await else { return };
    let reject = press(Act::Reject, Asks::Form);
    *scene.desk.form.lock().unwrap() = Err(Problem::new(Code::NothingToActOn));
    let (message, thread) = shown(&scene, &reject).await;
    let pressed = json!({ "custom_id": reject.id(), "message_id": message, "channel_id": thread, "locale": "zh-CN" });
    let pressed = scene.peer.act("press", pressed).await;
    let answered = scene.peer.answered(&pressed["id"], 4).await;
    let told = scene.peer.message(answered["original"].as_str().unwrap()).await;
    assert_eq!(told["flags"].as_u64().unwrap() & 64, 64, "only they see it");
    assert!(told.to_string().contains("CM-1010"), "{told}");
    assert_eq!(scene.desk.asked.lock().unwrap()[0].language, Some(Language::Zh));
    scene.end().await;
}

#[tokio::test]
async fn a_confirmation_leads_back_to_its_card_and_is_given_once() {
    let Some(scene) = Scene::listening().await else { return };
    let asks = press(Act::Approve, Asks::Confirmation);
    let (message, thread) = shown(&scene, &asks).await;
    let on_card = json!({ "custom_id": asks.id(), "message_id": message, "channel_id": thread });
    let pressed = scene.peer.act("press", on_card.clone()).await;
    let question = scene.peer.answered(&pressed["id"], 4).await["original"].as_str().unwrap().to_owned();
    assert_eq!(scene.desk.taken().len(), 1, "only the mention is kept yet");
    let buttons = buttons(&scene.peer.message(&question).await);
    let done = press(Act::Approve, Asks::Nothing).id().unwrap();
    assert_eq!(buttons, [done.clone(), "chop.leave".to_owned()]);

    let confirmed = json!({ "custom_id": done, "message_id": question, "channel_id": thread });
    let confirmed = scene.peer.act("press", confirmed).await;
    scene.peer.answered(&confirmed["id"], 7).await;
    let arrival = scene.arrived(&confirmed["id"]).await;
    assert_eq!(arrival.message, Some(message.clone()), "the card, not the question");
    assert_eq!(arrival.speaker.identity, identity("discord:400"));
    assert_eq!(buttons_of(&scene, &question).await, Vec::<String>::new());

    let again = scene.peer.act("press", on_card).await;
    let question = scene.peer.answered(&again["id"], 4).await["original"].as_str().unwrap().to_owned();
    let left = json!({ "custom_id": "chop.leave", "message_id": question, "channel_id": thread });
    let left = scene.peer.act("press", left).await;
    scene.peer.answered(&left["id"], 7).await;
    assert_eq!(buttons_of(&scene, &question).await, Vec::<String>::new());
    assert_eq!(scene.desk.taken().len(), 2, "leaving is nothing to keep");
    scene.end().await;
}

async fn buttons_of(scene: &Scene, message: &str) -> Vec<String> {
    buttons(&scene.peer.message(message).await)
}

fn buttons(part: &Value) -> Vec<String> {
    let own = part["custom_id"].as_str().map(str::to_owned);
    let inner = part["components"].as_array().into_iter().flatten().flat_map(buttons);
    own.into_iter().chain(inner).collect()
}

#[tokio::test]
async fn a_message_becomes_a_request_in_a_form_that_holds_its_words() {
    let Some(scene) = Scene::listening().await else { return };
    *scene.desk.form.lock().unwrap() = Ok(form(FormKind::Ask));
    let alert = scene.peer.act("message", json!({ "content": "cart is out of memory", "bot": true })).await;
    let commands = scene.peer.look("state").await["commands"][""].clone();
    let this = commands.as_array().unwrap().iter().find(|command| command["type"] == 3).unwrap()["name"].clone();
    let used = scene.peer.act("this", json!({ "name": this, "message_id": alert["id"] })).await;
    let modal = scene.peer.answered(&used["id"], 9).await["modal"].clone();
    let asked = scene.desk.asked.lock().unwrap().clone();
    assert_eq!((&asked[0].kind, asked[0].quoted.as_deref()), (&FormKind::Ask, Some("cart is out of memory")));

    let sent = json!({ "custom_id": modal["custom_id"], "fields": { "why": "give cart more memory" } });
    let sent = scene.peer.act("modal", sent).await;
    let answered = scene.peer.answered(&sent["id"], 5).await;
    let arrival = scene.arrived(&sent["id"]).await;
    let root = answered["original"].as_str().unwrap();
    assert_eq!(arrival.speaker.place, place("300", root), "its sentence begins a thread");
    assert!(scene.peer.message(root).await.to_string().contains("Ada asks: give cart more memory"));

    let code = json!({ "custom_id": modal["custom_id"], "fields": { "why": "link ABCD-EFGH" } });
    let code = scene.peer.act("modal", code).await;
    let answered = scene.peer.answered(&code["id"], 5).await;
    scene.arrived(&code["id"]).await;
    let shown = scene.peer.message(answered["original"].as_str().unwrap()).await;
    assert_eq!(shown["flags"].as_u64().unwrap() & 64, 64, "a code is between the person and us: {shown}");
    scene.end().await;
}

#[tokio::test]
async fn what_could_not_be_kept_is_said_and_not_acknowledged() {
    let Some(scene) = Scene::listening().await else { return };
    let approve = press(Act::Approve, Asks::Nothing);
    let (message, thread) = shown(&scene, &approve).await;
    *scene.desk.broken.lock().unwrap() = 1;
    let pressed = json!({ "custom_id": approve.id(), "message_id": message, "channel_id": thread });
    let pressed = scene.peer.act("press", pressed).await;
    let answered = scene.peer.answered(&pressed["id"], 4).await;
    let told = scene.peer.message(answered["original"].as_str().unwrap()).await;
    assert!(told.to_string().contains("CM-7002"), "{told}");
    assert!(scene.desk.offered(pressed["id"].as_str().unwrap()).is_none());
    // A message has nobody who would send it again: it is offered until the store takes it.
    *scene.desk.broken.lock().unwrap() = 2;
    let said = scene.peer.act("message", json!({ "content": "<@900> status", "mention": true })).await;
    scene.taken(&said["id"]).await;
    scene.end().await;
}

#[tokio::test]
async fn a_press_that_no_version_of_ours_drew_changes_nothing() {
    let Some(scene) = Scene::listening().await else { return };
    let approve = press(Act::Approve, Asks::Nothing);
    let (message, thread) = shown(&scene, &approve).await;
    for id in ["approve:1", "chop.z9.chg-7f3k"] {
        let pressed = json!({ "custom_id": id, "message_id": message, "channel_id": thread });
        let pressed = scene.peer.act("press", pressed).await;
        scene.peer.answered(&pressed["id"], 4).await;
    }
    assert_eq!(scene.desk.taken().len(), 1);
    scene.end().await;
}
