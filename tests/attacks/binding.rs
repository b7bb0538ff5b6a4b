//! Attacks on the bond between what was approved and what runs (P12 to P16).
//! Moves plan files, folders, states and rules after the approval and before the start, behind the program's back.
//! Must never find anything applied that is not what the card showed.

use super::rig::{HELLO, NOTE, effects, ledger, mine, settled};
use crate::kit::crash::{Point, doomed};
use crate::kit::people::{BOB, Person, rule};
use crate::kit::scene::{Scene, change_of};
use crate::kit::terraform::{Terraform, resources_of, state_of};
use rstest::rstest;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Approves, and stops the worker for good before the ticket: approved, and nothing has begun.
fn approved(scene: &mut Scene, change: &str) {
    let armed = Point::arm(scene, "before-ticket");
    let mut worker = doomed(scene, &["approve", change]);
    armed.reached();
    worker.kill().unwrap();
    worker.wait().unwrap();
}

/// The saved plan of the only waiting change: the first that was made. A worker that died while it compared may have
/// left another.
fn plan_of(scene: &Scene) -> PathBuf {
    let folder = scene.data().join("terraform/scratch");
    let found = Command::new("find").arg(&folder).args(["-name", "plan.bin", "-printf", "%T@ %p\\n"]).output().unwrap();
    let found = String::from_utf8_lossy(&found.stdout).into_owned();
    let mut all: Vec<_> = found.lines().filter_map(|line| line.split_once(' ')).collect();
    all.sort_unstable();
    PathBuf::from(all.first().expect("it is kept").1)
}

fn writable(path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
}

/// Another configuration inside the archive, which Terraform itself would run.
fn rewrite(scene: &Scene) {
    let script = "import sys, zipfile\n\
        path = sys.argv[1]\n\
        with zipfile.ZipFile(path) as old: parts = [(i, old.read(i)) for i in old.infolist()]\n\
        with zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED) as new:\n\
        \x20   for info, data in parts: new.writestr(info.filename, data.replace(b'one', b'TAMPERED'))";
    let plan = plan_of(scene);
    writable(&plan);
    let done = Command::new("python3").args(["-c", script]).arg(&plan).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

/// A plan of the same program that is whole, and that nobody approved.
fn exchange(scene: &Scene) {
    let other = scene.path("other");
    std::fs::create_dir_all(&other).unwrap();
    std::fs::write(other.join("main.tf"), "resource \"terraform_data\" \"x\" {\n  input = \"TAMPERED\"\n}\n").unwrap();
    let terraform = Terraform::each().remove(0);
    terraform.run(&other, None, &["init", "-input=false"]);
    terraform.run(&other, None, &["plan", "-out=plan.bin"]);
    let plan = plan_of(scene);
    writable(&plan);
    std::fs::copy(other.join("plan.bin"), &plan).unwrap();
}

/// The plan is a link to one that can be exchanged at any time.
fn link(scene: &Scene) {
    let plan = plan_of(scene);
    let elsewhere = scene.path("elsewhere.bin");
    std::fs::rename(&plan, &elsewhere).unwrap();
    writable(&elsewhere);
    let mut bytes = std::fs::read(&elsewhere).unwrap();
    bytes.push(0);
    std::fs::write(&elsewhere, bytes).unwrap();
    std::os::unix::fs::symlink(&elsewhere, &plan).unwrap();
}

/// One byte of the archive.
fn flip(scene: &Scene) {
    let plan = plan_of(scene);
    writable(&plan);
    let mut bytes = std::fs::read(&plan).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&plan, bytes).unwrap();
}

