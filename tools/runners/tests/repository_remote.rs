//! Promises of the git runner about remotes: moved, unreachable, refusing, owed.
//! Run by `cargo test`, with bare repositories of this machine as remotes.
//! Must never reach a real network.

use crate::kit::scene::{Scene, Silent, by_hand, cart, draft_of};
use chopmark_domain::environment::Mode;
use chopmark_domain::ports::Runner as _;
use chopmark_domain::problem::Code;
use chopmark_domain::run::{Observed, Verification};
use std::path::PathBuf;

fn remote(scene: &Scene) -> PathBuf {
    scene.folder.path().join("remote.git")
}

/// Somebody else's commit at the remote: one file with one text.
fn others_commit(scene: &Scene, file: &str, text: &str) {
    let clone = scene.folder.path().join("clone");
    if !clone.exists() {
        by_hand(scene.folder.path(), &["clone", "-q", "remote.git", "clone"]);
    }
    by_hand(&clone, &["pull", "-q", "--ff-only"]);
    let path = clone.join(file);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
    by_hand(&clone, &["add", "."]);
    by_hand(&clone, &["commit", "-qm", "Somebody else"]);
    by_hand(&clone, &["push", "-q", "origin", "main"]);
}

fn hide(scene: &Scene) {
    std::fs::rename(remote(scene).join("objects"), remote(scene).join("hidden")).unwrap();
    std::fs::create_dir(remote(scene).join("objects")).unwrap();
    std::fs::rename(remote(scene).join("refs"), remote(scene).join("hidden-refs")).unwrap();
}

fn find_again(scene: &Scene) {
    std::fs::remove_dir(remote(scene).join("objects")).unwrap();
    std::fs::rename(remote(scene).join("hidden"), remote(scene).join("objects")).unwrap();
    std::fs::rename(remote(scene).join("hidden-refs"), remote(scene).join("refs")).unwrap();
}

#[tokio::test]
async fn in_gitops_the_remote_holds_what_was_shown_and_the_branch_here_follows() {
    let scene = Scene::with_remote(Mode::Gitops).await;
    let record = scene.change(&cart("x\n"), "run-aaaa").await;
    let commit = record.commit.unwrap();
    assert_eq!(by_hand(&remote(&scene), &["rev-parse", "main"]), commit.as_str());
    assert_eq!(scene.hand(&["rev-parse", "main"]), commit.as_str());
    assert_eq!(scene.hand(&["status", "--porcelain"]), "");
    assert!(!record.push_owed);
    assert!(record.programs.iter().any(|run| run.argv.contains(&"push".to_owned())));
    assert!(record.programs.iter().all(|run| !run.argv.iter().any(|word| word.contains("force") || word == "-f")));
}

#[tokio::test]
async fn commits_of_others_at_the_remote_are_built_upon() {
    let scene = Scene::with_remote(Mode::Gitops).await;
    scene.change(&cart("x\n"), "run-aaaa").await;
    others_commit(&scene, "notes.txt", "1\n");
    let draft = cart("y\n");
    let step = scene.plan(&draft).await.unwrap();
    // And once more between the plan and the push.
    others_commit(&scene, "notes.txt", "2\n");
    scene.apply(&draft, &step, "run-bbbb").await.unwrap();
    assert_eq!(std::fs::read_to_string(scene.path().join("notes.txt")).unwrap(), "2\n");
    assert_eq!(scene.hand(&["status", "--porcelain"]), "");
    assert_eq!(by_hand(&remote(&scene), &["show", "main:environments/dev/shop/cart/deployment.yaml"]), "y");
}

#[tokio::test]
async fn a_component_that_others_changed_at_the_remote_is_not_overwritten() {
    let scene = Scene::with_remote(Mode::Gitops).await;
    scene.change(&cart("x\n"), "run-aaaa").await;
    let draft = cart("y\n");
    let step = scene.plan(&draft).await.unwrap();
    others_commit(&scene, "environments/dev/shop/cart/deployment.yaml", "theirs\n");
    assert_eq!(scene.apply(&draft, &step, "run-bbbb").await.unwrap_err().problem.code, Code::PlanStale);
    assert_eq!(scene.git.observe(&scene.environment, &step).await, Observed::NotStarted);
    assert_eq!(by_hand(&remote(&scene), &["show", "main:environments/dev/shop/cart/deployment.yaml"]), "theirs");
    // A draft that was rendered before the plan found out is not planned over it either.
    others_commit(&scene, "environments/dev/shop/cart/deployment.yaml", "theirs again\n");
    assert_eq!(scene.plan(&draft).await.unwrap_err().code, Code::RemoteMoved);
    // The next one knows.
    scene.change(&draft, "run-cccc").await;
}

