//! Terraform: what the card says before, what state and cloud hold after, and plans that went stale in between.
//! Each promise is tried with every program that `tests/run` names; buckets are made by the real AWS provider.
//! Must never ask the program what is there: states are read where they lie, and the cloud is asked itself.

use crate::kit::cloud::Cloud;
use crate::kit::scene::{Scene, change_of};
use crate::kit::terraform::{Terraform, files_with, resources_of, state_of};
use crate::kit::world::Repository;
use serde_json::Value;
use std::path::Path;

/// What the promises that need no provider begin with.
const NOTE: &str = "create a note called hello in dev with text \"one\"";
/// What is to hold the component of [`NOTE`].
const HELLO: &str = "main/hello";

/// The text that the note's state holds.
fn text_of(scene: &Scene) -> String {
    state_of(scene, HELLO).map(|state| state.to_string()).unwrap_or_default()
}

#[test]
fn a_note_needs_no_provider_from_plan_to_the_empty_second_plan() {
    for terraform in Terraform::each() {
        let scene = terraform.scene();
        let change = scene.propose(NOTE);
        let card = scene.card(&change);
        let resources = card["resources"].as_array().unwrap();
        let made = resources.iter().filter(|one| one["action"] == "create").count();
        assert_eq!(made, 1, "{card}");
        assert_eq!(state_of(&scene, HELLO), None, "nothing is made before it is approved");
        scene.run(&["approve", &change]).ended(0);
        assert_eq!(scene.state(&change), "succeeded");
        assert_eq!(resources_of(&scene, HELLO).len(), 1);
        let committed = Repository::at(&scene.data().join("repositories/dev")).files();
        assert!(committed.iter().any(|file| file.starts_with(HELLO) && file.ends_with(".tf")), "{committed:?}");
        nothing_is_left(&scene);
        scene.ledger_verifies();
    }
}

/// No scratch folder, plan file or half state of a change that has ended.
fn nothing_is_left(scene: &Scene) {
    let scratch = scene.data().join("terraform/scratch");
    let left: Vec<_> = std::fs::read_dir(scratch).into_iter().flatten().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(left, Vec::<std::path::PathBuf>::new(), "scratch folders of a change that has ended");
}

#[test]
fn every_version_of_a_state_is_kept_and_nobody_else_can_read_it() {
    use std::os::unix::fs::PermissionsExt as _;
    for terraform in Terraform::each() {
        let scene = terraform.scene();
        scene.carry_out(NOTE);
        scene.carry_out("set hello's text to \"two\"");
        let folder = scene.data().join("terraform/states/dev").join(HELLO);
        let versions: Vec<_> =
            std::fs::read_dir(folder.join("versions")).unwrap().map(|one| one.unwrap().path()).collect();
        assert_eq!(versions.len(), 2, "{versions:?}");
        for file in versions.iter().chain([&folder.join("terraform.tfstate")]) {
            assert_eq!(std::fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600, "{}", file.display());
        }
    }
}

#[test]
fn undo_of_an_edit_returns_the_text_and_undo_of_the_creation_destroys() {
    for terraform in Terraform::each() {
        let scene = terraform.scene();
        let create = scene.carry_out(NOTE);
        let edit = scene.carry_out("set hello's text to \"two\"");
        assert!(text_of(&scene).contains("\"two\""));
        let back = change_of(&scene.run(&["--json", "undo", &edit]).ended(4).events());
        scene.run(&["approve", &back]).ended(0);
        assert!(text_of(&scene).contains("\"one\"") && !text_of(&scene).contains("\"two\""));
        let gone = change_of(&scene.run(&["--json", "undo", &create]).ended(4).events());
        let card = scene.card(&gone);
        assert_eq!(card["risk"], "severe", "{card}");
        scene.run(&["approve", &gone, "--confirm", "hello"]).ended(0);
        assert_eq!(resources_of(&scene, HELLO), Vec::<String>::new());
    }
}

