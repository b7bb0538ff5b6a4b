//! Terraform killed in the middle of an apply: what was made and is in no state, and what the next plan says.
//! Kills the exec child, Terraform or everything while a resource is being made in a real AWS.
//! Must never see a resource made twice, nor one that nobody is told about.

use crate::kit::cloud::Cloud;
use crate::kit::crash::{doomed, exec_children, kill};
use crate::kit::scene::{Scene, change_of};
use crate::kit::terraform::Terraform;
use crate::kit::wait_for;
use std::path::Path;

/// A network first, and then something that takes its time.
const SLOW: &str = "resource \"aws_vpc\" \"first\" { cidr_block = \"10.7.0.0/16\" }\n\
    resource \"time_sleep\" \"then\" {\n  create_duration = \"20s\"\n  depends_on = [aws_vpc.first]\n}\n\
    resource \"aws_vpc\" \"last\" {\n  cidr_block = \"10.8.0.0/16\"\n  depends_on = [time_sleep.then]\n}\n";

/// A scene with the folder `slow`, and the change that waits to apply it.
pub(super) fn slow(terraform: &Terraform, cloud: &Cloud, mirror: &Path) -> (Scene, String) {
    let scene = terraform.scene_on(cloud, mirror);
    let lines = cloud.settings(mirror) + "[environments.dev.terraform.roots]\nslow = \"{root}/slow\"\n";
    scene.write_config(&terraform.config_with(&lines));
    let folder = scene.path("slow");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("main.tf"), cloud.provider() + SLOW).unwrap();
    let finished = scene.run(&["--json", "plan", folder.to_str().unwrap()]).ended(4);
    let change = change_of(&finished.events());
    (scene, change)
}

/// Every process below one, the deepest last.
fn below(id: u32) -> Vec<u32> {
    let children = std::fs::read_to_string(format!("/proc/{id}/task/{id}/children")).unwrap_or_default();
    let children: Vec<u32> = children.split_whitespace().filter_map(|id| id.parse().ok()).collect();
    children.iter().flat_map(|child| [vec![*child], below(*child)].concat()).collect()
}

#[test]
fn a_terraform_killed_in_mid_apply_makes_nothing_twice_and_a_person_is_told() {
    let Some(mirror) = Terraform::providers() else { return };
    for terraform in Terraform::each() {
        for everything in [false, true] {
            let Some(cloud) = Cloud::empty() else { return };
            let (scene, change) = slow(&terraform, &cloud, &mirror);
            let before = cloud.networks();
            let mut worker = doomed(&scene, &["approve", &change]);
            wait_for("the first network", || (cloud.networks() == before + 1).then_some(()));
            let children = exec_children(&scene);
            let all: Vec<u32> = children.iter().flat_map(|child| below(*child)).collect();
            if everything {
                worker.kill().unwrap();
                children.iter().copied().for_each(kill);
            }
            all.into_iter().for_each(kill);
            wait_for("the worker's end", || worker.try_wait().unwrap());
            let mut talk = scene.talk();
            let state = wait_for("rest", || {
                let state = scene.state(&change);
                let moving = ["approved", "claimed", "executing", "applied", "verifying"];
                (!moving.contains(&state.as_str())).then_some(state)
            });
            talk.say("list components");
            talk.until("an answer", |event| event["kind"] == "answer");
            talk.end();
            assert!(["failed", "needs_attention", "degraded"].contains(&state.as_str()), "{state}");
            assert_eq!(cloud.networks(), before + 1, "nothing was made twice, nothing goes on");
            let card = scene.card(&change).to_string();
            assert!(card.contains("aws_vpc.first"), "what was made is named: {card}");
            scene.ledger_verifies();
        }
    }
}

#[test]
fn a_cancelled_apply_ends_what_it_began_and_begins_nothing_more() {
    let Some(mirror) = Terraform::providers() else { return };
    for terraform in Terraform::each() {
        let Some(cloud) = Cloud::empty() else { return };
        let (scene, change) = slow(&terraform, &cloud, &mirror);
        let before = cloud.networks();
        let mut worker = doomed(&scene, &["approve", &change]);
        wait_for("the first network", || (cloud.networks() == before + 1).then_some(()));
        scene.run(&["cancel", &change]);
        wait_for("the worker's end", || worker.try_wait().unwrap());
        assert!(["cancelled", "failed"].contains(&scene.state(&change).as_str()), "{}", scene.state(&change));
        assert_eq!(cloud.networks(), before + 1);
        let export = scene.path("export.jsonl");
        scene.run(&["audit", "export", "--output", export.to_str().unwrap()]).ended(0);
        assert!(std::fs::read_to_string(export).unwrap().contains("stop_asked"), "who stopped it is written down");
        let state =
            std::fs::read_to_string(scene.path("slow/terraform.tfstate")).expect("what was made is in the state");
        assert!(state.contains("first"), "{state}");
        let again = scene.run(&["--json", "plan", scene.path("slow").to_str().unwrap()]).ended(4);
        assert!(!again.words().contains("\"aws_vpc.first\",\"action\":\"create\""), "{}", again.words());
    }
}
