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
use chopmark_domain::time::Timestamp;
use chopmark_functions::Toolbox;
use chopmark_protocol::request::{Heard, Request};
use chopmark_store::SqliteStore;
use futures::StreamExt;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, Runtime};

#[expect(dead_code, reason = "the tools' world can do more than a loop needs")]
#[path = "../../tools/functions/tests/promises/kit.rs"]
mod world;

/// Requests of one measurement.
const REQUESTS: usize = 640;
/// Measurements of each, of which the middle one counts.
const ROUNDS: usize = 9;
/// Requests at once.
const AT_ONCE: [usize; 2] = [1, 32];

/// What a measurement found, for one request.
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
    for at_once in AT_ONCE {
        let [bare, ours, rows, durable] = measure(&runtime, &peer, &loops, at_once);
        let (rate, cpu) = (ratio(bare.wall, ours.wall), ratio(ours.cpu, bare.cpu));
        let whole = ratio(durable.wall, ours.wall + rows.wall);
        println!("  {at_once} at once: {} a request, bare {}", microseconds(ours.wall), microseconds(bare.wall));
        println!("    rate {rate:.2} of the bare loop's (bound: at least 0.70)");
        println!("    CPU {} against {}: {cpu:.2} (bound: 1.4)", microseconds(ours.cpu), microseconds(bare.cpu));
        println!(
            "    with its rows {}, loop and rows apart {}: {whole:.2} (bound: 1.3)",
            microseconds(durable.wall),
            microseconds(ours.wall + rows.wall)
        );
        println!("    memory: {:.1} MB resident, {floor:.1} MB before the first request", resident());
        broken.extend((rate < 0.70).then(|| format!("the tool loop, {at_once} at once: rate {rate:.2}")));
        broken.extend((cpu > 1.4).then(|| format!("the tool loop, {at_once} at once: CPU {cpu:.2}")));
        broken.extend((whole > 1.3).then(|| format!("the tool loop with its rows, {at_once} at once: {whole:.2}")));
    }
    broken
}

fn ratio(one: Duration, other: Duration) -> f64 {
    one.as_secs_f64() / other.as_secs_f64()
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

/// CPU time of a task of this process (or, without one, of all of it) in ticks of 10 ms.
fn ticks(task: Option<u32>) -> u64 {
    let place = task.map_or_else(|| "/proc/self/stat".to_owned(), |task| format!("/proc/self/task/{task}/stat"));
    let text = std::fs::read_to_string(place).unwrap();
    let fields: Vec<&str> = text.rsplit(')').next().unwrap().split_whitespace().collect();
    fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
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

/// Runs so many requests, so many at once: the cost of one.
fn round(runtime: &Runtime, peer: &Peer, loops: &Arc<Loops>, at_once: usize, work: Work) -> Cost {
    let begun = ticks(None) - ticks(Some(peer.task));
    let wall = super::timed(|| {
        let tasks: Vec<_> = (0..at_once)
            .map(|_| {
                let loops = loops.clone();
                runtime.spawn(async move {
                    for _ in 0..REQUESTS / at_once {
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
    let used = ticks(None) - ticks(Some(peer.task)) - begun;
    let requests = u32::try_from(REQUESTS / at_once * at_once).unwrap();
    Cost { wall: wall / requests, cpu: Duration::from_millis(10 * used) / requests }
}

/// The cost of each, in turns, so that a loaded moment falls on all of them: the middle of several rounds.
fn measure(runtime: &Runtime, peer: &Peer, loops: &Arc<Loops>, at_once: usize) -> [Cost; 4] {
    let mut costs = Work::ALL.map(|_| Vec::new());
    for turn in 0..=ROUNDS {
        for (costs, work) in costs.iter_mut().zip(Work::ALL) {
            let cost = round(runtime, peer, loops, at_once, work);
            // The first turn opens connections and fills caches.
            if turn > 0 {
                costs.push(cost);
            }
        }
    }
    costs.map(|costs| Cost {
        wall: median(costs.iter().map(|cost| cost.wall).collect()),
        cpu: median(costs.iter().map(|cost| cost.cpu).collect()),
    })
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
        // The world makes its environments anew at every look; the program keeps them.
        let kept = Kept(toolbox.settings.environments().unwrap());
        let toolbox = Toolbox { settings: Arc::new(kept), ..toolbox };
        let clock = toolbox.clock.clone();
        let folder = tempfile::tempdir().unwrap();
        let store = runtime.block_on(SqliteStore::open(&folder.path().join("bench.db"), clock)).unwrap();
        let request = Request {
            delivery: "1".to_owned(),
            identity: "terminal:1000".parse().unwrap(),
            groups: None,
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
struct Kept(Arc<Environments>);

impl Settings for Kept {
    fn environments(&self) -> Answer<Arc<Environments>> {
        Ok(self.0.clone())
    }
    fn policy(&self) -> Answer<Arc<Policy>> {
        Ok(Arc::default())
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
