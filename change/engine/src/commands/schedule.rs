//! Scheduling: when a waiting change is to start.
//! Called by the router.
//! Must never move a start without a new revision: what was decided was decided for the old one.

use super::Asked;
use crate::{Engine, transition::wrong_state};
use chopmark_domain::calendar::{Span, Start, Windows, Zone};
use chopmark_domain::grounds::Subject;
use chopmark_domain::ids::ChangeId;
use chopmark_domain::lifecycle::State;
use chopmark_domain::ports::Answer;
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::rights::Right;
use chopmark_domain::time::Timestamp;

/// How long after a wished time a change may still start: long enough for another run to end.
const STARTS_WITHIN_SECONDS: u64 = 60 * 60;

/// When it is to start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wished {
    /// As soon as it is countersigned, or in the next window where changes start in windows.
    Now,
    /// In the window of that name.
    Window(String),
    /// At that time, or within the hour after it.
    At(Timestamp, Zone),
}

impl Engine {
    /// Gives a waiting change another time to start: a next revision, with decisions of its own.
    ///
    /// # Errors
    /// [`Code::NoRight`]; [`Code::WrongState`] when it no longer waits; [`Code::UnknownWindow`] for a window that is not
    /// there and a time that is over or outside the windows.
    pub async fn schedule(&self, id: &ChangeId, wished: &Wished, asked: &Asked) -> Answer<()> {
        let file = self.file(id).await?;
        let subject = Subject::of(&file.record.draft, &*self.ports.drafter);
        self.allow(&asked.person, Right::Propose, &subject.target(), &id.to_string()).await?;
        if !matches!(file.change.state, State::AwaitingApproval | State::Approved) {
            return Err(wrong_state(&file.change));
        }
        let environment = self.environment(&file.change.component.environment)?;
        let wish = self.wish(&environment.windows, wished)?;
        let now = self.ports.clock.now();
        let start = environment.windows.start(&wish, now);
        let start = start.ok_or_else(|| unknown_window(&environment.windows, &wish))?;
        if file.record.planned.as_ref().is_some_and(|planned| planned.start == start) && file.change.wish == wish {
            return Ok(());
        }
        self.next_revision(&file, file.record.proposal.clone(), &asked.person, Some(wish)).await
    }

    fn wish(&self, windows: &Windows, wished: &Wished) -> Answer<Start> {
        let now = self.ports.clock.now();
        match wished {
            Wished::Now => Ok(Start::AtOnce),
            Wished::Window(name) => {
                let found = windows.named(name).and_then(|window| Some((window, window.when.at_or_after(now)?)));
                let (window, span) = found.ok_or_else(|| unknown(windows, name))?;
                Ok(Start::Within { window: Some(window.name.clone()), span, zone: window.when.zone().clone() })
            }
            Wished::At(from, zone) if *from < now => Err(unknown(windows, &zone.written(*from))),
            Wished::At(from, zone) => {
                let span = Span { from: *from, until: from.plus_seconds(STARTS_WITHIN_SECONDS) };
                Ok(Start::Within { window: None, span, zone: zone.clone() })
            }
        }
    }
}

/// A wish that cannot be met.
pub(crate) fn unknown_window(windows: &Windows, wish: &Start) -> Problem {
    unknown(windows, &wish.written().unwrap_or_default())
}

fn unknown(windows: &Windows, what: &str) -> Problem {
    let known: Vec<_> = windows.all.iter().map(|window| window.name.as_str()).collect();
    Problem::new(Code::UnknownWindow).with("window", what).with("known", known.join(", "))
}
