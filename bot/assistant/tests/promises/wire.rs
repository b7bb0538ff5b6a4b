//! What happens on the wire to a model: odd streams, refusals, silence, silence in the middle, people who leave.
//! Run by cargo test against servers of its own.
//! Must never need more than loopback.

use super::kit::{Row, context};
use super::peer::{Act, Peer, Script, calls, end, raw, refuses, says, stream, words};
use chopmark_assistant::model::{Call, Message, Model, Reply, Turn};
use chopmark_assistant::models::{ModelAddress, OpenAi, Price};
use chopmark_assistant::{Clean, Counted, Uses, system_prompt_digest};
use chopmark_domain::change::Language;
use chopmark_domain::digest::Digest;
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::time::Timestamp;
use chopmark_functions::list;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

pub(crate) fn tls() {
    let _ = rustls::crypto::ring::default_provider().install_default();
}

pub(crate) fn turn(messages: Vec<Message>) -> Turn {
    Turn {
        system: Clean::of("You are tested.").unwrap(),
        messages,
        tools: list::list(),
        context: context(&Row::default(), "hello", Language::En),
        prompt_digest: system_prompt_digest(Language::En),
        uses: Uses::new(Timestamp(5)),
    }
}

pub(crate) fn person(text: &str) -> Message {
    Message::Person(text.to_owned())
}

fn assistant(text: &str) -> Message {
    Message::Assistant { text: text.to_owned(), calls: Vec::new() }
}

pub(crate) async fn asked(peer: &Peer) -> Result<Reply, Problem> {
    asked_at(peer.address(), &turn(vec![person("hello")])).await
}

pub(crate) async fn asked_at(address: ModelAddress, turn: &Turn) -> Result<Reply, Problem> {
    tls();
    OpenAi::new(address).unwrap().turn(turn).await
}

pub(crate) fn code(reply: Result<Reply, Problem>) -> Code {
    reply.unwrap_err().code
}

#[tokio::test]
async fn odd_streams_are_read_as_they_are_meant() {
    let call = |call: Value| json!({"choices": [{"delta": {"tool_calls": [call]}, "finish_reason": null}]});
    let no_index = [call(json!({"id": "a", "function": {"name": "one", "arguments": "{\"x\":1}"}})), end("tool_calls")];
    let same_index = [
        call(json!({"index": 0, "id": "a", "function": {"name": "one", "arguments": "{}"}})),
        call(json!({"index": 0, "id": "b", "function": {"name": "two", "arguments": "{}"}})),
        end("tool_calls"),
    ];
    let odd = json!({"service_tier": "made_up", "choices": [
        {"delta": {"role": "wizard", "content": "hi", "reasoning_content": "hm"}, "finish_reason": "MADE_UP"}]});
    let whole = json!({"choices": [{"message": {"role": "assistant", "content": "whole"}, "finish_reason": "stop"}]});
    let pretty = serde_json::to_string_pretty(&whole).unwrap();
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n";
    let unstreamed = format!("{head}content-length: {}\r\n\r\n{pretty}", pretty.len());
    let chinese = format!("data: {}\n\ndata: {}\n\n", words("扩容到三个副本"), end("stop"));
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";
    let middle = chinese.find('容').unwrap() + 1;
    let split = vec![
        Act::Bytes([head.as_bytes(), &chinese.as_bytes()[..middle]].concat()),
        Act::Wait(30),
        Act::Bytes(chinese.as_bytes()[middle..].to_vec()),
    ];
    let rows: Vec<(&str, Script, &str, &[&str])> = vec![
        ("no index", stream(&no_index), "", &["one"]),
        ("one index twice", stream(&same_index), "", &["one", "two"]),
        ("words nobody knows", stream(&[odd]), "hi", &[]),
        (
            "comments",
            raw(&format!(
                ": ping\n\nevent: x\ndata: {}\n\n: pong\n\n",
                json!({"choices": [
            {"delta": {"content": "hi"}, "finish_reason": "stop"}]})
            )),
            "hi",
            &[],
        ),
        ("no [DONE]", raw(&format!("data: {}\n\ndata: {}\n\n", words("all"), end("stop"))), "all", &[]),
        ("not streamed", vec![Act::Bytes(unstreamed.into_bytes())], "whole", &[]),
        ("split letters", split, "扩容到三个副本", &[]),
        ("parallel calls", calls(&[("one", "{}"), ("two", "{}"), ("one", "{}")]), "", &["one", "two", "one"]),
    ];
    for (name, script, text, tools) in rows {
        let peer = Peer::playing(vec![script]).await;
        let reply = asked(&peer).await.unwrap_or_else(|problem| panic!("{name}: {problem:?}"));
        let called: Vec<&str> = reply.calls.iter().map(|call| call.tool.as_str()).collect();
        assert_eq!((reply.text.as_str(), called.as_slice()), (text, tools), "{name}");
        assert_eq!(peer.got().len(), 1, "{name}");
    }
}

