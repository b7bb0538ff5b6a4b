//! What freezes, windows and read-only mode promise when they are read: a place for every error.
//! Run by cargo.
//! Must never depend on the day on which it runs.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::super::Config;
use super::super::tests::{config, fact, problem};
use super::*;
use chopmark_domain::environment::Environment;
use rstest::rstest;

const PEOPLE: &str = "[people.\"terminal:1\"]\nroles = [\"ops\", \"on-call\"]\n";
const FREEZE: &str = "[[freezes]]\nname = \"holidays\"\nenvironments = [\"dev\"]\nfrom = \"2026-12-20 00:00\"\n\
                      until = \"2027-01-04 00:00\"\nzone = \"Europe/Berlin\"\n";
const NIGHTLY: &str = "[[environments.dev.windows]]\nname = \"nightly\"\ndays = [\"mon\", \"sun\"]\nfrom = \"22:00\"\n\
                       until = \"04:00\"\nzone = \"Asia/Shanghai\"\n";

/// Two lines of people, then an environment of which the first line after its mode is line 5.
fn dev(rest: &str) -> String {
    format!("{PEOPLE}[environments.dev]\nmode = \"gitops\"\n{rest}")
}

fn environment(config: &Config) -> Environment {
    let mut all = config.environments.all.values();
    all.find(|environment| environment.name.as_str() == "dev").unwrap().clone()
}

#[test]
fn freezes_windows_and_modes_are_read_with_their_places() {
    let config = config(&format!(
        "read_only = true\n{}",
        dev(&format!(
            "start = \"in windows\"\nread_only = true\n[environments.dev.approval]\napprovers = [\"ops\"]\n\
             expires_after = \"7d\"\nself_approval = true\n{NIGHTLY}{FREEZE}reason = \"away\"\n[[freezes.exceptions]]\nname = \"shop\"\n\
             components = [\"dev/shop/*\"]\napproved_by = [\"on-call\"]\n[[freezes]]\nname = \"fridays\"\n\
             environments = [\"*\"]\ndays = [\"fri\"]\nfrom = \"12:00\"\nuntil = \"00:00\"\nzone = \"UTC\"\n"
        ))
    ));
    assert_eq!((config.policy.effects, environment(&config).effects), (Effects::ReadOnly, Effects::ReadOnly));
    let windows = environment(&config).windows;
    assert_eq!((windows.starts, windows.all[0].written_at.as_str()), (Starts::InWindows, "config.toml:12"));
    assert!(matches!(&windows.all[0].when, When::Weekly { days, .. } if days.iter().eq(&[1, 7])));
    let [holidays, fridays] = config.policy.freezes.as_slice() else { panic!("{:?}", config.policy.freezes) };
    assert_eq!((holidays.reason.as_str(), holidays.exceptions[0].name.as_str()), ("away", "shop"));
    let zone = Zone::parse("Europe/Berlin").unwrap();
    let When::Once { span, .. } = &holidays.when else { panic!("{holidays:?}") };
    assert_eq!(zone.written(span.from), "2026-12-20 00:00 Europe/Berlin");
    assert!(matches!(fridays.when, When::Weekly { .. }));
}

#[rstest]
#[case::zone(&FREEZE.replace("Europe/Berlin", "Europe/Berln"), Code::ConfigValue, "freezes.zone", 10)]
#[case::no_zone(&FREEZE.replace("zone = \"Europe/Berlin\"\n", ""), Code::ConfigMissingKey, "freezes.zone", 5)]
#[case::backwards(&FREEZE.replace("2027", "2026"), Code::ConfigValue, "freezes.until", 9)]
#[case::no_time(&FREEZE.replace("2026-12-20 00:00", "2026-12-20"), Code::ConfigValue, "freezes.from", 8)]
#[case::no_day(&format!("{FREEZE}days = []\n"), Code::ConfigValue, "freezes.days", 11)]
#[case::bad_day(&format!("{FREEZE}days = [\"friday\"]\n"), Code::ConfigValue, "freezes.days", 11)]
#[case::date_on_days(&format!("{FREEZE}days = [\"fri\"]\n"), Code::ConfigValue, "freezes.from", 8)]
#[case::twins(&format!("{FREEZE}{FREEZE}"), Code::ConfigValue, "freezes.name", 12)]
#[case::nowhere(&FREEZE.replace("[\"dev\"]", "[\"dve\"]"), Code::ConfigValue, "freezes.environments", 7)]
#[case::nowhere_at_all(&FREEZE.replace("[\"dev\"]", "[]"), Code::ConfigValue, "freezes.environments", 7)]
#[case::role(
    &format!("{FREEZE}[[freezes.exceptions]]\nname = \"a\"\napproved_by = [\"oncall\"]\n"),
    Code::ConfigUnknownRole,
    "freezes.exceptions.approved_by",
    13
)]
#[case::boundless(
    &format!("{FREEZE}[[freezes.exceptions]]\nname = \"a\"\n"),
    Code::ConfigMissingKey,
    "freezes.exceptions.components",
    11
)]
#[case::key(&format!("{FREEZE}environment = \"dev\"\n"), Code::ConfigUnknownKey, "freezes.environment", 11)]
#[case::window_zone(&NIGHTLY.replace("Asia/Shanghai", "CEST"), Code::ConfigValue, "environments.dev.windows.zone", 10)]
#[case::window_time(&NIGHTLY.replace("04:00", "24:30"), Code::ConfigValue, "environments.dev.windows.until", 9)]
#[case::window_twins(&format!("{NIGHTLY}{NIGHTLY}"), Code::ConfigValue, "environments.dev.windows.name", 12)]
#[case::no_windows("start = \"in windows\"\n", Code::ConfigMissingKey, "environments.dev.windows", 3)]
#[case::start("start = \"soon\"\n", Code::ConfigValue, "environments.dev.start", 5)]
#[case::read_only("read_only = \"yes\"\n", Code::ConfigValue, "environments.dev.read_only", 5)]
#[case::too_short(
    &format!("start = \"in windows\"\n[environments.dev.approval]\napprovers = [\"ops\"]\nexpires_after = \"24h\"\n{NIGHTLY}"),
    Code::ConfigValue,
    "environments.dev.approval.expires_after",
    8
)]
fn what_cannot_be_is_refused_at_its_place(
    #[case] rest: &str,
    #[case] code: Code,
    #[case] key: &str,
    #[case] line: usize,
) {
    let problem = problem(&dev(rest));
    assert_eq!((problem.code, fact(&problem, "key")), (code, key), "{problem:?}");
    assert_eq!(fact(&problem, "line"), line.to_string(), "{problem:?}");
}

#[test]
fn a_plan_must_live_until_the_next_window_whenever_it_is_made() {
    let text = |expires: &str| {
        dev(&format!(
            "start = \"in windows\"\n[environments.dev.approval]\napprovers = [\"ops\"]\nexpires_after = \"{expires}\"\n\
             self_approval = true\n{NIGHTLY}"
        ))
    };
    // From Tuesday 04:00 to Sunday 22:00 are 5 days and 18 hours.
    assert_eq!(fact(&problem(&text("138h")), "expected"), "≥ \"139h\"");
    config(&text("139h"));
}
