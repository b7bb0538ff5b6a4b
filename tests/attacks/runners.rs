//! Attacks on the programs that are run (P40 to P43): by arguments, names, environment and time.
//! Words, flags, variables, configuration and files on disk are the doors; programs of the tests' own stand in the way.
//! Must never find a process, a file or a commit outside its place afterwards.

use super::puppet::{Puppet, call, words};
use super::rig::{CANARY, DEPLOY, NOTE, effects, mine};
use crate::kit::crash::doomed;
use crate::kit::scene::Scene;
use crate::kit::terraform::Terraform;
use crate::kit::wait_for;
use serde_json::json;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

/// A scene in which something waits.
fn waiting() -> (Scene, String) {
    let scene = Scene::with_config(&mine());
    let change = scene.propose(DEPLOY);
    (scene, change)
}

#[test]
fn p40_no_command_passes_anything_through() {
    let (scene, change) = waiting();
    let before = effects(&scene, "local");
    let flags = ["-target=terraform_data.a", "-destroy", "-chdir=/", "-var=x=y", "--upload-pack=id", "-auto-approve"];
    for flag in flags {
        for command in ["plan", "approve", "show", "edit", "undo", "drift", "cancel", "reject"] {
            for arguments in [vec![command, flag], vec![command, &change, flag]] {
                let finished = scene.run(&arguments);
                assert_eq!(finished.code, Some(2), "{arguments:?}: {}", finished.words());
            }
        }
        for command in ["plan", "approve", "show", "undo", "drift"] {
            let finished = scene.run(&[command, &change, "--", flag]);
            assert_eq!(finished.code, Some(2), "{command} {flag}: {}", finished.words());
        }
        let finished = scene.run(&["plan", "--", flag]);
        assert!(![Some(0), Some(4)].contains(&finished.code), "{flag}: {}", finished.words());
    }
    assert_eq!((scene.state(&change).as_str(), effects(&scene, "local")), ("awaiting_approval", before));
}

#[test]
fn p40_words_in_a_conversation_are_no_arguments() {
    let (scene, change) = waiting();
    let before = effects(&scene, "local");
    let lines: Vec<String> = [
        "plan {c} -- -target=terraform_data.a -destroy",
        "plan -chdir=/",
        "approve {c} -- -auto-approve",
        "approve {c} --confirm",
        "approve {c};approve {c}",
        "approve {c} && id",
        "show {c} | sh",
        "undo -destroy",
        "plan $(id)",
        "/approve {c} -target=x",
    ]
    .map(|line| line.replace("{c}", &change))
    .into();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let said = scene.chat(&lines).words();
    assert!(!said.contains("uid="), "{said}");
    assert_eq!((scene.state(&change).as_str(), effects(&scene, "local")), ("awaiting_approval", before), "{said}");
}

/// Names that would be something else to a shell, a path, a program or a person.
fn names() -> Vec<String> {
    let mut names: Vec<String> = [
        "prod;id",
        "a$(id)",
        "-chdir",
        "~root",
        "../x",
        "a b",
        "",
        "A",
        "a\nb",
        "a\u{202e}b",
        "ｐrod",
        "a/b/c/d",
        ".",
        "`id`",
    ]
    .map(str::to_owned)
    .into();
    names.push("x".repeat(300));
    names
}

pub(super) fn toml(name: &str) -> String {
    let escaped: String = name
        .chars()
        .flat_map(|c| match c {
            '"' | '\\' => vec!['\\', c],
            c if c.is_control() => format!("\\u{:04x}", c as u32).chars().collect(),
            c => vec![c],
        })
        .collect();
    format!("\"{escaped}\"")
}

#[test]
fn p41_a_name_that_is_none_is_refused_at_each_door() {
    let scene = Scene::with_config(&mine());
    scene.run(&["components"]).ended(0);
    let before = effects(&scene, "local");
    for name in names() {
        let flag = format!("--env={name}");
        for arguments in [
            vec![flag.as_str(), "ask", "--json", DEPLOY],
            vec!["drift", "--json", "--", name.as_str()],
            vec!["components", "--json", "--", name.as_str()],
            vec!["show", "--json", "--", name.as_str()],
        ] {
            // An empty variable or flag is no name at all.
            if name.is_empty() && arguments[0] == "--env=" {
                continue;
            }
            let finished = scene.run(&arguments);
            assert!(![Some(0), Some(4)].contains(&finished.code), "{arguments:?}: {}", finished.words());
        }
    }
    let made = scene.sql("select count(*) from changes").unwrap();
    assert_eq!((made[0][0].as_str(), effects(&scene, "local")), ("0", before));
}

