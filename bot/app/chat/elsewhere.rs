//! Elsewhere: what a place does not take any more is told to the person it was for, else where failures are told.
//! Called by outbox.rs and cards.rs.
//! Must never tell a channel what was said to one person, nor go round in circles.

use super::Office;
use super::outlet::body;
use chopmark_domain::change::{Language, Place};
use chopmark_domain::ids::{ChangeId, Identity};
use chopmark_domain::ports::{Answer, CardSlot, NewMessage, NewsKind, Records as _, WaitingMessage};
use chopmark_domain::problem::{Code, Problem};
use chopmark_protocol::chat::{Audience, Fault, Post, PostBody};
use chopmark_protocol::event::{Body, Event};
use chopmark_protocol::messages::{self, Arg};
use chopmark_protocol::words;

use super::picture::Picture;

/// What keys of messages begin with that are told to somebody alone instead.
const ALONE: &str = "elsewhere/";
/// The same of those told in channels that asked for failures.
const FAILURES: &str = "failures/";
/// The same of those that say that a message was not taken.
pub(super) const INVALID: &str = "invalid/";

/// A message whose place is closed to us: whoever it was for is told it alone.
///
/// # Errors
/// The platform could not say now where they are told things alone.
pub(super) async fn message(office: &Office, waiting: &WaitingMessage, post: &Post, why: &str) -> Result<(), Fault> {
    let NewMessage { key, place, .. } = &waiting.message;
    if key.starts_with(FAILURES) || key.starts_with(INVALID) {
        tracing::warn!(key, why, "nobody could be told");
        return Ok(());
    }
    let (change, language) = match &post.body {
        PostBody::Event { event } => (change_of(event), event.language),
        PostBody::File { language, .. } => (None, *language),
    };
    let who = if key.starts_with(ALONE) { None } else { whose(office, post, change.as_ref()).await };
    if let Some(who) = who
        && let Some(direct) = direct(office, &who).await?
        && direct != *place
    {
        let args = [("channel", Arg::from(place.channel.as_str())), ("reason", Arg::from(why))];
        let first = Event::notice(language, messages::text(language, "chat-told-here", &args), change.as_ref());
        let told = Post { audience: Audience::Everybody, mentions: vec![], replaces: None, ..post.clone() };
        let kept =
            keep(office, &direct, [(format!("{ALONE}{key}/0"), Post::open(first)), (format!("{ALONE}{key}/1"), told)]);
        return kept.await.map_err(store);
    }
    let Some(change) = change else {
        tracing::warn!(key, why, "nobody could be told, and it is about no change");
        return Ok(());
    };
    failures(office, place, key, language, why, &change).await.map_err(store)
}

/// A card whose place is closed to us: whoever asked for the change is told where it stands, once for each rest.
pub(super) async fn card(office: &Office, slot: &CardSlot, picture: &Picture, why: &str) -> Answer<()> {
    if !picture.state.is_at_rest() {
        return Ok(());
    }
    let place = &slot.place;
    let state = serde_json::to_value(picture.state).unwrap_or_default();
    let state = state.as_str().unwrap_or_default();
    let key = format!("card/{}/{}/{}/{}/{state}", place.surface, place.channel, place.thread, slot.change);
    let file = office.house().file(&slot.change).await?;
    let who = office.identities(&file.change.requester).await?.into_iter().next();
    let direct = match who {
        Some(who) => direct(office, &who).await.unwrap_or_else(|fault| {
            tracing::info!(?fault, "whoever asked could not be told alone");
            None
        }),
        None => None,
    };
    let Some(direct) = direct.filter(|direct| direct != place) else {
        return failures(office, place, &key, slot.language, why, &slot.change).await;
    };
    let state = words::state(slot.language, picture.state);
    let args = [
        ("change", Arg::from(slot.change.as_str())),
        ("component", Arg::from(&picture.component)),
        ("channel", Arg::from(place.channel.as_str())),
        ("reason", Arg::from(why)),
        ("state", Arg::from(&state)),
    ];
    let text = messages::text(slot.language, "chat-card-told-here", &args);
    let notice = Event::notice(slot.language, text, Some(&slot.change));
    keep(office, &direct, [(format!("{ALONE}{key}"), Post::open(notice))]).await
}

/// Says something in a place, once under that key.
pub(super) async fn say(office: &Office, place: &Place, key: String, audience: Audience, event: Event) -> Answer<()> {
    keep(office, place, [(key, Post { audience, ..Post::open(event) })]).await
}

/// Channels that are told of failures hear that something could not be told, and what it is about.
async fn failures(
    office: &Office,
    place: &Place,
    key: &str,
    language: Language,
    why: &str,
    change: &ChangeId,
) -> Answer<()> {
    let problem = Problem::new(Code::ChatPlaceGone)
        .with("platform", office.surface())
        .with("channel", &place.channel)
        .with("reason", why);
    let subscriptions = office.0.records.subscriptions(office.surface()).await?;
    let channels =
        subscriptions.into_iter().filter(|one| one.kind == NewsKind::Failures && one.place.channel != place.channel);
    let mut told = false;
    for channel in channels {
        let key = format!("{FAILURES}{}/{key}", channel.place.channel);
        say(office, &channel.place, key, Audience::Everybody, Event::problem(language, &problem, Some(change))).await?;
        told = true;
    }
    if !told {
        tracing::warn!(key, why, %change, "nobody could be told");
    }
    Ok(())
}

async fn keep<const N: usize>(office: &Office, place: &Place, posts: [(String, Post); N]) -> Answer<()> {
    let mut messages = Vec::with_capacity(N);
    for (key, post) in posts {
        messages.push(NewMessage { key, place: place.clone(), body: body(&post)?, due_at: office.now() });
    }
    office.0.records.send(&messages).await?;
    office.0.wakes.outbox.notify_one();
    Ok(())
}

/// Where somebody is told something alone; none for somebody who takes nothing.
async fn direct(office: &Office, who: &Identity) -> Result<Option<Place>, Fault> {
    match office.chat().direct(who).await {
        Ok(place) => Ok(Some(place)),
        Err(fault @ Fault::Later { .. }) => Err(fault),
        Err(fault) => {
            tracing::info!(?fault, %who, "somebody takes nothing alone");
            Ok(None)
        }
    }
}

/// Whom a post was for.
async fn whose(office: &Office, post: &Post, change: Option<&ChangeId>) -> Option<Identity> {
    if let Audience::Only { identity, .. } = &post.audience {
        return Some(identity.clone());
    }
    let file = office.house().store.change(change?).await.ok()??;
    let requesters = office.identities(&file.change.requester).await.ok()?;
    let mentioned = post.mentions.iter().find(|one| requesters.contains(one));
    mentioned.cloned().or_else(|| requesters.into_iter().next())
}

/// The change that an event is about.
fn change_of(event: &Event) -> Option<ChangeId> {
    match &event.body {
        Body::Card(card) => Some(card.change.clone()),
        Body::Progress(progress) => Some(progress.change.clone()),
        Body::Result(finished) => Some(finished.change.clone()),
        Body::Refusal(trouble) | Body::Error(trouble) => trouble.change.clone(),
        Body::Notice(notice) => notice.change.clone(),
        Body::Answer(_) | Body::Question(_) | Body::Proposal(_) => None,
    }
}

/// The store may work again in a moment.
fn store(problem: Problem) -> Fault {
    Fault::Later { after: None, why: problem.to_string() }
}
