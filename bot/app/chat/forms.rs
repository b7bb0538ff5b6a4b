//! Forms: what a modal asks before an act, and what it means when it comes back.
//! Called by the desk when a form is opened, and by the inbox when one was sent.
//! Must never decide anything: what comes back goes through the router like any words of that person.

mod edit;
#[cfg(test)]
mod tests;

use super::languages;
use crate::assemble::House;
use crate::router::Meant;
use chopmark_domain::approval::Verdict;
use chopmark_domain::change::Language;
use chopmark_domain::facts::ChangeFile;
use chopmark_domain::ids::{ChangeId, PersonId};
use chopmark_domain::ports::{Answer, Identities as _};
use chopmark_domain::problem::{Code, Problem};
use chopmark_engine::commands::DecisionAsked;
use chopmark_functions::Toolbox;
use chopmark_protocol::chat::{Act, Field, FieldKind, Filled, Form, FormAsked, FormKind, Press, Pressed, Speaker};
use chopmark_protocol::command::{Command, Name, form_of};
use chopmark_protocol::messages::{Arg, text};
use chopmark_protocol::request::Seen;

/// Characters that a field takes on every platform: Slack's `plain_text_input` takes 3,000, Discord's text input 4,000.
const LONGEST_TEXT: usize = 3000;
/// Characters of a label and of a hint that every platform shows: Discord's, 45 and 100.
const LONGEST_LABEL: usize = 45;
const LONGEST_HINT: usize = 100;

/// How long groups that were written down are not written again: well within the ten minutes for which they count.
const FRESH_SECONDS: u64 = 60;

/// The field of a reason, of the name that severe risk asks for, and of words.
const WHY: &str = "why";
const NAME: &str = "name";
const WORDS: &str = "words";

/// What somebody said by sending a form.
pub(super) struct Said {
    /// In words, for the record.
    pub(super) text: String,
    /// What it means.
    pub(super) meant: Meant,
    /// The card that was on the screen.
    pub(super) seen: Option<(ChangeId, Seen)>,
}

/// The form that is asked for. The right is looked at first, and a refusal recorded.
///
/// # Errors
/// They may not, or the change no longer waits.
pub(super) async fn form(house: &House, asked: FormAsked) -> Answer<Form> {
    let speaker = &asked.speaker;
    let person = person(house, speaker).await?;
    house.within_urgent_limit(&person).await?;
    let language = languages::of(house, speaker).await?;
    let seen = toolbox(house, &person).await?;
    let (act, change, card) = match &asked.kind {
        FormKind::Ask => return Ok(ask(asked.kind, asked.quoted.as_deref(), language)),
        FormKind::Of(press) => acted(press)?,
    };
    let file = seen.records.change(change).await?;
    let file = file.ok_or_else(|| Problem::new(Code::UnknownChange).with("change", change))?;
    match act {
        Act::Approve | Act::Reject => {
            let verdict = if act == Act::Approve { Verdict::Approve } else { Verdict::Reject };
            house.engine.may_decide(&decision(&file, speaker, person, verdict, card)).await?;
            Ok(if act == Act::Approve {
                approve(asked.kind, &file, language)
            } else {
                reject(asked.kind, &file, language)
            })
        }
        Act::Edit => {
            house.engine.may_edit(&file, &person).await?;
            still_the_same(&file, card)?;
            edit::form(asked.kind, &file, &seen, asked.most, language)
        }
        _ => Err(Problem::new(Code::UnknownCommand)),
    }
}

/// What a form means that came back.
///
/// # Errors
/// The change is hidden or gone, was edited meanwhile, or nothing was changed in the form.
pub(super) async fn meant(house: &House, filled: &Filled, speaker: &Speaker) -> Answer<Said> {
    let language = languages::of(house, speaker).await?;
    let (act, change, card) = match &filled.kind {
        FormKind::Ask => {
            let text = value(filled, WORDS).ok_or_else(|| Problem::new(Code::NothingToActOn).with("what", "change"))?;
            return Ok(Said { text, meant: Meant::Words, seen: None });
        }
        FormKind::Of(press) => acted(press)?,
    };
    let seen = card.map(|seen| (change.clone(), seen));
    let (word, id) = (|name| form_of(name).map_or("", |form| form.word(language)), change.clone());
    match act {
        Act::Approve => {
            let confirm = value(filled, NAME);
            let text = format!("{} {id} {}", word(Name::Approve), confirm.as_deref().unwrap_or_default());
            Ok(Said { text, meant: Meant::Command(Command::Approve { change: Some(id), confirm }), seen })
        }
        Act::Reject => {
            let why = value(filled, WHY);
            let text = format!("{} {id} {}", word(Name::Reject), why.as_deref().unwrap_or_default());
            Ok(Said { text, meant: Meant::Command(Command::Reject { change: Some(id), why }), seen })
        }
        Act::Edit => {
            let person = person(house, speaker).await?;
            let toolbox = toolbox(house, &person).await?;
            let file = toolbox.records.change(&id).await?;
            let file = file.ok_or_else(|| Problem::new(Code::UnknownChange).with("change", &id))?;
            still_the_same(&file, card)?;
            let (text, meant) = edit::meant(filled, &file, &toolbox)?;
            Ok(Said { text: format!("{} {id} {text}", word(Name::Edit)), meant, seen })
        }
        _ => Err(Problem::new(Code::UnknownCommand)),
    }
}

