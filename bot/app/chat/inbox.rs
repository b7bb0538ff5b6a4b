//! The inbox: events that were taken are read and served, those of one place one after the other.
//! Run by the one process that serves the platform.
//! Must never call an event served before everything it led to is kept.

use super::outlet::{Out, Turn};
use super::wake::stopped;
use super::{Office, languages, meaning};
use chopmark_domain::change::Place;
use chopmark_domain::ports::{Answer, Delivery};
use chopmark_domain::problem::{Code, Problem};
use chopmark_engine::crash;
use chopmark_protocol::chat::{Arrival, Fault, Meant};
use chopmark_protocol::command::{self, Command};
use chopmark_protocol::door::{Door as _, Outlet as _};
use chopmark_protocol::event::Event;
use chopmark_protocol::plain;
use std::collections::{HashMap, HashSet, VecDeque};
use std::time::{Duration, Instant};
use tokio::sync::watch;
use tokio::task::{Id, JoinSet};

/// Requests that are served at once, in as many places: the model and the store are what they wait for.
const AT_ONCE: usize = 64;
/// Events that are read or wait in memory; the others wait in the store.
const IN_MEMORY: usize = 512;
/// How long a later event waits for an earlier one that is still being read: they may be of one place.
const IN_ORDER: Duration = Duration::from_secs(1);
/// How long a sign that something was heard may take.
const SIGN: Duration = Duration::from_secs(5);
/// An event that ended badly so often is told of and left.
const TRIES: u32 = 5;

/// What became of an event in one step.
enum Step {
    /// It was read.
    Read(Box<Result<Option<Arrival>, Fault>>),
    /// It was served to its end, or not.
    Served(Place, Answer<()>),
}

/// An event that is being read.
struct Reading {
    delivery: Delivery,
    begun: Instant,
    read: Option<Result<Option<Arrival>, Fault>>,
}

/// An event that waits for its place.
struct Job {
    delivery: Delivery,
    arrival: Arrival,
}

struct Inbox<'o> {
    office: &'o Office,
    /// Events that somebody may have begun to serve before us.
    left: HashSet<String>,
    /// Events in hand, by id.
    taken: HashSet<String>,
    /// Events that failed: how often, and until when they wait.
    failed: HashMap<String, (u32, Instant)>,
    reading: VecDeque<Reading>,
    /// Events that others no longer wait for.
    late: Vec<Reading>,
    /// What waits in each place in which something is served.
    places: HashMap<Place, VecDeque<Job>>,
    /// Places that have work and wait for room.
    ready: VecDeque<Place>,
    serving: usize,
    steps: JoinSet<Step>,
    /// Whose a step is, should it end badly.
    whose: HashMap<Id, (Delivery, Option<Place>)>,
}

/// Serves what was taken until told to stop, and then what is being served to its end, or so long as there is time.
pub(super) async fn run(office: &Office, mut stop: watch::Receiver<bool>) {
    let mut inbox = Inbox {
        office,
        left: left(office, &mut stop).await,
        taken: HashSet::new(),
        failed: HashMap::new(),
        reading: VecDeque::new(),
        late: Vec::new(),
        places: HashMap::new(),
        ready: VecDeque::new(),
        serving: 0,
        steps: JoinSet::new(),
        whose: HashMap::new(),
    };
    while !stopped(&stop) {
        if let Err(problem) = inbox.fill().await {
            tracing::warn!(code = %problem.code, %problem, "events cannot be read");
        }
        inbox.begin();
        tokio::select! {
            Some(step) = inbox.steps.join_next_with_id(), if !inbox.steps.is_empty() => inbox.ended(step).await,
            () = office.0.wakes.inbox.notified() => {}
            () = tokio::time::sleep(office.0.paces.poll) => {}
            _ = stop.changed() => {}
        }
    }
    inbox.drain().await;
}

/// Events that wait at the start. By their names: a platform's clock and ours need not agree on what was before.
async fn left(office: &Office, stop: &mut watch::Receiver<bool>) -> HashSet<String> {
    while !stopped(stop) {
        match office.0.records.unserved(office.surface(), u32::MAX).await {
            Ok(waiting) => return waiting.into_iter().map(|delivery| delivery.id).collect(),
            Err(problem) => tracing::warn!(code = %problem.code, %problem, "events cannot be read"),
        }
        tokio::select! {
            () = tokio::time::sleep(office.0.paces.poll) => {}
            _ = stop.changed() => {}
        }
    }
    HashSet::new()
}

