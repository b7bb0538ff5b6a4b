//! Mentions: who is told that a change waits for them, when, and that it expired.
//! Called by the feed for every note, and by the outbox before a message that was put off is sent.
//! Must never mention anybody but those who may approve and whoever asked, nor anybody in quiet hours.

use super::outlet::body;
use crate::assemble::House;
use chopmark_domain::change::{Change, Language, Place};
use chopmark_domain::deciders::Decider;
use chopmark_domain::facts::ChangeFile;
use chopmark_domain::ids::{ChangeId, Identity, PersonId};
use chopmark_domain::lifecycle::State;
use chopmark_domain::note::{Note, NoteBody, Occasion};
use chopmark_domain::ports::{Answer, ChatRecords as _, Identities as _, NewMessage};
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::time::Timestamp;
use chopmark_engine::Approvers;
use chopmark_protocol::chat::{Audience, Post};
use chopmark_protocol::command::{Name, form_of};
use chopmark_protocol::event::Event;
use chopmark_protocol::messages::{Arg, text};
use std::collections::BTreeSet;

/// The thread of a place where somebody is alone with us.
const DIRECT: &str = "main";
/// What keys of messages that wait for a decision begin with: those of one plan, and those of a change.
const OF_PLAN: [&str; 2] = ["mention/", "remind/"];
const OF_CHANGE: &str = "news/approvals/";
/// Digits of a digest in a key.
const DIGITS: usize = 16;

/// What a note leads to on a surface.
///
/// # Errors
/// The records cannot be read.
pub(super) async fn for_note(house: &House, surface: &str, note: &Note) -> Answer<Vec<NewMessage>> {
    let told = match &note.body {
        NoteBody::Moved { state: State::AwaitingApproval } => waits(house, surface, &note.change).await?,
        NoteBody::Reminder { people, occasion } => reminder(house, surface, &note.change, people, *occasion).await?,
        NoteBody::Moved { state: State::Expired } => expired(house, surface, &note.change).await?.into_iter().collect(),
        NoteBody::Moved { .. } | NoteBody::Progress { .. } | NoteBody::Warning { .. } => vec![],
    };
    Ok(told)
}

/// Whether what a message says is over, because somebody decided while it was put off.
///
/// # Errors
/// The records cannot be read.
pub(super) async fn is_over(house: &House, key: &str) -> Answer<bool> {
    let of_plan = OF_PLAN.iter().find_map(|start| key.strip_prefix(start));
    let Some(rest) = of_plan.or_else(|| key.strip_prefix(OF_CHANGE)) else { return Ok(false) };
    let mut parts = rest.split('/');
    let Some(id) = parts.next().and_then(|id| ChangeId::parse(id).ok()) else { return Ok(false) };
    let file = house.file(&id).await?;
    let another_plan = of_plan.is_some() && digest_of(&file).as_deref() != parts.next();
    Ok(another_plan || file.change.state != State::AwaitingApproval)
}

/// A person's identities on a surface.
///
/// # Errors
/// The configuration does not parse.
pub(super) async fn identities(house: &House, surface: &str, person: &PersonId) -> Answer<Vec<Identity>> {
    let all = house.toolbox.directory.identities(person).await?;
    Ok(all.into_iter().filter(|identity| is_of(identity, surface)).collect())
}

/// When something may be told that nobody asked for just now: at once, or at the end of quiet hours.
///
/// # Errors
/// The configuration does not parse.
pub(super) fn due(house: &House) -> Answer<Timestamp> {
    let (config, now) = (house.settings.config()?, house.now());
    let quiet = config.news.quiet.as_ref().and_then(|quiet| quiet.at(now));
    Ok(quiet.map_or(now, |quiet| quiet.until))
}

/// What a plan's messages have in their keys: of each plan there is one.
fn digest_of(file: &ChangeFile) -> Option<String> {
    let digest = file.record.planned.as_ref()?.digest.to_string();
    Some(digest.chars().take(DIGITS).collect())
}

/// A change came to wait: those who may approve it are told, once for every plan.
async fn waits(house: &House, surface: &str, id: &ChangeId) -> Answer<Vec<NewMessage>> {
    let file = house.engine.look(id).await?;
    // What a rule is about to approve waits for nobody.
    let rests = file.waits.as_ref().is_some_and(|waits| waits.rests);
    let (Some(digest), true, true) = (digest_of(&file), rests, file.change.place.surface == surface) else {
        return Ok(vec![]);
    };
    let mut approvers = house.engine.approvers(&file).await?;
    // Whoever asked has the card before them.
    let asked = house.toolbox.directory.current(&file.change.requester).await?;
    approvers.people.retain(|decider| decider.person != asked);
    let mentions = mentioned(house, surface, &approvers).await?;
    let language = language(house, &file.change).await?;
    let said = said(house, &file, language, "mention-waits")?;
    let key = format!("mention/{id}/{digest}");
    told(house, key, &file.change, mentions, Event::notice(language, said, Some(id)))
}

/// It still waits: those who have not decided are mentioned again.
async fn reminder(
    house: &House,
    surface: &str,
    id: &ChangeId,
    people: &[PersonId],
    occasion: Occasion,
) -> Answer<Vec<NewMessage>> {
    let file = house.file(id).await?;
    let (Some(digest), true) = (digest_of(&file), file.change.place.surface == surface) else { return Ok(vec![]) };
    let mut approvers = house.engine.approvers(&file).await?;
    approvers.people.retain(|decider| people.contains(&decider.person));
    // Of a group nobody can be left out who has decided.
    if approvers.given > 0 && !approvers.people.is_empty() {
        approvers.roles.clear();
    }
    let mentions = mentioned(house, surface, &approvers).await?;
    let (words, word) = match occasion {
        Occasion::Usual => ("mention-reminder", "usual"),
        Occasion::ExpiresSoon => ("mention-expires-soon", "last"),
    };
    let language = language(house, &file.change).await?;
    let said = said(house, &file, language, words)?;
    let key = format!("remind/{id}/{digest}/{word}");
    told(house, key, &file.change, mentions, Event::notice(language, said, Some(id)))
}

