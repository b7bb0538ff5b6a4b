//! The tool loop against a bare async-openai loop that makes the same two calls, at one and at many at once.
//! The model is a server in this process that answers at once; its own CPU is counted for neither side.
//! Must never send less than the program sends: the bare loop sends the very bodies that were recorded.

use super::median;
use async_openai::Client;
use async_openai::config::OpenAIConfig;
use async_openai::types::chat::CreateChatCompletionStreamResponse;
use chopmark_assistant::models::{ModelAddress, OpenAi};
use chopmark_assistant::{Assistant, Chain, Memory, ModelUse, Offline, Said};
use chopmark_domain::change::Language;
use chopmark_domain::environment::Environments;
use chopmark_domain::ids::PersonId;
use chopmark_domain::ledger::{EntryDraft, EntryKind};
use chopmark_domain::person::Actor;
use chopmark_domain::policy::Policy;
use chopmark_domain::ports::{Answer, Journal as _, Settings};
use chopmark_domain::rights::Rights;
use chopmark_domain::time::Timestamp;
use chopmark_functions::Toolbox;
use chopmark_protocol::request::{Heard, Request};
use chopmark_store::SqliteStore;
use futures::StreamExt;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, Runtime};

#[expect(dead_code, reason = "the tools' world can do more than a loop needs")]
#[path = "../../tools/functions/tests/promises/kit.rs"]
mod world;

/// Requests of each work in a round: few, so that a loaded moment falls on all of them alike.
const REQUESTS: usize = 192;
/// Rounds, of whose ratios the middle one counts.
const ROUNDS: usize = 60;
/// Rounds before them: they open connections and fill caches.
const WARM: usize = 4;
/// Requests at once.
const AT_ONCE: [usize; 2] = [1, 32];

/// What a work cost in a round, for one request.
#[derive(Debug, Clone, Copy)]
struct Cost {
    wall: Duration,
    cpu: Duration,
}

/// Measures and prints; the bounds that are broken.
pub(crate) fn bench() -> Vec<String> {
    // Another part of the program may have been first.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let floor = resident();
    let peer = Peer::start();
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let _guard = runtime.enter();
    let loops = Arc::new(Loops::prepare(&runtime, &peer));
    let mut broken = Vec::new();
    println!("the tool loop (two calls to a model that answers at once, one tool), {} bytes sent", loops.bytes());
    println!("  medians of {ROUNDS} rounds in turns, with the ratios between which half of the rounds are");
    for at_once in AT_ONCE {
        let rounds = measure(&runtime, &peer, &loops, at_once);
        let middle = |of: &dyn Fn(&[Cost; 4]) -> Duration| median(rounds.iter().map(of).collect());
        let rate = Ratio::of(&rounds, |[bare, ours, ..]| (bare.wall, ours.wall));
        let cpu = Ratio::of(&rounds, |[bare, ours, ..]| (ours.cpu, bare.cpu));
        let whole = Ratio::of(&rounds, |[_, ours, rows, durable]| (durable.wall, ours.wall + rows.wall));
        let time = |of: &dyn Fn(&[Cost; 4]) -> Duration| microseconds(middle(of));
        println!(
            "  {at_once} at once: {} a request, bare {}",
            time(&|[_, ours, ..]| ours.wall),
            time(&|[bare, ..]| bare.wall)
        );
        println!("    rate {rate} of the bare loop's (bound: at least 0.70)");
        println!(
            "    CPU {} against {}: {cpu} (bound: 1.4)",
            time(&|[_, ours, ..]| ours.cpu),
            time(&|[bare, ..]| bare.cpu)
        );
        println!(
            "    with its rows {}, loop and rows apart {}: {whole} (bound: 1.3)",
            time(&|[.., durable]| durable.wall),
            time(&|[_, ours, rows, _]| ours.wall + rows.wall)
        );
        println!("    memory: {:.1} MB resident, {floor:.1} MB before the first request", resident());
        broken.extend((rate.middle < 0.70).then(|| format!("the tool loop, {at_once} at once: rate {rate}")));
        broken.extend((cpu.middle > 1.4).then(|| format!("the tool loop, {at_once} at once: CPU {cpu}")));
        broken.extend((whole.middle > 1.3).then(|| format!("the tool loop with its rows, {at_once} at once: {whole}")));
    }
    broken
}

/// The ratio of two works, taken round by round: what slowed a round slowed both of them.
struct Ratio {
    lower: f64,
    middle: f64,
    upper: f64,
}

impl Ratio {
    fn of(rounds: &[[Cost; 4]], pair: impl Fn(&[Cost; 4]) -> (Duration, Duration)) -> Self {
        let mut ratios: Vec<f64> = rounds
            .iter()
            .map(|round| {
                let (one, other) = pair(round);
                one.as_secs_f64() / other.as_secs_f64()
            })
            .collect();
        ratios.sort_by(f64::total_cmp);
        let at = |quarter: usize| ratios[ratios.len() * quarter / 4];
        Self { lower: at(1), middle: at(2), upper: at(3) }
    }
}

