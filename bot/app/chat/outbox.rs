//! The outbox: messages that are due are sent, those of one place one after the other.
//! Run by the one process that serves the platform.
//! Must never send a message twice that the platform has, nor drop one without telling whom it was for.

use super::wake::{rest, stopped};
use super::{Office, elsewhere, mentions};
use chopmark_domain::change::{Language, Place};
use chopmark_domain::ports::{Answer, Outcome, WaitingMessage};
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::time::Timestamp;
use chopmark_engine::crash;
use chopmark_protocol::chat::{Fault, Gone, Outgoing, Post, PostBody};
use chopmark_protocol::event::Event;
use std::collections::{BTreeMap, HashSet};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// Places in which something is sent at once.
const AT_ONCE: usize = 16;
/// Messages that are read at once.
const BATCH: u32 = 256;

/// How a place goes on after a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    /// The next one may follow.
    Follows,
    /// It waits, and those behind it.
    Waits,
}

/// Sends what is due until told to stop, and then what is due still.
pub(super) async fn run(office: Office, mut stop: watch::Receiver<bool>) {
    let mut busy: HashSet<Place> = HashSet::new();
    let mut sending: JoinSet<Place> = JoinSet::new();
    let begun = office.now();
    loop {
        let ending = stopped(&stop);
        match due(&office, &busy, begun).await {
            Ok(places) => {
                for (place, messages) in places {
                    if sending.len() >= AT_ONCE {
                        break;
                    }
                    busy.insert(place.clone());
                    let office = office.clone();
                    sending.spawn(async move {
                        in_order(&office, messages).await;
                        place
                    });
                }
            }
            Err(problem) => tracing::warn!(code = %problem.code, %problem, "messages cannot be read"),
        }
        if ending && sending.is_empty() {
            return;
        }
        tokio::select! {
            Some(done) = sending.join_next(), if !sending.is_empty() => match done {
                Ok(place) => { busy.remove(&place); }
                // Whose it was is not known: nothing is sent twice, because what was sent is settled.
                Err(error) => {
                    tracing::error!(%error, "a message ended badly");
                    sending.shutdown().await;
                    busy.clear();
                }
            },
            () = rest(&office.0.wakes.outbox, &mut stop, office.0.paces.poll), if !ending => {}
        }
    }
}

/// What is due in places where nothing is being sent. What was due before this process began may have been sent by one
/// that died before it could say so.
async fn due(office: &Office, busy: &HashSet<Place>, begun: Timestamp) -> Answer<Vec<(Place, Vec<WaitingMessage>)>> {
    let due = office.0.records.due_messages(office.surface(), office.now(), BATCH).await?;
    let mut places: BTreeMap<Place, Vec<WaitingMessage>> = BTreeMap::new();
    let tried = |waiting: &WaitingMessage| waiting.tries.max(u32::from(waiting.message.due_at < begun));
    let due = due.into_iter().map(|waiting| WaitingMessage { tries: tried(&waiting), ..waiting });
    for waiting in due.filter(|waiting| !busy.contains(&waiting.message.place)) {
        places.entry(waiting.message.place.clone()).or_default().push(waiting);
    }
    let mut places: Vec<_> = places.into_iter().collect();
    // Whoever waits longest goes first.
    places.sort_by_key(|(_, messages)| messages.first().map(|waiting| waiting.number));
    Ok(places)
}

async fn in_order(office: &Office, messages: Vec<WaitingMessage>) {
    for waiting in messages {
        match send(office, &waiting).await {
            Ok(Next::Follows) => {}
            Ok(Next::Waits) => return,
            Err(problem) => {
                tracing::warn!(code = %problem.code, %problem, key = waiting.message.key, "a message was not settled");
                return;
            }
        }
    }
}

async fn send(office: &Office, waiting: &WaitingMessage) -> Answer<Next> {
    let message = &waiting.message;
    let settled = async |outcome: Outcome| {
        office.0.records.settle(waiting.number, &outcome, office.now()).await.map(|()| Next::Follows)
    };
    if mentions::is_over(office.house(), &message.key).await? {
        return settled(Outcome::GivenUp("what it is about waits no more".to_owned())).await;
    }
    let mut post: Post = match serde_json::from_str(&message.body) {
        Ok(post) => post,
        Err(error) => {
            tracing::error!(key = message.key, %error, "a kept message does not read as one");
            return settled(Outcome::GivenUp("unreadable".to_owned())).await;
        }
    };
    let moment = office.moment();
    crash::point("chat-before-post");
    let mut sent = office.chat().post(outgoing(waiting, &post, &moment)).await;
    if matches!(sent, Err(Fault::Gone { what: Gone::Message, .. })) && post.replaces.take().is_some() {
        sent = office.chat().post(outgoing(waiting, &post, &moment)).await;
    }
    crash::point("chat-after-post");
    match sent {
        Ok(id) => settled(Outcome::Sent(id)).await,
        Err(Fault::Later { after, why }) => {
            tracing::info!(key = message.key, why, "a message is sent later");
            put_off(office, waiting, office.0.paces.wait(after, waiting.tries)).await
        }
        Err(Fault::Gone { why, .. }) => match elsewhere::message(office, waiting, &post, &why).await {
            Ok(()) => settled(Outcome::GivenUp(why)).await,
            Err(_) => put_off(office, waiting, office.0.paces.wait(None, waiting.tries)).await,
        },
        Err(Fault::Refused(problem)) => {
            office.refused(&problem);
            put_off(office, waiting, office.0.paces.refused).await
        }
        Err(Fault::Invalid(why)) => {
            tracing::error!(key = message.key, why, "the platform did not take a message as it was made");
            if !message.key.starts_with(elsewhere::INVALID) {
                let problem =
                    Problem::new(Code::ChatMessageRefused).with("platform", office.surface()).with("reason", &why);
                let key = format!("{}{}", elsewhere::INVALID, message.key);
                let event = Event::problem(language(&post), &problem, None);
                elsewhere::say(office, &message.place, key, post.audience.clone(), event).await?;
            }
            settled(Outcome::GivenUp(why)).await
        }
    }
}

fn outgoing<'p>(
    waiting: &'p WaitingMessage,
    post: &'p Post,
    moment: &'p chopmark_protocol::moment::Moment,
) -> Outgoing<'p> {
    let message = &waiting.message;
    Outgoing { key: &message.key, place: &message.place, post, moment, tries: waiting.tries }
}

async fn put_off(office: &Office, waiting: &WaitingMessage, wait: std::time::Duration) -> Answer<Next> {
    office.0.records.put_off(waiting.number, office.later(wait)).await.map(|()| Next::Waits)
}

fn language(post: &Post) -> Language {
    match &post.body {
        PostBody::Event { event } => event.language,
        PostBody::File { language, .. } => *language,
    }
}
