//! Lines of typed spans: what a card or an answer looks like before a surface draws it.
//! Made by card and view; drawn by every surface in its own way, by tone and source.
//! Must never hold unescaped text of outside origin.

use crate::escape;
use unicode_width::UnicodeWidthStr;

/// Whose words a span holds; a surface escapes its own markup in all but [`Source::Ours`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// From our messages.
    Ours,
    /// A person's.
    User,
    /// A cluster's, program's, file's or template value's.
    Tool,
    /// A model's; always inside a marked quote.
    Model,
}

/// What a span means, besides its words: never the only carrier of the meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Ordinary.
    Plain,
    /// A heading.
    Title,
    /// Something comes.
    Add,
    /// Something changes.
    Change,
    /// Something goes.
    Delete,
    /// Good.
    Good,
    /// To be noticed.
    Warn,
    /// Bad.
    Bad,
    /// Of less interest.
    Muted,
}

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The text, on one line, without any control or direction-changing character.
    text: String,
    /// What it means.
    pub tone: Tone,
    /// Whose words it holds.
    pub source: Source,
}

impl Span {
    /// A span of any text: escaped here, so that none can be made without.
    pub fn new(text: &str, tone: Tone, source: Source) -> Self {
        Self { text: escape::visible(text), tone, source }
    }
    /// The escaped text.
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// One line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    /// Its spans, from the left.
    pub spans: Vec<Span>,
}

impl Line {
    /// An empty line.
    pub fn empty() -> Self {
        Self::default()
    }
    /// A line of one span in our words.
    pub fn ours(text: &str, tone: Tone) -> Self {
        Self { spans: vec![Span::new(text, tone, Source::Ours)] }
    }
    /// A line of one span of outside words.
    pub fn tool(text: &str, tone: Tone) -> Self {
        Self { spans: vec![Span::new(text, tone, Source::Tool)] }
    }
    /// Adds a span.
    #[must_use]
    pub fn then(mut self, text: &str, tone: Tone, source: Source) -> Self {
        self.spans.push(Span::new(text, tone, source));
        self
    }
    /// Puts spaces before it.
    #[must_use]
    pub fn indented(mut self, columns: usize) -> Self {
        self.spans.insert(0, Span::new(&" ".repeat(columns), Tone::Plain, Source::Ours));
        self
    }
    /// The bare text.
    pub fn plain(&self) -> String {
        self.spans.iter().map(Span::text).collect()
    }
    /// Columns it takes in a terminal.
    pub fn width(&self) -> usize {
        self.spans.iter().map(|span| span.text.width()).sum()
    }
}

/// The bare text of lines, joined by line breaks.
pub fn plain(lines: &[Line]) -> String {
    lines.iter().map(Line::plain).collect::<Vec<_>>().join("\n")
}
