//! The world outside: git repositories and remotes, as people make them by hand.
//! Used to build scenes and to look at what was done.
//! Must never go through the program: these are the witnesses.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A git repository seen from outside.
pub(crate) struct Repository {
    /// Where it is.
    pub(crate) path: PathBuf,
}

impl Repository {
    /// One that is there.
    pub(crate) fn at(path: &Path) -> Self {
        Self { path: path.to_owned() }
    }

    /// A bare one that can be pushed to.
    pub(crate) fn bare(path: &Path) -> Self {
        let made = Self::at(path);
        std::fs::create_dir_all(path).unwrap();
        made.git(&["init", "--quiet", "--bare", "--initial-branch=main"]);
        made
    }

    /// A clone of one.
    pub(crate) fn clone_of(source: &Path, path: &Path) -> Self {
        std::fs::create_dir_all(path).unwrap();
        let made = Self::at(path);
        made.git(&["clone", "--quiet", &source.display().to_string(), "."]);
        made
    }

    /// Runs git and returns what it says.
    #[track_caller]
    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        let output = Command::new("git")
            .args(["-c", "user.name=Hand", "-c", "user.email=hand@example.org", "-c", "safe.directory=*"])
            .args(arguments)
            .current_dir(&self.path)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .output()
            .expect("git starts");
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
    }

    /// The branch's commit.
    pub(crate) fn head(&self) -> String {
        self.git(&["rev-parse", "main"])
    }

    /// How many commits the branch has.
    pub(crate) fn count(&self) -> usize {
        let counted = self.git(&["rev-list", "--count", "--all"]);
        counted.parse().unwrap()
    }

    /// Commits whose message names a change.
    pub(crate) fn commits_of(&self, change: &str) -> usize {
        self.git(&["log", "--all", "--format=%H", &format!("--grep={change}")]).lines().count()
    }

    /// A file as committed.
    pub(crate) fn file(&self, name: &str) -> String {
        self.git(&["show", &format!("main:{name}")])
    }

    /// Every committed file.
    pub(crate) fn files(&self) -> Vec<String> {
        self.git(&["ls-tree", "-r", "--name-only", "main"]).lines().map(str::to_owned).collect()
    }

    /// A commit by hand that replaces words in a file.
    pub(crate) fn commit_by_hand(&self, name: &str, from: &str, to: &str) {
        let path = self.path.join(name);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{from:?} is in {name}");
        std::fs::write(&path, text.replace(from, to)).unwrap();
        self.git(&["commit", "--quiet", "--all", "--message=By hand"]);
    }
}
