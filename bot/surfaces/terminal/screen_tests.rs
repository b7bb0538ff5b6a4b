//! What the screen promises.
//! Run by cargo; the list it prints to stands for the terminal.
//! Must never print to the terminal of whoever runs the tests.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::*;
use chopmark_domain::problem::Problem;
use chopmark_domain::time::Timestamp;

struct Noon;

impl Clock for Noon {
    fn now(&self) -> Timestamp {
        Timestamp(1_800_000_000_000)
    }
}

pub(in super::super) fn screen(json: bool) -> (Arc<Screen>, Arc<Mutex<Vec<String>>>) {
    let printed = Arc::new(Mutex::new(Vec::new()));
    let list = Arc::clone(&printed);
    let style = Style { colour: false, motion: false, prompt: false, cursor: false, width: 100 };
    let options = ScreenOptions { style, json, pager: None, clock: Arc::new(Noon) };
    let out: Out = Arc::new(move |text| list.lock().unwrap().push(text.to_owned()));
    (Arc::new(Screen::printing(options, out)), printed)
}

/// A card as the door would send it.
pub(in super::super) fn card(revision: u32, state: &str) -> Event {
    let digest = Digest::of(revision.to_string().as_bytes()).to_string();
    let text = CARD.replace("REVISION", &revision.to_string()).replace("STATE", state).replace("DIGEST", &digest);
    serde_json::from_str(&text).unwrap()
}

const CARD: &str = r#"{
    "language": "en", "kind": "card", "change": "chg-7f3k", "revision": REVISION, "action": "create",
    "component": "dev/shop/cart", "group": "shop", "name": "cart", "environment": "dev", "template": "web-service",
    "mode": "gitops", "state": "STATE", "counts": {"create": 1, "update": 0, "replace": 0, "delete": 0},
    "resources": [
        {"address": "shop/cart/old.yaml", "kind": "file", "action": "delete", "fields": [], "because": null}
    ],
    "kept": 0, "outputs": [], "commit_files": [], "differences": [], "replaces": null, "findings": [], "risk": "severe",
    "risk_reasons": [], "assumptions": [], "way_back": {"way": "previous_version"}, "request": "deploy cart",
    "requester": "terminal:1000", "author": "terminal:1000", "authors": ["terminal:1000"], "rule": null,
    "decisions": [], "planned_at": 1, "expires_at": 2, "start": {"start": "at_once"}, "digest": "DIGEST", "caveats": [], "run": null,
    "verification": null, "problem": null, "commit": null, "controls": [],
    "files": [{"name": "deployment.yaml", "text": "kind: Deployment\n"}]
}"#;

fn taken(printed: &Mutex<Vec<String>>) -> Vec<String> {
    std::mem::take(&mut *printed.lock().unwrap())
}

fn id() -> ChangeId {
    ChangeId::parse("chg-7f3k").unwrap()
}

#[test]
fn a_card_is_drawn_once_and_then_told_in_one_line() {
    let (screen, printed) = screen(false);
    screen.begin(None, Language::En);
    screen.take(card(1, "awaiting_approval"));
    let first = taken(&printed);
    assert!(first[0].lines().count() > 3, "{first:?}");
    assert!(first[0].contains("shop/cart/old.yaml"), "what goes is named: {first:?}");
    screen.take(card(1, "awaiting_approval"));
    assert_eq!(taken(&printed), Vec::<String>::new());
    screen.take(card(1, "approved"));
    let moved = taken(&printed);
    assert_eq!((moved.len(), moved[0].lines().count()), (1, 1), "{moved:?}");
    screen.take(card(2, "awaiting_approval"));
    assert!(taken(&printed)[0].lines().count() > 3, "another revision is another card");
    screen.begin(Some(Command::Show { change: None }), Language::En);
    screen.take(card(2, "awaiting_approval"));
    assert!(taken(&printed)[0].lines().count() > 3, "whoever asks for it sees it again");
}

