//! Attacks on the ways in (P17 to P20): requests that are unsigned, signed wrongly, too old, or come again.
//! The program itself answers over HTTP; what plays the platforms signs as they do.
//! Must never find a trace of what was not signed: no row, no change, no word.

use crate::kit::chat::{ADA, BO, BOTH, Called, Calls, Which, count};
use crate::kit::http;
use crate::kit::wait_for;
use serde_json::{Value, json};

const DEPLOY: &str = "deploy image nginx:1.27 as cart in shop";

/// Nothing that came was kept.
#[track_caller]
fn nothing_came(called: &Called) {
    assert_eq!((count(&called.scene, "inbox"), count(&called.scene, "changes")), (0, 0), "{:?}", called.chat.which);
}

#[test]
fn p17_a_request_that_is_not_signed_or_signed_for_other_bytes_changes_nothing() {
    for which in BOTH {
        let Some(called) = Called::start(which) else { return };
        for forged in [json!({"bad_signature": true}), json!({"unsigned": true})] {
            let answer = called.asks(ADA, DEPLOY, &forged);
            assert_eq!(answer["status"], 401, "{which:?} {forged}: {answer}");
        }
        let now = called.now();
        let zeros = "0".repeat(64);
        let headers = match which {
            Which::Discord => [format!("X-Signature-Ed25519: {zeros}{zeros}"), format!("X-Signature-Timestamp: {now}")],
            Which::Slack => [format!("X-Slack-Signature: v0={zeros}"), format!("X-Slack-Request-Timestamp: {now}")],
        };
        let twice = [headers[0].as_str(), headers[0].as_str(), headers[1].as_str()];
        for path in [Calls::Said, Calls::Pressed, Calls::Commanded].map(|calls| called.path(calls)) {
            for headers in [&[headers[0].as_str(), headers[1].as_str()][..], &twice[..], &[]] {
                for body in ["{\"type\":1}", "{", "payload=%7B%7D", "", &"a".repeat(600_000)] {
                    let (status, _) = http::request(&called.place, "POST", path, headers, body);
                    assert!(status == 401 || status == 413, "{which:?} {path} {status}");
                }
            }
        }
        nothing_came(&called);
    }
}

#[test]
fn p18_a_signed_request_that_is_too_old_or_from_the_future_changes_nothing() {
    for which in BOTH {
        let Some(called) = Called::start(which) else { return };
        for seconds in [302, -330, 100_000] {
            let answer = called.asks(ADA, DEPLOY, &json!({"skew_s": seconds}));
            assert_eq!(answer["status"], 401, "{which:?} {seconds}: {answer}");
        }
        nothing_came(&called);
        let answer = called.asks(ADA, DEPLOY, &json!({"skew_s": 240}));
        assert_eq!(answer["status"], 200, "{which:?}: {answer}");
        wait_for("the change", || (count(&called.scene, "changes") == 1).then_some(()));
    }
}

#[test]
fn p19_a_signed_request_that_comes_again_is_answered_and_done_once() {
    // Slack's words, and Discord's command as the very same bytes.
    let Some(called) = Called::start(Which::Slack) else { return };
    let same = json!({"ts": "1795291096.000999", "event_id": "Ev0REPLAY"});
    assert_eq!(called.asks(ADA, DEPLOY, &same)["status"], 200);
    wait_for("the change", || (count(&called.scene, "changes") == 1).then_some(()));
    let mut again = same.clone();
    again["skew_s"] = json!(60);
    again["retry"] = json!(1);
    assert_eq!(called.asks(ADA, DEPLOY, &again)["status"], 200);
    settled(&called);
    assert_eq!((count(&called.scene, "inbox"), count(&called.scene, "changes")), (1, 1));

    let Some(called) = Called::start(Which::Discord) else { return };
    let signed = called.asks(ADA, DEPLOY, &json!({"sign_only": true}));
    for _ in 0..3 {
        let (status, answer) = sent(&called, &signed, |_| {});
        assert_eq!(status, 200, "{answer}");
        let told = json!({"id": signed["id"], "token": signed["token"], "status": status, "answer": answer});
        called.chat.control("answered", &told);
    }
    wait_for("the change", || (count(&called.scene, "changes") == 1).then_some(()));
    settled(&called);
    assert_eq!((count(&called.scene, "inbox"), count(&called.scene, "changes")), (1, 1));
}

