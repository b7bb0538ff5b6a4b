//! What stands in Terraform's way: each with its own code and next step, and nothing lost.
//! Takes away a program, a provider, a state, the room on the disk.
//! Must never leave anything half done: what was applied before is there afterwards.

use crate::kit::scene::{Finished, Scene};
use crate::kit::terraform::{Terraform, resources_of};
use std::path::PathBuf;
use std::process::Command;

const NOTE: &str = "create a note called hello in dev with text \"one\"";

/// The code with which the last request ended.
#[track_caller]
fn code(finished: &Finished) -> String {
    assert_ne!(finished.code, Some(4), "{}", finished.words());
    let events = finished.events();
    let codes = events
        .iter()
        .rev()
        .filter_map(|event| event["problem"]["code"].as_str().or_else(|| event["code"].as_str()).map(str::to_owned));
    codes.into_iter().next().unwrap_or_else(|| panic!("no code in {}", finished.words()))
}

#[test]
fn a_program_that_is_not_there_is_named() {
    let terraform = Terraform { program: "/nowhere/terraform".to_owned() };
    let finished = terraform.scene().run(&["--json", "ask", NOTE]);
    assert_eq!(code(&finished), "CM-4001");
    assert!(finished.words().contains("/nowhere/terraform"), "{}", finished.words());
}

#[test]
fn a_provider_that_is_nowhere_is_named_and_nothing_is_fetched() {
    for terraform in Terraform::each() {
        let scene = terraform.scene();
        let finished = scene.run(&["--json", "ask", "create a private bucket called reports in dev"]);
        assert_eq!(code(&finished), "CM-4021");
        assert!(finished.words().contains("aws"), "{}", finished.words());
    }
}

#[test]
fn a_state_of_another_lineage_or_none_at_all_is_not_planned_against() {
    for terraform in Terraform::each() {
        for spoil in [None, Some(("\"lineage\": \"", "\"lineage\": \"0"))] {
            let scene = terraform.scene();
            scene.carry_out(NOTE);
            let state = scene.data().join("terraform/states/dev/main/hello/terraform.tfstate");
            let text = std::fs::read_to_string(&state).unwrap();
            match spoil {
                Some((from, to)) => std::fs::write(&state, text.replace(from, to)).unwrap(),
                None => std::fs::remove_file(&state).unwrap(),
            }
            let finished = scene.run(&["--json", "ask", "set hello's text to \"two\""]);
            assert_eq!(code(&finished), "CM-4022", "{}", finished.words());
            std::fs::write(&state, text).unwrap();
            scene.carry_out("set hello's text to \"two\"");
        }
    }
}

/// A small file system that goes with the test.
struct Small(PathBuf);

impl Small {
    fn mount(folder: PathBuf, size: &str) -> Option<Self> {
        std::fs::create_dir_all(&folder).unwrap();
        let mounted =
            Command::new("mount").args(["-t", "tmpfs", "-o", &format!("size={size}"), "small"]).arg(&folder).output();
        if !mounted.is_ok_and(|output| output.status.success()) {
            crate::kit::left_out("a full disk: mounting one needs root on Linux");
            return None;
        }
        Some(Self(folder))
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        // Already gone in the good case.
        let _ = Command::new("umount").arg("-l").arg(&self.0).output();
    }
}

#[test]
fn a_full_disk_is_told_and_nothing_is_lost() {
    for terraform in Terraform::each() {
        let scene = Scene::with_config(&terraform.config());
        scene.carry_out(NOTE);
        let full = Small::mount(scene.data().join("terraform/scratch"), "16k");
        if full.is_none() {
            return;
        }
        let finished = scene.run(&["--json", "ask", "set hello's text to \"two\""]);
        assert_eq!(code(&finished), "CM-7002", "{}", finished.words());
        drop(full);
        assert_eq!(resources_of(&scene, "main/hello").len(), 1);
        scene.carry_out("set hello's text to \"two\"");
        scene.ledger_verifies();
    }
}
