//! Git in trouble: missing, remote unreachable or moved, hooks that would run.
//! Uses real repositories on this machine.
//! Must never lose a commit, push another's work away, or run what a repository holds.

use super::DEPLOY;
use crate::kit::scene::{PROGRAM, Scene, finish};
use crate::kit::world::Repository;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

/// The embedded environment with a remote in the scene.
const WITH_REMOTE: &str = "[environments.local]\nmode = \"gitops\"\n\
    [environments.local.repository]\nremote = \"{root}/remote.git\"\n\
    [environments.local.approval]\napprovers = [\"owner\"]\nself_approval = true\n";

#[test]
fn a_commit_reaches_the_remote() {
    let scene = Scene::with_config(WITH_REMOTE);
    let remote = Repository::bare(&scene.path("remote.git"));
    let change = scene.carry_out(DEPLOY);
    assert_eq!(remote.commits_of(&change), 1);
    assert!(remote.files().iter().any(|file| file == "shop/cart/deployment.yaml"));
    assert_eq!(remote.head(), Repository::at(&scene.repository()).head());
}

#[test]
fn a_remote_that_moved_is_not_overwritten() {
    let scene = Scene::with_config(WITH_REMOTE);
    let remote = Repository::bare(&scene.path("remote.git"));
    scene.carry_out("deploy image nginx:1.27 as cart in shop with 2 replicas");
    let change = scene.propose("scale cart to 3");
    let other = Repository::clone_of(&scene.path("remote.git"), &scene.path("other"));
    other.commit_by_hand("shop/cart/component.toml", "replicas = 2", "replicas = 8");
    other.git(&["push", "--quiet", "origin", "main"]);
    let theirs = remote.head();
    let finished = scene.run(&["approve", &change, "--json"]);
    assert_ne!(finished.code, Some(0), "{}", finished.words());
    remote.git(&["merge-base", "--is-ancestor", &theirs, "main"]);
    assert!(remote.file("shop/cart/component.toml").contains("replicas = 8"), "their commit is still the last word");
    assert_ne!(scene.state(&change), "succeeded");
    scene.ledger_verifies();
}

#[test]
fn a_remote_that_cannot_be_reached_is_said_with_a_code_and_works_once_mended() {
    let scene = Scene::with_config(&WITH_REMOTE.replace("{root}/remote.git", "https://127.0.0.1:1/remote.git"));
    scene.run(&["ask", DEPLOY]).ended(1).says(&["CM-4006", "https://127.0.0.1:1/remote.git"]);
    let remote = Repository::bare(&scene.path("remote.git"));
    scene.write_config(WITH_REMOTE);
    let change = scene.carry_out(DEPLOY);
    assert_eq!(remote.commits_of(&change), 1);
    scene.ledger_verifies();
}

#[test]
fn a_remote_that_went_away_after_the_plan_leaves_nothing_half_done() {
    let scene = Scene::with_config(WITH_REMOTE);
    let remote = Repository::bare(&scene.path("remote.git"));
    scene.carry_out(DEPLOY);
    let head = remote.head();
    let change = scene.propose("scale cart to 3");
    std::fs::rename(&remote.path, scene.path("away.git")).unwrap();
    let finished = scene.run(&["approve", &change, "--json"]);
    assert_ne!(finished.code, Some(0));
    assert!(finished.words().contains("CM-400"), "{}", finished.words());
    std::fs::rename(scene.path("away.git"), &remote.path).unwrap();
    assert_eq!((remote.head(), Repository::at(&scene.repository()).head()), (head.clone(), head));
    scene.ledger_verifies();
}

#[test]
fn without_git_the_error_says_what_to_install() {
    let scene = Scene::new();
    let mut command = Command::new(PROGRAM);
    command.args(["--json", "ask", DEPLOY]);
    scene.dress(&mut command);
    command.env("PATH", scene.path("empty"));
    let finished = finish(&mut command, b"");
    assert_ne!(finished.code, Some(0));
    assert!(finished.words().contains("CM-4001"), "{}", finished.words());
}

#[test]
fn hooks_of_a_repository_are_not_run() {
    let scene = Scene::new();
    scene.carry_out(DEPLOY);
    let hooks = scene.repository().join(".git/hooks");
    std::fs::create_dir_all(&hooks).unwrap();
    for name in
        ["pre-commit", "post-commit", "reference-transaction", "commit-msg", "post-checkout", "post-index-change"]
    {
        let path = hooks.join(name);
        std::fs::write(&path, format!("#!/bin/sh\ntouch {}\n", scene.path("hooked").display())).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    scene.carry_out("scale cart to 3");
    assert!(!scene.path("hooked").exists(), "a hook ran");
}

#[test]
fn a_repositorys_own_configuration_starts_no_program() {
    let scene = Scene::new();
    scene.carry_out(DEPLOY);
    let repository = Repository::at(&scene.repository());
    let touch = format!("touch {}; cat", scene.path("ran").display());
    for key in ["core.fsmonitor", "core.editor", "diff.external", "gpg.program", "core.sshCommand", "core.pager"] {
        repository.git(&["config", key, &touch]);
    }
    repository.git(&["config", "commit.gpgSign", "true"]);
    repository.git(&["config", "filter.run.clean", &touch]);
    std::fs::create_dir_all(scene.repository().join(".git/info")).unwrap();
    std::fs::write(scene.repository().join(".git/info/attributes"), "* filter=run\n").unwrap();
    let change = scene.propose("scale cart to 3");
    scene.run(&["approve", &change]);
    assert!(!scene.path("ran").exists(), "a program of the repository's ran");
}

#[test]
fn a_remote_that_names_a_program_is_refused() {
    for remote in ["ext::sh -c touch%20PWNED", "--upload-pack=touch PWNED;false"] {
        let scene = Scene::with_config(&WITH_REMOTE.replace("{root}/remote.git", remote));
        scene.run(&["ask", DEPLOY]).ended(1).says(&["CM-2003"]);
        assert!(!scene.path("work/PWNED").exists());
    }
}
