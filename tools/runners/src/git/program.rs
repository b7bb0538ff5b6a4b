//! The git program, hardened: which variables and settings every call gets, and what it may touch.
//! Used by the rest of the git runner; nothing else starts git.
//! Must never let a repository's hooks, helpers, filters or replacements decide what runs or is read.

use super::address::{Address, Remote, Transport, unusable};
use super::memory::{Memory, Recollection, fingerprint};
use crate::confine::{Confiner, Connect, Invocation, Limits, Policy, Ran};
use chopmark_domain::digest::Digest;
use chopmark_domain::environment::RepositoryAddress;
use chopmark_domain::plan::Program;
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::run::ProgramRun;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use tokio::sync::OnceCell;

/// Settings that override a repository's own (shared/security.md 5.12): nothing of ours or theirs is run on
/// the side, nothing is signed, converted, collected or fetched without being asked for.
const SETTINGS: &[(&str, &str)] = &[
    ("core.hooksPath", "/dev/null"),
    ("core.fsmonitor", "false"),
    ("core.symlinks", "false"),
    ("core.autocrlf", "false"),
    ("core.attributesFile", "/dev/null"),
    ("core.quotePath", "false"),
    ("safe.bareRepository", "explicit"),
    ("protocol.allow", "never"),
    ("transfer.fsckObjects", "true"),
    ("credential.helper", ""),
    ("gc.auto", "0"),
    ("maintenance.auto", "false"),
    ("commit.gpgSign", "false"),
    ("push.gpgSign", "false"),
    ("push.followTags", "false"),
    ("push.recurseSubmodules", "no"),
    ("fetch.recurseSubmodules", "false"),
    ("submodule.recurse", "false"),
    ("log.showSignature", "false"),
    ("log.mailmap", "false"),
    ("log.showRoot", "true"),
    ("i18n.logOutputEncoding", "UTF-8"),
    ("http.lowSpeedLimit", "1000"),
    ("http.lowSpeedTime", "20"),
];

/// Seconds that a call to a remote may take: a plan waits for it while a person watches.
const REMOTE_SECONDS: u64 = 30;

/// Who signs commits as author and committer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    /// The name.
    pub name: String,
    /// The address.
    pub email: String,
}

/// The program with what it needs: shared by all repositories.
#[derive(Debug)]
pub(super) struct Tool {
    pub(super) program: PathBuf,
    pub(super) confiner: Confiner,
    pub(super) author: Author,
    /// `HOME` and `SSH_AUTH_SOCK`, as far as they are there: seen only by calls to a remote.
    pub(super) credentials: BTreeMap<String, String>,
    pub(super) version: OnceCell<Program>,
    /// What it answered before that can't have changed.
    pub(super) memory: Arc<Memory>,
}

/// One repository in use by one operation.
#[derive(Debug)]
pub(super) struct Repository {
    pub(super) tool: Arc<Tool>,
    pub(super) address: Address,
    /// What is remembered of it.
    pub(super) kept: Recollection,
    folders: Vec<PathBuf>,
    runs: Mutex<Vec<ProgramRun>>,
}

/// What a call may do.
#[derive(Debug, Clone, Copy)]
enum Access<'a> {
    Read,
    Write,
    Talk(&'a Remote),
}

impl Tool {
    /// Name, version and digest of the program; asked once.
    pub(super) async fn version(&self) -> Result<Program, Problem> {
        let ask = || async {
            let ran = self.run(&["--version"], Vec::new(), Path::new("/"), BTreeMap::new(), Policy::default()).await?;
            let version = text(&whole(ran, "version")?);
            let bytes = tokio::fs::read(&self.program).await;
            let digest = bytes.map_err(|error| failed("version", &error.to_string()))?;
            let version = version.trim().trim_start_matches("git version ").to_owned();
            Ok(Program { name: "git".to_owned(), version, digest: Some(Digest::of(&digest).to_string()) })
        };
        self.version.get_or_try_init(ask).await.cloned()
    }

    async fn run(
        &self,
        arguments: &[&str],
        input: Vec<u8>,
        folder: &Path,
        named: BTreeMap<String, String>,
        policy: Policy,
    ) -> Result<Ran, Problem> {
        let mut environment = self.environment();
        environment.extend(named);
        let arguments = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        let (program, folder) = (self.program.clone(), folder.to_owned());
        let policy = Policy { execute: self.installation(), ..policy };
        self.confiner.run(Invocation { program, arguments, environment, folder, input, policy }).await
    }

    /// Where the program and its parts are, when it was installed elsewhere than the system's programs.
    fn installation(&self) -> Vec<PathBuf> {
        let Some(beside) = self.program.parent() else { return Vec::new() };
        let parts = beside.parent().into_iter().flat_map(|prefix| ["lib", "libexec"].map(|part| prefix.join(part)));
        parts.chain([beside.to_owned()]).collect()
    }

