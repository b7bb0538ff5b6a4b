//! `chopmark init`: at most seven questions, one commented configuration file.
//! Called by `main`; with flags or without a terminal it asks nothing.
//! Must never write what does not read back, lose what is there, or hold a secret.

mod connect;
mod platforms;
mod secret;

use crate::cli::{Exit, Init, InitMode, InitWhat};
use crate::config::{self, Whereabouts};
use crate::kubeconfig;
use crate::roots;
use crate::terminal::{self, Style, Wish};
use chopmark_domain::change::Language;
use chopmark_domain::problem::{Code, Problem};
use chopmark_protocol::messages::{self, Arg};
use chopmark_runners::kubernetes::plan_identity;
use inquire::{Confirm, InquireError, MultiSelect, Select, Text};
use std::collections::BTreeMap;
use std::fmt::Display;
use std::io::Write;
use std::path::{Path, PathBuf};
use toml_edit::{DocumentMut, Item, Table, Value};

/// What is to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answers {
    /// The environment's name.
    pub environment: String,
    /// How changes take effect there.
    pub mode: InitMode,
    /// Kubeconfig and context, for mode apply.
    pub cluster: Option<(PathBuf, String)>,
    /// How Terraform is used there, if it is.
    pub terraform: Option<Terraform>,
    /// Its repository; empty for one that is made.
    pub repository: String,
    /// Where commits are pushed; empty for nowhere.
    pub remote: String,
    /// Whether the requester may approve.
    pub self_approval: bool,
}

/// What is written of Terraform.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Terraform {
    /// The program; empty for the one on PATH.
    pub program: String,
    /// A filesystem mirror of providers; empty for none.
    pub mirror: String,
    /// Folders of HCL that are there, by name.
    pub roots: BTreeMap<String, PathBuf>,
}

/// What is there to be offered.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// A kubeconfig with its contexts.
    pub cluster: Option<kubeconfig::Found>,
    /// The program that plans HCL.
    pub program: Option<&'static str>,
    /// Folders of HCL, by name.
    pub roots: BTreeMap<String, PathBuf>,
}

impl Found {
    /// What is there for whoever runs the program, in the folder where they run it.
    pub fn here(flags: &Init) -> Self {
        let here = std::env::current_dir().unwrap_or_default();
        Self {
            cluster: kubeconfig::find(flags.kubeconfig.as_deref()),
            program: roots::program(&std::env::var_os("PATH").unwrap_or_default()),
            roots: if flags.what.is_none() { roots::find(&here) } else { BTreeMap::new() },
        }
    }
}