impl std::fmt::Display for Ratio {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:.2} ({:.2}–{:.2})", self.middle, self.lower, self.upper)
    }
}

fn microseconds(time: Duration) -> String {
    format!("{:.0} µs", time.as_secs_f64() * 1e6)
}

/// Resident memory of this process in megabytes.
fn resident() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<f64>().unwrap() / 1024.0
}

/// CPU time of all threads of this process but one, as the scheduler counts it: a round is too short for ticks.
fn cpu_without(task: u32) -> Duration {
    let tasks = std::fs::read_dir("/proc/self/task").unwrap().flatten();
    let others = tasks.filter(|entry| entry.file_name().to_str() != Some(&task.to_string()));
    // A thread may end while its file is looked for.
    let texts = others.filter_map(|entry| std::fs::read_to_string(entry.path().join("schedstat")).ok());
    let used = texts.map(|text| text.split_whitespace().next().unwrap().parse::<u64>().unwrap());
    Duration::from_nanos(used.sum())
}

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Work {
    Bare,
    Ours,
    Rows,
    Durable,
}

impl Work {
    const ALL: [Self; 4] = [Self::Bare, Self::Ours, Self::Rows, Self::Durable];

    async fn once(self, loops: &Loops) {
        match self {
            Self::Bare => loops.bare().await,
            Self::Ours => drop(loops.ours().await),
            Self::Rows => loops.rows(&loops.recorded).await,
            Self::Durable => loops.rows(&loops.ours().await).await,
        }
    }
}

/// Does a work so often, so many at once until the last has begun: the cost of one.
fn cost(runtime: &Runtime, peer: &Peer, loops: &Arc<Loops>, at_once: usize, work: Work) -> Cost {
    let taken = Arc::new(AtomicUsize::new(0));
    let begun = cpu_without(peer.task);
    let wall = super::timed(|| {
        let tasks: Vec<_> = (0..at_once)
            .map(|_| {
                let (loops, taken) = (loops.clone(), taken.clone());
                runtime.spawn(async move {
                    while taken.fetch_add(1, Ordering::Relaxed) < REQUESTS {
                        work.once(&loops).await;
                    }
                })
            })
            .collect();
        runtime.block_on(async {
            for task in tasks {
                task.await.unwrap()
            }
        });
    });
    let requests = u32::try_from(REQUESTS).unwrap();
    Cost { wall: wall / requests, cpu: (cpu_without(peer.task) - begun) / requests }
}

/// The cost of each work in every round. Every other round goes the other way round: whatever one work leaves behind
/// for the next falls on both of its neighbours.
fn measure(runtime: &Runtime, peer: &Peer, loops: &Arc<Loops>, at_once: usize) -> Vec<[Cost; 4]> {
    let rounds = (0..WARM + ROUNDS).map(|round| {
        let one = |work: Work| cost(runtime, peer, loops, at_once, work);
        if round % 2 == 0 {
            return Work::ALL.map(one);
        }
        let [durable, rows, ours, bare] = [Work::Durable, Work::Rows, Work::Ours, Work::Bare].map(one);
        [bare, ours, rows, durable]
    });
    rounds.skip(WARM).collect()
}

/// Both loops, ready.
struct Loops {
    assistant: Assistant,
    heard: Heard,
    bare: Client<OpenAIConfig>,
    bodies: Vec<Value>,
    recorded: Vec<ModelUse>,
    store: SqliteStore,
    _folder: tempfile::TempDir,
}

impl Loops {
    fn prepare(runtime: &Runtime, peer: &Peer) -> Self {
        let base = format!("http://127.0.0.1:{}/v1", peer.port);
        let model = OpenAi::new(ModelAddress::new("peer", &base, "m")).unwrap();
        let models = Chain::new(vec![Arc::new(model)], Arc::new(Offline::new(world::catalog())));
        let toolbox = world::World::shop().toolbox();
        // The world makes these anew at every look; the program keeps them.
        let policy = Policy { rights: Rights::of_any_role("bench"), ..Policy::default() };
        let kept = Kept(toolbox.settings.environments().unwrap(), Arc::new(policy));
        let toolbox = Toolbox { settings: Arc::new(kept), ..toolbox };
        let clock = toolbox.clock.clone();
        let folder = tempfile::tempdir().unwrap();
        let store = runtime.block_on(SqliteStore::open(&folder.path().join("bench.db"), clock)).unwrap();
        let request = Request {
            delivery: "1".to_owned(),
            identity: "terminal:1000".parse().unwrap(),
            groups: None,
            locale: None,
            place: world::place(),
            language: None,
            text: "which components are in dev?".to_owned(),
            at: Timestamp(0),
            seen: BTreeMap::new(),
        };
        let config = OpenAIConfig::new().with_api_base(base).with_api_key("k");
        let mut loops = Self {
            assistant: Assistant { models, toolbox },
            heard: request.heard(Language::En, world::alice().person).unwrap(),
            bare: Client::with_config(config),
            bodies: Vec::new(),
            recorded: Vec::new(),
            store,
            _folder: folder,
        };
        loops.recorded = runtime.block_on(loops.ours());
        assert_eq!(loops.recorded.len(), 2, "two calls");
        loops.bodies = loops.recorded.iter().map(|asked| serde_json::from_str(asked.body.get()).unwrap()).collect();
        loops
    }

