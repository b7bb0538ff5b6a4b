//! Talking: mention, thread, card, press, edit; direct messages, follow-ups, slash commands; what is between two.
//! Run over the real gateway.
//! Must never look into the adapter: only what Discord sees and what arrives counts.

use crate::kit::{Machine, Scene, card, identity, place, post, press};
use crate::peer::until;
use chopmark_domain::change::Language;
use chopmark_domain::ports::Clock as _;
use chopmark_domain::time::Timestamp;
use chopmark_protocol::chat::{
    Act, Asks, Attachment, Audience, Chat as _, Meant, Partial, Post, PostBody, Reply, Suggested, Suggesting,
};
use serde_json::json;

#[tokio::test]
async fn a_mention_becomes_a_thread_a_card_a_press_and_an_edit() {
    let Some(scene) = Scene::listening().await else { return };
    let said = scene
        .peer
        .act(
            "message",
            json!({
        "content": "<@900> deploy cart 1.2 to dev", "mention": true, "roles": ["77"] }),
        )
        .await;
    let arrival = scene.arrived(&said["id"]).await;
    let root = said["id"].as_str().unwrap();
    assert_eq!(arrival.meant, Meant::Said("deploy cart 1.2 to dev".to_owned()));
    assert_eq!((arrival.delivery.as_str(), arrival.reply.as_ref()), (root, None));
    assert_eq!(arrival.speaker.place, place("300", root));
    assert_eq!(arrival.speaker.identity, identity("discord:400"));
    assert_eq!(arrival.speaker.name, "Ada");
    assert_eq!(arrival.speaker.groups, Some([identity("discord:200.role.77")].into()));

    scene.chat.sign(&arrival).await;
    assert_eq!(scene.peer.asked("POST", "/channels/300/typing").await.len(), 1);

    let first = scene.say("a/1", &arrival.speaker.place, "On it.").await.unwrap();
    let shown = scene.peer.message(&first).await;
    assert_eq!(shown["channel_id"], root, "a thread of a message has its id");
    let begun = scene.peer.asked("POST", "/threads").await;
    assert_eq!(begun.len(), 1);
    assert_eq!(begun[0]["json"]["name"], "deploy cart 1.2 to dev");

    let approve = press(Act::Approve, Asks::Nothing);
    let posted = scene.chat.post_card(&arrival.speaker.place, "card/1", &card("plan", &approve), 0).await.unwrap();
    let pressed = json!({ "custom_id": approve.id(), "message_id": posted, "channel_id": root, "user": { "id": "401", "username": "bob", "global_name": null } });
    let pressed = scene.peer.act("press", pressed).await;
    scene.peer.answered(&pressed["id"], 6).await;
    let arrival = scene.arrived(&pressed["id"]).await;
    assert_eq!(arrival.meant, Meant::Pressed(approve.clone()));
    assert_eq!(arrival.message.as_deref(), Some(posted.as_str()));
    assert_eq!(arrival.speaker.identity, identity("discord:401"));
    assert_eq!(arrival.speaker.name, "bob");
    assert_eq!(arrival.speaker.place, place("300", root));
    assert_eq!(arrival.speaker.language, Some(Language::En));

    scene.chat.edit_card(&arrival.speaker.place, &posted, &card("running", &approve)).await.unwrap();
    let shown = scene.peer.message(&posted).await;
    assert_eq!(shown["components"][0]["components"][0]["content"], "running");
    assert_eq!(scene.peer.asked("POST", "/threads").await.len(), 1, "a thread is begun once");
    scene.end().await;
}

#[tokio::test]
async fn what_follows_in_our_thread_needs_no_mention_and_what_is_said_elsewhere_is_not_heard() {
    let Some(scene) = Scene::listening().await else { return };
    let arrival = scene.mentioned("deploy cart").await;
    let thread = arrival.speaker.place.thread.clone();
    scene.say("a/1", &arrival.speaker.place, "Which version?").await.unwrap();
    for unheard in [
        json!({ "content": "lunch?" }),
        json!({ "content": "<@900> I am a bot", "mention": true, "bot": true }),
        json!({ "content": "<@900> pinned", "mention": true, "over": { "type": 6 } }),
    ] {
        scene.peer.act("message", unheard).await;
    }
    let followed = scene.peer.act("message", json!({ "content": "1.2", "channel_id": thread })).await;
    let arrival = scene.arrived(&followed["id"]).await;
    assert_eq!(arrival.meant, Meant::Said("1.2".to_owned()));
    assert_eq!(arrival.speaker.place, place("300", &thread));
    assert_eq!(scene.desk.taken().len(), 2, "only the mention and the follow-up");
    scene.chat.sign(&arrival).await;
    assert_eq!(scene.peer.asked("POST", &format!("/channels/{thread}/typing")).await.len(), 1);
    scene.end().await;
}

