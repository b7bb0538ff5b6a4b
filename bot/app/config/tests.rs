//! What configuration promises: places of errors, nearest keys, and never anybody by default.
//! Run by cargo.
//! Must never read the configuration of whoever runs the tests.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::*;
use chopmark_domain::approval::SelfApproval;
use chopmark_domain::environment::Mode;
use chopmark_domain::ids::TemplateName;
use chopmark_domain::ports::Settings;
use proptest::prelude::*;
use rstest::rstest;
use std::path::Path;

pub(super) fn place() -> Whereabouts {
    Whereabouts {
        file: Some(PathBuf::from("/etc/chopmark/config.toml")),
        named: false,
        data: Some(PathBuf::from("/data")),
        environment: None,
        templates: ["web-service", "namespace"].map(|name| TemplateName::parse(name).unwrap()).to_vec(),
        me: me(),
        token: None,
    }
}

pub(super) fn config(text: &str) -> Config {
    read(&place(), Some(text)).unwrap()
}

pub(super) fn problem(text: &str) -> Problem {
    read(&place(), Some(text)).unwrap_err()
}

pub(super) fn fact<'p>(problem: &'p Problem, key: &str) -> &'p str {
    problem.facts.get(key).map(String::as_str).unwrap_or_default()
}

const DEV: &str = "[environments.dev]\nmode = \"apply\"\n[environments.dev.kubernetes]\ncontext = \"kind\"\n";

#[test]
fn the_built_in_file_is_the_default_and_lets_its_user_approve_in_local() {
    let config = read(&place(), None).unwrap();
    let local = &config.environments.all[&config.environments.default];
    assert_eq!(local.name.as_str(), "local");
    assert_eq!(local.mode, Mode::Gitops);
    assert_eq!(local.repository.path, Path::new("/data/repositories/local"));
    assert_eq!(local.rules.usual.self_approval, SelfApproval::Allowed);
    assert_eq!(local.templates.len(), 2);
    let line = local.rules.usual.written_at.rsplit(':').next().unwrap().parse::<usize>().unwrap();
    assert_eq!(BUILT_IN.lines().nth(line - 1), Some("[environments.local.approval]"));
    assert!(config.people[&me().id].roles.iter().all(|role| local.rules.usual.approvers.contains(role)));
}

#[test]
fn an_environment_without_a_rule_has_nobody_who_may_approve() {
    let config = config(DEV);
    let dev = config.environments.all.values().find(|environment| environment.name.as_str() == "dev").unwrap();
    assert!(dev.rules.usual.approvers.is_empty());
    assert_eq!(dev.rules.usual.self_approval, SelfApproval::Forbidden);
}

#[test]
fn the_people_of_the_users_file_are_all_the_people() {
    let config = config("[people.\"terminal:4242\"]\nname = \"Ada\"\nroles = [\"sre\"]\n");
    assert_eq!(config.people.keys().map(PersonId::as_str).collect::<Vec<_>>(), ["terminal:4242"]);
}

#[rstest]
#[case::key("[chat]\nlanguag = \"en\"\n", Code::ConfigUnknownKey, "2:1", "chat.languag", "language")]
#[case::section("[chatt]\n", Code::ConfigUnknownKey, "1:2", "chatt", "chat")]
#[case::deep(
    "[environments.dev]\nmode = \"gitops\"\n[environments.dev.approval]\napprover = []\n",
    Code::ConfigUnknownKey,
    "4:1",
    "environments.dev.approval.approver",
    "approvers"
)]
#[case::choice("[log]\nlevel = \"informal\"\n", Code::ConfigValue, "2:9", "log.level", "info")]
#[case::kind("[chat]\nhistory = \"many\"\n", Code::ConfigValue, "2:11", "chat.history", "")]
#[case::bounds("[chat]\nhistory = -1\n", Code::ConfigValue, "2:11", "chat.history", "")]
#[case::not_a_table("chat = 1\n", Code::ConfigValue, "1:8", "chat", "")]
#[case::no_mode("[environments.dev]\n", Code::ConfigMissingKey, "1:15", "environments.dev.mode", "")]
#[case::no_cluster(
    "[environments.dev]\nmode = \"apply\"\n",
    Code::ConfigMissingKey,
    "1:15",
    "environments.dev.kubernetes",
    ""
)]
#[case::role(
    "[environments.dev]\nmode = \"gitops\"\n[environments.dev.approval]\napprovers = [\"onwer\"]\n",
    Code::ConfigUnknownRole,
    "4:13",
    "environments.dev.approval.approvers",
    "owner"
)]
#[case::default("default_environment = \"locale\"\n", Code::ConfigValue, "1:23", "default_environment", "local")]
#[case::person("[people.Al_ice]\n", Code::ConfigValue, "1:9", "people.Al_ice", "")]
#[case::template(
    "[environments.dev]\nmode = \"gitops\"\ntemplates = [\"web\"]\n",
    Code::ConfigValue,
    "3:14",
    "environments.dev.templates",
    ""
)]
#[case::time(
    "[environments.dev]\nmode = \"gitops\"\n[environments.dev.approval]\nexpires_after = \"soon\"\n",
    Code::ConfigValue,
    "4:17",
    "environments.dev.approval.expires_after",
    ""
)]
#[case::outside(
    "[environments.dev]\nmode = \"gitops\"\nrepository.folder = \"../x\"\n",
    Code::ConfigValue,
    "3:21",
    "environments.dev.repository.folder",
    ""
)]
fn an_error_names_line_column_key_and_the_nearest_valid_one(
    #[case] text: &str,
    #[case] code: Code,
    #[case] at: &str,
    #[case] key: &str,
    #[case] near: &str,
) {
    let problem = problem(text);
    assert_eq!(problem.code, code, "{problem}");
    assert_eq!(format!("{}:{}", fact(&problem, "line"), fact(&problem, "column")), at, "{problem}");
    assert_eq!(fact(&problem, "key"), key);
    assert_eq!(fact(&problem, "nearest"), near, "{problem}");
    assert_eq!(fact(&problem, "file"), "config.toml");
}