    fn bytes(&self) -> usize {
        self.recorded.iter().map(|asked| asked.body.get().len()).sum()
    }

    /// The assistant's loop.
    async fn ours(&self) -> Vec<ModelUse> {
        let spoken = self.assistant.handle(&self.heard, Memory::default()).await.unwrap();
        assert!(matches!(spoken.said.as_slice(), [Said::Answer { .. }]), "{:?}", spoken.said);
        spoken.asked
    }

    /// The same two bodies through async-openai, read to their ends.
    async fn bare(&self) {
        for body in &self.bodies {
            let chat = self.bare.chat();
            let mut stream = chat.create_stream_byot::<_, CreateChatCompletionStreamResponse>(body).await.unwrap();
            let mut pieces = 0;
            while let Some(piece) = stream.next().await {
                pieces += piece.unwrap().choices.len();
            }
            assert!(pieces > 0);
        }
    }

    /// The rows that a request leaves in the ledger.
    async fn rows(&self, asked: &[ModelUse]) {
        let entry = |asked: &ModelUse| EntryDraft {
            kind: EntryKind::ModelAsked,
            actor: Actor::Person(PersonId::clone(&self.heard.person)),
            change: None,
            digest: Some(asked.digest()),
            payload: json!({"model": asked.model, "tokens_in": asked.tokens_in, "tokens_out": asked.tokens_out}),
        };
        self.store.record(asked.iter().map(entry).collect()).await.unwrap();
    }
}

/// Settings that are read once.
struct Kept(Arc<Environments>, Arc<Policy>);

impl Settings for Kept {
    fn environments(&self) -> Answer<Arc<Environments>> {
        Ok(self.0.clone())
    }
    fn policy(&self) -> Answer<Arc<Policy>> {
        Ok(self.1.clone())
    }
}

/// The model: a thread of its own that answers at once.
struct Peer {
    port: u16,
    task: u32,
}

impl Peer {
    fn start() -> Self {
        let (tell, told) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let runtime = Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async move {
                let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
                let link = std::fs::read_link("/proc/thread-self").unwrap();
                let task = link.file_name().unwrap().to_str().unwrap().parse::<u32>().unwrap();
                tell.send((listener.local_addr().unwrap().port(), task)).unwrap();
                while let Ok((stream, _)) = listener.accept().await {
                    stream.set_nodelay(true).unwrap();
                    tokio::spawn(serve(stream));
                }
            });
        });
        let (port, task) = told.recv().unwrap();
        Self { port, task }
    }
}

async fn serve(mut stream: TcpStream) -> Option<()> {
    let piece = |delta: Value, end: Value| {
        let choice = json!({"index": 0, "delta": delta, "finish_reason": end});
        let whole =
            json!({"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]});
        format!("data: {whole}\n\n")
    };
    let answer = |pieces: String| {
        let body = format!("{pieces}data: [DONE]\n\n");
        let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n";
        format!("{head}content-length: {}\r\n\r\n{body}", body.len())
    };
    let call = json!({"index": 0, "id": "a", "type": "function",
        "function": {"name": "list_components", "arguments": "{\"environment\":\"dev\"}"}});
    let calls = answer(piece(json!({"tool_calls": [call]}), json!(null)) + &piece(json!({}), json!("tool_calls")));
    let words = answer(piece(json!({"content": "cart, till."}), json!(null)) + &piece(json!({}), json!("stop")));
    let mut buffer = Vec::with_capacity(128 * 1024);
    loop {
        let mut head = None;
        while head.is_none_or(|(end, length)| buffer.len() < end + length) {
            if stream.read_buf(&mut buffer).await.ok()? == 0 {
                return None;
            }
            if head.is_none() {
                head = buffer.windows(4).position(|four| four == b"\r\n\r\n").and_then(|end| {
                    let text = String::from_utf8_lossy(&buffer[..end]).to_lowercase();
                    let length = text.lines().find_map(|line| line.strip_prefix("content-length: "))?;
                    Some((end + 4, length.parse::<usize>().ok()?))
                });
            }
        }
        // The second call ends with the result of a tool.
        let tail = &buffer[buffer.len().saturating_sub(4_096)..];
        let second = tail.windows(13).any(|window| window == b"\"role\":\"tool\"");
        stream.write_all(if second { words.as_bytes() } else { calls.as_bytes() }).await.ok()?;
        buffer.clear();
    }
}
