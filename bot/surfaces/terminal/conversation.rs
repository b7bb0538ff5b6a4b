//! The conversation: one line, its answer, the next line.
//! Run by `terminal::run` for `chat`, from a terminal or a pipe.
//! Must never take a line before the one before has come to rest, nor lose one because another was bad.

use super::editor::{Editor, Names, Typed};
use super::lines::{self, Line};
use super::options::TerminalOptions;
use super::screen::{Ending, Screen};
use chopmark_domain::change::{Language, Place};
use chopmark_domain::ids::ChangeId;
use chopmark_domain::problem::{Code, Problem};
use chopmark_protocol::command::{self, Command, Pin, Whose};
use chopmark_protocol::door::Door;
use chopmark_protocol::event::Event;
use chopmark_protocol::messages::{self, Arg};
use chopmark_protocol::plain;
use chopmark_protocol::request::{Request, Seen};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// Where lines come from.
enum Input {
    /// A terminal whose lines are edited. None while it waits on its own thread.
    Edited(Option<Box<Editor>>),
    /// A terminal that shows lines as they are, or a pipe.
    Plain { lines: mpsc::Receiver<Line>, prompt: bool },
}

/// What a conversation goes through.
pub(super) struct Conversation {
    pub(super) door: Arc<dyn Door>,
    pub(super) screen: Arc<Screen>,
    pub(super) options: TerminalOptions,
    input: Input,
    delivered: u64,
    /// A request that was left to itself, whose end is not known yet.
    detached: Option<JoinHandle<()>>,
    /// Ctrl-C was pressed, and nothing was said since: a second one leaves.
    interrupted: bool,
}

/// Whether to go on.
enum Next {
    Line(Line),
    Nothing,
    Leave,
}

/// What came of waiting for a request.
enum Waited {
    Rest,
    Interrupted,
}

/// What stands before a line.
pub(super) fn before_line(stopped: &AtomicBool) -> &'static str {
    if stopped.load(Ordering::Relaxed) { "terminal-prompt-stopped" } else { "terminal-prompt" }
}

/// A line of static output says so often that work goes on: twice a minute, as gh does for screen readers.
const STILL: Duration = Duration::from_secs(30);

impl Conversation {
    pub(super) fn new(door: Arc<dyn Door>, screen: Arc<Screen>, options: TerminalOptions, json: bool) -> Self {
        let style = *screen.style();
        let input = if style.edits() && !json {
            screen.asks_names();
            let shown = Arc::clone(&screen);
            let known = Arc::clone(&options.names);
            let names: Names = Arc::new(move || shown.changes().into_iter().chain(known()).collect());
            Input::Edited(Some(Box::new(Editor::new(&options.data, options.history, style.colour, names))))
        } else {
            Input::Plain { lines: lines::standard_input(), prompt: style.prompt && !json }
        };
        Self::fed(door, screen, options, input)
    }

    fn fed(door: Arc<dyn Door>, screen: Arc<Screen>, options: TerminalOptions, input: Input) -> Self {
        Self { door, screen, options, input, delivered: 0, detached: None, interrupted: false }
    }

    fn language(&self) -> Language {
        self.options.pinned.unwrap_or(self.options.usual)
    }

