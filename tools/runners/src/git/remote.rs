//! Talking to the remote: what its branch is, bringing it here, offering it a commit.
//! Used by plan, apply, publish and verify.
//! Must never force: a remote that moved is a problem for a person.

use super::program::{Repository, reason, text};
use super::read::hash;
use super::refs::{AskGit, Refs};
use crate::confine::Ran;
use chopmark_domain::ids::ObjectHash;
use chopmark_domain::problem::{Code, Problem};

/// What came of offering a commit to the remote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Pushed {
    /// Its branch is that commit.
    Done,
    /// Its branch has commits that we have not.
    Moved,
    /// It refused, with its reason.
    Refused(String),
    /// It did not answer; whether it took the commit is not known.
    Unknown(String),
}

impl Repository {
    /// Learns where the remote's branch is and brings its commits. Nothing without a remote. None: the
    /// remote has no such branch yet.
    ///
    /// # Errors
    /// [`Code::RemoteUnreachable`] with the facts `remote` and `reason`.
    pub(super) async fn fetch(&self) -> Result<Option<ObjectHash>, Problem> {
        let Some(remote) = &self.address.remote else { return Ok(None) };
        let branch = self.address.branch_ref();
        let out = self.reached(self.talk(&["ls-remote", "--heads", "--", &remote.url, &branch], remote).await)?;
        let line = text(&out).lines().find(|line| line.ends_with(&format!("\t{branch}"))).map(ToOwned::to_owned);
        let Some(line) = line else { return Ok(None) };
        let there = hash(line.split('\t').next().unwrap_or_default())?;
        let seen = self.address.seen_ref();
        let known = match Refs::of(self).and_then(|refs| refs.tip(&seen)) {
            Ok(known) => known,
            Err(AskGit) => {
                let known = self.read(&["for-each-ref", "--format=%(objectname)", &seen], Vec::new()).await?;
                ObjectHash::parse(text(&known).trim()).ok()
            }
        };
        if known.as_ref() != Some(&there) {
            self.refuse_redirects().await?;
            // The plus sign is about our own note of what was seen, which follows whatever the remote has.
            let refspec = format!("+{branch}:{seen}");
            let arguments = ["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--", &remote.url, &refspec];
            self.reached(self.talk(&arguments, remote).await)?;
        }
        Ok(Some(there))
    }

    /// Offers a commit to the remote's branch.
    pub(super) async fn push(&self, commit: &ObjectHash) -> Result<Pushed, Problem> {
        let Some(remote) = &self.address.remote else { return Ok(Pushed::Done) };
        self.refuse_redirects().await?;
        let refspec = format!("{commit}:{}", self.address.branch_ref());
        let ran = match self.talk(&["push", "--porcelain", "--no-verify", "--", &remote.url, &refspec], remote).await {
            Ok(ran) => ran,
            Err(problem) => return Ok(Pushed::Unknown(problem.to_string())),
        };
        if ran.exit == Some(0) {
            return Ok(Pushed::Done);
        }
        let out = text(&ran.stdout.kept);
        let Some(line) = out.lines().find(|line| line.starts_with('!')) else {
            return Ok(Pushed::Unknown(reason(&ran)));
        };
        // The words of git's own `push`, in the C locale. The last two are what another push at the same
        // moment looks like.
        let moved = ["(fetch first)", "(non-fast-forward)", "cannot lock ref", "incorrect old value"];
        Ok(if moved.iter().any(|word| line.contains(word)) { Pushed::Moved } else { Pushed::Refused(line.to_owned()) })
    }

    /// A setting of the repository could send an address elsewhere than to the one that was countersigned.
    async fn refuse_redirects(&self) -> Result<(), Problem> {
        let ran = self.read(&["config", "--local", "--includes", "--list", "--name-only", "-z"], Vec::new()).await?;
        let redirects = |name: &str| name.starts_with("url.") && name.to_ascii_lowercase().ends_with("insteadof");
        match text(&ran).split('\0').find(|name| redirects(name)) {
            None => Ok(()),
            Some(name) => {
                let path = self.address.path.display().to_string();
                Err(super::address::unusable(&path, format!("its setting {name} redirects the remote")))
            }
        }
    }

    fn reached(&self, ran: Result<Ran, Problem>) -> Result<Vec<u8>, Problem> {
        match ran {
            Ok(ran) if ran.exit == Some(0) => Ok(ran.stdout.kept),
            Ok(ran) => Err(self.unreachable(&reason(&ran))),
            Err(problem) if problem.code == Code::ProgramTimeout => Err(self.unreachable("it did not answer in time")),
            Err(problem) => Err(problem),
        }
    }

    fn unreachable(&self, reason: &str) -> Problem {
        self.about_remote(Code::RemoteUnreachable).with("reason", reason)
    }

    /// A problem with the facts `remote` and `branch`.
    pub(super) fn about_remote(&self, code: Code) -> Problem {
        let remote = self.address.remote.as_ref().map(|remote| remote.url.clone()).unwrap_or_default();
        Problem::new(code).with("remote", remote).with("branch", &self.address.branch)
    }
}