#[rstest]
#[case::inside_the_archive(rewrite, true)]
#[case::inside_the_archive_before(rewrite, false)]
#[case::another_plan(exchange, true)]
#[case::a_link(link, false)]
#[case::one_byte(flip, false)]
fn p12_a_rewritten_plan_is_not_applied(#[case] tamper: fn(&Scene), #[case] after_the_approval: bool) {
    let Some(terraform) = Terraform::each().into_iter().next() else { return };
    let mut scene = terraform.scene();
    let change = scene.propose(NOTE);
    if after_the_approval {
        approved(&mut scene, &change);
    }
    let before = effects(&scene, "dev");
    tamper(&scene);
    if !after_the_approval {
        scene.run(&["approve", &change]);
    }
    assert_eq!(settled(&scene, &change), "superseded", "{}", scene.card(&change));
    assert_eq!(effects(&scene, "dev"), before);
    assert_eq!(resources_of(&scene, HELLO), Vec::<String>::new());
    scene.ledger_verifies();
}

#[test]
fn p12_files_beside_the_plan_decide_nothing() {
    for terraform in Terraform::each() {
        let scene = terraform.scene();
        let change = scene.propose(NOTE);
        let folder = plan_of(&scene).parent().unwrap().to_owned();
        let found = Command::new("find").arg(&folder).args(["-type", "f", "-name", "*.tf"]).output().unwrap();
        for file in String::from_utf8_lossy(&found.stdout).lines() {
            writable(Path::new(file));
            let text = std::fs::read_to_string(file).unwrap().replace("\"one\"", "\"TAMPERED\"");
            std::fs::write(file, text).unwrap();
        }
        for name in ["x_override.tf", "x.auto.tfvars", ".terraform/environment"] {
            let path = folder.join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "TAMPERED = \"TAMPERED\"\n").unwrap();
        }
        scene.run(&["approve", &change]);
        let state = state_of(&scene, HELLO).map(|state| state.to_string()).unwrap_or_default();
        assert!(!state.contains("TAMPERED"), "{state}");
        let (end, made) = (scene.state(&change), resources_of(&scene, HELLO).len());
        assert!(matches!((end.as_str(), made), ("succeeded", 1) | ("superseded", 0)), "{end} with {made}");
    }
}

/// A folder with a module, a file that it reads and a template of a script, approved as it lies.
const BUNDLE: [(&str, &str); 3] = [
    (
        "main.tf",
        "module \"inner\" {\n  source = \"./inner\"\n}\nresource \"terraform_data\" \"run\" {\n  \
         input = templatefile(\"run.sh\", { who = \"ada\" })\n}\n",
    ),
    ("inner/main.tf", "resource \"terraform_data\" \"x\" {\n  input = file(\"${path.module}/text\")\n}\n"),
    ("run.sh", "echo ${who} ORIGINAL\n"),
];

fn named(terraform: &Terraform, files: &[(&str, &str)]) -> (Scene, PathBuf) {
    let roots = "[environments.dev.terraform.roots]\nbundle = \"{root}/bundle\"\n";
    let scene = Scene::with_config(&terraform.config_with(roots));
    let folder = scene.path("bundle");
    for (name, text) in files {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    (scene, folder)
}

fn overwrite(folder: &Path, name: &str, text: &str) {
    std::fs::write(folder.join(name), text).unwrap();
}

#[rstest]
#[case::the_script(|folder: &Path| overwrite(folder, "run.sh", "echo TAMPERED\n"), true)]
#[case::a_file_that_the_module_reads(|folder: &Path| overwrite(folder, "inner/text", "TAMPERED"), false)]
#[case::the_module(|folder: &Path| overwrite(folder, "inner/main.tf", "resource \"terraform_data\" \"x\" {\n  input = \"TAMPERED\"\n}\n"), true)]
#[case::an_override(|folder: &Path| overwrite(folder, "z_override.tf", "resource \"terraform_data\" \"run\" {\n  input = \"TAMPERED\"\n}\n"), false)]
#[case::a_link_in_its_place(|folder: &Path| {
    std::fs::rename(folder.join("inner"), folder.join("../outside")).unwrap();
    overwrite(&folder.join("../outside"), "text", "TAMPERED");
    std::os::unix::fs::symlink("../outside", folder.join("inner")).unwrap();
}, true)]
fn p13_a_replaced_file_of_the_bundle_is_not_run(#[case] tamper: fn(&Path), #[case] after_the_approval: bool) {
    let Some(terraform) = Terraform::each().into_iter().next() else { return };
    let (mut scene, folder) = named(&terraform, &BUNDLE);
    overwrite(&folder, "inner/text", "ORIGINAL");
    let change = change_of(&scene.run(&["--json", "plan", folder.to_str().unwrap()]).ended(4).events());
    if after_the_approval {
        approved(&mut scene, &change);
    }
    tamper(&folder);
    if !after_the_approval {
        scene.run(&["approve", &change]);
    }
    assert_eq!(settled(&scene, &change), "superseded", "{}", scene.card(&change));
    assert!(!folder.join("terraform.tfstate").exists(), "nothing was applied");
}