#[test]
fn a_half_written_file_is_refused_at_its_place() {
    let problem = problem("[chat]\nlanguage = \"e");
    assert_eq!(problem.code, Code::ConfigSyntax);
    assert_eq!(fact(&problem, "line"), "2");
    assert!(!fact(&problem, "reason").is_empty());
}

#[test]
fn two_environments_never_share_a_folder_of_a_repository() {
    let problem = problem("[environments.dev]\nmode = \"gitops\"\nrepository.path = \"/data/repositories/local\"\n");
    assert_eq!(problem.code, Code::ConfigValue);
    assert!(fact(&problem, "expected").contains("environments.local"), "{problem}");
}

#[test]
fn a_named_environment_must_exist() {
    let place = Whereabouts { environment: Some("lokal".to_owned()), ..place() };
    let problem = read(&place, None).unwrap_err();
    assert_eq!((problem.code, fact(&problem, "nearest")), (Code::UnknownEnvironment, "local"));
}

/// Somebody with a role now.
fn person(settings: &FileSettings, id: &PersonId) -> Option<Person> {
    settings.config().ok()?.people.get(id).cloned()
}

#[test]
fn a_decision_sees_the_file_as_it_is_now() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.toml");
    let place = Whereabouts { file: Some(file.clone()), ..place() };
    let text = "[people.\"terminal:4242\"]\nroles = [\"sre\"]\n";
    let settings = FileSettings::open(place).unwrap();
    let ada = PersonId::parse("terminal:4242").unwrap();
    assert_eq!(person(&settings, &ada), None);
    std::fs::write(&file, text).unwrap();
    assert!(person(&settings, &ada).is_some());
    std::fs::write(&file, &text[..20]).unwrap();
    assert_eq!(person(&settings, &ada), None);
    assert_eq!(settings.environments().unwrap_err().code, Code::ConfigSyntax);
    assert!(settings.config().is_err());
    std::fs::write(&file, "").unwrap();
    assert_eq!(settings.environments().unwrap_err().code, Code::ConfigSyntax);
    std::fs::remove_file(&file).unwrap();
    assert_eq!(settings.environments().unwrap_err().code, Code::ConfigMissing);
    std::fs::write(&file, text).unwrap();
    assert!(person(&settings, &ada).is_some());
}

#[test]
fn a_file_that_was_named_must_be_there() {
    let place = Whereabouts { file: Some(PathBuf::from("/nowhere/c.toml")), named: true, ..place() };
    assert_eq!(FileSettings::open(place).unwrap_err().code, Code::ConfigMissing);
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused_with_a_place(text in "(\\[|\\]|=|\"|\n|\\.|environments|dev|mode|people|approval|chat| |[a-z]{1,6}|[0-9]|\\PC){0,40}") {
        if let Err(problem) = read(&place(), Some(&text)) {
            prop_assert!(problem.facts.contains_key("line"), "{problem}");
        }
    }

    #[test]
    fn every_beginning_of_the_default_is_read_or_refused(cut in 0..BUILT_IN.len()) {
        if let Some(text) = BUILT_IN.get(..cut) {
            let _ = read(&place(), Some(text));
        }
    }
}
