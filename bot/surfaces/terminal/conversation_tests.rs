//! What the conversation promises of a pipe.
//! Run by cargo with a door that writes down what it hears.
//! Must never read the input of whoever runs the tests.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::super::screen::tests::{card, screen};
use super::*;
use async_trait::async_trait;
use chopmark_domain::ids::Identity;
use chopmark_domain::ports::Clock;
use chopmark_domain::time::Timestamp;
use chopmark_protocol::door::Outlet;
use std::path::PathBuf;
use std::sync::Mutex;
use tokio::sync::Semaphore;

struct Noon;

impl Clock for Noon {
    fn now(&self) -> Timestamp {
        Timestamp(1_800_000_000_000)
    }
}

/// Hears, waits until it is let go, answers with a card.
struct Ear {
    heard: Mutex<Vec<Request>>,
    go: Semaphore,
}

#[async_trait]
impl Door for Ear {
    async fn hear(&self, request: Request, out: &dyn Outlet) -> Result<(), Problem> {
        let text = request.text.clone();
        self.heard.lock().unwrap().push(request);
        self.go.acquire().await.unwrap().forget();
        match text.as_str() {
            "fail" => Err(Problem::new(Code::DatabaseUnusable)),
            "panic" => unreachable!("as asked"),
            _ => {
                out.event(card(1, "awaiting_approval")).await;
                Ok(())
            }
        }
    }
}

struct Scene {
    ear: Arc<Ear>,
    printed: Arc<Mutex<Vec<String>>>,
    say: mpsc::Sender<Line>,
    task: JoinHandle<Result<Ending, Problem>>,
}

fn scene(going: usize, news: Option<mpsc::Receiver<Event>>) -> Scene {
    let ear = Arc::new(Ear { heard: Mutex::default(), go: Semaphore::new(going) });
    let (screen, printed) = screen(false);
    let (say, lines) = mpsc::channel(16);
    let options = TerminalOptions {
        identity: Identity::parse("terminal:1000").unwrap(),
        place: Place { surface: "terminal".into(), channel: "1000".into(), thread: "main".into() },
        pinned: None,
        usual: Language::En,
        data: PathBuf::from("/nowhere"),
        history: 0,
        names: Arc::new(Vec::new),
        banner: "a banner".into(),
        news,
        stopped: Arc::default(),
        clock: Arc::new(Noon),
    };
    let input = Input::Plain { lines, prompt: false };
    let task = tokio::spawn(Conversation::fed(ear.clone(), screen, options, input).run());
    Scene { ear, printed, say, task }
}

fn text(text: &str) -> Line {
    Ok(text.to_owned())
}

#[tokio::test]
async fn lines_are_served_in_order_and_bad_ones_do_not_end_the_conversation() {
    let scene = scene(16, None);
    let bad = Err(Problem::new(Code::InvalidText).with("position", 3));
    for line in [text("one"), text("  "), bad, text("fail"), text("panic"), text("two")] {
        scene.say.send(line).await.unwrap();
    }
    drop(scene.say);
    assert_eq!(scene.task.await.unwrap(), Ok(Ending::Done));
    let heard = scene.ear.heard.lock().unwrap();
    let texts: Vec<_> = heard.iter().map(|request| request.text.as_str()).collect();
    assert_eq!(texts, ["one", "fail", "panic", "two"]);
    let deliveries: std::collections::BTreeSet<_> = heard.iter().map(|request| request.delivery.clone()).collect();
    assert_eq!(deliveries.len(), texts.len(), "no delivery is taken for another");
    let printed = scene.printed.lock().unwrap().join("\n");
    for code in [Code::InvalidText, Code::DatabaseUnusable, Code::Internal] {
        assert!(printed.contains(&code.to_string()), "{printed}");
    }
    assert!(!printed.contains("a banner"), "a pipe gets no banner: {printed}");
}

#[tokio::test]
async fn a_line_waits_until_the_one_before_has_come_to_rest() {
    let scene = scene(0, None);
    scene.say.send(text("one")).await.unwrap();
    scene.say.send(text("two")).await.unwrap();
    while scene.ear.heard.lock().unwrap().is_empty() {
        tokio::task::yield_now().await;
    }
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    assert_eq!(scene.ear.heard.lock().unwrap().len(), 1);
    scene.ear.go.add_permits(2);
    drop(scene.say);
    assert_eq!(scene.task.await.unwrap(), Ok(Ending::Done));
    assert_eq!(scene.ear.heard.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn leaving_is_not_a_request_and_decisions_carry_what_was_seen() {
    let scene = scene(16, None);
    for line in ["deploy cart", "approve", "退出", "never heard"] {
        scene.say.send(text(line)).await.unwrap();
    }
    assert_eq!(scene.task.await.unwrap(), Ok(Ending::Done));
    let heard = scene.ear.heard.lock().unwrap();
    assert_eq!(heard.len(), 2);
    assert!(heard[0].seen.is_empty());
    assert_eq!(heard[1].seen.values().map(|seen| seen.revision.0).collect::<Vec<_>>(), [1]);
}

#[tokio::test]
async fn news_come_between_lines() {
    let (tell, told) = mpsc::channel(4);
    let scene = scene(16, Some(told));
    tell.send(card(3, "awaiting_approval")).await.unwrap();
    while scene.printed.lock().unwrap().is_empty() {
        tokio::task::yield_now().await;
    }
    scene.say.send(text("approve")).await.unwrap();
    drop((scene.say, tell));
    assert_eq!(scene.task.await.unwrap(), Ok(Ending::Done));
    assert_eq!(scene.ear.heard.lock().unwrap()[0].seen.values().map(|seen| seen.revision.0).collect::<Vec<_>>(), [3]);
}