/// Nobody decided in time: whoever asked is told how to go on.
async fn expired(house: &House, surface: &str, id: &ChangeId) -> Answer<Option<NewMessage>> {
    let file = house.file(id).await?;
    if file.change.place.surface != surface {
        return Ok(None);
    }
    let language = language(house, &file.change).await?;
    let mentions = identities(house, surface, &file.change.requester).await?;
    let why = file.change.problem.clone().unwrap_or_else(|| Problem::new(Code::PlanExpired).with("change", id));
    let why = chopmark_protocol::messages::problem(language, &why).what;
    let word = form_of(Name::PlanAgain).map_or("", |form| form.word(language));
    let args = [("why", Arg::from(&why)), ("word", Arg::from(word)), ("change", Arg::from(id.as_str()))];
    let event = Event::notice(language, text(language, "mention-expired", &args), Some(id));
    message(house, format!("expired/{id}"), &file.change, mentions, event).map(Some)
}

/// One post in the change's thread that mentions them; each of them alone where the change was asked for in a direct
/// message, which nobody else reads. A group can't be written to.
fn told(house: &House, key: String, change: &Change, mentions: Vec<Identity>, event: Event) -> Answer<Vec<NewMessage>> {
    if mentions.is_empty() {
        return Ok(vec![]);
    }
    if change.place.thread != DIRECT {
        return message(house, key, change, mentions, event).map(|message| vec![message]);
    }
    // No channel: the surface finds the one in which it is alone with each of them.
    let place = Place { channel: String::new(), ..change.place.clone() };
    let people = mentions.into_iter().filter(|identity| !is_group(identity));
    let alone = people.map(|identity| {
        let key = format!("{key}/{identity}");
        let post = Post { audience: Audience::Only { identity, reply: None }, ..Post::open(event.clone()) };
        Ok(NewMessage { key, place: place.clone(), body: body(&post)?, due_at: due(house)? })
    });
    alone.collect()
}

/// The language of the card in the change's own thread.
async fn language(house: &House, change: &Change) -> Answer<Language> {
    let slot = house.store.card_at(&change.place, &change.id).await?;
    Ok(slot.map_or(change.language, |slot| slot.language))
}

fn said(house: &House, file: &ChangeFile, language: Language, key: &str) -> Answer<String> {
    let config = house.settings.config()?;
    let until = file.record.planned.as_ref().map(|planned| config.news.zone.written(planned.expires_at));
    let (component, until) = (file.change.component.to_string(), until.unwrap_or_default());
    let args = [
        ("change", Arg::from(file.change.id.as_str())),
        ("component", Arg::from(&component)),
        ("until", Arg::from(&until)),
    ];
    Ok(text(language, key, &args))
}

fn message(house: &House, key: String, change: &Change, mentions: Vec<Identity>, event: Event) -> Answer<NewMessage> {
    post(key, change.place.clone(), mentions, event, due(house)?)
}

/// A post for everybody in a place.
///
/// # Errors
/// None of its types can fail to serialise; the signature says what serde_json says.
pub(super) fn post(
    key: String,
    place: Place,
    mentions: Vec<Identity>,
    event: Event,
    due_at: Timestamp,
) -> Answer<NewMessage> {
    Ok(NewMessage { key, place, body: body(&Post { mentions, ..Post::open(event) })?, due_at })
}

/// Those who may approve, as a surface calls them: a group where a role is a group there, and whoever of the others is
/// known there.
async fn mentioned(house: &House, surface: &str, approvers: &Approvers) -> Answer<Vec<Identity>> {
    let config = house.settings.config()?;
    let mut groups: BTreeSet<Identity> = BTreeSet::new();
    for role in &approvers.roles {
        let members = config.joined.members.get(role).into_iter().flatten().filter_map(PersonId::identity);
        groups.extend(members.filter(|member| is_of(member, surface) && is_group(member)));
    }
    let mut mentions: Vec<Identity> = groups.iter().cloned().collect();
    for Decider { person, .. } in &approvers.people {
        let here = identities(house, surface, person).await?;
        let mut told = false;
        for identity in &here {
            let of = house.store.groups(identity).await?;
            told |= of.is_some_and(|(of, _)| !of.is_disjoint(&groups));
        }
        if !told {
            mentions.extend(here);
        }
    }
    Ok(mentions)
}

fn is_of(identity: &Identity, surface: &str) -> bool {
    identity.as_str().strip_prefix(surface).is_some_and(|rest| rest.starts_with(':'))
}

/// Whether an identity is a group's: a role of a Discord server (`discord:<server>.role.<role>`), or a Slack user group,
/// whose ids begin with S while people's begin with U or W.
fn is_group(identity: &Identity) -> bool {
    let id = identity.as_str();
    let last = id.rsplit('.').next().unwrap_or_default();
    match id.split(':').next() {
        Some("discord") => id.contains(".role."),
        Some("slack") => last.starts_with('S'),
        _ => false,
    }
}

#[cfg(test)]
#[path = "mentions_tests.rs"]
mod tests;
