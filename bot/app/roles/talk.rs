//! Talking: the chat, and single requests and commands from the command line, all through the one door.
//! Called by `main`.
//! Must never act in another way than a chat platform could.

use crate::assemble::House;
use crate::cli::{Access, Became, Command as Role, Exit, Global, system_language};
use crate::config::{Colour, Config};
use crate::kubeconfig;
use crate::router::{Meant, Reach, Router};
use crate::system::SystemClock;
use crate::terminal::{self, Banner, Ending, Names, Screen, ScreenOptions, Style, TerminalOptions, Wish};
use crate::tokens;
use chopmark_domain::change::{Language, Place};
use chopmark_domain::component::ComponentId;
use chopmark_domain::facts::{Drift, Facts};
use chopmark_domain::ids::{ChangeId, Identity, InvalidName};
use chopmark_domain::ports::{Answer, ChangeFilter, Clock as _};
use chopmark_domain::problem::{Code, Problem};
use chopmark_functions::Toolbox;
use chopmark_protocol::command::{Command, Resolution};
use chopmark_protocol::door::Door as _;
use chopmark_protocol::event::Event;
use chopmark_protocol::request::Request;
use serde_json::json;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};

mod news;
use news::news;

/// Opens the chat.
///
/// # Errors
/// The house can't be opened, or the terminal is gone.
pub async fn chat(house: Arc<House>, global: &Global) -> Answer<Exit> {
    let config = house.settings.config()?;
    let working = house.work()?;
    let pinned = global.lang.map(Language::from).or(config.chat.language);
    let usual = pinned.unwrap_or_else(system_language);
    let router = Arc::new(Router::new(house.clone(), Reach::Change));
    let identity = tokens::speaker(&house.settings)?;
    let eyes = Eyes { house: house.clone(), identity: identity.clone() };
    let halt = router.stopped(usual).await?;
    let stopped = Arc::new(AtomicBool::new(halt.is_some()));
    let seen = eyes.seen().await.and_then(|seen| seen.settings.environments());
    let environment = seen.map(|seen| seen.default.to_string()).unwrap_or_default();
    let banner = halt.into_iter().chain([first_lines(&config, &environment, usual)]).collect::<Vec<_>>().join("\n");
    let options = TerminalOptions {
        place: place(&identity),
        identity,
        pinned,
        usual,
        data: house.data.clone(),
        history: config.chat.history,
        names: names(&eyes).await,
        banner,
        news: Some(news(eyes, usual, stopped.clone()).await?),
        stopped,
        clock: Arc::new(SystemClock),
    };
    let ending = terminal::run(router, screen(&config, global), options).await?;
    // Whoever insists on leaving does not wait for the worker; the next one takes up what it did.
    if ending != Ending::Forced {
        working.stop().await;
    }
    Ok(exit(ending))
}

/// One request or command.
///
/// # Errors
/// The house can't be opened or the store can't be used.
pub async fn once(house: Arc<House>, global: &Global, role: Role) -> Answer<Exit> {
    let config = house.settings.config()?;
    let pinned = global.lang.map(Language::from).or(config.chat.language);
    let usual = pinned.unwrap_or_else(system_language);
    let screen = terminal::outlet(screen(&config, global));
    let (reach, detailed) = match &role {
        Role::Ask { dry_run: true, detailed_exitcode, .. } => (Reach::Proposal, *detailed_exitcode),
        _ => (Reach::Change, false),
    };
    let identity = tokens::speaker(&house.settings)?;
    let looks_for_drift = matches!(role, Role::Drift { .. });
    let eyes = Eyes { house: house.clone(), identity: identity.clone() };
    let (text, meant) = match meant(&eyes, role).await {
        Ok(meant) => meant,
        Err(problem) => {
            screen.news(Event::problem(usual, &problem, None));
            return Ok(Exit::Error);
        }
    };
    let drawn = match &meant {
        Meant::Command(command) => Some(command.clone()),
        Meant::Words => chopmark_protocol::command::parse(&text),
        Meant::Tool(..) => None,
    };
    let working = house.work()?;
    screen.begin(drawn, usual);
    let counting =
        Counting { screen: &screen, proposals: false.into(), drift: Mutex::new(None), access: Mutex::new(None) };
    let request = request(identity, text, pinned.or(Some(usual)).filter(|_| !matches!(meant, Meant::Words)).or(pinned));
    let router = Router::new(house.clone(), reach);
    let served = interruptible(&router, request.place.clone(), router.serve(request, meant, &counting)).await;
    screen.rest();
    // As a signal that nobody caught would: what began goes on in its own process, and the next worker takes it up.
    let Some((served, stopped)) = served else { return Ok(Exit::Error) };
    working.stop().await;
    if let Err(problem) = served {
        screen.news(Event::problem(usual, &problem, None));
        return Ok(Exit::Error);
    }
    if stopped {
        return Ok(Exit::Error);
    }
    if let Some(exit) = counting.explained() {
        return Ok(exit);
    }
    if let (true, Some(exit)) = (looks_for_drift, counting.drifted()) {
        return Ok(exit);
    }
    let changes = detailed && counting.proposals.load(std::sync::atomic::Ordering::Relaxed);
    Ok(if changes { Exit::Changes } else { exit(screen.ending()) })
}

