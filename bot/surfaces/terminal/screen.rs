//! The screen: takes events and puts them where they belong.
//! Filled by the door through [`Outlet`]; asked by the conversation and the one-shot commands.
//! Must never print over a line that is being typed, nor take a card for seen that was not drawn.

use super::style::Style;
use super::{draw, pager, say, tell};
use async_trait::async_trait;
use chopmark_domain::change::Language;
use chopmark_domain::digest::Digest;
use chopmark_domain::ids::{ChangeId, Revision};
use chopmark_domain::lifecycle::State;
use chopmark_domain::ports::Clock;
use chopmark_domain::problem::Code;
use chopmark_protocol::card::Card;
use chopmark_protocol::command::Command;
use chopmark_protocol::door::Outlet;
use chopmark_protocol::event::{Body, Event, Trouble};
use chopmark_protocol::line::Line;
use chopmark_protocol::messages::{self, Arg};
use chopmark_protocol::moment::Moment;
use chopmark_protocol::request::Seen;
use indicatif::{ProgressBar, ProgressStyle};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How a conversation or a command ended, worst first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ending {
    /// Well.
    #[default]
    Done,
    /// Something waits for people.
    Waiting,
    /// Somebody or something said no.
    Denied,
    /// Something did not work.
    Error,
    /// The person left at once, while something still ran.
    Forced,
}

/// What a screen is made with.
#[derive(Clone)]
pub struct ScreenOptions {
    /// How it draws.
    pub style: Style,
    /// One JSON object per event instead of drawing.
    pub json: bool,
    /// The configured pager.
    pub pager: Option<String>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
}

/// Where texts go: standard output, or a test's list.
type Out = Arc<dyn Fn(&str) + Send + Sync>;

/// The screen.
pub struct Screen {
    options: ScreenOptions,
    out: Out,
    inner: Mutex<Inner>,
    paging: AtomicBool,
}

#[derive(Default)]
struct Inner {
    /// The newest card drawn of each change, and the state last told.
    drawn: HashMap<ChangeId, (Revision, Option<Digest>)>,
    told: HashMap<ChangeId, State>,
    /// Every rest that was told, so that news of it, which come later, are no news.
    rests: HashSet<(ChangeId, Option<Revision>, State)>,
    seen: BTreeMap<ChangeId, Seen>,
    /// What is being served, so that `show` draws again and `details` draws everything.
    serving: Option<Command>,
    spinner: Option<ProgressBar>,
    /// Prints above the line that is being typed.
    above: Option<SyncSender<String>>,
    /// A severe change that waits for its component's name.
    unconfirmed: Option<(ChangeId, String)>,
    asks_names: bool,
    last_progress: String,
    ending: Ending,
}

impl Screen {
    /// A screen that has shown nothing.
    pub fn new(options: ScreenOptions) -> Self {
        Self::printing(options, Arc::new(say))
    }

