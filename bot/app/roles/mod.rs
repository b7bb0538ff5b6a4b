//! Roles: what the program does when it does not talk.
//! Called by `main`, one file each.
//! Must never change the world: that is the engine's.

pub mod access;
pub mod audit;
pub mod completions;
pub mod doctor;
pub mod exec;
pub mod explain;
pub mod init;
pub mod serve;
pub mod talk;
pub mod templates;

use crate::cli::{Global, system_language};
use crate::system::SystemClock;
use crate::terminal::{self, Screen, ScreenOptions, Style, Wish};
use chopmark_domain::change::Language;
use chopmark_domain::ports::Answer;
use chopmark_domain::problem::{Code, Problem};
use chopmark_protocol::event::Event;
use std::sync::Arc;
use templates::Manner;
use tokio::runtime::Runtime;

/// The language of what is said before any configuration is known.
pub fn language(global: &Global) -> Language {
    global.lang.map_or_else(system_language, Language::from)
}

/// Tells what kept a role from its work.
pub fn report(global: &Global, problem: &Problem) {
    screen(global).news(Event::problem(language(global), problem, None));
}

/// A screen for what needs no configuration.
fn screen(global: &Global) -> Screen {
    terminal::outlet(ScreenOptions {
        style: Style::find(Wish::Auto),
        json: global.json,
        pager: None,
        clock: Arc::new(SystemClock),
    })
}

/// How a role without a screen shows things.
pub(crate) fn manner(global: &Global) -> Manner {
    Manner { language: language(global), style: Style::find(Wish::Auto), json: global.json }
}

/// A runtime for a role that waits for few things.
pub(crate) fn runtime() -> Answer<Runtime> {
    // The only caller of TLS that asks is kube; a second start in one process, as in tests, keeps the first.
    let _kept = rustls::crypto::ring::default_provider().install_default();
    let made = tokio::runtime::Builder::new_current_thread().enable_all().build();
    made.map_err(|error| Problem::new(Code::Internal).with("what", error))
}
