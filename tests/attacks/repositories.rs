//! Attacks by repositories and paths (P44 to P46): addresses, branches, hooks, links and places outside.
//! The configuration, the repository itself and folders of templates are the doors.
//! Must never find a program run, or a file written, that the repository brought along.

use super::rig::{DEPLOY, Egress};
use super::runners::toml;
use crate::kit::scene::{Scene, change_of};
use crate::kit::world::Repository;
use rstest::rstest;
use std::os::unix::fs::PermissionsExt as _;

#[rstest]
#[case("--upload-pack=touch PWNED;false")]
#[case("ext::sh -c touch% PWNED")]
#[case("file:///etc")]
#[case("-evil")]
#[case("http://127.0.0.1:1/x.git")]
#[case("git@-oProxyCommand=touch PWNED:x")]
#[case("ssh://-oProxyCommand=touch%20PWNED/x")]
#[case("fd::17/x")]
#[case("https://user:CANARY@attacker.example/x.git")]
fn p44_a_remote_that_is_no_address_is_refused(#[case] remote: &str) {
    let egress = Egress::listen();
    let config = format!(
        "[environments.local]\nmode = \"gitops\"\n[environments.local.repository]\nremote = {}\n\
        [environments.local.approval]\napprovers = [\"owner\"]\nself_approval = true\n",
        toml(remote)
    );
    let mut scene = Scene::with_config(&config);
    egress.watch(&mut scene);
    for arguments in [vec!["--json", "ask", DEPLOY], vec!["--json", "drift"], vec!["--json", "doctor"]] {
        let finished = scene.run(&arguments);
        assert_ne!(finished.code, Some(4), "{arguments:?}: {}", finished.words());
        assert!(!finished.words().contains("user:CANARY"), "{}", finished.words());
    }
    let found = std::process::Command::new("find").arg(scene.path("")).args(["-name", "PWNED*"]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&found.stdout), "");
    egress.is_silent();
}

#[rstest]
#[case::option("branch", "-evil")]
#[case::output("branch", "--output=PWNED")]
#[case::command("branch", "a$(touch PWNED)")]
#[case::up("branch", "../x")]
#[case::range("branch", "main..other")]
#[case::reflog("branch", "main@{1}")]
#[case::up_folder("folder", "../..")]
#[case::git_folder("folder", ".git/hooks")]
#[case::git_folder_in_capitals("folder", ".GIT/hooks")]
#[case::absolute("folder", "/etc")]
#[case::option_folder("folder", "-x")]
fn p44_p46_a_branch_or_folder_that_is_none_is_refused(#[case] key: &str, #[case] value: &str) {
    let config = format!(
        "[environments.local]\nmode = \"gitops\"\n[environments.local.repository]\n{key} = {}\n\
        [environments.local.approval]\napprovers = [\"owner\"]\nself_approval = true\n",
        toml(value)
    );
    let scene = Scene::with_config(&config);
    let finished = scene.run(&["--json", "ask", DEPLOY]);
    assert!(![Some(0), Some(4)].contains(&finished.code), "{}", finished.words());
    assert!(finished.words().contains("CM-2") || finished.words().contains("CM-4"), "{}", finished.words());
    let found = std::process::Command::new("find").arg(scene.path("")).args(["-name", "PWNED*"]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&found.stdout), "");
}

