//! What servers of the OpenAI kind do in their own ways: fields left out, filled in always, or of before.
//! Run by cargo test against servers of its own.
//! Must never lose an answer for a field that is not needed, nor take half of one for whole.

use super::peer::{Act, Peer, Script, end, raw, refuses, says, stream, words};
use super::wire::{asked, asked_at, code, person, turn};
use chopmark_assistant::model::{Call, Message};
use chopmark_assistant::models::{OpenAi, Price};
use chopmark_assistant::{Counted, Model as _};
use chopmark_domain::problem::Code;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

fn piece(call: Value) -> Value {
    json!({"choices": [{"index": 0, "delta": {"tool_calls": [call]}, "finish_reason": null}]})
}

fn ending(reason: &Value, text: &str) -> Value {
    json!({"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": reason}]})
}

fn whole(body: &Value) -> Script {
    let body = body.to_string();
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n";
    vec![Act::Bytes(format!("{head}content-length: {}\r\n\r\n{body}", body.len()).into_bytes())]
}

#[tokio::test]
async fn an_answer_is_whole_when_its_end_is_said_in_any_way() {
    let ping = ": working\n\ndata:\n\nevent: ping\ndata: {\"type\": \"ping\"}\n\n";
    let null_call = json!({"choices": [{"delta": {"content": "hi", "tool_calls": [null]}}]});
    let rows: Vec<(&str, Script, &str)> = vec![
        ("no reason but [DONE]", stream(&[words("all")]), "all"),
        ("no reason in one piece", whole(&json!({"choices": [{"message": {"content": "all"}}]})), "all"),
        (
            "a reason with every piece",
            stream(&[ending(&json!(""), "a"), ending(&json!("null"), "b"), end("stop")]),
            "ab",
        ),
        ("empty events", raw(&format!("{ping}data: {}\n\ndata: {}\n\n", words("hi"), end("stop"))), "hi"),
        ("a call that is none", stream(&[null_call, end("stop")]), "hi"),
        ("thoughts", stream(&[words("<think>\nthe person"), words(" wants…</think>\n\nhi"), end("stop")]), "hi"),
    ];
    for (name, script, text) in rows {
        let peer = Peer::playing(vec![script]).await;
        let reply = asked(&peer).await.unwrap_or_else(|problem| panic!("{name}: {problem:?}"));
        assert_eq!((reply.text.as_str(), peer.got().len()), (text, 1), "{name}");
    }
    let empty_reason = ending(&json!(""), "half");
    let rows: Vec<(&str, Script, Code)> = vec![
        ("an empty reason", raw(&format!("data: {empty_reason}\n\n")), Code::ModelBrokeOff),
        ("a failure", stream(&[words("half"), end("error")]), Code::ModelFailed),
        ("only thoughts", stream(&[words("<think>hm"), end("stop")]), Code::ModelEmpty),
        ("another word for the limit", stream(&[words("half"), end("max_tokens")]), Code::ModelTooLong),
    ];
    for (name, script, expected) in rows {
        let peer = Peer::playing(vec![script]).await;
        assert_eq!(code(asked(&peer).await), expected, "{name}");
    }
}

#[tokio::test]
async fn calls_are_put_together_from_whatever_pieces_they_come_in() {
    let new_ids = [
        piece(json!({"index": 0, "id": "a", "function": {"name": "one", "arguments": ""}})),
        piece(json!({"index": 0, "id": "b", "function": {"name": null, "arguments": "{\"x\":"}})),
        piece(json!({"index": "0", "id": "c", "function": {"arguments": "1}"}})),
    ];
    let name_again = [
        piece(json!({"function": {"name": "one", "arguments": "{\"x\":{\"y\":\"}\""}})),
        piece(json!({"function": {"name": "one", "arguments": "}}"}})),
        piece(json!({"function": {"name": "one", "arguments": "{}"}})),
    ];
    let twice = [piece(json!({"index": 0, "id": "a", "function": {"name": "one", "arguments": "\"{\\\"x\\\": 1}\""}}))];
    let side_by_side = [
        piece(json!({"index": 0, "id": "a", "function": {"name": "one", "arguments": ""}})),
        piece(json!({"index": 1, "id": "b", "function": {"name": "one", "arguments": ""}})),
        piece(json!({"index": 0, "function": {"arguments": "{\"x\":1}"}})),
        piece(json!({"index": 1, "function": {"arguments": "{\"x\":2}"}})),
    ];
    let long_id = [piece(json!({"id": "i".repeat(500), "function": {"name": "one", "arguments": "{}"}}))];
    let rows: [(&str, &[Value], Value); 5] = [
        ("an id for each piece", &new_ids, json!([{"x": 1}])),
        ("the name with each piece", &name_again, json!([{"x": {"y": "}"}}, {}])),
        ("JSON in JSON", &twice, json!([{"x": 1}])),
        ("side by side", &side_by_side, json!([{"x": 1}, {"x": 2}])),
        ("an endless id", &long_id, json!([{}])),
    ];
    for (name, pieces, expected) in rows {
        let pieces: Vec<Value> = pieces.iter().cloned().chain([end("tool_calls")]).collect();
        let peer = Peer::playing(vec![stream(&pieces)]).await;
        let reply = asked(&peer).await.unwrap_or_else(|problem| panic!("{name}: {problem:?}"));
        let arguments: Vec<Value> = reply.calls.iter().map(|call| call.arguments.clone()).collect();
        assert_eq!(json!(arguments), expected, "{name}");
        assert!(reply.calls.iter().all(|call| call.tool == "one" && call.id.len() < 200), "{name}");
    }
    let many: Vec<Value> =
        (0..2_000).map(|n| piece(json!({"id": format!("i{n}"), "function": {"name": "x"}}))).collect();
    let peer = Peer::playing(vec![stream(&many)]).await;
    assert_eq!(code(asked(&peer).await), Code::ModelTooLong);
}

