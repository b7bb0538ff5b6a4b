//! What rules of approval promise when they are read: a place for every error, and nobody by accident.
//! Run by cargo.
//! Must never read the configuration of whoever runs the tests.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::tests::{config, fact, problem};
use super::*;
use chopmark_domain::approval::{ApprovalRule, DecidedBy, SelfApproval};
use chopmark_domain::risk::Risk;
use chopmark_domain::rules::Rules;
use rstest::rstest;

const PEOPLE: &str = "[people.\"terminal:1\"]\nroles = [\"ops\"]\n[people.\"terminal:2\"]\nroles = [\"ops\"]\n\
                      [people.\"terminal:3\"]\nroles = [\"dev\"]\n";

/// An environment with a usual rule of two lines, and then `rules`: their first line is line 11.
fn dev(rules: &str) -> String {
    format!(
        "{PEOPLE}[environments.dev]\nmode = \"gitops\"\n[environments.dev.approval]\napprovers = [\"ops\"]\n{rules}"
    )
}

fn rules(text: &str) -> Rules {
    let config = config(text);
    let dev = config.environments.all.values().find(|environment| environment.name.as_str() == "dev");
    dev.unwrap().rules.clone()
}

const HEAD: &str = "[[environments.dev.approval.rules]]\n";

#[test]
fn a_rule_asks_what_it_says_and_else_what_the_usual_one_asks() {
    let text = dev(&format!(
        "self_approval = true\nexpires_after = \"2h\"\nremind_after = \"1h\"\n\n{HEAD}name = \"careful\"\nrisk = [\"severe\"]\n\
         kinds = [\"aws_db_*\"]\nat_least_deletes = 1\nat_most_deletes = 9\ncomponents = [\"dev/shop/*\"]\n\
         templates = [\"aws/*\"]\nneeded = 2\nexpires_after = \"30m\"\n{HEAD}name = \"small\"\napprove = \"rule\"\n\
         risk = [\"low\"]\nat_most_deletes = 0\n"
    ));
    let rules = rules(&text);
    let [careful, small] = rules.special.as_slice() else { panic!("{rules:?}") };
    assert_eq!((careful.rule.needed, careful.rule.self_approval), (2, SelfApproval::Allowed));
    assert_eq!((careful.rule.expires_after_seconds, careful.rule.remind_after_seconds), (1800, Some(900)));
    assert_eq!(careful.rule.approvers, rules.usual.approvers);
    assert_eq!(careful.when.risks.iter().copied().collect::<Vec<_>>(), [Risk::Severe]);
    assert_eq!((careful.when.at_least_deletes, careful.when.at_most_deletes), (Some(1), Some(9)));
    assert_eq!((careful.rule.decided_by, small.rule.decided_by), (DecidedBy::People, DecidedBy::TheRule));
    assert_eq!((rules.usual.remind_after_seconds, rules.usual.name.clone()), (Some(3600), None));
    let line = |rule: &ApprovalRule| {
        let (file, line) = rule.written_at.rsplit_once(':').unwrap();
        assert_eq!(file, "config.toml");
        text.lines().nth(line.parse::<usize>().unwrap() - 1).unwrap().to_owned()
    };
    assert_eq!(line(&careful.rule), HEAD.trim());
    assert_eq!(line(&small.rule), HEAD.trim());
    assert_ne!(careful.rule.written_at, small.rule.written_at);
    assert_eq!(line(&rules.usual), "[environments.dev.approval]");
}

#[test]
fn people_are_reminded_after_half_of_the_plans_life_and_at_most_twelve_hours() {
    const HOUR: u64 = 3600;
    let reminded = |said: &str| rules(&dev(said)).usual.remind_after_seconds;
    for (said, seconds) in [
        ("", Some(12 * HOUR)),
        ("expires_after = \"24h\"\n", Some(12 * HOUR)),
        ("expires_after = \"20h\"\n", Some(10 * HOUR)),
        ("expires_after = \"2h\"\n", Some(HOUR)),
        ("expires_after = \"10m\"\n", Some(300)),
        ("expires_after = \"7d\"\n", Some(12 * HOUR)),
        ("expires_after = \"7d\"\nremind_after = \"2d\"\n", Some(48 * HOUR)),
        ("expires_after = \"2h\"\nremind_after = \"119m\"\n", Some(7140)),
        ("expires_after = \"2h\"\nremind_after = \"never\"\n", None),
    ] {
        assert_eq!(reminded(said), seconds, "{said}");
    }
    let no_section = config("[environments.dev]\nmode = \"gitops\"\n");
    let dev = no_section.environments.all.values().find(|environment| environment.name.as_str() == "dev");
    assert_eq!(dev.unwrap().rules.usual.remind_after_seconds, Some(12 * HOUR));
}

