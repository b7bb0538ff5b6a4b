//! `chopmark init discord` and `chopmark init slack`: what a person does there, and what this program writes of it.
//! Called by `chopmark init`; asks for tokens without echo, or takes them from files.
//! Must never show a token, write one into the configuration, or change what is there before the new one reads back.

use super::secret::{self, Secret};
use super::{Say, comment_of, replace, set, table, unwritable};
use crate::cli::Exit;
use crate::config::{self, Config, Whereabouts};
use crate::roles::doctor;
use crate::terminal::{self, Style, Wish};
use crate::{roles, secrets, system};
use chopmark_domain::change::Language;
use chopmark_domain::ports::Answer;
use chopmark_domain::problem::{Code, Problem};
use chopmark_protocol::messages::{self, Arg};
use inquire::{Confirm, InquireError};
use secrecy::SecretString;
use std::path::{Path, PathBuf};
use toml_edit::{DocumentMut, Value};

/// What is different between platforms.
pub(super) struct Platform<'a> {
    /// Its section, and its part of the messages' keys.
    pub name: &'static str,
    /// What a person does there, step by step, with its values.
    pub steps: Words,
    /// What is printed for them to use there.
    pub printed: Option<String>,
    /// The secrets it needs.
    pub secrets: Vec<Secret<'a>>,
    /// Further options of its section.
    pub options: Vec<(&'static str, Value)>,
    /// Where it may be called, when that is needed and nothing is written yet.
    pub listen: Option<&'static str>,
    /// What comes after that, made of the secrets as far as they are there.
    pub last: &'a dyn Fn(&[SecretString]) -> Last,
}

/// What a person does at the end.
pub(super) struct Last {
    /// Key and values of the words.
    pub words: Words,
    /// What is printed for them to use.
    pub printed: Option<String>,
}

/// Key of a message with its values.
type Words = (&'static str, Vec<(&'static str, String)>);

/// A secret as it will be.
enum Held {
    /// The one that the configuration names already.
    Kept(String),
    /// A new one.
    New(SecretString),
}

