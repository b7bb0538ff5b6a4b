//! What the sections about people promise: one person for an identity, roles that somebody has, grants that mean
//! something, and tokens known by their hash alone.
//! Run by cargo.
//! Must never read the configuration of whoever runs the tests.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::tests::place;
use super::*;
use chopmark_domain::ids::Identity;
use chopmark_domain::rights::{Holders, Right, Target};
use rstest::rstest;

const PEOPLE: &str = "[people.alice]\nidentities = [\"terminal:7\", \"slack:T1.U2\"]\nroles = [\"sre\"]\n";

fn config(text: &str) -> Config {
    read(&place(), Some(text)).unwrap()
}

#[rstest]
#[case::twice("[people.bob]\nidentities = [\"terminal:7\"]\n", Code::ConfigValue, "5", "")]
#[case::twice_by_key("[people.\"terminal:7\"]\n", Code::ConfigValue, "4", "")]
#[case::no_surface_is_a_person("[people.bob]\nidentities = [\"person:alice\"]\n", Code::ConfigValue, "5", "")]
#[case::group_of_nobody("[roles.sre]\nmembers = [\"alise\"]\n", Code::ConfigValue, "5", "alice")]
#[case::role_without_members("[roles.sre]\n", Code::ConfigMissingKey, "4", "")]
#[case::grant_of_a_stranger("[[grants]]\nroles = [\"sree\"]\nmay = []\n", Code::ConfigUnknownRole, "5", "sre")]
#[case::everybody_and_one("[[grants]]\nroles = [\"*\", \"sre\"]\nmay = []\n", Code::ConfigValue, "5", "")]
#[case::nobody_said("[[grants]]\nmay = []\n", Code::ConfigMissingKey, "4", "")]
#[case::no_such_action("[[grants]]\nroles = [\"sre\"]\nmay = [\"aprove\"]\n", Code::ConfigValue, "6", "approve")]
#[case::key("[[grants]]\nrole = [\"sre\"]\n", Code::ConfigUnknownKey, "5", "roles")]
#[case::environment(
    "[[grants]]\nroles = [\"sre\"]\nmay = []\nenvironments = [\"lokal\"]\n",
    Code::ConfigValue,
    "7",
    "local"
)]
#[case::component_elsewhere(
    "[[grants]]\nroles = [\"sre\"]\nmay = []\ncomponents = [\"prod/*\"]\n",
    Code::ConfigValue,
    "7",
    ""
)]
#[case::component_too_short(
    "[[grants]]\nroles = [\"sre\"]\nmay = []\ncomponents = [\"local/shop\"]\n",
    Code::ConfigValue,
    "7",
    ""
)]
#[case::template_too_long(
    "[[grants]]\nroles = [\"sre\"]\nmay = []\ntemplates = [\"a/b/c\"]\n",
    Code::ConfigValue,
    "7",
    ""
)]
#[case::bad_pattern("[[grants]]\nroles = [\"sre\"]\nmay = []\ntemplates = [\"a b/*\"]\n", Code::ConfigValue, "7", "")]
#[case::token_of_nobody("[tokens.desk]\nperson = \"alise\"\n", Code::ConfigValue, "5", "alice")]
#[case::token_without_an_end(
    "[tokens.desk]\nperson = \"alice\"\nsha256 = \"0000000000000000000000000000000000000000000000000000000000000000\"\n",
    Code::ConfigMissingKey,
    "4",
    ""
)]
fn what_cannot_be_meant_is_an_error_with_its_place(
    #[case] more: &str,
    #[case] code: Code,
    #[case] line: &str,
    #[case] near: &str,
) {
    let problem = read(&place(), Some(&format!("{PEOPLE}{more}"))).unwrap_err();
    let fact = |key: &str| problem.facts.get(key).map(String::as_str).unwrap_or_default();
    assert_eq!((problem.code, fact("nearest")), (code, near), "{problem}");
    assert_eq!(fact("line"), line, "{problem}");
}

#[test]
fn the_built_in_grants_are_for_every_role_and_administering_for_owners() {
    let rights = read(&place(), None).unwrap().policy.rights.clone();
    assert_eq!(rights.grants.len(), 2);
    assert_eq!(rights.grants[0].holders, Holders::AnyRole);
    assert!(!rights.grants[0].actions.contains(&Right::Administer));
    let line: usize = rights.grants[1].written_at.rsplit(':').next().unwrap().parse().unwrap();
    assert_eq!(BUILT_IN.lines().nth(line - 1), Some("[[grants]]"));
}

#[test]
fn a_users_grants_take_the_place_of_the_built_in_ones_and_none_is_nobody() {
    let one = config(&format!("{PEOPLE}[[grants]]\nroles = [\"sre\"]\nmay = [\"ask\"]\n"));
    assert_eq!(one.policy.rights.grants.len(), 1);
    let none = config(&format!("grants = []\n{PEOPLE}"));
    for person in none.people.values() {
        assert!(
            Right::ALL.iter().all(|action| !none.policy.rights.check(person, *action, &Target::INSTALL).is_allowed())
        );
    }
}

#[test]
fn members_of_a_role_are_people_identities_and_groups() {
    let text = format!(
        "{PEOPLE}[roles.keeper]\nmembers = [\"alice\", \"terminal:8\", \"token:ci\"]\n\
         [roles.guest]\nmembers = [\"discord:77.role.99\"]\n"
    );
    let config = config(&text);
    let roles =
        |id: &str| config.people[&PersonId::parse(id).unwrap()].roles.iter().map(Role::as_str).collect::<Vec<_>>();
    assert_eq!(roles("person:alice"), ["keeper", "sre"]);
    assert_eq!(roles("terminal:8"), ["keeper"]);
    assert_eq!(config.joined.open_roles().iter().map(Role::as_str).collect::<Vec<_>>(), ["guest"]);
    let slack = Identity::parse("slack:T1.U2").unwrap();
    assert_eq!(config.joined.identities[&slack].as_str(), "person:alice");
}

#[test]
fn a_token_put_where_its_hash_belongs_is_not_repeated() {
    let text = format!("{PEOPLE}[tokens.desk]\nperson = \"alice\"\nsha256 = \"s3cr3t\"\nexpires = \"2027-01-01\"\n");
    let problem = read(&place(), Some(&text)).unwrap_err();
    assert!(!problem.to_string().contains("s3cr3t"), "{problem}");
}
