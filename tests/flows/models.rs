//! Models outside the program: what they draft is a change like any other, and what they break is told.
//! The models are real servers that others wrote, each on a port of its own.
//! Must never trust a model's word: cards, ledger and the model's own journal are compared.

use crate::kit::model::{KEY, Model, Thinking};
use crate::kit::scene::Scene;
use crate::kit::screen::Screen;
use crate::kit::terraform::files_with;
use serde_json::{Value, json};

/// The sentence, as a model that understood it would call tools for it.
fn understood() -> Value {
    let values = json!({ "image": "nginx:1.27", "replicas": 2 });
    let create = json!({ "template": "web-service", "name": "cart", "group": "shop", "values": values });
    json!({ "fixtures": [
        { "match": { "userMessage": "cart", "hasToolResult": false },
          "response": { "toolCalls": [{ "id": "call_1", "name": "propose_create", "arguments": create }] } },
        { "match": { "hasToolResult": true }, "response": { "content": "I propose a shop for carts." } },
    ] })
}

const SENTENCE: &str = "deploy image nginx:1.27 as cart in shop with 2 replicas";

/// The embedded environment, and a model that understands [`SENTENCE`].
fn with_model() -> Option<(Scene, Model)> {
    let mut scene = Scene::new();
    let model = Model::scripted(&scene, &understood())?;
    model.serve(&mut scene, "/v1", "");
    Some((scene, model))
}

/// What a card says, without what only time and chance decide.
fn essence(scene: &Scene, change: &str) -> Value {
    let card = scene.card(change);
    json!([card["component"], card["action"], card["risk"], card["resources"], card["template"], card["diffs"]])
}

#[test]
fn a_model_drafts_the_very_change_that_the_planner_inside_drafts() {
    let Some((scene, model)) = with_model() else { return };
    let change = scene.propose(SENTENCE);
    let offline = Scene::new();
    assert_eq!(essence(&scene, &change), essence(&offline, &offline.propose(SENTENCE)));
    assert!(!model.journal().is_empty(), "the model was asked");
    scene.run(&["approve", &change]).ended(0);
    scene.ledger_verifies();
}

#[test]
fn the_ledger_holds_the_tokens_of_every_request_and_the_key_is_nowhere() {
    let Some((scene, model)) = with_model() else { return };
    scene.propose(SENTENCE);
    let asked = model.journal().len();
    let ledger = scene.run(&["--json", "audit", "show"]).words();
    assert_eq!(ledger.matches("model_asked").count(), asked, "{ledger}");
    assert!(ledger.contains("tokens"), "{ledger}");
    assert_eq!(files_with(&scene.path("home"), KEY), Vec::<String>::new(), "the key was written");
}

#[test]
fn what_was_sent_can_be_seen_and_is_what_the_model_got() {
    let Some((scene, model)) = with_model() else { return };
    let change = scene.propose(SENTENCE);
    let shown = scene.run(&["show", &change, "--prompt"]).ended(0).words();
    assert!(shown.contains(SENTENCE) && shown.contains("propose_create"), "{shown}");
    assert!(!shown.contains(KEY), "the key is part of what is shown");
    let journal = json!(model.journal()).to_string();
    assert!(journal.contains(SENTENCE));
}

#[test]
fn a_model_that_is_gone_is_said_and_the_planner_inside_answers() {
    let Some((scene, mut model)) = with_model() else { return };
    model.die();
    let finished = scene.run(&["ask", SENTENCE]).ended(4);
    let words = finished.words();
    assert!(words.contains("peer"), "it is said who did not answer: {words}");
    assert!(words.contains("shop/cart"), "{words}");
}

#[test]
fn nothing_of_an_environment_that_is_never_sent_reaches_a_model() {
    let mut scene = Scene::new();
    let Some(model) = Model::scripted(&scene, &understood()) else { return };
    let rule = "[environments.local]\nmode = \"gitops\"\nmodel = \"never\"\n\
        [environments.local.approval]\napprovers = [\"owner\"]\nself_approval = true\n";
    model.serve(&mut scene, "/v1", rule);
    let change = scene.carry_out(SENTENCE);
    scene.chat(&["scale cart to 3", "what changed today?", "is cart healthy?"]);
    let journal = json!(model.journal()).to_string();
    for word in ["cart", "nginx", &change] {
        assert!(!journal.contains(word), "{word} was sent: {journal}");
    }
}

