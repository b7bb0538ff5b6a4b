//! Configuration: the built-in file and the user's, read strictly, with a place for every error.
//! Called by `main` at the start, and by everything that asks `Settings` later.
//! Must never fall back to a default where the user's file says something that cannot be understood.

mod approval;
mod calendar;
mod chat;
mod clear;
mod environments;
mod grants;
mod limits;
mod mirror;
mod models;
mod people;
pub mod reader;
mod sections;
mod settings;
mod terraform;
pub mod tokens;
mod whereabouts;

pub use chat::{DiscordEntry, News, SlackEntry, chat_secrets};
pub use models::{ModelEntry, Models, OFFLINE, is_here};
pub use people::Joined;
pub use sections::{Chat, Colour, Log, LogFormat};
pub use settings::FileSettings;
pub use whereabouts::{Whereabouts, me};

use chopmark_domain::environment::Environments;
use chopmark_domain::ids::{EnvironmentName, PersonId, Role};
use chopmark_domain::person::Person;
use chopmark_domain::policy::Policy;
use chopmark_domain::problem::{Code, Problem};
use reader::{Section, Text, nearest};
use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

/// The default: the file of the repository's root, compiled in.
pub const BUILT_IN: &str = include_str!("../../../config.toml");

/// How the default is called where a line of it is quoted.
const BUILT_IN_NAME: &str = "built-in config.toml";

/// Everything that is configured.
#[derive(Debug, Clone)]
pub struct Config {
    /// `[chat]`.
    pub chat: Chat,
    /// The data folder.
    pub data: PathBuf,
    /// `[log]`.
    pub log: Log,
    /// `[model]` and `[models]`.
    pub models: Models,
    /// `[discord]`; none where it is not in use.
    pub discord: Option<DiscordEntry>,
    /// `[slack]`; none where it is not in use.
    pub slack: Option<SlackEntry>,
    /// `[http] listen`: where platforms may call.
    pub http: Option<SocketAddr>,
    /// `[news]`.
    pub news: News,
    /// Places to change.
    pub environments: Arc<Environments>,
    /// Rights, freezes, limits.
    pub policy: Arc<Policy>,
    /// Who has which roles, as far as configuration alone can tell.
    pub people: BTreeMap<PersonId, Person>,
    /// How identities belong together, who else is in a role, and tokens.
    pub joined: Joined,
}

/// The keys of the file itself.
const KEYS: [&str; 18] = [
    "limits",
    "default_environment",
    "chat",
    "data",
    "log",
    "model",
    "models",
    "people",
    "environments",
    "freezes",
    "read_only",
    "roles",
    "tokens",
    "grants",
    "discord",
    "slack",
    "http",
    "news",
];

/// Reads the built-in file and then the user's on top of it.
///
/// # Errors
/// A [`Problem`] with file, line and column.
pub fn read(place: &Whereabouts, users: Option<&str>) -> Result<Config, Problem> {
    let default = Text { name: BUILT_IN_NAME, base: place.base(), text: BUILT_IN };
    let default_table = default.parse()?;
    let default_root = Section::root(default, &default_table, &KEYS)?;
    let name = place.file_name();
    let users = users.map(|text| Text { name: &name, base: place.base(), text });
    let users_table = users.map(|text| text.parse()).transpose()?;
    let users_root = match (users, &users_table) {
        (Some(text), Some(table)) => Some(Section::root(text, table, &KEYS)?),
        _ => None,
    };
    let roots = || std::iter::once(&default_root).chain(users_root.as_ref());

    let (mut chat, mut log, mut models) = (Chat::default(), Log::default(), Models::default());
    let mut platforms = chat::Written::default();
    let (mut people, mut joined, mut data) = (BTreeMap::new(), Joined::default(), None);
    for root in roots() {
        chat.read(root)?;
        log.read(root)?;
        models.read(root)?;
        platforms.read(root)?;
        if let Some((written, identities)) = people::read(root, &place.me)? {
            (people, joined.identities) = (written, identities);
        }
        if let Some(section) = root.section("data", &["folder"])? {
            data = section.file("folder")?.or(data);
        }
    }
    for root in roots() {
        joined.members = people::roles(root, &people, &place.me)?.unwrap_or(joined.members);
        joined.tokens = tokens::read(root, &people, &place.me)?.unwrap_or(joined.tokens);
    }
    tokens::join(users_root.as_ref(), &joined.tokens, &mut joined.identities)?;
    let people = people::with_members(people, &joined, &place.me);
    let data = match place.data.clone().or(data) {
        Some(data) => data,
        None => place.default_data()?,
    };

    let roles = people.values().flat_map(|person| person.roles.iter());
    let filled = joined.members.iter().filter(|(_, members)| !members.is_empty());
    let roles: BTreeSet<Role> = roles.chain(filled.map(|(role, _)| role)).cloned().collect();
    let mut all = BTreeMap::new();
    let mut default = None;
    for (root, roles) in
        std::iter::once((&default_root, None)).chain(users_root.iter().map(|root| (root, Some(&roles))))
    {
        let around = environments::Around { data: &data, templates: &place.templates, roles };
        environments::read(root, around, &mut all)?;
        default = default_environment(root, &all)?.or(default);
    }
    let default = match &place.environment {
        Some(name) => chosen(name, &all)?,
        None => default.ok_or_else(|| default_root.missing("default_environment"))?,
    };
    let mut policy = Policy::default();
    for root in roots() {
        policy.limits = limits::read(root, policy.limits)?;
    }
    let names: BTreeSet<_> = all.keys().cloned().collect();
    for (root, roles) in
        std::iter::once((&default_root, None)).chain(users_root.iter().map(|root| (root, Some(&roles))))
    {
        let around = grants::Around { environments: &names, roles };
        policy.rights = grants::read(root, around)?.unwrap_or(policy.rights);
    }
    for root in roots() {
        policy.effects = calendar::effects(root)?.unwrap_or(policy.effects);
        policy.freezes.extend(calendar::freezes(root, all.keys(), &roles)?);
    }
    let policy = Arc::new(policy);
    let known: Vec<_> = people.values().collect();
    let everybody = approval::Everybody { people: &known, open_roles: &joined.open_roles(), rights: &policy.rights };
    approval::meetable(all.values(), everybody)?;
    let chat::Platforms { discord, slack, http, news } = platforms.done();
    Ok(Config {
        chat,
        data,
        log,
        models,
        discord,
        slack,
        http,
        news,
        environments: Arc::new(Environments { all, default }),
        policy,
        people,
        joined,
    })
}

type All = BTreeMap<EnvironmentName, chopmark_domain::environment::Environment>;

fn default_environment(root: &Section<'_, '_>, all: &All) -> Result<Option<EnvironmentName>, Problem> {
    let names: Vec<_> = all.keys().map(|name| (name.as_str(), name)).collect();
    Ok(root.choice("default_environment", &names)?.cloned())
}

/// The environment that `--env` names.
fn chosen(name: &str, all: &All) -> Result<EnvironmentName, Problem> {
    all.keys().find(|known| known.as_str() == name).cloned().ok_or_else(|| {
        let names: Vec<_> = all.keys().map(EnvironmentName::as_str).collect();
        let near = nearest(name, names.iter().copied());
        Problem::new(Code::UnknownEnvironment)
            .with("environment", name)
            .with("nearest", near.unwrap_or_default())
            .with("known", names.join(", "))
    })
}

#[cfg(test)]
mod approval_tests;
#[cfg(test)]
mod people_tests;
#[cfg(test)]
mod tests;