#[test]
fn a_delete_is_severe_names_what_goes_and_needs_the_name() {
    for terraform in Terraform::each() {
        let scene = terraform.scene();
        scene.carry_out(NOTE);
        let change = scene.propose("delete hello in dev");
        let card = scene.card(&change);
        assert_eq!(card["risk"], "severe");
        let named =
            |one: &&Value| one["action"] == "delete" && one["address"].as_str().unwrap().contains("terraform_data");
        assert_eq!(card["resources"].as_array().unwrap().iter().filter(named).count(), 1, "{card}");
        let refused = scene.run(&["approve", &change, "--json"]);
        assert_eq!(refused.events().last().unwrap()["code"], "CM-5006", "{}", refused.stdout);
        scene.run(&["approve", &change, "--confirm", "hello"]).ended(0);
        assert_eq!(resources_of(&scene, HELLO), Vec::<String>::new());
    }
}

#[test]
fn a_state_that_moved_since_the_plan_supersedes_it_before_terraform_is_asked() {
    for terraform in Terraform::each() {
        let scene = terraform.scene();
        scene.carry_out(NOTE);
        let change = scene.propose("set hello's text to \"two\"");
        apply_by_hand(&terraform, &scene, "one", "by hand");
        scene.run(&["approve", &change]);
        assert_eq!(scene.state(&change), "superseded");
        assert!(text_of(&scene).contains("by hand"), "nothing was applied");
        let card = successor(&scene, &change);
        assert!(card["differences"].to_string().contains("by hand"), "the card says first what differs: {card}");
    }
}

/// The change that takes a superseded one's place.
fn successor(scene: &Scene, change: &str) -> Value {
    let waiting = scene.sql("select id from changes where state = 'awaiting_approval'").unwrap();
    assert_eq!(waiting.len(), 1, "one change takes its place");
    let card = scene.card(&waiting[0][0]);
    assert_eq!(card["replaces"], change);
    card
}

/// Somebody applies another text to the component's state without Chopmark.
fn apply_by_hand(terraform: &Terraform, scene: &Scene, from: &str, to: &str) {
    let folder = scene.path("by-hand");
    std::fs::create_dir_all(&folder).unwrap();
    let component = scene.data().join("repositories/dev").join(HELLO);
    for entry in std::fs::read_dir(component).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "tf") {
            let text = std::fs::read_to_string(&path).unwrap().replace(&format!("\"{from}\""), &format!("\"{to}\""));
            std::fs::write(folder.join(path.file_name().unwrap()), text).unwrap();
        }
    }
    let state = scene.data().join("terraform/states/dev").join(HELLO).join("terraform.tfstate");
    let backend = format!("terraform {{\n  backend \"local\" {{ path = \"{}\" }}\n}}\n", state.display());
    std::fs::write(folder.join("backend.tf"), backend).unwrap();
    terraform.run(&folder, None, &["init", "-input=false"]);
    terraform.run(&folder, None, &["apply", "-input=false", "-auto-approve"]);
}

#[test]
fn a_plan_file_that_was_rewritten_is_never_applied() {
    for terraform in Terraform::each() {
        let scene = terraform.scene();
        let change = scene.propose(NOTE);
        let plans = find(&scene.data().join("terraform/scratch"), "plan.bin");
        assert_eq!(plans.len(), 1, "{plans:?}");
        forge(&plans[0]);
        let repository = Repository::at(&scene.data().join("repositories/dev"));
        let head = repository.head();
        scene.run(&["approve", &change]);
        assert_eq!(scene.state(&change), "superseded");
        assert_eq!(repository.head(), head, "nothing was committed for it either");
        assert_eq!(resources_of(&scene, HELLO), Vec::<String>::new(), "the forged plan was applied");
    }
}

fn find(folder: &Path, name: &str) -> Vec<String> {
    let found = std::process::Command::new("find").arg(folder).args(["-name", name]).output().unwrap();
    String::from_utf8_lossy(&found.stdout).lines().map(str::to_owned).collect()
}

