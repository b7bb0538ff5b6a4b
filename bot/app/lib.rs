//! The program: composition of every room into one binary.
//! Called by `main` and by the tests.
//! Must never hold a rule of its own: rules live in the domain and the engine.

pub mod assemble;
pub mod chat;
pub mod checkpoints;
pub mod cli;
pub mod config;
pub mod directory;
#[cfg(test)]
mod fixture;
pub mod keys;
pub mod kubeconfig;
pub mod models;
mod prepared;
pub mod roles;
pub mod roots;
pub mod router;
pub mod secrets;
mod spools;
pub mod system;
pub mod telemetry;
#[path = "../surfaces/terminal/mod.rs"]
pub mod terminal;
pub mod tokens;

use assemble::House;
use chopmark_catalog::Catalog;
use chopmark_domain::ports::Answer;
use chopmark_domain::problem::{Code, Problem};
use cli::{Command, Exit, Global};
use config::{FileSettings, Whereabouts};
use std::sync::Arc;
use telemetry::Reader;

/// Runs a role of the program other than the exec child.
///
/// # Errors
/// What kept it from starting, or ended it.
pub fn run(global: &Global, command: Command) -> Answer<Exit> {
    let language = roles::language(global);
    let catalog = Arc::new(Catalog::shipped()?);
    let mut place = whereabouts(global, &catalog);
    place.token = global.approver_token_file.as_deref().map(tokens::read).transpose()?;
    match command {
        Command::Explain { code } => return Ok(roles::explain::run(&code, language, global.json)),
        Command::Completions { shell } => {
            roles::completions::run(shell, language);
            return Ok(Exit::Done);
        }
        Command::Access { what: cli::Access::Token { name, token_file } } => {
            return roles::access::token(place, &name, token_file, language, global.json);
        }
        Command::Init(flags) => {
            return roles::init::run(&place, &flags, &roles::init::Found::here(&flags), true, language);
        }
        Command::Templates { what } => return roles::templates::run(&what, &catalog, roles::manner(global)),
        Command::Doctor => return roles::doctor::run(global, &place, &catalog),
        Command::Audit { what } => return roles::audit::run(&what, global, place, catalog),
        _ => {}
    }
    let settings = FileSettings::open(place)?;
    let config = settings.config()?;
    let service = matches!(command, Command::Serve);
    if service {
        roles::serve::check(&config)?;
    }
    telemetry::start(&config.data, &config.log, if service { Reader::Supervisor } else { Reader::File });
    // The only caller of TLS that asks is kube; a second start in one process, as in tests, keeps the first.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Problem::new(Code::Internal).with("what", error))?;
    runtime.block_on(async {
        let house = Arc::new(House::open(settings, catalog).await?);
        match command {
            Command::Chat => roles::talk::chat(house, global).await,
            Command::Serve => roles::serve::run(house).await,
            command => roles::talk::once(house, global, command).await,
        }
    })
}

/// Where everything is, from the flags.
pub(crate) fn whereabouts(global: &Global, catalog: &Catalog) -> Whereabouts {
    let templates = catalog.templates().map(|template| template.name.clone()).collect();
    Whereabouts::find(global.config.clone(), global.data.clone(), global.env.clone(), templates)
}
