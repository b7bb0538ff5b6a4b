//! The command line as people see it: every command's help, in both languages.
//! Runs the program with `--help`.
//! Must never leave out a command that is not hidden.

use super::recorded;
use crate::kit::scene::Scene;
use chopmark::cli::Cli;
use clap::CommandFactory;

/// Every command with its words on the command line, parents first: from the parser itself.
fn commands() -> Vec<Vec<String>> {
    fn below(command: &clap::Command, words: &[String], all: &mut Vec<Vec<String>>) {
        all.push(words.to_vec());
        for inner in command.get_subcommands().filter(|inner| !inner.is_hide_set()) {
            below(inner, &[words, &[inner.get_name().to_owned()]].concat(), all);
        }
    }
    let mut all = Vec::new();
    below(&Cli::command(), &[], &mut all);
    all
}

fn help(language: &str) -> String {
    let scene = Scene::new();
    let mut text = String::new();
    for command in commands() {
        let words: Vec<_> = command.iter().map(String::as_str).collect();
        let arguments = [&words[..], &["--help", "--lang", language]].concat();
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
