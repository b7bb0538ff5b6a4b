//! What git is asked, and what is known without asking: the same as git would say, whoever moved what meanwhile.
//! Run against the installed git.
//! Must never be satisfied with fewer calls and another answer.

use crate::kit::scene::{Scene, cart, draft_of, runner};
use chopmark_domain::component::ComponentPath;
use chopmark_domain::ids::ObjectHash;
use chopmark_domain::ports::Components as _;
use chopmark_domain::problem::Code;

fn path() -> ComponentPath {
    ComponentPath::new("shop", "cart").unwrap()
}

/// What the runner says of the component, with all it remembers; a new one, which remembers nothing, agrees.
async fn commit(scene: &Scene) -> Option<ObjectHash> {
    let found = scene.git.read(&scene.environment, &path()).await.unwrap();
    let anew = runner();
    assert_eq!(found, anew.read(&scene.environment, &path()).await.unwrap());
    // After the list, single components are found in its history.
    let listed = scene.git.list(&scene.environment).await.unwrap();
    assert_eq!(listed, anew.list(&scene.environment).await.unwrap());
    assert_eq!(found, scene.git.read(&scene.environment, &path()).await.unwrap());
    let history = scene.git.history(&scene.environment, &path(), 10).await.unwrap();
    assert_eq!(history, runner().history(&scene.environment, &path(), 10).await.unwrap());
    found.map(|version| version.commit)
}

#[tokio::test]
async fn a_branch_is_found_however_its_ref_is_kept() {
    let scene = Scene::local().await;
    let first = scene.change(&cart("1\n"), "run-aaaa").await.commit;
    assert_eq!(commit(&scene).await, first);
    scene.hand(&["pack-refs", "--all", "--prune"]);
    assert_eq!(commit(&scene).await, first);
    // A file of its own comes before the list.
    let second = scene.change(&cart("2\n"), "run-bbbb").await.commit;
    assert_eq!(commit(&scene).await, second);
    // A branch that only stands for another.
    scene.hand(&["branch", "-m", "main", "real"]);
    scene.hand(&["symbolic-ref", "refs/heads/main", "refs/heads/real"]);
    assert_eq!(commit(&scene).await, second);
    scene.hand(&["checkout", "-q", "real"]);
    scene.hand(&["update-ref", "refs/heads/real", "main~1"]);
    assert_eq!(commit(&scene).await, first);
    // A ref that is no hash is nothing to build on.
    scene.hand(&["symbolic-ref", "-d", "refs/heads/main"]);
    std::fs::write(scene.path().join(".git/refs/heads/main"), "no hash\n").unwrap();
    let problem = scene.git.read(&scene.environment, &path()).await.unwrap_err();
    assert!(matches!(problem.code, Code::RepositoryUnusable | Code::ProgramFailed), "{problem}");
}

#[tokio::test]
async fn a_history_with_merges_is_told_as_git_tells_it() {
    let scene = Scene::local().await;
    scene.change(&cart("1\n"), "run-aaaa").await;
    scene.hand(&["checkout", "-q", "-b", "side"]);
    std::fs::write(scene.file("deployment.yaml"), "side\n").unwrap();
    scene.hand(&["commit", "-qam", "On the side"]);
    scene.hand(&["checkout", "-q", "main"]);
    scene.change(&draft_of("dev/shop/other", &[("a", "1")]), "run-bbbb").await;
    // Neither that nor what it merges away is of the component's history.
    scene.hand(&["merge", "-q", "-s", "ours", "-m", "Keep ours", "side"]);
    let kept = commit(&scene).await;
    assert_eq!(
        kept.map(|kept| kept.to_string()),
        Some(scene.hand(&["log", "-1", "--format=%H", "--", "environments/dev/shop/cart"]))
    );
    let made = scene.change(&cart("2\n"), "run-cccc").await.commit;
    assert_eq!(commit(&scene).await, made);
}

#[tokio::test]
async fn what_is_staged_between_two_plans_is_seen() {
    let scene = Scene::local().await;
    scene.change(&cart("1\n"), "run-aaaa").await;
    let draft = cart("2\n");
    scene.plan(&draft).await.unwrap();
    std::fs::write(scene.file("deployment.yaml"), "mine\n").unwrap();
    scene.hand(&["add", "-A"]);
    std::fs::write(scene.file("deployment.yaml"), "1\n").unwrap();
    assert_eq!(scene.plan(&draft).await.unwrap_err().code, Code::RepositoryEdited);
    scene.hand(&["reset", "-q", "--hard"]);
    scene.plan(&draft).await.unwrap();
}

#[tokio::test]
async fn a_folder_with_more_than_plain_files_is_read_whole() {
    let scene = Scene::local().await;
    scene.change(&cart("1\n"), "run-aaaa").await;
    std::fs::create_dir(scene.file("deep")).unwrap();
    std::fs::write(scene.file("deep/x"), "x\n").unwrap();
    std::os::unix::fs::symlink("deployment.yaml", scene.file("link")).unwrap();
    scene.hand(&["add", "-A"]);
    scene.hand(&["-c", "core.symlinks=true", "commit", "-qm", "More"]);
    // Files that are not there are committed all the same.
    std::fs::remove_file(scene.file("deployment.yaml")).unwrap();
    let found = scene.git.read(&scene.environment, &path()).await.unwrap().unwrap();
    assert!(found.files.iter().any(|file| file.name == "deployment.yaml" && file.text == "1\n"), "{found:?}");
    scene.hand(&["checkout", "-q", "--", "."]);
    let step = scene.plan(&cart("2\n")).await.unwrap();
    let gone: Vec<&str> = step.actions.iter().map(|action| action.address.as_str()).collect();
    assert_eq!(gone, ["shop/cart/deep/x", "shop/cart/deployment.yaml", "shop/cart/link"]);
    scene.change(&cart("2\n"), "run-bbbb").await;
    // A link in the work tree is left for a person: it may be shown as a file.
    assert_eq!(scene.hand(&["status", "--porcelain"]), "A  environments/dev/shop/cart/link");
}

#[tokio::test]
async fn a_commit_takes_few_calls() {
    let mut scene = Scene::local().await;
    scene.change(&cart("1\n"), "run-aaaa").await;
    let step = scene.plan(&cart("2\n")).await.unwrap();
    // Like the exec child, which is a process of its own.
    scene.git = runner();
    let record = scene.apply(&cart("2\n"), &step, "run-bbbb").await.unwrap();
    let calls: Vec<_> = record.programs.iter().map(|program| program.argv[1].as_str()).collect();
    assert!(calls.len() <= 7, "{calls:?}");
}
