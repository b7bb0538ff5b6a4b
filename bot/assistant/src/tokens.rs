//! How many tokens a text may be: an estimate that errs upwards, by script.
//! Used to keep within a model's window and a request's budget, and where a server does not count.
//! Must never be taken for the server's own count.

/// Twelfths of a token.
const WHOLE: u64 = 12;

/// Tokens that the text is at most, for the tokenizers in use.
///
/// English words run at about four characters a token: three are assumed. A Chinese character is about one;
/// signs and digits, of which JSON and hexadecimal are full, come two to a token.
pub(crate) fn estimate(text: &str) -> u64 {
    let mut parts: u64 = 0;
    for byte in text.bytes() {
        parts += match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b' ' | b'_' => WHOLE / 3,
            0x00..=0x7F => WHOLE / 2,
            // One for the first byte of a character; what has four bytes is seldom one token.
            0xC0..=0xEF => WHOLE,
            0xF0..=0xFF => 3 * WHOLE,
            0x80..=0xBF => 0,
        };
    }
    parts.div_ceil(WHOLE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_chinese_and_signs_are_estimated_upwards() {
        // 9 tokens in the tokenizers in use.
        assert!((9..=18).contains(&estimate("scale the cart service to three replicas")));
        assert_eq!(estimate("扩容到三个副本"), 7);
        assert!(estimate("{\"a\":1}") >= 4);
        assert_eq!(estimate(""), 0);
    }
}
