//! What each platform asks for: its steps, its secrets, and what is printed for it.
//! Called by `chopmark init discord` and `chopmark init slack`.
//! Must never ask for more than the adapter uses: permissions, scopes and events are the adapters' own lists.

use super::connect::{self, Last, Platform, given};
use super::secret::Secret;
use crate::cli::{Exit, InitDiscord, InitSlack};
use crate::config::{Config, Whereabouts};
use chopmark_discord::invite;
use chopmark_domain::change::Language;
use chopmark_domain::ports::Answer;
use chopmark_domain::problem::{Code, Problem};
use chopmark_slack::manifest::{self, Transport};
use secrecy::ExposeSecret as _;

/// Where a proxy on this machine finds the program, when nothing else is written.
const LISTEN: &str = "127.0.0.1:8080";

/// Stands in the invitation until the application is known.
const APPLICATION: &str = "APPLICATION_ID";

/// Discord.
///
/// # Errors
/// As [`connect::run`].
pub(super) fn discord(place: &Whereabouts, flags: &InitDiscord, ask: bool, language: Language) -> Answer<Exit> {
    let names: Vec<_> = invite::permissions().get_permission_names();
    let application = flags.application.as_deref();
    if let Some(wrong) = application.filter(|id| !id.bytes().all(|byte| byte.is_ascii_digit()) || id.is_empty()) {
        let problem = Problem::new(Code::ConfigValue).with("key", "--application");
        return Err(problem.with("value", wrong).with("expected", "81384788765712384"));
    }
    let written = |config: &Config| config.discord.as_ref().map(|entry| entry.token.clone());
    let platform = Platform {
        name: "discord",
        steps: ("init-discord-steps", vec![]),
        printed: None,
        secrets: vec![Secret {
            key: "token",
            flag: "token-file",
            file: "discord.token",
            question: "init-discord-token",
            like: "xxxxxxxx.xxxxxx.xxxxxxxx",
            fits: |text| text.split('.').filter(|part| !part.is_empty()).count() == 3 && is_word(text),
            given: given(flags.discord_token_file.as_ref()),
            written: &written,
        }],
        options: vec![],
        listen: None,
        last: &|secrets| {
            let of_token = secrets.first().and_then(|token| invite::application(token.expose_secret()));
            let application = application.map(str::to_owned).or(of_token);
            let link = invite::link(application.as_deref().unwrap_or(APPLICATION));
            let words = ("init-discord-invite", vec![("permissions", names.join(", "))]);
            Last { words, printed: Some(link) }
        },
    };
    connect::run(place, &platform, ask, language)
}

/// Slack.
///
/// # Errors
/// As [`connect::run`].
pub(super) fn slack(place: &Whereabouts, flags: &InitSlack, ask: bool, language: Language) -> Answer<Exit> {
    let transport = transport(flags.url.as_deref())?;
    let bot = |config: &Config| config.slack.as_ref().map(|entry| entry.bot_token.clone());
    let app = |config: &Config| config.slack.as_ref().and_then(|entry| entry.app_token.clone());
    let signing = |config: &Config| config.slack.as_ref().and_then(|entry| entry.signing_secret.clone());
    let over_http = transport != Transport::Socket;
    let bot_token = Secret {
        key: "bot_token",
        flag: "bot-token-file",
        file: "slack.bot-token",
        question: "init-slack-bot-token",
        like: "xoxb-…",
        fits: |text| text.starts_with("xoxb-") && is_word(text),
        given: given(flags.bot_token_file.as_ref()),
        written: &bot,
    };
    let second = if over_http {
        Secret {
            key: "signing_secret",
            flag: "signing-secret-file",
            file: "slack.signing-secret",
            question: "init-slack-signing-secret",
            like: "0-9 a-f × 32",
            fits: |text| !text.starts_with('x') && is_word(text),
            given: given(flags.signing_secret_file.as_ref()),
            written: &signing,
        }
    } else {
        Secret {
            key: "app_token",
            flag: "app-token-file",
            file: "slack.app-token",
            question: "init-slack-app-token",
            like: "xapp-…",
            fits: |text| text.starts_with("xapp-") && is_word(text),
            given: given(flags.app_token_file.as_ref()),
            written: &app,
        }
    };
    let platform = Platform {
        name: "slack",
        steps: (if over_http { "init-slack-steps-http" } else { "init-slack-steps" }, vec![]),
        printed: Some(manifest::manifest(&transport)),
        secrets: vec![bot_token, second],
        options: vec![],
        listen: over_http.then_some(LISTEN),
        last: &|_| Last { words: ("init-slack-last", vec![]), printed: None },
    };
    connect::run(place, &platform, ask, language)
}

/// How events come in: over HTTP where a public address is named.
fn transport(url: Option<&str>) -> Answer<Transport> {
    let Some(url) = url else { return Ok(Transport::Socket) };
    let base = url.trim_end_matches('/');
    let host = base.strip_prefix("https://").filter(|host| !host.is_empty() && is_word(host));
    if host.is_none_or(|host| host.contains(['@', '?', '#', '"'])) {
        let problem = Problem::new(Code::ConfigValue).with("key", "--url");
        return Err(problem.with("value", url).with("expected", "https://chopmark.example.org"));
    }
    Ok(Transport::Http {
        events: format!("{base}/slack/events"),
        interactivity: format!("{base}/slack/interactivity"),
        commands: format!("{base}/slack/commands"),
    })
}

fn is_word(text: &str) -> bool {
    (8..=1000).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}
