//! Promises of the git runner about repositories, drafts and settings that mean harm (P40, P41, P44 to P46).
//! Run by `cargo test`, with the installed git.
//! Must never leave a trace outside its own temporary folder.

use crate::kit::scene::{Scene, by_hand, cart, draft_of, no_cart, runner};
use chopmark_domain::component::ComponentPath;
use chopmark_domain::draft::{Content, Draft};
use chopmark_domain::plan::Verb;
use chopmark_domain::ports::Components as _;
use chopmark_domain::problem::Code;
use proptest::prelude::*;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;

#[tokio::test]
async fn no_hook_filter_helper_or_monitor_of_the_repository_is_run() {
    let scene = Scene::local().await;
    let pwned = scene.folder.path().join("PWNED");
    let script = format!("#!/bin/sh\necho $0 >> {}\n", pwned.display());
    let program = scene.path().join(".git/evil");
    std::fs::write(&program, &script).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    std::fs::create_dir_all(scene.path().join(".git/hooks")).unwrap();
    for hook in ["pre-commit", "post-commit", "reference-transaction", "post-index-change", "pre-push", "post-checkout"]
    {
        std::fs::copy(&program, scene.path().join(".git/hooks").join(hook)).unwrap();
    }
    std::fs::write(scene.path().join(".gitattributes"), "* filter=evil diff=evil\n").unwrap();
    scene.hand(&["-c", "core.hooksPath=/dev/null", "add", ".gitattributes"]);
    scene.hand(&["-c", "core.hooksPath=/dev/null", "commit", "-qm", "Attributes"]);
    let evil = program.display().to_string();
    for key in [
        "core.fsmonitor",
        "core.hooksPath",
        "core.sshCommand",
        "core.editor",
        "core.pager",
        "core.askPass",
        "filter.evil.clean",
        "filter.evil.smudge",
        "diff.evil.textconv",
        "diff.external",
        "gpg.program",
        "credential.helper",
    ] {
        let value =
            if key == "core.hooksPath" { scene.path().join(".git/hooks").display().to_string() } else { evil.clone() };
        by_hand(scene.path(), &["config", key, &value]);
    }
    for key in ["commit.gpgSign", "log.showSignature"] {
        by_hand(scene.path(), &["config", key, "true"]);
    }
    let _asking_by_hand_may_run_them = std::fs::remove_file(&pwned);
    scene.change(&cart("x\n"), "run-aaaa").await;
    scene.change(&no_cart(), "run-bbbb").await;
    assert!(!pwned.exists(), "{}", std::fs::read_to_string(&pwned).unwrap());
}

#[tokio::test]
async fn a_hostile_address_is_refused_before_git_sees_it() {
    let mut scene = Scene::local().await;
    let good = scene.environment.repository.clone();
    let pwned = scene.path().join("PWNED");
    for url in ["--upload-pack=touch PWNED;false", "ext::sh -c id", "file:///etc", "/etc", "-evil", "http://x/y"] {
        scene.environment.repository.remote = Some(url.to_owned());
        assert_eq!(scene.plan(&cart("x")).await.unwrap_err().code, Code::RepositoryUnusable, "{url}");
        assert_eq!(scene.git.prepare(&scene.environment).await.unwrap_err().code, Code::RepositoryUnusable, "{url}");
    }
    scene.environment.repository = good.clone();
    for branch in ["-evil", "--output=PWNED", "a b", "a$(touch PWNED)", "../x", "", "refs/../x", "x^{/y}"] {
        scene.environment.repository.branch = branch.to_owned();
        assert_eq!(scene.plan(&cart("x")).await.unwrap_err().code, Code::RepositoryUnusable, "{branch}");
    }
    scene.environment.repository = good.clone();
    for folder in ["..", "/etc", ".git", "a/../..", "a/.git/hooks", "-x"] {
        scene.environment.repository.folder = folder.to_owned();
        assert_eq!(scene.plan(&cart("x")).await.unwrap_err().code, Code::RepositoryUnusable, "{folder}");
    }
    scene.environment.repository = good;
    scene.environment.repository.path = "relative".into();
    assert_eq!(scene.plan(&cart("x")).await.unwrap_err().code, Code::RepositoryUnusable);
    assert!(!pwned.exists());
}

#[tokio::test]
async fn a_file_outside_the_components_folder_is_refused() {
    let scene = Scene::local().await;
    for name in ["../../outside/main.tf", "/etc/x", "a/../../b", "a/b", ".gitattributes", ".git", "", "x\ny", "-x"] {
        let problem = scene.plan(&draft_of("dev/shop/cart", &[(name, "x")])).await.unwrap_err();
        assert_eq!(problem.code, Code::RenderMismatch, "{name:?}");
    }
    let mut twice = draft_of("dev/shop/cart", &[("a", "1"), ("a", "2")]);
    assert_eq!(scene.plan(&twice).await.unwrap_err().code, Code::RenderMismatch);
    // What is applied is the draft that was countersigned with the plan, and no other.
    let draft = cart("x\n");
    let step = scene.plan(&draft).await.unwrap();
    twice = cart("y\n");
    assert_eq!(scene.apply(&twice, &step, "run-aaaa").await.unwrap_err().problem.code, Code::DigestMismatch);
    assert_eq!(scene.hand(&["rev-list", "--count", "main"]), "1");
}

