//! The first minute: no account, no key, no configuration; git alone is enough.
//! Runs the program in an empty home.
//! Must never need a network, a cluster or a question answered.

use super::DEPLOY;
use crate::kit::scene::Scene;
use crate::kit::screen::Screen;
use crate::kit::world::Repository;

#[test]
fn the_first_start_names_three_things_to_try_and_asks_nothing() {
    let scene = Scene::new();
    let Some(screen) = Screen::open(&scene, "first-start", "") else { return };
    screen.shows("chopmark> ");
    let words = screen.text();
    let tries = words.lines().skip_while(|line| !line.contains("hree things")).skip(1);
    let tries: Vec<_> = tries.take_while(|line| line.starts_with("  ")).map(str::trim).collect();
    assert!(tries.len() >= 3 && tries.contains(&DEPLOY), "{words}");
    screen.line("quit");
    screen.shows("ended with 0");
}

#[test]
fn each_thing_to_try_is_understood() {
    let scene = Scene::new();
    let finished = scene.chat(&[DEPLOY, "what changed today?", "what can you do?"]).ended(0);
    assert!(!finished.words().contains("CM-"), "{}", finished.words());
}

#[test]
fn a_sentence_becomes_reviewed_approved_committed_manifests() {
    let scene = Scene::new();
    scene.chat(&[DEPLOY, "approve"]).ended(0);
    let repository = Repository::at(&scene.repository());
    let files = repository.files();
    for name in ["shop/cart/component.toml", "shop/cart/deployment.yaml", "shop/cart/service.yaml"] {
        assert!(files.iter().any(|file| file == name), "{name} is not in {files:?}");
    }
    assert!(repository.file("shop/cart/deployment.yaml").contains("nginx:1.27"));
    let message = repository.git(&["log", "-1", "--format=%B"]);
    assert!(message.contains("chg-"), "the commit names its change: {message}");
    scene.ledger_verifies();
}

#[test]
fn nothing_is_written_before_approval() {
    let scene = Scene::new();
    scene.chat(&[DEPLOY]).ended(0);
    let repository = Repository::at(&scene.repository());
    assert!(!repository.files().iter().any(|file| file.starts_with("shop/")), "{:?}", repository.files());
}

#[test]
fn a_kubeconfig_that_is_there_is_offered_and_consumes_no_line() {
    let scene = Scene::new();
    std::fs::create_dir_all(scene.path("home/.kube")).unwrap();
    let kubeconfig = "apiVersion: v1\nkind: Config\n\
        clusters: [{name: c, cluster: {server: \"https://127.0.0.1:1\"}}]\nusers: [{name: u, user: {}}]\n\
        contexts: [{name: kind-play, context: {cluster: c, user: u}}]\ncurrent-context: kind-play\n";
    std::fs::write(scene.path("home/.kube/config"), kubeconfig).unwrap();
    let Some(screen) = Screen::open(&scene, "offer", "") else { return };
    screen.shows("kind-play");
    screen.line(DEPLOY);
    screen.shows("local/shop/cart");
    screen.line("quit");
    screen.shows("ended with 0");
    scene.run(&["changes"]).ended(0).says(&["local/shop/cart"]);
}

#[test]
fn the_data_folder_is_where_it_is_told_to_be_before_or_after_the_command() {
    let scene = Scene::new();
    let (one, two) = (scene.path("one"), scene.path("two"));
    scene.run(&["--data", one.to_str().unwrap(), "changes"]).ended(0);
    scene.run(&["changes", "--data", two.to_str().unwrap()]).ended(0);
    assert!(one.join("chopmark.db").exists() && two.join("chopmark.db").exists());
    assert!(!scene.data().exists());
}

#[test]
fn others_on_the_machine_cannot_read_the_data_folder() {
    use std::os::unix::fs::PermissionsExt;
    let scene = Scene::new();
    scene.run(&["changes"]).ended(0);
    let mode = std::fs::metadata(scene.data()).unwrap().permissions().mode();
    assert_eq!(mode & 0o077, 0, "{mode:o}");
}

#[test]
fn the_doctor_says_what_is_there_and_what_is_missing() {
    let scene = Scene::new();
    scene.run(&["doctor"]).ended(0).says(&["git"]);
}