/// Serves until the end; Ctrl-C stops a model that is thinking, and leaves everything else. None when the person left;
/// else the end, and whether something was stopped.
async fn interruptible<T>(router: &Router, place: Place, serving: impl Future<Output = T>) -> Option<(T, bool)> {
    tokio::pin!(serving);
    let mut stopped = false;
    loop {
        tokio::select! {
            served = &mut serving => return Some((served, stopped)),
            _ = tokio::signal::ctrl_c() => {
                if !router.stop(&place) {
                    return None;
                }
                stopped = true;
            }
        }
    }
}

/// Draws on the screen, and notices proposals for `--detailed-exitcode` and what drifted for `drift`.
struct Counting<'a> {
    screen: &'a Screen,
    proposals: std::sync::atomic::AtomicBool,
    drift: Mutex<Option<Exit>>,
    access: Mutex<Option<Exit>>,
}

impl Counting<'_> {
    fn explained(&self) -> Option<Exit> {
        *self.access.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn drifted(&self) -> Option<Exit> {
        *self.drift.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What nobody could look at goes before what drifted: nobody knows whether it did.
fn exit_of(components: &[Drift]) -> Exit {
    if components.iter().any(|drift| drift.problem.is_some()) {
        Exit::Error
    } else if components.iter().any(|drift| !drift.actions.is_empty()) {
        Exit::Drifted
    } else {
        Exit::Done
    }
}

#[async_trait::async_trait]
impl chopmark_protocol::door::Outlet for Counting<'_> {
    async fn event(&self, event: Event) {
        if matches!(event.body, chopmark_protocol::event::Body::Proposal(_)) {
            self.proposals.store(true, std::sync::atomic::Ordering::Relaxed);
        }
        if let chopmark_protocol::event::Body::Answer(answer) = &event.body
            && let Some(Facts::Drift { components, .. }) = &answer.facts
        {
            *self.drift.lock().unwrap_or_else(PoisonError::into_inner) = Some(exit_of(components));
        }
        if let chopmark_protocol::event::Body::Answer(answer) = &event.body
            && let Some(Facts::Access(report)) = &answer.facts
            && let [answer] = &report.answers[..]
        {
            let exit = if answer.allowed { Exit::Done } else { Exit::Denied };
            *self.access.lock().unwrap_or_else(PoisonError::into_inner) = Some(exit);
        }
        self.screen.event(event).await;
    }
}

/// What a role of the command line means, with the words it stands for.
async fn meant(eyes: &Eyes, role: Role) -> Answer<(String, Meant)> {
    let command = |command: Command| (String::new(), Meant::Command(command));
    Ok(match role {
        Role::Ask { words, .. } => (words.join(" "), Meant::Words),
        Role::Changes { all: true } => (String::new(), Meant::Tool("list_changes", json!({ "limit": 200 }))),
        Role::Changes { all: false } => command(Command::Changes),
        Role::Show { id, prompt: true, .. } => command(Command::Prompt { change: Some(change(&id)?) }),
        Role::Show { id, details: false, .. } => command(Command::Show { change: Some(change(&id)?) }),
        Role::Show { id, details: true, .. } => command(Command::Details { change: Some(change(&id)?) }),
        Role::Approve { id, confirm } => command(Command::Approve { change: Some(change(&id)?), confirm }),
        Role::Reject { id, why } => {
            let why = Some(why.join(" ")).filter(|why| !why.is_empty());
            command(Command::Reject { change: Some(change(&id)?), why })
        }
        Role::Edit { id, words } => {
            let words = words.join(" ");
            (words.clone(), Meant::Command(Command::Edit { change: Some(change(&id)?), words }))
        }
        Role::Cancel { id } => command(Command::Cancel { change: Some(change(&id)?) }),
        Role::Schedule { id, when } => command(parsed(&format!("schedule {} {}", change(&id)?, when.join(" ")))?),
        Role::PlanAgain { id } => command(Command::PlanAgain { change: Some(change(&id)?) }),
        Role::Stop { reason } => command(Command::Halt { why: reason }),
        Role::Resume => command(Command::Lift),
        Role::Status => command(Command::Status { change: None }),
        Role::Undo { target: None } => command(Command::Undo { change: None }),
        Role::Undo { target: Some(target) } => command(Command::Undo { change: Some(newest_of(eyes, &target).await?) }),
        Role::Resolve { id, outcome, why } => {
            let resolution = match outcome {
                Became::Applied => Resolution::Applied,
                Became::Partial => Resolution::Partial,
                Became::NotStarted => Resolution::NotStarted,
            };
            (why.join(" "), Meant::Command(Command::Resolve { change: change(&id)?, resolution }))
        }
        Role::Link { link_code } => match link_code {
            None => command(Command::Link { code: None }),
            Some(code) => command(parsed(&format!("link {code}"))?),
        },
        Role::Unlink { identity: None } => command(Command::Unlink { identity: None }),
        Role::Unlink { identity: Some(identity) } => command(parsed(&format!("unlink {identity}"))?),
        Role::Access { what: Access::Explain { who, wanted } } => {
            let who = who.unwrap_or_default();
            command(parsed(&format!("access explain {who} {}", wanted.join(" ")))?)
        }
        Role::Components { id: None } => command(Command::Components),
        Role::Components { id: Some(id) } => (String::new(), Meant::Tool("show_component", json!({ "component": id }))),
        // The folder stands in the words, as it would in a conversation: a tool takes none that nobody typed.
        Role::Plan { path } => (path.clone(), Meant::Tool("propose_root", json!({ "folder": path }))),
        Role::Drift { environment } => {
            (String::new(), Meant::Tool("read_drift", json!({ "environment": environment })))
        }
        Role::Chat
        | Role::Serve
        | Role::Access { what: Access::Token { .. } }
        | Role::Audit { .. }
        | Role::Templates { .. }
        | Role::Init(_)
        | Role::Doctor
        | Role::Completions { .. }
        | Role::Explain { .. }
        | Role::Exec { .. }
        | Role::Confine { .. } => return Err(Problem::new(Code::UnknownCommand)),
    })
}

/// What the same words mean in a conversation.
fn parsed(words: &str) -> Answer<Command> {
    chopmark_protocol::command::parse(words).ok_or_else(|| Problem::new(Code::UnknownCommand))
}

fn change(id: &str) -> Answer<ChangeId> {
    ChangeId::parse(&id.to_ascii_lowercase()).map_err(|error| invalid(&error))
}

fn invalid(error: &InvalidName) -> Problem {
    Problem::new(Code::InvalidName).with("what", error.what).with("text", &error.text).with("rule", error.rule)
}

/// A change as named, or the newest change of a component.
async fn newest_of(eyes: &Eyes, target: &str) -> Answer<ChangeId> {
    if target.starts_with("chg-") {
        return change(target);
    }
    let component: ComponentId = target.parse().map_err(|error| invalid(&error))?;
    let filter = ChangeFilter { component: Some(component), limit: 200, ..ChangeFilter::default() };
    let found = eyes.seen().await?.records.changes(&filter).await?;
    let newest = found.into_iter().find(|change| change.commit.is_some());
    newest.map(|change| change.id).ok_or_else(|| Problem::new(Code::UnknownComponent).with("component", target))
}

/// Whoever sits at the terminal, and what they see now.
struct Eyes {
    house: Arc<House>,
    identity: Identity,
}

impl Eyes {
    async fn seen(&self) -> Answer<Toolbox> {
        let person = self.house.toolbox.directory.identify(&self.identity).await?;
        self.house.toolbox.seen_by(&person).await
    }
}

/// What can be completed besides commands and the changes on the screen; nothing for whoever sees nothing.
async fn names(eyes: &Eyes) -> Names {
    let mut names = Vec::new();
    if let Ok(seen) = eyes.seen().await {
        names.extend(seen.settings.environments().iter().flat_map(|all| all.all.keys().map(ToString::to_string)));
        names.extend(seen.catalog.templates().map(|template| template.name.to_string()));
    }
    Arc::new(move || names.clone())
}

fn place(identity: &Identity) -> Place {
    let id = identity.as_str();
    // A token's conversations are apart from those of the operating system's users.
    let channel = id.strip_prefix("terminal:").unwrap_or(id).to_owned();
    Place { surface: "terminal".to_owned(), channel, thread: "main".to_owned() }
}

fn request(identity: Identity, text: String, language: Option<Language>) -> Request {
    let at = SystemClock.now();
    Request {
        delivery: format!("terminal-once-{}-{}", std::process::id(), at.0),
        place: place(&identity),
        identity,
        groups: None,
        locale: None,
        language,
        text,
        at,
        seen: std::collections::BTreeMap::new(),
    }
}

fn screen(config: &Config, global: &Global) -> ScreenOptions {
    let wish = match config.chat.colour {
        Colour::Auto => Wish::Auto,
        Colour::Always => Wish::Always,
        Colour::Never => Wish::Never,
    };
    ScreenOptions {
        style: Style::find(wish),
        json: global.json,
        pager: config.chat.pager.clone(),
        clock: Arc::new(SystemClock),
    }
}

fn exit(ending: Ending) -> Exit {
    match ending {
        Ending::Done => Exit::Done,
        Ending::Waiting => Exit::Waiting,
        Ending::Denied => Exit::Denied,
        Ending::Error | Ending::Forced => Exit::Error,
    }
}

fn first_lines(config: &Config, environment: &str, language: Language) -> String {
    let used = config.environments.all.values().any(|environment| environment.cluster.is_some());
    let found = kubeconfig::find(None).filter(|_| !used);
    let offer = found.map(|found| (found.file.display().to_string(), found.contexts.join(", ")));
    terminal::banner(
        language,
        &Banner {
            version: env!("CARGO_PKG_VERSION"),
            model: config.models.chain().first().map(|entry| entry.address().name.as_str()),
            environment,
            data: &config.data.display().to_string(),
            offer: offer.as_ref().map(|(file, contexts)| (file.as_str(), contexts.as_str())),
        },
    )
}
