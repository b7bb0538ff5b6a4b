//! The screen: a pure look at the events of a YAML text before anything builds a value from it.
//! Run on every rendered file and on every file that a restore brings back.
//! Must never let through what two readers could take differently.

use granit_parser::{Event, Parser, ScalarStyle};

/// Longest file in bytes and deepest nesting (security.md §5.13).
pub(crate) const LONGEST: usize = 512 * 1024;
const DEEPEST: usize = 64;

/// Plain words that YAML 1.1 reads as truth values or nulls, 1.2 as text or differently spelt.
const AMBIGUOUS: [&str; 9] = ["y", "n", "yes", "no", "on", "off", "~", "null", "<<"];

/// Looks through the text.
///
/// # Errors
/// What stands there that may not, with its line.
pub(crate) fn screen(text: &str) -> Result<(), String> {
    if text.len() > LONGEST {
        return Err(format!("longer than {LONGEST} bytes"));
    }
    let (mut depth, mut documents) = (0_usize, 0_usize);
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| error.to_string())?;
        let refuse = |what: &str| Err(format!("{what} in line {}", span.start.line()));
        match event {
            Event::Alias(_) | Event::UnresolvedAlias(_) => return refuse("an alias"),
            Event::Anchor(..) => return refuse("an anchor"),
            Event::DocumentStart(_, version) => {
                documents += 1;
                if documents > 1 {
                    return refuse("a second document");
                }
                if version.is_some() {
                    return refuse("a directive");
                }
            }
            Event::Scalar(value, style, anchor, tag) => {
                if anchor != 0 {
                    return refuse("an anchor");
                }
                if tag.is_some() {
                    return refuse("a tag");
                }
                if style == ScalarStyle::Plain && is_ambiguous(&value) {
                    return refuse("a word that readers take differently");
                }
            }
            Event::SequenceStart(_, anchor, tag) | Event::MappingStart(_, anchor, tag) => {
                if anchor != 0 {
                    return refuse("an anchor");
                }
                if tag.is_some() {
                    return refuse("a tag");
                }
                depth += 1;
                if depth > DEEPEST {
                    return refuse("deeper nesting than 64");
                }
            }
            Event::SequenceEnd | Event::MappingEnd => depth = depth.saturating_sub(1),
            Event::StreamStart | Event::StreamEnd | Event::DocumentEnd | Event::Comment(..) => {}
            _ => return refuse("something unknown"),
        }
    }
    Ok(())
}

/// Plain scalars whose meaning differs between YAML 1.1 and 1.2: truth words, nulls, octal and other
/// prefixed numbers, fractions and exponents, digits with colons or underscores, merge keys.
fn is_ambiguous(word: &str) -> bool {
    if word.is_empty() || AMBIGUOUS.iter().any(|ambiguous| word.eq_ignore_ascii_case(ambiguous)) {
        return true;
    }
    if matches!(word.to_ascii_lowercase().as_str(), "true" | "false") {
        return !matches!(word, "true" | "false");
    }
    let unsigned = word.trim_start_matches(['-', '+']);
    let numeric = unsigned.starts_with(|c: char| c.is_ascii_digit())
        && unsigned.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | ':' | '+' | '-'));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if !numeric {
        return word.starts_with('.') && unsigned.len() > 1;
    }
    let plain_integer = digits(unsigned) && (unsigned == "0" || !unsigned.starts_with('0')) && !word.starts_with('+');
    // `64Mi` is text to every reader; `1e3`, `0x1f`, `1_000`, `12:30`, `1.5` and dates are not.
    let could_be_number =
        unsigned.chars().all(|c| c.is_ascii_hexdigit() || matches!(c, '.' | '_' | ':' | '+' | '-' | 'x' | 'o'));
    !plain_integer && could_be_number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_two_readers_could_take_differently_is_refused() {
        for bad in [
            "a: &x 1\n",
            "a: &x {b: c}\nd: *x\n",
            "a: !!str x\n",
            "a: !local x\n",
            "<<: {a: b}\n",
            "a: b\n---\nc: d\n",
            "%YAML 1.1\n---\na: b\n",
            "a: no\n",
            "a: On\n",
            "a: ~\n",
            "a:\n",
            "a: 0x1f\n",
            "a: 012\n",
            "a: 1e3\n",
            "a: 1.20\n",
            "a: 12:34:56\n",
            "a: 1_000\n",
            "a: .5\n",
            "a: 2001-01-01\n",
            "a: True\n",
            "a: *nowhere\n",
            "a: [\n",
        ] {
            assert!(screen(bad).is_err(), "{bad:?}");
        }
        let deep = format!("a: {}{}", "[".repeat(80), "]".repeat(80));
        assert!(screen(&deep).is_err());
        assert!(screen(&format!("a: \"{}\"", "x".repeat(LONGEST))).is_err());
    }

    #[test]
    fn what_every_reader_takes_alike_passes() {
        let text = "apiVersion: apps/v1\na: \"no\"\nb: 12\nc: true\nd: 64Mi\ne: 250m\nf: [\"<<\", 'x']\ng: {}\n# note\nh: -5\ni: \"*a\"\n";
        assert_eq!(screen(text), Ok(()));
        assert_eq!(screen("a: restricted-v2.example.com/x\n"), Ok(()));
    }
}
