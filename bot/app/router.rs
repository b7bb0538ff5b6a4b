//! The router: a command goes to the engine, words go to the assistant; what follows is told until it rests.
//! The one door behind every surface.
//! Must never decide a right or a rule: the engine does, for every surface alike.

mod channel;
mod conversation;
mod follow;
mod limits;
mod people;
mod read;
mod scheduling;
mod seeing;
mod speaking;
mod stopping;
#[cfg(test)]
mod tests;
mod thinking;
mod words;

use crate::assemble::House;
use async_trait::async_trait;
use chopmark_domain::approval::Verdict;
use chopmark_domain::change::{Language, Place};
use chopmark_domain::ids::ChangeId;
use chopmark_domain::ports::{Answer, ChangeFilter, Conversations as _};
use chopmark_domain::problem::{Code, Problem};
use chopmark_engine::commands::{Asked, DecisionAsked, Resolution};
use chopmark_protocol::command::{self, Command};
use chopmark_protocol::door::{Door, Outlet};
use chopmark_protocol::event::{Body, Event, Question};
use chopmark_protocol::request::{Heard, Request};
use conversation::Conversation;
pub(crate) use follow::HOLDS;
use serde_json::Value;
use std::sync::Arc;
use thinking::Thinking;

/// How far a request in words is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// A proposal becomes a change.
    Change,
    /// A proposal is shown, and nothing is recorded.
    Proposal,
}

/// Who tells what becomes of a change after a request has moved it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Following {
    /// The request: it stays until the change rests.
    Request,
    /// The feed of notes, which every chat surface reads: a request ends when its change was made or decided, so that
    /// nothing is forgotten when the program restarts.
    Feed,
}

/// As many changes as a question for one of them names.
const SHOWN: u32 = 10;

/// The door on a house.
#[derive(Clone)]
pub struct Router {
    house: Arc<House>,
    reach: Reach,
    following: Following,
    thinking: Thinking,
}

/// What a request means, when its surface knows it without reading the words.
#[derive(Debug, Clone)]
pub enum Meant {
    /// Whatever the words say: an exact command, or a sentence.
    Words,
    /// This command.
    Command(Command),
    /// What this tool answers to these arguments: facts, or a proposal that becomes a change.
    Tool(&'static str, Value),
}

#[async_trait]
impl Door for Router {
    async fn hear(&self, request: Request, out: &dyn Outlet) -> Result<(), Problem> {
        self.serve(request, Meant::Words, out).await
    }

    fn stop(&self, place: &Place) -> bool {
        self.thinking.stop(place)
    }
}

impl Router {
    /// A router that takes requests as far as `reach`.
    pub fn new(house: Arc<House>, reach: Reach) -> Self {
        Self { house, reach, following: Following::Request, thinking: Thinking::default() }
    }

    /// The router of surfaces that read the feed.
    pub fn for_feed(house: Arc<House>) -> Self {
        Self { house, reach: Reach::Change, following: Following::Feed, thinking: Thinking::default() }
    }

    /// Serves a request once, and returns when it has come to rest.
    ///
    /// # Errors
    /// The store can't be used.
    #[tracing::instrument(name = "request", skip_all, fields(identity = %request.identity, surface = request.place.surface))]
    pub async fn serve(&self, request: Request, meant: Meant, out: &dyn Outlet) -> Result<(), Problem> {
        let place = Conversation::key(self.following, &request.place, &request.identity);
        let mut conversation = Conversation::recall(&self.house.store, &place).await?;
        let (pinned, usual) = self.tongue(&request, &conversation).await?;
        let request = Request { language: pinned, ..request };
        let known = self.speaker(&request, &meant).await;
        if let Ok(person) = &known
            && let Err(problem) = self.within_limits(person, &request, &meant).await
        {
            out.event(Event::problem(usual, &problem, None)).await;
            return Ok(());
        }
        // A surface that keeps its events took this one when it came, and may serve it again after a crash.
        if self.following == Following::Request
            && !self.house.store.claim(&request.place.surface, &request.delivery).await?
        {
            return Ok(());
        }
        let heard = match known.and_then(|person| request.heard(usual, person)) {
            Ok(heard) => heard,
            Err(problem) => {
                out.event(Event::problem(usual, &problem, None)).await;
                return Ok(());
            }
        };
        conversation.language = Some(heard.language);
        let meant = match meant {
            Meant::Words => command::parse(&heard.plain).map_or(Meant::Words, Meant::Command),
            meant => meant,
        };
        let told = match meant {
            meant if self.sees_nothing(&meant, &heard, out).await? => return Ok(()),
            Meant::Command(command) => self.command(command, &heard, &mut conversation, out).await,
            Meant::Tool(tool, arguments) => self.tool(tool, arguments, &heard, &mut conversation, out).await,
            Meant::Words => self.words(&heard, &mut conversation, out).await,
        };
        if let Err(problem) = told {
            tracing::info!(code = %problem.code, "a request ended with a problem");
            out.event(Event::problem(heard.language, &problem, conversation.change.as_ref())).await;
        }
        if self.following == Following::Feed {
            conversation.trace().remember(&self.house.store, &heard.request.place).await?;
        }
        conversation.remember(&self.house.store, &place).await
    }

