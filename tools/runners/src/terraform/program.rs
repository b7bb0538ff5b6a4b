//! The program: `terraform`, else `tofu`, or the one an environment names; with its version and the digest of its binary.
//! Used by plan and apply.
//! Must never run a program by a relative name.

use super::Tool;
use super::invoke;
use crate::confine::find;
use chopmark_domain::digest::Digest;
use chopmark_domain::plan::Program;
use chopmark_domain::problem::{Code, Problem};
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
use std::io::Read as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// Names that are tried where an environment names none.
const NAMES: [&str; 2] = ["terraform", "tofu"];

/// A binary as it was when it was read: path, length, time of change in nanoseconds, and file number.
type Stamp = (PathBuf, u64, i128, u64);

/// What was found out about binaries that have not changed since.
#[derive(Default)]
pub(crate) struct Known {
    digests: Mutex<HashMap<Stamp, Digest>>,
    versions: Mutex<HashMap<Digest, Program>>,
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
    let digest = digest(tool, path).await?;
    if let Some(program) = lock(&tool.programs.versions).get(&digest) {
        return Ok(program.clone());
    }
    let said = invoke::version(tool, path).await?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let program = Program { name, version: said, digest: Some(digest.to_string()) };
    lock(&tool.programs.versions).insert(digest, program.clone());
    Ok(program)
}

/// SHA-256 of a binary, read once as long as it stays the same file.
///
/// # Errors
/// It cannot be read.
pub(crate) async fn digest(tool: &Tool, path: &Path) -> Result<Digest, Problem> {
    let failed =
        |reason: String| Problem::new(Code::ProgramFailed).with("program", path.display()).with("reason", reason);
    let stamp = stamp(path).map_err(|error| failed(error.to_string()))?;
    if let Some(digest) = lock(&tool.programs.digests).get(&stamp) {
        return Ok(*digest);
    }
    let owned = path.to_owned();
    let read = tokio::task::spawn_blocking(move || read_digest(&owned)).await;
    let digest = read.map_err(|error| failed(error.to_string()))?.map_err(|error| failed(error.to_string()))?;
    lock(&tool.programs.digests).insert(stamp, digest);
    Ok(digest)
}

fn stamp(path: &Path) -> std::io::Result<Stamp> {
    let data = path.metadata()?;
    let changed = i128::from(data.ctime()) * 1_000_000_000 + i128::from(data.ctime_nsec());
    Ok((path.to_owned(), data.len(), changed, data.ino()))
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

/// A poisoned lock still holds whole entries.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
