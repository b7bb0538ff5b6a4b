//! Finding a program once, as an absolute path.
//! Called when a runner is put together.
//! Must never look into the current folder or a relative one.

use chopmark_domain::problem::{Code, Problem};
use std::ffi::OsStr;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

/// The absolute path of a program on a search path such as `$PATH`, with links resolved.
///
/// # Errors
/// [`Code::ProgramMissing`] with the fact `program`.
pub fn find(program: &str, search: &OsStr) -> Result<PathBuf, Problem> {
    std::env::split_paths(search)
        .filter(|folder| folder.is_absolute())
        .map(|folder| folder.join(program))
        .find(|path| is_executable(path))
        .and_then(|path| path.canonicalize().ok())
        .ok_or_else(|| Problem::new(Code::ProgramMissing).with("program", program))
}

fn is_executable(path: &Path) -> bool {
    path.metadata().is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}