/// Edits the configuration inside the plan, as Terraform itself would not notice.
fn forge(plan: &str) {
    let script = "import sys, zipfile, os\n\
        path = sys.argv[1]\n\
        with zipfile.ZipFile(path) as old: parts = [(i, old.read(i)) for i in old.infolist()]\n\
        os.chmod(path, 0o600)\n\
        with zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED) as new:\n\
        \x20   for info, data in parts: new.writestr(info.filename, data.replace(b'one', b'FORGED'))";
    let done = std::process::Command::new("python3").args(["-c", script, plan]).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

#[test]
fn terraforms_own_variables_in_the_environment_have_no_effect() {
    for terraform in Terraform::each() {
        let mut scene = terraform.scene();
        let variables = [
            ("TF_CLI_ARGS", "-destroy"),
            ("TF_CLI_ARGS_plan", "-destroy"),
            ("TF_CLI_ARGS_apply", "-destroy"),
            ("TF_WORKSPACE", "elsewhere"),
            ("TF_DATA_DIR", "/nowhere"),
            ("TF_VAR_text", "from the environment"),
            ("TF_LOG", "TRACE"),
            ("TF_CLI_CONFIG_FILE", "/nowhere"),
            ("TF_PLUGIN_CACHE_DIR", "/nowhere"),
        ];
        for (name, value) in variables {
            scene.set(name, value);
        }
        scene.carry_out(NOTE);
        assert_eq!(resources_of(&scene, HELLO).len(), 1);
        assert!(text_of(&scene).contains("\"one\""));
    }
}

#[test]
fn a_delete_is_superseded_when_what_it_deletes_has_changed() {
    let (Some(mirror), terraforms) = (Terraform::providers(), Terraform::each()) else { return };
    for terraform in terraforms {
        let Some(cloud) = Cloud::empty() else { return };
        let scene = terraform.scene_on(&cloud, &mirror);
        scene.carry_out("create a private bucket called reports in dev");
        let bucket = cloud.buckets().pop().expect("the bucket is there");
        let change = scene.propose("delete reports");
        cloud.change(&bucket, "versioning", SUSPENDED);
        scene.run(&["approve", &change, "--confirm", "reports"]);
        assert_eq!(scene.state(&change), "superseded", "{}", scene.card(&change));
        assert_eq!(cloud.buckets(), [bucket], "nothing was deleted");
        // The next one knows it as it is now, and holds.
        let change = scene.propose("delete reports");
        scene.run(&["approve", &change, "--confirm", "reports"]).ended(0);
        assert!(cloud.buckets().is_empty());
    }
}

#[test]
fn a_bucket_changed_behind_our_back_supersedes_the_plan_that_did_not_know() {
    let (Some(mirror), terraforms) = (Terraform::providers(), Terraform::each()) else { return };
    for terraform in terraforms {
        let Some(cloud) = Cloud::empty() else { return };
        let scene = terraform.scene_on(&cloud, &mirror);
        scene.carry_out("create a private bucket called reports in dev");
        let bucket = cloud.buckets().pop().expect("the bucket is there");
        let change = scene.propose("set reports' old versions to 30");
        cloud.change(&bucket, "versioning", SUSPENDED);
        scene.run(&["approve", &change]);
        assert_eq!(scene.state(&change), "superseded", "{}", scene.card(&change));
        assert!(cloud.ask(&bucket, "lifecycle").is_none_or(|text| !text.contains("30")), "nothing was done");
        let card = successor(&scene, &change);
        assert!(card["differences"].to_string().contains("versioning"), "the card says first what differs: {card}");
    }
}

/// What turns versioning off behind our back.
const SUSPENDED: &str = "<VersioningConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\
    <Status>Suspended</Status></VersioningConfiguration>";

#[test]
fn a_bucket_is_private_encrypted_and_versioned_and_no_key_is_written_anywhere() {
    let (Some(mirror), terraforms) = (Terraform::providers(), Terraform::each()) else { return };
    for terraform in terraforms {
        let Some(cloud) = Cloud::empty() else { return };
        let scene = terraform.scene_on(&cloud, &mirror);
        scene.carry_out("create a private bucket called reports in dev");
        let bucket = cloud.buckets().pop().expect("the bucket is there");
        let answers = |what: &str, word: &str| cloud.ask(&bucket, what).is_some_and(|text| text.contains(word));
        assert!(answers("versioning", "<Status>Enabled</Status>"));
        assert!(answers("encryption", "SSEAlgorithm"));
        assert!(answers("publicAccessBlock", "<BlockPublicAcls>true</BlockPublicAcls>"));
        assert_eq!(files_with(&scene.path(""), "CANARY-aws-secret"), Vec::<String>::new());
    }
}
