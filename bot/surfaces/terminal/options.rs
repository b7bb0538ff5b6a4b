//! What a conversation is held with, and its first lines.
//! Filled by the app; read by the conversation.
//! Must never ask for anything: an offer takes no line.

use super::editor::Names;
use chopmark_domain::change::{Language, Place};
use chopmark_domain::ids::Identity;
use chopmark_domain::ports::Clock;
use chopmark_protocol::event::Event;
use chopmark_protocol::messages::{self, Arg};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use tokio::sync::mpsc;

/// What a conversation is held with.
pub struct TerminalOptions {
    /// What the operating system, or a token, calls whoever speaks.
    pub identity: Identity,
    /// Where.
    pub place: Place,
    /// The language that `--lang` or the configuration pins.
    pub pinned: Option<Language>,
    /// The language of the system, for our own words and for lines that belong to none.
    pub usual: Language,
    /// The data folder, for the history.
    pub data: PathBuf,
    /// Lines of history that are kept.
    pub history: usize,
    /// Names that can be completed.
    pub names: Names,
    /// The first lines; see [`banner`].
    pub banner: String,
    /// Moves of changes that happen elsewhere.
    pub news: Option<mpsc::Receiver<Event>>,
    /// Whether everything is stopped now: the prompt says so.
    pub stopped: Arc<AtomicBool>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
}

/// What the first lines say.
#[derive(Debug, Clone, Copy)]
pub struct Banner<'a> {
    /// The program's version.
    pub version: &'a str,
    /// The model outside the program that is asked first, if one is.
    pub model: Option<&'a str>,
    /// The environment that is meant when nobody names one.
    pub environment: &'a str,
    /// The data folder.
    pub data: &'a str,
    /// A kubeconfig and its contexts that no environment uses yet.
    pub offer: Option<(&'a str, &'a str)>,
}

/// The first lines: what this is, three things to try, and an offer that asks for nothing.
pub fn banner(language: Language, banner: &Banner<'_>) -> String {
    let say = |key: &str, args: &[(&str, Arg<'_>)]| messages::text(language, key, args);
    let mut lines = vec![
        say("terminal-banner", &[("version", Arg::from(banner.version))]),
        say(
            if banner.model.is_some() { "terminal-banner-model-outside" } else { "terminal-banner-model" },
            &[
                ("model", Arg::from(banner.model.unwrap_or_default())),
                ("environment", Arg::from(banner.environment)),
                ("data", Arg::from(banner.data)),
            ],
        ),
        say("terminal-banner-try", &[]),
        say("terminal-banner-try-list", &[]),
    ];
    if let Some((file, contexts)) = banner.offer {
        let args = [("file", Arg::from(file)), ("contexts", Arg::from(contexts))];
        lines.push(say("terminal-offer-kubernetes", &args));
    }
    lines.push(say("terminal-banner-leave", &[]));
    lines.join("\n")
}
