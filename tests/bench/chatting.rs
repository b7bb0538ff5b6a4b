//! Chat: how soon an event is acknowledged in a storm, how many messages are handled a second, how soon a restart answers.
//! The first and the last with the real program and what plays the platforms, the middle one in this process.
//! Must never be compared to the peers' numbers as if they were of this run: they are of another machine.

use super::kit::chat::{ADA, BO, BOTH, Platform, Served, Which, connected, count, rules, set_up};
use super::kit::scene::Scene;
use super::kit::{http, wait_for};
use async_trait::async_trait;
use chopmark::assemble::House;
use chopmark::chat::{Office, Paces, Parts};
use chopmark::config::{FileSettings, Whereabouts};
use chopmark_catalog::Catalog;
use chopmark_domain::change::Place;
use chopmark_domain::ids::Identity;
use chopmark_domain::ports::Delivery;
use chopmark_protocol::chat::{
    Arrival, CardView, Chat, Check, Desk, Drawn, Fault, HttpCall, HttpReply, Meant, Outgoing, Partial, Speaker,
};
use chopmark_runners::liveness::ProcLiveness;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::{Notify, watch};

/// Events a second, and for how long.
const A_SECOND: u32 = 200;
const SECONDS: u32 = 10;
/// What platforms wait for an acknowledgement, and a tenth of it.
const LIMIT: f64 = 3000.0;
const GOAL: f64 = 300.0;
/// Cards that are open when the program starts again.
const CARDS: usize = 1_000;

/// Measures and prints; the bounds that are broken.
pub(crate) fn bench() -> Vec<String> {
    // Another part of the program may have been first.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut broken = Vec::new();
    println!("chat: {A_SECOND} events a second for {SECONDS} s while runs are under way (goal: p99 {GOAL:.0} ms)");
    for which in BOTH {
        broken.extend(acknowledged(which));
    }
    handled();
    restarted();
    broken
}

/// How soon each event of a storm is acknowledged.
fn acknowledged(which: Which) -> Option<String> {
    let (scene, chat, served) = connected(which)?;
    let threads: Vec<_> =
        (0..8).map(|number| chat.mentions(ADA, &format!("deploy image nginx:1.27 as cart{number} in shop"))).collect();
    let cards: Vec<_> = threads.iter().map(|thread| chat.waits(thread, &["cart"])).collect();
    cards.iter().for_each(|card| chat.press(BO, card, "approve"));
    let begun = storm(&chat);
    let took = begun.elapsed();
    let sent = usize::try_from(A_SECOND * SECONDS).unwrap();
    let times = wait_for("every acknowledgement", || {
        let times = acknowledgements(&chat);
        (times.len() >= sent || begun.elapsed() > took + Duration::from_secs(20)).then_some(times)
    });
    let missing = sent.saturating_sub(times.len());
    let (middle, most) = (at(&times, 50), at(&times, 99));
    let verdict = if most <= GOAL { "within the goal" } else { "beyond the goal" };
    println!(
        "  {which:?}: {sent} events in {:.1} s, acknowledged p50 {middle:.0} ms, p99 {most:.0} ms, slowest {:.0} ms: {verdict}",
        took.as_secs_f64(),
        at(&times, 100)
    );
    println!("    memory of the program then: {:.1} MB", resident(served.id()));
    let done = count(&scene, "runs");
    println!("    runs meanwhile: {done}");
    let late = times.iter().filter(|time| **time > LIMIT).count();
    (missing > 0 || late > 0).then(|| format!("{which:?}: {late} acknowledgements after 3 s, {missing} missing"))
}

/// Sends the storm at its pace; when it began.
fn storm(chat: &Platform) -> Instant {
    let begun = Instant::now();
    let (name, options) = match chat.which {
        Which::Discord => ("slash", json!({"name": "help", "user": {"id": "400"}})),
        Which::Slack => ("mention", json!({"text": "help", "user": "U0ADA"})),
    };
    let (path, body, place) = (format!("/_control/{name}"), options.to_string(), chat.place.as_str());
    let next = AtomicUsize::new(0);
    std::thread::scope(|threads| {
        for _ in 0..8 {
            threads.spawn(|| {
                loop {
                    let number = u32::try_from(next.fetch_add(1, Ordering::Relaxed)).unwrap();
                    if number >= A_SECOND * SECONDS {
                        return;
                    }
                    let due = Duration::from_secs(1) * number / A_SECOND;
                    std::thread::sleep(due.saturating_sub(begun.elapsed()));
                    http::json(place, "POST", &path, &body);
                }
            });
        }
    });
    begun
}