impl Inbox<'_> {
    /// Takes in hand what nobody has.
    async fn fill(&mut self) -> Answer<()> {
        let now = Instant::now();
        let waiting = self.taken.len() + self.failed.len();
        if self.taken.len() >= IN_MEMORY {
            return Ok(());
        }
        let limit = u32::try_from(waiting + AT_ONCE * 2).unwrap_or(u32::MAX);
        for delivery in self.office.0.records.unserved(self.office.surface(), limit).await? {
            let waits = self.failed.get(&delivery.id).is_some_and(|(_, until)| *until > now);
            if waits || self.taken.len() >= IN_MEMORY || !self.taken.insert(delivery.id.clone()) {
                continue;
            }
            let (chat, event) = (self.office.chat().clone(), delivery.clone());
            let step = async move { Step::Read(Box::new(chat.read(&event).await)) };
            let id = self.steps.spawn(step).id();
            self.whose.insert(id, (delivery.clone(), None));
            self.reading.push_back(Reading { delivery, begun: now, read: None });
        }
        Ok(())
    }

    /// Hands what was read to its places, in the order in which it came, and lets places begin while there is room.
    fn begin(&mut self) {
        while let Some(first) = self.reading.pop_front() {
            if first.read.is_some() {
                self.hand_over(first);
            } else if first.begun.elapsed() < IN_ORDER {
                self.reading.push_front(first);
                break;
            } else {
                self.late.push(first);
            }
        }
        for done in self.late.extract_if(.., |reading| reading.read.is_some()).collect::<Vec<_>>() {
            self.hand_over(done);
        }
        while self.serving < AT_ONCE
            && let Some(place) = self.ready.pop_front()
        {
            self.serve_next(place);
        }
    }

    /// What was read goes to its place; what could not be read waits, and what means nothing is over.
    fn hand_over(&mut self, reading: Reading) {
        let Reading { delivery, read, .. } = reading;
        match read {
            Some(Ok(Some(arrival))) => {
                if !self.failed.contains_key(&delivery.id) {
                    let (chat, heard) = (self.office.chat().clone(), arrival.clone());
                    tokio::spawn(async move { tokio::time::timeout(SIGN, chat.sign(&heard)).await });
                }
                let place = arrival.speaker.place.clone();
                // Said into a place where a model is thinking, it is about that, and about nothing that was there before.
                if let Some(stops) = stops(&arrival)
                    && self.office.0.router.stop(&place)
                    && stops == Stops::Thinking
                {
                    return self.leave(delivery, None);
                }
                let job = Job { delivery, arrival };
                match self.places.get_mut(&place) {
                    Some(waiting) => waiting.push_back(job),
                    None => {
                        self.places.insert(place.clone(), VecDeque::from([job]));
                        self.ready.push_back(place);
                    }
                }
            }
            Some(Ok(None)) => self.leave(delivery, None),
            Some(Err(Fault::Later { after, why })) => {
                let tries = self.failed.get(&delivery.id).map_or(0, |(tries, _)| *tries);
                tracing::info!(delivery = delivery.id, why, "an event is read again later");
                self.again(&delivery.id, self.office.0.paces.wait(after, tries));
            }
            Some(Err(Fault::Refused(problem))) => {
                self.office.refused(&problem);
                self.again(&delivery.id, self.office.0.paces.refused);
            }
            Some(Err(fault @ (Fault::Gone { .. } | Fault::Invalid(_)))) => self.leave(delivery, Some(fault)),
            None => {}
        }
    }

    /// Nothing is to be done for it.
    fn leave(&mut self, delivery: Delivery, fault: Option<Fault>) {
        if let Some(fault) = fault {
            tracing::warn!(delivery = delivery.id, ?fault, "an event cannot be read and is left");
        }
        let office = self.office.clone();
        let whose = delivery.clone();
        // As if it were a place of its own, so that its end is kept before it is forgotten here.
        let nowhere = Place { surface: String::new(), channel: String::new(), thread: delivery.id.clone() };
        let place = nowhere.clone();
        let step = async move {
            let ended = office.0.records.finish(&delivery.surface, &delivery.id, office.now()).await;
            Step::Served(place, ended)
        };
        self.serving += 1;
        let id = self.steps.spawn(step).id();
        self.whose.insert(id, (whose, Some(nowhere)));
    }

    /// It waits, and is read again.
    fn again(&mut self, id: &str, wait: Duration) {
        let entry = self.failed.entry(id.to_owned()).or_insert((0, Instant::now()));
        *entry = (entry.0.saturating_add(1), Instant::now() + wait);
        self.taken.remove(id);
    }

    fn serve_next(&mut self, place: Place) {
        let Some(Job { delivery, arrival }) = self.places.get_mut(&place).and_then(VecDeque::pop_front) else {
            self.places.remove(&place);
            return;
        };
        let tries = self.failed.get(&delivery.id).map_or(0, |(tries, _)| *tries);
        let turn = if self.left.contains(&delivery.id) || tries > 0 { Turn::Again } else { Turn::First };
        let (office, event, at) = (self.office.clone(), delivery.clone(), place.clone());
        let step = async move {
            let served = match tries {
                ..=TRIES => serve(&office, &arrival, turn).await,
                // It ended so badly that nothing came back.
                _ => Err(Problem::new(Code::Internal).with("what", "a request ended badly")),
            };
            let ended = match served {
                Err(problem) if tries < TRIES => Err(problem),
                Err(problem) => give_up(&office, &arrival, &problem).await,
                Ok(()) => Ok(()),
            };
            let ended = match ended {
                Ok(()) => {
                    crash::point("chat-before-finish");
                    office.0.records.finish(&event.surface, &event.id, office.now()).await
                }
                Err(problem) => Err(problem),
            };
            Step::Served(at, ended)
        };
        self.serving += 1;
        let id = self.steps.spawn(step).id();
        self.whose.insert(id, (delivery, Some(place)));
    }

    async fn ended(&mut self, step: Result<(Id, Step), tokio::task::JoinError>) {
        let (id, step) = match step {
            Ok((id, step)) => (id, Some(step)),
            Err(error) => {
                tracing::error!(%error, "an event ended badly");
                (error.id(), None)
            }
        };
        let Some((delivery, place)) = self.whose.remove(&id) else { return };
        match (step, place) {
            (Some(Step::Read(read)), _) => {
                let mut waiting = self.reading.iter_mut().chain(&mut self.late);
                if let Some(reading) = waiting.find(|reading| reading.delivery.id == delivery.id) {
                    reading.read = Some(*read);
                }
            }
            (Some(Step::Served(place, Ok(()))), _) => {
                self.taken.remove(&delivery.id);
                self.failed.remove(&delivery.id);
                self.free(place);
            }
            (Some(Step::Served(place, Err(problem))), _) => {
                tracing::warn!(code = %problem.code, %problem, "a request is served again later");
                self.stumbled(&delivery.id);
                self.free(place);
            }
            (None, Some(place)) => {
                self.stumbled(&delivery.id);
                self.free(place);
            }
            (None, None) => {
                self.reading.retain(|reading| reading.delivery.id != delivery.id);
                self.late.retain(|reading| reading.delivery.id != delivery.id);
                self.stumbled(&delivery.id);
            }
        }
    }

    fn stumbled(&mut self, id: &str) {
        let tries = self.failed.get(id).map_or(0, |(tries, _)| *tries);
        self.again(id, self.office.0.paces.wait(None, tries));
    }

    /// The next of a place may begin.
    fn free(&mut self, place: Place) {
        self.serving = self.serving.saturating_sub(1);
        match self.places.get(&place) {
            Some(waiting) if !waiting.is_empty() => self.ready.push_back(place),
            _ => {
                self.places.remove(&place);
            }
        }
    }

    /// What is being served comes to its end, or is served again at the next start.
    async fn drain(&mut self) {
        let until = tokio::time::Instant::now() + self.office.0.paces.ending;
        while self.serving > 0 {
            match tokio::time::timeout_at(until, self.steps.join_next_with_id()).await {
                Ok(Some(step)) => self.ended(step).await,
                Ok(None) => break,
                Err(_) => {
                    tracing::info!(
                        requests = self.serving,
                        "requests that are not over are served again at the next start"
                    );
                    break;
                }
            }
        }
        self.steps.shutdown().await;
    }
}

