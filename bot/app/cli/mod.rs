//! The command line: commands, flags and exit codes.
//! Parsed by `main` before anything else is started.
//! Must never hold words for people: those are messages, so that help exists in every language.

mod help;
mod parts;

pub use help::command;
pub use parts::{Access, Audit, Init, InitDiscord, InitMode, InitSlack, InitWhat, Templates};

use chopmark_domain::change::Language;
use clap::{Args, FromArgMatches, Parser, Subcommand, ValueEnum};
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// It did what was asked.
    Done,
    /// It did not work.
    Error,
    /// The command line was not understood; clap's own number.
    Usage,
    /// Something drifted; the number that Terraform's `plan -detailed-exitcode` has for it.
    Drifted,
    /// A judge or a rule said no.
    Denied,
    /// It waits for people.
    Waiting,
    /// There are changes, when `--detailed-exitcode` asks.
    Changes,
}

impl Exit {
    /// The number that scripts see.
    pub fn number(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Error => 1,
            Self::Usage | Self::Drifted => 2,
            Self::Denied => 3,
            Self::Waiting => 4,
            Self::Changes => 5,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit.number())
    }
}

/// What the command line says.
#[derive(Debug, Clone, Parser)]
#[command(name = "chopmark", version, disable_help_subcommand = true, disable_help_flag = true)]
#[command(disable_version_flag = true, infer_subcommands = false)]
pub struct Cli {
    /// Flags of every command.
    #[command(flatten)]
    pub global: Global,
    /// What to do; none is `chat`.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// Flags of every command, before or after it.
#[derive(Debug, Clone, Default, Args)]
pub struct Global {
    /// The configuration file.
    #[arg(long, global = true, env = "CHOPMARK_CONFIG", value_name = "FILE", hide_env = true)]
    pub config: Option<PathBuf>,
    /// The data folder.
    #[arg(long, global = true, env = "CHOPMARK_DATA", value_name = "FOLDER", hide_env = true)]
    pub data: Option<PathBuf>,
    /// The language.
    #[arg(long, global = true, env = "CHOPMARK_LANG", value_name = "LANGUAGE", hide_env = true, ignore_case = true)]
    pub lang: Option<Lang>,
    /// The environment that is meant when nobody names one.
    #[arg(long, global = true, env = "CHOPMARK_ENV", value_name = "NAME", hide_env = true)]
    pub env: Option<String>,
    /// The file with the token of whoever speaks.
    #[arg(long, global = true, value_name = "FILE")]
    pub approver_token_file: Option<PathBuf>,
    /// One JSON object per event.
    #[arg(long, global = true)]
    pub json: bool,
}

/// A language as the command line names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Lang {
    /// English.
    En,
    /// Chinese.
    Zh,
}

impl From<Lang> for Language {
    fn from(lang: Lang) -> Self {
        match lang {
            Lang::En => Self::En,
            Lang::Zh => Self::Zh,
        }
    }
}

