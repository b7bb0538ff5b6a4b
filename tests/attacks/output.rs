//! Attacks on the eye of who reads (P49 to P51): mentions, fences, escapes, false lines and secrets in what is shown.
//! Hostile text comes in through every door there is, and is looked for in everything that goes out.
//! Must never accept that it is shown raw because it was only an error.

use super::puppet::{Puppet, words};
use super::rig::{CANARY, DEPLOY, harmless, mine};
use crate::kit::cluster::Cluster;
use crate::kit::scene::{Scene, change_of};
use crate::kit::screen::Screen;
use crate::kit::terraform::{Terraform, files_with};
use crate::kit::world::Repository;

/// What a terminal obeys, and what turns writing round.
const OBEYED: &str = "x\u{1b}[2J\u{1b}]0;pwn\u{7}\u{1b}]8;;https://attacker.example\u{1b}\\y\u{202e}z\u{9b}31m\u{8}\r!";
/// What looks like us in places where people read chat.
const FALSE_LINES: &str =
    "a\n```\n# Approve\n✅ Approved by @bob\n@everyone <@&123> <!channel>\nPlan: 0 to add, 0 to change, 0 to destroy.";

/// No line of ours is made by somebody else's text.
#[track_caller]
fn no_false_line(shown: &str) {
    for line in shown.lines() {
        for lie in ["# Approve", "✅ Approved", "Plan: 0 to add", "```", "@everyone"] {
            assert!(!line.starts_with(lie), "a line of somebody else's stands as ours: {line:?} in\n{shown}");
        }
    }
}

fn toml(text: &str) -> String {
    let escaped: String = text
        .chars()
        .flat_map(|c| if c.is_control() { format!("\\u{:04x}", c as u32).chars().collect() } else { vec![c] })
        .collect();
    format!("\"{escaped}\"")
}

#[test]
fn p49_p50_what_people_type_comes_back_harmless() {
    let scene = Scene::with_config(&mine());
    let change = scene.propose(DEPLOY);
    let mut shown = String::new();
    for text in [OBEYED, FALSE_LINES] {
        for arguments in [
            vec!["approve", text],
            vec!["show", text],
            vec!["edit", &change, text],
            vec!["ask", text],
            vec!["explain", text],
            vec!["components", text],
            vec!["templates", "show", text],
            vec!["templates", "check", text],
            vec!["plan", text],
            vec!["drift", text],
            vec!["audit", "show", text],
            vec!["--env", text, "ask", DEPLOY],
            vec!["--lang", text, "changes"],
            vec!["--config", text, "changes"],
            vec!["--data", text, "changes"],
            vec!["approve", &change, "--confirm", text],
            vec![text],
            vec!["approve", &change, text],
        ] {
            for json in [false, true] {
                let mut all = arguments.clone();
                all.extend(json.then_some("--json"));
                let said = scene.run(&all).words();
                harmless(&said);
                no_false_line(&said);
                shown += &said;
            }
        }
    }
    scene.run(&["reject", &change, OBEYED, FALSE_LINES]);
    for arguments in
        [vec!["show", &change], vec!["audit", "show"], vec!["changes", "--all"], vec!["--json", "show", &change]]
    {
        let said = scene.run(&arguments).words();
        harmless(&said);
        no_false_line(&said);
    }
    // A variable is a door of the command line too.
    let mut scene = scene;
    for name in ["CHOPMARK_LANG", "CHOPMARK_ENV", "CHOPMARK_CONFIG", "CHOPMARK_LOG"] {
        scene.set(name, OBEYED);
        for arguments in [vec!["changes"], vec!["ask", DEPLOY]] {
            harmless(&scene.run(&arguments).words());
        }
        scene.set(name, "");
    }
    assert!(shown.contains("pwn"), "what was typed is shown, in a form that nothing obeys");
}

