//! People: groups that give roles are asked for, remembered for five minutes, and never guessed.
//! Run against what plays Slack.
//! Must never make "could not be asked" of "in no group", or the other way round.

use crate::kit::{Scene, ada};
use chopmark_domain::ids::Identity;
use chopmark_protocol::chat::{Chat, Fault};
use serde_json::json;

#[tokio::test]
async fn who_left_a_group_has_left_it_after_five_minutes() {
    let Some(scene) = Scene::new(&[]) else { return };
    let ops = Identity::parse("slack:T0001.S0OPS").unwrap();
    assert_eq!(scene.slack.groups(&ada()).await.unwrap(), Some([ops.clone()].into()));
    scene.peer.control("set", json!({"groups": []})).await;
    assert_eq!(scene.slack.groups(&ada()).await.unwrap(), Some([ops].into()));
    assert_eq!(scene.peer.calls("usergroups.list").await.len(), 1);
    scene.clock.later(5 * 60 + 1);
    assert_eq!(scene.slack.groups(&ada()).await.unwrap(), Some([].into()));
    scene.end().await;
}

#[tokio::test]
async fn whose_account_is_closed_is_there_no_more() {
    let Some(scene) = Scene::new(&[]) else { return };
    scene.peer.control("set", json!({"people": {"U0ADA": {"name": "ada", "deleted": true}}})).await;
    assert_eq!(scene.slack.groups(&ada()).await.unwrap(), None);
    let nobody = Identity::parse("slack:T0001.U0NONE").unwrap();
    assert_eq!(scene.slack.groups(&nobody).await.unwrap(), None);
    scene.end().await;
}

#[tokio::test]
async fn groups_that_could_not_be_asked_for_are_asked_for_again_before_anything_is_read() {
    let Some(scene) = Scene::hears(&[]).await else { return };
    scene.peer.fault(json!({"method": "usergroups.list", "status": 503})).await;
    scene.peer.control("mention", json!({"text": "approve chg-7f3k"})).await;
    let taken = scene.taken(1).await.pop().unwrap();
    assert!(matches!(scene.slack.read(&taken).await, Err(Fault::Later { .. })));
    let arrival = scene.slack.read(&taken).await.unwrap().unwrap();
    assert_eq!(arrival.speaker.groups.map(|groups| groups.len()), Some(1));
    scene.end().await;
}

#[tokio::test]
async fn without_the_scope_nothing_is_said_about_groups_and_people_still_speak() {
    let Some(scene) = Scene::hears(&[("SCOPES", "chat:write")]).await else { return };
    scene.peer.control("mention", json!({"text": "status"})).await;
    let arrival = scene.arrival(1).await;
    assert_eq!(arrival.speaker.groups, None);
    assert_eq!(arrival.speaker.name, "U0ADA");
    scene.end().await;
}
