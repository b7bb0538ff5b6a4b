//! The way back, rehearsed for every shipped template: what a card promises before the decision holds after it.
//! Takes each template's own example sentences, in both languages.
//! Must never skip a template: one that cannot be rehearsed in git alone is rehearsed on a cluster.

use crate::kit::cluster::Cluster;
use crate::kit::scene::{Scene, change_of};
use crate::kit::world::Repository;
use chopmark_catalog::{Catalog, Template};

#[test]
fn undo_brings_every_shipped_template_back_byte_for_byte() {
    let catalog = Catalog::shipped().unwrap();
    for template in catalog.templates().filter(|template| !template.holds_secrets()) {
        let sentences = template.examples.iter().flat_map(|example| [&example.sentence.en, &example.sentence.zh]);
        let scene = Scene::new();
        let mut rehearsed = 0;
        for sentence in sentences {
            there_and_back(&scene, template, sentence);
            rehearsed += 1;
        }
        assert!(rehearsed >= 2, "{} has no example", template.name);
        scene.ledger_verifies();
    }
}

/// Creates what the sentence says, undoes that, and undoes the undoing twice.
fn there_and_back(scene: &Scene, template: &Template, sentence: &str) {
    let create = change_of(&scene.run(&["--json", "ask", sentence]).ended(4).events());
    let card = scene.card(&create);
    assert_eq!(card["template"], template.name.as_str(), "{sentence}");
    let (path, name) = (card["component"].as_str().unwrap().to_owned(), card["name"].as_str().unwrap().to_owned());
    let folder = format!("main:{}", path.split_once('/').unwrap().1);
    scene.run(&["approve", &create]).ended(0);
    let repository = Repository::at(&scene.repository());
    let created = repository.git(&["rev-parse", &folder]);

    let gone = undo(scene, &create, &name);
    assert!(!repository.files().iter().any(|file| folder.ends_with(&format!(":{file}"))), "{sentence}");
    let back = undo(scene, &gone, &name);
    assert_eq!(repository.git(&["rev-parse", &folder]), created, "{sentence}");
    undo(scene, &back, &name);
}

/// Undoes a change, typing the component's name as severe risk asks.
fn undo(scene: &Scene, change: &str, name: &str) -> String {
    let undo = change_of(&scene.run(&["--json", "undo", change]).ended(4).events());
    scene.run(&["approve", &undo, "--confirm", name]).ended(0);
    undo
}

#[test]
fn a_template_that_holds_secrets_is_refused_where_another_system_applies() {
    let catalog = Catalog::shipped().unwrap();
    for template in catalog.templates().filter(|template| template.holds_secrets()) {
        let scene = Scene::new();
        for example in &template.examples {
            scene.run(&["ask", &example.sentence.en]).says(&["CM-3009"]);
        }
    }
}

#[test]
fn a_secret_is_gone_after_undo_and_filled_in_again_after_the_next() {
    let Some(cluster) = Cluster::with("flow-rehearsal") else { return };
    cluster.kubectl(&["create", "namespace", "flow-rehearsal"]);
    let mut scene = cluster.scene();
    scene.set("DB_PASSWORD", "CANARY-fedcba9876543210");
    let create = scene.carry_out("create secret db in flow-rehearsal with password=env:DB_PASSWORD");
    let gone = undo(&scene, &create, "db");
    assert_eq!(cluster.kubectl(&["get", "secrets", "-n", "flow-rehearsal", "-o", "name"]), "");
    undo(&scene, &gone, "db");
    let stored = cluster.kubectl(&["get", "secret", "db", "-n", "flow-rehearsal", "-o", "jsonpath={.data.password}"]);
    assert_eq!(stored, "Q0FOQVJZLWZlZGNiYTk4NzY1NDMyMTA=");
}