/// What to do.
#[derive(Debug, Clone, Subcommand)]
pub enum Command {
    /// Talk.
    Chat,
    /// Serve the configured chat platforms, and work.
    Serve,
    /// One request, in words.
    Ask {
        /// Stop at the proposal; make no change.
        #[arg(long)]
        dry_run: bool,
        /// Exit with 5 when there is something to change.
        #[arg(long)]
        detailed_exitcode: bool,
        /// The request.
        #[arg(required = true, value_name = "WORDS")]
        words: Vec<String>,
    },
    /// List changes.
    Changes {
        /// Finished ones too.
        #[arg(long)]
        all: bool,
    },
    /// Show a change.
    Show {
        /// The change.
        id: String,
        /// Every file and field.
        #[arg(long)]
        details: bool,
        /// What models were sent for it.
        #[arg(long, conflicts_with = "details")]
        prompt: bool,
    },
    /// Plan a folder of HCL that is there already.
    Plan {
        /// The folder.
        #[arg(value_name = "FOLDER")]
        path: String,
    },
    /// Say what drifted.
    Drift {
        /// The environment; none is the one that is meant when nobody names one.
        #[arg(value_name = "ENVIRONMENT")]
        environment: Option<String>,
    },
    /// Approve a change.
    Approve {
        /// The change.
        id: String,
        /// The component's name, which severe risk asks for.
        #[arg(long, value_name = "NAME")]
        confirm: Option<String>,
    },
    /// Reject a change.
    Reject {
        /// The change.
        id: String,
        /// Why.
        why: Vec<String>,
    },
    /// Edit a waiting change in words.
    Edit {
        /// The change.
        id: String,
        /// What is to be different.
        #[arg(required = true, value_name = "WORDS")]
        words: Vec<String>,
    },
    /// Cancel a change that has not begun.
    Cancel {
        /// The change.
        id: String,
    },
    /// Propose the version before.
    Undo {
        /// A change or a component; none is the change last made here.
        #[arg(value_name = "ID|COMPONENT")]
        target: Option<String>,
    },
    /// Give a waiting change another time to start.
    Schedule {
        /// The change.
        id: String,
        /// When.
        #[arg(required = true, value_name = "WHEN")]
        when: Vec<String>,
    },
    /// Propose again what ended without an effect.
    PlanAgain {
        /// The change.
        id: String,
    },
    /// Stop everything.
    Stop {
        /// Why.
        #[arg(long, value_name = "WHY")]
        reason: Option<String>,
    },
    /// Lift the stop switch.
    Resume,
    /// Say where everything stands.
    Status,
    /// Say what became of a run without a result.
    Resolve {
        /// The change.
        id: String,
        /// What became of it.
        outcome: Became,
        /// How that is known.
        #[arg(required = true)]
        why: Vec<String>,
    },
    /// The ledger.
    Audit {
        /// What with it.
        #[command(subcommand)]
        what: Audit,
    },
    /// Rights and tokens.
    Access {
        /// What with them.
        #[command(subcommand)]
        what: Access,
    },
    /// Give out a code by which another identity joins, or use one.
    Link {
        /// The code.
        #[arg(value_name = "CODE")]
        link_code: Option<String>,
    },
    /// Part an identity again.
    Unlink {
        /// Which; none is the one that speaks.
        #[arg(value_name = "IDENTITY")]
        identity: Option<String>,
    },
    /// List components, or show one.
    Components {
        /// The component.
        #[arg(value_name = "COMPONENT")]
        id: Option<String>,
    },
    /// The catalogue.
    Templates {
        /// What with it.
        #[command(subcommand)]
        what: Templates,
    },
    /// Write a configuration file.
    Init(Box<Init>),
    /// Check everything that is needed.
    Doctor,
    /// Write a shell's completions.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Say what an error code means.
    Explain {
        /// Such as `CM-4008`.
        code: String,
    },
    /// The child of a run.
    #[command(hide = true)]
    Exec {
        /// The run.
        run: String,
    },
    /// Confines itself, then becomes the program that is named.
    #[command(hide = true)]
    Confine {
        /// As the runners write them.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
}

/// What became of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub enum Became {
    /// All of it happened.
    Applied,
    /// Some of it happened.
    Partial,
    /// Nothing happened.
    NotStarted,
}

/// Parses the arguments, `arguments[0]` being the program.
///
/// # Errors
/// clap's: it prints itself and knows its exit code.
pub fn parse(arguments: &[OsString]) -> Result<Cli, clap::Error> {
    let language = said_language(arguments).unwrap_or_else(system_language);
    let matches = command(language).try_get_matches_from(arguments)?;
    Cli::from_arg_matches(&matches)
}

/// The language that `--lang` names, before anything is parsed: errors and help need it.
fn said_language(arguments: &[OsString]) -> Option<Language> {
    let mut arguments = arguments.iter().filter_map(|argument| argument.to_str());
    let said = arguments.find_map(|argument| match argument.strip_prefix("--lang") {
        Some("") => Some(None),
        Some(rest) => rest.strip_prefix('=').map(|value| Some(value.to_owned())),
        None => None,
    })?;
    let said = said.or_else(|| arguments.next().map(str::to_owned))?;
    Lang::from_str(&said, true).ok().map(Language::from)
}

/// The system's language, in the order that POSIX gives its variables.
pub fn system_language() -> Language {
    let of = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let value = ["CHOPMARK_LANG", "LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(of).unwrap_or_default();
    if value.to_lowercase().starts_with("zh") { Language::Zh } else { Language::En }
}

#[cfg(test)]
mod tests;
