//! The small sections: `[chat]` and `[log]`.
//! Read by `config::read`, first from the built-in file, then from the user's.
//! Must never hold a default of their own: defaults stand in the root's config.toml.

use super::reader::Section;
use chopmark_domain::change::Language;
use chopmark_domain::problem::Problem;

/// When colour is used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Colour {
    /// On a terminal that can.
    #[default]
    Auto,
    /// Everywhere.
    Always,
    /// Nowhere.
    Never,
}

/// `[chat]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chat {
    /// The language; none follows the system.
    pub language: Option<Language>,
    /// When colour is used.
    pub colour: Colour,
    /// The program for long texts; none follows PAGER.
    pub pager: Option<String>,
    /// Lines of history that are kept.
    pub history: usize,
}

impl Chat {
    /// Takes what `root` says.
    ///
    /// # Errors
    /// A [`Problem`] with file, line and column.
    pub fn read(&mut self, root: &Section<'_, '_>) -> Result<(), Problem> {
        let Some(section) = root.section("chat", &["language", "colour", "pager", "history"])? else { return Ok(()) };
        let languages = [("auto", None), ("en", Some(Language::En)), ("zh", Some(Language::Zh))];
        if let Some(language) = section.choice("language", &languages)? {
            self.language = language;
        }
        let colours = [("auto", Colour::Auto), ("always", Colour::Always), ("never", Colour::Never)];
        self.colour = section.choice("colour", &colours)?.unwrap_or(self.colour);
        if let Some(pager) = section.text("pager")? {
            self.pager = Some(pager.to_owned()).filter(|pager| !pager.is_empty());
        }
        if let Some(history) = section.number("history", 0..=100_000)? {
            self.history = usize::try_from(history).unwrap_or_default();
        }
        Ok(())
    }
}

/// How a line of the log looks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object.
    Json,
}

/// `[log]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Log {
    /// The least important level that is written, as tracing calls it.
    pub level: &'static str,
    /// How a line looks.
    pub format: LogFormat,
}

/// tracing's own words for its levels.
const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];

impl Log {
    /// Takes what `root` says.
    ///
    /// # Errors
    /// A [`Problem`] with file, line and column.
    pub fn read(&mut self, root: &Section<'_, '_>) -> Result<(), Problem> {
        let Some(section) = root.section("log", &["level", "format"])? else { return Ok(()) };
        self.level = section.choice("level", &LEVELS.map(|level| (level, level)))?.unwrap_or(self.level);
        let formats = [("text", LogFormat::Text), ("json", LogFormat::Json)];
        self.format = section.choice("format", &formats)?.unwrap_or(self.format);
        Ok(())
    }
}