#[test]
fn p45_nothing_that_a_repository_holds_is_run() {
    let scene = Scene::new();
    scene.carry_out(DEPLOY);
    let repository = Repository::at(&scene.repository());
    let evil = scene.path("evil");
    std::fs::write(&evil, format!("#!/bin/sh\necho $0 >> {}\ncat\n", scene.path("RAN").display())).unwrap();
    std::fs::set_permissions(&evil, std::fs::Permissions::from_mode(0o755)).unwrap();
    for folder in [scene.repository().join(".git/hooks"), scene.path("hooks")] {
        std::fs::create_dir_all(&folder).unwrap();
        for hook in [
            "pre-commit",
            "post-commit",
            "commit-msg",
            "reference-transaction",
            "post-index-change",
            "pre-push",
            "post-checkout",
            "post-rewrite",
            "pre-auto-gc",
        ] {
            std::fs::copy(&evil, folder.join(hook)).unwrap();
        }
    }
    let program = evil.display().to_string();
    for key in [
        "core.fsmonitor",
        "core.editor",
        "core.pager",
        "core.sshCommand",
        "diff.external",
        "gpg.program",
        "filter.evil.clean",
        "filter.evil.smudge",
        "filter.evil.process",
        "diff.evil.textconv",
        "diff.evil.command",
        "merge.evil.driver",
        "credential.helper",
        "core.alternateRefsCommand",
        "log.mailmap",
    ] {
        repository.git(&["config", key, &program]);
    }
    repository.git(&["config", "core.hooksPath", scene.path("hooks").to_str().unwrap()]);
    repository.git(&["config", "commit.gpgSign", "true"]);
    repository.git(&["config", "filter.evil.required", "true"]);
    std::fs::create_dir_all(scene.repository().join(".git/info")).unwrap();
    std::fs::write(scene.repository().join(".git/info/attributes"), "* filter=evil diff=evil merge=evil\n").unwrap();
    let included = scene.path("included");
    std::fs::write(&included, format!("[core]\n\tfsmonitor = {program}\n")).unwrap();
    repository.git(&["config", "include.path", included.to_str().unwrap()]);
    let _ = std::fs::remove_file(scene.path("RAN"));
    for words in ["scale cart to 3", "delete cart in shop"] {
        let finished = scene.run(&["--json", "ask", words]);
        if finished.code == Some(4) {
            scene.run(&["approve", &change_of(&finished.events()), "--confirm", "cart"]);
        }
    }
    scene.run(&["--json", "drift"]);
    assert_eq!(std::fs::read_to_string(scene.path("RAN")).ok(), None);
}

#[rstest]
#[case("../../outside.yaml")]
#[case("/tmp/outside.yaml")]
#[case("a/../../b.yaml")]
#[case("sub/a.yaml")]
#[case(".git/config")]
#[case("component.toml")]
fn p46_a_template_whose_example_says_another_place_does_not_load(#[case] place: &str) {
    let scene = Scene::new();
    let shipped = concat!(env!("CARGO_MANIFEST_DIR"), "/templates/kubernetes/config-map");
    let folder = scene.path("work/memo");
    std::process::Command::new("cp").arg("-r").arg(shipped).arg(&folder).status().unwrap();
    let example = folder.join("examples/settings.toml");
    let text = std::fs::read_to_string(&example).unwrap();
    std::fs::write(&example, text.replace("\"config-map.yaml\"", &toml(place))).unwrap();
    let finished = scene.run(&["templates", "check", folder.to_str().unwrap()]);
    assert_ne!(finished.code, Some(0), "{}", finished.words());
}

#[test]
fn p46_links_lead_nowhere() {
    let scene = Scene::new();
    let shipped = concat!(env!("CARGO_MANIFEST_DIR"), "/templates/kubernetes/config-map");
    let folder = scene.path("work/memo");
    std::process::Command::new("cp").arg("-r").arg(shipped).arg(&folder).status().unwrap();
    std::os::unix::fs::symlink("/etc/passwd", folder.join("files/link.yaml")).unwrap();
    let finished = scene.run(&["templates", "check", folder.to_str().unwrap()]);
    assert_ne!(finished.code, Some(0), "{}", finished.words());
    assert!(!finished.words().contains("root:x:0"), "{}", finished.words());
    // A link in the place of a component's folder, committed and loose.
    scene.carry_out(DEPLOY);
    let outside = scene.path("outside");
    std::fs::create_dir_all(&outside).unwrap();
    let cart = scene.repository().join("shop/cart");
    std::fs::rename(&cart, scene.path("kept")).unwrap();
    std::os::unix::fs::symlink(&outside, &cart).unwrap();
    Repository::at(&scene.repository()).git(&["add", "--all"]);
    Repository::at(&scene.repository()).git(&["commit", "--quiet", "--message=A link"]);
    for words in [DEPLOY, "scale cart to 3"] {
        let finished = scene.run(&["--json", "ask", words]);
        if finished.code == Some(4) {
            scene.run(&["approve", &change_of(&finished.events())]);
        }
    }
    assert_eq!(std::fs::read_dir(&outside).unwrap().count(), 0, "something was written outside");
}
