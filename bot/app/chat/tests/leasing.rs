//! Promises about processes: one serves a platform, another takes over, any may take events.
//! Run with the crate's tests.
//! Must never have two serve at once.

use super::scene::{ALICE, Scene};
use super::scripted::{Did, card};
use crate::chat::http;
use chopmark_domain::ports::Leases as _;
use chopmark_protocol::chat::Chat;
use std::collections::BTreeSet;
use std::sync::Arc;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::watch;

fn listened(did: &[Did]) -> usize {
    did.iter().filter(|did| **did == Did::Listened).count()
}

#[tokio::test]
async fn a_platform_is_served_by_one_process_and_taken_over_when_that_is_gone() {
    let scene = Scene::new().await;
    let first = scene.hears("first").await;
    scene.chat.until("the first listens", |did| (listened(did) == 1).then_some(())).await;
    let second = scene.runs("second");
    scene.says("one", ALICE, &scene.place, "explain CM-1003").await;
    let answered = |count: usize| {
        move |did: &[Did]| (did.iter().filter(|did| matches!(did, Did::Posted { .. })).count() == count).then_some(())
    };
    scene.chat.until("an answer", answered(1)).await;
    assert_eq!(listened(&scene.chat.did()), 1);
    let row = scene.fixture.house.store.read("surface/discord").await.unwrap().unwrap();
    assert_eq!(row.holder, "first");
    first.killed().await;
    scene.says("two", ALICE, &scene.place, "explain CM-1004").await;
    scene.chat.until("the second answers", answered(2)).await;
    assert_eq!(listened(&scene.chat.did()), 2);
    // Whoever stops in order lets go of it at once.
    second.stopped().await;
    let third = scene.runs("third");
    scene.says("three", ALICE, &scene.place, "explain CM-1005").await;
    scene.chat.until("the third answers", answered(3)).await;
    third.stopped().await;
}

#[tokio::test]
async fn groups_of_those_who_decided_are_asked_for_again_until_it_is_over() {
    let scene = Scene::new().await;
    let id = scene.waiting("chg-7f3k").await;
    let running = scene.hears("p").await;
    scene.says("show", ALICE, &scene.place, "show chg-7f3k").await;
    let message = scene.chat.until("the card", card).await;
    let bob: chopmark_domain::ids::Identity = super::scene::BOB.parse().unwrap();
    let group: chopmark_domain::ids::Identity = "discord:77.role.99".parse().unwrap();
    scene.chat.groups.lock().unwrap().insert(bob.clone(), BTreeSet::from([group.clone()]));
    scene.presses("press", bob.as_str(), chopmark_protocol::chat::Act::Approve, &id, &message).await;
    let store = &scene.fixture.house.store;
    let groups =
        async || chopmark_domain::ports::Identities::groups(store, &bob).await.unwrap().map(|(groups, _)| groups);
    while groups().await != Some(BTreeSet::from([group.clone()])) {
        tokio::task::yield_now().await;
    }
    // The role is taken away there, or they left: here it is gone, too.
    scene.chat.groups.lock().unwrap().clear();
    while groups().await != Some(BTreeSet::new()) {
        tokio::task::yield_now().await;
    }
    running.stopped().await;
}

/// One call over a connection of its own.
async fn call(address: std::net::SocketAddr, request: &str) -> String {
    let mut connection = tokio::net::TcpStream::connect(address).await.unwrap();
    connection.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    // A server that has heard enough may hang up.
    let _ = connection.read_to_string(&mut answer).await;
    answer.lines().next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn any_process_takes_what_is_called_and_nothing_else_is_there() {
    let scene = Scene::new().await;
    let office = scene.office("other");
    let listener = http::bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let address = listener.local_addr().unwrap();
    let taken = http::bind(address).await.unwrap_err();
    assert_eq!(taken.code, chopmark_domain::problem::Code::AddressUnusable);
    let (stop, stopped) = watch::channel(false);
    let chat: Arc<dyn Chat> = scene.chat.clone();
    let serving =
        tokio::spawn(http::serve(listener, scene.fixture.house.clone(), vec![(chat, office.desk())], stopped));
    let end = "Host: x\r\nConnection: close\r\n";
    let said = |line: &str, more: &str| format!("{line} HTTP/1.1\r\n{end}{more}");
    assert_eq!(call(address, &said("GET /livez", "\r\n")).await, "HTTP/1.1 200 OK");
    assert_eq!(call(address, &said("GET /readyz", "\r\n")).await, "HTTP/1.1 200 OK");
    assert_eq!(call(address, &said("GET /scripted", "\r\n")).await, "HTTP/1.1 405 Method Not Allowed");
    assert_eq!(call(address, &said("POST /else", "Content-Length: 0\r\n\r\n")).await, "HTTP/1.1 404 Not Found");
    assert_eq!(call(address, &said("POST /scripted", "Content-Length: 4\r\n\r\ncall")).await, "HTTP/1.1 202 Accepted");
    let long = format!("Content-Length: 1048577\r\n\r\n{}", "a".repeat(1_048_577));
    assert_eq!(call(address, &said("POST /scripted", &long)).await, "HTTP/1.1 413 Payload Too Large");
    let waiting = scene.records().unserved("discord", 10).await.unwrap();
    assert_eq!(waiting.iter().map(|delivery| delivery.id.as_str()).collect::<Vec<_>>(), ["call"]);
    stop.send(true).unwrap();
    serving.await.unwrap();
}
