//! The work tree's files, by descriptor and without following links.
//! Used to find edits that were never committed, and to bring a clean work tree up to a commit.
//! Must never read or write outside the repository's folder, whatever links stand in it.

use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags};
use rustix::io::Errno;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read as _, Write as _};
use std::os::fd::OwnedFd;
use std::path::Path;

/// The most files of one component's folder that are looked at.
const FILES: usize = 1000;
/// A larger file than any component has is an edit, whatever is in it.
const FILE_BYTES: u64 = 1 << 20;

/// What stands in a folder of the work tree, by path within it.
pub(super) type Loose = BTreeMap<String, Option<Vec<u8>>>;

const FOLDER: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);

/// Opens a folder below `root`, one name at a time. None when it is not there.
fn open(root: &Path, folder: &str, make: bool) -> Result<Option<OwnedFd>, Errno> {
    let mut at = rustix::fs::open(root, OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())?;
    for name in folder.split('/').filter(|name| !name.is_empty()) {
        at = match rustix::fs::openat(&at, name, FOLDER, Mode::empty()) {
            Err(Errno::NOENT) if make => {
                rustix::fs::mkdirat(&at, name, Mode::from_raw_mode(0o777))?;
                rustix::fs::openat(&at, name, FOLDER, Mode::empty())?
            }
            Err(Errno::NOENT) => return Ok(None),
            other => other?,
        };
    }
    Ok(Some(at))
}

/// Everything in a folder. What is no plain readable file (a link, a device) has no bytes. A link in place
/// of the folder itself appears as the name `.`.
pub(super) fn list(root: &Path, folder: &str) -> Result<Loose, Errno> {
    let mut loose = Loose::new();
    match open(root, folder, false) {
        Ok(Some(at)) => collect(at, "", &mut loose)?,
        Ok(None) => {}
        Err(Errno::LOOP | Errno::NOTDIR) => {
            loose.insert(".".to_owned(), None);
        }
        Err(error) => return Err(error),
    }
    Ok(loose)
}

fn collect(at: OwnedFd, prefix: &str, loose: &mut Loose) -> Result<(), Errno> {
    let mut names = Vec::new();
    for entry in Dir::read_from(&at)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name != "." && name != ".." && !is_left_by_an_editor(&name) {
            names.push(name);
        }
    }
    for name in names {
        if loose.len() >= FILES {
            break;
        }
        let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}/{name}") };
        let kind =
            rustix::fs::statat(&at, &name, AtFlags::SYMLINK_NOFOLLOW).map(|stat| FileType::from_raw_mode(stat.st_mode));
        match kind {
            Ok(FileType::Directory) => collect(rustix::fs::openat(&at, &name, FOLDER, Mode::empty())?, &path, loose)?,
            Ok(FileType::RegularFile) => {
                loose.insert(path, read_at(&at, &name));
            }
            _ => {
                loose.insert(path, None);
            }
        }
    }
    Ok(())
}

/// The names of what stands directly in a folder, as far as they are text of one line.
pub(super) fn names(root: &Path, folder: &str) -> Result<Vec<String>, Errno> {
    let Some(at) = open(root, folder, false)? else { return Ok(Vec::new()) };
    let mut names = Vec::new();
    for entry in Dir::read_from(&at)?.take(FILES) {
        let name = entry?.file_name().to_str().unwrap_or_default().to_owned();
        if !name.is_empty() && !name.contains(char::is_control) && !is_left_by_an_editor(&name) {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

/// Editors keep their own files beside what is edited; those are nobody's edits.
fn is_left_by_an_editor(name: &str) -> bool {
    name.starts_with('.') || name.ends_with('~')
}

fn read_at(at: &OwnedFd, name: &str) -> Option<Vec<u8>> {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let file = File::from(rustix::fs::openat(at, name, flags, Mode::empty()).ok()?);
    let mut bytes = Vec::new();
    let count = file.take(FILE_BYTES + 1).read_to_end(&mut bytes).ok()?;
    (count as u64 <= FILE_BYTES).then_some(bytes)
}

/// One file's bytes; none when it is not there or no plain file.
pub(super) fn read(root: &Path, path: &str) -> Option<Vec<u8>> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    read_at(&open(root, folder, false).ok()??, name)
}

/// Writes one file: beside it first, then in its place.
pub(super) fn write(root: &Path, path: &str, bytes: &[u8]) -> Result<(), std::io::Error> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let Some(at) = open(root, folder, true)? else { return Err(Errno::NOENT.into()) };
    let beside = format!(".{name}.chopmark-{}", std::process::id());
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::TRUNC | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let mut file = File::from(rustix::fs::openat(&at, &beside, flags, Mode::from_raw_mode(0o666))?);
    let written = file.write_all(bytes).and_then(|()| Ok(rustix::fs::renameat(&at, &beside, &at, name)?));
    if written.is_err() {
        let _ours = rustix::fs::unlinkat(&at, &beside, AtFlags::empty());
    }
    written
}

/// Removes one file, and the folders that are empty without it.
pub(super) fn remove(root: &Path, path: &str) -> Result<(), Errno> {
    let (mut folder, mut name) = path.rsplit_once('/').unwrap_or(("", path));
    let mut flags = AtFlags::empty();
    loop {
        let Some(at) = open(root, folder, false)? else { return Ok(()) };
        match rustix::fs::unlinkat(&at, name, flags) {
            Ok(()) | Err(Errno::NOENT) => {}
            Err(_) if flags == AtFlags::REMOVEDIR => return Ok(()),
            Err(error) => return Err(error),
        }
        if folder.is_empty() {
            return Ok(());
        }
        (folder, name) = folder.rsplit_once('/').unwrap_or(("", folder));
        flags = AtFlags::REMOVEDIR;
    }
}
