//! How many tokens a text may be: an estimate that errs upwards, by script.
//! Used to keep within a model's window and a request's budget, and where a server does not count.
//! Must never be taken for the server's own count.

/// Twelfths of a token.
const WHOLE: u8 = 12;

/// Bytes that are counted at a stroke: what they count together fits sixteen bits.
const STROKE: usize = 1024;

/// What a byte counts, in twelfths. Without a table: prompts are long, and so many bytes are counted at once.
const fn part(byte: u8) -> u8 {
    let letter = (byte | 0x20).wrapping_sub(b'a') < 26 || byte == b' ' || byte == b'_';
    if byte < 0x80 {
        return if letter { WHOLE / 3 } else { WHOLE / 2 };
    }
    // The first byte of a character counts; what has four bytes is seldom one token.
    if byte >= 0xF0 {
        3 * WHOLE
    } else if byte >= 0xC0 {
        WHOLE
    } else {
        0
    }
}

/// Tokens that the text is at most, for the tokenizers in use.
///
/// English words run at about four characters a token: three are assumed. A Chinese character is about one;
/// signs and digits, of which JSON and hexadecimal are full, come two to a token.
pub(crate) fn estimate(text: &str) -> u64 {
    let stroke = |bytes: &[u8]| bytes.iter().map(|byte| u16::from(part(*byte))).sum::<u16>();
    let parts: u64 = text.as_bytes().chunks(STROKE).map(|bytes| u64::from(stroke(bytes))).sum();
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