type Say<'a> = &'a dyn Fn(&str, &[(&str, Arg<'_>)]) -> String;

/// Why there are no answers.
enum Stop {
    /// The person left.
    Left,
    /// There is no cluster to offer.
    NoContext,
    /// A flag that cannot be.
    Wrong(Problem),
}

/// Asks what no flag says, writes the file, says what it wrote.
///
/// # Errors
/// The file that is there does not parse, the answers do not fit it, or it cannot be written.
pub fn run(
    place: &Whereabouts,
    flags: &Init,
    found: &Found,
    interactive: bool,
    language: Language,
) -> Result<Exit, Problem> {
    let asks = |no_input: bool| interactive && !no_input && Style::find(Wish::Auto).prompt;
    match &flags.what {
        Some(InitWhat::Kubernetes { namespace, account }) => {
            terminal::say(&plan_identity::manifests(namespace, account)?);
            return Ok(Exit::Done);
        }
        Some(InitWhat::Discord(flags)) => return platforms::discord(place, flags, asks(flags.no_input), language),
        Some(InitWhat::Slack(flags)) => return platforms::slack(place, flags, asks(flags.no_input), language),
        None => {}
    }
    let say = |key: &str, facts: &[(&str, Arg<'_>)]| messages::text(language, key, facts);
    let (file, before) = present(place)?;
    let roles = roles(place, &before)?;
    let ask = asks(flags.yes);
    let answers = match answers(flags, found, ask, &say) {
        Ok(answers) => answers,
        Err(Stop::Left) => {
            terminal::tell(&say("init-stopped", &[]));
            return Ok(Exit::Error);
        }
        Err(Stop::NoContext) => {
            terminal::tell(&say("init-no-context", &[]));
            return Ok(Exit::Error);
        }
        Err(Stop::Wrong(problem)) => return Err(problem),
    };
    let after = written(place, &before, &answers, &roles, &say)?;
    let shown = file.display().to_string();
    if after == before {
        terminal::say(&say("init-unchanged", &[("file", Arg::from(&shown))]));
        return Ok(Exit::Done);
    }
    let users = Whereabouts { file: Some(file.clone()), ..place.clone() };
    config::read(&users, Some(&after))?;
    replace(&file, &after).map_err(|error| unwritable(&file, &error.kind()))?;
    terminal::say(&format!("{}\n\n{after}", say("init-wrote", &[("file", Arg::from(&shown))])));
    terminal::say(&say("init-next", &[]));
    Ok(Exit::Done)
}

fn unwritable(file: &Path, reason: &dyn Display) -> Problem {
    Problem::new(Code::ConfigMissing).with("file", file.display()).with("reason", reason)
}

/// The file that is written, and what stands in it; nothing where there is none yet.
fn present(place: &Whereabouts) -> Result<(PathBuf, String), Problem> {
    let Some(file) = place.file.clone() else {
        return Err(Problem::new(Code::ConfigMissing).with("file", "config.toml").with("reason", "$HOME"));
    };
    match std::fs::read_to_string(&file) {
        Ok(text) => Ok((file, text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok((file, String::new())),
        Err(error) => Err(unwritable(&file, &error.kind())),
    }
}

/// Roles that somebody has in the file as it is: a new rule may only name one of them.
fn roles(place: &Whereabouts, before: &str) -> Result<Vec<String>, Problem> {
    let now = config::read(place, Some(before).filter(|text| !text.is_empty()))?;
    let mine = now.people.get(&place.me.id).into_iter();
    let roles = mine.chain(now.people.values()).flat_map(|person| person.roles.iter().map(ToString::to_string));
    Ok(roles.take(1).collect())
}

fn answers(flags: &Init, found: &Found, ask: bool, say: Say<'_>) -> Result<Answers, Stop> {
    let question = |key: &str| say(&format!("init-question-{key}"), &[]);
    let left = |_: InquireError| Stop::Left;
    let text = |said: &Option<String>, key: &str, default: &str| match said {
        Some(said) => Ok(said.clone()),
        None if ask => Text::new(&question(key)).with_default(default).prompt().map_err(left),
        None => Ok(default.to_owned()),
    };
    let terraform = terraform(flags, found, ask, say)?;
    let can_apply = found.cluster.is_some() || found.program.is_some();
    let mode = match flags.mode {
        Some(mode) => mode,
        None if flags.context.is_some() => InitMode::Apply,
        None if ask && can_apply => {
            let ways = vec![question("mode-gitops"), question("mode-apply")];
            let chosen = Select::new(&question("mode"), ways).raw_prompt().map_err(left)?;
            if chosen.index == 1 { InitMode::Apply } else { InitMode::Gitops }
        }
        None => InitMode::Gitops,
    };
    let cluster = match (mode, found.cluster.clone()) {
        (InitMode::Gitops, _) => None,
        (InitMode::Apply, None) if terraform.is_some() && flags.context.is_none() => None,
        (InitMode::Apply, None) => return Err(Stop::NoContext),
        (InitMode::Apply, Some(found)) => {
            let context = match &flags.context {
                Some(context) => context.clone(),
                None if ask => Select::new(&question("context"), found.contexts).prompt().map_err(left)?,
                None => found.contexts.into_iter().next().unwrap_or_default(),
            };
            Some((found.file, context))
        }
    };
    let default_name = if mode == InitMode::Apply { "dev" } else { "local" };
    Ok(Answers {
        environment: text(&flags.environment, "environment", default_name)?,
        mode,
        cluster,
        terraform,
        repository: text(&flags.repository, "repository", "")?,
        remote: text(&flags.remote, "remote", "")?,
        self_approval: match flags.self_approval {
            Some(allowed) => allowed,
            None if ask => Confirm::new(&question("self-approval")).with_default(true).prompt().map_err(left)?,
            None => true,
        },
    })
}

/// How Terraform is used: where a flag says so, or where it is on PATH and there is something for it to do.
fn terraform(flags: &Init, found: &Found, ask: bool, say: Say<'_>) -> Result<Option<Terraform>, Stop> {
    let mut roots = BTreeMap::new();
    for said in &flags.root {
        let (name, folder) = said.split_once('=').ok_or_else(|| Stop::Wrong(wrong_root(said)))?;
        roots.insert(name.to_owned(), std::path::absolute(folder).map_err(|_| Stop::Wrong(wrong_root(said)))?);
    }
    if flags.root.is_empty() && found.program.is_some() && !found.roots.is_empty() {
        roots.clone_from(&found.roots);
        if ask {
            let names: Vec<String> =
                found.roots.iter().map(|(name, folder)| format!("{name}: {}", folder.display())).collect();
            let question = say("init-question-roots", &[]);
            let all: Vec<usize> = (0..names.len()).collect();
            let chosen = MultiSelect::new(&question, names).with_default(&all).raw_prompt().map_err(|_| Stop::Left)?;
            let kept: Vec<usize> = chosen.into_iter().map(|option| option.index).collect();
            let mut index = 0..;
            roots.retain(|_, _| index.next().is_some_and(|index| kept.contains(&index)));
        }
    }
    let applies = flags.mode == Some(InitMode::Apply) && found.cluster.is_none() && found.program.is_some();
    let wanted = flags.terraform.is_some() || flags.mirror.is_some() || !roots.is_empty() || applies;
    let mirror =
        flags.mirror.as_deref().map(|folder| std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned()));
    Ok(wanted.then(|| Terraform {
        program: flags.terraform.clone().unwrap_or_default(),
        mirror: mirror.map(|folder| folder.display().to_string()).unwrap_or_default(),
        roots,
    }))
}

fn wrong_root(said: &str) -> Problem {
    Problem::new(Code::ConfigValue).with("key", "--root").with("value", said).with("expected", "network=./network")
}

/// The file's text with the answers in it; everything else stays as it is.
fn written(
    place: &Whereabouts,
    before: &str,
    answers: &Answers,
    roles: &[String],
    say: Say<'_>,
) -> Result<String, Problem> {
    let comment = |key: &str| comment_of(say, key);
    let mut document: DocumentMut = before.parse().map_err(|error: toml_edit::TomlError| {
        Problem::new(Code::ConfigSyntax).with("file", place.file_name()).with("reason", error.message())
    })?;
    set(document.as_table_mut(), "default_environment", answers.environment.as_str().into());
    if before.is_empty() {
        document.as_table_mut().key_mut("default_environment").into_iter().for_each(|mut key| {
            key.leaf_decor_mut().set_prefix(comment("init-comment-top"));
        });
    }
    let environments = table(document.as_table_mut(), "environments", true, "");
    let environment = table(environments, &answers.environment, false, &comment("init-comment-environment"));
    let mode = if answers.mode == InitMode::Apply { "apply" } else { "gitops" };
    set(environment, "mode", mode.into());
    if !answers.repository.is_empty() || !answers.remote.is_empty() {
        let repository = table(environment, "repository", false, "");
        for (key, value) in [("path", &answers.repository), ("remote", &answers.remote)] {
            if !value.is_empty() {
                set(repository, key, value.as_str().into());
            }
        }
    }
    if let Some((file, context)) = &answers.cluster {
        let kubernetes = table(environment, "kubernetes", false, "");
        set(kubernetes, "kubeconfig", file.display().to_string().into());
        set(kubernetes, "context", context.as_str().into());
    }
    if let Some(terraform) = &answers.terraform {
        let section = table(environment, "terraform", false, &comment("init-comment-terraform"));
        for (key, value) in [("program", &terraform.program), ("mirror", &terraform.mirror)] {
            if !value.is_empty() {
                set(section, key, value.as_str().into());
            }
        }
        if !terraform.roots.is_empty() {
            let roots = table(section, "roots", false, &comment("init-comment-roots"));
            for (name, folder) in &terraform.roots {
                let known = roots.iter().any(|(_, item)| item.as_str() == folder.to_str());
                if !known {
                    set(roots, name, folder.display().to_string().into());
                }
            }
        }
    }
    let approval = table(environment, "approval", false, &comment("init-comment-approval"));
    if !approval.contains_key("approvers") {
        set(approval, "approvers", roles.iter().map(String::as_str).collect::<toml_edit::Array>().into());
    }
    set(approval, "self_approval", answers.self_approval.into());
    Ok(document.to_string())
}

/// A comment above something that is written.
fn comment_of(say: Say<'_>, key: &str) -> String {
    format!("# {}\n", say(key, &[]))
}

/// The table of that name, made with a comment above it when it is not there.
fn table<'t>(parent: &'t mut Table, key: &str, implicit: bool, comment: &str) -> &'t mut Table {
    if parent.get(key).and_then(Item::as_table).is_none() {
        // What is written inline, as in `dev = { mode = "gitops" }`, becomes a section and keeps its values.
        let mut made = parent.remove(key).and_then(|item| item.into_table().ok()).unwrap_or_else(|| {
            let mut made = Table::new();
            made.set_implicit(implicit);
            made
        });
        made.decor_mut().set_prefix(format!("\n{comment}"));
        parent.insert(key, Item::Table(made));
    }
    match parent.get_mut(key).and_then(Item::as_table_mut) {
        Some(table) => table,
        None => unreachable!("the table {key} was just inserted"),
    }
}

/// Sets a value unless it says the same already, so that comments beside it stay.
fn set(table: &mut Table, key: &str, value: Value) {
    let same = table.get(key).and_then(Item::as_value).is_some_and(|old| plain(old) == plain(&value));
    if !same {
        table.insert(key, Item::Value(value));
    }
}

fn plain(value: &Value) -> String {
    value.clone().decorated("", "").to_string()
}

/// Writes beside the file and renames: a full disk leaves the old one whole.
fn replace(file: &Path, text: &str) -> std::io::Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let beside = file.with_extension(format!("toml.{}", std::process::id()));
    let mut writer = std::fs::File::create(&beside)?;
    let done = writer
        .write_all(text.as_bytes())
        .and_then(|()| writer.sync_all())
        .and_then(|()| std::fs::rename(&beside, file));
    if done.is_err() {
        drop(std::fs::remove_file(&beside));
    }
    done
}

#[cfg(test)]
#[path = "init_tests.rs"]
mod tests;