#[tokio::test]
async fn what_is_no_whole_answer_is_discarded_and_asked_for_once_more() {
    let half = || raw(&format!("data: {}\n\n", words("half of")));
    let cut = || raw("data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"na");
    let inside = || stream(&[words("half"), json!({"error": {"message": "boom", "type": "server_error"}})]);
    let stall = || [half(), vec![Act::Wait(5_000)]].concat();
    let empty = || stream(&[end("stop")]);
    let nothing = || stream(&[]);
    let slow = || vec![Act::Wait(5_000)];
    let rows: [(&str, &dyn Fn() -> Script, Code); 7] = [
        ("silent end", &half, Code::ModelBrokeOff),
        ("cut", &cut, Code::ModelBrokeOff),
        ("error inside", &inside, Code::ModelFailed),
        ("stall", &stall, Code::ModelBrokeOff),
        ("empty", &empty, Code::ModelEmpty),
        ("nothing", &nothing, Code::ModelBrokeOff),
        ("slow first byte", &slow, Code::ModelFailed),
    ];
    for (name, script, expected) in rows {
        let peer = Peer::playing(vec![script(), says("whole")]).await;
        assert_eq!(asked(&peer).await.map(|reply| reply.text).as_deref(), Ok("whole"), "{name}");
        let peer = Peer::playing(vec![script()]).await;
        assert_eq!(code(asked(&peer).await), expected, "{name}");
        assert_eq!(peer.got().len(), 2, "{name}: once more, and no more");
    }
}

#[tokio::test]
async fn refusals_have_codes_of_their_own_and_only_what_may_pass_is_asked_again() {
    let quota = json!({"code": "insufficient_quota", "type": "insufficient_quota", "message": "secret words"});
    let long = json!({"code": "context_length_exceeded", "message": "too long"});
    let rows = [
        (refuses(401, "", &json!({"message": "bad key"})), Code::ModelKeyRefused, 1),
        (refuses(403, "", &json!(null)), Code::ModelKeyRefused, 1),
        (refuses(404, "", &json!({"message": "no such model"})), Code::ModelUnknown, 1),
        (refuses(400, "", &long), Code::ContextTooLong, 1),
        (refuses(400, "", &json!("bad")), Code::ModelFailed, 1),
        (refuses(302, "location: http://127.0.0.1:1/\r\n", &json!(null)), Code::ModelFailed, 1),
        (refuses(429, "retry-after: 0\r\n", &quota), Code::ModelBusy, 1),
        (refuses(429, "retry-after: 3600\r\n", &json!({})), Code::ModelBusy, 1),
        (refuses(500, "", &json!(null)), Code::ModelFailed, 4),
        (vec![Act::Bytes(b"not HTTP at all".to_vec())], Code::ModelBrokeOff, 2),
    ];
    for (script, expected, tries) in rows {
        let name = format!("{script:?}");
        let peer = Peer::playing(vec![script]).await;
        let problem = asked(&peer).await.unwrap_err();
        assert_eq!((problem.code, peer.got().len()), (expected, tries), "{name}");
        assert!(!format!("{problem:?}").contains("secret words"), "the body of a refusal is not told");
    }
    let nobody = ModelAddress::new("peer", "http://127.0.0.1:1/v1", "m");
    assert_eq!(code(asked_at(nobody, &turn(vec![person("hello")])).await), Code::ModelUnreachable);
}

#[tokio::test]
async fn a_busy_server_is_asked_again_when_it_says_and_never_after_the_deadline() {
    for header in
        ["retry-after: 1\r\n", "date: Sun, 06 Nov 1994 08:49:37 GMT\r\nretry-after: Sun, 06 Nov 1994 08:49:38 GMT\r\n"]
    {
        let peer = Peer::playing(vec![refuses(429, header, &json!({})), says("now")]).await;
        let begun = Instant::now();
        assert_eq!(asked(&peer).await.map(|reply| reply.text).as_deref(), Ok("now"));
        let waited = begun.elapsed();
        assert!((Duration::from_secs(1)..Duration::from_secs(4)).contains(&waited), "{waited:?}");
    }
    let peer = Peer::playing(vec![vec![Act::Wait(60_000)]]).await;
    let mut address = peer.address();
    (address.total, address.first_byte) = (Duration::from_millis(700), Duration::from_secs(30));
    let begun = Instant::now();
    assert_eq!(code(asked_at(address, &turn(vec![person("hello")])).await), Code::ModelFailed);
    assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn an_answer_without_end_is_not_read_to_its_end() {
    let many: Vec<Value> = (0..400).map(|_| words(&"x".repeat(1_000))).collect();
    let line = format!("data: {}", "x".repeat(9 * 1024 * 1024));
    let limit = stream(&[words("half"), end("length")]);
    for script in [stream(&many), raw(&line), limit] {
        let peer = Peer::playing(vec![script]).await;
        let mut address = peer.address();
        address.first_byte = Duration::from_secs(10);
        assert_eq!(code(asked_at(address, &turn(vec![person("hello")])).await), Code::ModelTooLong);
        assert_eq!(peer.got().len(), 1);
    }
}

#[tokio::test]
async fn whoever_leaves_ends_the_question_on_the_wire() {
    let begins = raw(&format!("data: {}\n\n", words("I think")));
    for script in [vec![Act::UntilGone], [begins, vec![Act::UntilGone]].concat()] {
        let peer = Peer::playing(vec![script]).await;
        let mut address = peer.address();
        (address.first_byte, address.stall) = (Duration::from_secs(30), Duration::from_secs(30));
        let asking = tokio::spawn(async move { asked_at(address, &turn(vec![person("hello")])).await });
        while peer.got().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        asking.abort();
        let _ = asking.await;
        let end = Instant::now() + Duration::from_secs(5);
        while peer.gone() == 0 {
            assert!(Instant::now() < end, "the server still waits for a client that left");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

#[tokio::test]
async fn what_was_sent_is_noted_as_it_was_sent_without_secrets() {
    let peer = Peer::playing(vec![refuses(503, "", &json!(null)), says("fine")]).await;
    let mut address = peer.address();
    address.key = Some("CANARY-key-of-the-model".into());
    let currency = "USD".to_owned();
    address.price = Some(Price { input_micro_per_million: 2_000_000, output_micro_per_million: 8_000_000, currency });
    let secret = "AKIAABCDEFGH23456789";
    let turn = turn(vec![person(&format!("use {secret} and password=hunter2hunter2"))]);
    asked_at(address, &turn).await.unwrap();
    let got = peer.got();
    assert!(got.iter().all(|got| got.head.contains("authorization: bearer canary-key-of-the-model")));
    let asked = turn.uses.all();
    let [asked] = asked.as_slice() else { panic!("{asked:?}") };
    assert_eq!((asked.body.get(), asked.tries), (got[1].text.as_str(), 2));
    assert_eq!(asked.digest(), Digest::of(got[1].text.as_bytes()));
    for hidden in [secret, "hunter2", "CANARY"] {
        assert!(!asked.body.get().contains(hidden), "{}", asked.body);
    }
    assert_eq!((asked.tokens_in, asked.tokens_out, asked.counted), (100, 7, Counted::Server));
    // 100 × 2 and 7 × 8 millionths.
    assert_eq!((asked.cost_micro, asked.currency.as_deref(), asked.problem), (Some(256), Some("USD"), None));
}

#[tokio::test]
async fn a_long_conversation_loses_its_oldest_exchanges_and_a_refused_one_is_sent_smaller_once() {
    let mut messages = Vec::new();
    for number in 0..40 {
        messages.push(person(&format!("question {number} {}", "很长".repeat(300))));
        messages.push(assistant(&format!("answer {number}")));
    }
    messages.push(person("the last words"));
    let peer = Peer::playing(vec![refuses(400, "", &json!({"code": "context_length_exceeded"})), says("fine")]).await;
    let mut address = peer.address();
    (address.window_tokens, address.answer_tokens) = (20_000, 1_000);
    let turn = turn(messages);
    asked_at(address.clone(), &turn).await.unwrap();
    let got = peer.got();
    assert!(got[0].text.contains("answer 39") && !got[0].text.contains("answer 0\""), "the oldest are left out");
    assert!(got[1].text.contains("the last words") && !got[1].text.contains("answer 39"));
    assert_eq!(turn.uses.all().len(), 2, "both are noted");
    // What does not even fit so is not sent.
    address.window_tokens = 1_500;
    assert_eq!(code(asked_at(address.clone(), &turn).await), Code::ContextTooLong);
    (address.window_tokens, address.request_tokens) = (20_000, 5_000);
    assert_eq!(code(asked_at(address, &turn).await), Code::TokenLimit);
    assert_eq!(peer.got().len(), 2);
}

#[tokio::test]
async fn azure_is_asked_at_its_own_place_with_its_own_header() {
    let peer = Peer::playing(vec![says("fine")]).await;
    let mut address = peer.address();
    address.base_url = format!("http://127.0.0.1:{}", peer.port);
    (address.key, address.azure) = (Some("k".into()), Some("2024-10-21".to_owned()));
    asked_at(address, &turn(vec![person("hello")])).await.unwrap();
    let head = &peer.got()[0].head;
    assert!(head.starts_with("post /openai/deployments/m/chat/completions?api-version=2024-10-21 "), "{head}");
    assert!(head.contains("api-key: k\r\n") && !head.contains("authorization"), "{head}");
}

#[tokio::test]
async fn requests_are_what_the_published_description_asks_for() {
    let Ok(place) = std::env::var("CHOPMARK_TEST_OPENAI_SPEC") else {
        use std::io::Write as _;
        let _ = writeln!(std::io::stderr(), "left out: CHOPMARK_TEST_OPENAI_SPEC names no published description");
        return;
    };
    let description: Value = serde_json::from_str(&std::fs::read_to_string(place).unwrap()).unwrap();
    // Either the whole description, or the schema of a request.
    let schema = match description.get("components") {
        Some(components) if description.get("$ref").is_none() => {
            json!({"components": components, "$ref": "#/components/schemas/CreateChatCompletionRequest"})
        }
        _ => description,
    };
    let validator = jsonschema::validator_for(&schema).unwrap();
    let peer = Peer::playing(vec![says("fine")]).await;
    let call = |id: &str, arguments: Value| Call { id: id.to_owned(), tool: "list_components".to_owned(), arguments };
    let result = |call: Call| Message::Tool {
        result: chopmark_assistant::model::Result::Problem(Problem::new(Code::UnknownTool)),
        text: "{}".to_owned(),
        call,
    };
    let (one, two) = (call("a", json!({})), call("b", json!("{\"broken")));
    let called = Message::Assistant { text: String::new(), calls: vec![one.clone(), two.clone()] };
    let messages =
        vec![person("before"), assistant(""), person("现在"), called, result(one), result(two), assistant("so")];
    asked_at(peer.address(), &turn(messages)).await.unwrap();
    let body = peer.got()[0].body();
    let faults: Vec<String> =
        validator.iter_errors(&body).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
    assert_eq!(faults, Vec::<String>::new());
    // Each call has its result, in order, right after it.
    let lines = body["messages"].as_array().unwrap();
    let roles: Vec<&str> = lines.iter().filter_map(|line| line["role"].as_str()).collect();
    assert_eq!(roles, ["system", "user", "assistant", "user", "assistant", "tool", "tool", "assistant"]);
    assert_eq!((&lines[5]["tool_call_id"], &lines[6]["tool_call_id"]), (&json!("a"), &json!("b")));
}