    /// A screen whose texts go elsewhere.
    pub(super) fn printing(options: ScreenOptions, out: Out) -> Self {
        Self { options, out, inner: Mutex::default(), paging: AtomicBool::new(false) }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How it draws.
    pub fn style(&self) -> &Style {
        &self.options.style
    }

    /// How what was shown since [`Screen::begin`] ended.
    pub fn ending(&self) -> Ending {
        self.inner().ending
    }

    /// The cards on the screen: what decisions are about.
    pub fn seen(&self) -> BTreeMap<ChangeId, Seen> {
        self.inner().seen.clone()
    }

    /// Begins to serve a request; waiting is shown from here until [`Screen::rest`].
    pub fn begin(&self, command: Option<Command>, language: Language) {
        let mut inner = self.inner();
        inner.serving = command;
        inner.ending = Ending::Done;
        inner.unconfirmed = None;
        inner.last_progress.clear();
        if self.options.style.motion && !self.options.json {
            inner.spinner = Some(spinner(&messages::text(language, "terminal-working", &[])));
        }
    }

    /// The request has come to rest.
    pub fn rest(&self) {
        if let Some(spinner) = self.inner().spinner.take() {
            spinner.finish_and_clear();
        }
    }

    /// A line is being typed: what comes now is printed above it.
    pub(super) fn typing(&self, above: Option<SyncSender<String>>) {
        self.inner().above = above;
    }

    /// From now on a severe change asks for its component's name instead of being refused.
    pub(super) fn asks_names(&self) {
        self.inner().asks_names = true;
    }

    /// The severe change that waits for its component's name.
    pub(super) fn take_unconfirmed(&self) -> Option<(ChangeId, String)> {
        self.inner().unconfirmed.take()
    }

    /// Ids of changes that were on the screen.
    pub(super) fn changes(&self) -> Vec<String> {
        self.inner().drawn.keys().map(ToString::to_string).collect()
    }

    /// Says something of our own that is no event: banner, prompts. Never in JSON.
    pub fn aside(&self, text: &str) {
        if !self.options.json {
            self.put(&self.inner(), text);
        }
    }

    /// Says something to the person behind a pipe or a terminal, apart from the results.
    pub fn notice(&self, text: &str) {
        let inner = self.inner();
        match (&inner.above, &inner.spinner) {
            (Some(_), _) => self.put(&inner, text),
            (None, Some(spinner)) => spinner.suspend(|| tell(text)),
            (None, None) => tell(text),
        }
    }

    /// Tells a change's move that happened elsewhere, unless it is on the screen already.
    pub fn news(&self, event: Event) {
        let known = {
            let inner = self.inner();
            rest_of(&event.body).is_some_and(|rest| inner.rests.contains(&rest))
        };
        if !known {
            self.take(event);
        }
    }

    fn take(&self, event: Event) {
        let mut inner = self.inner();
        if self.withheld(&mut inner, &event.body) {
            return;
        }
        // What went wrong stays; what waited may have moved on.
        if let Some(ending) = ending(&event.body)
            && (inner.ending < Ending::Denied || ending > inner.ending)
        {
            inner.ending = ending;
        }
        if self.options.json {
            note(&mut inner, &event.body);
            if let Ok(line) = event.to_json_line() {
                self.put(&inner, &line);
            }
            return;
        }
        let moment = Moment::local(self.options.clock.now());
        match &event.body {
            Body::Card(card) => self.card(&mut inner, card, event.language, &moment),
            Body::Progress(progress) => {
                if let Some(spinner) = &inner.spinner {
                    spinner.set_message(progress.text.clone());
                }
                let text = self.options.style.draw(&draw::event(&event, &moment));
                // A runner that says the same again says nothing new; a spinner shows that it still works.
                if inner.last_progress != text && (inner.spinner.is_none() || progress.state.is_some()) {
                    self.put(&inner, &text);
                    inner.last_progress = text;
                }
            }
            Body::Answer(_) if matches!(inner.serving, Some(Command::Details { .. } | Command::Prompt { .. })) => {
                self.page(&mut inner, &draw::event(&event, &moment));
            }
            _ => self.put(&inner, &self.options.style.draw(&draw::event(&event, &moment))),
        }
        note(&mut inner, &event.body);
    }

    fn put(&self, inner: &Inner, text: &str) {
        if text.is_empty() {
            return;
        }
        match (&inner.above, &inner.spinner) {
            // An editor that is gone, or too busy to take it, leaves the text to the screen itself.
            (Some(above), _) => {
                if above.try_send(text.to_owned()).is_err() {
                    (self.out)(text);
                }
            }
            (None, Some(spinner)) => spinner.suspend(|| (self.out)(text)),
            (None, None) => (self.out)(text),
        }
    }

    /// A refusal that the conversation turns into a question is not shown.
    fn withheld(&self, inner: &mut Inner, body: &Body) -> bool {
        let Body::Refusal(Trouble { words, facts, change: Some(change) }) = body else { return false };
        if !inner.asks_names || words.code != Code::ConfirmationNeeded.to_string() {
            return false;
        }
        let name = facts.get("name").or_else(|| facts.get("component")).cloned().unwrap_or_default();
        inner.unconfirmed = Some((change.clone(), name.rsplit('/').next().unwrap_or_default().to_owned()));
        true
    }

    fn card(&self, inner: &mut Inner, card: &Card, language: Language, moment: &Moment) {
        if matches!(inner.serving, Some(Command::Details { .. })) {
            return self.page(inner, &card.details(language));
        }
        let version = (card.revision, card.digest);
        let again = matches!(inner.serving, Some(Command::Show { .. } | Command::Status { .. }));
        if inner.drawn.get(&card.change) != Some(&version) || again {
            self.put(inner, &self.options.style.draw(&card.lines(language, moment)));
        } else if inner.told.get(&card.change) != Some(&card.state) {
            self.put(inner, &self.options.style.draw(&[draw::moved(card, language)]));
        }
    }

    fn page(&self, inner: &mut Inner, lines: &[Line]) {
        if let Some(spinner) = inner.spinner.take() {
            spinner.finish_and_clear();
        }
        self.paging.store(true, Ordering::Relaxed);
        pager::show(&self.options.style, self.options.pager.as_deref(), &self.options.style.draw(lines));
        self.paging.store(false, Ordering::Relaxed);
    }

    /// A pager has the terminal, and Ctrl-C is its own.
    pub(super) fn is_paging(&self) -> bool {
        self.paging.load(Ordering::Relaxed)
    }

    /// Shows that it still works, where nothing moves; every thirty seconds, as screen readers can bear.
    pub(super) fn still_working(&self, seconds: u64, language: Language) {
        if !self.options.style.motion && self.options.style.prompt && !self.options.json {
            let seconds = Arg::Count(i64::try_from(seconds).unwrap_or(i64::MAX));
            self.notice(&messages::text(language, "terminal-still-working", &[("seconds", seconds)]));
        }
    }
}

#[async_trait]
impl Outlet for Screen {
    async fn event(&self, event: Event) {
        self.take(event);
    }
}

/// Remembers what is on the screen now.
fn note(inner: &mut Inner, body: &Body) {
    if let Some((change, state)) = state_of(body) {
        inner.told.insert(change.clone(), state);
    }
    inner.rests.extend(rest_of(body));
    if let Body::Card(card) = body {
        inner.drawn.insert(card.change.clone(), (card.revision, card.digest));
        if let Some(digest) = card.digest {
            inner.seen.insert(card.change.clone(), Seen { revision: card.revision, digest });
        }
    }
}

fn state_of(body: &Body) -> Option<(&ChangeId, State)> {
    match body {
        Body::Card(card) => Some((&card.change, card.state)),
        Body::Result(finished) => Some((&finished.change, finished.state)),
        Body::Progress(progress) => Some((&progress.change, progress.state?)),
        Body::Answer(_)
        | Body::Question(_)
        | Body::Proposal(_)
        | Body::Refusal(_)
        | Body::Error(_)
        | Body::Notice(_) => None,
    }
}

/// The rest that an event tells of. An end is one for all revisions.
fn rest_of(body: &Body) -> Option<(ChangeId, Option<Revision>, State)> {
    let (change, state) = state_of(body)?;
    let revision = match body {
        _ if !state.is_at_rest() => return None,
        Body::Card(card) if !state.is_terminal() => Some(card.revision),
        _ => None,
    };
    Some((change.clone(), revision, state))
}

/// What an event means for the exit code, if it means anything.
fn ending(body: &Body) -> Option<Ending> {
    let state = match body {
        Body::Refusal(_) => return Some(Ending::Denied),
        Body::Error(_) => return Some(Ending::Error),
        Body::Card(card) => card.state,
        Body::Result(finished) => finished.state,
        Body::Answer(_) | Body::Question(_) | Body::Proposal(_) | Body::Progress(_) | Body::Notice(_) => return None,
    };
    Some(match state {
        // An approved change is drawn when it rests: until its window opens, or what holds it lets go.
        State::AwaitingApproval | State::Approved => Ending::Waiting,
        State::PolicyDenied => Ending::Denied,
        State::PlanFailed | State::Failed | State::Degraded | State::NeedsAttention => Ending::Error,
        _ => Ending::Done,
    })
}

fn spinner(words: &str) -> ProgressBar {
    let spinner = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
        spinner.set_style(style);
    }
    spinner.set_message(words.to_owned());
    // Eight steps a second: motion without flicker.
    spinner.enable_steady_tick(Duration::from_millis(125));
    spinner
}

#[cfg(test)]
#[path = "screen_tests.rs"]
pub(super) mod tests;
