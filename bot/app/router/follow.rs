//! Following a change until it rests, telling what happens on the way.
//! Used by the router after everything that moves a change.
//! Must never end before every note has been told.

use super::{Conversation, Following, Router};
use chopmark_domain::change::Language;
use chopmark_domain::facts::ChangeFile;
use chopmark_domain::ids::ChangeId;
use chopmark_domain::lifecycle::State;
use chopmark_domain::note::NoteBody;
use chopmark_domain::ports::{Answer, ChangeFilter, Records as _};
use chopmark_domain::problem::Code;
use chopmark_protocol::door::Outlet;
use chopmark_protocol::event::Event;
use std::time::{Duration, Instant};

/// How often the feed is looked at.
const LOOK: Duration = Duration::from_millis(20);
/// How soon it is looked at again, at the soonest: at first often, then by and by as often as usual.
const SOON: Duration = Duration::from_millis(3);
/// In between it is this part of the time since something was told.
const PART: u32 = 16;
/// How long the plan that takes a superseded one's place is waited for.
const SUCCESSOR: Duration = Duration::from_secs(10);
/// How many notes are read at once.
const BATCH: u32 = 100;

/// What holds a change, as its card says.
pub(crate) const HOLDS: [Code; 3] = [Code::Frozen, Code::ReadOnly, Code::ExpiresBeforeWindow];

impl Router {
    /// Tells what happens to a change from note `since` on, until it waits for a person or is over.
    /// A superseded change is followed into the one that takes its place.
    pub(super) async fn follow(
        &self,
        first: ChangeId,
        since: i64,
        language: Language,
        conversation: &mut Conversation,
        out: &dyn Outlet,
    ) -> Answer<()> {
        if self.following == Following::Feed {
            let file = self.house.file(&first).await?;
            conversation.change = Some(first);
            out.event(Event::card(language, &file)).await;
            return Ok(());
        }
        let (mut id, mut sequence) = (first, since);
        loop {
            conversation.change = Some(id.clone());
            let (file, explained) = self.until_rest(&id, &mut sequence, language, out).await?;
            match file.change.state {
                // Held by the stop switch: it starts when somebody lifts it, and nobody knows when.
                State::AwaitingApproval | State::NeedsAttention | State::Approved => {
                    out.event(Event::card(language, &file)).await;
                    return Ok(());
                }
                // Nobody ever saw a card of what ends before it waits: what was understood is shown with the end.
                State::NoChanges | State::PolicyDenied => out.event(Event::card(language, &file)).await,
                _ => {}
            }
            out.event(Event::finished(language, &file)).await;
            if file.change.state != State::Superseded || explained {
                return Ok(());
            }
            match self.successor(&id, sequence, language, out).await? {
                Some(next) => id = next,
                None => return Ok(()),
            }
        }
    }

    /// The change at rest, and whether people were told after its end why nothing takes its place.
    async fn until_rest(
        &self,
        id: &ChangeId,
        sequence: &mut i64,
        language: Language,
        out: &dyn Outlet,
    ) -> Answer<(ChangeFile, bool)> {
        let (mut ended, mut explained) = (false, false);
        let mut told = Instant::now();
        loop {
            // The row first: notes that come after it are told in the next round.
            let file = self.house.file(id).await?;
            let notes = self.house.store.notes_after(*sequence, BATCH).await?;
            let quiet = notes.is_empty();
            for note in notes {
                *sequence = note.sequence;
                if note.change != *id {
                    continue;
                }
                match note.body {
                    NoteBody::Moved { state } if state.is_at_rest() => ended = state.is_terminal(),
                    // Who approved is known only from the row that this note was written with.
                    NoteBody::Moved { state: State::Approved } => {
                        let approved = self.house.file(id).await?;
                        out.event(Event::moved(language, &approved, State::Approved)).await;
                    }
                    NoteBody::Moved { state } => out.event(Event::moved(language, &file, state)).await,
                    NoteBody::Progress { about, key } => out.event(Event::progress(language, id, &key, &about)).await,
                    // For those who may approve; whoever follows the change sees that it waits.
                    NoteBody::Reminder { .. } => {}
                    // The card that follows says what holds it.
                    NoteBody::Warning { problem } if HOLDS.contains(&problem.code) => {}
                    NoteBody::Warning { problem } => {
                        out.event(Event::problem(language, &problem, Some(id))).await;
                        explained = ended;
                    }
                }
            }
            if quiet && file.change.state.is_at_rest() {
                let looked = self.house.engine.look(id).await?;
                // A rule is about to approve it: nobody has to.
                let goes_on = looked.change.state == State::AwaitingApproval
                    && looked.waits.as_ref().is_some_and(|waits| !waits.rests);
                if !goes_on {
                    return Ok((looked, explained));
                }
            }
            // Countersigned, and nothing moves until a person acts or time passes: the card says what it waits for.
            if quiet && file.change.state == State::Approved {
                let looked = self.house.engine.look(id).await?;
                if looked.change.state == State::Approved && looked.waits.as_ref().is_some_and(|waits| waits.rests) {
                    return Ok((looked, explained));
                }
            }
            if quiet {
                tokio::time::sleep((told.elapsed() / PART).clamp(SOON, LOOK)).await;
            } else {
                told = Instant::now();
            }
        }
    }

    /// The change that takes a superseded one's place; none when what was asked no longer makes sense, which is
    /// told then.
    async fn successor(
        &self,
        id: &ChangeId,
        since: i64,
        language: Language,
        out: &dyn Outlet,
    ) -> Answer<Option<ChangeId>> {
        let file = self.house.file(id).await?;
        let begun = Instant::now();
        while begun.elapsed() < SUCCESSOR {
            let filter = ChangeFilter {
                component: Some(file.change.component.clone()),
                since: Some(file.change.created_at),
                limit: 100,
                ..ChangeFilter::default()
            };
            let found = self.house.store.changes(&filter).await?;
            if let Some(next) = found.into_iter().find(|change| change.replaces.as_ref() == Some(id)) {
                return Ok(Some(next.id));
            }
            for note in self.house.store.notes_after(since, BATCH).await? {
                if let (true, NoteBody::Warning { problem }) = (note.change == *id, note.body) {
                    out.event(Event::problem(language, &problem, Some(id))).await;
                    return Ok(None);
                }
            }
            tokio::time::sleep(LOOK).await;
        }
        Ok(None)
    }
}
