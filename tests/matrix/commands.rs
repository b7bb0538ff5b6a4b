//! The command line as people see it: every command's help, in both languages.
//! Runs the program with `--help`.
//! Must never leave out a command that is not hidden.

use super::recorded;
use crate::kit::scene::Scene;

/// Every command with its words on the command line.
const COMMANDS: [&[&str]; 26] = [
    &[],
    &["chat"],
    &["ask"],
    &["changes"],
    &["show"],
    &["approve"],
    &["reject"],
    &["edit"],
    &["cancel"],
    &["schedule"],
    &["plan-again"],
    &["undo"],
    &["resolve"],
    &["audit"],
    &["audit", "verify"],
    &["audit", "export"],
    &["components"],
    &["plan"],
    &["drift"],
    &["templates"],
    &["templates", "check"],
    &["init"],
    &["init", "kubernetes"],
    &["doctor"],
    &["completions"],
    &["explain"],
];

fn help(language: &str) -> String {
    let scene = Scene::new();
    let mut text = String::new();
    for command in COMMANDS {
        let arguments = [command, &["--help", "--lang", language]].concat();
        let finished = scene.run(&arguments).ended(0);
        text += &format!("$ chopmark {}\n{}\n", arguments.join(" "), finished.stdout);
    }
    text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n") + "\n"
}

#[test]
fn every_command_explains_itself_in_english() {
    recorded("help.en.txt", &help("en"));
}

#[test]
fn every_command_explains_itself_in_chinese() {
    recorded("help.zh.txt", &help("zh"));
}