#[tokio::test]
async fn a_direct_message_is_answered_where_it_was_said() {
    let Some(scene) = Scene::listening().await else { return };
    let said = scene.peer.act("message", json!({ "content": "status", "dm": true })).await;
    let arrival = scene.arrived(&said["id"]).await;
    assert_eq!(arrival.speaker.place, place("70400", "main"));
    assert_eq!(arrival.speaker.groups, None, "a direct message says nothing of roles");
    let only = Audience::Only { identity: arrival.speaker.identity.clone(), reply: None };
    let sent = scene.post("a/1", &arrival.speaker.place, &post("Nothing waits.", only)).await.unwrap();
    assert_eq!(scene.peer.message(&sent).await["channel_id"], "70400");
    assert_eq!(scene.chat.direct(&arrival.speaker.identity).await.unwrap(), place("70400", "main"));
    scene.end().await;
}

#[tokio::test]
async fn the_sentence_of_a_slash_command_is_the_root_of_its_thread() {
    let Some(scene) = Scene::listening().await else { return };
    let asked =
        json!({ "name": "ask", "options": [{ "type": 3, "name": "words", "value": "deploy cart 1.2 to dev" }] });
    let asked = scene.peer.act("slash", asked).await;
    let answered = scene.peer.answered(&asked["id"], 5).await;
    let arrival = scene.arrived(&asked["id"]).await;
    assert_eq!(arrival.meant, Meant::Said("deploy cart 1.2 to dev".to_owned()));
    let root = answered["original"].as_str().unwrap();
    assert_eq!(arrival.speaker.place, place("300", root));
    let shown = scene.peer.message(root).await;
    assert_eq!(shown["flags"].as_u64().unwrap() & (64 | 128), 0, "everybody sees it, and nothing is loading any more");
    assert!(shown.to_string().contains("Ada asks: deploy cart 1.2 to dev"), "{shown}");
    // Read again after a restart it is the same.
    let again = scene.arrived(&asked["id"]).await;
    assert_eq!(again.speaker.place, arrival.speaker.place);
    let sent = scene.say("a/1", &arrival.speaker.place, "On it.").await.unwrap();
    assert_eq!(scene.peer.message(&sent).await["channel_id"], root);
    assert_eq!(scene.peer.asked("POST", "/threads").await[0]["json"]["name"], "Ada asks: deploy cart 1.2 to dev");
    scene.end().await;
}

#[tokio::test]
async fn what_is_between_the_person_and_us_nobody_else_sees() {
    let Some(scene) = Scene::listening().await else { return };
    let asked = scene.peer.act("slash", json!({ "name": "status" })).await;
    let answered = scene.peer.answered(&asked["id"], 5).await;
    let arrival = scene.arrived(&asked["id"]).await;
    assert_eq!(arrival.speaker.place, place("300", "main"));
    let original = scene.peer.message(answered["original"].as_str().unwrap()).await;
    assert_eq!(original["flags"].as_u64().unwrap() & 64, 64);
    let only = Audience::Only { identity: arrival.speaker.identity.clone(), reply: arrival.reply.clone() };
    let sent = scene.post("a/1", &arrival.speaker.place, &post("Nothing waits.", only)).await.unwrap();
    let sent = scene.peer.message(&sent).await;
    assert_eq!((sent["flags"].as_u64().unwrap() & 64, &sent["channel_id"]), (64, &json!("300")));

    // Later it goes by direct message.
    let late = arrival.reply.map(|reply| Reply { until: Timestamp(Machine.now().0 - 1), ..reply });
    let only = Audience::Only { identity: arrival.speaker.identity.clone(), reply: late };
    let sent = scene.post("a/2", &arrival.speaker.place, &post("Nothing waits.", only)).await.unwrap();
    assert_eq!(scene.peer.message(&sent).await["channel_id"], "70400");
    scene.end().await;
}

