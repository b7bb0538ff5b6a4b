//! Plain text: full-width forms, curly quotes, long dashes and invisible characters as their plain forms.
//! Called by request.rs for every sentence.
//! Must never alter what stands inside quotes: that is a value.

use unicode_normalization::UnicodeNormalization;

/// The sentence in plain forms. Values in quotes keep their characters; only the quotes become plain.
pub fn plain(text: &str) -> String {
    let text: String = text.nfc().collect();
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut i = 0;
    while i < chars.len() {
        if let Some(end) = quoted_end(&chars, i) {
            let quote = delimiter(chars[i], &chars[i + 1..end]);
            out.push(quote);
            out.extend(&chars[i + 1..end]);
            out.push(quote);
            i = end + 1;
        } else {
            push(&chars, i, &mut out);
            i += 1;
        }
    }
    out.trim().to_owned()
}

/// The plain quote for a quoted value: the double one, unless the value holds it.
fn delimiter(opening: char, value: &[char]) -> char {
    match opening {
        '`' => '`',
        '\'' | '‘' if value.contains(&'"') => '\'',
        _ if value.contains(&'"') && !value.contains(&'\'') => '\'',
        _ => '"',
    }
}

/// A plain text without its quoted values.
pub fn without_quoted(plain: &str) -> String {
    let chars: Vec<char> = plain.chars().collect();
    let mut out = String::with_capacity(plain.len());
    let mut i = 0;
    while i < chars.len() {
        match quoted_end(&chars, i) {
            Some(end) => i = end + 1,
            None => {
                out.push(chars[i]);
                i += 1;
            }
        }
    }
    out
}

/// The position of the closing quote, if a quoted value begins at `start`.
fn quoted_end(chars: &[char], start: usize) -> Option<usize> {
    let closing: &[char] = match chars[start] {
        '"' | '“' | '”' | '„' | '＂' => &['"', '“', '”', '＂'],
        '「' => &['」'],
        '『' => &['』'],
        '`' => &['`'],
        // An apostrophe opens a quote only where a word could begin, so that "cart's" stays a word.
        '\'' | '‘' if start == 0 || !chars[start - 1].is_alphanumeric() => &['\'', '’'],
        _ => return None,
    };
    let single = matches!(chars[start], '\'' | '‘');
    (start + 1..chars.len()).find(|&i| {
        closing.contains(&chars[i]) && (!single || chars.get(i + 1).is_none_or(|next| !next.is_alphanumeric()))
    })
}

fn push(chars: &[char], i: usize, out: &mut String) {
    let c = chars[i];
    match c {
        '\u{ff01}'..='\u{ff5e}' => out.push(char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c)),
        '\t' | '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => out.push(' '),
        '\n' | '\u{2028}' | '\u{2029}' => out.push('\n'),
        '“' | '”' | '„' => out.push('"'),
        '‘' | '’' => out.push('\''),
        '。' => out.push('.'),
        '、' => out.push(','),
        '【' => out.push('['),
        '】' => out.push(']'),
        '…' => out.push_str("..."),
        // Keyboards turn the two dashes before an option into one long dash.
        '–' | '—' if begins_option(chars, i) => out.push_str("--"),
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => out.push('-'),
        c if crate::escape::is_hazardous(c) => {}
        c => out.push(c),
    }
}

fn begins_option(chars: &[char], i: usize) -> bool {
    (i == 0 || chars[i - 1].is_whitespace()) && chars.get(i + 1).is_some_and(char::is_ascii_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_keyboards_write_is_read_as_what_was_meant() {
        for (said, meant) in [
            ("把　cart　扩到３个副本，端口：８０８０。", "把 cart 扩到3个副本,端口:8080."),
            ("approve chg–7f3k —confirm cart", "approve chg-7f3k --confirm cart"),
            ("set cart’s image to “localhost/web:2”", "set cart's image to \"localhost/web:2\""),
            ("scale\u{a0}cart\u{200b} to\u{202e} 3", "scale cart to 3"),
            ("镜像用「nginx：１.27」", "镜像用\"nginx：１.27\""),
        ] {
            assert_eq!(plain(said), meant);
        }
    }

    #[test]
    fn a_quoted_value_keeps_its_characters() {
        assert_eq!(plain("set title to “全角：１—２\u{200b}”"), "set title to \"全角：１—２\u{200b}\"");
        assert_eq!(plain("set a to 'x “y” —z' now"), "set a to \"x “y” —z\" now");
        assert_eq!(plain("set a to 'say \"hi\"'"), "set a to 'say \"hi\"'");
        assert_eq!(without_quoted("set a to \"批准\" now"), "set a to  now");
    }

    proptest! {
        #[test]
        fn nothing_panics_and_plain_text_stays_plain(text in any::<String>()) {
            let once = plain(&text);
            let unquoted = without_quoted(&once);
            prop_assert!(!unquoted.chars().any(|c| crate::escape::is_hazardous(c) && c != '\n'));
        }
    }
}
