//! The program: `terraform`, else `tofu`, or the one an environment names; with its version and the digest of its binary.
//! Used by plan and apply.
//! Must never run a program by a relative name.

use super::{Tool, invoke, workspace};
use crate::confine::find;
use chopmark_domain::digest::Digest;
use chopmark_domain::plan::Program;
use chopmark_domain::problem::{Code, Problem};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::io::Read as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};

/// Names that are tried where an environment names none.
const NAMES: [&str; 2] = ["terraform", "tofu"];

/// Where what was found out is kept, within the runner's folder.
const KNOWN: &str = "programs.json";

/// A binary as it was when it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Read {
    /// Bytes.
    length: u64,
    /// The moment at which the file or what is known of it last changed, in nanoseconds; no program can set it.
    changed: i64,
    /// Its number on its file system.
    number: u64,
    /// SHA-256 of it.
    digest: Digest,
    /// What it says its version is, where it was asked.
    version: Option<String>,
}

/// What was found out about binaries, by their path: hashing a provider takes as long as a small plan.
#[derive(Default)]
pub(crate) struct Known(Mutex<Option<BTreeMap<PathBuf, Read>>>);

impl Known {
    /// What is known of a binary that is still the same file.
    fn get(&self, tool: &Tool, path: &Path, now: &Read) -> Option<Read> {
        let mut all = self.lock();
        let known = all.get_or_insert_with(|| load(tool)).get(path)?;
        let same = (known.length, known.changed, known.number) == (now.length, now.changed, now.number);
        same.then(|| known.clone())
    }

    fn put(&self, tool: &Tool, path: &Path, read: Read) {
        let mut all = self.lock();
        let all = all.get_or_insert_with(|| load(tool));
        all.insert(path.to_owned(), read);
        store(tool, all);
    }

    /// A poisoned lock still holds whole entries.
    fn lock(&self) -> MutexGuard<'_, Option<BTreeMap<PathBuf, Read>>> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// What an earlier process found out; nothing where that cannot be read.
fn load(tool: &Tool) -> BTreeMap<PathBuf, Read> {
    let text = std::fs::read(tool.data.join(KNOWN)).unwrap_or_default();
    serde_json::from_slice(&text).unwrap_or_default()
}

/// Keeps it for the next process. Without it everything is read again.
fn store(tool: &Tool, all: &BTreeMap<PathBuf, Read>) {
    let written = workspace::folder(&tool.data).and_then(|()| {
        let mut draft = tempfile::NamedTempFile::new_in(&tool.data)?;
        serde_json::to_writer(&mut draft, all)?;
        draft.persist(tool.data.join(KNOWN)).map_err(|error| error.error)
    });
    if let Err(error) = written {
        tracing::debug!(%error, "what is known of programs was not kept");
    }
}

/// Where the program is.
///
/// # Errors
/// [`Code::ProgramMissing`] with the names that were tried.
pub(crate) fn locate(tool: &Tool, named: Option<&str>) -> Result<PathBuf, Problem> {
    let missing = |names: &str| Problem::new(Code::ProgramMissing).with("program", names);
    match named {
        Some(path) if Path::new(path).is_absolute() => {
            Path::new(path).canonicalize().ok().filter(|path| path.is_file()).ok_or_else(|| missing(path))
        }
        Some(name) => find(name, &tool.search),
        None => NAMES.iter().find_map(|name| find(name, &tool.search).ok()).ok_or_else(|| missing(&NAMES.join(", "))),
    }
}

/// Name, version and digest of the program; asked once per binary.
///
/// # Errors
/// It cannot be read or run.
pub(crate) async fn identify(tool: &Tool, path: &Path) -> Result<Program, Problem> {
    let mut read = read(tool, path).await?;
    let version = match read.version.clone() {
        Some(version) => version,
        None => {
            let version = invoke::version(tool, path).await?;
            read.version = Some(version.clone());
            tool.programs.put(tool, path, read.clone());
            version
        }
    };
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(Program { name, version, digest: Some(read.digest.to_string()) })
}

/// SHA-256 of a binary, read once as long as it stays the same file.
///
/// # Errors
/// It cannot be read.
pub(crate) async fn digest(tool: &Tool, path: &Path) -> Result<Digest, Problem> {
    Ok(read(tool, path).await?.digest)
}

async fn read(tool: &Tool, path: &Path) -> Result<Read, Problem> {
    let failed =
        |reason: String| Problem::new(Code::ProgramFailed).with("program", path.display()).with("reason", reason);
    let now = stamp(path).map_err(|error| failed(error.to_string()))?;
    if let Some(known) = tool.programs.get(tool, path, &now) {
        return Ok(known);
    }
    let owned = path.to_owned();
    let digest = tokio::task::spawn_blocking(move || read_digest(&owned)).await;
    let digest = digest.map_err(|error| failed(error.to_string()))?.map_err(|error| failed(error.to_string()))?;
    let read = Read { digest, ..now };
    tool.programs.put(tool, path, read.clone());
    Ok(read)
}

fn stamp(path: &Path) -> std::io::Result<Read> {
    let data = path.metadata()?;
    let changed = data.ctime().wrapping_mul(1_000_000_000).wrapping_add(data.ctime_nsec());
    Ok(Read { length: data.len(), changed, number: data.ino(), digest: Digest::of(&[]), version: None })
}

fn read_digest(path: &Path) -> std::io::Result<Digest> {
    let mut file = std::fs::File::open(path)?;
    let (mut hash, mut buffer) = (Sha256::new(), vec![0; 1 << 20]);
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(Digest::from(<[u8; 32]>::from(hash.finalize()))),
            count => hash.update(&buffer[..count]),
        }
    }
}