#[tokio::test]
async fn histories_that_went_apart_are_a_persons_to_join() {
    let scene = Scene::with_remote(Mode::Gitops).await;
    others_commit(&scene, "notes.txt", "1\n");
    scene.hand(&["commit", "-q", "--allow-empty", "-m", "Here only"]);
    assert_eq!(scene.plan(&cart("x\n")).await.unwrap_err().code, Code::RemoteMoved);
    // Commits that are only here, and would be pushed along, are said.
    scene.hand(&["reset", "-q", "--hard", "refs/chopmark/remote/main"]);
    scene.hand(&["commit", "-q", "--allow-empty", "-m", "Here only"]);
    let step = scene.plan(&cart("x\n")).await.unwrap();
    let caveats: Vec<_> = step.caveats.iter().map(|caveat| (caveat.key.as_str(), caveat.about.as_str())).collect();
    assert_eq!(caveats, [("caveat-unpushed-commits", "1")]);
}

#[tokio::test]
async fn an_unreachable_remote_stops_gitops_and_is_a_caveat_elsewhere() {
    let scene = Scene::with_remote(Mode::Gitops).await;
    let draft = cart("x\n");
    let step = scene.plan(&draft).await.unwrap();
    hide(&scene);
    let problem = scene.plan(&draft).await.unwrap_err();
    assert_eq!(problem.code, Code::RemoteUnreachable, "{problem}");
    let head = scene.hand(&["rev-parse", "main"]);
    let failed = scene.apply(&draft, &step, "run-aaaa").await.unwrap_err();
    assert_eq!(failed.problem.code, Code::OutcomeUnknown, "{}", failed.problem);
    assert_eq!(scene.hand(&["rev-parse", "main"]), head);
    assert!(matches!(scene.git.observe(&scene.environment, &step).await, Observed::Unknown(_)));
    find_again(&scene);
    assert_eq!(scene.git.observe(&scene.environment, &step).await, Observed::NotStarted);
    let refs = scene.hand(&["for-each-ref", "--format=%(refname)"]);
    assert_eq!(refs, "refs/chopmark/remote/main\nrefs/heads/main");
}

#[tokio::test]
async fn in_apply_the_push_comes_after_and_is_owed_until_it_worked() {
    let scene = Scene::with_remote(Mode::Apply).await;
    let draft = cart("x\n");
    hide(&scene);
    let step = scene.plan(&draft).await.unwrap();
    assert_eq!(step.caveats[0].key, "caveat-remote-unreachable");
    let record = scene.apply(&draft, &step, "run-aaaa").await.unwrap();
    assert!(record.push_owed);
    assert_eq!(scene.git.observe(&scene.environment, &step).await, Observed::Applied);
    let verified = scene.git.verify(&scene.environment, &draft, &step, &record, &Silent).await.unwrap();
    assert!(matches!(verified, Verification::Passed { .. }));
    let owed = scene.git.publish(&scene.environment, &step).await.unwrap_err();
    assert_eq!(owed.code, Code::PushOwed, "{owed}");
    find_again(&scene);
    scene.git.publish(&scene.environment, &step).await.unwrap();
    scene.git.publish(&scene.environment, &step).await.unwrap();
    assert_eq!(by_hand(&remote(&scene), &["rev-parse", "main"]), record.commit.unwrap().as_str());
}

#[tokio::test]
async fn a_remote_that_refuses_changes_nothing_here() {
    let mut scene = Scene::with_remote(Mode::Gitops).await;
    // A repository with a work tree takes no push to the branch it shows.
    by_hand(scene.folder.path(), &["clone", "-q", "remote.git", "shown"]);
    scene.environment.repository.remote = Some(scene.folder.path().join("shown").display().to_string());
    let draft = draft_of("dev/shop/cart", &[]);
    let step = scene.plan(&draft).await.unwrap();
    let head = scene.hand(&["rev-parse", "main"]);
    let failed = scene.apply(&draft, &step, "run-aaaa").await.unwrap_err();
    assert_eq!(failed.problem.code, Code::ProgramFailed, "{}", failed.problem);
    assert!(failed.problem.facts["reason"].contains("remote rejected"), "{}", failed.problem);
    assert_eq!(scene.hand(&["rev-parse", "main"]), head);
}

#[tokio::test]
async fn a_verification_reads_the_remote_and_not_our_memory() {
    let scene = Scene::with_remote(Mode::Gitops).await;
    let draft = cart("x\n");
    let step = scene.plan(&draft).await.unwrap();
    let record = scene.apply(&draft, &step, "run-aaaa").await.unwrap();
    others_commit(&scene, "environments/dev/shop/cart/extra.yaml", "theirs\n");
    let verified = scene.git.verify(&scene.environment, &draft, &step, &record, &Silent).await.unwrap();
    let Verification::Failed { problem, evidence } = verified else { panic!("{verified:?}") };
    assert_eq!(problem.code, Code::VerifyMismatch);
    assert!(evidence[0].contains("extra.yaml"), "{evidence:?}");
    // Ours was there, whatever came after.
    assert_eq!(scene.git.observe(&scene.environment, &step).await, Observed::Applied);
}
