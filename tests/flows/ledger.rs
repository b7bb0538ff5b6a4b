//! The ledger: everything is in it, it holds together, and a small separate program can tell.
//! Uses tests/verify_ledger.py, which shares no code with us.
//! Must never need our program to believe our program.

use super::DEPLOY;
use crate::kit::scene::{Finished, Scene, finish};
use std::path::Path;
use std::process::Command;

fn verifier(export: &Path) -> Finished {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/verify_ledger.py");
    finish(Command::new("python3").arg(script).arg(export), b"")
}

#[test]
fn an_export_is_verified_by_a_separate_program_from_the_documented_format() {
    let scene = Scene::new();
    scene.carry_out(DEPLOY);
    scene.carry_out("scale cart to 3");
    let export = scene.path("export.jsonl");
    scene.run(&["audit", "export", "--output", export.to_str().unwrap()]).ended(0);
    verifier(&export).ended(0);
    let text = std::fs::read_to_string(&export).unwrap();
    std::fs::write(&export, text.replacen("cart", "bart", 1)).unwrap();
    let broken = verifier(&export);
    assert_ne!(broken.code, Some(0), "{}", broken.words());
}

#[test]
fn intention_effect_and_outcome_stand_in_that_order() {
    let scene = Scene::new();
    let change = scene.carry_out(DEPLOY);
    let rows = scene.sql("select bytes from ledger order by sequence").unwrap();
    let entries: Vec<serde_json::Value> = rows.iter().map(|row| serde_json::from_str(&row[0]).unwrap()).collect();
    let kinds: Vec<_> = entries
        .iter()
        .filter(|entry| entry["change"] == change.as_str())
        .map(|entry| entry["kind"].as_str().unwrap())
        .collect();
    assert_eq!(
        kinds,
        ["proposed", "planned", "decided", "countersigned", "exec_intent", "exec_outcome", "verified"],
        "{entries:?}"
    );
}

#[test]
fn what_changed_today_is_answered_from_the_record() {
    let scene = Scene::new();
    let change = scene.carry_out(DEPLOY);
    scene.chat(&["what changed today?"]).ended(0).says(&[&change, "cart"]);
    scene.chat(&["今天改了什么？"]).ended(0).says(&[&change, "cart"]);
}

#[test]
fn the_ledger_is_shown_to_people() {
    let scene = Scene::new();
    let change = scene.carry_out(DEPLOY);
    scene.run(&["audit", "show"]).ended(0).says(&[&change]);
    scene.run(&["audit", "show", &change]).ended(0).says(&[&change]);
}
