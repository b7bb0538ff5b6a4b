//! Discord's markup: any text as itself, whatever it holds.
//! Used by everything that is drawn for Discord; control, direction and zero-width characters are visible already,
//! through the protocol's spans.
//! Must never let text from outside mention, hide a link's host, or begin a heading, list, quote or block.

use crate::limits;
use unicode_segmentation::UnicodeSegmentation;

/// The text so that Discord shows exactly its characters. A backslash before punctuation is Discord's own escape; a
/// mark before a mention also keeps it from being one.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    let mut rest = text;
    let mut before = None;
    while let Some(c) = rest.chars().next() {
        if let Some(link) = link(rest, before) {
            // Angle brackets keep a link from being unfurled, and what is in it from being read as markup.
            out.push('<');
            out.push_str(link);
            out.push('>');
            before = link.chars().next_back();
            rest = &rest[link.len()..];
            continue;
        }
        let after = &rest[c.len_utf8()..];
        let marked = match c {
            '\\' | '*' | '_' | '~' | '`' | '|' | '<' | '[' | ']' | '@' => true,
            ':' => after.starts_with("//") || begins_emoji(after),
            _ => false,
        };
        if marked {
            out.push('\\');
        }
        out.push(c);
        before = Some(c);
        rest = after;
    }
    out
}

/// The same at the beginning of a line, where some characters begin a heading, a list or a quote.
pub fn escape_line(text: &str) -> String {
    guard(&escape(text))
}

/// An escaped text that begins a line: what would make more of it than a line is marked.
pub fn guard(escaped: &str) -> String {
    let spaces = escaped.len() - escaped.trim_start_matches(' ').len();
    let (indent, line) = escaped.split_at(spaces);
    let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let at = match line[digits..].chars().next() {
        Some('.' | ')') if digits > 0 => digits,
        Some('#' | '-' | '+' | '>') if digits == 0 => 0,
        _ => return escaped.to_owned(),
    };
    format!("{indent}{}\\{}", &line[..at], &line[at..])
}

/// The link that a text begins with: one that can be shown whole, with its host first. What hides its host behind a
/// name (`https://github.com@evil.example`) or is not written in plain letters is no link, and stays text.
fn link(text: &str, before: Option<char>) -> Option<&str> {
    // A word before it would take the scheme's place.
    if before.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_') {
        return None;
    }
    let scheme = ["https://", "http://"].into_iter().find(|scheme| text.starts_with(scheme))?;
    let is_plain = |c: char| c.is_ascii_graphic() && !"<>\"\\`|^{}*".contains(c);
    let end = text.find(|c: char| !is_plain(c)).unwrap_or(text.len());
    let link = text[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '\'', ']']);
    let authority = link.get(scheme.len()..)?.split(['/', '?', '#']).next()?;
    // A host that goes on in letters of another script is another host.
    if scheme.len() + authority.len() == end && text[end..].chars().next().is_some_and(char::is_alphanumeric) {
        return None;
    }
    let (host, port) = authority.split_once(':').unwrap_or((authority, ""));
    let is_host = !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'));
    let is_port = port.bytes().all(|b| b.is_ascii_digit());
    (is_host && is_port && link.len() <= limits::FIELD_VALUE / 2).then_some(link)
}

/// Whether what follows a colon could be the name of an emoji: clients draw those.
fn begins_emoji(after: &str) -> bool {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '+' | '~');
    let end = after.find(|c: char| !is_name(c)).unwrap_or(after.len());
    end > 0 && after[end..].chars().next().is_none_or(|c| c == ':')
}

/// A text in parts whose escaped forms are each no longer than `most` UTF-16 code units and three times as many
/// bytes: broken between graphemes, and only inside one that alone is longer. One part when it fits.
pub fn parts(text: &str, most: usize) -> Vec<&str> {
    // At worst each character is marked, and each link has two brackets for its eight letters or more.
    let cost = |part: &str| part.chars().fold((0, 0), |(a, b), c| (a + c.len_utf16() + 1, b + c.len_utf8() + 1));
    let mut out = Vec::new();
    let (mut start, mut units, mut bytes) = (0, 0, 0);
    let mut take = |at: usize, piece: &str| {
        let (more_units, more_bytes) = cost(piece);
        if at > start && (units + more_units > most || bytes + more_bytes > most * 3) {
            out.push(&text[start..at]);
            (start, units, bytes) = (at, 0, 0);
        }
        (units, bytes) = (units + more_units, bytes + more_bytes);
    };
    for (at, grapheme) in text.grapheme_indices(true) {
        if cost(grapheme).0 <= most {
            take(at, grapheme);
        } else {
            for (inside, c) in grapheme.char_indices() {
                take(at + inside, &grapheme[inside..inside + c.len_utf8()]);
            }
        }
    }
    out.push(&text[start..]);
    out
}