/// Leads a person through it.
///
/// # Errors
/// The file that is there does not parse, a secret is none, or something cannot be written.
pub(super) fn run(place: &Whereabouts, platform: &Platform<'_>, ask: bool, language: Language) -> Answer<Exit> {
    let say = |key: &str, facts: &[(&str, Arg<'_>)]| messages::text(language, key, facts);
    let told = |(key, facts): &Words| {
        let facts: Vec<_> = facts.iter().map(|(name, value)| (*name, Arg::from(value))).collect();
        say(key, &facts)
    };
    let end = |known: &[SecretString]| {
        let last = (platform.last)(known);
        terminal::tell(&told(&last.words));
        last.printed.iter().for_each(|printed| terminal::say(printed));
    };
    let (file, before) = super::present(place)?;
    let now = config::read(place, Some(before.as_str()).filter(|text| !text.is_empty()))?;
    terminal::tell(&told(&platform.steps));
    if let Some(printed) = &platform.printed {
        terminal::say(printed);
    }
    let Some(held) = gathered(platform, &now, ask, &say)? else {
        let wanted: Vec<_> = platform.secrets.iter().map(|secret| format!("--{}", secret.flag)).collect();
        end(&[]);
        terminal::tell(&say("init-connect-later", &[("flags", Arg::from(&wanted.join(" ")))]));
        return Ok(Exit::Done);
    };
    let folder = file.parent().unwrap_or(Path::new(".")).to_owned();
    let mut made = Vec::new();
    let mut references: Vec<(&'static str, String)> = Vec::new();
    for (wanted, held) in platform.secrets.iter().zip(held) {
        match held {
            Held::Kept(reference) => references.push((wanted.key, reference)),
            Held::New(value) => {
                made.push((folder.join(wanted.file), value));
                references.push((wanted.key, format!("file:{}", wanted.file)));
            }
        }
    }
    let after = written(place, &before, platform, &references, &now, &say)?;
    let users = Whereabouts { file: Some(file.clone()), ..place.clone() };
    let after_all = config::read(&users, Some(&after))?;
    for (path, value) in &made {
        secret::write(path, value).map_err(|error| unwritable(path, &error.kind()))?;
        terminal::tell(&say("init-connect-secret", &[("file", Arg::from(&path.display().to_string()))]));
    }
    let shown = file.display().to_string();
    if after == before {
        terminal::tell(&say("init-unchanged", &[("file", Arg::from(&shown))]));
    } else {
        replace(&file, &after).map_err(|error| unwritable(&file, &error.kind()))?;
        terminal::tell(&say(
            "init-connect-wrote",
            &[("file", Arg::from(&shown)), ("section", Arg::from(platform.name))],
        ));
    }
    let exit = tested(platform.name, &after_all, language)?;
    let known = platform.secrets.iter().filter_map(|wanted| secrets::read(&(wanted.written)(&after_all)?).ok());
    end(&known.collect::<Vec<_>>());
    Ok(exit)
}

/// Every secret: from the file that a flag names, from the configuration, or asked for. None where one is missing.
fn gathered(platform: &Platform<'_>, now: &Config, ask: bool, say: Say<'_>) -> Answer<Option<Vec<Held>>> {
    let mut all = Vec::new();
    for wanted in &platform.secrets {
        let there = (wanted.written)(now).filter(|reference| secrets::read(reference).is_ok());
        let held = match (&wanted.given, there) {
            (Some(path), _) => Held::New(secret::from_file(wanted, path)?),
            (None, Some(reference)) if !ask || !replaced(wanted, say)? => Held::Kept(reference),
            (None, _) if ask => match secret::asked(wanted, say)? {
                Some(value) => Held::New(value),
                None => return Ok(None),
            },
            (None, _) => return Ok(None),
        };
        all.push(held);
    }
    Ok(Some(all))
}

/// Whether the person wants another secret in the place of one that is there.
fn replaced(wanted: &Secret<'_>, say: Say<'_>) -> Answer<bool> {
    let question = say("init-connect-replace", &[("what", Arg::from(&say(wanted.question, &[])))]);
    match Confirm::new(&question).with_default(false).prompt() {
        Ok(answer) => Ok(answer),
        Err(InquireError::OperationCanceled | InquireError::OperationInterrupted) => Ok(false),
        Err(error) => Err(Problem::new(Code::Internal).with("what", error)),
    }
}

/// The file's text with the platform in it; everything else stays as it is.
fn written(
    place: &Whereabouts,
    before: &str,
    platform: &Platform<'_>,
    references: &[(&'static str, String)],
    now: &Config,
    say: Say<'_>,
) -> Answer<String> {
    let mut document: DocumentMut = before.parse().map_err(|error: toml_edit::TomlError| {
        Problem::new(Code::ConfigSyntax).with("file", place.file_name()).with("reason", error.message())
    })?;
    let base = place.base();
    let section = table(document.as_table_mut(), platform.name, false, &comment_of(say, "init-connect-comment"));
    for (key, reference) in references {
        // What was kept is written as it was: absolute only where it was made absolute by reading it.
        let same = section.get(key).and_then(|item| item.as_str()).is_some_and(|old| {
            old == reference
                || old
                    .strip_prefix("file:")
                    .is_some_and(|path| *reference == format!("file:{}", config::reader::resolve(base, path).display()))
        });
        if !same {
            set(section, key, reference.as_str().into());
        }
    }
    for (key, value) in &platform.options {
        set(section, key, value.clone());
    }
    if let (Some(listen), None) = (platform.listen, now.http) {
        let http = table(document.as_table_mut(), "http", false, &comment_of(say, "init-connect-comment-http"));
        set(http, "listen", listen.into());
    }
    let zone = document.get("news").and_then(|news| news.get("zone"));
    if let (None, Some(zone)) = (zone, system::zone()) {
        let news = table(document.as_table_mut(), "news", false, &comment_of(say, "init-connect-comment-zone"));
        set(news, "zone", zone.as_str().into());
    }
    Ok(document.to_string())
}

/// Asks the platform itself, and shows what it says as the doctor does.
fn tested(name: &str, config: &Config, language: Language) -> Answer<Exit> {
    let checks = roles::runtime()?.block_on(doctor::platform(name, config));
    Ok(doctor::show(&checks, language, &Style::find(Wish::Auto), false))
}

/// The path as people type it.
pub(super) fn given(path: Option<&PathBuf>) -> Option<PathBuf> {
    path.map(|path| std::path::absolute(path).unwrap_or_else(|_| path.clone()))
}