#[test]
fn p50_what_files_hold_comes_back_harmless() {
    for config in [
        format!("{} = 1\n", toml(OBEYED)),
        format!("default_environment = {}\n", toml(OBEYED)),
        format!("[environments.{}]\nmode = \"apply\"\n", toml(OBEYED)),
        format!("[people.{}]\nroles = [{}]\n", toml(OBEYED), toml(OBEYED)),
        format!("{}[environments.local.approval]\napprovers = [{}]\n", mine(), toml(OBEYED)),
        format!("# {OBEYED}\n[environments.local\n"),
        format!("x = {OBEYED}\n"),
    ] {
        let scene = Scene::with_config(&config);
        for arguments in [vec!["changes"], vec!["--json", "ask", DEPLOY], vec!["doctor"], vec!["chat"]] {
            harmless(&scene.run(&arguments).words());
        }
    }
    let scene = Scene::new();
    scene.carry_out(DEPLOY);
    let repository = Repository::at(&scene.repository());
    let name = "shop/cart/deployment.yaml";
    let path = scene.repository().join(name);
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace("nginx:1.27", "\"nginx:1.27\\e[2J\\u202e\" # \u{202e}")).unwrap();
    std::fs::write(scene.repository().join("shop/cart/x\u{1b}[2J\u{202e}.yaml"), "a: b\n").unwrap();
    repository.git(&["add", "--all"]);
    repository.git(&[
        "commit",
        "--quiet",
        "--author",
        &format!("{} <a@b>", OBEYED.replace('\r', "")),
        "-m",
        &OBEYED.replace('\r', ""),
    ]);
    for arguments in [
        vec!["drift"],
        vec!["--json", "drift"],
        vec!["components", "shop/cart"],
        vec!["ask", "scale cart to 3"],
        vec!["ask", "what changed today?"],
        vec!["undo", "shop/cart"],
        vec!["doctor"],
        vec!["changes", "--all"],
    ] {
        harmless(&scene.run(&arguments).words());
    }
    for row in scene.sql("select id from changes").unwrap() {
        harmless(&scene.run(&["show", &row[0], "--details"]).words());
        harmless(&scene.run(&["--json", "show", &row[0], "--details"]).words());
    }
}

#[test]
fn p49_p50_what_terraform_plans_and_says_comes_back_harmless() {
    for terraform in Terraform::each() {
        let scene =
            Scene::with_config(&terraform.config_with("[environments.dev.terraform.roots]\nevil = \"{root}/evil\"\n"));
        let folder = scene.path("evil");
        std::fs::create_dir_all(&folder).unwrap();
        let hcl = |text: &str| -> String { text.chars().map(|c| format!("\\u{:04x}", c as u32)).collect() };
        let (obeyed, lies) = (hcl(OBEYED), hcl(&FALSE_LINES.replace('✅', "v")));
        let good = format!(
            "resource \"terraform_data\" \"x\" {{\n  input = {{ a = \"{obeyed}\", b = \"{lies}\", \"k{obeyed}\" = 1 }}\n}}\noutput \"o\" {{\n  value = \"{obeyed}{lies}\"\n}}\n"
        );
        std::fs::write(folder.join("main.tf"), &good).unwrap();
        let planned = scene.run(&["--json", "plan", folder.to_str().unwrap()]).ended(4);
        let change = change_of(&planned.events());
        let mut said = planned.words() + &scene.run(&["show", &change, "--details"]).words();
        said += &scene.run(&["approve", &change]).ended(0).words();
        said += &scene.run(&["show", &change]).words();
        harmless(&said);
        no_false_line(&said);
        // What the program itself says when it fails.
        let bad = format!(
            "resource \"terraform_data\" \"x\" {{\n  input = 1\n  lifecycle {{\n    precondition {{\n      condition = false\n      error_message = \"{obeyed}{lies} failed.\"\n    }}\n  }}\n}}\n"
        );
        std::fs::write(folder.join("main.tf"), bad).unwrap();
        for arguments in [vec!["plan", folder.to_str().unwrap()], vec!["--json", "plan", folder.to_str().unwrap()]] {
            let said = scene.run(&arguments).words();
            harmless(&said);
            no_false_line(&said);
        }
    }
}

#[test]
fn p49_p50_what_a_model_says_comes_back_harmless_and_marked_as_its_own() {
    let mut scene = Scene::with_config(&mine());
    let puppet = Puppet::says(vec![words(&format!("{OBEYED}\n{FALSE_LINES}"))]);
    puppet.serve(&mut scene, &mine());
    for finished in [
        scene.chat(&["what is this good for?"]),
        scene.run(&["ask", "what is this good for?"]),
        scene.run(&["--json", "ask", "what is this good for?"]),
    ] {
        let said = finished.words();
        harmless(&said);
        no_false_line(&said);
        assert!(said.contains("bob"), "its words are shown: {said}");
    }
    let Some(screen) = Screen::open(&scene, "attack-output", "chat") else { return };
    screen.line("what is this good for?");
    screen.shows("everyone");
    no_false_line(&screen.text());
    assert!(screen.text().contains("what is this good for?"), "the screen was not cleared: {}", screen.text());
}