#[test]
fn details_show_every_file_whole() {
    let (screen, _) = screen(false);
    let Body::Card(card) = card(1, "awaiting_approval").body else { unreachable!("a card is a card") };
    let text = screen.style().draw(&card.details(Language::En));
    assert!(text.contains("kind: Deployment"), "{text}");
}

#[test]
fn a_decision_is_about_the_card_that_was_drawn() {
    let (screen, _) = screen(false);
    assert!(screen.seen().is_empty());
    screen.take(card(1, "awaiting_approval"));
    screen.take(card(2, "awaiting_approval"));
    let seen = screen.seen()[&id()];
    assert_eq!((seen.revision, seen.digest), (Revision(2), Digest::of(b"2")));
}

#[test]
fn news_that_the_screen_has_told_are_not_told_twice() {
    let (screen, printed) = screen(false);
    screen.take(card(1, "awaiting_approval"));
    taken(&printed);
    screen.news(card(1, "awaiting_approval"));
    assert_eq!(taken(&printed), Vec::<String>::new());
    screen.news(card(1, "rejected"));
    assert_eq!(taken(&printed).len(), 1);
    screen.news(card(1, "awaiting_approval"));
    assert_eq!(taken(&printed), Vec::<String>::new(), "what is over is no news");
    screen.news(card(2, "awaiting_approval"));
    assert_eq!(taken(&printed).len(), 1, "another revision is");
}

#[test]
fn every_event_is_one_object_of_json_and_nothing_else_is_printed() {
    let (screen, printed) = screen(true);
    screen.aside("a banner");
    screen.take(card(1, "awaiting_approval"));
    screen.take(Event::problem(Language::Zh, &Problem::new(Code::InvalidText).with("position", "\u{1b}[2J"), None));
    let lines = taken(&printed);
    assert_eq!(lines.len(), 2);
    for line in lines {
        assert!(line.lines().count() == 1 && !line.contains('\u{1b}'), "{line}");
        assert!(serde_json::from_str::<serde_json::Value>(&line).unwrap()["kind"].is_string());
    }
}

#[test]
fn the_end_is_what_it_came_to_and_what_went_wrong_stays() {
    let (screen, _) = screen(false);
    screen.begin(None, Language::En);
    assert_eq!(screen.ending(), Ending::Done);
    screen.take(card(1, "awaiting_approval"));
    assert_eq!(screen.ending(), Ending::Waiting);
    screen.take(card(1, "succeeded"));
    assert_eq!(screen.ending(), Ending::Done);
    screen.take(Event::problem(Language::En, &Problem::new(Code::MayNotDecide), Some(&id())));
    screen.take(card(1, "succeeded"));
    assert_eq!(screen.ending(), Ending::Denied);
    screen.take(card(1, "degraded"));
    assert_eq!(screen.ending(), Ending::Error);
    screen.begin(None, Language::En);
    assert_eq!(screen.ending(), Ending::Done);
}

#[test]
fn a_severe_change_asks_for_its_name_where_somebody_can_be_asked() {
    let refusal = || {
        let problem = Problem::new(Code::ConfirmationNeeded).with("name", "cart");
        Event::problem(Language::En, &problem, Some(&id()))
    };
    let (screen, printed) = screen(false);
    screen.take(refusal());
    assert_eq!((taken(&printed).len(), screen.take_unconfirmed()), (1, None));
    screen.asks_names();
    screen.take(refusal());
    assert_eq!((taken(&printed).len(), screen.take_unconfirmed()), (0, Some((id(), "cart".to_owned()))));
}

#[test]
fn what_moves_while_a_line_is_typed_is_printed_above_it() {
    let (screen, printed) = screen(false);
    let (above, lines) = std::sync::mpsc::sync_channel(1);
    screen.typing(Some(above));
    screen.news(card(1, "awaiting_approval"));
    assert_eq!(taken(&printed), Vec::<String>::new());
    assert!(lines.try_recv().unwrap().contains("cart"));
}
