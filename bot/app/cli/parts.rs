//! Parts of commands: what stands below `audit`, `access`, `templates` and `init`.
//! Parsed with the commands.
//! Must never hold words for people: those are messages, so that help exists in every language.

use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;

/// What to do with the ledger.
#[derive(Debug, Clone, Subcommand)]
pub enum Audit {
    /// Check the chain.
    Verify,
    /// Read entries.
    Show {
        /// Only about this change.
        id: Option<String>,
        /// At most so many, the newest.
        #[arg(long, default_value_t = 50, value_name = "COUNT")]
        limit: u32,
    },
    /// Write every entry as a line of JSON.
    Export {
        /// The file; none is standard output.
        #[arg(long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
}

/// What to do with rights.
#[derive(Debug, Clone, Subcommand)]
pub enum Access {
    /// Say what somebody may do, and why.
    Explain {
        /// Who; none is whoever asks.
        #[arg(value_name = "WHO")]
        who: Option<String>,
        /// An action, and what on.
        #[arg(value_name = "ACTION [TARGET [TEMPLATE]]")]
        wanted: Vec<String>,
    },
    /// Make a token.
    Token {
        /// Its name.
        #[arg(value_name = "NAME")]
        name: String,
        /// Its file; none is NAME.token here.
        #[arg(long = "output", value_name = "FILE")]
        token_file: Option<PathBuf>,
    },
}

/// What to do with the catalogue.
#[derive(Debug, Clone, Subcommand)]
pub enum Templates {
    /// Every template.
    List,
    /// One with its parameters.
    Show {
        /// Its name.
        name: String,
    },
    /// Check a template's folder, or a folder of them.
    Check {
        /// The folder.
        path: PathBuf,
    },
}

/// Answers to init's questions, for scripts.
#[derive(Debug, Clone, Default, Args)]
pub struct Init {
    /// Instead of a configuration: what a cluster needs.
    #[command(subcommand)]
    pub what: Option<InitWhat>,
    /// The environment's name.
    #[arg(long, value_name = "NAME")]
    pub environment: Option<String>,
    /// How changes take effect there.
    #[arg(long, value_name = "MODE")]
    pub mode: Option<InitMode>,
    /// Its repository.
    #[arg(long, value_name = "FOLDER")]
    pub repository: Option<String>,
    /// Where commits are pushed.
    #[arg(long, value_name = "REMOTE")]
    pub remote: Option<String>,
    /// The kubeconfig's context behind it.
    #[arg(long, value_name = "CONTEXT")]
    pub context: Option<String>,
    /// The kubeconfig.
    #[arg(long, value_name = "FILE")]
    pub kubeconfig: Option<PathBuf>,
    /// The program that plans HCL.
    #[arg(long, value_name = "PROGRAM")]
    pub terraform: Option<String>,
    /// A filesystem mirror of its providers.
    #[arg(long, value_name = "FOLDER")]
    pub mirror: Option<PathBuf>,
    /// A folder of HCL that is there, by name; as often as there are folders.
    #[arg(long = "root", value_name = "NAME=FOLDER")]
    pub root: Vec<String>,
    /// Whether whoever asks may approve.
    #[arg(long, value_name = "BOOL")]
    pub self_approval: Option<bool>,
    /// Ask nothing: what no flag says takes its default.
    #[arg(long)]
    pub yes: bool,
}

/// What else init prints.
#[derive(Debug, Clone, Subcommand)]
pub enum InitWhat {
    /// The admission policy that keeps the plan identity to dry runs.
    Kubernetes {
        /// Where the plan identity's account lives.
        #[arg(long, default_value = "chopmark", value_name = "NAMESPACE")]
        namespace: String,
        /// The account's name.
        #[arg(long, default_value = "chopmark-plan", value_name = "ACCOUNT")]
        account: String,
    },
    /// Connect Discord.
    Discord(InitDiscord),
    /// Connect Slack.
    Slack(InitSlack),
}

/// What can be said beforehand when Discord is connected. Tokens only ever by their files.
#[derive(Debug, Clone, Default, Args)]
pub struct InitDiscord {
    /// The application's id, for the invitation.
    #[arg(long, value_name = "ID")]
    pub application: Option<String>,
    /// The file with the bot's token.
    #[arg(long = "token-file", value_name = "FILE")]
    pub discord_token_file: Option<PathBuf>,
    /// Ask nothing.
    #[arg(long)]
    pub no_input: bool,
}

/// What can be said beforehand when Slack is connected. Tokens only ever by their files.
#[derive(Debug, Clone, Default, Args)]
pub struct InitSlack {
    /// The public address of this program, where Slack shall call it instead of Socket Mode.
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
    /// The file with the bot's token.
    #[arg(long, value_name = "FILE")]
    pub bot_token_file: Option<PathBuf>,
    /// The file with the app's token.
    #[arg(long, value_name = "FILE")]
    pub app_token_file: Option<PathBuf>,
    /// The file with the signing secret.
    #[arg(long, value_name = "FILE")]
    pub signing_secret_file: Option<PathBuf>,
    /// Ask nothing.
    #[arg(long)]
    pub no_input: bool,
}

/// How changes take effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum InitMode {
    /// The commit is the effect.
    Gitops,
    /// Chopmark applies to the cluster.
    Apply,
}
