//! Writing typed literals: JSON that every YAML reader reads as exactly the same value.
//! Called by the renderer for every placeholder.
//! Must never write a character that a YAML reader folds, trims or refuses.

use chopmark_domain::literal::Literal;
use std::fmt::Write;

/// Appends the literal.
pub(crate) fn literal(value: &Literal, out: &mut String) {
    match value {
        Literal::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Literal::Integer(number) => out.push_str(&number.to_string()),
        Literal::Text(value) => text(value, out),
        Literal::List(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                out.push_str(if i > 0 { ", " } else { "" });
                literal(item, out);
            }
            out.push(']');
        }
        Literal::Map(entries) => {
            out.push('{');
            for (i, (key, value)) in entries.iter().enumerate() {
                out.push_str(if i > 0 { ", " } else { "" });
                text(key, out);
                out.push_str(": ");
                literal(value, out);
            }
            out.push('}');
        }
    }
}

/// Appends a double-quoted string. Everything that is not plainly visible is escaped: what YAML 1.2
/// does not call printable, its line breaks (1.1 knows three more), and characters that turn the
/// direction of writing or have no width, which would make the shown file differ from the read one.
/// Escapes stay in the plane where JSON and YAML agree on them; other planes are printable as they are.
pub(crate) fn text(value: &str, out: &mut String) {
    out.push('"');
    for c in value.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\0'..='\u{1f}'
            | '\u{7f}'..='\u{9f}'
            | '\u{ad}'
            | '\u{61c}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{e000}'..='\u{f8ff}'
            | '\u{feff}'
            | '\u{fff0}'..='\u{ffff}' => {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_escaped_and_the_rest_stays_readable() {
        let mut out = String::new();
        text("a\"\\\n\u{85}\u{2028}\u{202e}\u{feff}验🎉${x}{{ y }}", &mut out);
        assert_eq!(out, "\"a\\\"\\\\\\n\\u0085\\u2028\\u202e\\ufeff验🎉${x}{{ y }}\"");
    }
}
