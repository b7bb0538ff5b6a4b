//! A model's words: a quote under our line that says so, and nothing in it that could be taken for ours.
//! Called by post and partial.
//! Must never make a link, a heading, a mention or a block of what a model wrote.

use super::rich::{Border, Look, Piece, Run, Shown, line, push};
use chopmark_domain::change::Language;
use chopmark_protocol::escape;
use chopmark_protocol::messages::text;

/// The line over every quote.
pub(super) fn lead(language: Language) -> Piece {
    line(&text(language, "chat-model-says", &[]), Look::Italic)
}

/// The words as pieces: code between fences keeps its columns behind the quote's bar, everything else is a quote. Of
/// the rest of Markdown only bold and code are drawn; links stay as they are written, so that their host is seen.
pub(super) fn pieces(words: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut fence: Option<Fence> = None;
    for line in escape::visible_lines(words) {
        match (fence.take(), Fence::of(&line)) {
            (None, Some(opening)) => fence = Some(opening),
            (None, None) => quoted(&mut pieces, &line),
            (Some(open), Some(mark)) if mark.mark == open.mark && mark.length >= open.length && mark.bare => {
                pieces.push(Piece::Columns(Shown::of(&open.lines.join("\n")), Border::Bar));
            }
            (Some(mut open), _) => {
                open.lines.push(line);
                fence = Some(open);
            }
        }
    }
    // A fence that nobody closed ends with the text.
    pieces.extend(fence.map(|open| Piece::Columns(Shown::of(&open.lines.join("\n")), Border::Bar)));
    pieces
}

struct Fence {
    mark: char,
    length: usize,
    /// Whether nothing follows the mark: only then it closes.
    bare: bool,
    lines: Vec<String>,
}

impl Fence {
    fn of(line: &str) -> Option<Self> {
        let bare = line.trim_start_matches(' ');
        let mark = bare.chars().next().filter(|mark| matches!(mark, '`' | '~'))?;
        let after = bare.trim_start_matches(mark);
        let length = bare.len() - after.len();
        // Three marks within a line of text are no fence.
        let fence = length >= 3 && !after.contains(mark);
        fence.then(|| Self { mark, length, bare: after.trim().is_empty(), lines: Vec::new() })
    }
}

/// Adds a line to the quote.
fn quoted(pieces: &mut Vec<Piece>, line: &str) {
    let mut runs = match pieces.pop() {
        Some(Piece::Quote(runs)) => runs,
        before => {
            pieces.extend(before);
            Vec::new()
        }
    };
    if !runs.is_empty() {
        push(&mut runs, "\n", Look::Plain);
    }
    inline(&mut runs, line);
    if runs.is_empty() && pieces.is_empty() && line.is_empty() {
        return;
    }
    pieces.push(Piece::Quote(runs));
}

/// Bold and code within a line; what is not closed stays as it is.
fn inline(runs: &mut Vec<Run>, line: &str) {
    let mut rest = line;
    while let Some((mark, at)) =
        ["**", "`"].iter().filter_map(|mark| Some((*mark, rest.find(mark)?))).min_by_key(|(_, at)| *at)
    {
        let after = &rest[at + mark.len()..];
        let Some(end) = after.find(mark).filter(|end| *end > 0) else {
            push(runs, &rest[..at + mark.len()], Look::Plain);
            rest = after;
            continue;
        };
        push(runs, &rest[..at], Look::Plain);
        push(runs, &after[..end], if mark == "`" { Look::Code } else { Look::Bold });
        rest = &after[end + mark.len()..];
    }
    push(runs, rest, Look::Plain);
}
