//! Promises about what joins identities: codes that work once, links, and what platforms said of groups.
//! Instantiated for every backend.
//! Must never let a code work twice, or be found by guessing.

use crate::backend::Backend;
use crate::samples::person;
use chopmark_domain::digest::Digest;
use chopmark_domain::ids::Identity;
use chopmark_domain::ledger::{EntryDraft, EntryKind, Verifier};
use chopmark_domain::person::Actor;
use chopmark_domain::ports::{
    Clock as _, Identities as _, LINK_SECONDS, LINK_TRIES, LedgerFilter, Link, LinkCode, Records as _, Redeemed,
    SealedLink,
};
use chopmark_domain::problem::Code;
use chopmark_domain::time::Timestamp;
use serde_json::json;
use std::collections::BTreeSet;

fn identity(name: &str) -> Identity {
    Identity::parse(&format!("slack:T1.{name}")).unwrap()
}

fn code(text: &str, whose: &str, now: Timestamp) -> LinkCode {
    LinkCode { digest: Digest::of(text.as_bytes()), person: person(whose), expires_at: now.plus_seconds(LINK_SECONDS) }
}

fn entry(what: &str) -> EntryDraft {
    EntryDraft {
        kind: EntryKind::Linked,
        actor: Actor::Person(person("ann")),
        change: None,
        digest: None,
        payload: json!({ "what": what }),
    }
}

fn link(name: &str, whose: &str) -> SealedLink {
    let link = Link { identity: identity(name), person: person(whose), at: Timestamp(7) };
    SealedLink { seal: link.sealed_bytes().to_string(), link }
}

pub(crate) async fn a_code_works_once_however_many_try_at_once<B: Backend>() {
    let backend = B::fresh().await;
    let stores = [backend.open().await, backend.open().await];
    for round in 0..25 {
        let now = backend.clock().now();
        let text = format!("code-{round}");
        stores[0].offer(code(&text, "ann", now), entry("offer")).await.unwrap();
        let tries: Vec<_> = (0..8)
            .map(|number| {
                let (store, digest) = (stores[number % 2].clone(), Digest::of(text.as_bytes()));
                let who = identity(&format!("U{round}.{number}"));
                tokio::spawn(async move { store.redeem(&digest, &who, now).await.unwrap() })
            })
            .collect();
        let mut worked = 0;
        for tried in tries {
            worked += usize::from(tried.await.unwrap() == Redeemed::By(person("ann")));
        }
        assert_eq!(worked, 1);
    }
}

pub(crate) async fn a_code_that_is_over_or_replaced_works_no_more<B: Backend>() {
    let backend = B::fresh().await;
    let store = backend.open().await;
    let now = backend.clock().now();
    store.offer(code("first", "ann", now), entry("offer")).await.unwrap();
    store.offer(code("second", "ann", now), entry("offer")).await.unwrap();
    let redeem = async |text: &str, at| store.redeem(&Digest::of(text.as_bytes()), &identity("U1"), at).await.unwrap();
    assert_eq!(redeem("first", now).await, Redeemed::Refused, "one code of a person at a time");
    assert_eq!(redeem("second", now.plus_seconds(LINK_SECONDS)).await, Redeemed::Refused, "it is over");
    assert_eq!(redeem("second", now.plus_seconds(LINK_SECONDS - 1)).await, Redeemed::By(person("ann")));
}

pub(crate) async fn five_wrong_tries_close_every_code_for_that_identity_alone_and_for_as_long_as_codes_live<
    B: Backend,
>() {
    let backend = B::fresh().await;
    let store = backend.open().await;
    let now = backend.clock().now();
    let redeem =
        async |text: &str, who: &str, at| store.redeem(&Digest::of(text.as_bytes()), &identity(who), at).await.unwrap();
    store.offer(code("right", "ann", now), entry("offer")).await.unwrap();
    for _ in 0..LINK_TRIES {
        assert_eq!(redeem("wrong", "U1", now).await, Redeemed::Refused);
    }
    assert_eq!(redeem("right", "U1", now).await, Redeemed::Refused, "closed for whoever guesses");
    assert_eq!(redeem("right", "U2", now).await, Redeemed::By(person("ann")), "and open for everybody else");
    let later = now.plus_seconds(LINK_SECONDS + 1);
    store.offer(code("next", "ann", later), entry("offer")).await.unwrap();
    assert_eq!(redeem("next", "U1", later).await, Redeemed::By(person("ann")));
}

pub(crate) async fn an_identity_is_joined_once_until_it_is_parted<B: Backend>() {
    let backend = B::fresh().await;
    let store = backend.open().await;
    store.join(link("U1", "ann"), entry("join")).await.unwrap();
    let again = store.join(link("U1", "bob"), entry("join")).await;
    assert_eq!(again.unwrap_err().code, Code::Conflict);
    assert_eq!(backend.open().await.links().await.unwrap(), [link("U1", "ann")]);
    assert!(store.part(&identity("U1"), entry("part")).await.unwrap());
    assert!(!store.part(&identity("U1"), entry("part")).await.unwrap());
    store.join(link("U1", "bob"), entry("join")).await.unwrap();
    assert_eq!(store.links().await.unwrap(), [link("U1", "bob")]);
}

pub(crate) async fn the_latest_word_of_a_platform_on_groups_is_kept<B: Backend>() {
    let backend = B::fresh().await;
    let store = backend.open().await;
    let groups = |names: &[&str]| names.iter().map(|name| identity(name)).collect::<BTreeSet<_>>();
    assert_eq!(store.groups(&identity("U1")).await.unwrap(), None);
    store.saw_groups(&identity("U1"), &groups(&["S1", "S2"]), Timestamp(10)).await.unwrap();
    store.saw_groups(&identity("U1"), &groups(&["S2"]), Timestamp(20)).await.unwrap();
    store.saw_groups(&identity("U1"), &groups(&["S1"]), Timestamp(15)).await.unwrap();
    assert_eq!(store.groups(&identity("U1")).await.unwrap(), Some((groups(&["S2"]), Timestamp(20))));
    assert_eq!(store.groups(&identity("U2")).await.unwrap(), None);
}

pub(crate) async fn offering_joining_and_parting_are_in_the_ledger<B: Backend>() {
    let backend = B::fresh().await;
    let store = backend.open().await;
    store.offer(code("one", "ann", backend.clock().now()), entry("offer")).await.unwrap();
    store.join(link("U1", "ann"), entry("join")).await.unwrap();
    store.join(link("U1", "bob"), entry("refused")).await.unwrap_err();
    store.part(&identity("U1"), entry("part")).await.unwrap();
    store.part(&identity("U1"), entry("nothing")).await.unwrap();
    let entries = store.ledger(&LedgerFilter { limit: 10, ..LedgerFilter::default() }).await.unwrap();
    let mut verifier = Verifier::default();
    entries.iter().for_each(|entry| verifier.check(entry).unwrap());
    let said = |entry: &chopmark_domain::ledger::Entry| entry.content().unwrap().payload["what"].to_string();
    assert_eq!(entries.iter().map(said).collect::<Vec<_>>(), ["\"offer\"", "\"join\"", "\"part\""]);
}
