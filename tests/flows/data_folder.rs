//! The data folder in trouble: newer, read-only, full.
//! Uses small file systems of its own where root can mount them.
//! Must never lose what was recorded.

use super::DEPLOY;
use crate::kit::scene::Scene;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A small file system in memory, gone with the test.
struct Small(PathBuf);

impl Small {
    fn mount(path: &Path, options: &str) -> Option<Self> {
        std::fs::create_dir_all(path).unwrap();
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", options, "none"]).arg(path).output();
        if mounted.is_ok_and(|output| output.status.success()) {
            return Some(Self(path.to_owned()));
        }
        crate::kit::left_out("a full and a read-only file system: mounting one needs root");
        None
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).output();
    }
}

#[test]
fn a_database_from_a_newer_version_is_left_alone() {
    let scene = Scene::new();
    scene.carry_out(DEPLOY);
    scene.sql("pragma user_version = 9999").unwrap();
    let before = std::fs::read(scene.database()).unwrap();
    let finished = scene.run(&["--json", "changes"]);
    assert_ne!(finished.code, Some(0));
    assert!(finished.words().contains("CM-7001"), "{}", finished.words());
    assert_eq!(std::fs::read(scene.database()).unwrap(), before, "nothing was written");
}

#[test]
fn a_database_that_is_none_is_not_overwritten() {
    let scene = Scene::new();
    std::fs::create_dir_all(scene.data()).unwrap();
    std::fs::write(scene.database(), "this is a letter to my aunt, not a database\n".repeat(200)).unwrap();
    let finished = scene.run(&["changes"]);
    assert_ne!(finished.code, Some(0));
    assert!(finished.words().contains("CM-7003"), "{}", finished.words());
    assert!(std::fs::read_to_string(scene.database()).unwrap().starts_with("this is a letter"));
}

#[test]
fn a_data_folder_that_cannot_be_made_is_an_error_with_a_code() {
    let scene = Scene::new();
    let finished = scene.run(&["--data", "/proc/chopmark", "changes"]);
    assert_ne!(finished.code, Some(0));
    assert!(finished.words().contains("CM-200"), "{}", finished.words());
}

#[test]
fn a_read_only_data_folder_is_an_error_with_a_code() {
    let scene = Scene::new();
    let Some(folder) = Small::mount(&scene.path("readonly"), "ro,size=1m") else { return };
    let finished = scene.run(&["--data", folder.0.to_str().unwrap(), "changes"]);
    assert_ne!(finished.code, Some(0));
    assert!(finished.words().contains("CM-2004"), "{}", finished.words());
}

#[test]
fn a_full_disk_loses_and_doubles_nothing() {
    let scene = Scene::new();
    let Some(folder) = Small::mount(&scene.path("small"), "size=12m") else { return };
    let data = folder.0.to_str().unwrap();
    let propose = |words: &str| scene.run(&["--data", data, "--json", "ask", words]);
    let change = crate::kit::scene::change_of(&propose(DEPLOY).ended(4).events());
    // Everything that is left is taken by somebody else.
    let filler = folder.0.join("filler");
    let _ = Command::new("dd").args(["if=/dev/zero", "bs=4k"]).arg(format!("of={}", filler.display())).output();
    let full = scene.run(&["--data", data, "--json", "approve", &change]);
    assert_ne!(full.code, Some(0), "{}", full.words());
    assert!(full.words().contains("CM-"), "an error with a code: {}", full.words());
    std::fs::remove_file(&filler).unwrap();
    scene.run(&["--data", data, "audit", "verify"]).ended(0);
    let _ = scene.run(&["--data", data, "approve", &change]);
    let shown = scene.run(&["--data", data, "--json", "show", &change]).ended(0).events();
    let state = shown.iter().rev().find_map(|event| event["state"].as_str()).unwrap();
    let repository = crate::kit::world::Repository::at(&folder.0.join("repositories/local"));
    let commits = repository.commits_of(&change);
    assert!(commits <= 1, "the effect came {commits} times");
    assert!(
        matches!((state, commits), ("succeeded", 1) | ("failed" | "awaiting_approval" | "needs_attention", _)),
        "{state} with {commits} commits"
    );
    scene.run(&["--data", data, "audit", "verify"]).ended(0);
}