#[tokio::test]
async fn a_server_of_before_is_asked_with_the_fields_of_before_from_then_on() {
    for message in ["Unrecognized request argument supplied: stream_options", "max_completion_tokens: extra inputs"] {
        let refusal = refuses(400, "", &json!({"message": message, "type": "invalid_request_error"}));
        let peer = Peer::playing(vec![refusal, says("fine")]).await;
        super::wire::tls();
        let model = OpenAi::new(peer.address()).unwrap();
        for _ in 0..2 {
            assert_eq!(model.turn(&turn(vec![person("hello")])).await.map(|reply| reply.text).as_deref(), Ok("fine"));
        }
        let bodies: Vec<Value> = peer.got().iter().map(super::peer::Got::body).collect();
        assert_eq!(bodies.len(), 3, "one refusal, and two answers");
        assert!(bodies[0]["max_completion_tokens"].is_u64() && bodies[0]["max_tokens"].is_null());
        for body in &bodies[1..] {
            assert!(body["max_tokens"].is_u64() && body["max_completion_tokens"].is_null(), "{body}");
            assert!(body["stream_options"].is_null() && body["stream"] == true);
        }
    }
    // One that knows neither is not asked for ever.
    let peer = Peer::playing(vec![refuses(400, "", &json!({"message": "stream_options and max_tokens"}))]).await;
    assert_eq!((code(asked(&peer).await), peer.got().len()), (Code::ModelFailed, 2));
}

