//! Making sure that an environment's repository is there.
//! Called by the app when it starts, before any change.
//! Must never take over a folder that holds something else, nor change a repository that has the branch.

use super::address::{Address, unusable};
use super::program::{Repository, Tool};
use super::refresh::refresh;
use chopmark_domain::environment::RepositoryAddress;
use chopmark_domain::ids::ObjectHash;
use chopmark_domain::problem::Problem;
use rustix::fs::FlockOperation;
use rustix::io::Errno;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long another process of ours may take to begin the same repository; it may have to fetch it.
const BEGINNING: Duration = Duration::from_secs(60);
/// How often it is asked whether it is done.
const PAUSE: Duration = Duration::from_millis(10);

/// What a new repository says about itself.
const README: &str = "\
# Desired state

Each folder `environment/group/name` below is one component: the files that describe it, as they are applied.
`component.toml` says which template and which values made them. Everything here works without Chopmark.

Change a component by asking Chopmark, or by hand with a commit: the next plan shows what differs.

# 期望状态

下面每个 `环境/分组/名称` 文件夹是一个组件：其中的文件就是实际应用的内容。
`component.toml` 记录由哪个模板、哪些取值生成。没有 Chopmark，这里的一切照样可用。

要修改组件，可以告诉 Chopmark，也可以手工修改并提交：下一次计划会显示差异。
";

/// Prepares a repository.
pub(super) async fn prepare(tool: &Arc<Tool>, address: &RepositoryAddress) -> Result<(), Problem> {
    let checked = Address::check(address)?;
    let refuse = |reason: String| unusable(&checked.path.display().to_string(), reason);
    if !checked.path.join(".git").exists() {
        if !is_free(&checked.path).map_err(|error| refuse(error.to_string()))? {
            return Err(refuse("the folder holds something else".to_owned()));
        }
        std::fs::create_dir_all(checked.path.join(".git")).map_err(|error| refuse(error.to_string()))?;
    }
    let repository = Repository::open(tool, address)?;
    let _alone = alone(&checked.path.join(".git")).await.map_err(|error| refuse(error.to_string()))?;
    if !checked.path.join(".git/HEAD").exists() && checked.path.join(".git").is_dir() {
        let first = format!("--initial-branch={}", checked.branch);
        repository.write(&["init", "--quiet", "--template=", &first], Vec::new()).await?;
    }
    let branch = repository.address.branch_ref();
    let refs = repository.read(&["for-each-ref", "--count=2", "--format=%(refname)", "refs/heads"], Vec::new()).await?;
    if refs.is_empty() {
        return begin(&repository, &branch).await;
    }
    repository.standing().await.map(|_| ())
}

/// Holds others of us off while a repository is begun; they find it ready.
async fn alone(git: &Path) -> std::io::Result<File> {
    let file = File::open(git)?;
    let begun = Instant::now();
    loop {
        match rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Err(Errno::WOULDBLOCK) if begun.elapsed() < BEGINNING => tokio::time::sleep(PAUSE).await,
            other => return Ok(other.map(|()| file)?),
        }
    }
}

/// Whether a folder is missing or empty.
fn is_free(path: &Path) -> std::io::Result<bool> {
    match std::fs::read_dir(path) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error),
    }
}

/// Gives an empty repository its branch: the remote's, or a first commit.
async fn begin(repository: &Repository, branch: &str) -> Result<(), Problem> {
    let first: ObjectHash = match repository.fetch().await? {
        Some(there) => there,
        None => first_commit(repository).await?,
    };
    let none = "0".repeat(first.as_str().len());
    let input = format!("start\nupdate {branch} {first} {none}\nprepare\ncommit\n");
    repository.write(&["update-ref", "-m", "chopmark", "--stdin"], input.into_bytes()).await?;
    if repository.standing().await?.checked_out {
        refresh(repository, None, &first).await?;
    }
    Ok(())
}

async fn first_commit(repository: &Repository) -> Result<ObjectHash, Problem> {
    let blob = repository.write(&["hash-object", "-w", "--stdin", "--no-filters"], README.as_bytes().to_vec()).await?;
    let line = format!("100644 blob {}\tREADME.md\n", String::from_utf8_lossy(&blob).trim());
    let tree = repository.write(&["mktree"], line.into_bytes()).await?;
    let tree = String::from_utf8_lossy(&tree).trim().to_owned();
    let commit = repository.write(&["commit-tree", &tree, "-m", "Begin the desired state"], Vec::new()).await?;
    super::read::hash(String::from_utf8_lossy(&commit).trim())
}
