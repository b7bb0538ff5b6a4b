//! Rules about the code itself: walls between rooms, heads of files, words in both languages.
//! Run with the other tests; each names what breaks it and where.
//! Must never be loosened for a change that breaks a wall: an exception is named here, with its reason.

mod deciding;
mod files;
mod languages;
mod leftovers;
mod walls;

use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder of the workspace.
fn house() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file that git knows or would know, relative to the house, with its text; binary files left out.
fn texts() -> Vec<(String, String)> {
    let listed = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard", "-z"])
        .current_dir(house())
        .output()
        .expect("git lists the files");
    assert!(listed.status.success(), "{}", String::from_utf8_lossy(&listed.stderr));
    String::from_utf8(listed.stdout)
        .unwrap()
        .split('\0')
        .filter(|name| !name.is_empty())
        .filter_map(|name| Some((name.to_owned(), std::fs::read_to_string(house().join(name)).ok()?)))
        .collect()
}

/// The files of one kind, by the ending of their name.
fn texts_ending(ending: &str) -> Vec<(String, String)> {
    texts().into_iter().filter(|(name, _)| name.ends_with(ending)).collect()
}

/// Folders directly inside one.
fn folders(parent: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(parent) else { return Vec::new() };
    let mut folders: Vec<_> = entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

/// Fails with every complaint at once.
fn nothing(complaints: Vec<String>, rule: &str) {
    assert!(complaints.is_empty(), "{rule}:\n  {}", complaints.join("\n  "));
}
