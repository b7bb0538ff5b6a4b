//! Promises about news: only channels that asked are told, once for each change and kind, and nobody is mentioned.
//! Run with the crate's tests.
//! Must never reach a platform.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::*;
use crate::fixture::{Fixture, PEOPLE, thread, words};
use chopmark_domain::ports::SentPrompt;
use chopmark_domain::risk::Risk;
use chopmark_engine::commands::AskedModel;
use chopmark_protocol::chat::{Post, PostBody};
use chopmark_protocol::event::Body;

const OLGA: &str = "discord:900";

fn notice(message: &NewMessage) -> String {
    let post: Post = serde_json::from_str(&message.body).unwrap();
    assert_eq!(post.mentions, [], "nobody is notified");
    let PostBody::Event { event } = post.body else { unreachable!("{}", message.body) };
    let Body::Notice(notice) = event.body else { unreachable!("{}", message.body) };
    notice.text
}

async fn waits_to_be_sent(fixture: &Fixture) -> Vec<String> {
    let now = fixture.house.now();
    let due = fixture.house.store.due_messages("discord", now, 100).await.unwrap();
    due.iter().map(|waiting| notice(&waiting.message)).collect()
}

fn moved(note: &Note, state: State) -> Note {
    Note { body: NoteBody::Moved { state }, ..note.clone() }
}

#[tokio::test]
async fn a_channel_is_told_of_what_it_asked_for_once_for_each_change_and_nothing_else() {
    let fixture = Fixture::open(PEOPLE).await;
    fixture.waiting("chg-7f3k", &thread("1"), Risk::Moderate).await;
    let note = fixture.house.store.notes_after(0, 1).await.unwrap().remove(0);
    let told = async |note: &Note| for_note(&fixture.house, "discord", note).await.unwrap();
    assert_eq!(told(&note).await, [], "quiet is the default");
    fixture.says(OLGA, &thread("9"), "subscribe approvals, failures").await;
    let [message] = &told(&note).await[..] else { unreachable!("one channel") };
    assert_eq!((message.place.channel.as_str(), message.place.thread.as_str()), ("5000", ""));
    let said = notice(message);
    assert!(said.contains("chg-7f3k") && said.contains("Risk: moderate"), "{said}");
    assert_eq!(told(&note).await[0].key, message.key);
    let failed = told(&moved(&note, State::Failed)).await;
    assert!(notice(&failed[0]).contains("chg-7f3k: local/shop/cart"), "{}", notice(&failed[0]));
    assert_ne!(failed[0].key, message.key);
    assert_eq!(told(&moved(&note, State::Succeeded)).await, []);
    fixture.says(OLGA, &thread("9"), "unsubscribe approvals").await;
    assert_eq!(told(&note).await, []);
}

#[tokio::test]
async fn the_stop_switch_is_told_from_the_ledger_once_and_only_from_when_somebody_could_listen() {
    let fixture = Fixture::open(PEOPLE).await;
    let (house, bob) = (&fixture.house, fixture.person("discord:200").await);
    house.engine.halt(&bob, Some("before anybody listened")).await.unwrap();
    from_ledger(house, "discord").await.unwrap();
    fixture.says(OLGA, &thread("9"), "subscribe failures").await;
    house.engine.lift(&fixture.person(OLGA).await).await.unwrap();
    house.engine.halt(&bob, Some("smoke @everyone")).await.unwrap();
    from_ledger(house, "discord").await.unwrap();
    from_ledger(house, "discord").await.unwrap();
    let said = waits_to_be_sent(&fixture).await;
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said[0].contains("lifted") && said[1].contains("smoke"), "{said:?}");
}

#[tokio::test]
async fn a_spent_budget_is_told_once_a_day() {
    let config = format!("{PEOPLE}[limits]\ntokens_per_day = 100\n");
    let fixture = Fixture::open(&config).await;
    let (house, alice) = (&fixture.house, fixture.person("discord:100").await);
    from_ledger(house, "discord").await.unwrap();
    fixture.says(OLGA, &thread("9"), "订阅预算").await;
    let asks = async |tokens: u64| {
        let now = house.now();
        house.store.spend(&alice, tokens, now).await.unwrap();
        let asked = AskedModel {
            sent: SentPrompt { model: "m".to_owned(), at: now, body: "{}".to_owned() },
            body_digest: String::new(),
            prompt_digest: String::new(),
            tokens_in: tokens,
            tokens_out: 0,
            estimated: false,
            cost_micro: None,
            currency: None,
            milliseconds: 1,
            tries: 1,
            problem: None,
        };
        house.engine.asked_model(&alice, None, vec![asked]).await.unwrap();
        from_ledger(house, "discord").await.unwrap();
        waits_to_be_sent(&fixture).await
    };
    assert_eq!(asks(60).await, [""; 0]);
    let said = asks(60).await;
    assert!(said.len() == 1 && said[0].contains("Alice") && said[0].contains("100"), "{said:?}");
    assert_eq!(asks(60).await.len(), 1);
}

#[tokio::test]
async fn only_administrators_say_what_a_channel_reads_and_the_try_is_in_the_ledger() {
    let fixture = Fixture::open(PEOPLE).await;
    let refused = fixture.says("discord:100", &thread("9"), "subscribe approvals").await;
    assert!(words(&refused).starts_with("CM-5010"), "{}", words(&refused));
    let entries = fixture.house.store.ledger(&LedgerFilter { limit: 10, ..LedgerFilter::default() }).await.unwrap();
    let last = serde_json::from_str::<EntryContent>(&entries.last().unwrap().bytes).unwrap();
    assert_eq!(last.kind, EntryKind::AccessRefused);
    assert_eq!(fixture.house.store.subscriptions("discord").await.unwrap(), []);
    let asked = fixture.says(OLGA, &thread("9"), "subscribe").await;
    let [Body::Question(question)] = &asked.iter().map(|event| event.body.clone()).collect::<Vec<_>>()[..] else {
        unreachable!("{asked:?}")
    };
    assert_eq!(question.options[0], "subscribe approvals");
    let told = fixture.says(OLGA, &thread("9"), "subscribe alerts").await;
    assert!(words(&told).contains("alerts") && words(&told).contains("Nothing sends alerts yet"), "{}", words(&told));
    let told = fixture.says("discord:100", &thread("10"), "订阅列表").await;
    assert!(words(&told).contains("告警"), "whoever reads the channel may know: {}", words(&told));
}