/// Milliseconds from the platform's sending to the acknowledgement, as the platform measured them.
fn acknowledgements(chat: &Platform) -> Vec<f64> {
    let state = chat.look("state");
    let times: Vec<f64> = match chat.which {
        Which::Discord => {
            let all = state["interactions"].as_array().cloned().unwrap_or_default();
            all.iter().filter(|one| one["type"] == 2).filter_map(|one| one["after_ms"].as_f64()).collect()
        }
        Which::Slack => {
            let all = state["envelopes"].as_array().cloned().unwrap_or_default();
            let events = all.iter().filter(|one| one["type"] == "events_api");
            events.filter_map(|one| one["acks"][0]["ms"].as_f64()).collect()
        }
    };
    times
}

/// A part of a hundred.
fn at(times: &[f64], part: usize) -> f64 {
    let mut times = times.to_vec();
    times.sort_by(f64::total_cmp);
    let last = times.len().saturating_sub(1);
    times.get(last * part / 100).copied().unwrap_or(f64::NAN)
}

/// Resident memory in megabytes.
fn resident(id: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok()).unwrap_or_default() / 1024.0
}

/// A platform in this process that takes everything and counts it.
#[derive(Default)]
struct Still {
    posted: AtomicUsize,
    rung: Notify,
}

#[async_trait]
impl Chat for Still {
    fn name(&self) -> &'static str {
        "discord"
    }
    async fn listen(&self, _desk: Arc<dyn Desk>, mut stop: watch::Receiver<bool>) -> Result<(), Fault> {
        while !*stop.borrow() && stop.changed().await.is_ok() {}
        Ok(())
    }
    fn paths(&self) -> Vec<&'static str> {
        vec![]
    }
    async fn called(&self, _call: HttpCall, _desk: &dyn Desk) -> HttpReply {
        HttpReply { status: 404, content_type: "text/plain", body: vec![] }
    }
    async fn read(&self, delivery: &Delivery) -> Result<Option<Arrival>, Fault> {
        let place = Place { surface: "discord".to_owned(), channel: "300".to_owned(), thread: delivery.raw.clone() };
        let speaker = Speaker {
            identity: "discord:400".parse().unwrap(),
            groups: None,
            name: "ada".to_owned(),
            place,
            language: None,
        };
        let (at, meant) = (delivery.at, Meant::Said("help".to_owned()));
        Ok(Some(Arrival { delivery: delivery.id.clone(), speaker, at, meant, message: None, reply: None }))
    }
    async fn sign(&self, _arrival: &Arrival) {}
    async fn partial(&self, _partial: Partial<'_>) -> Result<Option<String>, Fault> {
        Ok(None)
    }
    async fn post(&self, outgoing: Outgoing<'_>) -> Result<String, Fault> {
        // Other words may go with an answer; an answer is the first of its message.
        if outgoing.key.ends_with("/0") {
            self.posted.fetch_add(1, Ordering::SeqCst);
            self.rung.notify_waiters();
        }
        Ok(outgoing.key.to_owned())
    }
    fn card(&self, _view: CardView<'_>) -> Drawn {
        Drawn { body: Value::Null, whole: true, losses_shown: true }
    }
    async fn post_card(&self, _place: &Place, key: &str, _drawn: &Drawn, _tries: u32) -> Result<String, Fault> {
        Ok(key.to_owned())
    }
    async fn edit_card(&self, _place: &Place, _message: &str, _drawn: &Drawn) -> Result<(), Fault> {
        Ok(())
    }
    async fn groups(&self, _identity: &Identity) -> Result<Option<BTreeSet<Identity>>, Fault> {
        Ok(None)
    }
    async fn direct(&self, _identity: &Identity) -> Result<Place, Fault> {
        Ok(Place { surface: "discord".to_owned(), channel: "700".to_owned(), thread: "main".to_owned() })
    }
    async fn check(&self) -> Vec<Check> {
        vec![]
    }
}

impl Still {
    async fn has_posted(&self, count: usize) {
        loop {
            let rung = self.rung.notified();
            if self.posted.load(Ordering::SeqCst) >= count {
                return;
            }
            // Somebody may have rung before we listened.
            let _ = tokio::time::timeout(Duration::from_millis(50), rung).await;
        }
    }
}

