//! What the sections of chat platforms promise: off by default, no token in clear, and nothing that can only speak.
//! Run by cargo.
//! Must never read a secret of whoever runs the tests.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::super::tests::{config, fact, place, problem};
use super::super::{Config, read};
use super::*;
use chopmark_domain::problem::Code;
use chopmark_domain::time::Timestamp;
use rstest::rstest;
use secrecy::ExposeSecret as _;

/// Half past ten in the evening of 21 November 2026, in Berlin.
const LATE: Timestamp = Timestamp(1_795_296_600_000);

fn built_in() -> Config {
    read(&place(), None).unwrap()
}

#[test]
fn nothing_talks_to_a_platform_until_somebody_says_so() {
    let config = built_in();
    assert_eq!((config.discord, config.slack, config.http), (None, None, None));
    assert_eq!(config.news, News { quiet: None, zone: Zone::utc() });
}

#[test]
fn a_token_is_enough_for_discord_and_two_for_slack() {
    let config = config(
        "[discord]\ntoken = \"file:discord.token\"\n[slack]\nbot_token = \"env:BOT\"\napp_token = \"env:APP\"\n",
    );
    let discord = config.discord.unwrap();
    assert_eq!(discord.token, "file:/etc/chopmark/discord.token");
    assert!(discord.message_content && discord.public_key.is_none() && discord.servers.is_empty());
    let slack = config.slack.unwrap();
    assert_eq!((slack.bot_token.as_str(), slack.app_token.as_deref()), ("env:BOT", Some("env:APP")));
}

#[test]
fn every_option_is_taken_as_it_is_written() {
    let key = "AB".repeat(32);
    let config = config(&format!(
        "[http]\nlisten = \"127.0.0.1:8080\"\n[discord]\ntoken = \"env:D\"\nmessage_content = false\n\
         public_key = \"{key}\"\napi = \"http://127.0.0.1:9/\"\nservers = [\"81384788765712384\"]\n\
         [slack]\nbot_token = \"env:B\"\nsigning_secret = \"env:S\"\napi = \"https://slack.example.org/api\"\n\
         [news]\nquiet = \"22:00-07:30\"\nzone = \"Europe/Berlin\"\n",
    ));
    let discord = config.discord.unwrap();
    assert_eq!(discord.public_key, Some("ab".repeat(32)));
    assert_eq!(discord.api.as_deref(), Some("http://127.0.0.1:9"));
    assert_eq!((discord.message_content, discord.servers), (false, vec!["81384788765712384".to_owned()]));
    let slack = config.slack.unwrap();
    assert_eq!((slack.app_token, slack.signing_secret.as_deref()), (None, Some("env:S")));
    assert_eq!(config.http.unwrap().to_string(), "127.0.0.1:8080");
    let quiet = config.news.quiet.unwrap().at(LATE).unwrap();
    assert_eq!(config.news.zone.written(quiet.until), "2026-11-22 07:30 Europe/Berlin");
}

#[test]
fn the_usual_quiet_hours_count_as_soon_as_a_zone_says_whose_clock_they_are_on() {
    let news = config("[news]\nzone = \"Europe/Berlin\"\n").news;
    let span = news.quiet.unwrap().at(LATE).unwrap();
    assert_eq!(news.zone.written(span.from), "2026-11-21 20:00 Europe/Berlin");
    assert_eq!(config("[news]\nzone = \"Europe/Berlin\"\nquiet = \"\"\n").news.quiet, None);
}

#[test]
fn tokens_are_read_at_the_last_moment_and_never_shown() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bot");
    let text = format!("[slack]\nbot_token = \"file:{0}\"\napp_token = \"file:{0}\"\n", file.display());
    let config = config(&text);
    let slack = config.slack.as_ref().unwrap();
    assert_eq!(slack.options().unwrap_err().code, Code::SecretUnreadable);
    assert!(chat_secrets(&config).is_empty());
    std::fs::write(&file, "xoxb-1234567890\n").unwrap();
    let options = slack.options().unwrap();
    assert_eq!(options.bot_token.expose_secret(), "xoxb-1234567890");
    assert!(!format!("{options:?} {config:?}").contains("xoxb-"));
    assert_eq!(chat_secrets(&config).len(), 2);
}

#[rstest]
#[case::discord("[discord]\ntoken = \"MTk4NjIyNDgzNDcxOTI1MjQ4\"\n", "2:9", "discord.token")]
#[case::slack("[slack]\nbot_token = \"xoxb-1234\"\n", "2:13", "slack.bot_token")]
#[case::signing("[slack]\nsigning_secret = \"8f742231b10e\"\n", "2:18", "slack.signing_secret")]
#[case::elsewhere("[discord]\npublic_key = \"MTk4NjIyNDgzNDcxOTI1MjQ4\"\n", "2:14", "discord.public_key")]
#[case::address("[slack]\napi = \"https://a:xoxb-1234@example.org\"\n", "2:7", "slack.api")]
fn a_token_in_clear_is_refused_with_its_place_and_never_repeated(
    #[case] text: &str,
    #[case] at: &str,
    #[case] key: &str,
) {
    let problem = problem(text);
    assert_eq!((problem.code, fact(&problem, "key")), (Code::ConfigValue, key));
    assert_eq!(format!("{}:{}", fact(&problem, "line"), fact(&problem, "column")), at);
    let secret = text.split('"').nth(1).unwrap();
    assert!(!format!("{:?}", problem.facts).contains(secret), "{problem}");
}

#[rstest]
#[case::deaf("[slack]\nbot_token = \"env:B\"\n", Code::ConfigMissingKey, "slack.app_token")]
#[case::deaf_over_http(
    "[slack]\nbot_token = \"env:B\"\nsigning_secret = \"env:S\"\n",
    Code::ConfigMissingKey,
    "slack.app_token"
)]
#[case::mute("[slack]\napp_token = \"env:B\"\n", Code::ConfigMissingKey, "slack.bot_token")]
#[case::listen("[http]\nlisten = \"8080\"\n", Code::ConfigValue, "http.listen")]
#[case::clear("[discord]\napi = \"http://chat.example.org\"\n", Code::ConfigValue, "discord.api")]
#[case::server("[discord]\nservers = [\"my server\"]\n", Code::ConfigValue, "discord.servers")]
#[case::zero("[discord]\nservers = [\"0\"]\n", Code::ConfigValue, "discord.servers")]
#[case::truth("[discord]\nmessage_content = \"yes\"\n", Code::ConfigValue, "discord.message_content")]
#[case::typo("[discord]\ntokn = \"env:D\"\n", Code::ConfigUnknownKey, "discord.tokn")]
#[case::zone("[news]\nzone = \"Berlin\"\n", Code::ConfigValue, "news.zone")]
#[case::hours("[news]\nquiet = \"late\"\n", Code::ConfigValue, "news.quiet")]
#[case::all_day("[news]\nquiet = \"08:00-08:00\"\n", Code::ConfigValue, "news.quiet")]
#[case::hour("[news]\nquiet = \"20:00-25:00\"\n", Code::ConfigValue, "news.quiet")]
fn what_cannot_be_is_refused_with_its_place(#[case] text: &str, #[case] code: Code, #[case] key: &str) {
    let problem = problem(text);
    assert_eq!((problem.code, fact(&problem, "key")), (code, key), "{problem}");
    assert!(problem.facts.contains_key("line"), "{problem}");
}
