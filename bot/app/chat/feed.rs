//! The feed: what becomes of changes, from the engine's notes, in their order.
//! Run by the one process that serves the platform; goes on after a restart where it stopped.
//! Must never move on before everything that a note leads to is kept.

use super::outlet::body;
use super::wake::stopped;
use super::{Office, mentions, news};
use crate::router::HOLDS;
use chopmark_domain::facts::ChangeFile;
use chopmark_domain::ids::ChangeId;
use chopmark_domain::lifecycle::State;
use chopmark_domain::note::{Note, NoteBody};
use chopmark_domain::ports::{Answer, NewMessage, Records as _};
use chopmark_domain::problem::Problem;
use chopmark_protocol::chat::Post;
use chopmark_protocol::event::Event;
use std::collections::BTreeMap;
use tokio::sync::{Notify, watch};

/// Notes that are read at once.
const BATCH: u32 = 100;

/// Tells what happens until told to stop, and then what happened still.
pub(super) async fn run(office: Office, mut stop: watch::Receiver<bool>) {
    // Nobody rings: notes are written by the engine, in whichever process.
    let bell = Notify::new();
    loop {
        let ending = stopped(&stop);
        match round(&office).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(problem) => tracing::warn!(code = %problem.code, %problem, "notes cannot be told yet"),
        }
        if let Err(problem) = news::from_ledger(office.house(), office.surface()).await {
            tracing::warn!(code = %problem.code, %problem, "news of the ledger cannot be told yet");
        }
        if ending {
            return;
        }
        super::wake::rest(&bell, &mut stop, office.0.paces.poll).await;
    }
}

/// Tells the next notes; whether there were any.
async fn round(office: &Office) -> Answer<bool> {
    let (records, store) = (&office.0.records, &office.house().store);
    let Some(fed) = records.fed(office.surface()).await? else {
        // What was before is no news.
        records.feed(office.surface(), store.last_note().await?, &[]).await?;
        return Ok(true);
    };
    let notes = store.notes_after(fed, BATCH).await?;
    let Some(last) = notes.last().map(|note| note.sequence) else { return Ok(false) };
    let mut raised: BTreeMap<ChangeId, i64> = BTreeMap::new();
    let mut messages = Vec::new();
    for note in &notes {
        raised.insert(note.change.clone(), note.sequence);
        if let NoteBody::Progress { about, key } = &note.body {
            office.progressed(&note.change, key.clone(), about.clone());
            continue;
        }
        let Some(file) = store.change(&note.change).await? else { continue };
        place_of_its_own(office, note, &file).await?;
        messages.extend(told(office, note, &file).await?);
        messages.extend(mentions::for_note(office.house(), office.surface(), note).await?);
        messages.extend(news::for_note(office.house(), office.surface(), note).await?);
    }
    for (change, note) in &raised {
        records.raise_cards(change, *note).await?;
    }
    records.feed(office.surface(), last, &messages).await?;
    office.0.wakes.cards.notify_one();
    office.0.wakes.outbox.notify_one();
    Ok(true)
}

/// A change that was asked for here has a card here, whoever made it: a request, or the engine in the place of one that no
/// longer held.
async fn place_of_its_own(office: &Office, note: &Note, file: &ChangeFile) -> Answer<()> {
    let change = &file.change;
    if change.place.surface != office.surface() || !matches!(note.body, NoteBody::Moved { .. }) {
        return Ok(());
    }
    if office.0.records.card_at(&change.place, &change.id).await?.is_none() {
        office.0.records.want_card(&change.place, &change.id, change.language, note.sequence).await?;
    }
    Ok(())
}

/// What those who asked are told where they asked.
async fn told(office: &Office, note: &Note, file: &ChangeFile) -> Answer<Option<NewMessage>> {
    let change = &file.change;
    if change.place.surface != office.surface() {
        return Ok(None);
    }
    match &note.body {
        NoteBody::Moved { state } if *state == change.state && is_told(*state) => {
            let key = format!("finished/{}/{}", office.surface(), change.id);
            let who = office.identities(&change.requester).await?;
            message(office, file, key, who, Event::finished(change.language, file)).map(Some)
        }
        NoteBody::Warning { problem } if !HOLDS.contains(&problem.code) => {
            let key = format!("note/{}/{}", office.surface(), note.sequence);
            message(office, file, key, vec![], warning(problem, file)).map(Some)
        }
        NoteBody::Moved { .. } | NoteBody::Warning { .. } | NoteBody::Progress { .. } | NoteBody::Reminder { .. } => {
            Ok(None)
        }
    }
}

fn warning(problem: &Problem, file: &ChangeFile) -> Event {
    Event::problem(file.change.language, problem, Some(&file.change.id))
}

/// Ends that a message of their own tells. What is superseded goes on under another name, whose card says what differs;
/// what expired is told with the way to plan it again.
fn is_told(state: State) -> bool {
    match state {
        State::Succeeded
        | State::Failed
        | State::Degraded
        | State::NoChanges
        | State::PolicyDenied
        | State::PlanFailed
        | State::Rejected
        | State::Cancelled
        | State::Resolved
        | State::NeedsAttention => true,
        State::Draft
        | State::Planning
        | State::AwaitingApproval
        | State::Approved
        | State::Claimed
        | State::Executing
        | State::Applied
        | State::Verifying
        | State::Discarded
        | State::Superseded
        | State::Expired => false,
    }
}

fn message(
    office: &Office,
    file: &ChangeFile,
    key: String,
    mentions: Vec<chopmark_domain::ids::Identity>,
    event: Event,
) -> Answer<NewMessage> {
    let post = Post { mentions, ..Post::open(event) };
    Ok(NewMessage { key, place: file.change.place.clone(), body: body(&post)?, due_at: office.now() })
}