/// Messages that are handled a second, each with its rows: taken, served, answered, settled.
fn handled() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.toml");
    std::fs::write(&file, "[people.ada]\nidentities = [\"discord:400\"]\nroles = [\"asker\"]\n").unwrap();
    let floor = resident(std::process::id());
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let catalog = Arc::new(Catalog::shipped().unwrap());
        let templates = catalog.templates().map(|template| template.name.clone()).collect();
        let place = Whereabouts::find(Some(file), Some(folder.path().join("data")), None, templates);
        let house = Arc::new(House::open(FileSettings::open(place).unwrap(), catalog).await.unwrap());
        let chat = Arc::new(Still::default());
        let office = Office::new(Parts {
            chat: chat.clone(),
            house: house.clone(),
            records: Arc::new(house.store.clone()),
            liveness: Arc::new(ProcLiveness::new()),
            paces: Paces::default(),
        });
        let (stop, stopped) = watch::channel(false);
        let running = tokio::spawn({
            let office = office.clone();
            async move { office.serve(stopped).await }
        });
        let desk = office.desk();
        let clock = house.store.clock();
        let say = async |number: usize, thread: usize| {
            let delivery = Delivery {
                surface: "discord".to_owned(),
                id: format!("m{number}"),
                raw: format!("t{thread}"),
                at: clock.now(),
            };
            desk.take(delivery).await.unwrap();
        };
        let mut number = 0;
        println!("chat: `help` in process, with the durable record (inbox, outbox, SQLite), through no adapter");
        for (at_once, messages) in [(1, 500), (32, 6_400)] {
            // Warm.
            for _ in 0..at_once {
                say(number, number % at_once).await;
                number += 1;
            }
            chat.has_posted(number).await;
            let (first, begun) = (number, Instant::now());
            while number < first + messages {
                // As many are under way as may be: one more is said for each that is answered.
                let answered = chat.posted.load(Ordering::SeqCst);
                let room = (answered + at_once).saturating_sub(number).min(first + messages - number);
                for _ in 0..room {
                    say(number, number % at_once).await;
                    number += 1;
                }
                chat.has_posted((number + 1).saturating_sub(at_once)).await;
            }
            chat.has_posted(number).await;
            let rate = f64::from(u32::try_from(messages).unwrap()) / begun.elapsed().as_secs_f64();
            let goal = if at_once == 1 { ("Errbot's 2,900", 2_900.0) } else { ("opsdroid's 21,000", 21_000.0) };
            let verdict = if rate >= goal.1 { "reached" } else { "not reached" };
            println!("  {at_once} in flight: {rate:.0} messages a second (goal: {}: {verdict})", goal.0);
        }
        let memory = resident(std::process::id());
        let verdict = if memory <= 30.5 { "reached" } else { "not reached" };
        println!("  memory: {memory:.1} MB resident, {floor:.1} MB before (goal: half of Hubot's 61 MB: {verdict})");
        println!("  peers, measured on another machine, none with a record: Hubot 166,000/s and 61 MB; opsdroid");
        println!("  21,000–24,000/s and 73 MB; Errbot 2,900/s and 67 MB");
        stop.send(true).unwrap();
        running.await.unwrap();
    });
}

/// The machine's clock, in milliseconds, as the platform's log has it.
fn epoch(scene: &Scene) -> f64 {
    let touched = std::fs::File::create(scene.path("now")).unwrap().metadata().unwrap().modified().unwrap();
    touched.duration_since(std::time::UNIX_EPOCH).unwrap().as_secs_f64() * 1000.0
}

/// How soon the first press is answered after a start with many open cards.
fn restarted() {
    let cards = std::env::var("CHOPMARK_BENCH_CARDS").ok().and_then(|text| text.parse().ok()).unwrap_or(CARDS);
    let Some(chat) = Platform::start(Which::Slack) else { return };
    let scene = set_up(&[&chat], &rules(&[&chat]));
    let served = Served::start(&scene, &[&chat]);
    let begun = Instant::now();
    let mut threads = Vec::new();
    for number in 0..cards {
        threads.push(chat.mentions(ADA, &format!("deploy image nginx:1.27 as c{number} in shop")));
        if number % 50 == 49 {
            open(&scene, number + 1);
        }
    }
    open(&scene, cards);
    println!("chat: {cards} open cards on Slack, made in {:.0} s", begun.elapsed().as_secs_f64());
    let card = chat.waits(&threads[cards / 2], &[&format!("c{}", cards / 2)]);
    served.dies();
    let heard = chat.look("log").as_array().map_or(0, Vec::len);
    let begun = epoch(&scene);
    let served = Served::start(&scene, &[&chat]);
    let connected = epoch(&scene) - begun;
    chat.press(ADA, &card, "details");
    let answered = wait_for("the answer", || {
        let log = chat.look("log");
        let told = |entry: &&Value| entry["method"] == "actions" || entry["method"] == "chat.postEphemeral";
        log.as_array()?.iter().skip(heard).find(told).and_then(|entry| entry["at"].as_f64())
    });
    println!(
        "  after a restart: connected within {connected:.0} ms, the first press answered {:.0} ms after the start",
        answered - begun
    );
    println!("  memory: {:.1} MB", resident(served.id()));
}

/// Waits until so many cards stand where they were asked for.
fn open(scene: &Scene, cards: usize) {
    let begun = Instant::now();
    while count(scene, "cards where message is not null") < cards {
        assert!(begun.elapsed() < Duration::from_secs(300), "{cards} cards are not there after 300 s");
        std::thread::sleep(Duration::from_millis(200));
    }
}