/// What words that stop something are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stops {
    /// Whatever is being done here; a change only where nothing is being thought about.
    Thinking,
    /// Everything, everywhere: no thought may keep it waiting.
    Everything,
}

fn stops(arrival: &Arrival) -> Option<Stops> {
    let Meant::Said(words) = &arrival.meant else { return None };
    match command::parse(&plain::plain(words)) {
        Some(Command::Cancel { change: None }) => Some(Stops::Thinking),
        Some(Command::Halt { .. }) => Some(Stops::Everything),
        _ => None,
    }
}

/// Serves an arrival once, to its end.
async fn serve(office: &Office, arrival: &Arrival, turn: Turn) -> Answer<()> {
    crash::point("chat-before-serve");
    let arrival = &meaning::where_its_card_is(office, arrival.clone()).await?;
    let several = office.speaks(&arrival.speaker.place, &arrival.speaker.identity);
    let out = Out::new(office, arrival, turn, several);
    match meaning::of(office, arrival).await {
        Ok(Some((request, meant))) => office.0.router.serve(request, meant, &out).await?,
        Ok(None) => tracing::info!(delivery = arrival.delivery, "a press that asks something first was not asked"),
        Err(problem) => {
            let language = languages::of(office.house(), &arrival.speaker).await.unwrap_or_default();
            out.event(Event::problem(language, &problem, None)).await;
        }
    }
    out.end().await
}

/// It failed again and again: whoever asked is told, and it is left.
async fn give_up(office: &Office, arrival: &Arrival, problem: &Problem) -> Answer<()> {
    tracing::error!(code = %problem.code, %problem, delivery = arrival.delivery, "an event is given up");
    let language = languages::of(office.house(), &arrival.speaker).await.unwrap_or_default();
    let out = Out::new(office, arrival, Turn::First, false);
    out.event(Event::problem(language, problem, None)).await;
    out.end().await
}
