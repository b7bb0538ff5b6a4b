//! Promises about mentions: who is told that a change waits, and when; nobody else, and not twice.
//! Run with the crate's tests.
//! Must never reach a platform.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::*;
use crate::fixture::{Fixture, PEOPLE, thread};
use chopmark_domain::ports::{Clock as _, Records as _};
use chopmark_domain::risk::Risk;
use chopmark_protocol::chat::PostBody;
use chopmark_protocol::event::Body;

const BOB: &str = "discord:200";
const CAROL: &str = "discord:300";
const GROUP: &str = "discord:77.role.9";

fn identity(text: &str) -> Identity {
    Identity::parse(text).unwrap()
}

/// Those mentioned in a message, and its words.
fn read(message: &NewMessage) -> (Vec<String>, String) {
    let post: Post = serde_json::from_str(&message.body).unwrap();
    let PostBody::Event { event } = post.body else { unreachable!("{}", message.body) };
    let Body::Notice(notice) = event.body else { unreachable!("{}", message.body) };
    (post.mentions.iter().map(ToString::to_string).collect(), notice.text)
}

async fn waiting(config: &str, place: &Place) -> (Fixture, Note) {
    let fixture = Fixture::open(config).await;
    fixture.waiting("chg-7f3k", place, Risk::Low).await;
    let note = fixture.house.store.notes_after(0, 1).await.unwrap().remove(0);
    (fixture, note)
}

async fn told(fixture: &Fixture, note: &Note) -> Vec<NewMessage> {
    for_note(&fixture.house, "discord", note).await.unwrap()
}

fn reminds(note: &Note, people: &[&str], occasion: Occasion) -> Note {
    let people = people.iter().map(|name| PersonId::named(name).unwrap()).collect();
    Note { body: NoteBody::Reminder { people, occasion }, ..note.clone() }
}

#[tokio::test]
async fn those_who_may_approve_are_mentioned_in_the_changes_thread_and_nobody_else() {
    let (fixture, note) = waiting(PEOPLE, &thread("1")).await;
    let all = told(&fixture, &note).await;
    let [message] = &all[..] else { unreachable!("{all:?}") };
    assert_eq!(read(message).0, [BOB, CAROL], "not who asked, nor the owner, who is no approver here");
    assert_eq!(message.place, thread("1"));
    assert!(read(message).1.contains("chg-7f3k (local/shop/cart) waits"), "{}", read(message).1);
    assert_eq!(told(&fixture, &note).await[0].key, message.key, "one message for a plan, however often it is told");
    assert_eq!(for_note(&fixture.house, "slack", &note).await.unwrap(), [], "its thread is elsewhere");
}

#[tokio::test]
async fn a_role_that_is_a_group_there_is_mentioned_as_the_group() {
    let config = PEOPLE.replace(
        "identities = [\"discord:200\", \"slack:T1.U200\"]\nroles = [\"operator\"]",
        "identities = [\"discord:200\", \"slack:T1.U200\"]\nroles = [\"dev\"]",
    );
    let config = format!("{config}[roles.operator]\nmembers = [\"{GROUP}\", \"slack:T1.S1\"]\n");
    let (fixture, note) = waiting(&config, &thread("1")).await;
    let groups = BTreeSet::from([identity(GROUP)]);
    fixture.house.store.saw_groups(&identity(BOB), &groups, fixture.house.now()).await.unwrap();
    let all = told(&fixture, &note).await;
    assert_eq!(read(&all[0]).0, [GROUP, CAROL], "bob is in the group, carol is not");
    let reminder = reminds(&note, &["carol"], Occasion::Usual);
    assert_eq!(read(&told(&fixture, &reminder).await[0]).0, [GROUP, CAROL], "nobody has decided");
}

#[tokio::test]
async fn reminders_are_for_those_who_have_not_decided_and_are_two_messages() {
    let (fixture, note) = waiting(PEOPLE, &thread("1")).await;
    let told_of = async |occasion| told(&fixture, &reminds(&note, &["carol"], occasion)).await.remove(0);
    let (usual, last) = (told_of(Occasion::Usual).await, told_of(Occasion::ExpiresSoon).await);
    assert_eq!((read(&usual).0, read(&last).0), (vec![CAROL.to_owned()], vec![CAROL.to_owned()]));
    assert_ne!(usual.key, last.key);
    assert!(read(&usual).1.contains("still waits") && read(&last).1.contains("expires soon"));
}

#[tokio::test]
async fn in_quiet_hours_a_mention_is_due_at_their_end_and_is_not_sent_when_it_is_over_by_then() {
    let hour = crate::system::SystemClock.now().0 / 3_600_000;
    let at = |hours: i64| format!("{:02}:00", (hour + hours).rem_euclid(24));
    let config = format!("{PEOPLE}[news]\nzone = \"UTC\"\nquiet = \"{}-{}\"\n", at(-1), at(2));
    let (fixture, note) = waiting(&config, &thread("1")).await;
    let message = told(&fixture, &note).await.remove(0);
    let later = message.due_at.since(fixture.house.now());
    assert!((3_600_000..=7_200_000).contains(&later), "{later} ms");
    assert!(!is_over(&fixture.house, &message.key).await.unwrap());
    let alice = fixture.person("discord:100").await;
    fixture.house.engine.cancel(&note.change, &alice).await.unwrap();
    for key in [message.key.as_str(), "remind/chg-7f3k/0/usual", "news/approvals/chg-7f3k/discord/1"] {
        assert!(is_over(&fixture.house, key).await.unwrap(), "{key}");
    }
    assert!(!is_over(&fixture.house, "expired/chg-7f3k").await.unwrap());
}

#[tokio::test]
async fn what_expired_is_told_to_whoever_asked_with_the_words_to_plan_it_again() {
    let (fixture, note) = waiting(PEOPLE, &thread("1")).await;
    let over = Note { body: NoteBody::Moved { state: State::Expired }, ..note };
    let message = told(&fixture, &over).await.remove(0);
    let (mentions, said) = read(&message);
    assert_eq!(mentions, ["discord:100"]);
    assert!(said.contains("plan again chg-7f3k"), "{said}");
}

#[tokio::test]
async fn what_was_asked_for_in_a_direct_message_is_told_to_each_approver_alone() {
    let (fixture, note) = waiting(PEOPLE, &thread("main")).await;
    let all = told(&fixture, &note).await;
    let to = |message: &NewMessage| {
        let post: Post = serde_json::from_str(&message.body).unwrap();
        let Audience::Only { identity, reply: None } = post.audience else { unreachable!("{}", message.body) };
        assert_eq!((post.mentions, message.place.channel.as_str()), (vec![], ""), "no place that others read");
        identity.to_string()
    };
    assert_eq!(all.iter().map(to).collect::<Vec<_>>(), [BOB, CAROL]);
    assert_ne!(all[0].key, all[1].key);
    assert!(!is_over(&fixture.house, &all[0].key).await.unwrap(), "put off by quiet hours, it is still told");
}

#[test]
fn groups_are_told_from_people_by_how_their_platform_writes_them() {
    for (text, group) in [
        (GROUP, true),
        ("discord:81384788765712384", false),
        ("slack:T01.S02", true),
        ("slack:T01.U02", false),
        ("slack:T01.W02", false),
        ("terminal:1000", false),
    ] {
        assert_eq!(is_group(&identity(text)), group, "{text}");
    }
}
