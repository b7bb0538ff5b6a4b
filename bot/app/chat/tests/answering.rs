//! Promises about one request's outlet: proposals that a card shows are not said, and parts are replaced by the whole.
//! Run with the crate's tests.
//! Must never post what the router only meant for a moment.

use super::scene::{ALICE, Scene};
use super::scripted::event;
use crate::chat::outlet::{Out, Turn};
use chopmark_domain::change::Language;
use chopmark_domain::problem::{Code, Problem};
use chopmark_protocol::chat::{Chat as _, Post, PostBody};
use chopmark_protocol::door::Outlet as _;
use chopmark_protocol::event::{Answer, Body, Event, Speaker};

impl Scene {
    /// What is told by these events of one request: the posts that wait to be sent.
    async fn told(&self, partial: &[&str], events: Vec<Event>) -> Vec<Post> {
        let office = self.office("p");
        let said = event("d", ALICE, &self.place, "deploy nginx as cart", None);
        let arrival = self.chat.read(&said).await.unwrap().unwrap();
        let out = Out::new(&office, &arrival, Turn::First, false);
        for part in partial {
            out.partial(Language::En, part).await;
        }
        for event in events {
            out.event(event).await;
        }
        out.end().await.unwrap();
        let due = self.records().due_messages("discord", self.fixture.house.now().plus_seconds(1), 100).await.unwrap();
        due.into_iter().map(|waiting| serde_json::from_str(&waiting.message.body).unwrap()).collect()
    }
}

fn kinds(posts: &[Post]) -> Vec<&'static str> {
    let kind = |post: &Post| match &post.body {
        PostBody::Event { event } => match &event.body {
            Body::Answer(_) => "answer",
            Body::Proposal(_) => "proposal",
            Body::Error(_) | Body::Refusal(_) => "trouble",
            _ => "other",
        },
        PostBody::File { .. } => "file",
    };
    posts.iter().map(kind).collect()
}

fn model(text: &str) -> Event {
    Event::new(Language::En, Body::Answer(Answer { text: text.to_owned(), speaker: Speaker::Model, facts: None }))
}

#[tokio::test]
async fn a_proposal_is_said_only_where_no_card_shows_it() {
    let scene = Scene::new().await;
    let id = scene.waiting("chg-7f3k").await;
    let file = scene.fixture.house.file(&id).await.unwrap();
    let proposal = || Event::proposal(Language::En, &file.record.proposal);
    let told = scene.told(&[], vec![proposal(), Event::card(Language::En, &file), model("Done.")]).await;
    assert_eq!(kinds(&told), ["answer"]);
    assert!(scene.records().card_at(&scene.place, &id).await.unwrap().is_some());

    let scene = Scene::new().await;
    let refused = Event::problem(Language::En, &Problem::new(Code::NoRight), None);
    assert_eq!(kinds(&scene.told(&[], vec![proposal(), refused]).await), ["proposal", "trouble"]);
    let scene = Scene::new().await;
    assert_eq!(kinds(&scene.told(&[], vec![proposal()]).await), ["proposal"]);
}

#[tokio::test]
async fn the_whole_answer_takes_the_place_of_its_parts_once() {
    let scene = Scene::new().await;
    let told = scene.told(&["It is", "It is fine"], vec![model("It is fine."), model("More.")]).await;
    let replaces: Vec<_> = told.iter().map(|post| post.replaces.as_deref()).collect();
    assert_eq!(replaces, [Some("partial-1"), None]);
}
