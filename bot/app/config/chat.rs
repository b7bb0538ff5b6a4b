//! The sections `[discord]`, `[slack]`, `[http]` and `[news]`: where people talk besides the terminal.
//! Read by `config::read`; the adapters are made of them by `serve`, `init` and the doctor.
//! Must never hold a token, only the reference to one.

use super::models::{is_address, is_here};
use super::reader::Section;
use crate::secrets;
use chopmark_domain::calendar::{When, Zone};
use chopmark_domain::ports::Answer;
use chopmark_domain::problem::Problem;
use secrecy::SecretString;
use std::net::SocketAddr;

/// What `[discord]` can say.
const DISCORD: [&str; 5] = ["token", "message_content", "public_key", "api", "servers"];
/// What `[slack]` can say.
const SLACK: [&str; 4] = ["bot_token", "app_token", "signing_secret", "api"];

/// `[discord]`, where it is in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiscordEntry {
    /// Reference to the bot's token.
    pub token: String,
    /// Whether the application has the message content intent.
    pub message_content: bool,
    /// The application's public key: 64 hexadecimal digits.
    pub public_key: Option<String>,
    /// Another address of the API.
    pub api: Option<String>,
    /// Servers in which commands are registered at once.
    pub servers: Vec<String>,
}

impl DiscordEntry {
    /// What the adapter is made with, the token read.
    ///
    /// # Errors
    /// [`chopmark_domain::problem::Code::SecretUnreadable`].
    pub fn options(&self) -> Answer<chopmark_discord::Options> {
        Ok(chopmark_discord::Options {
            token: secrets::read(&self.token)?,
            message_content: self.message_content,
            public_key: self.public_key.clone(),
            api: self.api.clone(),
            servers: self.servers.clone(),
        })
    }
}

/// `[slack]`, where it is in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlackEntry {
    /// Reference to the bot's token.
    pub bot_token: String,
    /// Reference to the app's token, for Socket Mode.
    pub app_token: Option<String>,
    /// Reference to the signing secret, for HTTP.
    pub signing_secret: Option<String>,
    /// Another address of the API.
    pub api: Option<String>,
}

impl SlackEntry {
    /// What the adapter is made with, the tokens read.
    ///
    /// # Errors
    /// [`chopmark_domain::problem::Code::SecretUnreadable`].
    pub fn options(&self) -> Answer<chopmark_slack::Options> {
        let read = |reference: &Option<String>| reference.as_deref().map(secrets::read).transpose();
        Ok(chopmark_slack::Options {
            bot_token: secrets::read(&self.bot_token)?,
            app_token: read(&self.app_token)?,
            signing_secret: read(&self.signing_secret)?,
            api: self.api.clone(),
        })
    }
}

/// `[news]`: when nobody is reminded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News {
    /// The quiet hours of every day; none where no zone says whose clock they are on, or none are wanted.
    pub quiet: Option<When>,
    /// The zone in which times are shown to channels.
    pub zone: Zone,
}

/// Every secret of these sections that can be read now.
pub fn chat_secrets(config: &super::Config) -> Vec<SecretString> {
    let discord = config.discord.iter().map(|entry| &entry.token);
    let slack = config.slack.iter();
    let slack =
        slack.flat_map(|entry| [Some(&entry.bot_token), entry.app_token.as_ref(), entry.signing_secret.as_ref()]);
    discord.chain(slack.flatten()).filter_map(|reference| secrets::read(reference).ok()).collect()
}

/// What all four sections come to.
#[derive(Debug)]
pub(super) struct Platforms {
    pub(super) discord: Option<DiscordEntry>,
    pub(super) slack: Option<SlackEntry>,
    pub(super) http: Option<SocketAddr>,
    pub(super) news: News,
}

/// What was written so far, option by option: the built-in file, then the user's.
#[derive(Debug, Default)]
pub(super) struct Written {
    discord: DiscordOptions,
    slack: SlackOptions,
    http: Option<SocketAddr>,
    quiet: Option<String>,
    zone: Option<Zone>,
    news: Option<News>,
}

#[derive(Debug, Default)]
struct DiscordOptions {
    token: Option<String>,
    message_content: bool,
    public_key: Option<String>,
    api: Option<String>,
    servers: Vec<String>,
}

#[derive(Debug, Default)]
struct SlackOptions {
    bot_token: Option<String>,
    app_token: Option<String>,
    signing_secret: Option<String>,
    api: Option<String>,
}

impl Written {
    /// Takes what `root` says.
    ///
    /// # Errors
    /// A [`Problem`] with file, line and column.
    pub(super) fn read(&mut self, root: &Section<'_, '_>) -> Result<(), Problem> {
        if let Some(section) = root.section("http", &["listen"])?
            && let Some(text) = section.text("listen")?
        {
            let address = |text: &str| text.parse().map_err(|_| section.wrong("listen", "\"127.0.0.1:8080\""));
            self.http = if text.is_empty() { None } else { Some(address(text)?) };
        }
        if let Some(section) = root.section("discord", &DISCORD)? {
            self.discord.read(&section)?;
        }
        if let Some(section) = root.section("slack", &SLACK)? {
            self.slack.read(&section, self.http)?;
        }
        if let Some(section) = root.section("news", &["quiet", "zone"])? {
            self.news(&section)?;
        }
        Ok(())
    }