#[rstest]
#[case::nameless("risk = [\"low\"]\n", Code::ConfigMissingKey, "rules.name", "", 11)]
#[case::bad_name("name = \"A b\"\n", Code::ConfigValue, "rules.name", "", 12)]
#[case::key("name = \"a\"\nneded = 2\n", Code::ConfigUnknownKey, "rules.neded", "needed", 13)]
#[case::role("name = \"a\"\napprovers = [\"opz\"]\n", Code::ConfigUnknownRole, "rules.approvers", "ops", 13)]
#[case::risk("name = \"a\"\nrisk = [\"modrate\"]\n", Code::ConfigValue, "rules.risk", "moderate", 13)]
#[case::approve("name = \"a\"\napprove = \"rul\"\n", Code::ConfigValue, "rules.approve", "rule", 13)]
#[case::no_risk("name = \"a\"\nrisk = []\n", Code::ConfigValue, "rules.risk", "", 13)]
#[case::no_kind("name = \"a\"\nkinds = []\n", Code::ConfigValue, "rules.kinds", "", 13)]
#[case::pattern("name = \"a\"\ncomponents = [\"a b\"]\n", Code::ConfigValue, "rules.components", "", 13)]
#[case::contradiction(
    "name = \"a\"\nat_least_deletes = 2\nat_most_deletes = 1\n",
    Code::ConfigValue,
    "rules.at_most_deletes",
    "",
    14
)]
#[case::reminder("name = \"a\"\nremind_after = \"48h\"\n", Code::ConfigValue, "rules.remind_after", "", 13)]
#[case::itself_without_risk(
    "name = \"a\"\napprove = \"rule\"\nat_most_deletes = 0\n",
    Code::ConfigMissingKey,
    "rules.risk",
    "",
    11
)]
#[case::itself_severe(
    "name = \"a\"\napprove = \"rule\"\nrisk = [\"low\", \"severe\"]\nat_most_deletes = 0\n",
    Code::ConfigValue,
    "rules.risk",
    "",
    14
)]
#[case::itself_without_deletes(
    "name = \"a\"\napprove = \"rule\"\nrisk = [\"low\"]\n",
    Code::ConfigMissingKey,
    "rules.at_most_deletes",
    "",
    11
)]
#[case::itself_with_deletes(
    "name = \"a\"\napprove = \"rule\"\nrisk = [\"low\"]\nat_most_deletes = 1\n",
    Code::ConfigValue,
    "rules.at_most_deletes",
    "",
    15
)]
#[case::twins(
    "name = \"a\"\n[[environments.dev.approval.rules]]\nname = \"a\"\n",
    Code::ConfigValue,
    "rules.name",
    "",
    14
)]
fn a_rule_that_is_wrong_is_refused_at_its_place(
    #[case] said: &str,
    #[case] code: Code,
    #[case] key: &str,
    #[case] near: &str,
    #[case] line: usize,
) {
    let problem = problem(&dev(&format!("{HEAD}{said}")));
    assert_eq!(problem.code, code, "{problem}");
    assert_eq!(fact(&problem, "key"), format!("environments.dev.approval.{key}"), "{problem}");
    assert_eq!(fact(&problem, "line"), line.to_string(), "{problem}");
    assert_eq!(fact(&problem, "nearest"), near, "{problem}");
}

#[rstest]
#[case::enough("", 1, true, None)]
#[case::two_of_two("", 2, true, None)]
#[case::three_of_two("", 3, true, Some(2))]
// The developer asks, so that both of the others count.
#[case::others_ask("", 2, false, None)]
fn a_rule_that_nobody_can_ever_meet_is_refused(
    #[case] more: &str,
    #[case] needed: u8,
    #[case] own: bool,
    #[case] have: Option<usize>,
) {
    let text = dev(&format!("{HEAD}name = \"many\"\nneeded = {needed}\nself_approval = {own}\n{more}"));
    let read = super::read(&super::tests::place(), Some(&text));
    match (read, have) {
        (Ok(_), None) => {}
        (Err(problem), Some(have)) => {
            assert_eq!(problem.code, Code::ConfigRuleUnmeetable);
            assert_eq!(fact(&problem, "have"), have.to_string());
            assert_eq!((fact(&problem, "rule"), fact(&problem, "line")), ("dev/many", "11"));
        }
        (read, have) => panic!("{have:?}: {:?}", read.err()),
    }
}

#[test]
fn where_only_approvers_ask_one_of_them_never_counts() {
    let alone = "[people.\"terminal:1\"]\nroles = [\"ops\"]\n[environments.dev]\nmode = \"gitops\"\n\
                 [environments.dev.approval]\napprovers = [\"ops\"]\n";
    let problem = problem(alone);
    assert_eq!((problem.code, fact(&problem, "have")), (Code::ConfigRuleUnmeetable, "0"));
    assert_eq!((fact(&problem, "rule"), fact(&problem, "line")), ("dev/approval", "5"));
    config(&format!("{alone}self_approval = true\n"));
}

#[test]
fn a_rule_without_approvers_means_nobody_and_is_no_error() {
    let rules = rules("[environments.dev]\nmode = \"gitops\"\n[environments.dev.approval]\napprovers = []\n");
    assert!(rules.usual.approvers.is_empty());
    // Nor are the built-in ones, for people who never touch that environment.
    config("[people.\"terminal:4242\"]\nroles = [\"sre\"]\n");
}

#[test]
fn a_rule_that_can_never_come_is_found() {
    let text = dev(&format!(
        "{HEAD}name = \"first\"\ncomponents = [\"dev/shop/*\"]\n{HEAD}name = \"second\"\ncomponents = [\"dev/shop/cart\"]\n\
         risk = [\"severe\"]\n{HEAD}name = \"elsewhere\"\ncomponents = [\"prod/*\"]\n{HEAD}name = \"objects\"\n\
         kinds = [\"aws_db_*\"]\n{HEAD}name = \"fine\"\nkinds = [\"file\"]\n"
    ));
    let config = config(&text);
    let dev = config.environments.all.values().find(|environment| environment.name.as_str() == "dev").unwrap();
    let found = dev.rules.never_met(dev);
    let named = |rule: &ApprovalRule| rule.name.as_ref().unwrap().to_string();
    let found: Vec<_> = found.iter().map(|never| (named(never.rule), never.before.map(named))).collect();
    let expected = [("second", Some("first")), ("elsewhere", None), ("objects", None)];
    assert_eq!(found, expected.map(|(rule, before)| (rule.to_owned(), before.map(str::to_owned))));
}