#[tokio::test]
async fn what_is_repeated_of_a_broken_call_is_an_object_and_a_name_as_servers_want_them() {
    let peer = Peer::playing(vec![says("fine")]).await;
    let call = |tool: &str, arguments: Value| Call { id: "a".to_owned(), tool: tool.to_owned(), arguments };
    let broken = [
        call("one", json!("{\"x\": 1")),
        call("functions.two\u{200b}", json!([1])),
        call("", json!({"x": 1})),
        call(&"n".repeat(300), json!(null)),
    ];
    let called = Message::Assistant { text: String::new(), calls: broken.to_vec() };
    asked_at(peer.address(), &turn(vec![person("hello"), called])).await.unwrap();
    let body = peer.got()[0].body();
    for line in body["messages"][2]["tool_calls"].as_array().unwrap() {
        let name = line["function"]["name"].as_str().unwrap();
        assert!((1..=64).contains(&name.len()), "{name}");
        assert!(name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')), "{name}");
        let arguments: Value = serde_json::from_str(line["function"]["arguments"].as_str().unwrap()).unwrap();
        assert!(arguments.is_object(), "{arguments}");
    }
    assert!(body.to_string().contains("unreadable"));
}

#[tokio::test]
async fn no_wait_that_a_server_asks_for_and_no_count_of_it_breaks_the_program() {
    for wait in ["10000000000000000000", "18446744073709549568", "1e19", "-5", "NaN", "inf", "0x10", ""] {
        let peer =
            Peer::playing(vec![refuses(429, &format!("retry-after: {wait}\r\n"), &json!({})), says("now")]).await;
        let begun = Instant::now();
        let reply = asked(&peer).await;
        assert!(reply.is_ok() || reply.is_err_and(|problem| problem.code == Code::ModelBusy), "{wait}");
        assert!(begun.elapsed() < Duration::from_secs(5), "{wait}");
    }
    for usage in [
        json!({"prompt_tokens": u64::MAX, "completion_tokens": u64::MAX}),
        json!({"prompt_tokens": 0, "completion_tokens": 0}),
        json!({"prompt_tokens": -1}),
        json!("many"),
    ] {
        let peer =
            Peer::playing(vec![stream(&[words("hi"), end("stop"), json!({"choices": [], "usage": usage})])]).await;
        let turn = turn(vec![person("hello")]);
        for _ in 0..2 {
            asked_at(peer.address(), &turn).await.unwrap();
        }
        let asked = turn.uses.all();
        assert!(asked.iter().all(|asked| asked.counted == Counted::Estimated && asked.tokens_in > 100), "{usage}");
    }
    let in_choice = json!({"choices": [{"delta": {}, "finish_reason": "stop",
        "usage": {"prompt_tokens": 11, "completion_tokens": 4}}]});
    let peer = Peer::playing(vec![stream(&[words("hi"), in_choice])]).await;
    let turn = turn(vec![person("hello")]);
    asked_at(peer.address(), &turn).await.unwrap();
    assert_eq!((turn.uses.all()[0].tokens_in, turn.uses.all()[0].tokens_out), (11, 4));
}

#[tokio::test]
async fn what_was_read_and_written_before_it_broke_is_paid_for_and_a_refusal_is_not() {
    let price =
        Price { input_micro_per_million: 2_000_000, output_micro_per_million: 8_000_000, currency: "USD".into() };
    let half = || raw(&format!("data: {}\n\n", words(&"word ".repeat(40))));
    let limit = stream(&[
        words("half"),
        end("length"),
        json!({"choices": [], "usage": {"prompt_tokens": 100, "completion_tokens": 4096}}),
    ]);
    let rows: Vec<(&str, Vec<Script>, Code)> = vec![
        ("refused", vec![refuses(401, "", &json!("no"))], Code::ModelKeyRefused),
        ("broke off twice", vec![half()], Code::ModelBrokeOff),
        ("cut", vec![limit], Code::ModelTooLong),
    ];
    let mut seen = Vec::new();
    for (name, scripts, expected) in rows {
        let peer = Peer::playing(scripts).await;
        let mut address = peer.address();
        address.price = Some(price.clone());
        let turn = turn(vec![person("hello")]);
        assert_eq!(code(asked_at(address, &turn).await), expected, "{name}");
        let asked = turn.uses.all().remove(0);
        assert_eq!(asked.cost_micro, Some(asked.tokens_in * 2 + asked.tokens_out * 8), "{name}");
        seen.push(asked);
    }
    assert_eq!((seen[0].tokens_in, seen[0].tokens_out), (0, 0));
    assert!(seen[1].tries == 2 && seen[1].tokens_in > 10_000 && seen[1].tokens_out > 80, "{:?}", seen[1].tokens_out);
    assert_eq!((seen[2].tokens_in, seen[2].tokens_out, seen[2].counted), (100, 4096, Counted::Server));
    // Whoever leaves in the middle has cost something as well.
    let peer = Peer::playing(vec![[half(), vec![Act::UntilGone]].concat()]).await;
    let mut address = peer.address();
    address.price = Some(price);
    (address.first_byte, address.stall) = (Duration::from_secs(30), Duration::from_secs(30));
    let turn = turn(vec![person("hello")]);
    let left = tokio::time::timeout(Duration::from_secs(2), asked_at(address, &turn)).await;
    assert!(left.is_err(), "nobody waited for the end");
    let asked = turn.uses.all().remove(0);
    assert!(asked.tokens_in > 1_000 && asked.tokens_out > 40 && asked.milliseconds >= 1_000, "{:?}", asked.tokens_out);
    assert_eq!((asked.problem, asked.cost_micro.is_some()), (Some(Code::ModelFailed), true));
}

#[tokio::test]
async fn what_a_model_says_is_heard_before_it_has_said_everything() {
    super::wire::tls();
    let first = raw(&format!("data: {}\n\n", words("<think>hm</think>Three replicas are ")));
    let rest = format!("data: {}\n\ndata: {}\n\n", words("running now."), end("stop"));
    let acts = first.into_iter().chain([Act::Wait(100), Act::Bytes(rest.into_bytes())]);
    let peer = Peer::playing(vec![acts.collect()]).await;
    let (tell, mut told) = tokio::sync::watch::channel(String::new());
    let mut turn = turn(vec![person("how many?")]);
    turn.uses = turn.uses.heard_by(tell);
    let model = OpenAi::new(peer.address()).unwrap();
    let asking = tokio::spawn(async move { model.turn(&turn).await });
    told.changed().await.unwrap();
    assert_eq!(*told.borrow_and_update(), "Three replicas are");
    assert_eq!(asking.await.unwrap().unwrap().text, "Three replicas are running now.");
}