/// Somebody applies another text to the component's state without the program.
fn apply_by_hand(terraform: &Terraform, scene: &Scene) {
    let folder = scene.path("by-hand");
    std::fs::create_dir_all(&folder).unwrap();
    let state = scene.data().join("terraform/states/dev").join(HELLO).join("terraform.tfstate");
    let text = "resource \"terraform_data\" \"this\" {\n  input = { name = \"hello\", text = \"by hand\" }\n}\n\
        output \"text\" {\n  value = terraform_data.this.output.text\n}\n";
    std::fs::write(folder.join("main.tf"), text).unwrap();
    let backend = format!("terraform {{\n  backend \"local\" {{ path = \"{}\" }}\n}}\n", state.display());
    std::fs::write(folder.join("backend.tf"), backend).unwrap();
    terraform.run(&folder, None, &["init", "-input=false"]);
    terraform.run(&folder, None, &["apply", "-input=false", "-auto-approve"]);
}

/// Writes the state's number by hand, and nothing else of it.
fn renumber(_: &Terraform, scene: &Scene) {
    let path = scene.data().join("terraform/states/dev").join(HELLO).join("terraform.tfstate");
    let mut state = state_of(scene, HELLO).unwrap();
    state["serial"] = (state["serial"].as_u64().unwrap() + 1).into();
    std::fs::write(path, state.to_string()).unwrap();
}

#[rstest]
#[case::another_change(apply_by_hand, true)]
#[case::its_number_alone(renumber, false)]
fn p14_a_state_that_moved_is_not_applied_to(#[case] moves: fn(&Terraform, &Scene), #[case] after_the_approval: bool) {
    let Some(terraform) = Terraform::each().into_iter().next() else { return };
    let mut scene = terraform.scene();
    scene.carry_out(NOTE);
    let serial = state_of(&scene, HELLO).unwrap()["serial"].as_u64().unwrap();
    let change = scene.propose("set hello's text to \"two\"");
    if after_the_approval {
        approved(&mut scene, &change);
    }
    moves(&terraform, &scene);
    if !after_the_approval {
        scene.run(&["approve", &change]);
    }
    assert_eq!(settled(&scene, &change), "superseded", "{}", scene.card(&change));
    let state = state_of(&scene, HELLO).unwrap();
    assert!(!state.to_string().contains("\"two\""), "nothing was applied");
    let why = ledger(&scene).iter().map(ToString::to_string).find(|entry| entry.contains("superseded")).unwrap();
    assert!(why.contains(&serial.to_string()) && why.contains(&(serial + 1).to_string()), "both numbers: {why}");
}