    fn words(&self, key: &str, args: &[(&str, Arg<'_>)]) -> String {
        messages::text(self.language(), key, args)
    }

    /// Talks until the person leaves or the input ends.
    pub(super) async fn run(mut self) -> Result<Ending, Problem> {
        if !matches!(self.input, Input::Plain { prompt: false, .. }) {
            self.screen.aside(&self.options.banner);
        }
        loop {
            let before = self.screen.seen();
            match self.next().await? {
                Next::Leave => break,
                Next::Nothing => {}
                Next::Line(Err(problem)) => {
                    self.screen.news(Event::problem(self.language(), &problem, None));
                }
                Next::Line(Ok(text)) if text.trim().is_empty() => {}
                Next::Line(Ok(text)) => {
                    let command = command::parse(&plain::plain(&text));
                    match &command {
                        Some(Command::Quit) => break,
                        Some(Command::Lang { pin: Pin::To(language), whose: Whose::Mine }) => {
                            self.options.pinned = Some(*language);
                        }
                        Some(Command::Lang { pin: Pin::LetGo, whose: Whose::Mine }) => self.options.pinned = None,
                        _ => {}
                    }
                    if matches!(self.serve(text, command, before).await, Waited::Interrupted) && !self.can_go_on() {
                        return Ok(Ending::Forced);
                    }
                }
            }
        }
        Ok(self.finish())
    }

    /// A pipe has no prompt to return to.
    fn can_go_on(&self) -> bool {
        !matches!(self.input, Input::Plain { prompt: false, .. })
    }

    async fn serve(&mut self, text: String, command: Option<Command>, before: BTreeMap<ChangeId, Seen>) -> Waited {
        let request = self.request(text, before);
        if matches!(self.hear(request, command).await, Waited::Interrupted) {
            return Waited::Interrupted;
        }
        let Some((change, name)) = self.screen.take_unconfirmed() else { return Waited::Rest };
        self.screen.aside(&self.words("terminal-confirm-name", &[("name", Arg::from(&name))]));
        let before = self.screen.seen();
        match self.next().await {
            Ok(Next::Line(Ok(typed))) if !name.is_empty() && typed.trim() == name => {
                let text = format!("approve {change} --confirm {name}");
                let command = command::parse(&text);
                let request = self.request(text, before);
                self.hear(request, command).await
            }
            _ => {
                self.screen.aside(&self.words("terminal-confirm-wrong", &[("name", Arg::from(&name))]));
                Waited::Rest
            }
        }
    }

    /// What a decision is about was on the screen when its line was begun: a card that changed while
    /// the person typed is not what they meant.
    fn request(&mut self, text: String, before: BTreeMap<ChangeId, Seen>) -> Request {
        let mut seen = self.screen.seen();
        seen.extend(before);
        self.delivered += 1;
        let at = self.options.clock.now();
        let Place { surface, thread, .. } = &self.options.place;
        Request {
            delivery: format!("{surface}-{thread}-{}-{}-{}", std::process::id(), at.0, self.delivered),
            identity: self.options.identity.clone(),
            groups: None,
            locale: None,
            place: self.options.place.clone(),
            language: self.options.pinned,
            text,
            at,
            seen,
        }
    }

    /// Serves a request in a task of its own, so that leaving it does not stop it.
    async fn hear(&mut self, request: Request, command: Option<Command>) -> Waited {
        let language = self.language();
        let about = about(command.as_ref());
        self.screen.begin(command, language);
        let (door, screen) = (Arc::clone(&self.door), Arc::clone(&self.screen));
        let mut task = tokio::spawn(async move {
            if let Err(problem) = door.hear(request, screen.as_ref()).await {
                screen.news(Event::problem(language, &problem, None));
            }
        });
        let mut still = tokio::time::interval(STILL);
        still.tick().await;
        let mut seconds = 0;
        let waited = loop {
            tokio::select! {
                // A task that panicked has told its story through the panic hook; the conversation goes on.
                done = &mut task => {
                    if done.is_err() {
                        self.screen.news(Event::problem(language, &Problem::new(Code::Internal), None));
                    }
                    break Waited::Rest;
                }
                _ = tokio::signal::ctrl_c() => {
                    if self.screen.is_paging() || self.door.stop(&self.options.place) {
                        continue;
                    }
                    self.detached = Some(task);
                    self.interrupted = true;
                    break Waited::Interrupted;
                }
                _ = still.tick() => {
                    seconds += STILL.as_secs();
                    self.screen.still_working(seconds, language);
                }
            }
        };
        self.screen.rest();
        if matches!(waited, Waited::Interrupted) {
            let text = match about {
                Some(change) => self.words("terminal-detached", &[("change", Arg::from(&change))]),
                None => self.words("terminal-detached-request", &[]),
            };
            self.screen.notice(&text);
        }
        waited
    }

    /// The next line, with news between lines.
    async fn next(&mut self) -> Result<Next, Problem> {
        let language = self.language();
        match &mut self.input {
            Input::Edited(slot) => {
                let Some(mut editor) = slot.take() else { return Ok(Next::Leave) };
                self.screen.typing(Some(editor.printer()));
                let stopped = Arc::clone(&self.options.stopped);
                let asked = tokio::task::spawn_blocking(move || {
                    let typed = editor.ask(language, stopped);
                    (editor, typed)
                });
                let asked = with_news(asked, &mut self.options.news, &self.screen).await;
                self.screen.typing(None);
                let (editor, typed) = asked.map_err(|error| super::editor::lost(&error))?;
                let again = std::mem::replace(&mut self.interrupted, typed == Typed::Interrupted);
                let next = match typed {
                    Typed::Line(text) => Next::Line(Ok(text)),
                    Typed::Interrupted if !again => {
                        self.screen.aside(&messages::text(language, "terminal-interrupted", &[]));
                        Next::Nothing
                    }
                    Typed::Interrupted | Typed::End => Next::Leave,
                };
                *slot = Some(editor);
                Ok(next)
            }
            Input::Plain { lines, prompt } => {
                if *prompt {
                    super::prompt(&format!("{}> ", messages::text(language, before_line(&self.options.stopped), &[])));
                }
                let line = async {
                    tokio::select! {
                        line = lines.recv() => line,
                        _ = tokio::signal::ctrl_c() => None,
                    }
                };
                let line = with_news(line, &mut self.options.news, &self.screen).await;
                Ok(line.map_or(Next::Leave, Next::Line))
            }
        }
    }

    /// Whoever leaves while something that was left to itself still runs, means it.
    fn finish(&mut self) -> Ending {
        if self.detached.take().is_none_or(|task| task.is_finished()) {
            return Ending::Done;
        }
        self.screen.notice(&self.words("terminal-forced", &[]));
        Ending::Forced
    }
}

/// Waits for `asked`, telling news as they come.
async fn with_news<T>(asked: impl Future<Output = T>, news: &mut Option<mpsc::Receiver<Event>>, screen: &Screen) -> T {
    tokio::pin!(asked);
    loop {
        let Some(receiver) = news else { return asked.await };
        tokio::select! {
            // Old news go before a new line.
            biased;
            event = receiver.recv() => match event {
                Some(event) => screen.news(event),
                None => *news = None,
            },
            answer = &mut asked => return answer,
        }
    }
}

/// The change that a command names.
fn about(command: Option<&Command>) -> Option<String> {
    match command? {
        Command::Approve { change, .. } | Command::Cancel { change } | Command::Undo { change } => change.as_ref(),
        _ => None,
    }
    .map(ToString::to_string)
}

#[cfg(test)]
#[path = "conversation_tests.rs"]
mod tests;
