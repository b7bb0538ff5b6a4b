//! Editing: a waiting change in words, a component by its values.
//! Looks at cards and at what is committed.
//! Must never change what was not mentioned.

use super::DEPLOY;
use crate::kit::scene::Scene;
use crate::kit::world::Repository;

#[test]
fn editing_a_waiting_change_makes_its_next_revision() {
    let scene = Scene::new();
    let change = scene.propose(DEPLOY);
    let before = scene.card(&change);
    scene.run(&["edit", &change, "make it 3 replicas"]).ended(4);
    let after = scene.card(&change);
    assert_eq!((&before["revision"], &after["revision"]), (&1.into(), &2.into()));
    assert_ne!(before["digest"], after["digest"]);
    assert!(!after["differences"].as_array().unwrap().is_empty(), "the card says what differs: {after}");
    scene.run(&["approve", &change]).ended(0);
    let deployment = Repository::at(&scene.repository()).file("shop/cart/deployment.yaml");
    assert!(deployment.contains("replicas: 3") && deployment.contains("nginx:1.27"), "{deployment}");
}

#[test]
fn an_edit_changes_what_was_said_and_nothing_else() {
    let scene = Scene::new();
    scene.carry_out("deploy image nginx:1.27 as cart in shop with 2 replicas, 64Mi memory, port 8080");
    scene.carry_out("set cart's image to nginx:1.28");
    let repository = Repository::at(&scene.repository());
    let diff = repository.git(&["diff", "--unified=0", "main~1", "main", "--", "shop/cart/deployment.yaml"]);
    let changed: Vec<_> = diff.lines().filter(|line| line.starts_with('+') && !line.starts_with("+++")).collect();
    assert!(changed.iter().all(|line| line.contains("nginx:1.28") || line.contains("chopmark")), "{diff}");
}

#[test]
fn an_edit_that_changes_nothing_says_so() {
    let scene = Scene::new();
    scene.carry_out("deploy image nginx:1.27 as cart in shop with 2 replicas");
    let count = Repository::at(&scene.repository()).count();
    let finished = scene.run(&["--json", "ask", "scale cart to 2"]);
    assert!(finished.stdout.contains("CM-3010") || finished.stdout.contains("no_changes"), "{}", finished.stdout);
    assert_eq!(Repository::at(&scene.repository()).count(), count);
}

#[test]
fn a_restart_is_a_difference_without_a_changed_value() {
    let scene = Scene::new();
    scene.carry_out(DEPLOY);
    scene.carry_out("restart cart");
    let repository = Repository::at(&scene.repository());
    let diff = repository.git(&["diff", "--stat", "main~1", "main", "--", "shop/cart/deployment.yaml"]);
    assert!(diff.contains("deployment.yaml"), "{diff}");
    assert_eq!(repository.git(&["diff", "main~1", "main", "--", "shop/cart/service.yaml"]), "");
}

#[test]
fn what_a_person_committed_by_hand_is_the_present_version() {
    let scene = Scene::new();
    scene.carry_out("deploy image nginx:1.27 as cart in shop with 2 replicas");
    let repository = Repository::at(&scene.repository());
    repository.commit_by_hand("shop/cart/component.toml", "replicas = 2", "replicas = 6");
    scene.carry_out("set cart's image to nginx:1.28");
    assert!(repository.file("shop/cart/component.toml").contains("replicas = 6"));
}