#[test]
fn p41_a_name_that_is_none_is_refused_in_the_configuration() {
    for name in names() {
        let name = toml(&name);
        let rule = "[environments.local.approval]\napprovers = [\"owner\"]\nself_approval = true\n";
        for config in [
            format!("[environments.{name}]\nmode = \"gitops\"\n"),
            format!("default_environment = {name}\n"),
            format!(
                "[environments.local]\nmode = \"gitops\"\n{rule}[environments.local.terraform.roots]\n{name} = \"/tmp\"\n"
            ),
            format!("[environments.local]\nmode = \"gitops\"\ntemplates = [{name}]\n{rule}"),
        ] {
            let scene = Scene::with_config(&config);
            let finished = scene.run(&["--json", "ask", DEPLOY]);
            assert!(![Some(0), Some(4)].contains(&finished.code), "{config}: {}", finished.words());
            assert!(finished.words().contains("CM-20"), "{config}: {}", finished.words());
            assert!(!scene.data().join("repositories").exists(), "{config}");
        }
    }
}

#[test]
fn p41_a_name_that_is_none_is_refused_from_a_model() {
    let mut scene = Scene::with_config(&mine());
    scene.run(&["components"]).ended(0);
    let before = effects(&scene, "local");
    let names = names();
    let calls: Vec<_> = names
        .iter()
        .flat_map(|name| {
            let make = |key: &str| {
                let mut arguments = json!({"template": "web-service", "name": "cart", "group": "shop",
                    "environment": "local", "values": {"image": "nginx:1"}});
                arguments[key] = json!(name);
                ("propose_create".to_owned(), arguments)
            };
            [
                make("name"),
                make("group"),
                make("environment"),
                ("show_component".to_owned(), json!({"component": name})),
            ]
        })
        .collect();
    let count = calls.len();
    let puppet = Puppet::plays(move |asked, _| {
        let (tool, arguments) = calls[asked % calls.len()].clone();
        if asked % 2 == 0 { call(&tool, arguments) } else { words("No.") }
    });
    puppet.serve(&mut scene, &mine());
    let lines: Vec<String> =
        (0..count).map(|number| format!("make the web service cart in shop, number {number}")).collect();
    scene.chat(&lines.iter().map(String::as_str).collect::<Vec<_>>());
    let made = scene.sql("select distinct environment, group_name, name from changes").unwrap();
    for part in made.iter().flatten() {
        let plain = part.len() <= 63 && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        assert!(plain && !part.starts_with('-'), "{part:?} became a name");
    }
    assert_eq!(effects(&scene, "local"), before);
}

/// A program of that name, first on PATH of the scene, that does `script` and then is the real one.
fn stand_in(scene: &mut Scene, name: &str, script: &str) -> PathBuf {
    let folder = scene.path("bin");
    std::fs::create_dir_all(&folder).unwrap();
    let real = std::env::split_paths(&std::env::var_os("PATH").unwrap())
        .map(|path| path.join(name))
        .find(|path| path.is_file());
    let real = real.expect("the real one is there");
    let path = folder.join(name);
    std::fs::write(&path, format!("#!/bin/sh\n{script}\nexec {} \"$@\"\n", real.display())).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    scene.set("PATH", &format!("{}:{}", folder.display(), std::env::var("PATH").unwrap()));
    path
}

fn config_of(program: &std::path::Path, more: &str) -> String {
    Terraform { program: program.display().to_string() }.config_with(more)
}

/// Variables that turn a program into another one.
const HOSTILE: [(&str, &str); 16] = [
    ("AWS_SECRET_ACCESS_KEY", CANARY),
    ("TF_CLI_ARGS", "-destroy"),
    ("TF_CLI_ARGS_plan", "-destroy"),
    ("TF_CLI_ARGS_apply", "-state-out=/tmp/elsewhere"),
    ("TF_VAR_text", CANARY),
    ("TF_WORKSPACE", "elsewhere"),
    ("LD_PRELOAD", "/nowhere/x.so"),
    ("LD_LIBRARY_PATH", "/nowhere"),
    ("GIT_SSH_COMMAND", "touch PWNED"),
    ("GIT_DIR", "/nowhere"),
    ("GIT_CONFIG_COUNT", "1"),
    ("GIT_CONFIG_KEY_0", "core.fsmonitor"),
    ("GIT_CONFIG_VALUE_0", "touch PWNED"),
    ("GIT_EXTERNAL_DIFF", "touch PWNED"),
    ("BASH_ENV", "/nowhere/x.sh"),
    ("NODE_OPTIONS", "--require=/nowhere/x.js"),
];

