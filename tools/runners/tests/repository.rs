//! Promises of the git runner on a local repository.
//! Run by `cargo test`, with the installed git.
//! Must never touch a repository outside its own temporary folder.

use crate::kit::scene::{Scene, by_hand, cart, draft_of, no_cart, runner};
use chopmark_domain::component::ComponentPath;
use chopmark_domain::plan::{Shown, Verb};
use chopmark_domain::ports::Components as _;
use chopmark_domain::problem::Code;

fn path() -> ComponentPath {
    ComponentPath::new("shop", "cart").unwrap()
}

#[tokio::test]
async fn a_component_is_committed_read_edited_and_deleted() {
    let scene = Scene::local().await;
    assert!(scene.path().join("README.md").is_file());
    assert_eq!(scene.git.list(&scene.environment).await.unwrap(), []);
    let made = scene.change(&cart("replicas: 2\n"), "run-aaaa").await;
    assert_eq!((made.previous_version, made.push_owed), (None, false));
    let version = scene.git.read(&scene.environment, &path()).await.unwrap().unwrap();
    assert_eq!(Some(&version.commit), made.commit.as_ref());
    assert_eq!(version.change.as_ref().unwrap().as_str(), "chg-7f3k");
    assert_eq!(scene.git.list(&scene.environment).await.unwrap(), std::slice::from_ref(&version));

    let edited = scene.change(&cart("replicas: 3\n"), "run-bbbb").await;
    assert_eq!(edited.previous_version, made.commit);
    assert_eq!(std::fs::read_to_string(scene.file("deployment.yaml")).unwrap(), "replicas: 3\n");
    let history = scene.git.history(&scene.environment, &path(), 10).await.unwrap();
    let commits: Vec<_> = history.iter().map(|version| Some(version.commit.clone())).collect();
    assert_eq!(commits, [edited.commit.clone(), made.commit.clone()]);
    assert_eq!(history[0].title, "Create dev/shop/cart (web-service)");
    let before = scene.git.at(&scene.environment, &path(), &made.commit.unwrap()).await.unwrap().unwrap();
    assert_eq!(before, version);

    scene.change(&no_cart(), "run-cccc").await;
    assert_eq!(scene.git.read(&scene.environment, &path()).await.unwrap(), None);
    assert!(!scene.path().join("environments").exists());
    assert_eq!(scene.hand(&["status", "--porcelain"]), "");
    assert_eq!(scene.hand(&["for-each-ref", "--format=%(refname)"]), "refs/heads/main");
    scene.hand(&["fsck", "--strict"]);
}

#[tokio::test]
async fn the_plan_shows_every_file_that_would_change_in_full() {
    let scene = Scene::local().await;
    scene.change(&draft_of("dev/shop/cart", &[("a.yaml", "a\n"), ("b.yaml", "b\n")]), "run-aaaa").await;
    let step = scene.plan(&draft_of("dev/shop/cart", &[("b.yaml", "\"B\"\n"), ("c.yaml", "c\n")])).await.unwrap();
    let shown: Vec<_> = step
        .actions
        .iter()
        .map(|action| {
            let field = &action.fields[0];
            (action.address.as_str(), action.verb, field.before.clone(), field.after.clone())
        })
        .collect();
    let value = |text: &str| Some(Shown::Value(text.to_owned()));
    assert_eq!(
        shown,
        [
            ("shop/cart/a.yaml", Verb::Delete, value("\"a\\n\""), None),
            ("shop/cart/b.yaml", Verb::Update, value("\"b\\n\""), value("\"\\\"B\\\"\\n\"")),
            ("shop/cart/c.yaml", Verb::Create, None, value("\"c\\n\"")),
        ]
    );
    assert_eq!(step.program.name, "git");
    assert_eq!(step.program.digest.as_ref().map(String::len), Some(64));
    // The same content again is no change.
    let same = scene.plan(&draft_of("dev/shop/cart", &[("a.yaml", "a\n"), ("b.yaml", "b\n")])).await.unwrap();
    assert_eq!(same.actions, []);
}

#[tokio::test]
async fn what_is_committed_already_makes_no_second_commit() {
    let scene = Scene::local().await;
    let made = scene.change(&cart("x\n"), "run-aaaa").await;
    let step = scene.plan(&cart("x\n")).await.unwrap();
    let again = scene.apply(&cart("x\n"), &step, "run-bbbb").await.unwrap();
    assert_eq!((again.commit, again.push_owed), (None, false));
    assert_eq!(again.previous_version, made.commit);
    assert_eq!(scene.hand(&["rev-list", "--count", "HEAD"]).trim(), "2");
}

