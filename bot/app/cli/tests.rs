//! What the command line promises.
//! Run by cargo.
//! Must never start anything.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::*;

fn parsed(line: &str) -> Result<Cli, clap::Error> {
    let arguments: Vec<OsString> =
        std::iter::once("chopmark").chain(line.split_whitespace()).map(OsString::from).collect();
    parse(&arguments)
}

#[test]
fn every_command_and_flag_has_words_in_both_languages() {
    fn walk(command: &clap::Command, missing: &mut Vec<String>) {
        let known = |text: &str| !text.is_empty() && !text.contains("cli-") && !text.contains("Unknown");
        if !command.get_about().is_some_and(|about| known(&about.to_string())) {
            missing.push(command.get_name().to_owned());
        }
        for argument in command.get_arguments() {
            if !argument.get_help().is_some_and(|help| known(&help.to_string())) {
                missing.push(format!("{} {}", command.get_name(), argument.get_id()));
            }
        }
        command.get_subcommands().for_each(|below| walk(below, missing));
    }
    for language in [Language::En, Language::Zh] {
        let mut missing = Vec::new();
        walk(&command(language), &mut missing);
        assert_eq!(missing, Vec::<String>::new(), "{language:?}");
    }
}

#[test]
fn the_command_line_is_well_formed() {
    command(Language::En).debug_assert();
}

#[test]
fn global_flags_stand_before_or_after_any_command() {
    for line in ["--json --env dev changes", "changes --json --env dev", "--env dev changes --json"] {
        let cli = parsed(line).unwrap();
        assert!(cli.global.json && cli.global.env.as_deref() == Some("dev"), "{line}");
        assert!(matches!(cli.command, Some(Command::Changes { all: false })));
    }
    assert!(parsed("").unwrap().command.is_none());
    assert!(parsed("audit verify --data /x").unwrap().global.data.is_some());
}

#[test]
fn a_command_line_that_is_wrong_ends_with_the_number_for_usage() {
    for line in ["approv chg-1", "--lnag zh", "ask", "resolve chg-7f3k maybe because", "approve"] {
        assert_eq!(parsed(line).unwrap_err().exit_code(), i32::from(Exit::Usage.number()), "{line}");
    }
    assert_eq!(parsed("-h").unwrap_err().exit_code(), i32::from(Exit::Done.number()));
    assert!(parsed("approv chg-1").unwrap_err().to_string().contains("approve"));
}

#[test]
fn help_begins_with_examples_and_follows_the_language() {
    let english = parsed("-h").unwrap_err().to_string();
    let examples = english.find("deploy image").unwrap();
    assert!(examples < english.find("Usage").unwrap(), "{english}");
    let chinese = parsed("--lang zh -h").unwrap_err().to_string();
    assert!(chinese.contains("部署") && chinese.contains("用法"), "{chinese}");
    assert!(!english.contains("confine"), "{english}");
}

#[test]
fn the_words_of_a_request_need_no_quotes() {
    let Some(Command::Ask { words, dry_run, .. }) = parsed("ask scale cart to 3 --dry-run").unwrap().command else {
        unreachable!("ask is ask")
    };
    assert_eq!((words.join(" ").as_str(), dry_run), ("scale cart to 3", true));
}