#[test]
fn the_requests_are_what_the_published_description_asks_for() {
    let Some((scene, model)) = with_model() else { return };
    let Ok(description) = std::env::var("CHOPMARK_TEST_OPENAI_SPEC") else {
        return crate::kit::left_out("the published description: CHOPMARK_TEST_OPENAI_SPEC is not set");
    };
    scene.propose(SENTENCE);
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(description).unwrap()).unwrap();
    let validator = jsonschema::validator_for(&schema).expect("the description is a schema");
    for request in model.journal() {
        let mut body = request["body"].clone();
        // The server's own note.
        body.as_object_mut().unwrap().remove("_endpointType");
        let faults: Vec<_> = validator.iter_errors(&body).map(|fault| fault.to_string()).collect();
        assert_eq!(faults, Vec::<String>::new(), "{body}");
    }
}

#[test]
fn a_busy_model_is_waited_for_as_it_asks_and_a_cut_answer_is_no_answer() {
    let mut scene = Scene::new();
    let faults = json!([
        { "type": "fail", "status": 429, "retry_after": 1 },
        { "type": "stream_fault", "kind": "truncate", "after_chunks": 1 },
        { "type": "fail", "status": 503 },
        { "type": "reply", "text": "Nothing to do." },
    ]);
    let Some(model) = Model::failing(&scene, &faults) else { return };
    model.serve(&mut scene, "/v1", "");
    let finished = scene.run(&["--json", "ask", "what is this good for?"]);
    assert!(finished.code.is_some(), "{}", finished.words());
    let verdict = model.verdict();
    assert_eq!((&verdict["errors"], &verdict["passed"]), (&json!(0), &json!(true)), "{verdict}");
    assert!(verdict["faults_injected"].as_u64() >= Some(1), "{verdict}");
}

#[test]
fn odd_streams_end_in_an_answer_or_in_the_planner_inside() {
    for stream in ["no-index", "same-index", "odd-enums", "silent-end", "cut", "error-inside", "html-502", "split-utf8"]
    {
        let mut scene = Scene::new();
        let Some(model) = Model::odd(&scene) else { return };
        model.serve(&mut scene, &format!("/{stream}/v1"), "");
        let finished = scene.run(&["--json", "ask", "list components"]);
        assert!(matches!(finished.code, Some(0..=9)), "{stream}: {}", finished.words());
        assert!(finished.events().len() <= 20, "{stream}: {}", finished.words());
        scene.ledger_verifies();
    }
}

/// What was broken off stands in the ledger with what it cost, and nothing became of it.
fn is_recorded_as_stopped(scene: &Scene) {
    let ledger = scene.run(&["--json", "audit", "show"]).ended(0).words();
    assert_eq!(ledger.matches("model_asked").count(), 1, "{ledger}");
    assert!(ledger.contains("CM-8001") && ledger.contains("cost_micro"), "{ledger}");
    assert!(!scene.run(&["changes", "--all"]).ended(0).stdout.contains("chg-"));
    scene.ledger_verifies();
}

#[test]
fn ctrl_c_at_a_keyboard_stops_a_model_that_thinks_and_the_conversation_goes_on() {
    let mut scene = Scene::new();
    let model = Thinking::serve(&mut scene);
    let Some(screen) = Screen::open(&scene, "thinking", "") else { return };
    screen.line("what is this good for?");
    model.thinks();
    screen.key("C-c");
    screen.shows("Stopped: nothing");
    model.is_left();
    screen.line("components");
    screen.shows("no components");
    screen.line("quit");
    screen.shows("ended with 0");
    is_recorded_as_stopped(&scene);
}

#[test]
fn ctrl_c_in_a_pipe_stops_a_model_that_thinks_and_the_next_line_is_served() {
    let mut scene = Scene::new();
    let model = Thinking::serve(&mut scene);
    let mut talk = scene.talk();
    talk.say("what is this good for?");
    model.thinks();
    crate::kit::crash::interrupt(talk.id());
    talk.until("that it was stopped", |event| event["kind"] == "notice");
    model.is_left();
    talk.say("components");
    talk.until("an answer", |event| event["kind"] == "answer");
    assert_eq!(talk.end(), Some(0));
    is_recorded_as_stopped(&scene);
}
