//! News: what moves while somebody sits at a terminal, told between lines.
//! Started by the chat.
//! Must never tell anybody of a change that they may not see.

use super::Eyes;
use crate::router::HOLDS;
use chopmark_domain::change::Language;
use chopmark_domain::facts::ChangeFile;
use chopmark_domain::ids::PersonId;
use chopmark_domain::note::{Note, NoteBody, Occasion};
use chopmark_domain::ports::{Answer, Records as _};
use chopmark_protocol::event::Event;
use chopmark_protocol::messages::{self, Arg};
use chopmark_protocol::moment::Moment;
use chopmark_protocol::view;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::mpsc;

/// How often a chat looks for changes that others moved.
const NEWS: Duration = Duration::from_millis(500);

/// Moves of changes that come to rest, reminders and what holds a change, and moves of the stop switch; the screen knows
/// which it has told already.
pub(super) async fn news(eyes: Eyes, language: Language, stopped: Arc<AtomicBool>) -> Answer<mpsc::Receiver<Event>> {
    let house = eyes.house.clone();
    let mut sequence = house.store.last_note().await?;
    let (tell, told) = mpsc::channel(64);
    tokio::spawn(async move {
        while !tell.is_closed() {
            tokio::time::sleep(NEWS).await;
            if let Ok(halt) = house.store.halt().await
                && stopped.swap(halt.is_some(), Ordering::Relaxed) != halt.is_some()
            {
                let text = match &halt {
                    Some(halt) => view::stopped(language, &Moment::local(house.now()), halt),
                    None => messages::text(language, "halt-lifted", &[]),
                };
                if tell.send(Event::notice(language, text, None)).await.is_err() {
                    return;
                }
            }
            let Ok(notes) = house.store.notes_after(sequence, 100).await else { continue };
            for note in notes {
                sequence = note.sequence;
                if let Some(event) = told_of(&eyes, language, note).await
                    && tell.send(event).await.is_err()
                {
                    return;
                }
            }
        }
    });
    Ok(told)
}

/// What whoever sits here is told of a note, if anything.
async fn told_of(eyes: &Eyes, language: Language, note: Note) -> Option<Event> {
    let waits = matches!(note.body, NoteBody::Reminder { .. } | NoteBody::Warning { .. });
    let moved = matches!(note.body, NoteBody::Moved { state } if state.is_at_rest());
    if !waits && !moved {
        return None;
    }
    let seen = eyes.seen().await.ok()?;
    let file = seen.records.change(&note.change).await.ok()??;
    match note.body {
        NoteBody::Moved { state } if file.change.state != state => None,
        NoteBody::Moved { state } if state.is_terminal() => Some(Event::finished(language, &file)),
        NoteBody::Moved { .. } => {
            let looked = eyes.house.engine.look(&note.change).await.ok()?;
            Some(Event::card(language, &looked))
        }
        NoteBody::Reminder { people, occasion } => {
            let me = eyes.house.toolbox.directory.identify(&eyes.identity).await.ok()?;
            reminder(eyes, language, &file, (&people, occasion), &me)
        }
        // It was approved and has to wait: its followers have gone.
        NoteBody::Warning { problem } if HOLDS.contains(&problem.code) => {
            Some(Event::problem(language, &problem, Some(&note.change)))
        }
        NoteBody::Warning { .. } | NoteBody::Progress { .. } => None,
    }
}

/// That a change waits for the one who sits here.
fn reminder(
    eyes: &Eyes,
    language: Language,
    file: &ChangeFile,
    (people, occasion): (&[PersonId], Occasion),
    me: &PersonId,
) -> Option<Event> {
    let planned = file.record.planned.as_ref().filter(|_| people.contains(me))?;
    let moment = Moment::local(eyes.house.now());
    let (absolute, relative) = (moment.absolute(planned.expires_at), moment.relative(language, planned.expires_at));
    let component = file.change.component.to_string();
    let key = match occasion {
        Occasion::Usual => "reminder",
        Occasion::ExpiresSoon => "reminder-last",
    };
    let args = [
        ("change", Arg::from(file.change.id.as_str())),
        ("component", Arg::from(&component)),
        ("absolute", Arg::from(&absolute)),
        ("relative", Arg::from(&relative)),
    ];
    Some(Event::notice(language, messages::text(language, key, &args), Some(&file.change.id)))
}