/// What changes the rule of a waiting plan without changing what this decision would be.
#[rstest]
#[case::one_more_who_may(|| rule(&[Person::Me, BOB], 1, true, "1h").replace("[people.\"terminal:4301\"]\nroles = [\"keeper\"]", "[people.\"terminal:4301\"]\nroles = [\"other\"]").replace("approvers = [\"keeper\"]", "approvers = [\"keeper\", \"other\"]"))]
#[case::more_are_needed(|| rule(&[Person::Me, BOB], 2, true, "1h"))]
#[case::another_expiry(|| rule(&[Person::Me], 1, true, "2h"))]
#[case::no_self_approval(|| rule(&[Person::Me, BOB], 1, false, "1h"))]
#[case::no_rule_at_all(|| "[environments.local]\nmode = \"gitops\"\n".to_owned())]
fn p15_under_another_rule_an_approved_plan_does_not_start(#[case] config: fn() -> String) {
    let mut scene = Scene::with_config(&mine());
    let change = scene.propose(super::rig::DEPLOY);
    approved(&mut scene, &change);
    let before = effects(&scene, "local");
    scene.write_config(&config());
    let state = settled(&scene, &change);
    assert!(["superseded", "awaiting_approval"].contains(&state.as_str()), "{state}: {}", scene.card(&change));
    assert_eq!(effects(&scene, "local"), before);
    scene.ledger_verifies();
}

#[test]
fn p15_a_plan_whose_judges_are_others_now_does_not_start() {
    let scene = Scene::with_config(&mine());
    let change = scene.propose(super::rig::DEPLOY);
    let before = effects(&scene, "local");
    super::rig::unguard(&scene, "revisions");
    let body = scene.sql("select body from revisions").unwrap()[0][0].clone();
    assert!(body.contains("\"policy_version\":\""), "{body}");
    scene.sql("update revisions set body = replace(body, '\"policy_version\":\"', '\"policy_version\":\"0')").unwrap();
    scene.run(&["approve", &change]);
    assert_ne!(settled(&scene, &change), "succeeded");
    assert_eq!(effects(&scene, "local"), before);
}

/// Three hundred resources of which one goes.
fn many(count: usize, without: Option<usize>) -> String {
    let one = |number: usize| {
        format!("resource \"terraform_data\" \"d{number:03}\" {{\n  input = \"${{var.edition}}-{number}\"\n}}\n")
    };
    (0..count).filter(|number| Some(*number) != without).map(one).collect()
}

#[test]
fn p16_what_is_deleted_stands_first_among_three_hundred_and_is_never_folded_away() {
    let Some(terraform) = Terraform::each().into_iter().next() else { return };
    let variable = "variable \"edition\" {\n  type = string\n}\n";
    let (scene, folder) = named(&terraform, &[("variables.tf", variable), ("e.auto.tfvars", "edition = \"one\"\n")]);
    overwrite(&folder, "main.tf", &many(300, None));
    let plan = || change_of(&scene.run(&["--json", "plan", folder.to_str().unwrap()]).ended(4).events());
    scene.run(&["approve", &plan()]).ended(0);
    overwrite(&folder, "main.tf", &many(300, Some(150)));
    overwrite(&folder, "e.auto.tfvars", "edition = \"two\"\n");
    let change = plan();
    let card = scene.card(&change);
    assert_eq!(card["resources"].as_array().unwrap().len(), 300);
    assert_eq!((card["resources"][0]["action"].as_str(), card["risk"].as_str()), (Some("delete"), Some("severe")));
    for arguments in [vec!["show", &change], vec!["show", &change, "--details"]] {
        let shown = scene.run(&arguments).words();
        let delete = shown.find("d150").expect("the delete is named");
        let other = ["d149", "d151", "d000"].iter().filter_map(|name| shown.find(name)).min();
        assert!(other.is_none_or(|other| delete < other), "{shown}");
    }
    let details = scene.run(&["show", &change, "--details"]).words();
    assert!((0..300).all(|number| details.contains(&format!("d{number:03}"))), "everything can be seen");
    let refused = scene.run(&["approve", &change, "--json"]);
    assert_eq!(super::rig::code(&refused), "CM-5006");
    assert_eq!(scene.state(&change), "awaiting_approval");
}