/// The person who speaks, with what the platform just said of their groups.
///
/// # Errors
/// The configuration does not parse, or the store cannot be used.
pub(super) async fn person(house: &House, speaker: &Speaker) -> Answer<PersonId> {
    if let Some(groups) = &speaker.groups {
        let now = house.store.clock().now();
        let known = house.store.groups(&speaker.identity).await?;
        // Whoever types is looked up at every letter: what was just written is not written again.
        let fresh = known.is_some_and(|(known, at)| known == *groups && now < at.plus_seconds(FRESH_SECONDS));
        if !fresh {
            house.store.saw_groups(&speaker.identity, groups, now).await?;
        }
    }
    house.toolbox.directory.identify(&speaker.identity).await
}

/// What the person sees; whoever sees nothing is recorded to have tried.
async fn toolbox(house: &House, person: &PersonId) -> Answer<Toolbox> {
    match house.toolbox.seen_by(person).await {
        Err(problem) if problem.code == Code::NoRight => {
            house.engine.was_refused(person, &problem).await?;
            Err(problem)
        }
        seen => seen,
    }
}

/// What a press is about.
fn acted(press: &Press) -> Answer<(Act, &ChangeId, Option<Seen>)> {
    match &press.what {
        Pressed::Act { act, change, seen } => Ok((*act, change, *seen)),
        Pressed::Say(_) => Err(Problem::new(Code::UnknownCommand)),
    }
}

/// The form shows values of one revision: those of another would be taken for what this person changed.
fn still_the_same(file: &ChangeFile, card: Option<Seen>) -> Answer<()> {
    let change = &file.change;
    match card {
        Some(seen) if seen.revision != change.revision => {
            Err(Problem::new(Code::DecisionOutdated).with("change", &change.id).with("revision", change.revision))
        }
        Some(_) | None => Ok(()),
    }
}

fn decision(
    file: &ChangeFile,
    speaker: &Speaker,
    person: PersonId,
    verdict: Verdict,
    card: Option<Seen>,
) -> DecisionAsked {
    DecisionAsked {
        change: file.change.id.clone(),
        revision: card.map(|seen| seen.revision),
        digest: card.map(|seen| seen.digest.to_string()),
        person,
        identity: Some(speaker.identity.clone()),
        verdict,
        surface: speaker.place.surface.clone(),
        reason: None,
        confirmation: None,
    }
}

fn reject(kind: FormKind, file: &ChangeFile, language: Language) -> Form {
    let why = Field {
        name: WHY.to_owned(),
        label: text(language, "form-why", &[]),
        hint: Some(text(language, "form-why-hint", &[])),
        kind: FieldKind::Text,
        value: None,
        required: false,
    };
    titled(kind, "form-reject", file, language, vec![why])
}

/// Severe risk asks for the component's name, typed.
fn approve(kind: FormKind, file: &ChangeFile, language: Language) -> Form {
    let name = file.change.component.path.name();
    let field = Field {
        name: NAME.to_owned(),
        label: text(language, "form-name", &[]),
        hint: Some(text(language, "form-name-hint", &[("name", Arg::from(name))])),
        kind: FieldKind::Line,
        value: None,
        required: true,
    };
    titled(kind, "form-approve", file, language, vec![field])
}

/// A request in words, with what it begins from written into it: what the person sends is what they said.
fn ask(kind: FormKind, quoted: Option<&str>, language: Language) -> Form {
    let words = Field {
        name: WORDS.to_owned(),
        label: text(language, "form-ask-label", &[]),
        hint: Some(text(language, "form-ask-hint", &[])),
        kind: FieldKind::Text,
        value: quoted.map(|quoted| cut(quoted.trim(), LONGEST_TEXT)).filter(|quoted| !quoted.is_empty()),
        required: true,
    };
    Form {
        kind,
        title: text(language, "form-ask", &[]),
        intro: Some(text(language, "form-ask-intro", &[])),
        fields: vec![words],
        submit: text(language, "form-ask-submit", &[]),
        close: text(language, "form-close", &[]),
    }
}

/// A form about a change. `key` names the messages of its title, its word over the fields and the word that sends it.
fn titled(kind: FormKind, key: &str, file: &ChangeFile, language: Language, fields: Vec<Field>) -> Form {
    let component = file.change.component.to_string();
    let args = [("change", Arg::from(file.change.id.as_str())), ("component", Arg::from(&component))];
    let text = |part: &str| text(language, &format!("{key}{part}"), &args);
    Form {
        kind,
        title: text(""),
        intro: Some(text("-intro")),
        fields,
        submit: text("-submit"),
        close: chopmark_protocol::messages::text(language, "form-close", &[]),
    }
}

/// What stands in a field, without the blanks around it; none for nothing.
fn value(filled: &Filled, name: &str) -> Option<String> {
    let value = filled.values.get(name).map(|value| value.trim())?;
    (!value.is_empty()).then(|| value.to_owned())
}

fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}
