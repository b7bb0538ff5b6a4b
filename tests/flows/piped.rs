//! Pipes: line by line without decoration, and JSON by which a script drives everything.
//! Reads standard output as scripts do.
//! Must never depend on the words of a language.

use super::DEPLOY;
use crate::kit::scene::{Scene, change_of};
use std::collections::BTreeSet;

#[test]
fn a_pipe_gets_no_colour_no_prompt_and_no_spinner() {
    let scene = Scene::new();
    let finished = scene.chat(&[DEPLOY, "approve", "what changed today?"]).ended(0);
    let words = finished.words();
    assert!(!words.contains('\u{1b}') && !words.contains('\r'), "{words:?}");
    assert!(!finished.stdout.contains("chopmark> "), "{words}");
}

#[test]
fn a_line_is_taken_when_the_one_before_has_come_to_rest() {
    let scene = Scene::new();
    // Sent at once: each means what it means only after the one before is done.
    scene
        .chat(&[DEPLOY, "approve", "scale cart to 3", "approve", "scale cart to 4", "make it 5 instead", "approve"])
        .ended(0);
    let files = crate::kit::world::Repository::at(&scene.repository());
    assert!(files.file("shop/cart/deployment.yaml").contains("replicas: 5"));
    assert_eq!(files.git(&["log", "--format=%H", "--", "shop/cart"]).lines().count(), 3);
}

#[test]
fn a_script_drives_the_whole_flow_by_json() {
    let scene = Scene::new();
    let mut talk = scene.talk();
    talk.say(DEPLOY);
    let proposal = talk.until("the proposal", |event| event["kind"] == "proposal");
    assert_eq!(proposal["template"], "web-service");
    assert_eq!(proposal["environment"], "local");
    assert_eq!(proposal["component"], "local/shop/cart");
    assert_eq!(proposal["parameters"]["image"]["value"], "nginx:1.27");
    assert_eq!(proposal["parameters"]["image"]["origin"]["from"], "said");
    let card = talk.until_state("awaiting_approval");
    assert_eq!(card["risk"], "low");
    assert_eq!(card["digest"].as_str().map(str::len), Some(64));
    assert!(card["counts"]["create"].as_u64() > Some(0), "{card}");
    let resources = card["resources"].as_array().unwrap();
    assert!(resources.iter().all(|resource| resource["address"].is_string() && resource["action"] == "create"));
    let change = card["change"].as_str().unwrap().to_owned();
    talk.say(&format!("approve {change}"));
    let result = talk.until("the result", |event| event["kind"] == "result");
    assert_eq!((&result["state"], &result["change"]), (&"succeeded".into(), &change.as_str().into()));
    assert_eq!(result["undo"], true);
    assert_eq!(talk.end(), Some(0));
}

#[test]
fn every_kind_of_event_that_is_printed_is_documented() {
    let scene = Scene::new();
    let lines =
        [DEPLOY, "approve", "deploy something", "frobnicate the gizmo", "approve chg-zzzzzz", "list components"];
    let input = lines.join("\n") + "\n";
    let finished = crate::kit::scene::finish(&mut scene.program(&["--json"]), input.as_bytes());
    let kinds: BTreeSet<_> = finished.events().iter().map(|event| event["kind"].as_str().unwrap().to_owned()).collect();
    assert!(kinds.len() >= 5, "{kinds:?}");
    let documented = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/json.md")).unwrap();
    for kind in kinds {
        assert!(documented.contains(&format!("`{kind}`")), "docs/json.md does not know {kind}");
    }
}

#[test]
fn a_dry_run_stops_at_the_proposal_and_makes_no_change() {
    let scene = Scene::new();
    let events = scene.run(&["ask", "--dry-run", "--json", DEPLOY]).ended(0).events();
    assert!(events.iter().any(|event| event["kind"] == "proposal"), "{events:?}");
    assert!(!events.iter().any(|event| event["kind"] == "card"), "{events:?}");
    let listed = scene.json(&["changes", "--all"]);
    assert!(!format!("{listed:?}").contains("chg-"), "{listed:?}");
}

#[test]
fn a_second_terminal_approves_what_the_first_proposed() {
    let scene = Scene::new();
    let mut talk = scene.talk();
    talk.say(DEPLOY);
    let change = change_of(&[talk.until_state("awaiting_approval")]);
    scene.run(&["approve", &change]).ended(0);
    assert_eq!(scene.state(&change), "succeeded");
    assert_eq!(talk.end(), Some(0));
}

#[test]
fn an_approval_with_nobody_else_running_is_worked_to_its_end() {
    let scene = Scene::new();
    let change = scene.propose(DEPLOY);
    let events = scene.run(&["approve", &change, "--json"]).ended(0).events();
    let result = events.iter().find(|event| event["kind"] == "result");
    assert_eq!(result.map(|result| &result["state"]), Some(&"succeeded".into()), "{events:?}");
}

#[test]
fn the_catalogue_lists_its_templates_by_name() {
    let listed = Scene::new().json(&["templates", "list"]);
    let text = format!("{listed:?}");
    for name in ["web-service", "config-map", "secret", "namespace", "cron-job", "job", "static-site"] {
        assert!(text.contains(&format!("\"name\": String(\"{name}\")")), "{name} is not in {text}");
    }
}

#[test]
fn a_template_is_shown_in_the_conversation_with_its_parameters() {
    let scene = Scene::new();
    let words = scene.chat(&["templates web-service"]).ended(0).words();
    assert!(words.contains("replicas") && words.contains("Deployment"), "{words}");
    let words = scene.chat(&["模板 web-service"]).ended(0).words();
    assert!(words.contains("replicas") && words.contains("副本"), "{words}");
}

#[test]
fn the_same_sentence_gives_the_same_draft_in_both_languages() {
    let files = |words: &str| {
        let scene = Scene::new();
        let change = scene.propose(words);
        scene.card(&change)["files"].clone()
    };
    assert_eq!(files(DEPLOY), files("在 shop 部署镜像 nginx:1.27，名为 cart"));
}