/// The text in at most so many characters, cut between graphemes and ended with an ellipsis.
pub fn cut(text: &str, characters: usize) -> String {
    chopmark_protocol::budget::Budget { utf16: characters, ..chopmark_protocol::budget::Budget::UNLIMITED }.cut(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn markup_of_others_is_shown_and_does_nothing() {
        for (said, drawn) in [
            (
                "**bold** _it_ ~~no~~ `code` ||spoiler||",
                "\\*\\*bold\\*\\* \\_it\\_ \\~\\~no\\~\\~ \\`code\\` \\|\\|spoiler\\|\\|",
            ),
            ("@everyone <@1> <@&2> <#3>", "\\@everyone \\<\\@1> \\<\\@&2> \\<#3>"),
            ("<t:1:R> <:ok:1> </deploy:1>", "\\<t\\:1:R> \\<\\:ok:1> \\</deploy:1>"),
            ("[approve](https://evil.example)", "\\[approve\\](<https://evil.example>)"),
            (":white_check_mark: nginx:1.27 10:30", "\\:white\\_check\\_mark: nginx:1.27 10\\:30"),
            ("购物车 50% #1 a-b", "购物车 50% #1 a-b"),
            ("back\\slash", "back\\\\slash"),
        ] {
            assert_eq!(escape(said), drawn, "{said}");
        }
    }

    #[test]
    fn a_link_shows_its_host_and_is_not_unfurled() {
        for (said, drawn) in [
            ("see https://runs.example/a_b*c.", "see <https://runs.example/a_b>\\*c."),
            ("http://localhost:8080/x?y=1#z, then", "<http://localhost:8080/x?y=1#z>, then"),
            ("https://github.com@evil.example/x", "https\\://github.com\\@evil.example/x"),
            ("https://gіthub.com", "https\\://gіthub.com"),
            ("xhttps://a.example/_x_", "xhttps\\://a.example/\\_x\\_"),
            ("steam://run/1 https://", "steam\\://run/1 https\\://"),
        ] {
            assert_eq!(escape(said), drawn, "{said}");
        }
    }

    #[test]
    fn no_line_begins_a_heading_a_list_a_quote_or_small_print() {
        for (said, drawn) in [
            ("# Approved", "\\# Approved"),
            ("-# by alice", "\\-# by alice"),
            ("- one", "\\- one"),
            (">>> all of it", "\\>>> all of it"),
            ("  > it", "  \\> it"),
            ("1. first", "1\\. first"),
            ("12) first", "12\\) first"),
            ("3 replicas", "3 replicas"),
            ("1.27", "1\\.27"),
        ] {
            assert_eq!(escape_line(said), drawn, "{said}");
        }
    }

    /// What Discord's client shows of an escaped text: marks before punctuation and brackets around links are not
    /// seen.
    fn shown(drawn: &str) -> String {
        let mut out = String::new();
        let mut chars = drawn.chars();
        while let Some(c) = chars.next() {
            match c {
                '\\' => out.extend(chars.next()),
                // A raw bracket is one of ours, and what it holds is itself.
                '<' => out.extend(chars.by_ref().take_while(|c| *c != '>')),
                c => out.push(c),
            }
        }
        out
    }

    proptest! {
        #[test]
        fn every_text_is_seen_as_it_is(text in "([ -~购物车é🚀]|https?://[a-z.@/_*]{0,12}|<@[0-9]{1,3}>|:[a-z]{1,4}:|```|\\|\\|){0,24}") {
            prop_assert_eq!(shown(&escape_line(&text)), text);
        }

        #[test]
        fn parts_are_the_text_and_each_fits(text in any::<String>(), most in 8_usize..200) {
            let parts = parts(&text, most);
            prop_assert_eq!(&parts.concat(), &text);
            for part in parts {
                let drawn = escape(part);
                prop_assert!(drawn.encode_utf16().count() <= most && drawn.len() <= most * 3, "{:?}", part);
            }
        }
    }

    #[test]
    fn a_grapheme_longer_than_a_message_is_broken_and_not_lost() {
        let zalgo = format!("a{}", "\u{301}".repeat(5_000));
        let parts = parts(&zalgo, 500);
        assert_eq!(parts.concat(), zalgo);
        assert!(parts.len() > 10);
    }
}
