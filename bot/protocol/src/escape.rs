//! Escaping: text of outside origin made harmless and visible.
//! Used by everything in this crate that puts text on a screen.
//! Must never drop a character silently: what cannot be shown is shown by its number.

/// The text on one line, with every control, direction-changing and invisible character written as `\u{…}`.
/// Escaping twice changes nothing.
pub fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_hazardous(c) {
            out.push_str(&format!("\\u{{{:x}}}", u32::from(c)));
        } else {
            out.push(c);
        }
    }
    out
}

/// The lines of a text, each made visible; a tab becomes four spaces, a carriage return before a line break goes.
pub fn visible_lines(text: &str) -> Vec<String> {
    text.split('\n').map(|line| visible(&line.strip_suffix('\r').unwrap_or(line).replace('\t', "    "))).collect()
}

/// Whether a character moves the cursor, changes direction, joins or hides, instead of being seen.
/// Controls (Cc), line and paragraph separators, the bidirectional controls of UAX #9, and the characters that
/// Unicode 16 lists as Default_Ignorable_Code_Point, private tags included.
pub fn is_hazardous(c: char) -> bool {
    c.is_control()
        || matches!(u32::from(c),
            0x00AD | 0x034F | 0x061C | 0x115F | 0x1160 | 0x17B4 | 0x17B5 | 0x180B..=0x180F
            | 0x200B..=0x200F | 0x2028..=0x202E | 0x2060..=0x206F | 0x3164 | 0xFE00..=0xFE0F
            | 0xFEFF | 0xFFA0 | 0xFFF0..=0xFFFB | 0x1BCA0..=0x1BCA3 | 0x1D173..=0x1D17A
            | 0xE0000..=0xE0FFF)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_terminal_sequence_and_a_reversed_name_are_seen_for_what_they_are() {
        assert_eq!(visible("\u{1b}[2J\u{1b}]0;pwn\u{7}"), "\\u{1b}[2J\\u{1b}]0;pwn\\u{7}");
        assert_eq!(visible("a\u{202e}b\u{200b}c\u{9b}1m"), "a\\u{202e}b\\u{200b}c\\u{9b}1m");
        assert_eq!(visible("购物车 é 🚀"), "购物车 é 🚀");
        assert_eq!(visible_lines("a\tb\r\nc"), ["a    b", "c"]);
    }

    proptest! {
        #[test]
        fn nothing_hazardous_is_left(text in any::<String>()) {
            let shown = visible(&text);
            prop_assert!(!shown.chars().any(is_hazardous));
            prop_assert_eq!(visible(&shown), shown);
        }
    }
}
