//! Writing typed literals: text that every reader of the file's language reads as exactly the same value.
//! Called by the renderer for every placeholder.
//! Must never write a character that a reader folds, trims or refuses.

use chopmark_domain::literal::Literal;
use std::fmt::Write;

/// The language of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Syntax {
    /// An object of a cluster; literals are JSON, which YAML readers take as it stands.
    Yaml,
    /// A part of a Terraform configuration.
    Hcl,
}

impl Syntax {
    /// The language of a file, by its name.
    pub(crate) fn of(name: &str) -> Self {
        if name.ends_with(".tf") { Self::Hcl } else { Self::Yaml }
    }
}

/// Appends the literal.
pub(crate) fn literal(syntax: Syntax, value: &Literal, out: &mut String) {
    match value {
        Literal::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Literal::Integer(number) => out.push_str(&number.to_string()),
        Literal::Text(value) => text(syntax, value, out),
        Literal::List(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                out.push_str(if i > 0 { ", " } else { "" });
                literal(syntax, item, out);
            }
            out.push(']');
        }
        Literal::Map(entries) => {
            out.push_str(if syntax == Syntax::Hcl && !entries.is_empty() { "{ " } else { "{" });
            for (i, (key, value)) in entries.iter().enumerate() {
                out.push_str(if i > 0 { ", " } else { "" });
                text(syntax, key, out);
                out.push_str(if syntax == Syntax::Hcl { " = " } else { ": " });
                literal(syntax, value, out);
            }
            out.push_str(if syntax == Syntax::Hcl && !entries.is_empty() { " }" } else { "}" });
        }
    }
}

/// Appends a double-quoted string. Everything that is not plainly visible is escaped: what YAML 1.2
/// does not call printable, its line breaks (1.1 knows three more), and characters that turn the
/// direction of writing or have no width, which would make the shown file differ from the read one.
/// In YAML, escapes stay in the plane where JSON agrees on them; other planes are printable as they are.
/// HCL's string is the same, but for its two openings of a template, which it doubles, and its own long escape.
pub(crate) fn text(syntax: Syntax, value: &str, out: &mut String) {
    out.push('"');
    let mut before = '"';
    let mut rest = value.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            // Readers could count three signs in a row differently; an escaped brace opens nothing.
            '$' | '%' if syntax == Syntax::Hcl && rest.peek() == Some(&'{') => {
                rest.next();
                out.push(c);
                out.push_str(if before == c {
                    "\\u007b"
                } else if c == '$' {
                    "${"
                } else {
                    "%{"
                });
                before = '{';
                continue;
            }
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
            '\u{e0000}'..='\u{10ffff}' if syntax == Syntax::Hcl => {
                let _ = write!(out, "\\U{:08x}", u32::from(c));
            }
            c => out.push(c),
        }
        before = c;
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(syntax: Syntax, value: &str) -> String {
        let mut out = String::new();
        text(syntax, value, &mut out);
        out
    }

    #[test]
    fn what_cannot_be_seen_is_escaped_and_the_rest_stays_readable() {
        let text = "a\"\\\n\u{85}\u{2028}\u{202e}\u{feff}验🎉${x}{{ y }}";
        let yaml = "\"a\\\"\\\\\\n\\u0085\\u2028\\u202e\\ufeff验🎉${x}{{ y }}\"";
        assert_eq!(written(Syntax::Yaml, text), yaml);
        assert_eq!(written(Syntax::Hcl, text), yaml.replace("${x}", "$${x}"));
    }

    #[test]
    fn nothing_opens_a_template_of_hcl() {
        for (value, expected) in [
            ("${a}", r#""$${a}""#),
            ("%{ if a }", r#""%%{ if a }""#),
            ("$${a}", r#""$$\u007ba}""#),
            ("$$${a}", r#""$$$\u007ba}""#),
            ("%${", r#""%$${""#),
            ("${${", r#""$${$${""#),
            ("100% $", r#""100% $""#),
            ("\u{e0041}", r#""\U000e0041""#),
        ] {
            assert_eq!(written(Syntax::Hcl, value), expected);
        }
    }
}