#[tokio::test]
async fn a_commit_names_change_digest_run_and_people_and_nothing_that_was_only_said() {
    let scene = Scene::local().await;
    scene.change(&cart("x\n"), "run-aaaa").await;
    let trailers = scene.hand(&["log", "-1", "--format=%(trailers:only)"]);
    let keys: Vec<_> = trailers.lines().map(|line| line.split(':').next().unwrap()).collect();
    let expected =
        ["Chopmark-Change", "Chopmark-Revision", "Chopmark-Digest", "Chopmark-Run", "Requested-by", "Approved-by"];
    assert_eq!(keys, expected);
    assert!(trailers.contains("Chopmark-Run: run-aaaa"), "{trailers}");
    assert!(!trailers.contains("run-fake"), "{trailers}");
    assert_eq!(scene.hand(&["log", "-1", "--format=%an|%ce"]), "Chopmark x|chopmark@localhost");
}

#[tokio::test]
async fn a_run_commits_once_however_often_it_is_applied() {
    let scene = Scene::local().await;
    let draft = cart("x\n");
    let step = scene.plan(&draft).await.unwrap();
    let first = scene.apply(&draft, &step, "run-aaaa").await.unwrap();
    let again = scene.apply(&draft, &step, "run-aaaa").await.unwrap();
    assert_eq!(first.commit, again.commit);
    // Another run of the same plan finds another folder than was planned.
    let other = scene.apply(&draft, &step, "run-bbbb").await.unwrap_err();
    assert_eq!((other.problem.code, other.done), (Code::PlanStale, Vec::new()));
    assert_eq!(scene.hand(&["rev-list", "--count", "main"]), "2");
}

#[tokio::test]
async fn commits_beside_the_component_do_not_disturb_a_plan_and_commits_within_do() {
    let scene = Scene::local().await;
    scene.change(&cart("x\n"), "run-aaaa").await;
    let draft = cart("y\n");
    let step = scene.plan(&draft).await.unwrap();
    scene.change(&draft_of("dev/shop/other", &[]), "run-bbbb").await;
    scene.apply(&draft, &step, "run-cccc").await.unwrap();
    let draft = cart("z\n");
    let step = scene.plan(&draft).await.unwrap();
    std::fs::write(scene.file("deployment.yaml"), "by hand\n").unwrap();
    scene.hand(&["commit", "-qam", "By hand"]);
    assert_eq!(scene.apply(&draft, &step, "run-dddd").await.unwrap_err().problem.code, Code::PlanStale);
    // What a person committed is what the next plan starts from.
    let step = scene.plan(&draft).await.unwrap();
    assert_eq!(step.actions[0].fields[0].before, Some(Shown::Value("\"by hand\\n\"".to_owned())));
}

#[tokio::test]
async fn edits_that_were_not_committed_are_named_and_never_overwritten() {
    let scene = Scene::local().await;
    scene.change(&draft_of("dev/shop/cart", &[("a.yaml", "a\n"), ("b.yaml", "b\n")]), "run-aaaa").await;
    let draft = draft_of("dev/shop/cart", &[("a.yaml", "A\n")]);
    let step = scene.plan(&draft).await.unwrap();
    let refused = async |files: &str| {
        let problem = scene.plan(&draft).await.unwrap_err();
        assert_eq!((problem.code, problem.facts["files"].as_str()), (Code::RepositoryEdited, files));
        let failed = scene.apply(&draft, &step, "run-bbbb").await.unwrap_err();
        assert_eq!(failed.problem.code, Code::RepositoryEdited);
    };
    std::fs::write(scene.file("a.yaml"), "edited\n").unwrap();
    refused("a.yaml").await;
    scene.hand(&["add", "."]);
    refused("a.yaml").await;
    // Staged, and the file put back: the edit lies in the index alone.
    std::fs::write(scene.file("a.yaml"), "a\n").unwrap();
    refused("a.yaml").await;
    scene.hand(&["reset", "-q", "--hard"]);
    std::fs::write(scene.file("new.yaml"), "new\n").unwrap();
    std::fs::remove_file(scene.file("b.yaml")).unwrap();
    refused("b.yaml, new.yaml").await;
    assert_eq!(std::fs::read_to_string(scene.file("new.yaml")).unwrap(), "new\n");
    scene.hand(&["reset", "-q", "--hard"]);
    std::fs::remove_file(scene.file("new.yaml")).unwrap();
    // What an editor keeps beside a file, and edits elsewhere, are nobody's concern.
    std::fs::write(scene.file(".a.yaml.swp"), "").unwrap();
    std::fs::write(scene.path().join("README.md"), "mine\n").unwrap();
    scene.apply(&draft, &step, "run-cccc").await.unwrap();
    assert_eq!(std::fs::read_to_string(scene.path().join("README.md")).unwrap(), "mine\n");
}