#[tokio::test]
async fn suggestions_come_while_typing_and_never_fail() {
    let Some(scene) = Scene::listening().await else { return };
    *scene.desk.suggested.lock().unwrap() =
        vec![Suggested { value: "chg-7f3k".to_owned(), label: "chg-7f3k dev/shop/cart".to_owned() }];
    let typing =
        json!({ "name": "show", "options": [{ "type": 3, "name": "change", "value": "chg", "focused": true }] });
    let typed = scene.peer.act("autocomplete", typing).await;
    let answered = scene.peer.answered(&typed["id"], 8).await;
    assert_eq!(answered["choices"], json!([{ "name": "chg-7f3k dev/shop/cart", "value": "chg-7f3k" }]));
    assert_eq!(*scene.desk.typed.lock().unwrap(), [(Suggesting::Change, "chg".to_owned())]);
    let odd = scene.peer.act("autocomplete", json!({ "name": "nothing" })).await;
    assert_eq!(scene.peer.answered(&odd["id"], 8).await["choices"], json!([]));
    assert_eq!(scene.desk.taken(), [], "typing is not kept");
    scene.end().await;
}

#[tokio::test]
async fn an_answer_grows_and_is_replaced_by_what_is_said_in_the_end() {
    let Some(scene) = Scene::listening().await else { return };
    let arrival = scene.mentioned("why is cart slow?").await;
    let (to, place) = (arrival.speaker.identity, arrival.speaker.place);
    let partial = |text, handle| Partial { place: &place, to: &to, language: Language::En, text, handle };
    let handle = scene.chat.partial(partial("It seems", None)).await.unwrap().unwrap();
    let hasty = scene.chat.partial(partial("It seems that", Some(&handle))).await.unwrap();
    assert_eq!(hasty.as_deref(), Some(handle.as_str()));
    assert_eq!(scene.peer.asked("PATCH", "/messages/").await.len(), 0, "what comes too fast is left out");
    let last = Post { replaces: Some(handle.clone()), ..post("It seems that memory ran out.", Audience::Everybody) };
    let sent = scene.post("a/1", &place, &last).await.unwrap();
    assert!(handle.ends_with(&sent), "the same message: {handle} {sent}");
    assert!(scene.peer.message(&sent).await.to_string().contains("memory ran out"));
    assert_eq!(scene.peer.ours().await.len(), 1);
    scene.end().await;
}

#[tokio::test]
async fn a_file_goes_with_a_word_of_what_it_is() {
    let Some(scene) = Scene::listening().await else { return };
    let arrival = scene.mentioned("deploy cart").await;
    let file = Attachment {
        name: "chg-7f3k-1.txt".to_owned(),
        description: "The whole plan".to_owned(),
        text: "+ one\n".to_owned(),
    };
    let body = PostBody::File { file, language: Language::En };
    let file = Post { body, ..post("", Audience::Everybody) };
    let sent = scene.post("f/1", &arrival.speaker.place, &file).await.unwrap();
    let shown = scene.peer.message(&sent).await;
    assert_eq!(shown["attachments"][0]["filename"], "chg-7f3k-1.txt");
    assert_eq!(shown["attachments"][0]["text"], "+ one\n");
    assert_eq!(scene.post("f/1", &arrival.speaker.place, &file).await.unwrap(), sent, "tried again it is the same");
    scene.end().await;
}

#[tokio::test]
async fn somebody_who_says_only_our_name_wants_to_know_what_can_be_said() {
    let Some(scene) = Scene::listening().await else { return };
    assert_eq!(scene.mentioned("").await.meant, Meant::Said("help".to_owned()));
    scene.end().await;
}

#[tokio::test]
async fn commands_are_registered_once_however_often_it_starts() {
    let Some(mut scene) = Scene::listening().await else { return };
    assert_eq!(scene.peer.asked("PUT", "/commands").await.len(), 1);
    scene.peer.act("gateway", json!({ "op": "invalid" })).await;
    until("it looks again", async || (scene.peer.asked("GET", "/commands").await.len() > 1).then_some(())).await;
    scene.open();
    until("it looks again", async || (scene.peer.asked("GET", "/commands").await.len() > 2).then_some(())).await;
    assert_eq!(scene.peer.asked("PUT", "/commands").await.len(), 1);
    scene.end().await;
}
