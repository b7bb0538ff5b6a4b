//! News: what channels read that subscribed to it: changes that wait, what failed, the stop switch, spent budgets.
//! Called by the feed: for every note, and once a round for what only the ledger tells.
//! Must never mention anybody, nor post to a channel that did not ask for it.

use super::mentions::{due, post};
use crate::assemble::House;
use chopmark_domain::change::{Language, Place};
use chopmark_domain::facts::ChangeFile;
use chopmark_domain::halt::Halt;
use chopmark_domain::ids::PersonId;
use chopmark_domain::ledger::{EntryContent, EntryKind};
use chopmark_domain::lifecycle::State;
use chopmark_domain::note::{Note, NoteBody};
use chopmark_domain::person::Actor;
use chopmark_domain::ports::{
    Answer, ChatRecords as _, LedgerFilter, NewMessage, NewsKind, Records as _, Settings as _, Speaks, Usage as _,
};
use chopmark_protocol::event::Event;
use chopmark_protocol::messages::{self, Arg, text};
use chopmark_protocol::moment::Moment;
use chopmark_protocol::{view, words};

/// How many ledger entries are read at once.
const BATCH: u32 = 200;

/// What a note leads to in the channels of a surface: one message for each change, kind and channel.
///
/// # Errors
/// The records cannot be read.
pub(super) async fn for_note(house: &House, surface: &str, note: &Note) -> Answer<Vec<NewMessage>> {
    let NoteBody::Moved { state } = &note.body else { return Ok(vec![]) };
    let kind = match state {
        State::AwaitingApproval => NewsKind::Approvals,
        State::Failed | State::Degraded | State::NeedsAttention => NewsKind::Failures,
        _ => return Ok(vec![]),
    };
    let channels = subscribed(house, surface, kind).await?;
    if channels.is_empty() {
        return Ok(vec![]);
    }
    let file = house.engine.look(&note.change).await?;
    let waits = file.change.state == State::AwaitingApproval && file.waits.as_ref().is_some_and(|waits| waits.rests);
    if kind == NewsKind::Approvals && !waits {
        return Ok(vec![]);
    }
    let mut all = Vec::new();
    for (channel, language) in channels {
        let said = match kind {
            NewsKind::Approvals => waiting(&file, language),
            NewsKind::Failures | NewsKind::Budget | NewsKind::Alerts => failed(&file, *state, language),
        };
        let word = if kind == NewsKind::Approvals { "approvals" } else { "failures" };
        let key = format!("news/{word}/{}/{surface}/{}", file.change.id, channel.channel);
        let event = Event::notice(language, said, Some(&file.change.id));
        all.push(post(key, channel, vec![], event, due(house)?)?);
    }
    Ok(all)
}

/// What the ledger tells and no note: the stop switch, and budgets that are used up. Where it was read to is kept beside
/// the surface's own feed.
///
/// # Errors
/// The records cannot be read.
pub(super) async fn from_ledger(house: &House, surface: &str) -> Answer<()> {
    let cursor = format!("{surface}/ledger");
    let (head, _) = house.store.ledger_head().await?;
    let Some(after) = house.store.fed(&cursor).await? else {
        // What was before anybody could subscribe is no news.
        return house.store.feed(&cursor, head, &[]).await;
    };
    if head <= after {
        return Ok(());
    }
    let entries = house.store.ledger(&LedgerFilter { after, limit: BATCH, ..LedgerFilter::default() }).await?;
    let (mut last, mut all) = (after, Vec::new());
    for entry in entries {
        last = entry.sequence;
        let Ok(content) = serde_json::from_str::<EntryContent>(&entry.bytes) else { continue };
        all.extend(of_entry(house, surface, &content).await?);
    }
    house.store.feed(&cursor, last, &all).await
}

