//! How many tokens a text may be: an estimate that errs upwards, by script.
//! Used to keep within a model's window and a request's budget, and where a server does not count.
//! Must never be taken for the server's own count.

/// Twelfths of a token.
const WHOLE: u8 = 12;

/// What each byte counts, in twelfths.
const PARTS: [u8; 256] = {
    let mut parts = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        parts[byte] = match byte {
            0x41..=0x5A | 0x61..=0x7A | 0x20 | 0x5F => WHOLE / 3,
            0x00..=0x7F => WHOLE / 2,
            // The first byte of a character counts; what has four bytes is seldom one token.
            0xC0..=0xEF => WHOLE,
            0xF0..=0xFF => 3 * WHOLE,
            _ => 0,
        };
        byte += 1;
    }
    parts
};

/// Tokens that the text is at most, for the tokenizers in use.
///
/// English words run at about four characters a token: three are assumed. A Chinese character is about one;
/// signs and digits, of which JSON and hexadecimal are full, come two to a token.
pub(crate) fn estimate(text: &str) -> u64 {
    let parts: u64 = text.bytes().map(|byte| u64::from(PARTS[usize::from(byte)])).sum();
    parts.div_ceil(u64::from(WHOLE))
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