    async fn command(
        &self,
        command: Command,
        heard: &Heard,
        conversation: &mut Conversation,
        out: &dyn Outlet,
    ) -> Answer<()> {
        let engine = &self.house.engine;
        let person = &heard.person;
        let since = self.house.store_notes().await?;
        let asked = self.asked(heard, 0);
        match command {
            Command::Halt { why } => self.halt(why.as_deref(), heard, conversation, out).await,
            Command::Lift => self.lift(heard, out).await,
            Command::Approve { change, confirm } => {
                let id = self.waiting(change, heard, conversation).await?;
                let decision = decision(id.clone(), heard, Verdict::Approve, None, confirm);
                let decided = engine.decide(decision).await.map(|_| ());
                self.after_decision(id, decided, since, heard, conversation, out).await
            }
            Command::Reject { change, why } => {
                let id = self.waiting(change, heard, conversation).await?;
                let decision = decision(id.clone(), heard, Verdict::Reject, why, None);
                let decided = engine.decide(decision).await.map(|_| ());
                self.after_decision(id, decided, since, heard, conversation, out).await
            }
            Command::Cancel { change } => {
                let id = self.mentioned(change, heard, conversation).await?;
                engine.cancel(&id, person).await?;
                self.follow(id, since, heard.language, conversation, out).await
            }
            Command::Undo { change } => {
                if let Some(id) = &change {
                    self.seen_file(id, heard).await?;
                }
                let id = engine.undo(change, &asked).await?;
                self.follow(id, since, heard.language, conversation, out).await
            }
            Command::Schedule { change, when } => {
                let id = self.waiting(change, heard, conversation).await?;
                self.schedule(id, when, heard, conversation, out).await
            }
            Command::PlanAgain { change } => {
                let id = self.mentioned(change, heard, conversation).await?;
                self.plan_again(id, heard, conversation, out).await
            }
            Command::Resolve { change, resolution } => {
                let resolution = match resolution {
                    command::Resolution::Applied => Resolution::Applied,
                    command::Resolution::Partial => Resolution::Partial,
                    command::Resolution::NotStarted => Resolution::NotStarted,
                };
                self.seen_file(&change, heard).await?;
                engine.resolve(&change, person, resolution, &heard.request.text).await?;
                self.follow(change, since, heard.language, conversation, out).await
            }
            Command::Edit { change, words } => {
                let id = self.waiting(change, heard, conversation).await?;
                if words.is_empty() {
                    return Err(Problem::new(Code::NothingToChange).with("component", &id));
                }
                // The sentence names the change, so that the assistant edits that one, whoever asked for it.
                let sentence = format!("{id} {words}");
                conversation.change = Some(id);
                let request = Request { text: sentence.clone(), ..heard.request.clone() };
                let heard = Heard { request, person: heard.person.clone(), plain: sentence, language: heard.language };
                self.words(&heard, conversation, out).await
            }
            Command::Show { change } => {
                let id = self.mentioned(change, heard, conversation).await?;
                let file = self.looked_at(&id, heard).await?;
                conversation.change = Some(id);
                out.event(Event::card(heard.language, &file)).await;
                Ok(())
            }
            Command::Details { change } => {
                let id = self.mentioned(change, heard, conversation).await?;
                self.details(&id, heard.language, out).await
            }
            Command::Prompt { change } => {
                let id = self.mentioned(change, heard, conversation).await?;
                self.prompts(&id, heard.language, out).await
            }
            Command::Lang { pin, whose } => self.pin(pin, whose, heard, conversation, out).await,
            Command::Subscribe { kinds } => self.subscribe(kinds, heard, out).await,
            Command::Unsubscribe { kinds } => self.unsubscribe(kinds, heard, out).await,
            Command::Subscriptions => self.subscriptions(heard, out).await,
            people @ (Command::Link { .. } | Command::Unlink { .. } | Command::Access { .. }) => {
                self.people(people, heard, out).await
            }
            reading => self.read(reading, heard.language, heard, conversation, out).await,
        }
    }

