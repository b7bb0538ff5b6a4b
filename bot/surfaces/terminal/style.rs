//! How the terminal draws: colour, motion, width, and what it does without.
//! Worked out once at the start; asked by everything that draws.
//! Must never let a meaning hang on colour or motion alone.

use chopmark_protocol::line::{Line, Tone};
use std::io::IsTerminal;

/// What the screen can and may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Colours are used.
    pub colour: bool,
    /// A line may be redrawn: spinner, progress.
    pub motion: bool,
    /// Input is a terminal: there is a prompt.
    pub prompt: bool,
    /// The cursor may be moved: lines are edited, menus open.
    pub cursor: bool,
    /// Columns of the screen; 100 where there is none, which keeps recorded output readable.
    pub width: usize,
}

/// What the configuration wants, as the terminal knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// As the terminal and the environment say.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What the environment says about drawing.
#[derive(Debug, Clone, Copy, Default)]
struct Surroundings {
    input: bool,
    output: bool,
    no_color: bool,
    dumb: bool,
    accessible: bool,
    columns: Option<u16>,
}

impl Style {
    /// From the terminal and the environment variables NO_COLOR (no-color.org), TERM and ACCESSIBLE.
    pub fn find(wish: Wish) -> Self {
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        Self::of(
            wish,
            Surroundings {
                input: std::io::stdin().is_terminal(),
                output: std::io::stdout().is_terminal(),
                no_color: set("NO_COLOR"),
                dumb: std::env::var_os("TERM").is_none_or(|term| term == "dumb"),
                accessible: set("ACCESSIBLE"),
                columns: rustix::termios::tcgetwinsize(std::io::stdout()).ok().map(|size| size.ws_col),
            },
        )
    }

    fn of(wish: Wish, around: Surroundings) -> Self {
        let capable = around.output && !around.dumb;
        Self {
            colour: match wish {
                Wish::Always => true,
                Wish::Never => false,
                Wish::Auto => capable && !around.no_color,
            },
            motion: capable && !around.no_color && !around.accessible,
            prompt: around.input && around.output,
            cursor: capable && !around.accessible,
            width: usize::from(around.columns.filter(|columns| *columns >= 20).unwrap_or(100)),
        }
    }

    /// Whether lines are edited: the cursor can move and nobody asked for static lines.
    pub fn edits(&self) -> bool {
        self.prompt && self.cursor
    }

    /// The text in the colour of its tone, when colours are used.
    pub fn paint(&self, tone: Tone, text: &str) -> String {
        match code(tone) {
            Some(code) if self.colour && !text.is_empty() => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
            _ => text.to_owned(),
        }
    }

    /// Lines as they go to the screen.
    pub fn draw(&self, lines: &[Line]) -> String {
        let line = |line: &Line| line.spans.iter().map(|span| self.paint(span.tone, span.text())).collect::<String>();
        lines.iter().map(line).collect::<Vec<_>>().join("\n")
    }
}

/// The SGR code of a tone (ECMA-48 §8.3.117).
fn code(tone: Tone) -> Option<&'static str> {
    match tone {
        Tone::Plain => None,
        Tone::Title => Some("1"),
        Tone::Muted => Some("2"),
        Tone::Add | Tone::Good => Some("32"),
        Tone::Change | Tone::Warn => Some("33"),
        Tone::Delete | Tone::Bad => Some("31"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCREEN: Surroundings =
        Surroundings { input: true, output: true, no_color: false, dumb: false, accessible: false, columns: Some(80) };

    #[test]
    fn a_pipe_gets_neither_colour_nor_motion_nor_a_prompt() {
        let style = Style::of(Wish::Auto, Surroundings::default());
        assert_eq!(style, Style { colour: false, motion: false, prompt: false, cursor: false, width: 100 });
        assert_eq!(style.paint(Tone::Bad, "- x"), "- x");
    }

    #[test]
    fn no_color_and_dumb_and_accessible_are_respected() {
        let no_color = Style::of(Wish::Auto, Surroundings { no_color: true, ..SCREEN });
        assert_eq!((no_color.colour, no_color.motion, no_color.prompt), (false, false, true));
        let dumb = Style::of(Wish::Auto, Surroundings { dumb: true, ..SCREEN });
        assert_eq!((dumb.colour, dumb.motion, dumb.prompt, dumb.edits()), (false, false, true, false));
        let accessible = Style::of(Wish::Auto, Surroundings { accessible: true, ..SCREEN });
        assert_eq!((accessible.colour, accessible.motion, accessible.edits()), (true, false, false));
    }

    #[test]
    fn the_configuration_goes_before_the_environment_for_colour() {
        assert!(Style::of(Wish::Always, Surroundings { no_color: true, ..SCREEN }).colour);
        assert!(!Style::of(Wish::Never, SCREEN).colour);
    }
}
