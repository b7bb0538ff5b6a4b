//! Lines of spans as pieces of Discord's markup: words, differences, tables, quotes.
//! Used by cards and posts.
//! Must never let a span's words be read as markup, nor say by look alone what no word says.

use crate::markup;
use chopmark_protocol::line::{Line, Source, Span, Tone};

/// Longest piece, in UTF-16 code units when every character needs a mark: a longer line goes on in the next piece.
const LONGEST: usize = 1_200;

/// What begins a piece that goes on with the line before.
const GOES_ON: &str = "↳ ";

/// Columns of a table that a telephone's screen still shows in order; a wider one is drawn as a list.
const TABLE: usize = 60;

/// Words that must be seen are short; a sentence in bold is seen no better.
const STRONG: usize = 60;

/// What the lines about resources, fields and outputs begin with.
const SIGNS: [&str; 6] = ["+ ", "~ ", "! ", "± ", "- ", "= "];

/// What quoted evidence begins with.
const EVIDENCE: &str = "│ ";

/// The block that a piece stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Block {
    /// None.
    Words,
    /// A block of code, in a language that decides its colours.
    Fence(&'static str),
    /// A quote.
    Quote,
}

/// A line of markup with the block that it stands in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) block: Block,
    pub(super) text: String,
}

impl Piece {
    pub(super) fn words(text: String) -> Self {
        Self { block: Block::Words, text }
    }
}

/// What a line is about, as far as its look goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Words,
    Change,
    Table,
    Evidence,
}

/// The lines as pieces, in order, nothing left out.
pub(super) fn pieces(lines: &[Line]) -> Vec<Piece> {
    let mut kinds: Vec<Kind> = Vec::with_capacity(lines.len());
    for line in lines {
        kinds.push(kind(line, kinds.last().copied()));
    }
    let mut out = Vec::new();
    let mut from = 0;
    while let Some(kind) = kinds.get(from) {
        let length = kinds[from..].iter().take_while(|other| *other == kind).count();
        out.extend(group(*kind, &lines[from..from + length], lines.get(from + length)));
        from += length;
    }
    out
}

/// A model's words: each line behind the mark of a quote, nothing in them a markup.
pub(super) fn quote(text: &str) -> Vec<Piece> {
    let lines = chopmark_protocol::escape::visible_lines(text);
    let quoted = |line: &String| {
        let parts = markup::parts(line, LONGEST);
        parts
            .into_iter()
            .enumerate()
            .map(|(at, part)| {
                let text =
                    if at == 0 { markup::escape_line(part) } else { format!("{GOES_ON}{}", markup::escape(part)) };
                Piece { block: Block::Quote, text }
            })
            .collect::<Vec<_>>()
    };
    lines.iter().flat_map(quoted).collect()
}

/// A text of ours or of anybody's as lines: what it begins with in spaces is its place in a list.
pub(super) fn spoken(text: &str, tone: Tone) -> Vec<Line> {
    if text.is_empty() {
        return Vec::new();
    }
    chopmark_protocol::escape::visible_lines(text)
        .iter()
        .map(|line| {
            let words = line.trim_start_matches(' ');
            Line::tool(words, tone).indented(line.len() - words.len())
        })
        .collect()
}

fn kind(line: &Line, before: Option<Kind>) -> Kind {
    let first = line.spans.iter().find(|span| !span.text().trim().is_empty());
    let ours = first.filter(|span| span.source == Source::Ours).map(Span::text);
    if ours.is_some_and(|text| SIGNS.contains(&text)) || (before == Some(Kind::Change) && indent(line) >= 4) {
        Kind::Change
    } else if ours == Some(EVIDENCE) {
        Kind::Evidence
    } else if line.spans.iter().skip(1).any(is_gap) {
        Kind::Table
    } else {
        Kind::Words
    }
}

/// What fills a table's cell up to its column.
fn is_gap(span: &Span) -> bool {
    span.source == Source::Ours && span.text().len() > 1 && span.text().trim().is_empty()
}

/// Spaces that a line begins with.
fn indent(line: &Line) -> usize {
    let blank = line.spans.iter().take_while(|span| span.text().trim_matches(' ').is_empty());
    blank.map(|span| span.text().len()).sum()
}

