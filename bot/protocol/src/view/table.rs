//! Tables: rows of spans, aligned by the columns that a terminal gives each character.
//! Used by the views.
//! Must never cut a cell.

use crate::line::{Line, Source, Span, Tone};
use unicode_width::UnicodeWidthStr;

/// A cell of outside words.
pub(super) fn tool(text: &str) -> Span {
    Span::new(text, Tone::Plain, Source::Tool)
}

/// A cell in our words.
pub(super) fn ours(text: &str, tone: Tone) -> Span {
    Span::new(text, tone, Source::Ours)
}

/// Rows as lines, each indented by two columns, cells two columns apart; the last cell of a row is not filled up.
pub(super) fn rows(rows: Vec<Vec<Span>>) -> Vec<Line> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).map(|span| span.text().width()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let line = |row: Vec<Span>| {
        let last = row.len().saturating_sub(1);
        let mut spans = Vec::with_capacity(row.len() * 2);
        for (column, span) in row.into_iter().enumerate() {
            let fill = widths.get(column).map_or(0, |width| width.saturating_sub(span.text().width()) + 2);
            spans.push(span);
            if column < last {
                spans.push(ours(&" ".repeat(fill), Tone::Plain));
            }
        }
        Line { spans }.indented(2)
    };
    rows.into_iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::line::plain;

    #[test]
    fn columns_stand_under_each_other_in_both_scripts() {
        let lines =
            rows(vec![vec![tool("购物车"), tool("a"), tool("end")], vec![tool("cart"), tool("bb"), tool("end")]]);
        assert_eq!(plain(&lines), "  购物车  a   end\n  cart    bb  end");
    }
}