#[tokio::test]
async fn links_in_the_repository_are_never_followed() {
    let scene = Scene::local().await;
    let outside = scene.folder.path().join("outside");
    std::fs::create_dir_all(outside.join("cart")).unwrap();
    std::fs::write(outside.join("secret"), "secret").unwrap();
    // A committed link in place of the group's folder.
    std::fs::create_dir_all(scene.path().join("environments/dev")).unwrap();
    symlink(&outside, scene.path().join("environments/dev/shop")).unwrap();
    scene.hand(&["add", "."]);
    scene.hand(&["commit", "-qm", "A link"]);
    let problem = scene.plan(&cart("x\n")).await.unwrap_err();
    assert_eq!(problem.code, Code::RepositoryUnusable, "{problem}");
    scene.hand(&["rm", "-qr", "environments"]);
    scene.hand(&["commit", "-qm", "No link"]);
    // A link in the work tree alone.
    std::fs::create_dir_all(scene.path().join("environments/dev/shop")).unwrap();
    symlink(outside.join("cart"), scene.file("").parent().unwrap().join("cart")).unwrap();
    let problem = scene.plan(&cart("x\n")).await.unwrap_err();
    assert_eq!(problem.code, Code::RepositoryEdited, "{problem}");
    std::fs::remove_file(scene.path().join("environments/dev/shop/cart")).unwrap();
    // A committed link within the folder is named, goes, and is read as what it is.
    scene.change(&cart("x\n"), "run-aaaa").await;
    symlink(outside.join("secret"), scene.file("link.yaml")).unwrap();
    scene.hand(&["add", "."]);
    scene.hand(&["commit", "-qm", "A link within"]);
    let version =
        scene.git.read(&scene.environment, &ComponentPath::new("shop", "cart").unwrap()).await.unwrap().unwrap();
    assert!(version.files.iter().all(|file| file.name != "link.yaml"));
    let step = scene.plan(&cart("y\n")).await.unwrap();
    let link = step.actions.iter().find(|action| action.address == "shop/cart/link.yaml").unwrap();
    assert_eq!((link.verb, link.because.as_deref()), (Verb::Delete, Some("mode 120000")));
    scene.apply(&cart("y\n"), &step, "run-bbbb").await.unwrap();
    assert_eq!(std::fs::read_to_string(outside.join("secret")).unwrap(), "secret");
    assert_eq!(std::fs::read_dir(outside.join("cart")).unwrap().count(), 0);
}

#[tokio::test]
async fn a_setting_that_sends_the_remote_elsewhere_is_refused() {
    let scene = Scene::with_remote(chopmark_domain::environment::Mode::Gitops).await;
    let url = scene.environment.repository.remote.clone().unwrap();
    let draft = cart("x\n");
    let step = scene.plan(&draft).await.unwrap();
    let elsewhere = scene.folder.path().join("elsewhere.git").display().to_string();
    by_hand(scene.folder.path(), &["init", "-q", "--bare", "elsewhere.git"]);
    scene.hand(&["config", &format!("url.{elsewhere}.pushInsteadOf"), &url]);
    assert_eq!(scene.apply(&draft, &step, "run-aaaa").await.unwrap_err().problem.code, Code::RepositoryUnusable);
    assert_eq!(by_hand(Path::new(&elsewhere), &["for-each-ref"]), "");
}

#[tokio::test]
async fn a_replacement_object_does_not_change_what_is_read() {
    let scene = Scene::local().await;
    scene.change(&cart("true\n"), "run-aaaa").await;
    let blob = scene.hand(&["rev-parse", "main:environments/dev/shop/cart/deployment.yaml"]);
    std::fs::write(scene.folder.path().join("lie"), "lie\n").unwrap();
    let lie = scene.hand(&["hash-object", "-w", "../lie"]);
    scene.hand(&["replace", &blob, &lie]);
    let version =
        scene.git.read(&scene.environment, &ComponentPath::new("shop", "cart").unwrap()).await.unwrap().unwrap();
    assert!(version.files.iter().any(|file| file.text == "true\n"));
}

fn with_text(text: &str) -> Draft {
    let mut draft = cart("");
    if let Content::Component { files, .. } = &mut draft.content {
        files.iter_mut().filter(|file| file.name == "deployment.yaml").for_each(|file| file.text = text.to_owned());
    }
    draft
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_a_file_holds_is_what_is_committed(text in "(\\PC|\n|\r|\u{0}|done\n|M 100644 inline x\ndata 1\n|\"|\\\\){0,60}") {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let scene = Scene::local().await;
            scene.change(&with_text(&text), "run-aaaa").await;
            assert_eq!(std::fs::read(scene.file("deployment.yaml")).unwrap(), text.as_bytes());
            assert_eq!(scene.hand(&["status", "--porcelain"]), "");
        });
    }

    #[test]
    fn a_branch_that_is_accepted_here_is_accepted_by_git(branch in "[a-zA-Z主é0-9._/-]{1,12}") {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let problem = runtime.block_on(async {
            let mut scene = Scene::local().await;
            scene.environment.repository.path = folder.path().join("new");
            scene.environment.repository.branch = branch.clone();
            scene.git.prepare(&scene.environment).await.err()
        });
        if let Some(problem) = problem {
            assert_eq!(problem.code, Code::RepositoryUnusable, "{branch}: {problem}");
        }
    }
}

#[tokio::test]
async fn a_missing_git_says_so() {
    let missing = chopmark_runners::confine::find("git", std::ffi::OsStr::new("/nonexistent")).unwrap_err();
    assert_eq!(missing.code, Code::ProgramMissing);
    assert_eq!(runner().program().await.unwrap().name, "git");
}
