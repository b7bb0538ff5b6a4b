//! Calling the program: an environment built from nothing, and what the call may touch.
//! Used by plan and apply; nothing else starts the program.
//! Must never pass a variable on that was not named, nor let a provider reach a file that is not the change's.

use super::Tool;
use super::workspace::Workspace;
use crate::confine::{Connect, Invocation, Limits, Policy, Ran};
use chopmark_domain::problem::{Code, Problem};
use secrecy::{ExposeSecret as _, SecretString};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Bytes of memory that the program and each provider may hold.
const MEMORY: u64 = 4 << 30;
/// Seconds for everything but an apply.
const SECONDS: u64 = 600;
/// Milliseconds between interrupt and terminate: a running call of a provider may end and be saved.
const GRACE: u64 = 60_000;

/// What a call is for: it decides what may be written and executed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// `init`: writes what it initialises and the lock file.
    Initialise,
    /// `plan`: writes the plan file, and the state's lock.
    Plan,
    /// `show`: reads.
    Show,
    /// `apply`: writes the state, and beside the files what could not be saved (`errored.tfstate`).
    Apply,
}

/// A call in a workspace, ready for [`crate::confine::Confiner`].
pub(crate) fn invocation(
    workspace: &Workspace,
    arguments: &[&str],
    access: Access,
    credentials: &BTreeMap<String, SecretString>,
) -> Invocation {
    let mut environment = environment(workspace);
    // Ours stand above theirs: a credential cannot redirect the program.
    for (name, value) in credentials {
        environment.entry(name.clone()).or_insert_with(|| value.expose_secret().to_owned());
    }
    Invocation {
        program: workspace.program.clone(),
        arguments: arguments.iter().map(|argument| (*argument).to_owned()).collect(),
        environment,
        folder: workspace.bundle(),
        input: Vec::new(),
        policy: policy(workspace, access),
    }
}

/// Runs the program in a workspace to its end.
///
/// # Errors
/// It could not be started, took too long, or flooded its output. A failing exit is in [`Ran`].
pub(crate) async fn run(
    tool: &Tool,
    workspace: &Workspace,
    arguments: &[&str],
    access: Access,
    credentials: &BTreeMap<String, SecretString>,
) -> Result<Ran, Problem> {
    tool.confiner.run(invocation(workspace, arguments, access, credentials)).await
}

/// What the program says its version is.
///
/// # Errors
/// It does not run, or answers something else.
pub(crate) async fn version(tool: &Tool, program: &Path) -> Result<String, Problem> {
    let environment = BTreeMap::from([("CHECKPOINT_DISABLE".to_owned(), "1".to_owned())]);
    let limits = Limits { memory_bytes: MEMORY, ..Limits::default() };
    let policy = Policy { execute: vec![program.to_owned()], limits, ..Policy::default() };
    let arguments = vec!["version".to_owned(), "-json".to_owned()];
    let (program, folder) = (program.to_owned(), PathBuf::from("/"));
    let name = program.display().to_string();
    let ran =
        tool.confiner.run(Invocation { program, arguments, environment, folder, input: Vec::new(), policy }).await?;
    let answer: Option<serde_json::Value> = serde_json::from_slice(&ran.stdout.kept).ok();
    let version = answer.as_ref().and_then(|answer| answer["terraform_version"].as_str());
    version.map(ToOwned::to_owned).ok_or_else(|| {
        let reason = ran.stderr.tail(3).join("\n");
        Problem::new(Code::ProgramFailed).with("program", name).with("reason", reason)
    })
}

fn environment(workspace: &Workspace) -> BTreeMap<String, String> {
    let text = |path: PathBuf| path.display().to_string();
    [
        ("PATH", "/usr/local/bin:/usr/bin:/bin".to_owned()),
        ("LC_ALL", "C.UTF-8".to_owned()),
        ("HOME", text(workspace.tmp())),
        ("TMPDIR", text(workspace.tmp())),
        ("TF_DATA_DIR", text(workspace.data.clone())),
        ("TF_CLI_CONFIG_FILE", text(workspace.settings())),
        ("TF_IN_AUTOMATION", "1".to_owned()),
        ("TF_INPUT", "0".to_owned()),
        ("TF_WORKSPACE", "default".to_owned()),
        ("CHECKPOINT_DISABLE", "1".to_owned()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into()
}

fn policy(workspace: &Workspace, access: Access) -> Policy {
    let mut execute = vec![workspace.program.clone()];
    execute.extend(workspace.mirror.iter().chain(&workspace.cache).cloned());
    let mut read = vec![workspace.folder.clone()];
    let mut write = vec![workspace.tmp()];
    match access {
        Access::Initialise => {
            write.extend([workspace.bundle(), workspace.data.clone()]);
            write.extend(workspace.cache.iter().cloned());
        }
        Access::Plan => write.push(workspace.folder.join("out")),
        Access::Show => {}
        Access::Apply => write.push(workspace.bundle()),
    }
    if access != Access::Initialise {
        execute.push(workspace.data.clone());
    }
    match (&workspace.state, access) {
        (Some(state), Access::Plan | Access::Apply) => write.push(state.clone()),
        (Some(state), Access::Initialise | Access::Show) => read.push(state.clone()),
        (None, _) => {}
    }
    let seconds = if access == Access::Apply { workspace.apply_seconds } else { SECONDS };
    let limits = Limits { seconds, grace_milliseconds: GRACE, memory_bytes: MEMORY, ..Limits::default() };
    let connect = if access == Access::Show { Connect::Nowhere } else { Connect::Ports(workspace.ports.clone()) };
    Policy { execute, read, write, connect, limits }
}
