//! Lines of spans as pieces: headings, lists, differences and tables that keep their columns, evidence behind a bar.
//! Called by card and post for everything that the protocol gives as lines.
//! Must never change a word or leave one out: only how it looks is decided here.

use super::rich::{Border, Look, Piece, Run, Shown, push};
use chopmark_protocol::line::{Line, Source, Span, Tone};

/// What a line about what happens begins with.
const SIGNS: [&str; 6] = ["+ ", "~ ", "! ", "± ", "- ", "= "];

/// What a line about another version begins with.
const UNLIKE: &str = "≠ ";

/// What evidence stands behind.
const BAR: &str = "│ ";

/// The lines as pieces.
pub(super) fn pieces(lines: &[Line]) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let rest = &lines[at..];
        let (piece, taken) = match kind(line) {
            Kind::Evidence => evidence(rest),
            Kind::Table => columns(rest, |line, _| kind(line) == Kind::Table),
            same @ (Kind::Sign | Kind::Unlike) => {
                columns(rest, |line, base| kind(line) == same || (kind(line) != Kind::Evidence && indent(line) > base))
            }
            Kind::Item => (Piece::Item((indent(line) / 2).saturating_sub(1).min(8), runs(line, Stress::Usual)), 1),
            Kind::Text => (paragraph(&mut pieces, line, rest.get(1)), 1),
        };
        pieces.push(piece);
        at += taken;
    }
    pieces
}

/// The lines as they stand, for what would be too long otherwise.
pub(super) fn dense(lines: &[Line]) -> Vec<Piece> {
    let text = lines.iter().map(Line::plain).collect::<Vec<_>>().join("\n");
    vec![Piece::Columns(Shown::of(&text), Border::None)]
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Item,
    Sign,
    Unlike,
    Table,
    Evidence,
}

/// Whether a line heads those below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stress {
    Heading,
    Usual,
}

fn kind(line: &Line) -> Kind {
    let plain = line.plain();
    let bare = plain.trim_start();
    // A mark counts only in our words: outside text that begins with one stays what it is.
    let first = line.spans.iter().find(|span| !span.text().trim().is_empty());
    let ours = |mark: &str| first.is_some_and(|span| span.source == Source::Ours && span.text() == mark);
    if ours(BAR) {
        return Kind::Evidence;
    }
    match indent(line) {
        0 | 1 if bare.trim_end().contains("  ") => Kind::Table,
        0 | 1 => Kind::Text,
        _ if ours(UNLIKE) => Kind::Unlike,
        _ if SIGNS.iter().any(|sign| ours(sign)) => Kind::Sign,
        _ if bare.trim_end().contains("  ") => Kind::Table,
        _ => Kind::Item,
    }
}

fn indent(line: &Line) -> usize {
    let plain = line.plain();
    plain.len() - plain.trim_start_matches(' ').len()
}

/// Lines that keep their columns, as long as they belong together.
fn columns(lines: &[Line], belongs: impl Fn(&Line, usize) -> bool) -> (Piece, usize) {
    let base = lines.first().map_or(0, indent);
    let more = lines.iter().skip(1).take_while(|line| belongs(line, base)).count();
    let taken = &lines[..=more];
    let least = taken.iter().map(indent).min().unwrap_or(0);
    let text = taken.iter().map(|line| line.plain()[least..].to_owned()).collect::<Vec<_>>().join("\n");
    (Piece::Columns(Shown::of(&text), Border::None), taken.len())
}

fn evidence(lines: &[Line]) -> (Piece, usize) {
    let taken = lines.iter().take_while(|line| kind(line) == Kind::Evidence);
    let text: Vec<String> = taken
        .map(|line| {
            let plain = line.plain();
            let bare = plain.trim_start_matches(' ');
            bare.strip_prefix(BAR).unwrap_or(bare).to_owned()
        })
        .collect();
    (Piece::Columns(Shown::of(&text.join("\n")), Border::Bar), text.len())
}

/// A line of text, in one piece with the lines before it.
fn paragraph(pieces: &mut Vec<Piece>, line: &Line, next: Option<&Line>) -> Piece {
    let ours = matches!(line.spans.as_slice(), [only] if only.source == Source::Ours && only.tone == Tone::Plain);
    let heads = next.is_some_and(|next| indent(next) >= 2);
    let mut new = runs(line, if ours && heads { Stress::Heading } else { Stress::Usual });
    match pieces.pop() {
        Some(Piece::Text(mut runs)) => {
            push(&mut runs, "\n", Look::Plain);
            runs.append(&mut new);
            Piece::Text(runs)
        }
        before => {
            pieces.extend(before);
            Piece::Text(new)
        }
    }
}

fn runs(line: &Line, stress: Stress) -> Vec<Run> {
    let mut runs = Vec::new();
    let indent = indent(line);
    let mut left = indent;
    for span in &line.spans {
        // The indentation is the list's own.
        let cut = left.min(span.text().len() - span.text().trim_start_matches(' ').len());
        left = if cut == span.text().len() { left - cut } else { 0 };
        push(&mut runs, &span.text()[cut..], look(span, stress));
    }
    runs
}

/// How a span looks: what matters is stressed, a name or value from outside stands out as one.
fn look(span: &Span, stress: Stress) -> Look {
    let name = span.source == Source::Tool
        && span.text().is_ascii()
        && !span.text().is_empty()
        && !span.text().contains(|c: char| c.is_whitespace());
    match span.tone {
        Tone::Title => Look::Bold,
        Tone::Delete | Tone::Bad | Tone::Warn if name => Look::BoldCode,
        Tone::Delete | Tone::Bad | Tone::Warn => Look::Bold,
        _ if stress == Stress::Heading => Look::Bold,
        _ if name => Look::Code,
        Tone::Plain | Tone::Add | Tone::Change | Tone::Good | Tone::Muted => Look::Plain,
    }
}
