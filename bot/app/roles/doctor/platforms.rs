//! Examines the chat platforms: each one's own look at token, scopes, intents, permissions and clock.
//! Called by the doctor, and by `chopmark init` when a platform was just connected.
//! Must never say anything to anybody there, and never show a token.

use super::check::{Check, Standing};
use super::nothing::Nothing;
use crate::config::Config;
use crate::system::SystemClock;
use chopmark_discord::Discord;
use chopmark_domain::ports::Answer;
use chopmark_domain::problem::{Code, Problem};
use chopmark_protocol::chat::{self, Chat, Verdict};
use chopmark_slack::Slack;
use std::sync::Arc;
use std::time::Duration;

/// How long a platform may take for everything: a doctor that hangs is no help.
const PATIENCE: Duration = Duration::from_secs(30);

/// The platforms that there are, with what is said of one that is not in use.
const PLATFORMS: [(&str, &str); 2] = [("discord", "doctor-discord-off"), ("slack", "doctor-slack-off")];

/// A line for everything about every platform.
pub(super) async fn examine(config: &Config) -> Vec<Check> {
    let mut checks = Vec::new();
    for (name, _) in PLATFORMS {
        checks.extend(platform(name, config).await);
    }
    let called = config.discord.as_ref().is_some_and(|entry| entry.public_key.is_some())
        || config.slack.as_ref().is_some_and(|entry| entry.signing_secret.is_some());
    match (config.http, called) {
        (Some(address), true) => {
            checks.push(Check::new("http", Standing::Ok, "doctor-http-good").with("address", address));
        }
        (Some(address), false) => {
            checks.push(Check::new("http", Standing::Warn, "doctor-http-idle").with("address", address));
        }
        (None, true) => checks.push(Check::new("http", Standing::Warn, "doctor-http-missing")),
        (None, false) => {}
    }
    checks
}

/// A line for everything about one platform.
pub async fn platform(name: &str, config: &Config) -> Vec<Check> {
    let made = match name {
        "discord" => config.discord.as_ref().map(|entry| entry.options().map(discord)),
        _ => config.slack.as_ref().map(|entry| entry.options().map(slack)),
    };
    match made {
        None => {
            let off = PLATFORMS.iter().find(|(known, _)| *known == name).map_or("doctor-slack-off", |(_, key)| key);
            vec![Check::new(name, Standing::Off, off)]
        }
        Some(made) => looked(name, made).await,
    }
}

fn discord(options: chopmark_discord::Options) -> Box<dyn Chat> {
    Box::new(Discord::new(options, Arc::new(Nothing), Arc::new(SystemClock)))
}

fn slack(options: chopmark_slack::Options) -> Box<dyn Chat> {
    Box::new(Slack::new(options, Arc::new(Nothing), Arc::new(SystemClock)))
}

async fn looked(name: &str, made: Answer<Box<dyn Chat>>) -> Vec<Check> {
    let chat = match made {
        Ok(chat) => chat,
        Err(problem) => return vec![Check::problem(name, problem)],
    };
    match tokio::time::timeout(PATIENCE, chat.check()).await {
        Ok(checks) => checks.into_iter().map(|check| line(name, check)).collect(),
        Err(_) => {
            let late = Problem::new(Code::ChatUnreachable).with("platform", name);
            vec![Check::problem(name, late.with("reason", format!("> {} s", PATIENCE.as_secs())))]
        }
    }
}

/// A platform's line as the doctor's: `doctor-discord-token` is `discord.token` to scripts.
fn line(name: &str, check: chat::Check) -> Check {
    let standing = match check.verdict {
        Verdict::Fine => Standing::Ok,
        Verdict::Warning => Standing::Warn,
        Verdict::Failing => Standing::Fail,
    };
    let part = check.key.strip_prefix("doctor-").and_then(|key| key.strip_prefix(name)).unwrap_or(check.key);
    let known = Check::new(format!("{name}.{}", part.trim_start_matches('-')), standing, check.key);
    check.args.into_iter().fold(known, |known, (fact, value)| known.with(fact, value))
}
