//! Configuration: errors with their place, and what init writes.
//! Writes files a person might write.
//! Must never start with a guess.

use crate::kit::scene::Scene;

#[test]
fn a_misspelt_key_is_named_with_line_column_and_the_nearest_one() {
    let scene =
        Scene::with_config("[environments.local]\nmode = \"gitops\"\n\n[environments.local.aproval]\nneeded = 1\n");
    let finished = scene.run(&["changes"]);
    assert_eq!(finished.code, Some(1), "{}", finished.words());
    finished.says(&["CM-2002", "config.toml", "4", "aproval", "approval"]);
}

#[test]
fn a_half_written_file_is_named_with_its_place() {
    let scene = Scene::with_config("[environments.local]\nmode = \"git");
    scene.run(&["changes"]).ended(1).says(&["CM-2001", "config.toml", "2"]);
}

#[test]
fn a_secret_in_clear_is_refused_with_its_line_and_not_repeated() {
    let scene = Scene::with_config(
        "[environments.dev]\nmode = \"apply\"\n[environments.dev.terraform.credentials]\nAWS_SECRET_ACCESS_KEY = \"wJalrXUtnFEMI\"\n",
    );
    let finished = scene.run(&["changes"]).ended(1).says(&["CM-2003", "line 4", "env:NAME"]);
    assert!(!finished.words().contains("wJalr"), "{}", finished.words());
}

#[test]
fn a_model_whose_key_is_not_there_leaves_everything_to_the_planner_inside() {
    let scene = Scene::with_config(
        "[model]\nuse = \"main\"\n[models.main]\nbase_url = \"http://127.0.0.1:9/v1\"\nmodel = \"m\"\nkey = \"env:NO_SUCH_KEY\"\n",
    );
    scene.run(&["ask", super::DEPLOY]).ended(4).says(&["main", "CM-8005", "local/shop/cart"]);
    scene.run(&["doctor"]).ended(1).says(&["NO_SUCH_KEY"]);
}

#[test]
fn init_offers_the_folders_of_hcl_that_are_there() {
    let scene = Scene::new();
    let network = scene.path("work/infra/network");
    std::fs::create_dir_all(&network).unwrap();
    std::fs::write(network.join("main.tf"), "resource \"terraform_data\" \"a\" {}\n").unwrap();
    scene.run(&["init", "--yes", "--environment", "dev", "--root", "net=infra/network"]).ended(0);
    let text = std::fs::read_to_string(scene.path("home/.config/chopmark/config.toml")).unwrap();
    assert!(text.contains("[environments.dev.terraform.roots]") && text.contains("net = "), "{text}");
    scene.run(&["doctor"]).says(&["network"]);
}

#[test]
fn an_environment_that_is_not_there_is_named_with_the_nearest() {
    let scene = Scene::new();
    scene.run(&["--env", "locl", "changes"]).ended(1).says(&["CM-1005", "local"]);
    scene.run(&["changes", "--env", "locl"]).ended(1).says(&["CM-1005"]);
}

#[test]
fn what_init_writes_is_read_back_and_checked_by_the_doctor() {
    let scene = Scene::new();
    scene.run(&["init", "--yes", "--environment", "staging", "--mode", "gitops"]).ended(0);
    let file = scene.path("home/.config/chopmark/config.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.contains("[environments.staging]"), "{text}");
    scene.run(&["doctor"]).ended(0).says(&["staging"]);
    scene.run(&["--env", "staging", "ask", super::DEPLOY]).ended(4).says(&["staging/shop/cart"]);
}

#[test]
fn the_commented_default_is_itself_a_valid_file() {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/config.toml")).unwrap();
    let scene = Scene::with_config(&text);
    scene.run(&["changes"]).ended(0);
}

#[test]
fn completions_are_written_for_every_shell() {
    let scene = Scene::new();
    for shell in ["bash", "zsh", "fish"] {
        scene.run(&["completions", shell]).ended(0).says(&["approve"]);
    }
}

#[test]
fn a_wrong_command_line_ends_with_two_and_nothing_is_made() {
    let scene = Scene::new();
    assert_eq!(scene.run(&["aprove", "chg-7f3k2p"]).code, Some(2));
    assert_eq!(scene.run(&["approve"]).code, Some(2));
    assert!(!scene.data().exists());
}