fn group(kind: Kind, lines: &[Line], next: Option<&Line>) -> Vec<Piece> {
    let language = if kind == Kind::Change { "diff" } else { "" };
    let wide = kind == Kind::Table && lines.iter().any(|line| line.width() > TABLE);
    // Nothing can be marked inside a block of code: what would end it is drawn as words.
    let breaks_out = lines.iter().any(|line| line.plain().contains("```"));
    if kind == Kind::Words || wide || breaks_out {
        let heads = |at: usize| lines.get(at + 1).or(next).is_some_and(|next| indent(next) > 0);
        return lines.iter().enumerate().flat_map(|(at, line)| words(line, heads(at))).collect();
    }
    lines.iter().flat_map(|line| fenced(line, language)).collect()
}

fn fenced(line: &Line, language: &'static str) -> Vec<Piece> {
    let plain = line.plain();
    // The indentation of the card is no part of the difference: signs stand in the first column.
    let plain = &plain[indent(line).min(2)..];
    let parts = markup::parts(plain, LONGEST);
    let piece = |(at, part): (usize, &str)| {
        let text = if at == 0 { part.to_owned() } else { format!("{GOES_ON}{part}") };
        Piece { block: Block::Fence(language), text }
    };
    parts.into_iter().enumerate().map(piece).collect()
}

/// A line as words: a heading, small print, or an entry of a list by its indentation. What `heads` a list is in bold.
fn words(line: &Line, heads: bool) -> Vec<Piece> {
    let plain = line.plain();
    let indent = indent(line);
    let list = match indent {
        0 => String::new(),
        // Each level of a list is two columns.
        1..=3 => "- ".to_owned(),
        _ => "  - ".to_owned(),
    };
    let parts = markup::parts(&plain[indent..], LONGEST);
    if parts.len() > 1 {
        let piece = |(at, part): (usize, &str)| {
            let begin = if at == 0 { list.as_str() } else { GOES_ON };
            Piece::words(format!("{begin}{}", markup::escape_line(part)))
        };
        return parts.into_iter().enumerate().map(piece).collect();
    }
    let spans: Vec<&Span> = line.spans.iter().skip_while(|span| span.text().trim_matches(' ').is_empty()).collect();
    let titled = spans.iter().take_while(|span| span.tone == Tone::Title).count();
    if titled > 0 && indent == 0 {
        let heading = Piece::words(format!("### {}", markup::guard(&escaped(&spans[..titled]))));
        let small = escaped(&spans[titled..]);
        let small = small.trim();
        let small = (!small.is_empty()).then(|| Piece::words(format!("-# {}", markup::guard(small))));
        return std::iter::once(heading).chain(small).collect();
    }
    let heads = heads && indent == 0 && spans.iter().all(|span| span.source == Source::Ours);
    let text = markup::guard(&toned(&spans, heads));
    let is_small = !spans.is_empty()
        && indent == 0
        && spans.iter().all(|span| span.tone == Tone::Muted || span.text().trim().is_empty());
    vec![Piece::words(if is_small { format!("-# {text}") } else { format!("{list}{text}") })]
}

/// Escaped, without a look. A table's gap is a dot between its cells.
fn escaped(spans: &[&Span]) -> String {
    spans.iter().map(|span| if is_gap(span) { " · ".to_owned() } else { markup::escape(span.text()) }).collect()
}

/// Escaped, with what must be seen in bold.
fn toned(spans: &[&Span], heads: bool) -> String {
    let is_strong = |span: &Span| {
        let loud = heads || matches!(span.tone, Tone::Title | Tone::Delete | Tone::Good | Tone::Warn | Tone::Bad);
        loud && !span.text().trim().is_empty() && span.text().chars().count() <= STRONG
    };
    let mut out = String::new();
    let mut rest = spans;
    while let Some(first) = rest.first() {
        // Two bold texts without anything between them would be read as one with stars in it.
        let strong = is_strong(first);
        let length = rest.iter().take_while(|span| is_strong(span) == strong).count();
        let text = escaped(&rest[..length]);
        let words = text.trim_matches(' ');
        match text.split_once(words) {
            Some((begin, end)) if strong => out.push_str(&format!("{begin}**{words}**{end}")),
            _ => out.push_str(&text),
        }
        rest = &rest[length..];
    }
    out
}