    fn news(&mut self, section: &Section<'_, '_>) -> Result<(), Problem> {
        if let Some(zone) = section.text("zone")? {
            let parsed = || Zone::parse(zone).map_err(|error| section.wrong("zone", error.rule));
            self.zone = if zone.is_empty() { None } else { Some(parsed()?) };
        }
        let said = section.text("quiet")?;
        self.quiet = said.map_or(self.quiet.take(), |text| Some(text.to_owned()).filter(|text| !text.is_empty()));
        let zone = self.zone.clone().unwrap_or_else(Zone::utc);
        let quiet = self
            .quiet
            .as_deref()
            .map(|text| every_day(text, zone.clone()).ok_or_else(|| section.wrong("quiet", "\"20:00-08:00\" | \"\"")));
        let quiet = quiet.transpose()?.filter(|_| self.zone.is_some());
        self.news = Some(News { quiet, zone });
        Ok(())
    }

    /// What it comes to.
    pub(super) fn done(self) -> Platforms {
        let Self { discord, slack, http, news, .. } = self;
        Platforms {
            discord: discord.token.map(|token| DiscordEntry {
                token,
                message_content: discord.message_content,
                public_key: discord.public_key,
                api: discord.api,
                servers: discord.servers,
            }),
            slack: slack.bot_token.map(|bot_token| SlackEntry {
                bot_token,
                app_token: slack.app_token,
                signing_secret: slack.signing_secret,
                api: slack.api,
            }),
            http,
            news: news.unwrap_or_else(|| News { quiet: None, zone: Zone::utc() }),
        }
    }
}

impl DiscordOptions {
    fn read(&mut self, section: &Section<'_, '_>) -> Result<(), Problem> {
        reference(section, "token", &mut self.token)?;
        self.message_content = section.truth("message_content")?.unwrap_or(self.message_content);
        // A token put there by mistake would be quoted: what is not the key is hidden.
        if let Some(key) = section.text("public_key")? {
            let is_key = key.len() == 64 && key.bytes().all(|byte| byte.is_ascii_hexdigit());
            if !key.is_empty() && !is_key {
                return Err(section.hidden("public_key", "0-9 a-f × 64"));
            }
            self.public_key = Some(key.to_ascii_lowercase()).filter(|key| !key.is_empty());
        }
        api(section, &mut self.api)?;
        let servers = section.list("servers", "\"81384788765712384\"", |id| is_snowflake(id).then(|| id.to_owned()))?;
        self.servers = servers.unwrap_or(std::mem::take(&mut self.servers));
        Ok(())
    }
}

impl SlackOptions {
    fn read(&mut self, section: &Section<'_, '_>, http: Option<SocketAddr>) -> Result<(), Problem> {
        reference(section, "bot_token", &mut self.bot_token)?;
        reference(section, "app_token", &mut self.app_token)?;
        reference(section, "signing_secret", &mut self.signing_secret)?;
        api(section, &mut self.api)?;
        let by_http = self.signing_secret.is_some() && http.is_some();
        if self.bot_token.is_none() && (self.app_token.is_some() || self.signing_secret.is_some()) {
            return Err(section.missing("bot_token"));
        }
        // It could speak, but never hear.
        if self.bot_token.is_some() && self.app_token.is_none() && !by_http {
            return Err(section.missing("app_token"));
        }
        Ok(())
    }
}

/// An option that holds a reference; written empty, it is none.
fn reference(section: &Section<'_, '_>, key: &str, into: &mut Option<String>) -> Result<(), Problem> {
    let read = section.reference(key)?;
    if section.text(key)?.is_some() {
        *into = read;
    }
    Ok(())
}

/// The address of an API: only on this machine may a token go there in clear.
fn api(section: &Section<'_, '_>, into: &mut Option<String>) -> Result<(), Problem> {
    let Some(text) = section.text("api")? else { return Ok(()) };
    let good = is_address(text) && (text.starts_with("https://") || is_here(text));
    if !text.is_empty() && !good {
        return Err(section.hidden("api", "\"https://chat.example.org\" | \"http://127.0.0.1:9000\""));
    }
    *into = Some(text.trim_end_matches('/').to_owned()).filter(|text| !text.is_empty());
    Ok(())
}

/// Discord's ids: positive numbers of 64 bits.
fn is_snowflake(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<u64>().is_ok_and(|id| id > 0)
}

/// The hours of `20:00-08:00`, every day.
fn every_day(text: &str, zone: Zone) -> Option<When> {
    let (from, until) = text.split_once('-')?;
    let (from, until) = (from.trim(), until.trim());
    // From a time to itself would be the whole day: who wants no reminder at all says so elsewhere.
    (from != until).then(|| When::weekly((1..=7).collect(), from, until, zone)).flatten()
}

#[cfg(test)]
#[path = "chat_tests.rs"]
mod tests;