async fn of_entry(house: &House, surface: &str, entry: &EntryContent) -> Answer<Vec<NewMessage>> {
    let Actor::Person(person) = &entry.actor else { return Ok(vec![]) };
    let mut all = Vec::new();
    match entry.kind {
        EntryKind::Halted | EntryKind::Lifted => {
            for (channel, language) in subscribed(house, surface, NewsKind::Failures).await? {
                let said = match entry.kind {
                    EntryKind::Halted => {
                        let why = entry.payload.get("why").and_then(|why| why.as_str()).map(str::to_owned);
                        let halt = Halt { by: person.clone(), why, at: entry.at };
                        view::stopped(
                            language,
                            &Moment::of_zone(house.now(), &house.settings.config()?.news.zone),
                            &halt,
                        )
                    }
                    _ => text(language, "news-lifted", &[("by", Arg::from(person.as_str()))]),
                };
                let key = format!("news/switch/{}/{surface}/{}", entry.sequence, channel.channel);
                all.push(post(key, channel, vec![], Event::notice(language, said, None), due(house)?)?);
            }
        }
        EntryKind::ModelAsked => all.extend(spent(house, surface, person, entry).await?),
        _ => {}
    }
    Ok(all)
}

/// Somebody's tokens of the day are used up: once a day.
async fn spent(house: &House, surface: &str, person: &PersonId, entry: &EntryContent) -> Answer<Vec<NewMessage>> {
    let Some(limit) = house.settings.policy()?.limits.tokens_per_day else { return Ok(vec![]) };
    let channels = subscribed(house, surface, NewsKind::Budget).await?;
    if channels.is_empty() || house.store.spent(person, entry.at).await? < limit {
        return Ok(vec![]);
    }
    let known = house.toolbox.directory.person(person).await?;
    let name = known.map_or_else(|| person.to_string(), |known| known.name);
    let limit = limit.to_string();
    let mut all = Vec::new();
    for (channel, language) in channels {
        let said = text(language, "news-budget", &[("person", Arg::from(&name)), ("limit", Arg::from(&limit))]);
        let key = format!("news/budget/{person}/{}/{surface}/{}", entry.at.date(), channel.channel);
        all.push(post(key, channel, vec![], Event::notice(language, said, None), due(house)?)?);
    }
    Ok(all)
}

/// The channels that asked for a kind, each with its language.
async fn subscribed(house: &House, surface: &str, kind: NewsKind) -> Answer<Vec<(Place, Language)>> {
    let mut channels = Vec::new();
    for subscription in house.store.subscriptions(surface).await? {
        if subscription.kind == kind {
            let place = subscription.place;
            let whose = Speaks::Channel { surface: surface.to_owned(), channel: place.channel.clone() };
            let language = house.store.pinned_language(&whose).await?.unwrap_or_default();
            channels.push((place, language));
        }
    }
    Ok(channels)
}

fn waiting(file: &ChangeFile, language: Language) -> String {
    let component = file.change.component.to_string();
    let risk = file.record.planned.as_ref().map(|planned| words::risk(language, planned.risk)).unwrap_or_default();
    let args = [
        ("change", Arg::from(file.change.id.as_str())),
        ("component", Arg::from(&component)),
        ("risk", Arg::from(&risk)),
    ];
    text(language, "news-approval", &args)
}

/// As it was then: a change that needed somebody may be settled by now, and that it did is still news.
fn failed(file: &ChangeFile, state: State, language: Language) -> String {
    let (component, state) = (file.change.component.to_string(), words::state(language, state));
    let why = file.change.problem.as_ref().map(|problem| messages::problem(language, problem).what);
    let args = [
        ("change", Arg::from(file.change.id.as_str())),
        ("component", Arg::from(&component)),
        ("state", Arg::from(&state)),
        ("why", Arg::from(why.as_deref().unwrap_or_default())),
    ];
    text(language, "news-failure", &args)
}

#[cfg(test)]
#[path = "news_tests.rs"]
mod tests;
