//! States: what the program recorded, told by lineage, serial and addresses; and every version of ours kept.
//! Used by plan for a precondition, by apply, verify and observe.
//! Must never let a state be read by others: it holds values in clear.

use super::Tool;
use super::credentials::Values;
use super::failure;
use super::instructions::StatePlace;
use super::invoke::{self, Access};
use super::workspace::{Workspace, unwritable};
use chopmark_domain::digest::Digest;
use chopmark_domain::problem::{Code, Problem};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

/// The precondition's name in a step.
pub(super) const PRECONDITION: &str = "state";
/// What stands there when nothing was recorded yet.
pub(super) const NONE: &str = "none";

/// A state as it was read.
#[derive(Debug)]
pub(super) struct State {
    pub(super) lineage: String,
    pub(super) serial: u64,
    /// Every managed resource's address, with its key.
    pub(super) addresses: BTreeSet<String>,
    bytes: Vec<u8>,
}

/// A state as the program writes it, as far as we look.
#[derive(Deserialize)]
struct Written {
    lineage: String,
    serial: u64,
    #[serde(default)]
    resources: Vec<Resource>,
}

#[derive(Deserialize)]
struct Resource {
    #[serde(default)]
    module: Option<String>,
    mode: String,
    #[serde(rename = "type")]
    kind: String,
    name: String,
    #[serde(default)]
    instances: Vec<Instance>,
}

#[derive(Deserialize)]
struct Instance {
    #[serde(default)]
    index_key: Option<Value>,
}

impl State {
    fn parse(bytes: Vec<u8>, about: &str) -> Result<Self, Problem> {
        let foreign = |error: serde_json::Error| {
            // Where in the text it broke, never the text.
            let now = format!("line {}", error.line());
            Problem::new(Code::StateForeign).with("about", about).with("now", now)
        };
        let written: Written = serde_json::from_slice(&bytes).map_err(foreign)?;
        let managed = written.resources.iter().filter(|resource| resource.mode == "managed");
        let addresses = managed.flat_map(Resource::addresses).collect();
        Ok(Self { lineage: written.lineage, serial: written.serial, addresses, bytes })
    }

    /// What a precondition says of it.
    pub(super) fn mark(&self) -> String {
        format!("{}/{}", self.lineage, self.serial)
    }
}

impl Resource {
    fn addresses(&self) -> impl Iterator<Item = String> {
        let module = self.module.as_ref().map(|module| format!("{module}.")).unwrap_or_default();
        let base = format!("{module}{}.{}", self.kind, self.name);
        self.instances.iter().map(move |instance| match &instance.index_key {
            None => base.clone(),
            Some(key) => format!("{base}[{key}]"),
        })
    }
}

/// What a precondition says of a state, or of none.
pub(super) fn mark(state: Option<&State>) -> String {
    state.map_or_else(|| NONE.to_owned(), State::mark)
}

/// The state as it is now, wherever it is kept; none when nothing was recorded yet.
///
/// # Errors
/// [`Code::BackendUnreachable`], or [`Code::StateForeign`] when it is no state.
pub(super) async fn current(
    tool: &Tool,
    workspace: &Workspace,
    place: &StatePlace,
    credentials: &Values,
) -> Result<Option<State>, Problem> {
    let kind = match place {
        StatePlace::Local { path } => return local(path),
        StatePlace::Backend { kind, .. } | StatePlace::Root { kind } => kind,
    };
    let ran = invoke::run(tool, workspace, &["state", "pull"], Access::Plan, credentials).await?;
    if ran.exit != Some(0) || !ran.stdout.is_whole() {
        let problem = failure::problem(&ran, "state pull");
        let reason = problem.facts.get("reason").cloned().unwrap_or_default();
        return Err(Problem::new(Code::BackendUnreachable).with("backend", kind).with("reason", reason));
    }
    let bytes = ran.stdout.kept;
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Ok(None);
    }
    // Where nothing was recorded yet, Terraform answers with a state that has no lineage.
    State::parse(bytes, kind).map(|state| Some(state).filter(|state| !state.lineage.is_empty()))
}

/// A state in a file.
///
/// # Errors
/// [`Code::StateForeign`] when it is no state or cannot be read.
pub(super) fn local(path: &Path) -> Result<Option<State>, Problem> {
    let about = path.display().to_string();
    match std::fs::read(path) {
        // The program makes an empty file to hold its lock before it has anything to record.
        Ok(bytes) if bytes.is_empty() => Ok(None),
        Ok(bytes) => State::parse(bytes, &about).map(Some),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Problem::new(Code::StateForeign).with("about", about).with("now", error)),
    }
}

/// Keeps a version of a state that lies on this machine: whatever comes after, this one can be found again.
///
/// # Errors
/// [`Code::DiskFull`] or [`Code::DataNotWritable`].
pub(super) fn keep(versions: &Path, state: &State) -> Result<PathBuf, Problem> {
    store(versions, state.serial, "tfstate", &state.bytes)
}

/// Keeps what the program could not save, as evidence. It is never pushed by us: whether it is newer than what
/// the backend has is for a person to see.
///
/// # Errors
/// As [`keep`]; then it stays where the program left it.
pub(super) fn keep_unsaved(versions: &Path, file: &Path) -> Result<Option<PathBuf>, Problem> {
    let bytes = match std::fs::read(file) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unwritable(versions, &error)),
    };
    let serial = serde_json::from_slice::<Written>(&bytes).map_or(0, |written| written.serial);
    store(versions, serial, "errored.tfstate", &bytes).map(Some)
}

fn store(folder: &Path, serial: u64, ending: &str, bytes: &[u8]) -> Result<PathBuf, Problem> {
    let digest: String = Digest::of(bytes).bytes().iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    let path = folder.join(format!("{serial}-{digest}.{ending}"));
    let write = || {
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        if path.exists() {
            return Ok(());
        }
        let draft = path.with_extension(format!("draft.{}", std::process::id()));
        let mut file = std::fs::OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(&draft)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&draft, &path)
    };
    write().map_err(|error| unwritable(folder, &error))?;
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_told_by_lineage_serial_and_addresses() -> Result<(), Problem> {
        let text = r#"{"version":4,"serial":3,"lineage":"abc","outputs":{},"resources":[
            {"mode":"managed","type":"terraform_data","name":"a","instances":[{"schema_version":0}]},
            {"mode":"managed","module":"module.m[0]","type":"null_resource","name":"b",
             "instances":[{"index_key":0},{"index_key":"x\"y"}]},
            {"mode":"data","type":"http","name":"c","instances":[{}]}]}"#;
        let state = State::parse(text.as_bytes().to_vec(), "")?;
        assert_eq!(state.mark(), "abc/3");
        let expected =
            [r"module.m[0].null_resource.b[0]", r#"module.m[0].null_resource.b["x\"y"]"#, "terraform_data.a"];
        assert_eq!(state.addresses, expected.map(ToOwned::to_owned).into());
        let torn = State::parse(b"{\"serial\": \"canary".to_vec(), "main/a");
        assert!(
            torn.err().is_some_and(|problem| {
                problem.code == Code::StateForeign && !problem.to_string().contains("canary")
            })
        );
        Ok(())
    }
}
