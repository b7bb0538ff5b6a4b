//! One file for each promise, kept by the real program.
//! Each test has a scene of its own; they run beside each other.
//! Must never assert what a person could not see: words, events, exit codes, files, git, cluster.

mod access;
mod approving;
mod chat_alike;
mod chat_breaks;
mod chat_deaths;
mod chat_sending;
mod chats;
mod configuring;
mod connecting;
mod crashing;
mod data_folder;
mod deleting;
mod documents;
mod editing;
mod first_run;
mod freezes;
mod hostile;
mod input;
mod keyboard;
mod kubernetes;
mod ledger;
mod limits;
mod models;
mod orphans;
mod people;
mod piped;
mod read_only;
mod rehearsing;
mod remotes;
mod roots;
mod rules;
mod sight;
mod stale;
mod stopping;
mod tampering;
mod terraform;
mod terraform_trouble;
mod undoing;
mod waiting;
mod windows;

/// The sentence that most flows begin with.
const DEPLOY: &str = "deploy image nginx:1.27 as cart in shop";