    /// A decision that came too late for its plan still has something to show: the plan that took its place.
    async fn after_decision(
        &self,
        id: ChangeId,
        decided: Answer<()>,
        since: i64,
        heard: &Heard,
        conversation: &mut Conversation,
        out: &dyn Outlet,
    ) -> Answer<()> {
        match decided {
            Ok(()) => {}
            Err(problem) if problem.code == Code::PlanStale => {
                out.event(Event::problem(heard.language, &problem, Some(&id))).await;
            }
            Err(problem) => {
                conversation.change = Some(id);
                return Err(problem);
            }
        }
        self.follow(id, since, heard.language, conversation, out).await
    }

    /// The change that is meant: the one that is named, else the one last drawn here.
    async fn mentioned(&self, named: Option<ChangeId>, heard: &Heard, conversation: &Conversation) -> Answer<ChangeId> {
        let records = self.seen(heard).await?.records;
        if let Some(id) = named {
            let found = records.change(&id).await?;
            return found.map(|_| id.clone()).ok_or_else(|| Problem::new(Code::UnknownChange).with("change", &id));
        }
        if let Some(id) = conversation.change.clone()
            && records.change(&id).await?.is_some()
        {
            return Ok(id);
        }
        let place = Some(heard.request.place.clone());
        let newest = ChangeFilter { place, limit: 1, ..ChangeFilter::default() };
        let found = records.changes(&newest).await?;
        found.into_iter().next().map(|change| change.id).ok_or_else(nothing_waits)
    }

    /// The same, among those that wait: when the one last drawn is over, the only other one that waits.
    async fn waiting(&self, named: Option<ChangeId>, heard: &Heard, conversation: &Conversation) -> Answer<ChangeId> {
        if named.is_some() {
            return self.mentioned(named, heard, conversation).await;
        }
        if let Some(id) = &conversation.change
            && self.seen_file(id, heard).await.is_ok_and(|file| !file.change.state.is_terminal())
        {
            return Ok(id.clone());
        }
        let filter = ChangeFilter {
            states: vec![chopmark_domain::lifecycle::State::AwaitingApproval],
            place: Some(heard.request.place.clone()),
            limit: SHOWN,
            ..ChangeFilter::default()
        };
        let mut found = self.seen(heard).await?.records.changes(&filter).await?;
        if found.len() > 1 && self.following == Following::Feed {
            // Where several speak, the newest may be one that this person has never looked at.
            let names: Vec<_> = found.iter().map(|change| change.id.to_string()).collect();
            return Err(Problem::new(Code::SeveralWait).with("changes", names.join(", ")));
        }
        match (found.pop(), found.is_empty()) {
            (Some(only), true) => Ok(only.id),
            _ => self.mentioned(None, heard, conversation).await,
        }
    }
}

impl Router {
    /// Who asks. `nth` of the proposals of one request: of a surface whose events may be served again, each is made once.
    fn asked(&self, heard: &Heard, nth: usize) -> Asked {
        let request = &heard.request;
        let once = (self.following == Following::Feed)
            .then(|| format!("{} {} {nth}", request.place.surface, request.delivery));
        Asked { once, ..asked(heard) }
    }
}

fn nothing_waits() -> Problem {
    Problem::new(Code::NothingToActOn).with("what", "change")
}

fn asked(heard: &Heard) -> Asked {
    Asked {
        person: heard.person.clone(),
        text: heard.request.text.clone(),
        place: heard.request.place.clone(),
        language: heard.language,
        once: None,
    }
}

/// A decision is about what was on the person's screen, where the surface knows it.
fn decision(
    id: ChangeId,
    heard: &Heard,
    verdict: Verdict,
    reason: Option<String>,
    confirmation: Option<String>,
) -> DecisionAsked {
    let seen = heard.request.seen.get(&id);
    DecisionAsked {
        revision: seen.map(|seen| seen.revision),
        digest: seen.map(|seen| seen.digest.to_string()),
        person: heard.person.clone(),
        identity: Some(heard.request.identity.clone()),
        verdict,
        surface: heard.request.place.surface.clone(),
        reason,
        confirmation,
        change: id,
    }
}

fn asking(language: Language, question: chopmark_functions::Question) -> Event {
    let body = Body::Question(Question {
        parameter: question.parameter,
        template: question.template,
        text: question.text.of(language).to_owned(),
        options: question.options,
        guess: question.guess,
    });
    Event::new(language, body)
}
