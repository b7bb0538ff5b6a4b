//! Roles: what the program does when it does not talk.
//! Called by `main`, one file each.
//! Must never change the world: that is the engine's.

pub mod audit;
pub mod completions;
pub mod doctor;
pub mod exec;
pub mod explain;
pub mod init;
pub mod talk;
pub mod templates;

use crate::cli::{Global, system_language};
use crate::system::SystemClock;
use crate::terminal::{self, ScreenOptions, Style, Wish};
use chopmark_domain::change::Language;
use chopmark_domain::problem::Problem;
use chopmark_protocol::event::Event;
use std::sync::Arc;

/// The language of what is said before any configuration is known.
pub fn language(global: &Global) -> Language {
    global.lang.map_or_else(system_language, Language::from)
}

/// Tells what kept a role from its work.
pub fn report(global: &Global, problem: &Problem) {
    let screen = terminal::outlet(ScreenOptions {
        style: Style::find(Wish::Auto),
        json: global.json,
        pager: None,
        clock: Arc::new(SystemClock),
    });
    screen.news(Event::problem(language(global), problem, None));
}
