//! Undo: the version before, planned and countersigned like any change.
//! Compares the folder of the component, byte for byte.
//! Must never rewrite history.

use super::DEPLOY;
use crate::kit::scene::{Scene, change_of};
use crate::kit::world::Repository;

/// With two from the start, scaling brings and takes no object.
const WITH_TWO: &str = "deploy image nginx:1.27 as cart in shop with 2 replicas";

#[test]
fn undoing_an_edit_brings_back_the_folder_byte_for_byte() {
    let scene = Scene::new();
    scene.carry_out(WITH_TWO);
    let repository = Repository::at(&scene.repository());
    let before = repository.git(&["rev-parse", "main:shop/cart"]);
    let edit = scene.carry_out("scale cart to 5");
    assert_ne!(repository.git(&["rev-parse", "main:shop/cart"]), before);
    let undo = change_of(&scene.run(&["--json", "undo", &edit]).ended(4).events());
    scene.run(&["approve", &undo]).ended(0);
    assert_eq!(repository.git(&["rev-parse", "main:shop/cart"]), before);
    assert_eq!(repository.git(&["log", "--format=%H", "--", "shop/cart"]).lines().count(), 3, "history grows");
}

#[test]
fn undoing_a_creation_is_a_named_delete() {
    let scene = Scene::new();
    let create = scene.carry_out(DEPLOY);
    let undo = change_of(&scene.run(&["--json", "undo", &create]).ended(4).events());
    let card = scene.card(&undo);
    assert_eq!(card["risk"], "severe");
    let resources = card["resources"].as_array().unwrap();
    assert!(!resources.is_empty() && resources.iter().all(|resource| resource["action"] == "delete"), "{card}");
    scene.run(&["approve", &undo, "--confirm", "cart"]).ended(0);
    let files = Repository::at(&scene.repository()).files();
    assert!(!files.iter().any(|file| file.starts_with("shop/cart/")), "{files:?}");
}

#[test]
fn an_undo_waits_for_approval_like_any_change() {
    let scene = Scene::new();
    let change = scene.carry_out(DEPLOY);
    let head = Repository::at(&scene.repository()).head();
    scene.run(&["undo", &change]).ended(4);
    assert_eq!(Repository::at(&scene.repository()).head(), head);
}

#[test]
fn undoing_an_edit_that_brought_an_object_is_severe_and_names_what_goes() {
    let scene = Scene::new();
    scene.carry_out(DEPLOY);
    let edit = scene.carry_out("scale cart to 3");
    let undo = change_of(&scene.run(&["--json", "undo", &edit]).ended(4).events());
    let card = scene.card(&undo);
    assert_eq!((&card["risk"], &card["resources"][0]["action"]), (&"severe".into(), &"delete".into()), "{card}");
    scene.run(&["approve", &undo]).ended(3).says(&["CM-5006"]);
    scene.run(&["approve", &undo, "--confirm", "cart"]).ended(0);
}

#[test]
fn an_undo_of_an_undo_brings_the_edit_back() {
    let scene = Scene::new();
    scene.carry_out(WITH_TWO);
    let edit = scene.carry_out("scale cart to 5");
    let repository = Repository::at(&scene.repository());
    let edited = repository.git(&["rev-parse", "main:shop/cart"]);
    let undo = change_of(&scene.run(&["--json", "undo", &edit]).events());
    scene.run(&["approve", &undo]).ended(0);
    let again = change_of(&scene.run(&["--json", "undo", &undo]).events());
    scene.run(&["approve", &again]).ended(0);
    assert_eq!(repository.git(&["rev-parse", "main:shop/cart"]), edited);
}