    fn environment(&self) -> BTreeMap<String, String> {
        let beside = self.program.parent().map(|folder| folder.display().to_string()).unwrap_or_default();
        let path = format!("{beside}:/usr/local/bin:/usr/bin:/bin");
        let mut all: BTreeMap<String, String> = [
            ("PATH", path.as_str()),
            ("LC_ALL", "C"),
            ("GIT_CONFIG_NOSYSTEM", "1"),
            ("GIT_CONFIG_SYSTEM", "/dev/null"),
            ("GIT_CONFIG_GLOBAL", "/dev/null"),
            ("GIT_ATTR_NOSYSTEM", "1"),
            ("GIT_TERMINAL_PROMPT", "0"),
            // Set but empty: neither a setting nor a variable can name a program that asks.
            ("GIT_ASKPASS", ""),
            ("GIT_SSH_COMMAND", "ssh -o BatchMode=yes"),
            ("GIT_ALLOW_PROTOCOL", "none"),
            ("GIT_PROTOCOL_FROM_USER", "0"),
            ("GIT_NO_REPLACE_OBJECTS", "1"),
            ("GIT_NO_LAZY_FETCH", "1"),
            ("GIT_LITERAL_PATHSPECS", "1"),
            ("GIT_OPTIONAL_LOCKS", "0"),
            ("GIT_EDITOR", "false"),
            ("GIT_PAGER", "cat"),
            ("GIT_AUTHOR_NAME", self.author.name.as_str()),
            ("GIT_AUTHOR_EMAIL", self.author.email.as_str()),
            ("GIT_COMMITTER_NAME", self.author.name.as_str()),
            ("GIT_COMMITTER_EMAIL", self.author.email.as_str()),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
        all.insert("GIT_CONFIG_COUNT".to_owned(), SETTINGS.len().to_string());
        for (i, (key, value)) in SETTINGS.iter().enumerate() {
            all.insert(format!("GIT_CONFIG_KEY_{i}"), (*key).to_owned());
            all.insert(format!("GIT_CONFIG_VALUE_{i}"), (*value).to_owned());
        }
        all
    }
}

impl Repository {
    /// The repository of an environment, which must be there.
    pub(super) fn open(tool: &Arc<Tool>, address: &RepositoryAddress) -> Result<Self, Problem> {
        let address = Address::check(address)?;
        let folders = folders(&address.path).map_err(|reason| unusable(&address.path.display().to_string(), reason))?;
        let common = folders.last().unwrap_or(&address.path);
        let kept = Recollection::of(&tool.memory, common);
        Ok(Self { tool: Arc::clone(tool), address, kept, folders, runs: Mutex::new(Vec::new()) })
    }

    /// The folder of what a work tree has for itself: `HEAD` and the index.
    pub(super) fn own(&self) -> &Path {
        self.folders.first().unwrap_or(&self.address.path)
    }

    /// The folder of what all its work trees share: objects and refs.
    pub(super) fn common(&self) -> &Path {
        self.folders.last().unwrap_or(&self.address.path)
    }

    /// A call that only reads, and only what is named by hashes: the same answer as before, if it was made before.
    pub(super) async fn recall(&self, arguments: &[&str], input: Vec<u8>) -> Result<Vec<u8>, Problem> {
        if let Some(answer) = self.kept.call(arguments, &input) {
            return Ok(answer);
        }
        let answer = self.read(arguments, input.clone()).await?;
        self.kept.keep_call(arguments, &input, &answer);
        Ok(answer)
    }

    /// A call that only reads; its standard output, when it went well.
    pub(super) async fn read(&self, arguments: &[&str], input: Vec<u8>) -> Result<Vec<u8>, Problem> {
        whole(self.call(arguments, input, Access::Read).await?, arguments.first().unwrap_or(&""))
    }

    /// A call that only reads the index: the same answer as before, while the index is the same to the byte.
    pub(super) async fn read_index(&self, arguments: &[&str]) -> Result<Vec<u8>, Problem> {
        let index = || fingerprint(&self.own().join("index")).map(|index| index.to_string());
        let Some(before) = index() else { return self.read(arguments, Vec::new()).await };
        if let Some(answer) = self.kept.call(arguments, before.as_bytes()) {
            return Ok(answer);
        }
        let answer = self.read(arguments, Vec::new()).await?;
        // Unless it was written meanwhile, this is what the answer was to.
        if index().as_ref() == Some(&before) {
            self.kept.keep_call(arguments, before.as_bytes(), &answer);
        }
        Ok(answer)
    }

    /// A call that writes into the repository's own folder.
    pub(super) async fn write(&self, arguments: &[&str], input: Vec<u8>) -> Result<Vec<u8>, Problem> {
        whole(self.call(arguments, input, Access::Write).await?, arguments.first().unwrap_or(&""))
    }