#[test]
fn p42_programs_see_only_what_is_on_the_list() {
    if Terraform::each().iter().all(|one| one.program != "/usr/local/bin/terraform") {
        return crate::kit::left_out("a Terraform that a script may start stands in /usr");
    }
    let mut scene = Scene::new();
    let note = "for place in \"$TMPDIR\" \"$PWD\" \"$PWD/../out\" \"$PWD/..\"; do env >> \"$place/seen-$$\" 2>/dev/null && break; done";
    let terraform = stand_in(&mut scene, "terraform", note);
    let git = scene.path("git-saw");
    stand_in(&mut scene, "git", &format!("env >> {} 2>/dev/null", git.display()));
    scene.write_config(&config_of(&terraform, ""));
    for (name, value) in HOSTILE {
        scene.set(name, value);
    }
    let change = scene.propose(NOTE);
    let find = || {
        std::process::Command::new("grep")
            .args(["-r", "-h", "-a", "="])
            .args(["--include=seen-*", "."])
            .current_dir(scene.path(""))
            .output()
            .unwrap()
    };
    let seen =
        String::from_utf8_lossy(&find().stdout).into_owned() + &std::fs::read_to_string(&git).unwrap_or_default();
    assert!(seen.contains("TF_IN_AUTOMATION") || seen.contains("GIT_"), "something was seen: {seen}");
    assert!(!seen.contains(CANARY), "a secret was seen:\n{seen}");
    for (name, value) in HOSTILE {
        assert!(!seen.contains(&format!("{name}={value}\n")), "{name} was seen");
    }
    let card = scene.card(&change);
    assert_eq!(card["resources"][0]["action"], "create", "the plan is no destroy: {card}");
    scene.run(&["approve", &change]).ended(0);
    assert!(!scene.path("work/PWNED").exists() && !card.to_string().contains(CANARY));
}

/// A program that ignores being asked to stop, in the middle of a plan or an apply.
fn stubborn(scene: &mut Scene, during: &str) -> PathBuf {
    let place = "\"$TMPDIR\" \"$PWD\" \"$PWD/../out\" \"$PWD/..\"";
    let script = format!(
        "if [ \"$1\" = {during} ] || [ \"$2\" = {during} ]; then trap '' INT TERM HUP\n\
         for place in {place}; do echo $$ > \"$place/stubborn\" 2>/dev/null && break; done\n\
         while :; do sleep 0.2; done; fi"
    );
    stand_in(scene, "terraform", &script)
}

fn stubborn_processes(scene: &Scene) -> Vec<String> {
    let root = scene.path("bin/terraform").display().to_string();
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        let Some(id) =
            entry.file_name().to_str().filter(|name| name.bytes().all(|b| b.is_ascii_digit())).map(str::to_owned)
        else {
            continue;
        };
        let line = std::fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
        if line.split(|byte| *byte == 0).any(|part| part == root.as_bytes()) {
            found.push(id);
        }
    }
    found
}

#[test]
fn p43_a_stubborn_plan_does_not_outlive_whoever_asked_for_it() {
    if Terraform::each().iter().all(|one| one.program != "/usr/local/bin/terraform") {
        return crate::kit::left_out("a Terraform that a script may start stands in /usr");
    }
    let mut scene = Scene::new();
    let program = stubborn(&mut scene, "plan");
    scene.write_config(&config_of(&program, ""));
    let mut worker = doomed(&scene, &["ask", NOTE]);
    wait_for("the stubborn plan", || (!stubborn_processes(&scene).is_empty()).then_some(()));
    worker.kill().unwrap();
    worker.wait().unwrap();
    wait_for("its end", || stubborn_processes(&scene).is_empty().then_some(()));
    assert!(super::rig::ledger(&scene).iter().all(|entry| entry["kind"] != "exec_intent"));
}
