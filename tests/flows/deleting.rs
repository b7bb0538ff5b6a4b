//! Deleting: severe, named first, and asked for by name.
//! Looks at the card, the refusal and what is left.
//! Must never go through with a bare approve.

use super::DEPLOY;
use crate::kit::scene::Scene;
use crate::kit::world::Repository;

#[test]
fn a_delete_needs_the_components_name() {
    let scene = Scene::new();
    scene.carry_out(DEPLOY);
    let change = scene.propose("delete cart in shop");
    let refused = scene.run(&["approve", &change, "--json"]);
    assert_ne!(refused.code, Some(0));
    assert_eq!(refused.events().last().unwrap()["code"], "CM-5006", "{}", refused.stdout);
    scene.run(&["approve", &change, "--confirm", "carts"]);
    assert_eq!(scene.state(&change), "awaiting_approval");
    scene.run(&["approve", &change, "--confirm", "cart"]).ended(0);
    assert_eq!(scene.state(&change), "succeeded");
    let files = Repository::at(&scene.repository()).files();
    assert!(!files.iter().any(|file| file.starts_with("shop/cart/")), "{files:?}");
}

#[test]
fn deletes_stand_first_on_the_card_and_none_is_left_out() {
    let scene = Scene::new();
    scene.carry_out(DEPLOY);
    let folder = scene.repository().join("shop/cart");
    let files = std::fs::read_dir(folder).unwrap().count();
    let card = scene.card(&scene.propose("delete cart in shop"));
    assert_eq!(card["risk"], "severe");
    let deletes = card["resources"].as_array().unwrap().iter().filter(|resource| resource["action"] == "delete");
    assert_eq!(deletes.count(), files);
}

#[test]
fn what_is_deleted_can_be_made_again_by_undo() {
    let scene = Scene::new();
    scene.carry_out(DEPLOY);
    let repository = Repository::at(&scene.repository());
    let before = repository.git(&["rev-parse", "main:shop/cart"]);
    let delete = scene.propose("delete cart in shop");
    scene.run(&["approve", &delete, "--confirm", "cart"]).ended(0);
    let undo = crate::kit::scene::change_of(&scene.run(&["--json", "undo", &delete]).ended(4).events());
    scene.run(&["approve", &undo]).ended(0);
    assert_eq!(repository.git(&["rev-parse", "main:shop/cart"]), before);
}