#[test]
fn p20_a_header_that_was_changed_after_signing_is_refused_and_the_platforms_own_question_answered() {
    let Some(called) = Called::start(Which::Discord) else { return };
    let mut options = called.url(Calls::Pressed);
    options["sign_only"] = json!(true);
    let ping = called.chat.control("ping", &options);
    let (status, _) = sent(&called, &ping, |headers| {
        let moment: i64 = headers["x-signature-timestamp"].as_str().unwrap().parse().unwrap();
        headers["x-signature-timestamp"] = json!((moment + 1).to_string());
    });
    assert_eq!(status, 401);
    let (status, _) = sent(&called, &ping, |headers| {
        let signature = headers["x-signature-ed25519"].as_str().unwrap();
        let last = if signature.ends_with('0') { '1' } else { '0' };
        headers["x-signature-ed25519"] = json!(format!("{}{last}", &signature[..127]));
    });
    assert_eq!(status, 401);
    let (status, answer) = sent(&called, &ping, |_| {});
    assert_eq!((status, answer.as_str()), (200, "{\"type\":1}"));
    nothing_came(&called);
    let Some(called) = Called::start(Which::Slack) else { return };
    let mut options = called.url(Calls::Said);
    options["bad_signature"] = json!(true);
    assert_eq!(called.chat.control("challenge", &options)["status"], 401);
    let answer = called.chat.control("challenge", &called.url(Calls::Said));
    assert_eq!((&answer["status"], &answer["answer"]), (&json!(200), &json!("c-123")));
    nothing_came(&called);
}

#[test]
fn p19_p20_what_is_signed_does_what_the_socket_does_and_no_more() {
    for which in BOTH {
        let Some(called) = Called::start(which) else { return };
        let chat = &called.chat;
        assert_eq!(called.asks(ADA, DEPLOY, &json!({}))["status"], 200);
        let change = wait_for("the change", || called.scene.sql("select id from changes").ok()?.first().cloned());
        let card = wait_for("its card", || {
            let cards = chat.cards_of(&change[0]);
            cards.into_iter().find(|card| card.buttons.iter().any(|one| one.word == "Approve" && one.enabled))
        });
        // Signed, but nothing that a platform says.
        for body in ["{", "[]", "null", "{\"type\": 4711}", "payload=x", "\u{0}", &"[".repeat(100_000)] {
            for calls in [Calls::Said, Calls::Pressed, Calls::Commanded] {
                let mut options = called.url(calls);
                options["body"] = json!(body);
                let answer = chat.control(if which == Which::Discord { "ping" } else { "challenge" }, &options);
                assert!(answer["status"].as_u64().is_some_and(|status| status < 500), "{which:?} {body:.20}: {answer}");
            }
        }
        assert_eq!(count(&called.scene, "inbox"), 1, "{which:?}");
        let mut forged = called.url(Calls::Pressed);
        forged["bad_signature"] = json!(true);
        chat.press_with(BO, &card, "approve", &forged);
        assert_eq!(count(&called.scene, "inbox"), 1, "{which:?}");
        chat.press_with(BO, &card, "approve", &called.url(Calls::Pressed));
        wait_for("the end", || (called.scene.state(&change[0]) == "succeeded").then_some(()));
        wait_for("the card", || {
            chat.cards_of(&change[0]).iter().find(|card| card.text.contains("done and checked")).map(drop)
        });
        assert_eq!((count(&called.scene, "decisions"), count(&called.scene, "runs")), (1, 1));
        chat.has_no_complaints();
        assert!(called.served.ends().success());
        called.scene.ledger_verifies();
    }
}

impl Called {
    /// Seconds as headers write them.
    fn now(&self) -> i64 {
        let touched = std::fs::File::create(self.scene.path("now")).unwrap().metadata().unwrap().modified().unwrap();
        i64::try_from(touched.duration_since(std::time::UNIX_EPOCH).unwrap().as_secs()).unwrap()
    }
}

/// Everything that came was served, and what it led to was told.
fn settled(called: &Called) {
    wait_for("rest", || {
        let waiting = count(&called.scene, "inbox where finished_at is null");
        (waiting == 0 && count(&called.scene, "outbox where settled_at is null") == 0).then_some(())
    });
}

/// Sends what the platform signed, after somebody on the way had it.
fn sent(called: &Called, signed: &Value, on_the_way: impl Fn(&mut Value)) -> (u16, String) {
    let mut headers = signed["headers"].clone();
    on_the_way(&mut headers);
    let lines: Vec<_> = headers
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| format!("{name}: {}", value.as_str().unwrap_or_default()))
        .collect();
    let lines: Vec<_> = lines.iter().map(String::as_str).collect();
    let path = called.path(Calls::Pressed);
    http::request(&called.place, "POST", path, &lines, signed["body"].as_str().unwrap())
}
