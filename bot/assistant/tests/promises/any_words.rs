//! Any words at all: the planner answers, calls listed tools only, and does not panic.
//! Run by cargo test.
//! Must never find a sentence that decides or acts.

use super::kit::{OpenRow, Row, Scene, rows, understood};
use chopmark_functions::list;
use proptest::prelude::*;
use serde_json::json;

/// Pieces of real sentences, in any order.
fn shuffled() -> impl Strategy<Value = String> {
    let words: Vec<String> = rows()
        .iter()
        .flat_map(|row| row.say.clone())
        .flat_map(|say| say.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
        .collect();
    prop::collection::vec(prop::sample::select(words), 0..14).prop_map(|words| words.join(" "))
}

fn scenes() -> impl Strategy<Value = Scene> {
    prop::sample::select(vec![Scene::Empty, Scene::Shop, Scene::Cart, Scene::Waiting, Scene::Asked])
}

fn row(scene: Scene) -> Row {
    let question = (scene == Scene::Asked).then(|| OpenRow {
        tool: "propose_create".to_owned(),
        arguments: json!({"template": "web-service", "values": {}}),
        parameter: "image".to_owned(),
        template: Some("web-service".to_owned()),
        options: vec!["shop".to_owned()],
        guess: None,
    });
    Row { scene, question, ..Row::default() }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn any_words_call_listed_tools_with_fitting_arguments_or_none(
        sentence in prop_oneof![3 => shuffled(), 2 => any::<String>(), 1 => "[a-z0-9 ./:=-]{0,120}", 1 => "[一-龥0-9 ，。、a-z]{0,40}"],
        scene in scenes(),
    ) {
        let reply = understood(&row(scene), &sentence);
        prop_assert!(reply.calls.len() <= 1);
        for call in reply.calls {
            let tool = list::find(&call.tool);
            prop_assert!(tool.is_some(), "{}", call.tool);
            let validator = jsonschema::validator_for(&tool.unwrap().schema()).unwrap();
            let fault = validator.validate(&call.arguments).err().map(|error| error.to_string());
            prop_assert_eq!(fault, None, "{:?} {}", sentence, call.arguments);
        }
    }
}

#[test]
fn a_very_long_line_is_read_in_a_moment() {
    let begun = std::time::Instant::now();
    let sentence = "deploy image nginx:1.27 as cart with 2 replicas port 8080 memory 64Mi 每天 3 点 ".repeat(150);
    let _ = understood(&row(Scene::Shop), &sentence);
    assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
}