#[test]
fn p49_p50_what_a_cluster_holds_comes_back_harmless() {
    let Some(cluster) = Cluster::with("attack-words") else { return };
    let namespace = cluster.namespace();
    cluster.kubectl(&["create", "namespace", namespace]);
    let scene = cluster.scene();
    scene.carry_out(&format!("create config map cart in {namespace} with data A=b"));
    let event = serde_json::json!({
        "apiVersion": "v1", "kind": "Event", "type": "Warning", "reason": "Failed", "count": 1,
        "metadata": {"name": "cart.1", "namespace": namespace},
        "involvedObject": {"apiVersion": "v1", "kind": "ConfigMap", "name": "cart", "namespace": namespace},
        "message": format!("{OBEYED} {FALSE_LINES}"), "lastTimestamp": "2026-11-21T00:00:00Z",
    });
    std::fs::write(scene.path("event.json"), event.to_string()).unwrap();
    cluster.kubectl(&["create", "-f", scene.path("event.json").to_str().unwrap()]);
    let lines =
        ["show the events of cart", "is cart healthy?", &format!("list the objects in {namespace}"), "show cart"];
    for finished in
        [scene.chat(&lines), scene.run(&["--json", "ask", lines[0]]), scene.run(&["--json", "ask", lines[1]])]
    {
        harmless(&finished.words());
        no_false_line(&finished.words());
    }
}

#[test]
fn p51_a_sensitive_value_is_in_none_of_the_places_that_anybody_reads() {
    for terraform in Terraform::each() {
        let lines = "[environments.dev.terraform.credentials]\nTF_VAR_password = \"env:LOGIN\"\n\
            [environments.dev.terraform.roots]\nlogin = \"{root}/login\"\n";
        let mut scene = Scene::with_config(&terraform.config_with(lines));
        scene.set("LOGIN", CANARY);
        scene.set("CHOPMARK_LOG", "trace");
        let folder = scene.path("login");
        std::fs::create_dir_all(&folder).unwrap();
        let text = "variable \"password\" {\n  type = string\n}\nresource \"terraform_data\" \"x\" {\n  \
            input = { plain = var.password, coded = base64encode(var.password), inside = jsonencode({ a = var.password }), address = \"https://u:${var.password}@x/\" }\n}\n\
            output \"o\" {\n  value = urlencode(var.password)\n}\n";
        std::fs::write(folder.join("main.tf"), text).unwrap();
        let planned = scene.run(&["--json", "plan", folder.to_str().unwrap()]).ended(4);
        let change = change_of(&planned.events());
        let mut said = planned.words() + &scene.run(&["show", &change, "--details"]).words();
        said += &scene.run(&["approve", &change]).ended(0).words();
        // And when it fails in the middle of its words.
        let fails = text.replace("  input = {", "  lifecycle {\n    precondition {\n      condition = var.password == \"\"\n      error_message = \"Not ${var.password}.\"\n    }\n  }\n  input = {");
        std::fs::write(folder.join("main.tf"), fails).unwrap();
        said += &scene.run(&["--json", "plan", folder.to_str().unwrap()]).words();
        for arguments in [
            vec!["audit", "show"],
            vec!["audit", "export"],
            vec!["--json", "show", &change],
            vec!["show", &change, "--prompt"],
            vec!["doctor"],
            vec!["changes", "--all"],
        ] {
            said += &scene.run(&arguments).words();
        }
        // In base64 too, but for its last bytes.
        for shape in [CANARY, "Q0FOQVJZLTlkNDFlNmIwN2M1YTJmMz"] {
            assert!(!said.contains(shape), "{shape} was said");
            let held = files_with(&scene.path("home"), shape);
            let open: Vec<_> = held.iter().filter(|file| !file.contains("/terraform/states/")).collect();
            assert_eq!(open, Vec::<&String>::new(), "{shape} was written");
        }
    }
}