#[tokio::test]
async fn a_run_that_was_killed_before_the_work_tree_followed_is_not_an_edit() {
    let scene = Scene::local().await;
    scene.change(&draft_of("dev/shop/cart", &[("a.yaml", "1\n"), ("b.yaml", "b\n")]), "run-aaaa").await;
    scene.change(&draft_of("dev/shop/cart", &[("a.yaml", "2\n"), ("c.yaml", "c\n")]), "run-bbbb").await;
    // The branch has moved; index and work tree are as before, but for one file that had followed.
    scene.hand(&["reset", "-q", "--hard", "HEAD~1"]);
    scene.hand(&["update-ref", "refs/heads/main", "ORIG_HEAD"]);
    std::fs::write(scene.file("c.yaml"), "c\n").unwrap();
    assert_ne!(scene.hand(&["status", "--porcelain"]), "");
    scene.change(&draft_of("dev/shop/cart", &[("a.yaml", "3\n"), ("c.yaml", "c\n")]), "run-cccc").await;
    assert_eq!(scene.hand(&["status", "--porcelain"]), "");
    assert_eq!(std::fs::read_to_string(scene.file("a.yaml")).unwrap(), "3\n");
}

#[tokio::test]
async fn a_repository_with_other_hashes_and_another_default_branch_works() {
    let mut scene = Scene::local().await;
    let odd = scene.folder.path().join("odd");
    by_hand(scene.folder.path(), &["init", "-q", "--object-format=sha256", "--initial-branch=主干/1.x", "odd"]);
    by_hand(&odd, &["commit", "-q", "--allow-empty", "-m", "Begin"]);
    scene.environment.repository.path = odd;
    scene.environment.repository.branch = "主干/1.x".to_owned();
    scene.environment.repository.folder = String::new();
    scene.git.prepare(&scene.environment).await.unwrap();
    let made = scene.change(&cart("x\n"), "run-aaaa").await;
    assert_eq!(made.commit.map(|commit| commit.as_str().len()), Some(64));
    scene.change(&cart("y\n"), "run-bbbb").await;
    scene.change(&no_cart(), "run-cccc").await;
    assert_eq!(scene.hand(&["status", "--porcelain"]), "");
}

#[tokio::test]
async fn a_branch_that_is_not_checked_out_moves_without_touching_the_work_tree() {
    let scene = Scene::local().await;
    scene.hand(&["checkout", "-q", "-b", "mine"]);
    scene.change(&cart("x\n"), "run-aaaa").await;
    assert!(!scene.file("deployment.yaml").exists());
    assert_eq!(scene.hand(&["status", "--porcelain"]), "");
    assert_eq!(scene.hand(&["show", "main:environments/dev/shop/cart/deployment.yaml"]), "x");
}

#[tokio::test]
async fn a_linked_work_tree_can_be_an_environments_repository() {
    let mut scene = Scene::local().await;
    scene.hand(&["worktree", "add", "-q", "-b", "other", "../linked"]);
    scene.environment.repository.path = scene.folder.path().join("linked");
    scene.environment.repository.branch = "other".to_owned();
    scene.change(&cart("x\n"), "run-aaaa").await;
    assert_eq!(scene.hand(&["status", "--porcelain"]), "");
    assert!(scene.file("deployment.yaml").is_file());
}

#[tokio::test]
async fn preparing_makes_what_is_missing_and_takes_over_nothing() {
    let mut scene = Scene::local().await;
    let head = scene.hand(&["rev-parse", "main"]);
    scene.git.prepare(&scene.environment).await.unwrap();
    assert_eq!(scene.hand(&["rev-parse", "main"]), head);
    assert_eq!(scene.hand(&["status", "--porcelain"]), "");

    let foreign = scene.folder.path().join("foreign");
    std::fs::create_dir(&foreign).unwrap();
    std::fs::write(foreign.join("mine"), "").unwrap();
    scene.environment.repository.path = foreign.clone();
    assert_eq!(scene.git.prepare(&scene.environment).await.unwrap_err().code, Code::RepositoryUnusable);
    assert_eq!(std::fs::read_dir(&foreign).unwrap().count(), 1);

    scene.environment.repository.path = scene.folder.path().join("desired");
    scene.environment.repository.branch = "absent".to_owned();
    assert_eq!(scene.git.prepare(&scene.environment).await.unwrap_err().code, Code::RepositoryUnusable);

    // Two that begin at once agree on one beginning.
    scene.environment.repository.path = scene.folder.path().join("twice");
    scene.environment.repository.branch = "main".to_owned();
    let other = runner();
    let (one, two) = tokio::join!(scene.git.prepare(&scene.environment), other.prepare(&scene.environment));
    one.and(two).unwrap();
    assert_eq!(scene.hand(&["rev-list", "--count", "main"]), "1");
}

#[tokio::test]
async fn one_broken_component_hides_no_other() {
    let scene = Scene::local().await;
    scene.change(&cart("x\n"), "run-aaaa").await;
    scene.change(&draft_of("dev/shop/other", &[]), "run-bbbb").await;
    std::fs::write(scene.file("component.toml"), "no = [toml").unwrap();
    scene.hand(&["commit", "-qam", "Break it"]);
    let names: Vec<_> = scene
        .git
        .list(&scene.environment)
        .await
        .unwrap()
        .into_iter()
        .map(|version| version.component.to_string())
        .collect();
    assert_eq!(names, ["dev/shop/other"]);
    assert_eq!(scene.git.read(&scene.environment, &path()).await.unwrap_err().code, Code::RepositoryUnusable);
}
