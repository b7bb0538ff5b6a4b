//! Meanings: what an arrival asks for, as a request that the router serves.
//! Called by the inbox for every event.
//! Must never let a press approve what does not stand whole where it was pressed, or what its message never showed.

use super::{Office, forms};
use crate::router::Meant;
use chopmark_domain::digest::Digest;
use chopmark_domain::ids::ChangeId;
use chopmark_domain::lifecycle::State;
use chopmark_domain::ports::{Answer, CardSlot, ChangeFilter, Records as _};
use chopmark_domain::problem::{Code, Problem};
use chopmark_protocol::chat::{self, Act, Arrival, Asks, FormKind, Press, Pressed};
use chopmark_protocol::command::{self, Command};
use chopmark_protocol::messages;
use chopmark_protocol::plain;
use chopmark_protocol::request::{Request, Seen};
use std::collections::BTreeMap;

/// As many waiting changes of a place are looked up for a decision that names none.
const WAITING: u32 = 20;

/// Cards that were on somebody's screen.
type Screen = BTreeMap<ChangeId, Seen>;

/// What an arrival asks for; none for a press that asks something first, which its adapter has to ask.
///
/// # Errors
/// A problem to be told to whoever pressed.
pub(super) async fn of(office: &Office, arrival: &Arrival) -> Answer<Option<(Request, Meant)>> {
    let (text, meant, seen) = match &arrival.meant {
        chat::Meant::Said(words) => (words.clone(), Meant::Words, typed(office, arrival, words).await?),
        chat::Meant::Pressed(press) if press.asks != Asks::Nothing => return Ok(None),
        chat::Meant::Pressed(press) => pressed(office, arrival, press).await?,
        chat::Meant::Filled(filled) => {
            let said = forms::meant(office.house(), filled, &arrival.speaker).await?;
            if let FormKind::Of(Press { what: Pressed::Act { act, change, seen }, .. }) = &filled.kind {
                checked(office, arrival, *act, change, *seen).await?;
            }
            (said.text, said.meant, said.seen.into_iter().collect())
        }
    };
    let speaker = &arrival.speaker;
    let request = Request {
        delivery: arrival.delivery.clone(),
        identity: speaker.identity.clone(),
        groups: speaker.groups.clone(),
        place: speaker.place.clone(),
        language: None,
        locale: speaker.language,
        text,
        at: arrival.at,
        seen,
    };
    Ok(Some((request, meant)))
}

/// What is pressed on a card happens in the place of that card.
///
/// # Errors
/// The store cannot be read.
pub(super) async fn where_its_card_is(office: &Office, mut arrival: Arrival) -> Answer<Arrival> {
    if let (chat::Meant::Pressed(_) | chat::Meant::Filled(_), Some(message)) = (&arrival.meant, &arrival.message)
        && let Some(slot) = office.0.records.card_of(office.surface(), message).await?
    {
        arrival.speaker.place = slot.place;
    }
    Ok(arrival)
}

async fn pressed(office: &Office, arrival: &Arrival, press: &Press) -> Answer<(String, Meant, Screen)> {
    match &press.what {
        Pressed::Say(words) => Ok((words.clone(), Meant::Words, typed(office, arrival, words).await?)),
        Pressed::Act { act, change, seen } => {
            checked(office, arrival, *act, change, *seen).await?;
            let screen = seen.map(|seen| (change.clone(), seen)).into_iter().collect();
            let key = match act {
                Act::Applied => Some("resolution-applied"),
                Act::Partial => Some("resolution-partial"),
                Act::NotStarted => Some("resolution-not-started"),
                _ => None,
            };
            // How that is known, as the ledger keeps it.
            let language = arrival.speaker.language.unwrap_or_default();
            let text = key.map(|key| messages::text(language, key, &[])).unwrap_or_default();
            Ok((text, Meant::Command(act.command(change.clone())), screen))
        }
    }
}

/// Whether a press came from a card of ours, and what it approves stood there whole.
async fn checked(office: &Office, arrival: &Arrival, act: Act, change: &ChangeId, seen: Option<Seen>) -> Answer<()> {
    let decides = match act {
        Act::Approve | Act::Applied | Act::Partial | Act::NotStarted => true,
        Act::Reject | Act::Edit | Act::Details | Act::Cancel | Act::Undo | Act::PlanAgain | Act::Show => false,
    };
    let slot = slot(office, arrival, change).await?;
    let outdated = || Problem::new(Code::DecisionOutdated).with("change", change);
    match slot {
        Some(slot) if slot.change != *change => Err(outdated()),
        None if decides => Err(outdated()),
        Some(slot) if act == Act::Approve => {
            let Some(seen) = seen else { return Err(outdated()) };
            let file = office.house().file(change).await?;
            let now = file.record.planned.as_ref().map(|planned| planned.digest);
            // About another digest than that of now the engine has better words.
            if now == Some(seen.digest) && slot.content != now {
                return Err(outdated().with("revision", file.record.revision));
            }
            Ok(())
        }
        Some(_) | None => Ok(()),
    }
}

/// The card that was pressed: that of the message, else the one of the change in that place.
async fn slot(office: &Office, arrival: &Arrival, change: &ChangeId) -> Answer<Option<CardSlot>> {
    let records = &office.0.records;
    if let Some(message) = &arrival.message
        && let Some(slot) = records.card_of(office.surface(), message).await?
    {
        return Ok(Some(slot));
    }
    records.card_at(&arrival.speaker.place, change).await
}

/// What stands whole in the place where somebody approves in words.
async fn typed(office: &Office, arrival: &Arrival, words: &str) -> Answer<Screen> {
    let mut screen = Screen::new();
    let Some(Command::Approve { change, .. }) = command::parse(&plain::plain(words)) else { return Ok(screen) };
    let place = &arrival.speaker.place;
    let changes = match change {
        Some(change) => vec![change],
        None => {
            let filter = ChangeFilter {
                states: vec![State::AwaitingApproval],
                place: Some(place.clone()),
                limit: WAITING,
                ..ChangeFilter::default()
            };
            let found = office.house().store.changes(&filter).await?;
            found.into_iter().map(|change| change.id).collect()
        }
    };
    for change in changes {
        let Some(slot) = office.0.records.card_at(place, &change).await? else { continue };
        let Some(file) = office.house().store.change(&change).await? else { continue };
        // Where nothing was delivered whole, no digest was seen: the engine asks for a look at the newest card.
        let digest = slot.content.unwrap_or_else(|| Digest::of(b""));
        screen.insert(change, Seen { revision: file.record.revision, digest });
    }
    Ok(screen)
}