    /// A call that talks to the remote, with the person's credentials for it.
    pub(super) async fn talk(&self, arguments: &[&str], remote: &Remote) -> Result<Ran, Problem> {
        self.call(arguments, Vec::new(), Access::Talk(remote)).await
    }

    /// What ran so far, for the run's record.
    pub(super) fn take_runs(&self) -> Vec<ProgramRun> {
        self.runs.lock().map(|mut runs| std::mem::take(&mut *runs)).unwrap_or_default()
    }

    async fn call(&self, arguments: &[&str], input: Vec<u8>, access: Access<'_>) -> Result<Ran, Problem> {
        let mut named = BTreeMap::from([
            ("GIT_DIR".to_owned(), self.own().display().to_string()),
            ("GIT_WORK_TREE".to_owned(), self.address.path.display().to_string()),
        ]);
        let mut policy = Policy { read: vec![self.address.path.clone()], ..Policy::default() };
        match access {
            Access::Read => policy.read.extend(self.folders.iter().cloned()),
            Access::Write => policy.write.extend(self.folders.iter().cloned()),
            Access::Talk(remote) => {
                policy.write.extend(self.folders.iter().cloned());
                self.admit(remote, &mut policy, &mut named);
            }
        }
        let ran = self.tool.run(arguments, input, &self.address.path, named, policy).await?;
        if let Ok(mut runs) = self.runs.lock() {
            let mut run = ran.record();
            // `GIT_CONFIG_COUNT` stands for its numbered pairs.
            run.environment
                .retain(|name| !["GIT_CONFIG_KEY_", "GIT_CONFIG_VALUE_"].iter().any(|p| name.starts_with(p)));
            runs.push(run);
        }
        Ok(ran)
    }

    fn admit(&self, remote: &Remote, policy: &mut Policy, named: &mut BTreeMap<String, String>) {
        policy.limits = Limits { seconds: REMOTE_SECONDS, ..Limits::default() };
        let protocol = match &remote.transport {
            Transport::Https(port) => {
                policy.connect = Connect::Ports(vec![*port]);
                "https"
            }
            // Which port, proxy or host is meant, ~/.ssh/config says.
            Transport::Ssh => {
                policy.connect = Connect::Anywhere;
                "ssh"
            }
            Transport::Local(path) => {
                policy.write.push(path.clone());
                "file"
            }
        };
        named.insert("GIT_ALLOW_PROTOCOL".to_owned(), protocol.to_owned());
        if !matches!(remote.transport, Transport::Local(_)) {
            if let Some(home) = self.tool.credentials.get("HOME") {
                policy.read.extend([".ssh", ".netrc"].map(|name| Path::new(home).join(name)));
            }
            named.extend(self.tool.credentials.clone());
        }
    }
}

/// The folders of a repository's own data. With a linked work tree, `.git` is a file that names one, and
/// `commondir` in it names the other.
fn folders(path: &Path) -> Result<Vec<PathBuf>, String> {
    let git = path.join(".git");
    let kind = std::fs::symlink_metadata(&git).map_err(|_| "there is no repository".to_owned())?.file_type();
    if kind.is_dir() {
        return Ok(vec![git]);
    }
    if !kind.is_file() {
        return Err(".git is a link".to_owned());
    }
    let text = std::fs::read_to_string(&git).map_err(|error| error.to_string())?;
    let named = text.trim().strip_prefix("gitdir: ").ok_or(".git is no folder")?;
    let own = path.join(named).canonicalize().map_err(|error| error.to_string())?;
    let mut all = vec![own.clone()];
    if let Ok(common) = std::fs::read_to_string(own.join("commondir")) {
        all.push(own.join(common.trim()).canonicalize().map_err(|error| error.to_string())?);
    }
    Ok(all)
}

/// The output of a call that went well and was kept whole.
pub(super) fn whole(ran: Ran, command: &str) -> Result<Vec<u8>, Problem> {
    if ran.exit != Some(0) {
        return Err(failed(command, &reason(&ran)));
    }
    if !ran.stdout.is_whole() {
        return Err(failed(command, &format!("it answered with {} bytes", ran.stdout.total)));
    }
    Ok(ran.stdout.kept)
}

/// Why a call failed, in git's own words: text from outside.
pub(super) fn reason(ran: &Ran) -> String {
    let lines = ran.stderr.tail(3);
    if lines.is_empty() { format!("exit {:?}", ran.exit) } else { lines.join("; ") }
}

pub(super) fn failed(command: &str, reason: &str) -> Problem {
    Problem::new(Code::ProgramFailed).with("program", format!("git {command}")).with("reason", reason)
}

pub(super) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
